"""The colour bar: which value has which colour, range always written."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.display import DisplayMode, Scale
from convlab.ui.numbers import show_number
from convlab.ui.theme import px, theme
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
        return QSize(160, px(BAR_HEIGHT + 18))

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
        bar = QRectF(0, 1, self.width(), px(BAR_HEIGHT))
        painter.drawImage(bar, image_of(strip))
        painter.setPen(QColor(theme().line))
        painter.drawRect(bar.adjusted(0, 0, -1, 0))
        self._paint_ticks(painter)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        """Write the ends and what lies between, as far as there is room: halves tell the curve."""
        painter.setPen(QColor(theme().quiet))
        advance = painter.fontMetrics().horizontalAdvance
        has_offset = self._mode is DisplayMode.OFFSET
        foot, high = px(BAR_HEIGHT), px(LABEL_HEIGHT)
        for tick in ticks(self._scale, self.width(), advance, self._several, has_offset):
            room = QRectF(tick.left, foot + 2, tick.width + 1, high)
            painter.drawLine(QLineF(tick.at, foot - 2, tick.at, foot + 2))
            painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, tick.text)


class Tick(NamedTuple):
    """A value that is written under a bar.

    Attributes:
        at: Where it stands on the bar [px].
        left: Where its text begins [px].
        width: Of its text [px].
        text: The value.
    """

    at: float
    left: float
    width: float
    text: str


def ticks(
    scale: Scale,
    length: float,
    advance: Callable[[str], float],
    several: bool = False,
    has_offset: bool = False,
) -> list[Tick]:
    """Return what is written under a bar of a length, as far as there is room.

    Args:
        scale: The values at its ends.
        length: Of the bar [px].
        advance: Width of a text [px].
        several: The bar is that of several planes.
        has_offset: What a value is shown as, from 0 on, stands beside it.
    """
    found: list[Tick] = []
    gap = px(GAP)
    for values in _values(scale, several, has_offset):
        more: list[Tick] = []
        for value, text in values:
            wide = advance(text)
            at = scale.place(value) * length
            left = min(max(at - wide / 2, 0.0), length - wide)
            right = left + wide + gap
            taken = [
                tick
                for tick in (*found, *more)
                if tick.left < right and left < tick.left + tick.width + gap
            ]
            if left >= 0.0 and not taken:
                more.append(Tick(at, left, wide, text))
        if len(more) == len(values):
            found += more
    return found


def _values(scale: Scale, several: bool, has_offset: bool) -> list[list[tuple[float, str]]]:
    """Return the values that are written, each with its text: the most important first.

    Those that stand together are all written, or none of them.
    """
    low, high = scale.low, scale.high
    has_zero = low < 0.0 < high
    middle = 0.0 if has_zero else (low + high) / 2

    def said(value: float) -> str:
        shown = f" → {show_number(value - low)}" if has_offset else ""
        return f"{show_number(value)}{shown}"

    text = said(middle)
    if several and not has_offset:
        text = f"strength of red, green, blue: {text} = grey" if has_zero else text
    halves = (low / 2, high / 2) if has_zero else ()
    return [
        [(low, said(low)), (high, said(high))],
        [(middle, text)],
        [(half, said(half)) for half in halves],
    ]
