"""How often each value occurs in a map, over its colour bar."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.display import Histogram
from convlab.ui.taken import Taken
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import describe

HEIGHT = 28  # [px]


class MapHistogram(QWidget):
    """Paints bars on the axis of the colour bar below it."""

    def __init__(self) -> None:
        super().__init__()
        describe(
            self,
            "unit_map_histogram",
            "Histogram of the map",
            "How often each value occurs; roots of the counts, so that rare values are seen.",
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._heights = np.zeros(1)

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the bars as they are painted."""
        return Taken("histogram")

    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    def show_histogram(self, found: Histogram) -> None:
        """Show counts of one map."""
        roots = np.sqrt(found.counts[0].astype(np.float64))
        self._heights = roots / max(float(roots.max()), 1.0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, high = self.width() / len(self._heights), float(self.height())
        color = QColor(theme().quiet)
        for number, share in enumerate(self._heights.tolist()):
            if share:
                bar = max(share * high, 1.0)
                painter.fillRect(QRectF(number * wide, high - bar, wide, bar), color)
        painter.end()
