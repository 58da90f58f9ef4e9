"""The sums behind a value as equations of grids, and how many small ones fit beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QRectF

from convlab.document.stack.arithmetic import Mixture, Products, TransposedProducts, total
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.theme import painted_color, theme
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

# Width and height of a cell, the best first [px]: the last ones show only their colour.
CELLS = (
    *((58, 27), (52, 24), (46, 22), (40, 20), (34, 18), (29, 16), (25, 14)),
    *((size, size) for size in (18, 16, 14, 12, 10, 8, 7, 6, 5, 4, 3)),
)
SMALLEST_OF_MANY = 8  # rather fewer channels than smaller cells [px] …
SMALLEST_GRID = 48  # … but for cells of grids that are larger than this [px]
SIGN = 16  # room for × [px]
PARTIAL = 68  # room for a channel's sum [px]
TOTAL = 112  # room for the sum of the only channel [px]
GAP = 8  # between tiles beside each other [px]
ROW_GAP = 4  # between tiles below each other [px]


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


class Fit(NamedTuple):
    """A way to lay tiles out.

    Attributes:
        cell: Width and height of a cell [px].
        across: Tiles beside each other.
        down: Tiles below each other.
    """

    cell: tuple[int, int]
    across: int
    down: int

    @property
    def places(self) -> int:
        """How many tiles there is room for."""
        return self.across * self.down

    def rect(self, room: QRectF, shape: Sequence[int], place: int) -> QRectF:
        """Return where a tile of two grids of that shape lies in a room."""
        wide, high = tile_size(self.cell, shape)
        row, column = divmod(place, self.across)
        left, top = room.left() + column * (wide + GAP), room.top() + row * (high + ROW_GAP)
        return QRectF(left, top, wide, high)


def tile_size(cell: tuple[int, int], shape: Sequence[int]) -> tuple[float, float]:
    """Return the width and height of caption, two grids, the sign and the partial sum [px]."""
    rows, columns = shape
    return 2 * columns * cell[0] + SIGN + PARTIAL, max(rows * cell[1], 14) + CAPTION


def fit_tiles(count: int, shape: Sequence[int], width: float, height: float) -> Fit:
    """Return the largest cells with which all tiles fit, or else those that many fit with.

    Args:
        count: Tiles.
        shape: Rows and columns of each of their two grids.
        width: Of the room [px].
        height: Of the room [px].
    """
    fits = [_fit(cell, shape, width, height) for cell in CELLS]
    smallest = min(SMALLEST_OF_MANY, max(SMALLEST_GRID // max(shape), CELLS[-1][1]))
    most = max(fit.places for fit in fits if fit.cell[1] >= smallest)
    wanted = min(count, most) or 1
    return next((fit for fit in fits if fit.places >= wanted), fits[-1])


def _fit(cell: tuple[int, int], shape: Sequence[int], width: float, height: float) -> Fit:
    wide, high = tile_size(cell, shape)
    return Fit(
        cell, int((width + GAP) // (wide + GAP)), int((height + ROW_GAP) // (high + ROW_GAP))
    )


def paint_products(
    canvas: Canvas, room: QRectF, detail: Products | TransposedProducts, colors: InputColors
) -> None:
    """Paint patch × kernel for every channel, or for as many as fit, the largest sums first."""
    if detail.products.size == 0:
        canvas.text(room, "No input pixel reaches this place.", theme().quiet)
    elif len(detail.partials) == 1:
        _paint_only_channel(canvas, room, detail, colors)
    else:
        _paint_tiles(canvas, room, detail, colors)


def _paint_tiles(
    canvas: Canvas, room: QRectF, detail: Products | TransposedProducts, colors: InputColors
) -> None:
    values, weights = detail.operands
    weight_colors = signed_colors(weights)
    thin = _thin(values.shape[1:])
    padded = detail.padded[thin] if isinstance(detail, Products) else None
    shape = values[0][thin].shape
    fit = fit_tiles(len(values), shape, room.width(), room.height())
    if fit.places == 0:
        canvas.text(room, "Make this panel larger to see the patch.", theme().quiet)
        return
    order = shown_order(detail.partials, fit.places)
    for place, number in enumerate(order):
        channel = detail.channels[number]
        patch_colors = colors.of(channel, values)
        grids = [
            Grid(f"channel {channel}", values[number][thin], patch_colors, "×", padded),
            Grid("", weights[number][thin], weight_colors),
        ]
        tile = fit.rect(room, shape, place)
        end = canvas.equation(grids, _first_cell(tile, fit.cell), SIGN)
        partial = QRectF(end.x() + 6, end.y(), PARTIAL - 6, tile.height() - CAPTION)
        value = float(detail.partials[number])
        canvas.text(partial, f"= {show_number(value)}", theme().text)
        canvas.tip(partial, show_exact(value))
    if len(order) < min(len(values), fit.places):
        _paint_rest(canvas, fit.rect(room, shape, len(order)), detail.partials, order)


def _first_cell(tile: QRectF, cell: tuple[int, int]) -> QRectF:
    return QRectF(tile.left(), tile.top() + CAPTION, *cell)


def _thin(shape: Sequence[int]) -> tuple[slice, slice]:
    """Return which rows and columns of a kernel are painted."""
    rows, columns = (slice(None, None, step) for step in thinning(shape, LONGEST_KERNEL))
    return rows, columns


def shown_order(partials: FloatArray, places: int) -> list[int]:
    """Return which channels are painted: all in order, or the largest sums and a place less."""
    if len(partials) <= places:
        return list(range(len(partials)))
    order: list[int] = np.argsort(-np.abs(partials), kind="stable").tolist()
    return order[: max(places - 1, 1)]


def paint_mixture(canvas: Canvas, room: QRectF, detail: Mixture, colors: InputColors) -> None:
    """Paint the pixels × their weights = what each gives."""
    grids = [
        Grid("pixels", detail.values, colors.of(detail.channel, detail.values), "×"),
        Grid("weights", detail.weights, signed_colors(detail.weights), "="),
        Grid("products", detail.products, signed_colors(detail.products)),
    ]
    paint_equation(canvas, room, grids, total(detail.products))


def _paint_only_channel(
    canvas: Canvas, room: QRectF, detail: Products | TransposedProducts, colors: InputColors
) -> None:
    """A single channel has room for its products, too."""
    values, weights = (array[0] for array in detail.operands)
    thin = _thin(values.shape)
    channel, is_patch = detail.channels[0], isinstance(detail, Products)
    padded = detail.padded[thin] if isinstance(detail, Products) else None
    captions = ("patch", "kernel", "products") if is_patch else ("pixels", "cells", "products")
    products = detail.products[0]
    grids = [
        Grid(captions[0], values[thin], colors.of(channel, values), "×", padded),
        Grid(captions[1], weights[thin], signed_colors(weights), "="),
        Grid(captions[2], products[thin], signed_colors(products)),
    ]
    paint_equation(canvas, room, grids, total(products))


def paint_equation(
    canvas: Canvas, room: QRectF, grids: list[Grid], sum_: float | None = None
) -> None:
    """Paint grids side by side, as large as there is room for, and what they add up to."""
    rows, columns = grids[0].values.shape
    beside = OPERATOR * (len(grids) - 1) + (OPERATOR if sum_ is None else TOTAL)
    width = min((room.width() - beside) / (len(grids) * columns), WIDEST_CELL)
    height = min((room.height() - CAPTION) / rows, TALLEST_CELL)
    if width < TEXT_FROM or height < HIGH_FROM:
        width = height = min(width, height)
    first = QRectF(room.left(), room.top() + CAPTION, width, height)
    if columns * width < 70:  # captions need more room than a single cell
        first.setWidth(min(WIDEST_CELL, 70 / columns))
    end = canvas.equation(grids, first)
    if sum_ is None:
        return
    at = QRectF(end.x() + 10, end.y(), TOTAL - 10, max(rows * height, 20))
    text = f"Σ = {show_number(sum_)}"
    canvas.text(at, text, theme().text, font=canvas.sized(14, bold=True))
    canvas.tip(at, show_exact(sum_))


def _paint_rest(canvas: Canvas, room: QRectF, partials: FloatArray, order: list[int]) -> None:
    rest = total(partials) - total(partials[order])
    upper, lower = QRectF(room), QRectF(room)
    canvas.tip(room, show_exact(rest))
    upper.setHeight(CAPTION)
    lower.setTop(room.top() + CAPTION)
    canvas.text(upper, f"… {len(partials) - len(order)} smaller", theme().quiet)
    canvas.text(lower, f"Σ = {show_number(rest)}", theme().text)
