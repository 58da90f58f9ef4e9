"""How the kernel lab shares out its room: a pure function of sizes [px].

The pictures come first. They are as wide as the kernel's column leaves them and no taller than they
can fill, so that what is below them is free for the sum; a sum that is wanted is given at least
what it needs to be read, from the pictures where nothing else is left.
"""

from __future__ import annotations

from typing import NamedTuple

COLUMN = 250  # width of the kernel's column, in every window
MARGIN = 10  # around all
GAP = 12  # between the parts
LEAST_VIEW = 90  # height of a picture beside a sum


class Rect(NamedTuple):
    """A part's place."""

    x: int
    y: int
    width: int
    height: int


class Content(NamedTuple):
    """What is to be shown.

    Attributes:
        aspect: Height of the pictures, by their width.
        around: Height of what stands above and below a picture.
        column: Height that the kernel's column wants.
        needed: Height the sum must have to be read; 0: there is none.
        wanted: Height with which it is easily read.
        is_pinned: The sum stays, so that the pictures make room for it.
    """

    aspect: float
    around: int
    column: int = 0
    needed: int = 0
    wanted: int = 0
    is_pinned: bool = False


class Rooms(NamedTuple):
    """Where everything stands; a sum without room has no height."""

    input: Rect
    kernel: Rect
    output: Rect
    sum: Rect


def share(width: int, height: int, content: Content) -> Rooms:
    """Share a lab's room out among the pictures, the kernel and the sum.

    Args:
        width: Of the lab.
        height: Of the lab.
        content: What is to be shown.
    """
    wide = max((width - COLUMN - 2 * MARGIN - 2 * GAP) // 2, 1)
    room = height - 2 * MARGIN
    most = max(room - content.around, 1)
    view = min(round(wide * content.aspect), most)
    free = most - view - GAP
    low = 0
    if content.is_pinned:
        low = min(content.wanted, max(min(free, room - GAP - content.column), content.needed))
        low = min(low, most - GAP - LEAST_VIEW)
        view = min(view, most - GAP - low)
    elif content.needed and free >= content.needed:
        low = min(content.wanted, max(min(free, room - GAP - content.column), content.needed))
    upper = view + content.around
    beside = room - low - GAP if low else room
    above = max(upper, min(content.column, beside))
    x = MARGIN + wide + GAP
    return Rooms(
        Rect(MARGIN, MARGIN, wide, upper),
        Rect(x, MARGIN, COLUMN, above),
        Rect(x + COLUMN + GAP, MARGIN, wide, upper),
        Rect(MARGIN, MARGIN + above + GAP, width - 2 * MARGIN, low),
    )


def alone(width: int, height: int) -> Rect:
    """Return the place of a picture that fills the lab."""
    return Rect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
