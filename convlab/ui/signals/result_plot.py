"""The plot of the result: the dot that draws it, and the terms that it is summed of."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.engine.arrays import AnyArray
from convlab.ui.signals.signal_colors import product_color
from convlab.ui.theme import px, theme
from convlab.ui.widgets.plot import Plot
from convlab.ui.widgets.plot_frame import Frame

COLUMN = 13.0  # width of a pile of terms [px]
BESIDE = 11.0  # from the dot to the pile [px]
MOST_PILED = 64  # terms


class ResultPlot(Plot):
    """Paints the dot on the result, and beside it its terms, one on the other."""

    _dot: tuple[float, float] | None = None
    _terms: AnyArray = np.zeros(0)
    _pointed = -1

    def show_dot(self, time: float, value: float) -> None:
        """Put the dot at a value, if there is one, on the line at its time."""
        self._dot = (time, value) if np.isfinite(value) else None
        self.set_mark(time if self._dot else None, ink=quiet)

    def show_terms(self, terms: AnyArray, pointed: int = -1) -> None:
        """Pile up terms ``(K,)`` beside the dot; one stands out."""
        self._terms, self._pointed = terms, pointed
        self.update()

    def pile(self) -> list[tuple[QRectF, bool]]:
        """Return the place of each term, and whether it is pointed at: negative ones go down.

        What is positive is piled up in a first column; from its top the negative terms lead down,
        in a second one, to the sum.
        """
        if self._dot is None or len(self._terms) > MOST_PILED:
            return []
        frame, wide = self.frame, px(COLUMN)
        left = frame.at(self._dot[0], 0.0).x() + px(BESIDE)
        if left + 2 * wide > frame.room.right():
            left -= 2 * px(BESIDE) + 2 * wide
        above, places = 0.0, []
        down = float(self._terms[self._terms > 0].sum())
        for number, term in enumerate(self._terms.tolist()):
            start = above if term >= 0 else down
            at = left if term >= 0 else left + wide
            ends = [frame.inside(0.0, each).y() for each in (start, start + term)]
            rect = QRectF(at, min(ends), wide, abs(ends[0] - ends[1]))
            places.append((rect, number == self._pointed))
            above, down = (above + term, down) if term >= 0 else (above, down + term)
        return places

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for rect, is_pointed in self.pile():
            color = QColor(product_color())
            color.setAlphaF(1.0 if is_pointed else 0.6)
            painter.setPen(QPen(QColor(theme().panel), 1))
            painter.setBrush(color)
            painter.drawRect(rect)
            if is_pointed:
                painter.setPen(QPen(QColor(theme().text), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(-1, 0, 1, 0))
        if self._dot is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme().panel), 2))
            painter.setBrush(QColor(theme().mark))
            painter.drawEllipse(frame.at(*self._dot), 6, 6)

    def term_at(self, position: QPointF) -> int:
        """Return which term is piled at a place; −1: none."""
        found = (
            number
            for number, (rect, _) in enumerate(self.pile())
            if rect.adjusted(-2, -1, 2, 1).contains(position)
        )
        return next(found, -1)


def quiet() -> str:
    """Return the colour of the line at the time that is looked at."""
    return theme().quiet
