"""Bars as long as their numbers: one scale for all of them, and what is too short says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from convlab.ui.taken import Taken
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe, filled, wrapped_label

BAR = 12  # [px]
LINE = 19  # a bar and the gap below it [px]
GAP = 10  # between name and bar, and bar and number [px]
SHORT = 160  # were the longest bar shorter, it stands below its words [px]
STACKED = 9  # its height there, with the gap below it [px]
HAIRLINE = 1.0  # what is shorter is painted as a line of that width [px]


class Bar(NamedTuple):
    """One number.

    Attributes:
        name: What it counts.
        number: How many.
        is_own: It is that of what is looked at; else that of what it is compared with.
    """

    name: str
    number: int
    is_own: bool

    @property
    def text(self) -> str:
        """The number with thousands marked."""
        return f"{self.number:,}"


class TrueBars(QWidget):
    """Shows numbers beside each other as lengths; nothing is logarithmic, nothing is broken.

    Args:
        name: Object name; that of the line below ends with "_note".
        title: What is counted, for a screen reader.
        tip: The same at length.
    """

    def __init__(self, name: str, title: str, tip: str) -> None:
        super().__init__()
        describe(self, name, title, tip)
        self._painted = _Bars(self, tip)
        self._note = wrapped_label(f"{name}_note")
        filled(QVBoxLayout(self), self._painted, self._note, margins=(0, 0, 0, 0), spacing=2)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show numbers from the top; none of them is below 0."""
        self._painted.show_bars(tuple(bars))
        self.setAccessibleDescription(", ".join(f"{bar.name} {bar.text}" for bar in bars))
        self._write()

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the bars as they are painted."""
        return Taken("bars")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        text = note_text(self._painted.bars, self._painted.scale(self.width()))
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._painted.setToolTip("<br>".join(filter(None, (self._painted.tip, text))))


class _Bars(QWidget):
    """The bars, a line for each; where there is little room each stands below its words."""

    def __init__(self, parent: QWidget, tip: str) -> None:
        super().__init__(parent)
        self.tip = tip
        self.bars: tuple[Bar, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_bars(self, bars: tuple[Bar, ...]) -> None:
        self.bars = bars
        self.setMinimumWidth(sum(self._beside()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._line(width) * len(self.bars)

    def scale(self, width: int) -> float:
        """Return how long a bar of one is [px], where all this is so wide."""
        largest = max((bar.number for bar in self.bars), default=0)
        beside = 1 if self._is_stacked(width) else sum(self._beside())
        return max(width - beside, 1) / largest if largest else 0.0

    def _is_stacked(self, width: int) -> bool:
        return width - sum(self._beside()) < px(SHORT)

    def _line(self, width: int) -> int:
        return px(LINE) + px(STACKED) if self._is_stacked(width) else px(LINE)

    def _beside(self) -> tuple[int, int]:
        """Return the room for the names and for the longest number [px]."""
        width = self.fontMetrics().horizontalAdvance
        names = max((width(bar.name) for bar in self.bars), default=0)
        numbers = max((width(bar.text) for bar in self.bars), default=0)
        return names + px(GAP), numbers + px(GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        (left, _), scale = self._beside(), self.scale(self.width())
        line, is_stacked = self._line(self.width()), self._is_stacked(self.width())
        for place, bar in enumerate(self.bars):
            length = bar.number * scale
            painted = max(length, HAIRLINE) if bar.number else 0.0
            words = QRectF(0, place * line, self.width(), px(LINE))
            if is_stacked:
                at = QRectF(0, words.bottom(), painted, px(STACKED) - 3)
                number, flag = words, Qt.AlignmentFlag.AlignRight
            else:
                at = QRectF(left, words.top() + (px(LINE) - px(BAR)) / 2, painted, px(BAR))
                number, flag = words.adjusted(at.right() + 6, 0, 0, 0), Qt.AlignmentFlag.AlignLeft
            painter.fillRect(at, QColor(theme().accent if bar.is_own else theme().quiet))
            painter.setPen(QColor(theme().text))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, bar.name)
            painter.drawText(number, Qt.AlignmentFlag.AlignVCenter | flag, bar.text)
        painter.end()


def note_text(bars: Sequence[Bar], scale: float) -> str:
    """Return what a pixel stands for where a bar is shorter than one, or an empty text.

    >>> note_text([Bar("a", 456, True), Bar("b", 14_450_688, False)], 1e-5)
    'True lengths: 1 px is 100,000. The bar of 456 would be 0.0046 px long: a hairline shows it.'

    Args:
        bars: All that are painted.
        scale: Length of a bar of one [px].
    """
    short = sorted({bar.number for bar in bars if 0 < bar.number * scale < HAIRLINE})
    if not short:
        return ""
    each = " and ".join(f"{number:,}" for number in short)
    lengths = " and ".join(f"{number * scale:.2g}" for number in short)
    subject = (
        f"The bar of {each} would be {lengths} px long: a hairline shows it."
        if len(short) == 1
        else f"Those of {each} would be {lengths} px long: hairlines show them."
    )
    return f"True lengths: 1 px is {1 / scale:,.0f}. {subject}"
