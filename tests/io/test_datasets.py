from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convlab.io import bounds
from convlab.io.archive import Archive, pack
from convlab.io.datasets import (
    DATASET_NAMES,
    DatasetError,
    load_dataset,
    load_digits,
    load_own,
)
from convlab.io.reading import Cancelled, followed
from convlab.learn.examples import Dataset
from tests.io.made import encoded
from tools import make_digits

IMAGES = np.arange(20 * 64).reshape(20, 8, 8) % 17
LABELS = np.arange(20) % 10


def test_the_digits_that_come_with_the_program() -> None:
    digits = load_digits()
    assert digits.classes == 10
    assert len(digits.training) + len(digits.test) == 1797
    assert digits.training.images.shape == (len(digits.training), 1, 8, 8)
    assert digits.training.images.dtype == np.float32
    assert (digits.training.images.min(), digits.training.images.max()) == (0, 1)
    for part, least in ((digits.training, 130), (digits.test, 34)):
        assert np.bincount(part.labels, minlength=10).min() >= least
        assert not part.images.flags.writeable
    seen = {image.tobytes() for image in digits.training.images}
    assert not any(image.tobytes() in seen for image in digits.test.images)


def test_the_tool_packs_what_is_read_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    file = tmp_path / "digits.npz"
    file.write_bytes(make_digits.packed(IMAGES, LABELS))
    digits = load_digits(file)
    chosen = make_digits.choose_test(LABELS)
    np.testing.assert_array_equal(digits.test.images[:, 0], IMAGES[chosen] / 16)
    np.testing.assert_array_equal(digits.training.labels, LABELS[~chosen])
    assert file.read_bytes() == make_digits.packed(IMAGES, LABELS)


def changed(name: str, array: NDArray[Any]) -> bytes:
    data = make_digits.packed(IMAGES, LABELS)
    archive = Archive(data, 3)
    files = {entry: archive.read(entry, len(data)) for entry in archive.names}
    if array.dtype == object:
        files[f"{name}.npy"] = b"\x93NUMPY\x01\x00" + b"F\x00{'descr': '|O', 'shape': (1,)}\n"
    else:
        files |= make_digits._as_files({name: array})
    return pack(files)


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("images", np.zeros((20, 9, 8), np.uint8), r"shape \(20, 9, 8\) where \(N, 8, 8\)"),
        ("images", np.zeros((), np.uint8), r"shape \(\)"),
        ("images", np.zeros((20, 8, 8), np.float32), "float32 where uint8 belongs"),
        ("images", np.full((20, 8, 8), 17, np.uint8), "up to 17 where 16 is the most"),
        ("images", np.array([None]), "images in it is damaged"),
        ("labels", np.zeros(19, np.uint8), r"shape \(19,\) where \(20,\)"),
        ("labels", np.full(20, 10, np.uint8), "up to 10 where 9 is the most"),
        ("is_held_out", np.zeros(20, np.uint8), "all in the test set, or none"),
    ],
)
def test_other_data_are_rejected_with_the_numbers(
    tmp_path: Path, name: str, array: NDArray[Any], words: str
) -> None:
    file = tmp_path / "data.npz"
    file.write_bytes(changed(name, array))
    with pytest.raises(DatasetError, match=words):
        load_digits(file)


def test_other_files_are_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="it is not there"):
        load_digits(tmp_path / "missing.npz")
    file = tmp_path / "data.npz"
    file.write_bytes(b"no zip file")
    with pytest.raises(DatasetError, match="no zip file"):
        load_digits(file)
    file.write_bytes(pack({"images.npy": b""}))
    with pytest.raises(DatasetError, match="images in it is damaged"):
        load_digits(file)
    monkeypatch.setattr(bounds, "LARGEST_DIGITS_FILE", 4)
    with pytest.raises(DatasetError, match="larger than"):
        load_digits(file)


# ---- the others ----


