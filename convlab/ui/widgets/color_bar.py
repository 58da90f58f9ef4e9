"""The colour bar: which value has which colour, range always written."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme
from convlab.ui.widgets.pixels import image_of, map_strip

BAR_HEIGHT = 10


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
        labels = QRectF(0, BAR_HEIGHT + 2, self.width(), 16)
        paint_scale(painter, labels, self._scale, self._several)
        painter.end()


def paint_scale(painter: QPainter, room: QRectF, scale: Scale, several: bool = False) -> None:
    """Write the ends of a scale that is as long as the room, and zero where it lies.

    A scale without zero has its middle written; one of ``several`` planes says what zero is.
    """
    low, high = scale.low, scale.high
    painter.setPen(QColor(theme().quiet))
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft, show_number(low))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight, show_number(high))
    has_zero = low < 0.0 < high
    value = 0.0 if has_zero else (low + high) / 2
    at = room.left() + scale.place(value) * room.width()
    text = show_number(value)
    if several:
        text = f"strength of red, green, blue: {text} = grey" if has_zero else text
    wide = painter.fontMetrics().horizontalAdvance(text) + 4
    middle = QRectF(at - wide / 2, room.top(), wide, room.height())
    painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter, text)
