"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QMouseEvent

from convlab.document.kernel.job import KernelShown
from convlab.document.stack.arithmetic import Products
from convlab.engine.display import DisplayMode
from convlab.ui.cell_table import Cells
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.sum_cells import NONE, sum_cells
from convlab.ui.theme import px, theme
from convlab.ui.widgets.number_grid import (
    CAPTION,
    HIGH_FROM,
    OPERATOR,
    TEXT_FROM,
    Canvas,
    ColorOf,
    Grid,
    NumberPanel,
    cell_rect,
    factor,
    signed_colors,
)
from convlab.ui.widgets.sum_tiles import InputColors
from convlab.ui.widgets.unit_text import MOST_TERMS, all_terms_text, place_text

LARGEST = QSizeF(100.0, 68.0)  # of a cell [px]
READABLE = 34.0  # height of a cell that can be read at a desk [px] …
READABLE_GRID = 144.0  # … of a grid that is not higher than this [px]
CELL_SHAPE = 0.8  # height of a cell by its width
TOTAL = 200  # room for the sum [px]
GAP = 14  # between the planes [px]

HINT = (
    "Point at a pixel of either picture to see the sum behind it; click to pin it, "
    "then move it with the arrow keys."
)


class SumPanel(NumberPanel):
    """Paints the sums behind a pixel: grids for every plane, and the sums written out.

    Signals:
        pointed: The mouse is over something of which a text says the exact value; "": no more.
        hovered: (row, column) of the kernel's cell as it is laid under the mouse, or (-1, -1).
    """

    hint = HINT
    pointed = Signal(str)
    hovered = Signal(int, int)

    def __init__(self) -> None:
        super().__init__("sum_panel", "The sum behind the pixel pointed at")
        self._shown: KernelShown | None = None
        self._pinned = False
        self._cell = (-1, -1)  # of every grid: the one under the mouse
        self._firsts: list[tuple[QRectF, int, int]] = []  # first cell, rows, columns of each grid
        self.setMinimumHeight(60)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def is_empty(self) -> bool:
        return self._shown is None or not self._shown.sums

    @property
    def is_pinned(self) -> bool:
        """Whether the pixel stays when the mouse leaves."""
        return self._pinned

    @property
    def place(self) -> tuple[int, int] | None:
        """The output pixel whose sum is shown, or None."""
        return None if self._shown is None else self._shown.job.viewing.probe

    @property
    def lines(self) -> list[str]:
        """The sums that are shown, written out."""
        return [] if self._shown is None else sum_lines(self._shown)

    def set_result(self, shown: KernelShown, pinned: bool) -> None:
        """Show the arithmetic of the pixel pointed at, or the hint."""
        if not shown.sums and self.is_empty:
            return
        self._shown, self._pinned = shown, pinned
        self.setAccessibleDescription("; ".join(sum_lines(shown)) if shown.sums else HINT)
        self.update()

    def cells(self) -> Cells:
        """Say what is added up, for a screen reader."""
        shown = self._shown
        return NONE if shown is None else sum_cells(shown.sums, shown.job.names)

    def heights(self, width: int) -> tuple[int, int]:
        """Return the heights that the sums need, and are easily read with [px]."""
        shown = self._shown
        assert shown is not None
        rows, columns = shown.sums[0].padded.shape
        count = len(shown.job.names)
        grids = 3 if count == 1 else 2
        beside = px(TOTAL) if len(shown.sums) == 1 else 0
        room = (width - count * (px(OPERATOR) + px(GAP)) - beside) / (count * grids * columns)
        cell = min(max(room, 3.0) * CELL_SHAPE, px(LARGEST.height()))
        around = px(CAPTION) + 8
        readable = min(px(READABLE), px(READABLE_GRID) / rows)
        needed, wanted = (min(each, cell) * rows for each in (readable, px(LARGEST.height())))
        return around + round(max(needed, 40)), around + round(max(wanted, 60))

    def show_cell(self, row: int, column: int) -> None:
        """Frame a cell of the kernel as it is laid, and what it meets and gives; -1: none."""
        if (row, column) != self._cell:
            self._cell = (row, column)
            self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        shown = self._shown
        assert shown is not None
        self._firsts = []
        room = QRectF(0, 4, self.width(), self.height() - 8)
        if len(shown.job.names) == 1:
            self._paint_plane(canvas, room, shown)
        else:
            self._paint_planes(canvas, room, shown)
        for first, rows, columns in self._firsts:
            if 0 <= self._cell[0] < rows and 0 <= self._cell[1] < columns:
                canvas.frame(cell_rect(first, *self._cell), theme().mark)

    def _paint_plane(self, canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
        """Paint patch × kernel = products, and how much that is."""
        (sum_,) = shown.sums
        patch, kernel, products = sum_.patch[0], sum_.kernel[0], sum_.products[0]
        at, laid = place_text(*sum_.corner), "flipped 180°" if sum_.flipped else "as written"
        laid += _divided(shown)
        grids = [
            Grid(f"input at {at}", patch, _colors(shown, 0), "×", sum_.padded),
            Grid(f"kernel, {laid}", kernel, signed_colors(kernel), "="),
            Grid("products", products, signed_colors(products)),
        ]
        end = self._paint_grids(canvas, room, grids, px(TOTAL))
        _paint_total(canvas, QRectF(end, QPointF(room.right(), room.bottom())), sum_)

    def _paint_planes(self, canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
        """Paint what goes in and the products of each plane side by side."""
        planes = [(sum_, number) for sum_ in shown.sums for number in range(len(sum_.patch))]
        is_one = len(shown.sums) == 1
        width = (room.width() - (px(TOTAL) if is_one else 0)) / len(planes)
        for place, (sum_, number) in enumerate(planes):
            partial = f"Σ = {show_number(float(sum_.partials[number]))}"
            part = f"{shown.job.names[place]}    {partial if is_one else total_text(sum_)}"
            products = sum_.products[number]
            grids = [
                Grid(part, sum_.patch[number], _colors(shown, place), "→", sum_.padded),
                Grid("", products, signed_colors(products)),
            ]
            left = QRectF(room.left() + place * width, room.top(), width - px(GAP), room.height())
            self._paint_grids(canvas, left, grids)
        if is_one:
            right = room.adjusted(room.width() - px(TOTAL), px(CAPTION), 0, 0)
            _paint_total(canvas, right, shown.sums[0])

    def _paint_grids(
        self, canvas: Canvas, room: QRectF, grids: list[Grid], beside: int = 0
    ) -> QPointF:
        """Paint grids as large as there is room for; returns the top right end."""
        rows, columns = grids[0].values.shape
        signs = px(OPERATOR) * (len(grids) - 1) + beside
        width = min((room.width() - signs) / (len(grids) * columns), px(LARGEST.width()))
        height = min((room.height() - px(CAPTION)) / rows, px(LARGEST.height()), width / 1.1)
        width = min(width, 1.7 * height)
        if width < px(TEXT_FROM) or height < px(HIGH_FROM):
            width = height = min(width, height)
        first = QRectF(room.left(), room.top() + px(CAPTION), width, height)
        shift = columns * width + px(OPERATOR)
        for number in range(len(grids)):
            self._firsts.append((first.translated(number * shift, 0), rows, columns))
        return canvas.equation(grids, first)

    # ---- mouse: what is said stands in the status bar, nothing covers what is compared ----

    def tip_at(self, position: QPointF) -> str | None:
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        text = "" if self.is_empty else super().tip_at(event.position())
        self.pointed.emit(text or "")
        cell = self._cell_at(event.position())
        if cell != self._cell:
            self.hovered.emit(*cell)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")
        self.hovered.emit(-1, -1)
        super().leaveEvent(event)

    def _cell_at(self, position: QPointF) -> tuple[int, int]:
        for first, rows, columns in self._firsts:
            row = int((position.y() - first.top()) // first.height())
            column = int((position.x() - first.left()) // first.width())
            if 0 <= row < rows and 0 <= column < columns:
                return row, column
        return -1, -1


def _colors(shown: KernelShown, plane: int) -> ColorOf:
    """Return the colours in which the input is painted."""
    source = shown.input.parts[plane] if shown.input.parts else shown.input
    mode = DisplayMode.RAW if len(source.planes) > 1 else source.mode
    return InputColors(mode, (source.scale,)).of(0, source.planes)


def total_text(sum_: Products) -> str:
    """Return what the products add up to, with the offset and what comes of it."""
    offset = "" if sum_.bias is None else f" + {factor(show_number(sum_.bias))}"
    return f"Σ{offset} = {show_number(sum_.result)}"


def _divided(shown: KernelShown) -> str:
    """Return what the kernel as it is laid was divided by, or an empty text."""
    state = shown.job.state
    divisor = float(state.scaling.divisors(state.bank())[0])
    return "" if divisor == 1.0 else f", ÷ {show_number(divisor)}"


def _paint_total(canvas: Canvas, room: QRectF, sum_: Products) -> None:
    """Write what the products add up to, as large as there is room for."""
    text = total_text(sum_)
    fonts = [canvas.sized(px(size), bold=True) for size in (26, 22, 18, 14)]
    left = room.adjusted(18, 0, 0, 0)
    font = next((each for each in fonts if canvas.width_of(text, each) <= left.width()), fonts[-1])
    at = QRectF(left.left(), left.top(), left.width(), max(left.height(), 20))
    canvas.text(at, text, theme().text, font=font)
    canvas.tip(at, show_exact(sum_.result))


def sum_lines(shown: KernelShown, most: int = MOST_TERMS) -> list[str]:
    """The sum in words: one line for a map, or one per plane that is filtered on its own.

    At most so many terms are written out, those with a weight of zero last.
    """
    at = place_text(*(shown.job.viewing.probe or (0, 0)))
    names = shown.job.names if len(shown.sums) > 1 else ("output",)
    return [
        f"{name} {at} = {all_terms_text(sum_, most)}"
        for name, sum_ in zip(names, shown.sums, strict=True)
    ]
