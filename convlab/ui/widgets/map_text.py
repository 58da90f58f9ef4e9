"""Lines of text in a scene of maps, and marks on maps."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QGraphicsSimpleTextItem

from convlab.ui.theme import FONT_FAMILY, theme

MARK_SIZE = 7.0  # of the word on a map that has something wrong with it [pt]
MARK_MARGIN = 3.0  # beside that word [px]
SIGN = "×"


class TextItem(QGraphicsSimpleTextItem):
    """Qt's own item, which is told what it says in one call."""

    def write(self, text: str, font: QFont, color: str | QColor) -> None:
        """Write something."""
        if text != self.text():
            self.setText(text)
        if font != self.font():
            self.setFont(font)
        self.setBrush(QBrush(QColor(color)))


def font(size: float, bold: bool = False) -> QFont:
    """Return the font of a size [pt] with digits of one width."""
    found = QFont(FONT_FAMILY)
    found.setPointSizeF(size)
    found.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        found.setWeight(QFont.Weight.DemiBold)
    return found


class MarkItem(QGraphicsRectItem):
    """A word in a corner of a map that has something wrong with it; a sign where it is small."""

    def __init__(self) -> None:
        super().__init__()
        self._text = QGraphicsSimpleTextItem(self)

    def show_mark(self, word: str, tip: str, cell: QRectF) -> None:
        """Write a word at the upper right of a map.

        Args:
            word: What is wrong.
            tip: The same in full.
            cell: Where the map lies [scene px].
        """
        self._text.setFont(font(MARK_SIZE, bold=True))
        self._text.setBrush(QBrush(QColor(theme().warning)))
        for text in (word, SIGN):
            self._text.setText(text)
            size = self._text.boundingRect()
            if size.width() + 2 * MARK_MARGIN <= cell.width():
                break
        width, height = size.width() + 2 * MARK_MARGIN, size.height()
        left, top = cell.right() - width, cell.top()
        self.setRect(QRectF(left, top, width, height))
        self._text.setPos(left + MARK_MARGIN, top)
        self.setBrush(QBrush(QColor(theme().panel)))
        self.setPen(QPen(QColor(theme().warning), 1.0))
        self.setToolTip(tip)
