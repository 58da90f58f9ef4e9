from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document.kernel import edits
from convlab.document.kernel.model import (
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    Weights,
    to_weights,
)
from convlab.engine import kernels
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding
from convlab.layers.editing import padding_in_pixels
from convlab.layers.parameters import with_value

ONE_TO_NINE: Weights = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
SIDES = st.integers(1, 31)


def with_kernel(*rows: tuple[float, ...]) -> KernelState:
    return KernelState(rows)


def in_color(space: ColorSpace = ColorSpace.RGB) -> KernelState:
    return KernelState(channels=Channels(space))


NUMBERED = KernelState(ONE_TO_NINE)
EDITS: list[
    tuple[Callable[[KernelState], KernelState], Callable[[KernelState], object], object]
] = [
    (
        lambda d: edits.set_cell(d, 1, 2, -0.5),
        lambda d: d.weights,
        ((1, 2, 3), (4, 5, -0.5), (7, 8, 9)),
    ),
    (
        lambda d: edits.set_kernel(d, np.array([[1, 2]])),
        lambda d: d.weights,
        ((1.0, 2.0),),
    ),
    (
        lambda d: edits.load_preset(d, "Sobel horizontal"),
        lambda d: d.weights,
        to_weights(kernels.preset("Sobel horizontal")),
    ),
    (
        edits.rotate_kernel,
        lambda d: d.weights,
        ((3, 6, 9), (2, 5, 8), (1, 4, 7)),
    ),
    (
        edits.mirror_kernel,
        lambda d: d.weights,
        ((3, 2, 1), (6, 5, 4), (9, 8, 7)),
    ),
    (
        edits.transpose_kernel,
        lambda d: d.weights,
        ((1, 4, 7), (2, 5, 8), (3, 6, 9)),
    ),
    (
        edits.negate_kernel,
        lambda d: d.weights,
        ((-1, -2, -3), (-4, -5, -6), (-7, -8, -9)),
    ),
]


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_changes_what_it_says(
    edit: Callable[[KernelState], KernelState],
    read: Callable[[KernelState], object],
    expected: object,
) -> None:
    before = repr(NUMBERED)
    after = edit(NUMBERED)
    assert read(after) == expected
    assert after != NUMBERED
    assert repr(NUMBERED) == before, "the state itself must not change"


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_can_be_stored_and_compared(
    edit: Callable[[KernelState], KernelState],
    read: Callable[[KernelState], object],
    expected: object,
) -> None:
    after = edit(NUMBERED)
    assert hash(after) == hash(edit(NUMBERED))
    assert after == edit(NUMBERED)


PARAMETERS: list[tuple[Geometry | Channels | Display, str, object]] = [
    (Geometry(), "padding", "full"),
    (Geometry(), "padding", Padding(1, 2, 3, 4)),
    (Geometry(), "border", Border.REFLECT),
    (Geometry(), "value", -2.5),
    (Geometry(), "stride", 3),
    (Geometry(), "dilation", 2),
    (Geometry(), "flip", True),
    (Channels(), "space", ColorSpace.LAB),
    (Channels(), "combine", Combine.SUM),
    (Display(), "mode", DisplayMode.RAW),
    (Display(), "limit", 2.0),
]


@pytest.mark.parametrize(("part", "name", "value"), PARAMETERS)
def test_each_parameter_changes_alone(
    part: Geometry | Channels | Display, name: str, value: object
) -> None:
    changed = with_value(part, name, value)
    assert changed == replace(part, **{name: value})  # type: ignore[arg-type]


def test_a_choice_by_its_name_is_stored_as_the_member() -> None:
    assert with_value(Geometry(), "border", "reflect").border is Border.REFLECT


def test_the_range_follows_the_picture_again() -> None:
    assert with_value(Display(limit=2.0), "limit", None).limit is None


