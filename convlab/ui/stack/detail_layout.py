"""Where everything of the detail lies: pure functions of the room there is, at scale 1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect, QRectF

MARGIN = 14  # around everything [px]
GAP = 10  # between what lies below each other [px]
BESIDE_FROM = 570  # in narrower details the card lies below all [px]
NARROW_SHARE = 0.45  # of the width, for what comes in there
NARROWEST_CARD, WIDEST_CARD = 300, 640  # [px]
LOWEST_CARD = 216  # [px]
LOWEST_MAP = 72  # [px]
AXIS, BARE_AXIS = 58, 28  # height of the colour bar with and without a histogram over it [px]
HISTOGRAM_FROM = 560  # lower details have none [px]

LEAST_ROW, TALLEST_ROW = 44, 132  # height of a row [px]
ROW_GAP = 8  # [px]
LEGIBLE_CELL = 20  # side of a cell that has room for its number [px]
GOOD_CELL = 27.0  # ... for two digits after the point [px]
TALLEST_KERNEL = 176  # no row is made higher for its numbers [px]
SUM = 76  # room for Σ and the bias below it [px]
LEAST_GAP, WIDEST_GAP = 12, 56  # length of the lines between columns [px]
NARROWEST_PART = 52  # narrower parts are left out [px]


@dataclass(frozen=True, slots=True)
class DetailPlaces:
    """Where the pieces of a detail lie [px].

    Attributes:
        left: What comes in, with its controls.
        head: Title and figures of the map.
        map: The map at large.
        axis: Histogram and colour bar; no histogram where it is as low as BARE_AXIS.
        card: The card that follows the unit.
    """

    left: QRect
    head: QRect
    map: QRect
    axis: QRect
    card: QRect

    def scaled(self, factor: float) -> DetailPlaces:
        """Return the same at a scale of the interface."""
        rects = (self.left, self.head, self.map, self.axis, self.card)
        return DetailPlaces(*(_scaled(QRectF(rect), factor).toRect() for rect in rects))


class Beside(Enum):
    """What stands beside the map."""

    NOTHING = 0.0
    MAPS = 0.36
    KERNELS = 0.46

    @property
    def share(self) -> float:
        """Of the width."""
        return self.value


def lay_out(
    width: int,
    height: int,
    head: int,
    aspect: float,
    beside: Beside,
    is_point: bool = False,
    least_card: int = LOWEST_CARD,
) -> DetailPlaces:
    """Share a gap among the pieces of a detail.

    Args:
        width: Of the gap [px].
        height: Of the gap [px].
        head: Height of title and figures [px].
        aspect: Rows / columns of the map.
        beside: What stands beside the map.
        is_point: The map is a single value, which needs little room.
        least_card: Height that the card should have at least [px].
    """
    inner = width - 2 * MARGIN
    is_narrow = beside is not Beside.NOTHING and inner < BESIDE_FROM
    if is_narrow:  # the card lies below all
        wide = round(inner * (1 - NARROW_SHARE))
    else:
        wide = round(min(max(inner * (1 - beside.share), NARROWEST_CARD), WIDEST_CARD, inner))
    x, left_width = width - MARGIN - wide, max(inner - wide - GAP, 0)
    axis = AXIS if height >= HISTOGRAM_FROM else BARE_AXIS
    room = height - 2 * MARGIN - head - axis - 3 * GAP
    lowest = min(least_card, max(room - LOWEST_MAP, 0))
    most = max(room - max(lowest, round(room * 0.44)), min(LOWEST_MAP, room))
    most = min(most, LOWEST_MAP) if is_point else most
    high = max(round(min(wide * aspect, most)), 1)
    across = min(max(round(high / aspect), 1), wide)
    map_ = QRect(x, MARGIN + head + GAP, across, high)
    bar = QRect(x, map_.bottom() + 1 + GAP, max(across, min(wide, 180)), axis)
    top = bar.bottom() + 1 + GAP
    if is_narrow:
        left = QRect(MARGIN, MARGIN, left_width, top - GAP - MARGIN)
        card = QRect(MARGIN, top, inner, max(height - MARGIN - top, 0))
    else:
        left = QRect(MARGIN, MARGIN, left_width, height - 2 * MARGIN)
        card = QRect(x, top, wide, max(height - MARGIN - top, 0))
    return DetailPlaces(left, QRect(x, MARGIN, wide, head), map_, bar, card)


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Where a page of rows lies [px].

    Attributes:
        inputs: Of the maps that come in.
        kernels: Of what they are multiplied with; none where nothing is.
        parts: Of what each adds; none where there is no room for them.
        sum: The middle of Σ lies in its middle.
    """

    inputs: tuple[QRectF, ...]
    kernels: tuple[QRectF, ...]
    parts: tuple[QRectF, ...]
    sum: QRectF

    def scaled(self, factor: float) -> RowPlaces:
        """Return the same at a scale of the interface."""

        def scaled(rects: tuple[QRectF, ...]) -> tuple[QRectF, ...]:
            return tuple(_scaled(rect, factor) for rect in rects)

        columns = scaled(self.inputs), scaled(self.kernels), scaled(self.parts)
        return RowPlaces(*columns, _scaled(self.sum, factor))


