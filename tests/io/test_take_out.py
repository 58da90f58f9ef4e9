"""Pictures and values as files and text hold what they held."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from convlab.io.take_out import MOST_COPIED, values_text, write_npy, write_png16
from tests.pictures import load_image

SIGNED = np.array([[-1.0, 0.0], [0.5, 3.0]], np.float32)


def test_values_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "values.npy"
    write_npy(SIGNED, path)
    assert np.array_equal(np.load(path), SIGNED)


def test_sixteen_bits_take_in_the_least_and_the_largest_value(tmp_path: Path) -> None:
    path = tmp_path / "values.png"
    assert write_png16(SIGNED, path) == (-1.0, 3.0)
    assert load_image(path).tolist() == [[0, 16384], [24576, 65535]]


def test_a_picture_keeps_its_black_and_white_and_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "values.png"
    planes = np.zeros((3, 2, 2), np.float32)
    planes[0, 0, 0], planes[2, 1, 1] = 0.5, np.nan
    assert write_png16(planes, path) == (0.0, 1.0)
    assert load_image(path)[0, 0].tolist() == [32768, 0, 0]


def test_two_planes_are_no_picture(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 planes do not fit into a PNG: save them as npy"):
        write_png16(np.zeros((2, 3, 3), np.float32), tmp_path / "values.png")


def test_values_are_copied_as_a_spreadsheet_reads_them() -> None:
    read = np.loadtxt(io.StringIO(values_text(SIGNED)), delimiter="\t")
    assert np.array_equal(read, SIGNED)
    assert values_text(np.stack([SIGNED, SIGNED])).count("\n\n") == 1


def test_too_many_values_are_not_copied() -> None:
    with pytest.raises(ValueError, match="save them as npy"):
        values_text(np.zeros(MOST_COPIED + 1))