@pytest.mark.parametrize(
    ("part", "name", "value", "message"),
    [
        (Geometry(), "stride", 0, "stride 0 cannot be used: give a whole number of at least 1"),
        (Geometry(), "dilation", 65, "dilation 65 does not fit: give 1 to 64"),
        (Geometry(), "padding", Padding(0, 0, -1, 0), "none negative"),
        (Geometry(), "value", math.nan, "border value nan does not fit"),
        (Geometry(), "value", math.inf, "border value inf does not fit: give -1000 to 1000"),
        (Geometry(), "border", "wood", "border 'wood' is unknown: choose one of zeros, "),
        (Geometry(), "gap", 1, "no parameter 'gap': choose one of padding, stride"),
        (Display(), "limit", 0.0, "range 0 does not fit: give 0.01 to 100000"),
        (Display(), "limit", -1.0, "range -1 does not fit"),
        (Display(), "limit", math.nan, "range nan does not fit"),
        (Display(), "limit", 1e39, "range 1e.39 does not fit"),
    ],
)
def test_a_value_that_does_not_fit_is_rejected(
    part: Geometry | Channels | Display, name: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        with_value(part, name, value)


def test_a_cell_is_stored_as_the_float32_that_is_computed_with() -> None:
    state = edits.set_cell(NUMBERED, 0, 0, 1 / 9)
    assert state.weights[0][0] == float(np.float32(1 / 9))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3.5e38, -1e300])
def test_a_cell_rejects_what_a_float32_cannot_hold(value: float) -> None:
    with pytest.raises(ValueError, match=r"does not fit in a float32: choose a finite number\."):
        edits.set_cell(NUMBERED, 0, 0, value)


@pytest.mark.parametrize(
    ("shape", "numbers"), [((32, 3), "32×3"), ((3, 32), "3×32"), ((0, 3), "0×3"), ((3,), "3")]
)
def test_a_kernel_of_another_size_is_rejected(shape: tuple[int, ...], numbers: str) -> None:
    with pytest.raises(ValueError, match=rf"of {numbers} cells does not fit: 1 to 31 a side\."):
        edits.set_kernel(NUMBERED, np.zeros(shape))


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300])
def test_a_kernel_with_an_infinite_cell_is_rejected(value: float) -> None:
    with pytest.raises(ValueError, match=r"must be finite numbers: change the infinite one\."):
        edits.set_kernel(NUMBERED, np.array([[1.0, value]]))


def test_the_largest_kernel_is_accepted() -> None:
    state = edits.set_kernel(NUMBERED, np.ones((31, 31)))
    assert (state.rows, state.columns) == (31, 31)


def test_the_kernel_does_not_share_the_callers_array() -> None:
    weights = np.ones((2, 2), np.float32)
    state = edits.set_kernel(NUMBERED, weights)
    weights[:] = 7
    state.array()[:] = 8
    assert state.weights == ((1, 1), (1, 1))


def test_an_unknown_preset_is_rejected() -> None:
    with pytest.raises(ValueError, match="No such kernel"):
        edits.load_preset(NUMBERED, "No such kernel")


def test_negating_gives_no_negative_zero() -> None:
    state = edits.negate_kernel(with_kernel((0.0, 1.0)))
    assert math.copysign(1.0, state.weights[0][0]) == 1.0


@pytest.mark.parametrize(
    ("edit", "times"),
    [
        (edits.rotate_kernel, 4),
        (edits.mirror_kernel, 2),
        (edits.transpose_kernel, 2),
        (edits.negate_kernel, 2),
    ],
)
def test_turning_round_comes_back(edit: Callable[[KernelState], KernelState], times: int) -> None:
    state = start = with_kernel((1, 2, 3), (4, 5, 6))
    for _ in range(times):
        state = edit(state)
    assert state == start


