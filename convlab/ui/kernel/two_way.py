"""A switch of two words, of which the one that holds is lit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from convlab.ui.theme import theme


class TwoWay(QPushButton):
    """A checkable button that shows both of its states; a click changes to the other.

    Args:
        off: What holds while it is not checked.
        on: What holds while it is checked.
    """

    def __init__(self, off: str, on: str) -> None:
        super().__init__()
        self._words = (off, on)
        self.setCheckable(True)
        self.toggled.connect(self._say)
        self.set_state(False)

    def sizeHint(self) -> QSize:
        wide = sum(self.fontMetrics().horizontalAdvance(word) + 20 for word in self._words)
        return QSize(wide, 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_state(self, is_on: bool) -> None:
        """Show a state, and say it."""
        self.setChecked(is_on)
        self._say()

    def _say(self) -> None:
        self.setText(self._words[self.isChecked()].capitalize())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.line), 1))
        painter.setBrush(QColor(colors.field))
        painter.drawRoundedRect(whole, 5, 5)
        for number, word in enumerate(self._words):
            half = QRectF(number * self.width() / 2, 0, self.width() / 2, self.height())
            is_lit = self.isChecked() == bool(number)
            if is_lit:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colors.accent))
                painter.drawRoundedRect(half.adjusted(2.5, 2.5, -2.5, -2.5), 4, 4)
            painter.setPen(QColor(colors.on_accent if is_lit else colors.quiet))
            painter.drawText(half, Qt.AlignmentFlag.AlignCenter, word)
        painter.end()
