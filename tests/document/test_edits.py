from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.document import edits
from convlab.document.document import Combine, Display, Document, Kernel
from convlab.document.drawing import Drawing
from convlab.document.source import SourceKind, SourceSpec
from convlab.document.stack.model import InputSpace, StackInput, StackState
from convlab.engine import kernels
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding
from convlab.layers import Flatten, Linear, Softmax

ONE_TO_NINE = Kernel(((1, 2, 3), (4, 5, 6), (7, 8, 9)))
SIDES = st.integers(1, 31)


def with_kernel(*rows: tuple[float, ...]) -> Document:
    return Document(kernel=Kernel(rows))


def in_color(space: ColorSpace = ColorSpace.RGB) -> Document:
    return edits.set_color_space(Document(), space)


NUMBERED = Document(kernel=ONE_TO_NINE)
EDITS: list[tuple[Callable[[Document], Document], Callable[[Document], object], object]] = [
    (
        lambda d: edits.set_source(d, SourceSpec(SourceKind.PICTURE, "a.png")),
        lambda d: d.source,
        SourceSpec(SourceKind.PICTURE, "a.png"),
    ),
    (lambda d: edits.set_pattern_angle(d, 70.0), lambda d: d.pattern.angle, 70.0),
    (lambda d: edits.set_pattern_angle(d, -30.0), lambda d: d.pattern.angle, 330.0),
    (lambda d: edits.move_pattern_object(d, (0.2, 0.9)), lambda d: d.pattern.position, (0.2, 0.9)),
    (lambda d: edits.move_pattern_object(d, (-1.0, 2.0)), lambda d: d.pattern.position, (0.0, 1.0)),
    (
        lambda d: edits.set_cell(d, 1, 2, -0.5),
        lambda d: d.kernel.weights,
        ((1, 2, 3), (4, 5, -0.5), (7, 8, 9)),
    ),
    (
        lambda d: edits.set_kernel(d, np.array([[1, 2]])),
        lambda d: d.kernel.weights,
        ((1.0, 2.0),),
    ),
    (
        lambda d: edits.load_preset(d, "Sobel horizontal"),
        lambda d: d.kernel,
        Kernel.of(kernels.preset("Sobel horizontal")),
    ),
    (
        edits.rotate_kernel,
        lambda d: d.kernel.weights,
        ((3, 6, 9), (2, 5, 8), (1, 4, 7)),
    ),
    (
        edits.mirror_kernel,
        lambda d: d.kernel.weights,
        ((3, 2, 1), (6, 5, 4), (9, 8, 7)),
    ),
    (
        edits.transpose_kernel,
        lambda d: d.kernel.weights,
        ((1, 4, 7), (2, 5, 8), (3, 6, 9)),
    ),
    (
        edits.negate_kernel,
        lambda d: d.kernel.weights,
        ((-1, -2, -3), (-4, -5, -6), (-7, -8, -9)),
    ),
    (lambda d: edits.set_padding(d, "full"), lambda d: d.geometry.padding, "full"),
    (
        lambda d: edits.set_padding(d, Padding(1, 2, 3, 4)),
        lambda d: d.geometry.padding,
        Padding(1, 2, 3, 4),
    ),
    (
        lambda d: edits.set_border(d, Border.REFLECT),
        lambda d: d.geometry.border,
        Border.REFLECT,
    ),
    (lambda d: edits.set_border_value(d, -2.5), lambda d: d.geometry.value, -2.5),
    (lambda d: edits.set_stride(d, 3), lambda d: d.geometry.stride, 3),
    (lambda d: edits.set_dilation(d, 2), lambda d: d.geometry.dilation, 2),
    (lambda d: edits.set_flip(d, True), lambda d: d.geometry.flip, True),
    (
        lambda d: edits.set_color_space(d, ColorSpace.LAB),
        lambda d: d.channels.space,
        ColorSpace.LAB,
    ),
    (
        lambda d: edits.set_combine(d, Combine.SUM),
        lambda d: d.channels.combine,
        Combine.SUM,
    ),
    (
        lambda d: edits.set_display_mode(d, DisplayMode.RAW),
        lambda d: d.display.mode,
        DisplayMode.RAW,
    ),
    (lambda d: edits.set_display_limit(d, 2.0), lambda d: d.display.limit, 2.0),
]


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_changes_what_it_says(
    edit: Callable[[Document], Document], read: Callable[[Document], object], expected: object
) -> None:
    before = repr(NUMBERED)
    after = edit(NUMBERED)
    assert read(after) == expected
    assert after != NUMBERED
    assert repr(NUMBERED) == before, "the document itself must not change"


