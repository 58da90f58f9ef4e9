"""The pictures come first, the column never grows, the sum has what it needs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from convlab.ui.kernel.rooms import COLUMN, LEAST_VIEW, Content, Rect, share

SIZES = [(800, 520), (1024, 622), (1440, 822), (1920, 1002), (3840, 2082)]
AROUND, COLUMN_HEIGHT, NEEDED, WANTED = 104, 530, 190, 290
PINNED = Content(0.75, AROUND, COLUMN_HEIGHT, NEEDED, WANTED, is_pinned=True)


def overlap(first: Rect, second: Rect) -> bool:
    across = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    down = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    return across > 0 and down > 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("aspect", [0.3, 0.5625, 0.75, 1.0, 2.0])
@pytest.mark.parametrize("pinned", [False, True])
def test_nothing_overlaps_and_all_is_inside(
    size: tuple[int, int], aspect: float, pinned: bool
) -> None:
    rooms = share(*size, PINNED._replace(aspect=aspect, is_pinned=pinned))
    parts = [rect for rect in rooms if rect.height > 0]
    for number, rect in enumerate(parts):
        assert 0 <= rect.x <= rect.x + rect.width <= size[0]
        assert 0 <= rect.y <= rect.y + rect.height <= size[1]
        assert not any(overlap(rect, other) for other in parts[number + 1 :])
    assert rooms.kernel.width == COLUMN
    assert rooms.input[2:] == rooms.output[2:]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("aspect", [0.5625, 0.75, 1.0])
def test_a_pinned_sum_has_what_it_needs(size: tuple[int, int], aspect: float) -> None:
    rooms = share(*size, PINNED._replace(aspect=aspect))
    assert NEEDED <= rooms.sum.height <= WANTED


def test_the_pictures_have_their_share_of_a_large_window() -> None:
    rooms = share(1440, 822, PINNED)
    view = rooms.input.height - AROUND
    area = 2 * min(view / 0.75, rooms.input.width) ** 2 * 0.75
    assert area >= 0.36 * 1440 * 900


def test_a_sum_that_is_not_pinned_takes_nothing_from_the_pictures() -> None:
    for aspect in (0.5, 0.75, 1.0, 1.5):
        content = PINNED._replace(aspect=aspect, is_pinned=False)
        with_sum = share(1440, 822, content)
        without = share(1440, 822, content._replace(needed=0, wanted=0))
        assert with_sum.input == without.input
        assert without.sum.height == 0


@pytest.mark.parametrize("pinned", [False, True])
def test_a_picture_that_is_a_line_has_room_around_it(pinned: bool) -> None:
    rooms = share(1440, 822, PINNED._replace(aspect=0.01, is_pinned=pinned))
    assert rooms.input.height == AROUND + LEAST_VIEW


def test_a_pin_moves_no_picture_that_left_room_below() -> None:
    content = PINNED._replace(needed=0, wanted=0, is_pinned=False)
    assert share(1440, 822, content).input == share(1440, 822, PINNED).input


def test_pictures_grow_with_the_window() -> None:
    widths = [share(*size, PINNED).input.width for size in SIZES]
    assert all(before < after for before, after in pairwise(widths))


def test_in_a_lecture_a_pinned_sum_fills_the_lower_half() -> None:
    content = Content(0.75, 90, 300, 120, 180, is_pinned=True, in_lecture=True)
    assert share(1600, 1000, content).sum.height == 490
    assert share(1600, 1000, content._replace(is_pinned=False)).sum.height < 490


def test_the_column_grows_with_the_scale() -> None:
    assert share(1600, 1000, Content(0.75, 90, scale=1.5)).kernel.width == 375
