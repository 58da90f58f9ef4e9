"""How the kernel lab shares out its room: a pure function of sizes [px].

The pictures come first. They are as wide as the kernel's column leaves them and no taller than they
can fill, so that what is below them is free for the sum; a sum that is wanted is given at least
what it needs to be read, from the pictures where nothing else is left.
"""

from __future__ import annotations

from typing import NamedTuple

COLUMN = 250  # width of the kernel's column, in every window; all of these at scale 1
MARGIN = 10  # around all
GAP = 12  # between the parts
LEAST_VIEW = 90  # height of a picture, be it a line, and beside a sum
LECTURE_SHARE = 0.5  # of the room, for a pinned sum that is read from the last row


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
        in_lecture: A pinned sum fills the lower half.
        scale: Of the interface.
        strip: Height that is kept for what stands in the sum's place where there is none.
    """

    aspect: float
    around: int
    column: int = 0
    needed: int = 0
    wanted: int = 0
    is_pinned: bool = False
    in_lecture: bool = False
    scale: float = 1.0
    strip: int = 0


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
    margin, gap, across, least = (
        round(length * content.scale) for length in (MARGIN, GAP, COLUMN, LEAST_VIEW)
    )
    wide = max((width - across - 2 * margin - 2 * gap) // 2, 1)
    room = height - 2 * margin
    most = max(room - content.around, 1)
    view = min(max(round(wide * content.aspect), least), most)
    free = most - view - gap
    low = 0
    if content.is_pinned:
        low = min(content.wanted, max(min(free, room - gap - content.column), content.needed))
        low = max(low, round(LECTURE_SHARE * room)) if content.in_lecture else low
        low = min(low, most - gap - least)
    elif content.needed and free >= content.needed:
        low = min(content.wanted, max(min(free, room - gap - content.column), content.needed))
    kept = low or content.strip
    if kept:
        view = min(view, most - gap - kept)
    upper = view + content.around
    apart = gap if low else gap // 2  # a row of words brings room of its own
    beside = room - kept - apart if kept else room
    above = max(upper, min(content.column, beside))
    x = margin + wide + gap
    return Rooms(
        Rect(margin, margin, wide, upper),
        Rect(x, margin, across, above),
        Rect(x + across + gap, margin, wide, upper),
        Rect(margin, margin + above + apart, width - 2 * margin, low),
    )


def alone(width: int, height: int) -> Rect:
    """Return the place of a picture that fills the lab."""
    return Rect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
