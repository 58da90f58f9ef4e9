from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.shapes import Padding

ROW = np.array([[1, 2, 3, 4]], np.float32)
NUMPY_MODES = {
    Border.ZEROS: "constant",
    Border.REPLICATE: "edge",
    Border.REFLECT: "reflect",
    Border.CIRCULAR: "wrap",
}


@pytest.mark.parametrize(
    ("border", "expected"),
    [
        (Border.ZEROS, [0, 0, 1, 2, 3, 4, 0, 0]),
        (Border.CONSTANT, [7, 7, 1, 2, 3, 4, 7, 7]),
        (Border.REPLICATE, [1, 1, 1, 2, 3, 4, 4, 4]),
        (Border.REFLECT, [3, 2, 1, 2, 3, 4, 3, 2]),
        (Border.CIRCULAR, [3, 4, 1, 2, 3, 4, 1, 2]),
    ],
)
def test_a_row_continues_as_the_docstring_shows(border: Border, expected: list[float]) -> None:
    padded = pad(ROW, Padding(0, 0, 2, 2), border, 7.0)
    assert padded.tolist() == [expected]


@pytest.mark.parametrize("border", list(NUMPY_MODES))
@pytest.mark.parametrize("padding", [Padding(0, 0, 0, 0), Padding(1, 2, 3, 0), Padding(3, 0, 4, 4)])
def test_agrees_with_numpy(border: Border, padding: Padding) -> None:
    x = np.arange(2 * 4 * 5, dtype=np.float32).reshape(2, 4, 5)
    widths = ((0, 0), padding[:2], padding[2:])
    expected = np.pad(x, widths, mode=NUMPY_MODES[border])  # type: ignore[call-overload]
    padded = pad(x, padding, border)
    np.testing.assert_array_equal(padded, expected)
    assert padded.dtype == np.float32
    assert padded.flags.c_contiguous


@pytest.mark.parametrize("border", [Border.ZEROS, Border.CONSTANT, Border.REPLICATE])
def test_padding_may_be_wider_than_the_picture(border: Border) -> None:
    padded = pad(ROW, Padding(3, 0, 9, 9), border, 5.0)
    assert padded.shape == (4, 22)


def test_circular_may_repeat_the_picture_once() -> None:
    assert pad(ROW, Padding(0, 1, 4, 0), Border.CIRCULAR).tolist() == [[1, 2, 3, 4, 1, 2, 3, 4]] * 2


@pytest.mark.parametrize(
    ("border", "padding", "numbers"),
    [
        (Border.REFLECT, Padding(0, 0, 4, 0), "4 on a picture 4 px wide"),
        (Border.REFLECT, Padding(0, 1, 0, 0), "1 on a picture 1 px high"),
        (Border.CIRCULAR, Padding(0, 0, 0, 5), "5 on a picture 4 px wide"),
        (Border.CIRCULAR, Padding(2, 0, 0, 0), "2 on a picture 1 px high"),
    ],
)
def test_too_much_is_rejected_with_the_numbers(
    border: Border, padding: Padding, numbers: str
) -> None:
    with pytest.raises(ValueError, match=rf"{numbers}; choose replicate or less padding"):
        pad(ROW, padding, border)


def test_the_picture_is_not_changed_and_not_shared() -> None:
    x: FloatArray = ROW.copy()
    x.flags.writeable = False
    padded = pad(x, Padding(0, 0, 0, 0), Border.ZEROS)
    assert not np.shares_memory(padded, x)
