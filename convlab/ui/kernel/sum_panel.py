"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from convlab.document.kernel.job import KernelShown
from convlab.ui.cell_table import Cells
from convlab.ui.kernel.sum_grids import (
    lens_grids,
    pair_of_grids,
    plane_grids,
    products_grid,
    shortened,
    shown_text,
    total_text,
)
from convlab.ui.numbers import show_exact
from convlab.ui.sum_cells import NONE, sum_cells
from convlab.ui.sum_lens import GAP as LENS_GAP
from convlab.ui.sum_lens import Part, Placed, found_at, part_around, share
from convlab.ui.theme import px, theme
from convlab.ui.widgets.arrows import ARROWS, moved
from convlab.ui.widgets.number_grid import (
    CAPTION,
    HIGH_FROM,
    LINE,
    OPERATOR,
    TEXT_FROM,
    Canvas,
    Grid,
    NumberPanel,
    cell_rect,
)
from convlab.ui.widgets.unit_text import MOST_TERMS, all_terms_text, place_text

LARGEST = QSizeF(100.0, 68.0)  # of a cell [px]
READABLE = 34.0  # height of a cell that can be read at a desk [px] …
READABLE_GRID = 144.0  # … of a grid that is not higher than this [px]
CELL_SHAPE = 0.8  # height of a cell by its width
TOTAL = 200  # room for the sum [px]
GAP = 14  # between the planes [px]

SEEN, SHOWN_AS = "shown as {}", ", shown as {}"

HINT = (
    "Point at a pixel of either picture to see the sum behind it; click to pin it, "
    "then move it with the arrow keys."
)


