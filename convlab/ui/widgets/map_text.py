"""A line of text in a scene of maps."""

from __future__ import annotations

from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from convlab.ui.theme import FONT_FAMILY


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
