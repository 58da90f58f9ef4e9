from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QSizeF

from convlab.ui.widgets.map_layout import (
    CARD_HEIGHT,
    CELL,
    COLUMN_GAP,
    LIST_CELL,
    SHORT_LIST_CELL,
    ColumnSpec,
    arrange,
    best_rows,
    bounds,
)

STACK = [
    ColumnSpec(0, 4, (240, 320)),
    ColumnSpec(1, 8, (240, 320)),
    ColumnSpec(2, 0, (1, 1)),
    ColumnSpec(3, 32, (60, 80)),
    ColumnSpec(4, 10, (1, 1)),
]


@pytest.mark.parametrize("rows", [1, 4, 8, 11, 40])
def test_nothing_overlaps_and_every_map_has_its_place(rows: int) -> None:
    places = arrange(STACK, rows)
    assert [len(place.cells) for place in places] == [spec.tiles for spec in STACK]
    everything = [
        rect for place in places for rect in (place.card, *place.cells, place.bar) if rect.height()
    ]
    for number, rect in enumerate(everything):
        assert not any(rect.intersects(other) for other in everything[number + 1 :])


def test_layers_stand_from_left_to_right_with_room_for_the_links() -> None:
    places = arrange(STACK, 8)
    for before, after in pairwise(places):
        assert after.card.left() - before.rect.right() == pytest.approx(COLUMN_GAP)


def test_with_a_smaller_gap_the_maps_are_larger() -> None:
    places = arrange(STACK, 8, 14.0)
    for before, after in pairwise(places):
        assert after.card.left() - before.rect.right() == pytest.approx(14.0)
    assert bounds(places).width() < bounds(arrange(STACK, 8)).width()


def test_maps_keep_their_aspect() -> None:
    cell = arrange([ColumnSpec(1, 1, (240, 320))], 8)[0].cells[0]
    assert (cell.width(), cell.height()) == (CELL, CELL * 0.75)
    assert arrange([ColumnSpec(1, 3, (1, 1))], 8)[0].cells[0].height() == SHORT_LIST_CELL
    assert arrange([ColumnSpec(1, 30, (1, 1))], 8)[0].cells[0].height() == LIST_CELL


def test_many_maps_stand_in_columns_of_one_length() -> None:
    cells = arrange([ColumnSpec(1, 32, (10, 10))], 11)[0].cells
    heights = {x: sum(cell.left() == x for cell in cells) for x in {c.left() for c in cells}}
    assert sorted(heights.values()) == [10, 11, 11]
    sixteen = arrange([ColumnSpec(1, 16, (10, 10))], 11)[0].cells
    assert sum(cell.left() == sixteen[0].left() for cell in sixteen) == 8


def test_a_layer_that_is_off_is_its_card_only() -> None:
    place = arrange([ColumnSpec(2, 0, (1, 1))], 8)[0]
    assert place.cells == ()
    assert place.rect.height() == CARD_HEIGHT


@pytest.mark.parametrize(("width", "height"), [(1100, 560), (600, 400), (400, 900)])
def test_the_best_number_of_rows_shows_the_stack_largest(width: int, height: int) -> None:
    def zoom(rows: int) -> float:
        whole = bounds(arrange(STACK, rows))
        return min(width / whole.width(), height / whole.height(), 1.6)

    best = best_rows(STACK, QSizeF(width, height))
    assert zoom(best) == max(zoom(rows) for rows in range(1, 33))
