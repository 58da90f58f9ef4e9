"""The sliding window on a small grid of numbers: the input, the kernel, and the output so far."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent

from convlab.document.kernel.job import KernelShown, Slide
from convlab.document.kernel.slide import Span, place_of, waiting_spans
from convlab.ui.cell_table import Cells
from convlab.ui.kernel.sum_grids import colors_of, output_colors, shortened
from convlab.ui.kernel.sum_panel import sum_lines
from convlab.ui.numbers import show_number
from convlab.ui.sum_cells import NONE
from convlab.ui.theme import px, theme
from convlab.ui.widgets.arrows import ARROWS
from convlab.ui.widgets.number_grid import (
    CAPTION,
    HIGH_FROM,
    LINE,
    OPERATOR,
    TEXT_FROM,
    Canvas,
    Grid,
    GridTip,
    NumberPanel,
    Tip,
    cell_rect,
    fitting_text,
    signed_colors,
)
from convlab.ui.widgets.unit_text import MOST_TERMS, place_text

ROW, COLUMN = 17, 32  # of a number that can be read [px]
LARGEST_CELL = 64  # width [px]
CELL_SHAPE = 0.62  # height of the largest cell by its width
EASY_ROW = 26  # height that is easily read [px]
SMALL, FEW = 8, 5  # so many rows of a picture are all wanted; of a larger one fewer are needed
MANY = 10  # rows that are enough


class _Cells(NamedTuple):
    """All cells of a page, painted, what they look like, and what they say under the mouse."""

    key: object
    picture: QPixmap
    tips: list[Tip | GridTip]


class SlideGrid(NumberPanel):
    """Paints what the window meets, and the output as far as it is filled.

    Signals:
        place_chosen: (row, column) of the output that was clicked.
        pixel_chosen: (row, column) of the input that was clicked.
        nudged: The arrow keys: by (rows, columns).
        room_changed: (rows, columns) of numbers that there is room for.
    """

    hint = "Play, or step, to see the window slide over the input and the output fill."
    place_chosen = Signal(int, int)
    pixel_chosen = Signal(int, int)
    nudged = Signal(int, int)
    room_changed = Signal(int, int)

    def __init__(self) -> None:
        super().__init__("slide_grid", "The window, the kernel and the output so far")
        self._shown: KernelShown | None = None
        self._firsts: dict[str, QRectF] = {}  # first cell of each grid
        self._cells: _Cells | None = None
        self.setMinimumHeight(60)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def slide(self) -> Slide | None:
        """What is shown."""
        return None if self._shown is None else self._shown.slide

    @property
    def is_empty(self) -> bool:
        return self.slide is None

    @property
    def captions(self) -> list[str]:
        """What stands over the input, the kernel and the output where there is room for it."""
        shown, slide = self._shown, self.slide
        found = [] if shown is None or slide is None else _grids(shown, slide)
        return [grid.caption for grid in found]

    def show_slide(self, shown: KernelShown) -> None:
        """Show how far the window has come in a result."""
        self._shown = shown
        slide = shown.slide
        if slide is not None and shown.sums:
            self.setAccessibleDescription("; ".join(sum_lines(shown)))
        self.update()

    def heights(self) -> tuple[int, int]:
        """Return the heights that the numbers need, and are easily read with [px]."""
        around = px(CAPTION) + px(LINE) + 8
        rows = FEW
        if self._shown is not None:
            (top, bottom, _, _), (size, _) = self._shown.job.padding, self._shown.job.input_size
            rows = top + size + bottom
        needed = rows if rows <= SMALL else FEW
        return around + needed * px(ROW), around + min(rows, MANY) * px(EASY_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rows = (self._room().height() - px(CAPTION)) // px(ROW)
        columns = (self._room().width() - 2 * px(OPERATOR)) // px(COLUMN)
        self.room_changed.emit(max(int(rows), 1), max(int(columns), 1))

    def _room(self) -> QRectF:
        return QRectF(0, 2, self.width(), self.height() - px(LINE) - 6)

    def cells(self) -> Cells:
        """Say the output so far, for a screen reader."""
        slide = self.slide
        if slide is None:
            return NONE
        assert self._shown is not None
        plane = min(self._shown.job.viewing.slide_plane, len(slide.outputs) - 1)
        (top, left), outputs = slide.first, slide.outputs[plane]

        def text(row: int, column: int) -> str:
            is_waiting = bool(slide.waiting[row, column])
            return "waiting" if is_waiting else show_number(float(outputs[row, column]))

        return Cells(
            (outputs.shape[0], outputs.shape[1]),
            text,
            lambda row: f"row {top + row}",
            lambda column: f"column {left + column}",
            lambda row, column: cell_rect(self._firsts.get("output", QRectF()), row, column),
        )

    # ---- painting ----

    def paint_numbers(self, canvas: Canvas) -> None:
        """Paint the cells once for each page, and what moves over them."""
        shown, slide = self._shown, self.slide
        assert shown is not None
        assert slide is not None
        grids = _grids(shown, slide)
        first = self._first_cell(grids)
        self._firsts = _first_cells(grids, first)
        key = _looks(grids, first, shown), self.size(), self.devicePixelRatioF(), theme()
        if self._cells is None or self._cells.key != key:
            self._cells = self._painted(grids, first, key)
        canvas.painter.drawPixmap(0, 0, self._cells.picture)
        canvas.tips += self._cells.tips
        output = self._firsts["output"]
        for row, column, rows, columns in _waiting(slide):
            end = cell_rect(output, row + rows, column + columns).topLeft()
            cover = QRectF(cell_rect(output, row, column).topLeft(), end)
            canvas.painter.fillRect(cover, QColor(theme().cover))
        self._frame_window(canvas, shown, slide)
        probe = shown.job.viewing.probe
        assert probe is not None
        row, column = (at - start for at, start in zip(probe, slide.first, strict=True))
        canvas.frame(cell_rect(output, row, column), theme().mark)
        self._paint_line(canvas, shown)

    def _painted(self, grids: list[Grid], first: QRectF, key: object) -> _Cells:
        """Paint all cells on a transparent picture."""
        density = self.devicePixelRatioF()
        picture = QPixmap(self.size() * density)
        picture.setDevicePixelRatio(density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        canvas = Canvas(painter, self.font())
        try:
            canvas.equation(
                [_captioned(canvas, grid, first) for grid in grids], first, px(OPERATOR)
            )
        finally:  # a painter that outlives what it paints on takes the process with it
            painter.end()
        return _Cells(key, picture, canvas.tips)

    def _first_cell(self, grids: list[Grid]) -> QRectF:
        """Return the first cell, as large as there is room for all."""
        room = self._room()
        rows = max(grid.values.shape[0] for grid in grids)
        columns = sum(grid.values.shape[1] for grid in grids)
        width = min((room.width() - 2 * px(OPERATOR)) / columns, px(LARGEST_CELL))
        height = min((room.height() - px(CAPTION)) / rows, px(LARGEST_CELL) * CELL_SHAPE)
        width = min(width, 2.2 * height)
        height = min(height, width)
        if width < px(TEXT_FROM) or height < px(HIGH_FROM):
            width = height = min(width, height)
        return QRectF(room.left() + 1, room.top() + px(CAPTION), width, height)

    def _frame_window(self, canvas: Canvas, shown: KernelShown, slide: Slide) -> None:
        """Frame the window, or its cells where they lie apart."""
        first, (down, across) = self._firsts["input"], shown.job.axes
        (row, column), step = slide.window, down.dilation
        whole = cell_rect(first, row, column)
        if step == 1:
            whole.setWidth(first.width() * across.kernel)
            whole.setHeight(first.height() * down.kernel)
            canvas.frame(whole, theme().mark)
            return
        for i in range(down.kernel):
            for j in range(across.kernel):
                canvas.frame(cell_rect(first, row + step * i, column + step * j), theme().mark)

    def _paint_line(self, canvas: Canvas, shown: KernelShown) -> None:
        """Write the sum of this place."""
        plane = min(shown.job.viewing.slide_plane, len(shown.sums) - 1)
        text = fitting_text(
            lambda most: sum_lines(shown, most)[plane],
            MOST_TERMS,
            lambda text: canvas.width_of(text) <= self.width(),
        )
        room = QRectF(0, self.height() - px(LINE), self.width(), px(LINE))
        canvas.text(room, text, theme().text)

    # ---- mouse and keyboard ----

    def tip_at(self, position: QPointF) -> str | None:
        return None  # it would cover what is compared

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        slide = self.slide
        if slide is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        for name, origin, shape, said in (
            ("output", slide.first, slide.waiting.shape, self.place_chosen),
            ("input", slide.corner, slide.padded.shape, self.pixel_chosen),
        ):
            first = self._firsts.get(name, QRectF(0, 0, 1, 1))
            row = int((event.position().y() - first.top()) // first.height())
            column = int((event.position().x() - first.left()) // first.width())
            if 0 <= row < shape[0] and 0 <= column < shape[1]:
                said.emit(origin[0] + row, origin[1] + column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            self.nudged.emit(*ARROWS[key])
        else:
            super().keyPressEvent(event)


def _grids(shown: KernelShown, slide: Slide) -> list[Grid]:
    """Return input, kernel and output; of several planes those of the chosen one."""
    names = shown.job.names
    plane = min(shown.job.viewing.slide_plane, len(names) - 1)
    is_one = len(shown.sums) == 1
    sum_ = shown.sums[0 if is_one else plane]
    kernel = sum_.kernel[plane if is_one else 0]
    of = f" {names[plane]}" if len(names) > 1 else ""
    laid = "flipped 180°" if sum_.flipped else "as written"
    return [
        Grid(
            f"input{of} from {place_text(*slide.corner)}",
            slide.values[plane],
            colors_of(shown.input, plane),
            "×",
            slide.padded,
        ),
        Grid(f"kernel, {laid}", kernel, signed_colors(kernel), "→" if is_one and of else "="),
        Grid(
            f"output{'' if is_one else of} from {place_text(*slide.first)}",
            slide.outputs[0 if is_one else plane],
            output_colors(shown.output, 0 if is_one else plane),
        ),
    ]


def _captioned(canvas: Canvas, grid: Grid, first: QRectF) -> Grid:
    """Return a grid with as much of its caption as there is room for."""
    room = grid.values.shape[1] * first.width()
    caption = shortened(grid.caption, lambda text: canvas.width_of(text) <= room)
    return replace(grid, caption=caption)


def _looks(grids: list[Grid], first: QRectF, shown: KernelShown) -> tuple[object, ...]:
    """Return all that the cells look like, to be compared with another."""
    numbers = tuple((grid.caption, grid.values.tobytes()) for grid in grids)
    scales = [(panel.mode, panel.scale) for panel in (shown.input, shown.output)]
    return numbers, first, scales, shown.job.palette


def _waiting(slide: Slide) -> list[Span]:
    """Return the parts of the output's grid where the window has not been yet."""
    rows, columns = slide.waiting.shape
    return waiting_spans(
        place_of(int((~slide.waiting).sum()) - 1, (rows, columns)), (rows, columns)
    )


def _first_cells(grids: list[Grid], first: QRectF) -> dict[str, QRectF]:
    """Return where each grid begins."""
    found = {}
    for name, grid in zip(("input", "kernel", "output"), grids, strict=True):
        found[name] = QRectF(first)
        first = first.translated(grid.values.shape[1] * first.width() + px(OPERATOR), 0)
    return found
