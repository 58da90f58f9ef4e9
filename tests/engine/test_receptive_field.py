from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.receptive_field import (
    Interval,
    ReceptiveField,
    receptive_field,
    seen,
    trace,
)
from convlab.engine.window import AdaptiveWindow, Layer, TransposedWindow, Window, sizes, upsampling
from tests.engine import stacks

HALF = Fraction(1, 2)
VGG_16 = [
    layer
    for convolutions in (2, 2, 3, 3, 3)
    for layer in [Window(3, 1, 1, 1)] * convolutions + [Window(2, 2)]
]


def traced_by_loops(layers: Sequence[Layer], unit: int, size: int) -> list[Interval | None]:
    """Carry a one-hot gradient from the unit down to the picture."""
    maps = sizes(layers, size)
    reached = {unit}
    found: list[Interval | None] = [Interval(unit, unit)]
    for layer, below in zip(reversed(layers), reversed(maps[:-1]), strict=True):
        pairs, _ = stacks.meetings(layer, below)
        reached = {met for met, fed in pairs if fed in reached}
        found.append(Interval(min(reached), max(reached)) if reached else None)
    return found[::-1]


# Numbers worked out by hand.


@pytest.mark.parametrize(
    ("layers", "size", "stride", "start"),
    [
        ([], 1, 1, 0),
        ([Window(3)], 3, 1, 1),
        ([Window(3, 1, 1, 1)], 3, 1, 0),
        ([Window(2)], 2, 1, HALF),
        ([Window(2, 2)], 2, 2, HALF),
        ([Window(3, 2, 1, 1)], 3, 2, 0),
        ([Window(3, dilation=4)], 9, 1, 4),
        ([Window(3), Window(3)], 5, 1, 2),
        ([Window(3, 2), Window(3, 2), Window(3)], 15, 4, 7),
        ([Window(5), Window(2, 2), Window(5), Window(2, 2)], 16, 4, 7 + HALF),
        ([Window(1, 5)], 1, 5, 0),
        ([TransposedWindow(2, 2)], 1, HALF, -HALF / 2),
        ([TransposedWindow(3, 2, 1, 1, output_padding=1)], 2, HALF, 0),
        ([upsampling(2, smooth=True)], 2, HALF, -HALF / 2),
        ([Window(2, 2), upsampling(2)], 2, 1, 0),
        ([upsampling(2), Window(3, 1, 1, 1)], 2, HALF, -HALF / 2),
        ([TransposedWindow(1, 2), Window(1, 2, 1)], 0, 1, -HALF),  # reads the empty units only
    ],
)
def test_fields_worked_out_by_hand(
    layers: list[Layer], size: int, stride: Fraction, start: Fraction
) -> None:
    assert receptive_field(layers) == ReceptiveField(size, Fraction(stride), Fraction(start))


@pytest.mark.parametrize(("size", "count"), [(12, 4), (14, 5), (5, 14), (7, 1), (3, 9)])
def test_adaptive_pooling_is_pooling_between_copies_of_pixels(size: int, count: int) -> None:
    """Each pixel copied ``count`` times, ``size`` copies are a window: the same fields."""
    layer = AdaptiveWindow(size, count)
    copied: list[Layer] = [upsampling(count), Window(size, size)]
    field, other = receptive_field([layer]), receptive_field(copied)
    assert (field.stride, field.start, field.size) == (other.stride, other.start, other.size)
    for unit in range(count):
        assert seen([layer], unit) == seen(copied, unit)
    paths = {(met.start, fed.start) for met, fed in layer.taps(size)}
    assert paths == {(at, unit) for unit in range(count) for at in range(*layer.span(unit))}


def test_vgg_16_as_published() -> None:
    """Araujo, Norris and Sim, table 1: field 212, effective stride 32, padding 90."""
    field = receptive_field(VGG_16)
    assert field.size == 212
    assert field.stride == 32
    assert seen(VGG_16, 0) == (-90, 121)


