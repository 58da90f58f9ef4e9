from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine.window import (
    Layer,
    TransposedWindow,
    Window,
    check_unit,
    sizes,
    upsampling,
    windows,
)
from tests.engine import stacks


@given(layer=stacks.windows() | stacks.transposed_windows(), size=st.integers(1, 30))
def test_taps_are_the_meetings_of_plain_loops(layer: Layer, size: int) -> None:
    try:
        outputs = layer.output_size(size)
    except ValueError:
        return
    expected, counted = stacks.meetings(layer, size)
    assert outputs == counted
    found: stacks.Meetings = []
    for met, fed in layer.taps(size):
        inside = list(range(size)[met]), list(range(outputs)[fed])
        found += zip(*inside, strict=True)
    assert sorted(found) == sorted(expected)


@given(layer=stacks.windows() | stacks.transposed_windows(), size=st.integers(1, 30))
def test_inputs_of_units_are_the_meetings_of_plain_loops(layer: Layer, size: int) -> None:
    try:
        outputs = layer.output_size(size)
    except ValueError:
        return
    expected, _ = stacks.meetings(layer, size)
    for unit in range(outputs):
        inputs = layer.inputs(np.array([unit]))
        inside = inputs[(inputs >= 0) & (inputs < size)]
        assert inside.tolist() == sorted(i for i, o in expected if o == unit)


def test_padding_has_indices_outside() -> None:
    assert Window(3, 2, 1, 1).inputs(np.array([0, 1])).tolist() == [-1, 0, 1, 2, 3]
    assert TransposedWindow(3, 2).inputs(np.array([0, 1])).tolist() == [-1, 0]


def test_a_stride_longer_than_a_transposed_kernel_leaves_units_empty() -> None:
    layer = TransposedWindow(1, 3)
    assert [layer.inputs(np.array([unit])).tolist() for unit in range(4)] == [[0], [], [], [1]]


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("smooth", [False, True])
def test_upsampling_reads_the_pixels_that_its_weights_are_not_zero_for(
    factor: int, smooth: bool
) -> None:
    size, layer = 6, upsampling(factor, smooth)
    found, outputs = stacks.meetings(layer, size)
    assert outputs == layer.output_size(size) == factor * size
    for unit in range(outputs):
        place = (unit + 0.5) / factor - 0.5  # both pictures cover the same area
        reach = 1 if smooth else 0.5
        expected = [pixel for pixel in range(size) if abs(pixel - place) < reach - 1e-9]
        assert sorted(i for i, o in found if o == unit) == expected


def test_windows_of_a_kernel() -> None:
    assert windows((3, 4), 2, "same", (1, 3)) == (Window(3, 2, 1, 1, 1), Window(4, 2, 4, 5, 3))
    assert windows((3, 4)) == (Window(3), Window(4))
    with pytest.raises(ValueError, match="stride 0"):
        windows((3, 3), 0)


def test_sizes_of_a_stack() -> None:
    stack = [Window(5), Window(2, 2), Window(5), Window(2, 2)]
    assert sizes(stack, 32) == [32, 28, 14, 10, 5]  # LeNet-5
    assert sizes([], 7) == [7]


def test_the_layer_that_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"layer 2: a kernel of 5 does not fit .* 3 px"):
        sizes([Window(3), Window(5)], 5)
    with pytest.raises(ValueError, match="layer 1: output padding 2"):
        sizes([TransposedWindow(3, 2, output_padding=2)], 5)
    with pytest.raises(ValueError, match="size 0"):
        sizes([], 0)


REJECTED: list[tuple[Any, str]] = [
    ({"kernel": 0}, "kernel 0 .* at least 1"),
    ({"kernel": 3, "stride": 0}, "stride 0"),
    ({"kernel": 3, "stride": 1.5}, "stride 1.5"),
    ({"kernel": 3, "dilation": True}, "dilation True"),
    ({"kernel": 3, "before": -1}, "before -1 .* at least 0"),
    ({"kernel": 3, "after": "same"}, "after 'same'"),
]


@pytest.mark.parametrize("kind", [Window, TransposedWindow])
@pytest.mark.parametrize(("numbers", "message"), REJECTED)
def test_numbers_that_make_no_window(kind: Any, numbers: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kind(**numbers)


def test_other_rejections() -> None:
    with pytest.raises(ValueError, match="output padding -1"):
        TransposedWindow(3, output_padding=-1)
    for smooth in (False, True):
        with pytest.raises(ValueError, match=r"0\.5 .* whole number"):
            upsampling(0.5, smooth)  # type: ignore[arg-type]
    for unit in (-1, 4):
        with pytest.raises(ValueError, match=rf"unit {unit} does not exist: .* 0 to 3"):
            check_unit(unit, 4)
