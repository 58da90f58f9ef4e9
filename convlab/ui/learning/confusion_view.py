"""Confusion matrix: which class was taken for which, counts whose cells can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.arrays import AnyArray
from convlab.ui.cell_table import Cells
from convlab.ui.taken import Taken
from convlab.ui.theme import px, text_on, theme
from convlab.ui.widgets.arrows import ARROWS, moved
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.tipped import Tipped

HEAD = 18  # of the caption [px]
LARGEST_CELL = 34.0  # [px]
TEXT_FROM = 13.0  # smaller cells have no numbers [px]
HINT = "↓ true class   → prediction"

Cell = tuple[int, int]


class ConfusionView(Tipped):
    """Paints counts: a row for each true class, a column for each prediction.

    Signals:
        cell_chosen: (true class, prediction), or None: none any more.
    """

    cell_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        describe(
            self,
            "network_confusion",
            "Confusion matrix",
            "How often each class (row) of the test set was predicted as each (column). The "
            "diagonal is classified correctly. Click a cell to see its pictures.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(180, 150)
        self._counts: AnyArray = np.zeros((0, 0), np.int64)
        self._names: tuple[str, ...] = ()
        self._selected: Cell | None = None
        self._pointed: Cell | None = None

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def show_counts(self, counts: AnyArray, names: Sequence[str], selected: Cell | None) -> None:
        """Show ``(K, K)`` counts of K classes; one cell may be framed."""
        self._counts, self._names, self._selected = counts, tuple(names), selected
        if self._pointed is not None and max(self._pointed) >= len(names):
            self._pointed = None
        correct, total = int(np.trace(counts)), int(counts.sum())
        self.setAccessibleDescription(f"{correct} of {total} classified correctly")
        self.update()

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the counts."""
        return Taken("confusion", self._counts) if self._counts.size else None

    def caption(self, cell: Cell) -> str:
        """Say what a cell counts: ``7 misclassified as 1: 3 times``."""
        label, prediction = cell
        count = int(self._counts[cell])
        times = "never" if count == 0 else "once" if count == 1 else f"{count} times"
        name = self._names[label]
        if label == prediction:
            return f"{name} classified correctly: {times} of {int(self._counts[label].sum())}"
        return f"{name} misclassified as {self._names[prediction]}: {times}"

    def cells(self) -> Cells:
        """Say how often each class was predicted as each, for a screen reader."""
        return Cells(
            self._counts.shape,
            lambda row, column: str(int(self._counts[row, column])),
            lambda row: f"label {self._names[row]}",
            lambda column: f"predicted {self._names[column]}",
            lambda row, column: self.cell_rect((row, column)),
            self._selected,
        )

    def cell_rect(self, cell: Cell) -> QRectF:
        """Where a cell is painted."""
        side, left = self._sizes()
        top = px(HEAD) + self._head
        return QRectF(left + cell[1] * side, top + cell[0] * side, side, side)

    @property
    def _head(self) -> float:
        """Room for the names of the columns."""
        return float(self.fontMetrics().height() + 2)

    def _sizes(self) -> tuple[float, float]:
        """Return the side of a cell, and where the first begins."""
        names = [self.fontMetrics().horizontalAdvance(name) for name in self._names]
        left = min(max(names, default=0) + 10.0, self.width() * 0.3)
        count = max(len(self._names), 1)
        room = min(self.width() - left - 2, self.height() - px(HEAD) - self._head - 2)
        return max(
            min(room / count, 2 * px(LARGEST_CELL) if count < 6 else px(LARGEST_CELL)), 1.0
        ), left

    def _cell_at(self, position: QPointF) -> Cell | None:
        side, left = self._sizes()
        row = int((position.y() - px(HEAD) - self._head) // side)
        column = int((position.x() - left) // side)
        count = len(self._counts)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(theme().quiet))
        cell = self._pointed or self._selected
        text = HINT if cell is None else self.caption(cell)
        painter.drawText(QRectF(2, 0, self.width() - 2, px(HEAD)), text)
        self._paint_names(painter)
        for place in np.ndindex(*self._counts.shape):
            self._paint_cell(painter, (place[0], place[1]))
        if self._selected is not None and max(self._selected) < len(self._counts):
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(self._selected))
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        side, left = self._sizes()
        metrics, elide = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        for index, name in enumerate(self._names):
            above = QRectF(left + index * side, px(HEAD), side, self._head)
            short = metrics.elidedText(name, elide, int(side))
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, short)
            row = QRectF(0, self.cell_rect((index, 0)).top(), left - 5, side)
            painter.drawText(row, _RIGHT, metrics.elidedText(name, elide, int(left - 5)))

    def _paint_cell(self, painter: QPainter, cell: Cell) -> None:
        rect, count = self.cell_rect(cell), int(self._counts[cell])
        share = count / max(int(self._counts[cell[0]].sum()), 1)
        color = self._tint(cell, share)
        painter.fillRect(rect, color)
        painter.setPen(QColor(theme().line))
        painter.drawRect(rect)
        if count and rect.width() >= px(TEXT_FROM):
            font = self.font()
            font.setPixelSize(max(min(round(rect.width() * 0.45), px(13)), 7))
            painter.setFont(font)
            painter.setPen(text_on(color))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(count))
            painter.setFont(self.font())

    def _tint(self, cell: Cell, share: float) -> QColor:
        """Mix the panel with blue on the diagonal, with the warning's colour beside it."""
        ground = QColor(theme().panel)
        strong = QColor(theme().accent if cell[0] == cell[1] else theme().warning)
        part = 0.0 if share == 0 else 0.15 + 0.85 * share**0.6
        return QColor.fromRgbF(
            (1 - part) * ground.redF() + part * strong.redF(),
            (1 - part) * ground.greenF() + part * strong.greenF(),
            (1 - part) * ground.blueF() + part * strong.blueF(),
        )

    # ---- mouse and keyboard ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def _point(self, cell: Cell | None) -> None:
        if cell != self._pointed:
            self._pointed = cell
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.cell_chosen.emit(None if cell == self._selected else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self._counts)
        if key in ARROWS and count:
            by = ARROWS[key] if self._selected else (0, 0)
            self.cell_chosen.emit(moved(self._selected or (0, 0), by, (count, count)))
        elif key is Qt.Key.Key_Escape and self._selected is not None:
            self.cell_chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def tip_at(self, position: QPointF) -> str | None:
        cell = self._cell_at(position)
        return None if cell is None else self.caption(cell)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