def rows_at_once(count: int, kernel: tuple[int, int] | None, height: float) -> int:
    """Return how many rows a page has: as many as can be read.

    Args:
        count: Of all rows.
        kernel: (rows, columns) of each kernel, or None.
        height: Of the room [px].
    """
    legible = 0 if kernel is None else min(kernel[0] * LEGIBLE_CELL + 2, TALLEST_KERNEL)
    fitting = int((height + ROW_GAP) // (max(LEAST_ROW, legible) + ROW_GAP))
    return max(min(count, fitting), 1)


def lay_rows(
    count: int,
    kernel: tuple[int, int] | None,
    aspect: float,
    room: QRectF,
    middle: float,
    adds: bool = True,
) -> RowPlaces:
    """Lay out a page of rows: map × kernel = part, and Σ at the right.

    Args:
        count: Of the rows on this page.
        kernel: (rows, columns) of each kernel, or None.
        aspect: Rows / columns of the maps.
        room: For all of it [px].
        middle: Height at which the rows are centred, as far as there is room [px].
        adds: Each row adds a part.
    """
    pitch = (room.height() + ROW_GAP) / count
    tallest = TALLEST_ROW if kernel is None else max(TALLEST_ROW, kernel[0] * LEGIBLE_CELL + 2)
    pitch = min(pitch, min(tallest, TALLEST_KERNEL) + ROW_GAP)
    high = pitch - ROW_GAP
    free = room.width() - SUM
    wide = 0.0
    if kernel is not None:
        good = min(kernel[1] * GOOD_CELL, free * 0.44)
        legible = min(kernel[1] * LEGIBLE_CELL + 2, free * 0.52)
        most = max(free * 0.36, good, legible, LEAST_ROW)
        wide = min(high * kernel[1] / kernel[0], most, float(TALLEST_KERNEL))
    columns = (kernel is not None) + 1 + adds
    tile = (free - wide - columns * LEAST_GAP) / (1 + adds)
    if adds and tile < min(NARROWEST_PART, high / aspect):
        return lay_rows(count, kernel, aspect, room, middle, adds=False)
    tile = max(min(tile, high / aspect), 8.0)
    gap = min(max((free - wide - tile * (1 + adds)) / columns, 4.0), WIDEST_GAP)
    used = count * pitch - ROW_GAP
    top = max(min(middle - used / 2, room.bottom() - used), room.top())
    inputs, kernels, parts = [], [], []
    for number in range(count):
        at = top + number * pitch + high / 2
        left = room.left()
        inputs.append(_centred(left, at, tile, tile * aspect))
        left += tile + gap
        if kernel is not None:
            kernels.append(_centred(left, at, wide, min(wide * kernel[0] / kernel[1], high)))
            left += wide + gap
        if adds:
            parts.append(_centred(left, at, tile, tile * aspect))
    end = (parts or kernels or inputs)[0].right()
    sum_ = QRectF(max(end, room.right() - SUM), room.top(), SUM, room.height())
    return RowPlaces(tuple(inputs), tuple(kernels), tuple(parts), sum_)


def _scaled(rect: QRectF, factor: float) -> QRectF:
    return QRectF(rect.topLeft() * factor, rect.size() * factor)


def _centred(left: float, middle: float, width: float, height: float) -> QRectF:
    return QRectF(left, middle - height / 2, width, height)
