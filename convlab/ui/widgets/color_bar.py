"""The colour bar: which value has which colour, range always written."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme
from convlab.ui.widgets.pixels import image_of, map_strip

BAR_HEIGHT = 10
LABEL_HEIGHT = 16
GAP = 8  # between two numbers [px]


class ColorBar(QWidget):
    """A horizontal strip of the map with its lowest, middle and highest value."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setObjectName(f"{role}_color_bar")
        self.setAccessibleName(f"Colours of the {role}")
        self.setToolTip(
            "<b>Colour bar</b><br>The value each colour stands for. In the signed map zero is "
            "neutral, blue is negative, red is positive."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._mode = DisplayMode.CLIPPED
        self._scale = Scale(0.0, 1.0)
        self._several = False

    def sizeHint(self) -> QSize:
        return QSize(160, BAR_HEIGHT + 18)

    @property
    def scale(self) -> Scale:
        """The values at the two ends."""
        return self._scale

    def set_scale(self, mode: DisplayMode, scale: Scale, several: bool) -> None:
        """Show the map of a mode over a range of values.

        ``several`` planes are painted as the strengths of red, green and blue: no map is used.
        """
        if (mode, scale, several) != (self._mode, self._scale, self._several):
            self._mode, self._scale, self._several = mode, scale, several
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        strip = map_strip(DisplayMode.RAW if self._several else self._mode)
        bar = QRectF(0, 1, self.width(), BAR_HEIGHT)
        painter.drawImage(bar, image_of(strip))
        painter.setPen(QColor(theme().line))
        painter.drawRect(bar.adjusted(0, 0, -1, 0))
        self._paint_ticks(painter)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        """Write the ends and what lies between, as far as there is room: halves tell the curve."""
        painter.setPen(QColor(theme().quiet))
        taken: list[QRectF] = []
        for value, text in self._ticks():
            wide = painter.fontMetrics().horizontalAdvance(text)
            at = self._scale.place(value) * self.width()
            left = min(max(at - wide / 2, 0.0), self.width() - wide)
            room = QRectF(left, BAR_HEIGHT + 2, wide + 1, LABEL_HEIGHT)
            if any(room.adjusted(-GAP, 0, GAP, 0).intersects(other) for other in taken):
                continue
            taken.append(room)
            painter.drawLine(QLineF(at, BAR_HEIGHT - 2, at, BAR_HEIGHT + 2))
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, text)

    def _ticks(self) -> list[tuple[float, str]]:
        """Return the values that are written, the most important first, each with its text."""
        low, high = self._scale.low, self._scale.high
        has_zero = low < 0.0 < high
        middle = 0.0 if has_zero else (low + high) / 2
        text = show_number(middle)
        if self._several:
            text = f"strength of red, green, blue: {text} = grey" if has_zero else text
        halves = (low / 2, high / 2) if has_zero else ()
        return [
            (low, show_number(low)),
            (high, show_number(high)),
            (middle, text),
            *((half, show_number(half)) for half in halves),
        ]
