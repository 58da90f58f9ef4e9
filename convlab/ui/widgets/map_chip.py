"""The sign on a card or a band: what is folded can be opened there, and the other way round."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from convlab.ui.theme import theme

CHIP = 12.0  # side of the sign [px]


class ChipItem(QGraphicsPathItem):
    """A minus where a block can be folded, a plus where it can be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.take_colors()

    def take_colors(self) -> None:
        """Take the palette's colours."""
        self.setPen(QPen(QColor(theme().accent), 1.3))
        self.setBrush(QBrush(QColor(theme().panel)))

    def show_sign(self, is_plus: bool) -> None:
        """Draw a plus, or a minus, in a square at the origin."""
        path = QPainterPath()
        path.addRoundedRect(QRectF(0.0, 0.0, CHIP, CHIP), 3.0, 3.0)
        middle, arm = CHIP / 2, CHIP / 2 - 3.0
        path.moveTo(middle - arm, middle)
        path.lineTo(middle + arm, middle)
        if is_plus:
            path.moveTo(middle, middle - arm)
            path.lineTo(middle, middle + arm)
        self.setPath(path)