def test_one_field_per_layer() -> None:
    layers = [Window(5), Window(2, 2), Window(5)]
    fields = [receptive_field(layers[:count]) for count in (1, 2, 3)]
    assert [field.size for field in fields] == [5, 6, 14]
    assert [field.stride for field in fields] == [1, 2, 2]
    assert [field.start for field in fields] == [2, 2 + HALF, 6 + HALF]
    assert [field.overlap for field in fields] == [4, 4, 12]
    assert receptive_field([Window(2, 3)]).overlap == 0


def test_the_path_of_a_unit_through_all_layers() -> None:
    stack = [Window(3, 1, 1, 1), Window(2, 2), Window(3, 1, 1, 1)]
    assert trace(stack, 0, 8) == [(0, 4), (0, 3), (0, 1), (0, 0)]
    assert seen(stack, 0) == (-3, 4)
    assert trace(stack, 2, 8) == [(1, 7), (2, 7), (1, 3), (2, 2)]
    assert trace([], 3, 8) == [(3, 3)]
    assert Interval(2, 4).length == 3


def test_a_layer_hides_what_its_stride_leaves_over() -> None:
    """7 px by 3 in steps of 3 leave pixel 6 unused, also where the next layer meets padding."""
    stack = [Window(3, 3), Window(3, 1, 1, 1)]
    assert seen(stack, 1) == (0, 8)
    assert trace(stack, 1, 7)[0] == (0, 5)


def test_units_that_see_nothing() -> None:
    assert seen([TransposedWindow(1, 2)], 1) is None
    assert trace([TransposedWindow(1, 2)], 1, 4) == [None, (1, 1)]
    assert trace([Window(1, 1, 1)], 0, 4)[0] is None  # padding only
    assert seen([Window(1, 1, 1)], 0) == (-1, -1)


@pytest.mark.parametrize("unit", [-1, 6])
def test_a_unit_that_does_not_exist(unit: int) -> None:
    with pytest.raises(ValueError, match=rf"unit {unit} does not exist: .* 0 to 5"):
        trace([Window(3)], unit, 8)


# Against loops and published formulas.


@settings(deadline=None)
@given(case=stacks.stacks())
def test_what_each_unit_sees_is_what_loops_find(case: tuple[list[Layer], int]) -> None:
    layers, size = case
    for unit in range(sizes(layers, size)[-1]):
        expected = traced_by_loops(layers, unit, size)
        assert trace(layers, unit, size) == expected


@given(layers=st.lists(stacks.windows(), max_size=5))
def test_windows_follow_the_formula_of_araujo_norris_and_sim(layers: list[Window]) -> None:
    """Equations 2 and 3 there: size, and the ends of unit 0's field."""
    size, stride, first, last = 1, 1, 0, 0
    for layer in reversed(layers):
        size = layer.stride * (size - 1) + layer.dilation * (layer.kernel - 1) + 1
        first = layer.stride * first - layer.before
        last = layer.stride * last - layer.before + layer.dilation * (layer.kernel - 1)
        stride *= layer.stride
    field = receptive_field(layers)
    assert field == ReceptiveField(size, Fraction(stride), Fraction(first + last, 2))
    for unit in (0, 1, 7):
        assert seen(layers, unit) == (first + unit * stride, last + unit * stride)
        assert field.center(unit) == field.start + unit * stride


@settings(max_examples=60, deadline=None)
@given(layers=st.lists(stacks.windows() | stacks.transposed_windows(), max_size=4))
def test_the_size_is_the_largest_of_many_units(layers: list[Layer]) -> None:
    intervals = [seen(layers, unit) for unit in range(512)]
    lengths = [interval.length for interval in intervals if interval]
    assert receptive_field(layers).size == max(lengths, default=0)


@settings(max_examples=60, deadline=None)
@given(layers=st.lists(stacks.windows() | stacks.transposed_windows(), max_size=4))
def test_fields_repeat_and_move_with_the_cumulative_stride(layers: list[Layer]) -> None:
    """After 12⁴ units every step is whole in every map below: strides are 1 to 4."""
    field, period = receptive_field(layers), 12**4
    for unit in (0, 1, 5):
        here, there = seen(layers, unit), seen(layers, unit + period)
        if here is None:
            assert there is None
            continue
        assert there is not None
        assert there.length == here.length
        assert there.first - here.first == period * field.stride