def test_each_data_set_that_comes_with_the_program_has_its_names() -> None:
    for name in DATASET_NAMES:
        data = load_dataset(name)
        assert len(data.names) == data.classes
        for part in (data.training, data.test):
            assert part.images.shape[1:] == data.shape
            assert set(part.labels) == set(range(data.classes))
        seen = {image.tobytes() for image in data.training.images}
        assert not any(image.tobytes() in seen for image in data.test.images)
    with pytest.raises(DatasetError, match="no data called 'faces': choose one of digits, shapes"):
        load_dataset("faces")


def own(folder: Path, images: NDArray[Any], labels: NDArray[Any]) -> Path:
    file = folder / "own.npz"
    np.savez(file, images=images, labels=labels)
    return file


def test_pictures_of_ones_own_are_split_and_scaled(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 3, 6, 5), np.uint8)
    data = load_own(own(tmp_path, pixels, np.arange(20) % 2))
    assert (data.classes, data.names, data.shape) == (2, ("0", "1"), (3, 6, 5))
    assert (len(data.training), len(data.test)) == (16, 4)
    both = np.concatenate([data.training.images, data.test.images])
    assert np.sort(both.sum(axis=(1, 2, 3))) == pytest.approx(
        np.sort(pixels.sum(axis=(1, 2, 3)) / 255), rel=1e-5
    )
    again = load_own(tmp_path / "own.npz")
    assert again.test.images.tobytes() == data.test.images.tobytes()


