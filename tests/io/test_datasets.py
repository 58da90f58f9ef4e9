from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convlab.io import datasets
from convlab.io.archive import Archive, pack
from convlab.io.datasets import DatasetError, load_digits
from tools import make_digits

IMAGES = np.arange(20 * 64).reshape(20, 8, 8) % 17
LABELS = np.arange(20) % 10


def test_the_digits_that_come_with_the_program() -> None:
    digits = load_digits()
    assert digits.classes == 10
    assert len(digits.training) + len(digits.held_out) == 1797
    assert digits.training.images.shape == (len(digits.training), 1, 8, 8)
    assert digits.training.images.dtype == np.float32
    assert (digits.training.images.min(), digits.training.images.max()) == (0, 1)
    for part, least in ((digits.training, 130), (digits.held_out, 34)):
        assert np.bincount(part.labels, minlength=10).min() >= least
        assert not part.images.flags.writeable
    seen = {image.tobytes() for image in digits.training.images}
    assert not any(image.tobytes() in seen for image in digits.held_out.images)


def test_the_tool_packs_what_is_read_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    file = tmp_path / "digits.npz"
    file.write_bytes(make_digits.packed(IMAGES, LABELS))
    digits = load_digits(file)
    chosen = make_digits.held_out(LABELS)
    np.testing.assert_array_equal(digits.held_out.images[:, 0], IMAGES[chosen] / 16)
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
        ("images", np.array([None]), "damaged or holds no numbers"),
        ("labels", np.zeros(19, np.uint8), r"shape \(19,\) where \(20,\)"),
        ("labels", np.full(20, 10, np.uint8), "up to 10 where 9 is the most"),
        ("is_held_out", np.zeros(20, np.uint8), "all held out, or none"),
    ],
)
def test_other_data_are_refused_with_the_numbers(
    tmp_path: Path, name: str, array: NDArray[Any], words: str
) -> None:
    file = tmp_path / "data.npz"
    file.write_bytes(changed(name, array))
    with pytest.raises(DatasetError, match=words):
        load_digits(file)


def test_other_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="it is not there"):
        load_digits(tmp_path / "missing.npz")
    file = tmp_path / "data.npz"
    file.write_bytes(b"no zip file")
    with pytest.raises(DatasetError, match="no zip file"):
        load_digits(file)
    file.write_bytes(pack({"images.npy": b""}))
    with pytest.raises(DatasetError, match="images in it is damaged"):
        load_digits(file)
    monkeypatch.setattr(datasets, "LARGEST_FILE", 4)
    with pytest.raises(DatasetError, match="larger than"):
        load_digits(file)
