"""The sums behind a value as equations of grids, and how many fit below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF

from convlab.document.stack.arithmetic import Mixture, Products, TransposedProducts, total
from convlab.engine.arrays import AnyArray
from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_exact, show_number
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
    thinning,
)

TOTAL = 112  # room for the sum of the only channel [px]
SIGN = 20  # room for × and = [px]
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
) -> None:
    """Paint patch × kernel = products of some channels below each other.

    Args:
        canvas: Paints.
        room: Where [px].
        detail: The sum.
        colors: Of the patches.
        places: Which of its channels.
    """
    if detail.products.size == 0:
        canvas.text(room, "No input pixel reaches this place.", theme().quiet)
        return
    high = room.height() / len(places)
    for number, place in enumerate(places):
        part = QRectF(room.left(), room.top() + number * high, room.width(), high - px(ROW_GAP))
        _paint_channel(canvas, part, detail, colors, place)


def _thin(shape: Sequence[int]) -> tuple[slice, slice]:
    """Return which rows and columns of a kernel are painted."""
    rows, columns = (slice(None, None, step) for step in thinning(shape, LONGEST_KERNEL))
    return rows, columns


def paint_mixture(canvas: Canvas, room: QRectF, detail: Mixture, colors: InputColors) -> None:
    """Paint the pixels × their weights = what each gives."""
    grids = [
        Grid("pixels", detail.values, colors.of(detail.channel, detail.values), "×"),
        Grid("weights", detail.weights, signed_colors(detail.weights), "="),
        Grid("products", detail.products, signed_colors(detail.products)),
    ]
    paint_equation(canvas, room, grids, total(detail.products))


def _paint_channel(
    canvas: Canvas,
    room: QRectF,
    detail: Products | TransposedProducts,
    colors: InputColors,
    place: int,
) -> None:
    values, weights = (array[place] for array in detail.operands)
    thin = _thin(values.shape)
    channel, is_patch = detail.channels[place], isinstance(detail, Products)
    padded = detail.padded[thin] if isinstance(detail, Products) else None
    captions = ("patch", "kernel", "products") if is_patch else ("pixels", "cells", "products")
    first = captions[0] if len(detail.channels) == 1 else f"channel {channel}"
    products = detail.products[place]
    sum_ = total(products)
    # Strong colours are for what is large in the whole sum.
    grids = [
        Grid(first, values[thin], colors.of(channel, values), "×", padded),
        Grid(captions[1], weights[thin], signed_colors(detail.operands[1]), "="),
        Grid(captions[2], products[thin], signed_colors(detail.products)),
    ]
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