def test_grey_pictures_of_ones_own_may_be_float(tmp_path: Path) -> None:
    images = np.linspace(0, 1, 10 * 16).reshape(10, 4, 4)
    data = load_own(own(tmp_path, images, np.arange(10, dtype=np.uint8) % 2))
    assert data.shape == (1, 4, 4)
    assert data.training.images.dtype == np.float32


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((4, 5)), np.zeros(4, int), r"shape \(4, 5\): give \(N, H, W\)"),
        (np.zeros((4, 2, 5, 5)), np.zeros(4, int), r"\(4, 2, 5, 5\).*C of 1 or 3"),
        (np.zeros((4, 65, 5)), np.zeros(4, int), r"\(4, 65, 5\).*up to 64"),
        (np.full((4, 5, 5), -3.0), np.arange(4) % 2, "from -3 to -3: give uint8, or float"),
        (np.full((4, 5, 5), np.nan), np.arange(4) % 2, "from nan to nan"),
        (np.full((4, 5, 5), 1e300), np.arange(4) % 2, r"from 1e\+300 to 1e\+300"),
        (np.full((4, 5, 5), np.inf), np.arange(4) % 2, "from inf to inf"),
        (np.zeros((4, 5, 5)), np.zeros(3, int), r"shape \(3,\).*\(4,\) whole numbers"),
        (np.zeros((4, 5, 5)), np.full(4, 0.5), "float64"),
        (np.zeros((4, 5, 5)), np.full(4, 1e300), "float64"),
        (np.zeros((4, 5, 5)), np.full(4, np.nan), "float64"),
        (np.zeros((4, 5, 5)), np.full((4, 3), 0.5), r"shape \(4, 3\).*one-hot"),
        (np.zeros((4, 5, 5)), np.zeros(4, int), "labels go from 0 to 0: give 2 to 32 classes"),
        (np.zeros((66, 5, 5)), np.arange(66) % 33, "33 labels go from 0 to 32: give 2 to 32"),
        (np.zeros((4, 5, 5)), np.arange(4) - 1, "class -1 has only 1 of 4.*at least 2"),
        (np.zeros((4, 5, 5)), np.array(list("aabc")), "class b has only 1 of 4"),
        (np.zeros((0, 5, 5)), np.zeros(0, int), r"shape \(0, 5, 5\)"),
    ],
)
def test_what_does_not_fit_is_rejected_with_the_numbers(
    tmp_path: Path, images: NDArray[Any], labels: NDArray[Any], words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        load_own(own(tmp_path, images, labels))


def test_a_file_without_pictures_names_what_is_there_and_what_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "other.npz"
    np.savez(file, weights=np.zeros(3), bias=np.zeros((2, 2)))
    with pytest.raises(DatasetError, match=r"other\.npz gives nothing to learn from") as caught:
        load_own(file)
    wanted = "its arrays are weights (3,), bias (2, 2): call the pictures x_train"
    assert wanted in str(caught.value)
    np.savez(file)
    with pytest.raises(DatasetError, match="it holds no arrays: call the pictures x_train"):
        load_own(file)
    np.savez(file, images=np.array([None]), labels=np.zeros(1))
    with pytest.raises(DatasetError, match="images in it holds object where numbers belong"):
        load_own(file)


# ---- as people have them ----

COUNT, SIDE = 12, 6
PIXELS = np.random.default_rng(0).integers(0, 256, (COUNT, SIDE, SIDE), np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (COUNT, 3, SIDE, SIDE), np.uint8)
CLASSES = np.arange(COUNT) % 3


def whole(data: Dataset) -> NDArray[Any]:
    """All pictures in the order of their first pixels, for the split changes that."""
    both = np.concatenate([data.training.images, data.test.images])
    return both[np.lexsort(both.reshape(len(both), -1).T)]


def in_order(images: NDArray[Any]) -> NDArray[Any]:
    scaled = np.asarray(images, np.float32)
    return scaled[np.lexsort(scaled.reshape(len(scaled), -1).T)]


GREY = PIXELS[:, np.newaxis] / 255


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (PIXELS, GREY),
        (PIXELS[:, np.newaxis], GREY),
        (PIXELS[..., np.newaxis], GREY),
        (PIXELS.reshape(COUNT, -1), GREY),
        (PIXELS.astype(np.float64), GREY),
        (PIXELS.astype(np.int64), GREY),
        (PIXELS / 255, GREY),
        (PIXELS / 127.5 - 1, GREY),
        (PIXELS.astype(np.uint16) * 257, GREY),
        (PIXELS > 127, PIXELS[:, np.newaxis] > 127),
        ((PIXELS > 127).astype(np.uint8), PIXELS[:, np.newaxis] > 127),
        (PIXELS // 16 * 16 / 240 * 16, GREY // (16 / 255) / 15),
        (COLOUR, COLOUR / 255),
        (COLOUR.transpose(0, 2, 3, 1), COLOUR / 255),
        (COLOUR.reshape(COUNT, -1), COLOUR / 255),
        (np.insert(COLOUR, 3, 255, axis=1).transpose(0, 2, 3, 1), COLOUR / 255),
        (np.asfortranarray(COLOUR), COLOUR / 255),
        (PIXELS.astype(">u2") * 257, GREY),
    ],
)
def test_every_layout_and_scale_gives_the_same_pictures(
    tmp_path: Path, images: NDArray[Any], expected: NDArray[Any]
) -> None:
    data = load_own(own(tmp_path, images, CLASSES))
    np.testing.assert_allclose(whole(data), in_order(expected), atol=2e-6)
    assert data.training.images.flags.c_contiguous


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (CLASSES, ("0", "1", "2")),
        (CLASSES + 1, ("1", "2", "3")),
        (CLASSES.astype(np.float32), ("0", "1", "2")),
        (CLASSES[:, np.newaxis], ("0", "1", "2")),
        (np.eye(3)[CLASSES], ("0", "1", "2")),
        (np.eye(3, dtype=bool)[CLASSES], ("0", "1", "2")),
        (np.array(["cat", "dog", "owl"])[CLASSES], ("cat", "dog", "owl")),
        (np.array([b"cat", b"dog", b"owl"])[CLASSES], ("cat", "dog", "owl")),
        (CLASSES * 10 - 10, ("-10", "0", "10")),
    ],
)
def test_labels_of_every_kind(tmp_path: Path, labels: NDArray[Any], names: tuple[str, ...]) -> None:
    images = np.zeros((COUNT, SIDE, SIDE), np.uint8)
    images[:, 0, 0] = CLASSES + 1  # each picture says which class it is of
    data = load_own(own(tmp_path, images, labels))
    assert (data.names, data.classes) == (names, 3)
    for part in (data.training, data.test):
        seen = np.rint(part.images[:, 0, 0, 0] / whole(data).max() * 3).astype(int) - 1
        assert seen.tolist() == part.labels.tolist()


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_test", "y_test"),  # Keras
        ("X_train", "Y_train", "X_val", "Y_val"),
        ("train_images", "train_labels", "test_images", "test_labels"),  # MedMNIST
        ("trainX", "trainY", "testX", "testY"),
        ("images_train", "targets_train", "images_valid", "targets_valid"),
        ("training/data", "training/target", "test/data", "test/target"),
    ],
)
def test_the_usual_names_with_a_test_set_of_their_own(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """Case 34: the commonest data file, Keras' mnist.npz, has these names."""
    test = PIXELS[:3] // 2 + 7
    arrays: dict[str, Any] = dict(zip(names, (PIXELS, CLASSES, test, CLASSES[:3]), strict=True))
    np.savez(tmp_path / "mnist.npz", **arrays)
    data = load_own(tmp_path / "mnist.npz")
    np.testing.assert_allclose(data.training.images, GREY, atol=1e-6)
    np.testing.assert_allclose(data.test.images[:, 0], test / 255, atol=1e-6)
    assert data.training.labels.tolist() == CLASSES.tolist()
    assert data.test.labels.tolist() == [0, 1, 2]
    assert data.note == ""


@pytest.mark.parametrize(
    "names", [("X", "y"), ("data", "target"), ("images", "labels"), ("a", "b")]
)
def test_the_usual_names_without_one(tmp_path: Path, names: tuple[str, str]) -> None:
    """Also others, where only one array of pictures and one of labels are there."""
    more: dict[str, Any] = {
        "target_names": np.array(["zero", "one", "two"]),
        "version": np.array(3),
    }
    np.savez(tmp_path / "d.npz", **{names[0]: PIXELS, names[1]: CLASSES} | more)
    data = load_own(tmp_path / "d.npz")
    assert len(data.training) + len(data.test) == COUNT
    assert data.names == (("zero", "one", "two") if names[0] != "a" else ("0", "1", "2"))


def test_arrays_in_files_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", PIXELS)
    np.save(tmp_path / "y.npy", CLASSES)
    for chosen in (tmp_path / "X.npy", tmp_path):
        np.testing.assert_allclose(whole(load_own(chosen)), in_order(GREY), atol=1e-6)


def idx(array: NDArray[Any]) -> bytes:
    """Write an array as MNIST's own files are."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes((0, 0, 8, array.ndim)) + sizes + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_files_of_mnist(tmp_path: Path, is_packed: bool) -> None:
    ending = ".gz" if is_packed else ""
    pack_file = gzip.compress if is_packed else bytes
    for part, images in (("train", PIXELS), ("t10k", PIXELS[::-1])):
        (tmp_path / f"{part}-images-idx3-ubyte{ending}").write_bytes(pack_file(idx(images)))
        labels = pack_file(idx(CLASSES if part == "train" else CLASSES[::-1]))
        (tmp_path / f"{part}-labels-idx1-ubyte{ending}").write_bytes(labels)
    for name in (f"train-images-idx3-ubyte{ending}", f"train-labels-idx1-ubyte{ending}", ""):
        data = load_own(tmp_path / name)
        np.testing.assert_allclose(data.training.images, GREY, atol=1e-6)
        np.testing.assert_allclose(data.test.images, GREY[::-1], atol=1e-6)
        assert data.test.labels.tolist() == CLASSES[::-1].tolist()
    (tmp_path / f"train-labels-idx1-ubyte{ending}").unlink()
    with pytest.raises(DatasetError, match="holds only images: put the file with the labels"):
        load_own(tmp_path / f"train-images-idx3-ubyte{ending}")
    damaged = tmp_path / f"train-images-idx3-ubyte{ending}"
    damaged.write_bytes(pack_file(idx(PIXELS)[:-3]))
    with pytest.raises(DatasetError, match="it is cut off"):
        load_own(damaged)
    damaged.write_bytes(pack_file(idx(PIXELS)[:4] + b"\xff" * 12))
    with pytest.raises(DatasetError, match="it would unpack to"):
        load_own(damaged)


@pytest.mark.parametrize("place", ["heading", "first", "last"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_a_table_of_pixels(tmp_path: Path, place: str, separator: str) -> None:
    rows = PIXELS.reshape(COUNT, -1).astype(int)
    rows[:, [0, -1]] = 0  # as the corners of most digits
    at = 0 if place == "first" else rows.shape[1] if place == "last" else 5
    table = np.insert(rows, at, CLASSES, axis=1)
    titles = ["label" if k == at else f"p{k}" for k in range(table.shape[1])]
    file = tmp_path / "mnist.csv"
    heading = separator.join(titles) if place == "heading" else ""
    np.savetxt(file, table, fmt="%d", delimiter=separator, header=heading, comments="")
    data = load_own(file)
    expected = rows.reshape(COUNT, 1, SIDE, SIDE) / 255
    np.testing.assert_allclose(whole(data), in_order(expected), atol=1e-6)
    assert data.names == ("0", "1", "2")


def write_picture(path: Path, pixels: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(path.suffix, pixels))


def test_a_folder_for_each_class(tmp_path: Path) -> None:
    for number, pixels in enumerate(PIXELS):
        write_picture(tmp_path / "all" / "abc"[number % 3] / f"{number}.png", pixels)
        part = "train" if number < 9 else "test"
        write_picture(tmp_path / "split" / part / "abc"[number % 3] / f"{number}.png", pixels)
    (tmp_path / "all" / ".cache").mkdir()
    data = load_own(tmp_path / "all")
    assert data.names == ("a", "b", "c")
    np.testing.assert_allclose(whole(data), in_order(GREY), atol=1e-6)
    data = load_own(tmp_path / "split")
    assert (len(data.training), len(data.test)) == (9, 3)
    assert data.test.labels.tolist() == [0, 1, 2]
    np.testing.assert_allclose(data.test.images, GREY[9:], atol=1e-6)
    with pytest.raises(DatasetError, match="no folders in it hold pictures: put the pictures of"):
        load_own(tmp_path / "all" / "a")
    (tmp_path / "all" / "b" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DatasetError, match=r"because in it broken\.png is"):
        load_own(tmp_path / "all")


def test_pictures_of_different_sizes_become_squares(tmp_path: Path) -> None:
    for number, side in enumerate((40, 100, 33, 200)):
        pixels = np.full((side, 2 * side, 3), 40 * number, np.uint8)
        write_picture(tmp_path / "ab"[number % 2] / f"{number}.png", pixels)
    data = load_own(tmp_path)
    assert data.shape == (3, 32, 32)
    assert data.note == "Its pictures were cut to squares and scaled to 32 × 32."
    means = sorted(float(each.mean() * 255) for each in whole(data))
    assert means == pytest.approx([0, 40, 80, 120], abs=0.01)


@pytest.mark.parametrize("rows", [("file,label", "{}.png,{}"), ("", "{} {}"), ("class;id", "")])
def test_a_table_of_labels_beside_pictures(tmp_path: Path, rows: tuple[str, str]) -> None:
    heading, form = rows
    for number, pixels in enumerate(PIXELS):
        write_picture(tmp_path / "images" / f"p{number}.png", pixels)
    lines = [
        form.format(f"p{number}", "abc"[number % 3]) if form else f"{'abc'[number % 3]};p{number}"
        for number in range(COUNT)
    ]
    file = tmp_path / "labels.csv"
    file.write_text("\n".join([heading, *lines] if heading else lines))
    for chosen in (file, tmp_path):
        data = load_own(chosen)
        assert data.names == ("a", "b", "c")
        np.testing.assert_allclose(whole(data), in_order(GREY), atol=1e-6)
    (tmp_path / "images" / "p3.png").unlink()
    with pytest.raises(DatasetError, match=r"names 'p3.*', which is no picture beside it"):
        load_own(file)


def test_a_table_names_nothing_outside_its_folder(tmp_path: Path) -> None:
    write_picture(tmp_path / "secret.png", PIXELS[0])
    inner = tmp_path / "inner"
    inner.mkdir()
    for name in ("../secret.png", str(tmp_path / "secret.png")):
        (inner / "labels.csv").write_text(f"{name},a\n{name},b\n")
        with pytest.raises(DatasetError, match="names no pictures beside it"):
            load_own(inner / "labels.csv")


def test_of_too_many_pictures_some_are_taken_evenly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_DATASET_PICTURES", 9)
    data = load_own(own(tmp_path, PIXELS, CLASSES))
    assert len(data.training) + len(data.test) == 9
    assert data.note == "9 of its 12 pictures are taken."


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.npz", b"", "it is empty: choose another file"),
        ("cut.npz", b"PK\3\4", "it is no zip file, or damaged or cut off"),
        ("words.csv", b"one\ntwo\n", "it is no table of pixels, and names no pictures"),
        ("one.csv", b"1\n2\n3\n", "it is no table of pixels"),
        ("ragged.csv", b"label,a,b,c,d\n0,1,2,3,4\n1,2,3\n", "row 2 of it is not 5 numbers"),
        ("digits.mat", b"MATLAB", r"it is a \.mat file: save the arrays with np\.savez"),
        ("faces.zip", b"PK", r"it is a \.zip file: unpack it, and choose the folder"),
        ("data_batch_1", b"\x80\4pickle", "it holds none of the usual data: save the arrays"),
        ("labels.gz", gzip.compress(b"words"), "it is no IDX file"),
        ("labels.gz", b"\x1f\x8bwords", "it is damaged"),
        ("missing.npz", None, "it is not there"),
    ],
)
def test_what_is_no_data_set_is_said_in_one_message(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=words) as caught:
        load_own(tmp_path / name)
    assert str(caught.value).startswith(f"{name} gives nothing to learn from, because ")
    assert "\n" not in str(caught.value)


def test_reading_a_folder_can_be_followed_and_left(tmp_path: Path) -> None:
    for number, pixels in enumerate(PIXELS):
        write_picture(tmp_path / "ab"[number % 2] / f"{number}.png", pixels)
    told: list[float] = []
    with followed(lambda done, total: told.append(done / max(total, 1))):
        load_own(tmp_path)
    assert told == sorted(told)
    assert (told[0], round(told[-1], 2)) == (0, 0.96)

    def leave(done: int, total: int) -> None:
        if done > 5:
            raise Cancelled

    with followed(leave), pytest.raises(Cancelled):
        load_own(tmp_path)


@pytest.mark.parametrize("code", [0x110000, 0xFFFFFFFF, 0xD800, 0xDFFF])
@pytest.mark.parametrize("order", "<>")
def test_names_that_are_no_text_are_damage(tmp_path: Path, code: int, order: str) -> None:
    """NumPy makes strings of any numbers; written out, they are no UTF-8 that anybody reads."""
    names = np.array(["cat", "dog"] * 6, f"{order}U3")
    images = np.zeros((12, 8, 8), np.uint8)
    np.savez(tmp_path / "well.npz", images=images, labels=names)
    assert load_own(tmp_path / "well.npz").names == ("cat", "dog")
    names.view(f"{order}u4")[4] = code
    np.savez(tmp_path / "odd.npz", images=images, labels=names)
    with pytest.raises(DatasetError, match=r"labels in it is damaged|a text in it is damaged"):
        load_own(tmp_path / "odd.npz")