# ---- size ----


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (1, (2,)),
        (2, (2, 3)),
        (4, (1, 2, 3, 0)),
        (5, (0, 1, 2, 3, 0)),
        (6, (0, 1, 2, 3, 0, 0)),
    ],
)
def test_an_odd_row_keeps_its_middle(columns: int, expected: tuple[float, ...]) -> None:
    state = edits.resize_kernel(with_kernel((1, 2, 3)), 1, columns)
    assert state.weights == (expected,)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (1, (2,)),
        (2, (2, 3)),
        (3, (1, 2, 3)),
        (5, (0, 1, 2, 3, 4)),
        (6, (0, 1, 2, 3, 4, 0)),
    ],
)
def test_an_even_row_keeps_the_cell_before_its_middle(
    columns: int, expected: tuple[float, ...]
) -> None:
    state = edits.resize_kernel(with_kernel((1, 2, 3, 4)), 1, columns)
    assert state.weights == (expected,)


@given(old=st.tuples(SIDES, SIDES), new=st.tuples(SIDES, SIDES))
def test_resizing_keeps_every_cell_at_its_place_beside_the_anchor(
    old: tuple[int, int], new: tuple[int, int]
) -> None:
    weights = 1 + np.arange(old[0] * old[1], dtype=np.float32).reshape(old)

    resized = edits.resize_kernel(KernelState(to_weights(weights)), *new).array()

    assert resized.shape == new
    for row in range(new[0]):
        for column in range(new[1]):
            at = (
                row - (new[0] - 1) // 2 + (old[0] - 1) // 2,
                column - (new[1] - 1) // 2 + (old[1] - 1) // 2,
            )
            inside = 0 <= at[0] < old[0] and 0 <= at[1] < old[1]
            assert resized[row, column] == (weights[at] if inside else 0.0)


@given(old=SIDES, larger=SIDES)
def test_growing_and_shrinking_again_loses_nothing(old: int, larger: int) -> None:
    start = KernelState(to_weights(1 + np.arange(old * 2).reshape(old, 2)))
    grown = edits.resize_kernel(start, max(old, larger), 2)
    assert edits.resize_kernel(grown, old, 2) == start


def test_a_size_beyond_the_limits_is_kept_inside() -> None:
    assert edits.resize_kernel(NUMBERED, 99, 0).array().shape == (31, 1)


# ---- channels ----


def test_muting_twice_brings_a_channel_back() -> None:
    muted = edits.toggle_mute(in_color(), 1)
    assert muted.channels.active() == (0, 2)
    assert edits.toggle_mute(muted, 1) == in_color()


@pytest.mark.parametrize("space", list(ColorSpace))
def test_the_last_channel_cannot_be_muted(space: ColorSpace) -> None:
    last = len(space.channels) - 1
    state = in_color(space)
    for channel in range(last):
        state = edits.toggle_mute(state, channel)
    with pytest.raises(ValueError, match=r"One channel must stay: unmute another one first\."):
        edits.toggle_mute(state, last)
    assert state.channels.active() == (last,)


def test_solo_leaves_one_channel_and_a_second_time_all() -> None:
    alone = edits.solo(edits.toggle_mute(in_color(), 0), 0)
    assert alone.channels.active() == (0,)
    assert edits.solo(alone, 0).channels.active() == (0, 1, 2)
    assert edits.solo(alone, 2).channels.active() == (2,)


def test_another_colour_space_starts_with_all_channels_and_keeps_the_rest() -> None:
    before = Channels(ColorSpace.RGB, frozenset({0}), Combine.SUM)
    assert with_value(before, "space", "hsv") == Channels(ColorSpace.HSV, combine=Combine.SUM)
    assert with_value(before, "combine", "each").muted == {0}


# ---- padding ----


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        ("valid", (0, 0, 0, 0)),
        ("same", (2, 2, 3, 3)),
        ("full", (4, 4, 6, 6)),
        (Padding(1, 2, 3, 4), (1, 2, 3, 4)),
    ],
)
def test_padding_in_pixels_of_a_3_by_4_kernel_with_gaps(
    padding: str | Padding, expected: tuple[int, ...]
) -> None:
    state = KernelState(to_weights(np.ones((3, 4))), Geometry(padding, dilation=2))
    assert padding_in_pixels(state.layer()) == expected
