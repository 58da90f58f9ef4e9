"""All products f(a) g(b) as a table, in which the diagonal of one c stands out."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen

from convlab.document.signal.table import Table
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.signals.signal_colors import f_color, g_color, product_color
from convlab.ui.taken import Taken
from convlab.ui.theme import px, text_on, theme
from convlab.ui.widgets.number_grid import CENTER, RIGHT, Canvas, NumberPanel

TITLE = 24.0  # [px]
HEAD = 34.0  # height of the values of g, with their b [px]
SIDE = 66.0  # width of the values of f, with their a [px]
FOOT = 22.0  # [px]
MOST_STRETCHED = 3.0  # width of a cell to its height
WIDEST, TALLEST = 78.0, 70.0  # a cell [px]
LOW = 200.0  # a lower view leaves out the b of each value, and what is said below [px]
TEXT_FROM = (26.0, 12.0)  # smaller cells show only their colour [px]
STRONGEST = 0.95  # opacity of the largest product on the diagonal


class TableView(NumberPanel):
    """Paints the products; a place under the mouse points at its pair, a click chooses its c.

    Signals:
        pair_pointed: The sample a of f whose pair lies under the mouse, or None.
        place_chosen: The c that a pressed cell belongs to.
    """

    hint = "f and g are zero everywhere: there are no products."

    pair_pointed = Signal(object)
    place_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("table_view", "All products f(a) g(b)")
        self.setMouseTracking(True)
        self._table: Table | None = None
        self._c = 0
        self._pair: int | None = None

    @property
    def is_empty(self) -> bool:
        return self._table is None or not self._table.products.any()

    def show_table(self, table: Table, c: int) -> None:
        """Show a table, and the diagonal of a place."""
        self._table, self._c = table, c
        self._describe()
        self.update()

    def show_pair(self, a: int | None) -> None:
        """Let the pair of a sample of f stand out on the diagonal."""
        if a != self._pair:
            self._pair = a
            self.update()

    def _describe(self) -> None:
        table = self._table
        if table is None:
            return
        on = table.products[table.places == self._c]
        numbers = ", ".join(show_number(float(product)) for product in on)
        said = f"{self._title()}: {numbers or 'no product'}"
        self.setAccessibleDescription(said)

    def _title(self) -> str:
        sign = "+" if self._table is None or self._table.is_flipped else "−"
        return f"f(a) g(b), diagonal a {sign} b = {show_number(self._c)}"

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Return (row, column) of the cell at a place."""
        if self._table is None:
            return None
        first = self._first()
        row = int((position.y() - first.top()) // first.height())
        column = int((position.x() - first.left()) // first.width())
        rows, columns = self._table.products.shape
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell is painted."""
        first = self._first()
        return first.translated(column * first.width(), row * first.height())

    def _first(self) -> QRectF:
        """Return the place of the cell at the top left."""
        assert self._table is not None
        rows, columns = self._table.products.shape
        above, below = self._margins()
        room = QRectF(self.rect()).adjusted(px(SIDE), above, -4, -below)
        width = min(max(room.width() / columns, 4.0), px(WIDEST))
        height = min(max(room.height() / rows, 4.0), px(TALLEST), width * 1.1)
        return QRectF(room.left(), room.top(), min(width, height * MOST_STRETCHED), height)

    @property
    def _is_low(self) -> bool:
        return self.height() < px(LOW)

    def _margins(self) -> tuple[float, float]:
        """Return the height above and below the cells [px]."""
        head = HEAD / 2 if self._is_low else HEAD
        return px(TITLE + head), 2.0 if self._is_low else px(FOOT)

    # ---- painting ----

    def paint_numbers(self, canvas: Canvas) -> None:
        assert self._table is not None
        table, first = self._table, self._first()
        bold = canvas.sized(px(13), bold=True)
        title = QRectF(4, 0, self.width() - 8, px(TITLE))
        canvas.text(title, self._title(), theme().text, font=bold)
        self._paint_heads(canvas, table, first)
        largest = float(np.abs(table.products).max())
        has_text = first.width() >= px(TEXT_FROM[0]) and first.height() >= px(TEXT_FROM[1])
        for row, column in np.ndindex(table.products.shape):
            self._paint_cell(canvas, table, (row, column), largest, has_text)
        if not self._is_low:
            low = first.top() + first.height() * len(table.a)
            more = " (a part is shown)" if table.is_cut else ""
            below = QRectF(4, low + 2, self.width() - 8, px(FOOT) - 2)
            canvas.text(below, f"each diagonal adds up to one c{more}", theme().quiet)

    def _paint_heads(self, canvas: Canvas, table: Table, first: QRectF) -> None:
        strong, small = canvas.sized(px(12), bold=True), canvas.sized(px(11))
        tiny, half = canvas.sized(px(9)), px(HEAD) / 2
        for column, (b, value) in enumerate(zip(table.b.tolist(), table.g.tolist(), strict=True)):
            top = QRectF(first.left() + column * first.width(), px(TITLE), first.width(), half)
            text = show_number(value, 2)
            fits = canvas.width_of(text, strong) <= top.width()
            canvas.text(top, text, g_color(), CENTER, strong if fits else tiny)
            name = f"b = {b}"
            if not self._is_low and canvas.width_of(name, small) <= top.width():
                canvas.text(top.translated(0, half), name, g_color(), CENTER, small)
        for row, (a, value) in enumerate(zip(table.a.tolist(), table.f.tolist(), strict=True)):
            high = min(first.height() / 2, px(17.0))
            middle = first.top() + (row + 0.5) * first.height()
            upper = QRectF(0, middle - high, px(SIDE) - 8, high)
            if first.height() < px(28.0):  # one line has room
                line = QRectF(0, middle - px(8.0), upper.width(), px(16.0))
                canvas.text(line, show_number(value, 2), f_color(), RIGHT, strong)
                continue
            canvas.text(upper, show_number(value, 2), f_color(), RIGHT, strong)
            canvas.text(upper.translated(0, high), f"a = {a}", f_color(), RIGHT, small)

    def _paint_cell(
        self,
        canvas: Canvas,
        table: Table,
        place: tuple[int, int],
        largest: float,
        has_text: bool,
    ) -> None:
        product, c = float(table.products[place]), int(table.places[place])
        is_on = c == self._c
        share = abs(product) / largest
        color = QColor(product_color() if is_on else theme().quiet)
        color.setAlphaF((0.25 + 0.7 * share) if is_on else 0.06 + 0.3 * share)
        rect = self.cell_rect(*place).adjusted(1.5, 1.5, -1.5, -1.5)
        painter = canvas.painter
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(rect, 4, 4)
        if is_on and table.a[place[0]] == self._pair:
            painter.setPen(QPen(QColor(theme().mark), 2.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 4, 4)
        if has_text:
            on_panel = _blended(color)
            ink = text_on(on_panel).name() if is_on else theme().text
            size = canvas.sized(max(round(min(px(13), rect.width() * 0.26)), 8), bold=is_on)
            canvas.text(rect, show_number(product, 3), ink, CENTER, size)
        a, b = int(table.a[place[0]]), int(table.b[place[1]])
        sign = "+" if table.is_flipped else "−"
        factors = f"f({a}) g({b}) = {show_exact(float(table.f[place[0]]))}"
        factors += f" × {show_exact(float(table.g[place[1]]))} = {show_exact(product)}"
        canvas.tip(rect, f"{factors}; belongs to c = a {sign} b = {c}")

    def taken_at(self, position: QPoint) -> Taken | None:
        return None if self._table is None else Taken("products", self._table.products)

    # ---- mouse ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pair_pointed.emit(self._pair_at(event.position()))
        is_cell = self.cell_at(event.position()) is not None
        shapes = Qt.CursorShape
        self.setCursor(shapes.PointingHandCursor if is_cell else shapes.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pair_pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and cell is not None:
            assert self._table is not None
            self.place_chosen.emit(int(self._table.places[cell]))
            self.pair_pointed.emit(int(self._table.a[cell[0]]))

    def _pair_at(self, position: QPointF) -> int | None:
        cell, table = self.cell_at(position), self._table
        if cell is None or table is None or table.places[cell] != self._c:
            return None
        return int(table.a[cell[0]])


def _blended(color: QColor) -> QColor:
    """Return what a translucent colour looks like on the panel."""
    back, share = QColor(theme().panel), color.alphaF()
    mixed = (
        round(share * over + (1 - share) * under)
        for over, under in (
            (color.red(), back.red()),
            (color.green(), back.green()),
            (color.blue(), back.blue()),
        )
    )
    return QColor(*mixed)
