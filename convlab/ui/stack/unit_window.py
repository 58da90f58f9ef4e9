"""A pooling window, and beside it what other ways to shrink a map would give."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from convlab.document.stack.arithmetic import Choice, Pooling
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_exact
from convlab.ui.theme import px, theme
from convlab.ui.widgets.number_grid import (
    CENTER,
    HIGH_FROM,
    TALLEST_CELL,
    TEXT_FROM,
    WIDEST_CELL,
    Canvas,
    Grid,
    cell_rect,
)
from convlab.ui.widgets.sum_tiles import InputColors
from convlab.ui.widgets.unit_text import choices, window_thinning

BOX = 126  # widest box of a result [px]
BOX_HEIGHT = 76  # [px]
GAP = 24  # [px]


def paint_choice(canvas: Canvas, room: QRectF, detail: Choice, colors: InputColors) -> None:
    """Paint the window with its largest cell framed, and the three results side by side."""
    values, step = thin_window(detail)
    rows, columns = values.shape
    width = min(room.width() * 0.45 / columns, px(WIDEST_CELL))
    height = min(room.height() / rows, px(TALLEST_CELL) + 6.0)
    if width < px(TEXT_FROM) or height < px(HIGH_FROM):
        width = height = min(width, height)
    first = QRectF(room.left(), room.top(), width, height)
    thin = slice(None, None, step[0]), slice(None, None, step[1])
    outside = ~detail.inside[thin]
    met = detail.inside if detail.pooling is Pooling.LARGEST else detail.counted
    color_of = colors.of(detail.channel, detail.values)
    canvas.grid(Grid("", values, color_of, padded=outside, hidden=~met[thin]), first)
    if detail.best is not None:
        row, column = detail.best[0] // step[0], detail.best[1] // step[1]
        canvas.frame(cell_rect(first, row, column), theme().mark)
    left = room.left() + columns * width + px(GAP)
    _paint_results(canvas, QRectF(left, room.top(), room.right() - left, room.height()), detail)


def thin_window(detail: Choice) -> tuple[AnyArray, tuple[int, int]]:
    """Return the cells painted of a window, the largest among them, and how many are skipped."""
    rows, columns = window_thinning(detail)
    values = detail.values[::rows, ::columns].copy()
    if detail.best is not None:
        values[detail.best[0] // rows, detail.best[1] // columns] = detail.values[detail.best]
    return values, (rows, columns)


def _paint_results(canvas: Canvas, room: QRectF, detail: Choice) -> None:
    width = min(room.width() / 3, px(BOX))
    height = min(room.height(), px(BOX_HEIGHT))
    exact = (detail.largest, detail.mean, detail.strided)
    for place, (name, value, used) in enumerate(choices(detail)):
        left = room.left() + place * width
        box = QRectF(left, room.top(), width - 8, height)
        _paint_result(canvas, box, name, value, used)
        number = exact[place]
        if number is not None:
            canvas.tip(box, show_exact(number))


def _paint_result(canvas: Canvas, box: QRectF, name: str, value: str, used: bool) -> None:
    color = theme().text if used else theme().quiet
    if used:
        canvas.frame(box, theme().mark)
    third = box.height() / 3
    line = QRectF(box.left() + 4, box.top(), box.width() - 8, third)
    canvas.text(line.translated(0, 2), name, theme().quiet, CENTER)
    is_number = any(sign.isdigit() for sign in value)
    font = canvas.sized(px(17 if is_number else 12), bold=used)
    canvas.text(line.translated(0, third), value, color, CENTER, font)
    if used:
        canvas.text(line.translated(0, 2 * third - 2), "this layer", color, CENTER)
