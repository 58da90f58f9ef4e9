"""The sums behind a value as equations of grids, and how many fit below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

from convlab.document.stack.arithmetic import Mixture, Products, TransposedProducts, total
from convlab.engine.arrays import AnyArray
from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.sum_lens import Part, Placed, part_around, share
from convlab.ui.theme import painted_color, px, theme
from convlab.ui.widgets.number_grid import (
    CAPTION,
    HIGH_FROM,
    LONGEST_KERNEL,
    OPERATOR,
    TALLEST_CELL,
    TEXT_FROM,
    WIDEST_CELL,
    Canvas,
    ColorOf,
    Grid,
    signed_colors,
)

TOTAL = 112  # room for the sum of the only channel [px]
SIGN = 20  # room for × and = [px]
NARROW = 30  # width of a number in the lens of a large kernel [px]
COMFORTABLE = 24  # height of a cell of which several channels are painted below each other [px]
ROW_GAP = 6  # between them [px]


@dataclass(frozen=True, slots=True)
class InputColors:
    """How the values of the input's maps are painted.

    Attributes:
        mode: How a value becomes a colour.
        scales: One for every map, one for all, or none: as strong as the values shown.
    """

    mode: DisplayMode = DisplayMode.SIGNED
    scales: tuple[Scale, ...] = ()

    def of(self, channel: int, values: AnyArray) -> ColorOf:
        """Return the colours of one map."""
        if not self.scales:
            return signed_colors(values)
        scale = self.scales[channel if len(self.scales) > 1 else 0]
        return lambda value: painted_color(value, self.mode, scale)


def channels_at_once(shape: Sequence[int], count: int, height: float) -> int:
    """Return how many channels are painted below each other, at least one.

    Args:
        shape: Rows and columns of each grid.
        count: How many there are.
        height: Of the room [px].
    """
    each = min(shape[0], LONGEST_KERNEL) * px(COMFORTABLE) + px(CAPTION) + px(ROW_GAP)
    return max(min(count, int(height // each)), 1)


def paint_products(
    canvas: Canvas,
    room: QRectF,
    detail: Products | TransposedProducts,
    colors: InputColors,
    places: range,
    focus: tuple[int, int] | None = None,
) -> list[Placed]:
    """Paint patch × kernel = products of some channels below each other.

    Where cells have no room for their numbers, a part has them, beside a small picture of all.

    Args:
        canvas: Paints.
        room: Where [px].
        detail: The sum.
        colors: Of the patches.
        places: Which of its channels.
        focus: (row, column) of the kernel as it is laid that the part is around; None: its middle.

    Returns:
        The grids of which only a part has its numbers: none if all have.
    """
    if detail.products.size == 0:
        canvas.text(room, "No input pixel reaches this place.", theme().quiet)
        return []
    placed: list[Placed] = []
    high = room.height() / len(places)
    for number, place in enumerate(places):
        part = QRectF(room.left(), room.top() + number * high, room.width(), high - px(ROW_GAP))
        grids = _channel_grids(detail, colors, place)
        sum_ = total(detail.products[place])
        if _has_room(part, grids[0].values.shape):
            _paint_channel(canvas, part, grids, sum_)
        else:
            placed += _paint_lens(canvas, part, grids, sum_, focus)
    return placed


def paint_mixture(canvas: Canvas, room: QRectF, detail: Mixture, colors: InputColors) -> None:
    """Paint the pixels × their weights = what each gives."""
    grids = [
        Grid("pixels", detail.values, colors.of(detail.channel, detail.values), "×"),
        Grid("weights", detail.weights, signed_colors(detail.weights), "="),
        Grid("products", detail.products, signed_colors(detail.products)),
    ]
    paint_equation(canvas, room, grids, total(detail.products))


def _channel_grids(
    detail: Products | TransposedProducts, colors: InputColors, place: int
) -> list[Grid]:
    """Return patch, kernel and products of a channel."""
    values, weights = (array[place] for array in detail.operands)
    channel, is_patch = detail.channels[place], isinstance(detail, Products)
    padded = detail.padded if isinstance(detail, Products) else None
    captions = ("patch", "kernel", "products") if is_patch else ("pixels", "cells", "products")
    first = captions[0] if len(detail.channels) == 1 else f"channel {channel}"
    # Strong colours are for what is large in the whole sum.
    return [
        Grid(first, values, colors.of(channel, values), "×", padded),
        Grid(captions[1], weights, signed_colors(detail.operands[1]), "="),
        Grid(captions[2], detail.products[place], signed_colors(detail.products)),
    ]


def _has_room(room: QRectF, shape: Sequence[int]) -> bool:
    """Tell whether the cells have room for their numbers; at worst the sum stands over them."""
    wide: float = (room.width() - 2 * px(SIGN)) / (3 * shape[1])
    high: float = (room.height() - px(CAPTION)) / shape[0]
    return wide >= TEXT_FROM and high >= HIGH_FROM


def _paint_lens(
    canvas: Canvas, room: QRectF, grids: list[Grid], sum_: float, focus: tuple[int, int] | None
) -> list[Placed]:
    """Paint all products as a small picture, and the part around a cell with its numbers."""
    text = f"= {show_number(sum_)}"
    beside = canvas.width_of(text) + 10
    rooms = share(room.adjusted(0, 0, -beside, 0), 1, 1, NARROW, SIGN)
    rows, columns = grids[0].values.shape
    cell = min(rooms.whole.width(), room.height() - px(CAPTION)) / max(rows, columns)
    first = QRectF(room.left(), room.top() + px(CAPTION), cell, cell)
    canvas.equation([replace(grids[2], caption="")], first)
    whole = Placed(first, (rows, columns))
    part = part_around(
        (rows, columns), focus or (rows // 2, columns // 2), (rooms.rows, rooms.columns)
    )
    canvas.frame(part.rect(first), theme().mark)
    parts = [_part_of(grid, part) for grid in grids]
    lens = rooms.lens
    wide = (lens.width() - 2 * px(SIGN)) / (len(grids) * part.columns)
    high = (lens.height() - px(CAPTION)) / part.rows
    large = QRectF(lens.left(), first.top(), min(wide, WIDEST_CELL), min(high, TALLEST_CELL))
    most = part.columns * large.width() + px(SIGN) - 2
    titled = [
        replace(each, caption=each.caption if canvas.width_of(each.caption) <= most else "")
        for each in parts
    ]
    end = canvas.equation(titled, large, px(SIGN))
    at = QRectF(end.x() + 8, end.y(), beside - 8, part.rows * large.height())
    canvas.text(at, text, theme().text)
    canvas.tip(at, show_exact(sum_))
    step = part.columns * large.width() + px(SIGN)
    size, corner = (part.rows, part.columns), (part.row, part.column)
    numbers = range(len(grids))
    return [whole, *(Placed(large.translated(at * step, 0), size, corner) for at in numbers)]


def _part_of(grid: Grid, part: Part) -> Grid:
    """Return some rows and columns of a grid."""
    padded = None if grid.padded is None else grid.padded[part.slices]
    return replace(grid, values=grid.values[part.slices], padded=padded)


def _paint_channel(canvas: Canvas, room: QRectF, grids: list[Grid], sum_: float) -> None:
    columns, wide = 3 * grids[0].values.shape[1], canvas.width_of(f"= {show_number(sum_)}") + 10
    beside = (room.width() - 2 * px(SIGN) - wide) / columns
    if beside >= TEXT_FROM:
        end = _paint_grids(canvas, room, grids, beside)
        high = min(grids[0].values.shape[0] * TALLEST_CELL, room.bottom() - end.y())
        at = QRectF(end.x() + 8, end.y(), wide - 8, high)
    else:  # the sum stands over its products
        grids[2] = replace(grids[2], caption="")
        end = _paint_grids(canvas, room, grids, (room.width() - 2 * px(SIGN)) / columns)
        at = QRectF(end.x() - wide, end.y() - px(CAPTION), wide, px(CAPTION) - 2)
    canvas.text(at, f"= {show_number(sum_)}", theme().text)
    canvas.tip(at, show_exact(sum_))


def _paint_grids(canvas: Canvas, room: QRectF, grids: list[Grid], wide: float) -> QPointF:
    """Paint grids side by side in cells of at most a width; returns the top right end."""
    rows = grids[0].values.shape[0]
    width, height = min(wide, WIDEST_CELL), min((room.height() - px(CAPTION)) / rows, TALLEST_CELL)
    if width < TEXT_FROM or height < HIGH_FROM:
        width = height = min(width, height)
    return canvas.equation(
        grids, QRectF(room.left(), room.top() + px(CAPTION), width, height), px(SIGN)
    )


def paint_equation(
    canvas: Canvas, room: QRectF, grids: list[Grid], sum_: float | None = None
) -> None:
    """Paint grids side by side, as large as there is room for, and what they add up to."""
    rows, columns = grids[0].values.shape
    beside = px(OPERATOR) * (len(grids) - 1) + (px(OPERATOR) if sum_ is None else px(TOTAL))
    width = min((room.width() - beside) / (len(grids) * columns), WIDEST_CELL)
    height = min((room.height() - px(CAPTION)) / rows, TALLEST_CELL)
    if width < TEXT_FROM or height < HIGH_FROM:
        width = height = min(width, height)
    first = QRectF(room.left(), room.top() + px(CAPTION), width, height)
    if columns * width < 70:  # captions need more room than a single cell
        first.setWidth(min(WIDEST_CELL, 70 / columns))
    end = canvas.equation(grids, first)
    if sum_ is None:
        return
    at = QRectF(end.x() + 10, end.y(), px(TOTAL) - 10, max(rows * height, 20))
    text = f"Σ = {show_number(sum_)}"
    canvas.text(at, text, theme().text, font=canvas.sized(14, bold=True))
    canvas.tip(at, show_exact(sum_))