class SumPanel(NumberPanel):
    """Paints the sums behind a pixel: grids for every plane; of large ones a part has its numbers.

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
        self._focus: tuple[int, int] | None = None  # the last of these: the lens stays there
        self._plane = 0  # whose numbers the lens shows
        self._placed: list[Placed] = []
        self.setMinimumHeight(60)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

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
            self._focus = self._cell if row >= 0 else self._focus
            self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        shown = self._shown
        assert shown is not None
        self._placed = []
        room = QRectF(0, 4, self.width(), self.height() - 8)
        is_single = len(shown.job.names) == 1
        if self._has_room(room, shown):
            if is_single:
                self._paint_plane(canvas, room, shown)
            else:
                self._paint_planes(canvas, room, shown)
        else:
            self._paint_with_lens(canvas, room, shown)
        for placed in self._placed:
            cell = placed.inside(self._cell)
            if cell is not None:
                canvas.frame(cell_rect(placed.first, *cell), theme().mark)

    def _has_room(self, room: QRectF, shown: KernelShown) -> bool:
        """Tell whether the cells have room for their numbers."""
        rows, columns = shown.sums[0].padded.shape
        count = len(shown.job.names)
        grids = 3 if count == 1 else 2
        beside = px(TOTAL) if len(shown.sums) == 1 else 0
        signs = count * ((grids - 1) * px(OPERATOR) + (px(GAP) if count > 1 else 0))
        wide = (room.width() - beside - signs) / (count * grids * columns)
        high: float = (room.height() - px(CAPTION)) / rows
        return wide >= px(TEXT_FROM) and high >= px(HIGH_FROM)

    def _paint_plane(self, canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
        """Paint patch × kernel = products, and how much that is."""
        end = self._paint_grids(canvas, room, plane_grids(shown), beside=px(TOTAL))
        rest = QRectF(end, QPointF(room.right(), room.bottom()))
        _paint_total(canvas, rest, shown)

    def _paint_planes(self, canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
        """Paint what goes in and the products of each plane side by side."""
        is_one = len(shown.sums) == 1
        count = len(shown.job.names)
        width = (room.width() - (px(TOTAL) if is_one else 0)) / count
        for place in range(count):
            left = QRectF(room.left() + place * width, room.top(), width - px(GAP), room.height())
            self._paint_grids(canvas, left, pair_of_grids(shown, place), place)
        if is_one:
            right = room.adjusted(room.width() - px(TOTAL), px(CAPTION), 0, 0)
            _paint_total(canvas, right, shown)

    def _paint_with_lens(self, canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
        """Paint the whole as small pictures, and with its numbers the part around a cell."""
        count = len(shown.job.names)
        rooms = share(room, 3 if count == 1 else 1, count)
        width = (rooms.whole.width() + px(LENS_GAP)) / count
        for place in range(count):
            grids = plane_grids(shown) if count == 1 else [products_grid(shown, place)]
            left = rooms.whole.left() + place * width
            at = QRectF(left, room.top(), width - px(LENS_GAP), room.height())
            self._paint_grids(canvas, at, grids, place)
        plane = min(self._plane, count - 1)
        shape = shown.sums[0].padded.shape
        focus = self._focus or (shape[0] // 2, shape[1] // 2)
        part = part_around(shape, focus, (rooms.rows, rooms.columns))
        for placed in self._placed:
            if placed.plane == plane:
                canvas.frame(part.rect(placed.first), theme().mark)
        self._paint_grids(canvas, rooms.lens, lens_grids(shown, plane, part), plane, part)

    def _paint_grids(
        self,
        canvas: Canvas,
        room: QRectF,
        grids: list[Grid],
        plane: int = 0,
        part: Part | None = None,
        beside: int = 0,
    ) -> QPointF:
        """Paint grids as large as there is room for; returns the top right end.

        Args:
            canvas: Paints.
            room: Where [px].
            grids: All of one shape.
            plane: Of which plane they are.
            part: Which part of the kernel they hold; None: all of it.
            beside: Room that is left free at the right [px].
        """
        rows, columns = grids[0].values.shape
        signs = px(OPERATOR) * (len(grids) - 1) + beside
        width = min((room.width() - signs) / (len(grids) * columns), px(LARGEST.width()))
        height = min((room.height() - px(CAPTION)) / rows, px(LARGEST.height()), width / 1.1)
        width = min(width, 1.7 * height)
        if width < px(TEXT_FROM) or height < px(HIGH_FROM):
            width = height = min(width, height)
        first = QRectF(room.left(), room.top() + px(CAPTION), width, height)
        shift = columns * width + px(OPERATOR)
        corner = (0, 0) if part is None else (part.row, part.column)
        for number in range(len(grids)):
            at = first.translated(number * shift, 0)
            self._placed.append(Placed(at, (rows, columns), corner, plane))
        most: float = max(columns * width, 60.0) + px(OPERATOR) - 4

        def fits(text: str) -> bool:
            return canvas.width_of(text) <= most

        captioned = [replace(grid, caption=shortened(grid.caption, fits)) for grid in grids]
        return canvas.equation(captioned, first, px(OPERATOR))

    # ---- mouse: what is said stands in the status bar, nothing covers what is compared ----

    def tip_at(self, position: QPointF) -> str | None:
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        text = "" if self.is_empty else super().tip_at(event.position())
        self.pointed.emit(text or "")
        cell, plane = found_at(self._placed, event.position())
        if cell != self._cell:
            self.hovered.emit(*cell)
        if plane is not None and plane != self._plane:
            self._plane = plane
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from cell to cell of the kernel with the arrows."""
        key = Qt.Key(event.key())
        if key not in ARROWS or self._shown is None or not self._shown.sums:
            super().keyPressEvent(event)
            return
        shape = self._shown.sums[0].padded.shape
        focus = self._focus or (shape[0] // 2, shape[1] // 2)
        self.hovered.emit(*moved(focus, ARROWS[key], shape))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")
        self.hovered.emit(-1, -1)
        super().leaveEvent(event)


def _paint_total(canvas: Canvas, room: QRectF, shown: KernelShown) -> None:
    """Write what the products add up to, large, and as what that is shown."""
    sum_, seen = shown.sums[0], shown_text(shown, 0, SEEN)
    text = total_text(sum_)
    fonts = [canvas.sized(px(size), bold=True) for size in (26, 22, 18, 14)]
    left = room.adjusted(18, 0, 0, 0)
    font = next((each for each in fonts if canvas.width_of(text, each) <= left.width()), fonts[-1])
    at = QRectF(left.left(), left.top(), left.width(), max(left.height(), 20))
    canvas.text(at, text, theme().text, font=font)
    canvas.tip(at, show_exact(sum_.result))
    if seen:
        middle, line = at.center().y(), px(LINE)
        below = QRectF(at.left(), middle + font.pixelSize() * 0.7, at.width(), line)
        canvas.text(below, seen, theme().quiet)


def sum_lines(shown: KernelShown, most: int = MOST_TERMS) -> list[str]:
    """The sum in words: one line for a map, or one per plane that is filtered on its own.

    At most so many terms are written out, those with a weight of zero last.
    """
    at = place_text(*(shown.job.viewing.probe or (0, 0)))
    names = shown.job.names if len(shown.sums) > 1 else ("output",)
    return [
        f"{name} {at} = {all_terms_text(sum_, most)}{shown_text(shown, place, SHOWN_AS)}"
        for place, (name, sum_) in enumerate(zip(names, shown.sums, strict=True))
    ]
