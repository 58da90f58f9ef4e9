"""Histogram of a picture in the colours of its map, on the axis of the colour bar above it."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy

from convlab.engine.display import DisplayMode, Histogram
from convlab.ui.theme import place_color, plane_color, px, theme
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Frame
from convlab.ui.widgets.plot_trace import Style, Trace

HEIGHT = 30  # [px]


class HistogramView(Plot):
    """Bars over the values of a picture, square-root high so that rare values are seen."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"{role}_histogram",
            f"Histogram of the {role}",
            Look((0.0, 2.0, 0.0, 1.0), on_panel=False),
            "How many pixels have which value of the colour bar. Heights are square roots of the "
            "counts, so that rare values can be seen.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(100, HEIGHT)
        self._histogram: Histogram | None = None
        self._mode = DisplayMode.CLIPPED

    def sizeHint(self) -> QSize:
        return QSize(200, px(HEIGHT))

    def set_histogram(
        self, histogram: Histogram, mode: DisplayMode, places: tuple[int, ...]
    ) -> None:
        """Show counts; signed pictures get the map's colours, several planes their channel's."""
        if histogram is self._histogram and mode is self._mode:
            return  # the same picture, of which something else is looked at
        self._histogram, self._mode = histogram, mode
        self.set_axes(Axis(0.0, 1.0), Axis())  # places on the colour bar
        middles = np.linspace(0.0, 1.0, histogram.counts.shape[1])
        lines = self._heights() if len(histogram.counts) > 1 else np.zeros((0, 0))
        self.set_moving(
            [
                Trace(middles, heights, partial(plane_color, place), Style.LINE)
                for heights, place in zip(lines, places, strict=False)
            ]
        )

    def tip_at(self, position: QPointF) -> str:
        return ""  # heights are no counts

    def paint_axes(self, painter: QPainter, frame: Frame) -> None:
        painter.setPen(QColor(theme().line))
        painter.drawLine(frame.room.bottomLeft(), frame.room.bottomRight())

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        """Paint the bars of a single plane."""
        if self._histogram is None or self.traces:
            return
        room, (heights,) = frame.room, self._heights()
        width, quiet = room.width() / len(heights), QColor(theme().quiet)
        for index in np.flatnonzero(heights).tolist():
            tall = max(1.0, float(heights[index]) * room.height())
            bar = QRectF(room.left() + index * width, room.bottom() - tall, width, tall)
            if self._mode is DisplayMode.SIGNED:
                painter.fillRect(bar, place_color((index + 0.5) / len(heights), self._mode))
                # Bars near zero have nearly the colour of what they stand on.
                painter.fillRect(QRectF(bar.left(), bar.top(), width, 1.0), quiet)
            else:
                painter.fillRect(bar, quiet)

    def _heights(self) -> np.ndarray:
        """Return how high bars are, 0 to 1."""
        assert self._histogram is not None
        return np.sqrt(self._histogram.counts / max(int(self._histogram.counts.max()), 1))