@pytest.mark.parametrize(("edit", "read", "expected"), EDITS)
def test_each_edit_can_be_stored_and_compared(
    edit: Callable[[Document], Document], read: Callable[[Document], object], expected: object
) -> None:
    after = edit(NUMBERED)
    assert hash(after) == hash(edit(NUMBERED))
    assert after == edit(NUMBERED)


def test_an_edit_leaves_everything_else_as_it_was() -> None:
    document = edits.set_stride(edits.set_padding(edits.set_flip(NUMBERED, True), "valid"), 2)
    assert document.geometry.flip
    assert document.geometry.padding == "valid"
    assert document.kernel == NUMBERED.kernel
    assert document.display == NUMBERED.display


def test_a_cell_is_stored_as_the_float32_that_is_computed_with() -> None:
    document = edits.set_cell(NUMBERED, 0, 0, 1 / 9)
    assert document.kernel.weights[0][0] == float(np.float32(1 / 9))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3.5e38, -1e300])
def test_a_cell_refuses_what_a_float32_cannot_hold(value: float) -> None:
    with pytest.raises(ValueError, match=r"does not fit in a float32: choose a finite number\."):
        edits.set_cell(NUMBERED, 0, 0, value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1e300])
def test_a_border_value_refuses_what_a_float32_cannot_hold(value: float) -> None:
    with pytest.raises(ValueError, match=r"does not fit in a float32: choose a finite number\."):
        edits.set_border_value(NUMBERED, value)


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
    document = edits.set_kernel(NUMBERED, np.ones((31, 31)))
    assert (document.kernel.rows, document.kernel.columns) == (31, 31)


def test_the_kernel_does_not_share_the_callers_array() -> None:
    weights = np.ones((2, 2), np.float32)
    document = edits.set_kernel(NUMBERED, weights)
    weights[:] = 7
    document.kernel.array()[:] = 8
    assert document.kernel.weights == ((1, 1), (1, 1))


def test_an_unknown_preset_is_rejected() -> None:
    with pytest.raises(ValueError, match="No such kernel"):
        edits.load_preset(NUMBERED, "No such kernel")


def test_negating_gives_no_negative_zero() -> None:
    document = edits.negate_kernel(with_kernel((0.0, 1.0)))
    assert math.copysign(1.0, document.kernel.weights[0][0]) == 1.0


@pytest.mark.parametrize(
    ("edit", "times"),
    [
        (edits.rotate_kernel, 4),
        (edits.mirror_kernel, 2),
        (edits.transpose_kernel, 2),
        (edits.negate_kernel, 2),
    ],
)
def test_turning_round_comes_back(edit: Callable[[Document], Document], times: int) -> None:
    document = start = with_kernel((1, 2, 3), (4, 5, 6))
    for _ in range(times):
        document = edit(document)
    assert document == start


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
    document = edits.resize_kernel(with_kernel((1, 2, 3)), 1, columns)
    assert document.kernel.weights == (expected,)


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
    document = edits.resize_kernel(with_kernel((1, 2, 3, 4)), 1, columns)
    assert document.kernel.weights == (expected,)


