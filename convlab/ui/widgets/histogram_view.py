"""Histogram of a picture in the colours of its map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.display import DisplayMode, Histogram
from convlab.ui.numbers import show_number
from convlab.ui.theme import plane_color, theme, value_color

LABEL_HEIGHT = 16


class HistogramView(QWidget):
    """Bars over the values of a picture, square-root high so that rare values are seen."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setObjectName(f"{role}_histogram")
        self.setAccessibleName(f"Histogram of the {role}")
        self.setToolTip(
            f"<b>Histogram of the {role}</b><br>How many pixels have which value, zero marked. "
            "Heights are square roots of the counts, so that rare values can be seen."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._histogram: Histogram | None = None
        self._mode = DisplayMode.CLIPPED
        self._places: tuple[int, ...] = (0,)

    def sizeHint(self) -> QSize:
        return QSize(200, 64)

    def set_histogram(
        self, histogram: Histogram, mode: DisplayMode, places: tuple[int, ...]
    ) -> None:
        """Show counts; signed pictures get the map's colours, several planes their channel's."""
        self._histogram = histogram
        self._places = places
        self._mode = mode
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(0, 2, 0, -LABEL_HEIGHT)
        if self._histogram is not None:
            heights = np.sqrt(self._histogram.counts / max(int(self._histogram.counts.max()), 1))
            if len(heights) == 1:
                self._paint_bars(painter, area, heights[0])
            else:
                self._paint_outlines(painter, area, heights)
            self._paint_axis(painter, area)
        painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF, heights: np.ndarray) -> None:
        assert self._histogram is not None
        low, high = self._histogram.low, self._histogram.high
        width = area.width() / len(heights)
        largest = max(abs(low), abs(high))
        for index, height in enumerate(heights):
            if height <= 0:
                continue
            value = low + (high - low) * (index + 0.5) / len(heights)
            signed = self._mode is DisplayMode.SIGNED
            color = value_color(value, largest) if signed else QColor(theme().quiet)
            bar_height = max(1.0, height * area.height())
            bar = QRectF(area.left() + index * width, area.bottom() - bar_height, width, bar_height)
            painter.fillRect(bar, color.darker(112) if signed else color)

    def _paint_outlines(self, painter: QPainter, area: QRectF, heights: np.ndarray) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        xs = np.linspace(area.left(), area.right(), heights.shape[1])
        for plane, place in zip(heights, self._places, strict=False):
            ys = area.bottom() - plane * area.height()
            points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
            painter.setPen(QPen(QColor(plane_color(place)), 1.6))
            painter.drawPolyline(QPolygonF(points))

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        assert self._histogram is not None
        low, high = self._histogram.low, self._histogram.high
        painter.setPen(QPen(QColor(theme().line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QColor(theme().quiet))
        labels = QRectF(area.left(), area.bottom() + 1, area.width(), LABEL_HEIGHT - 1)
        painter.drawText(labels, Qt.AlignmentFlag.AlignLeft, show_number(low))
        painter.drawText(labels, Qt.AlignmentFlag.AlignRight, show_number(high))
        if low < 0 < high:
            at = area.left() - low / (high - low) * area.width()
            zero = QRectF(at - 10, labels.top(), 20, labels.height())
            painter.drawText(zero, Qt.AlignmentFlag.AlignHCenter, "0")
