"""Where the pieces of the detail lie: nothing outside, nothing over another."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF

from convlab.ui.stack.detail_layout import (
    LEAST_ROW,
    LEGIBLE_CELL,
    NARROWEST_PART,
    SUM,
    Beside,
    lay_out,
    lay_rows,
    rows_at_once,
)

SIZES = [(360, 440), (468, 583), (560, 480), (734, 582), (880, 783), (1200, 960)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("aspect", [0.25, 0.75, 1.0, 3.0])
@pytest.mark.parametrize("beside", Beside)
@pytest.mark.parametrize("least_card", [206, 340])
def test_the_pieces_of_a_detail_lie_beside_each_other(
    size: tuple[int, int], aspect: float, beside: Beside, least_card: int
) -> None:
    places = lay_out(*size, 70, aspect, beside, least_card=least_card)
    pieces = [places.left, places.head, places.map, places.axis, places.card]
    pieces = [each for each in pieces if not each.isEmpty()]
    whole = QRect(0, 0, *size)
    for number, piece in enumerate(pieces):
        assert whole.contains(piece)
        assert not any(piece.intersects(other) for other in pieces[:number])
    assert places.card.height() >= 200
    assert abs(places.map.height() / places.map.width() - aspect) < 0.2 * max(aspect, 1)


@pytest.mark.parametrize("width", [150, 190, 330, 430, 640])
@pytest.mark.parametrize("height", [140, 400, 700])
@pytest.mark.parametrize("kernel", [None, (1, 1), (3, 3), (5, 5), (31, 31), (7, 9)])
@pytest.mark.parametrize("count", [1, 3, 8, 64])
def test_a_page_of_rows_fits_and_nothing_lies_over_another(
    width: int, height: int, kernel: tuple[int, int] | None, count: int
) -> None:
    shown = rows_at_once(count, kernel, height)
    room = QRectF(0, 20, width, height)
    places = lay_rows(shown, kernel, 0.75, room, height / 3, adds=kernel is not None)
    rects = [*places.inputs, *places.kernels, *places.parts]
    assert len(places.inputs) == shown
    assert not places.parts or places.parts[0].width() >= min(NARROWEST_PART, 40)
    for number, rect in enumerate(rects):
        assert room.adjusted(-0.5, -0.5, 0.5, 0.5).contains(rect)
        inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        assert not any(inner.intersects(other) for other in rects[:number])
    assert max(rect.right() for rect in rects) <= places.sum.left() + 0.5
    assert places.sum.width() == SUM


def test_where_it_is_narrow_the_parts_are_left_out_first() -> None:
    room = QRectF(0, 20, 430, 560)
    assert lay_rows(8, (3, 3), 0.75, room, 300).parts
    room.setWidth(230)
    narrow = lay_rows(8, (3, 3), 0.75, room, 300)
    assert not narrow.parts
    assert narrow.kernels


def test_rows_are_as_many_as_can_be_read() -> None:
    assert rows_at_once(8, (3, 3), 560) == 8
    assert rows_at_once(64, (3, 3), 560) == 560 // (3 * LEGIBLE_CELL + 2 + 8)
    assert rows_at_once(64, None, 560) == (560 + 8) // (LEAST_ROW + 8)
    assert rows_at_once(64, (31, 31), 40) == 1


def test_the_parts_of_a_wide_detail_have_a_card_beside_and_of_a_narrow_one_below() -> None:
    wide, narrow = (lay_out(width, 600, 70, 0.75, Beside.KERNELS) for width in (880, 480))
    assert wide.card.left() > wide.left.right()
    assert narrow.card.top() > narrow.left.bottom()


def test_the_kernel_of_a_small_detail_has_room_for_its_numbers() -> None:
    rows = lay_rows(1, (3, 3), 0.75, QRectF(0, 20, 199, 120), 80.0)  # a window of 800 x 600
    assert rows.kernels[0].width() >= 3 * LEGIBLE_CELL