@given(old=st.tuples(SIDES, SIDES), new=st.tuples(SIDES, SIDES))
def test_resizing_keeps_every_cell_at_its_place_beside_the_anchor(
    old: tuple[int, int], new: tuple[int, int]
) -> None:
    weights = 1 + np.arange(old[0] * old[1], dtype=np.float32).reshape(old)

    resized = edits.resize_kernel(Document(kernel=Kernel.of(weights)), *new).kernel.array()

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
    start = Document(kernel=Kernel.of(1 + np.arange(old * 2).reshape(old, 2)))
    grown = edits.resize_kernel(start, max(old, larger), 2)
    assert edits.resize_kernel(grown, old, 2) == start


def test_a_size_beyond_the_limits_is_kept_inside() -> None:
    assert edits.resize_kernel(NUMBERED, 99, 0).kernel.array().shape == (31, 1)


# ---- channels ----


def test_muting_twice_brings_a_channel_back() -> None:
    muted = edits.toggle_mute(in_color(), 1)
    assert muted.channels.active() == (0, 2)
    assert edits.toggle_mute(muted, 1) == in_color()


@pytest.mark.parametrize("space", list(ColorSpace))
def test_the_last_channel_cannot_be_muted(space: ColorSpace) -> None:
    last = len(space.channels) - 1
    document = in_color(space)
    for channel in range(last):
        document = edits.toggle_mute(document, channel)
    with pytest.raises(ValueError, match=r"One channel must stay: unmute another one first\."):
        edits.toggle_mute(document, last)
    assert document.channels.active() == (last,)


def test_solo_leaves_one_channel_and_a_second_time_all() -> None:
    alone = edits.solo(edits.toggle_mute(in_color(), 0), 0)
    assert alone.channels.active() == (0,)
    assert edits.solo(alone, 0).channels.active() == (0, 1, 2)
    assert edits.solo(alone, 2).channels.active() == (2,)


def test_another_colour_space_starts_with_all_channels_and_keeps_the_rest() -> None:
    document = edits.set_combine(edits.toggle_mute(in_color(), 0), Combine.SUM)
    channels = edits.set_color_space(document, ColorSpace.HSV).channels
    assert channels.active() == (0, 1, 2)
    assert channels.combine is Combine.SUM


# ---- display ----


def test_mode_and_limit_do_not_disturb_each_other() -> None:
    document = edits.set_display_limit(Document(), 3.0)
    document = edits.set_display_mode(document, DisplayMode.ABSOLUTE)
    assert document.display == Display(DisplayMode.ABSOLUTE, 3.0)
    assert edits.set_display_limit(document, None).display.limit is None


@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan, math.inf, 1e39])
def test_a_range_that_is_no_range_is_rejected(limit: float) -> None:
    with pytest.raises(ValueError, match=r"A range of .* does not fit"):
        edits.set_display_limit(Document(), limit)


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
    document = edits.set_kernel(Document(), np.ones((3, 4)))
    document = edits.set_dilation(edits.set_padding(document, padding), 2)
    assert edits.padding_in_pixels(document) == expected


def digits_network(classes: int = 10) -> StackState:
    layers = (Flatten(), Linear(64, classes), Softmax())
    return StackState.of(layers, "Digits", StackInput(InputSpace.GREY, (8, 8)))


def test_to_draw_a_digit_takes_network_and_sheet_at_once() -> None:
    drawn = edits.draw_digit(Document(), digits_network())
    assert str(drawn.source) == "drawing:blank"
    assert drawn.drawing == Drawing()
    assert drawn.stack.input.as_digit
    assert drawn.stack.classes == tuple("0123456789")
    first = Document().stack
    assert min(slot.uid for slot in drawn.stack.slots) >= first.next_uid


def test_a_network_of_other_classes_is_rejected() -> None:
    with pytest.raises(ValueError, match="10 names do not fit"):
        edits.draw_digit(Document(), digits_network(7))
