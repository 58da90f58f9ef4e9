from __future__ import annotations

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
        (np.zeros((4, 5, 5), int), np.zeros(4, int), "int64: give uint8"),
        (np.full((4, 5, 5), 255.0), np.zeros(4, int), "from 255 to 255: give uint8"),
        (np.full((4, 5, 5), np.nan), np.zeros(4, int), "from nan to nan"),
        (np.zeros((4, 5, 5)), np.zeros(3, int), r"shape \(3,\).*\(4,\) whole numbers"),
        (np.zeros((4, 5, 5)), np.zeros(4), "float64"),
        (np.zeros((4, 5, 5)), np.zeros(4, int), "from 0 to 0: give 2 to 32 classes"),
        (np.zeros((4, 5, 5)), np.arange(4) - 1, "from -1 to 2"),
        (np.zeros((4, 5, 5)), np.array([0, 0, 32, 32]), "from 0 to 32"),
        (np.zeros((4, 5, 5)), np.array([0, 0, 2, 2]), "class 1 has only 0 of 4"),
    ],
)
def test_what_does_not_fit_is_rejected_with_the_numbers(
    tmp_path: Path, images: NDArray[Any], labels: NDArray[Any], words: str
) -> None:
    with pytest.raises(DatasetError, match=words):
        load_own(own(tmp_path, images, labels))


def test_a_file_without_pictures_is_rejected(tmp_path: Path) -> None:
    file = tmp_path / "other.npz"
    np.savez(file, weights=np.zeros(3))
    with pytest.raises(DatasetError, match=r"other\.npz gives nothing to learn from.*images"):
        load_own(file)
