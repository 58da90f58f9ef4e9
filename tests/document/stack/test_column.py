from __future__ import annotations

import sys
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

import numpy as np
import pytest

from convlab.document.stack.column import LONGEST_LIST, MapColumn, as_maps
from convlab.document.stack.model import Unit

if TYPE_CHECKING:
    from _typeshed import TraceFunction


def column(values: np.ndarray, tiles: np.ndarray | None = None) -> MapColumn:
    return MapColumn(3, values.shape, as_maps(values), tiles, (), 0.0)


def test_a_short_vector_is_a_list_of_single_pixels() -> None:
    assert as_maps(np.arange(10, dtype=np.float32)).shape == (10, 1, 1)


def test_a_long_vector_is_folded_row_after_row() -> None:
    values = np.arange(LONGEST_LIST + 7, dtype=np.float32)
    maps = as_maps(values)
    assert maps.shape == (1, 9, 8)
    assert maps.ravel()[: len(values)].tolist() == values.tolist()
    assert maps[0, -1, -1] == 0.0


def test_a_long_vector_is_folded_under_a_debugger() -> None:
    """Which holds references to all that a function holds."""

    def look_on(frame: FrameType, _event: str, _argument: object) -> TraceFunction:
        assert frame.f_locals is not None
        return look_on

    before = sys.gettrace()
    sys.settrace(look_on)
    try:
        maps = as_maps(np.arange(LONGEST_LIST + 7, dtype=np.float32))
    finally:
        sys.settrace(before)
    assert maps.shape == (1, 9, 8)


@pytest.mark.parametrize("length", [1, 2, LONGEST_LIST, LONGEST_LIST + 1, 1000])
def test_every_value_of_a_vector_is_found_where_it_is_shown(length: int) -> None:
    shown = column(np.arange(length, dtype=np.float32))
    for index in {0, length // 2, length - 1}:
        unit = Unit(3, index)
        assert shown.value(unit) == index
        assert shown.unit_at(*shown.place_of(unit)) == unit


def test_units_of_maps_are_where_they_are_pointed_at() -> None:
    shown = column(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    assert shown.unit_at(1, 2, 3) == Unit(3, 1, 2, 3)
    assert shown.value(Unit(3, 1, 2, 3)) == 23.0


def test_the_colour_picture_in_front_is_no_map_of_its_own() -> None:
    shown = column(np.zeros((3, 2, 2), np.float32), np.zeros((4, 2, 2, 4), np.uint8))
    assert shown.lead == 1
    assert shown.unit_at(0, 1, 1) == shown.unit_at(1, 1, 1) == Unit(3, 0, 1, 1)
    assert shown.unit_at(3, 0, 0).channel == 2


@pytest.mark.parametrize(
    ("shape", "unit", "step", "expected"),
    [
        ((2, 3, 4), Unit(3, 1, 0, 3), (1, 1), Unit(3, 1, 1, 3)),
        ((2, 3, 4), Unit(3, 1, 0, 3), (-1, -2), Unit(3, 1, 0, 1)),
        ((10,), Unit(3, 8), (5, 5), Unit(3, 9)),
        ((100,), Unit(3, 47), (1, -1), Unit(3, 56)),
    ],
    ids=["kept inside", "up and left", "along a list", "in a folded vector"],
)
def test_a_unit_moves_inside_its_map(
    shape: tuple[int, ...], unit: Unit, step: tuple[int, int], expected: Unit
) -> None:
    assert column(np.zeros(shape, np.float32)).moved(unit, *step) == expected


def test_the_middle_of_the_first_map_is_where_keys_begin() -> None:
    assert column(np.zeros((2, 5, 8), np.float32)).middle() == Unit(3, 0, 2, 4)


def test_maps_that_are_scrolled_have_their_units() -> None:
    maps = np.zeros((40, 2, 2), np.float32)
    shown = replace(column(maps, np.zeros((5, 2, 2, 4), np.uint8)), first=30)
    assert (shown.lead, shown.seen) == (0, slice(30, 35))
    assert shown.unit_at(2, 1, 0) == Unit(3, 32, 1, 0)
    assert [shown.tile_of(number) for number in (29, 30, 34, 35)] == [None, 0, 4, None]
    assert shown.unit_in(7, 1, 1) == Unit(3, 7, 1, 1)
