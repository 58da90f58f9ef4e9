"""A ball that falls twice: where it lands is the convolution of two distributions, on a plane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.signal.tabs import BallMaps, BallWay
from convlab.engine.arrays import AnyArray
from convlab.engine.errors import counted
from convlab.ui.cell_table import Cells
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.arrows import ARROWS, Place, moved
from convlab.ui.widgets.forms import as_panel, filled, quiet_label, wrapped_label
from convlab.ui.widgets.pixels import paint_framed, signed_pixels
from convlab.ui.widgets.tipped import Tipped

CAPTION = 18  # [px]
MOST_LINES = 60  # terms that are listed


class HeatMap(Tipped):
    """A small table of numbers as colours; cells are chosen with mouse and keys.

    Signals:
        cell_chosen: (row, column).
    """

    cell_chosen = Signal(int, int)

    def __init__(self, name: str, caption: str, is_chosen_in: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(caption)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._caption = caption
        self.setMinimumSize(max(96, self.fontMetrics().horizontalAdvance(caption) + 4), 90)
        self._values: AnyArray = np.zeros((1, 1))
        self._frames: list[Place] = []
        self._chosen: Place | None = None
        self._is_chosen_in = is_chosen_in
        if is_chosen_in:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(180, 180)

    def show_values(
        self, values: AnyArray, chosen: Place | None = None, frames: Sequence[Place] = ()
    ) -> None:
        """Show numbers ``(H, W)``, the chosen cell, and cells that have a part in it."""
        self._values, self._chosen, self._frames = values, chosen, list(frames)
        self.update()

    def cells(self) -> Cells:
        """Say what stands in the table, for a screen reader."""
        return Cells(
            self._values.shape,
            lambda row, column: show_number(float(self._values[row, column]), 4),
            lambda row: f"row {row}",
            lambda column: f"column {column}",
            self.cell_rect,
            self._chosen,
        )

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the table."""
        return Taken(self.objectName().removesuffix("_map"), self._values)

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        area, (rows, columns) = self._area(), self._values.shape
        width, height = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * width, area.top() + row * height, width, height)

    def _area(self) -> QRectF:
        rows, columns = self._values.shape
        side = min((self.width() - 4) / columns, (self.height() - px(CAPTION) - 4) / rows)
        return QRectF(2, px(CAPTION) + 1, side * columns, side * rows)

    def _cell_at(self, position: QPointF) -> Place | None:
        area, (rows, columns) = self._area(), self._values.shape
        if not area.contains(position):
            return None
        at = position - area.topLeft()
        row, column = int(at.y() / area.height() * rows), int(at.x() / area.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme().quiet))
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(self._caption, elide, self.width() - 2)
        painter.drawText(QRectF(2, 0, self.width() - 2, px(CAPTION)), text)
        paint_framed(painter, self._area(), signed_pixels(self._values))
        self._paint_frames(painter)
        painter.end()

    def _paint_frames(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme().mark), 1))
        for place in self._frames:
            painter.drawRect(self.cell_rect(*place))
        if self._chosen is not None:
            painter.setPen(QPen(QColor(theme().accent), 3))
            painter.drawRect(self.cell_rect(*self._chosen))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        place = self._cell_at(event.position())
        is_left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._is_chosen_in and is_left and place is not None and place != self._chosen:
            self.cell_chosen.emit(*place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = ARROWS.get(Qt.Key(event.key()))
        if step is None or self._chosen is None or not self._is_chosen_in:
            super().keyPressEvent(event)
            return
        rows, columns = self._values.shape
        place = moved(self._chosen, step, (rows, columns))
        if place != self._chosen:
            self.cell_chosen.emit(*place)

    def tip_at(self, position: QPointF) -> str | None:
        place = self._cell_at(position)
        return None if place is None else self.tip(place)

    def tip(self, place: Place) -> str:
        """What the tooltip over a cell says."""
        return f"<b>({place[0]}, {place[1]})</b><br>{show_exact(float(self._values[place]))}"


class BallView(QWidget):
    """Shows both falls, where the ball comes to lie, and all ways to one place.

    Signals:
        cell_chosen: (row, column) of the result.
    """

    cell_chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ball_view")
        self.setAccessibleName("The falling ball in two dimensions")
        as_panel(self)
        self.first = HeatMap("ball_f_map", "f: first fall")
        self.second = HeatMap("ball_g_map", "g: second fall")
        self.result = HeatMap("ball_result_map", "both: choose c", is_chosen_in=True)
        self.setFocusProxy(self.result)
        self._title = wrapped_label("ball_caption", "Choose a place in the result.", "title")
        self._list = QLabel()
        self._list.setObjectName("ball_terms")
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        as_panel(self._list)
        self._arrange()
        self.result.cell_chosen.connect(self.cell_chosen)

    def _arrange(self) -> None:
        area = QScrollArea()
        area.setAccessibleName("Terms of the chosen cell")
        area.setWidgetResizable(True)
        area.setWidget(self._list)
        row = filled(QHBoxLayout(self), margins=(10, 4, 10, 6))
        for map_, sign in ((self.first, "∗"), (self.second, "="), (self.result, "")):
            filled(row, (map_, 2), quiet_label(sign))
        row.addLayout(filled(QVBoxLayout(), self._title, (area, 1)), 4)

    def show_ball(self, maps: BallMaps) -> None:
        """Show probabilities and the sum behind one of them."""
        ways = maps.ways
        self.first.show_values(maps.f, frames=[way.a for way in ways])
        self.second.show_values(maps.g, frames=[way.b for way in ways])
        self.result.show_values(maps.result, maps.cell)
        total, count = show_number(maps.total, 4), counted(len(ways), "way")
        self._title.setText(f"c = {maps.cell}: {total}, in {count}")
        self._list.setText(ball_text(ways))


def ball_text(terms: Sequence[BallWay]) -> str:
    """List the ways: ``f(0, 1) g(2, 0) = 0.1×0.2 = 0.02``."""
    lines = [
        f"f{term.a} g{term.b} = {show_number(term.f)}×{show_number(term.g)} = "
        f"{show_number(term.product, 4)}"
        for term in terms[:MOST_LINES]
    ]
    if len(terms) > MOST_LINES:
        lines.append(f"… and {len(terms) - MOST_LINES} more")
    return "\n".join(lines) or "No pair of places adds up to this one."
