"""The map of what a kernel does to waves, with its axes in cycles per pixel."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from convlab.document.painted import Painted
from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.pixels import image_of

LEFT, BELOW, ABOVE, RIGHT = 40, 36, 6, 12  # room for ticks and names [px]
TICKS = ((0.0, "−1/2"), (0.25, "−1/4"), (0.5, "0"), (0.75, "1/4"), (1.0, "1/2"))


class FrequencyMap(QWidget):
    """Paints magnitudes as wide as there is room, square."""

    def __init__(self) -> None:
        super().__init__()
        describe(
            self,
            "frequency_map",
            "Frequency response, magnitude",
            "Each place is a wave: how often it goes up and down per pixel, from left to right "
            "and from top to bottom. In the middle is the flat picture. Bright waves pass, dark "
            "ones are taken away.",
        )
        self._painted: Painted | None = None
        self.setMinimumSize(px(150), px(140))

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(236))

    def heightForWidth(self, width: int) -> int:
        return width - px(LEFT + RIGHT) + px(ABOVE + BELOW)

    def hasHeightForWidth(self) -> bool:
        return True

    def show_map(self, painted: Painted) -> None:
        """Show magnitudes."""
        if painted is not self._painted:
            self._painted = painted
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide = self.width() - px(LEFT + RIGHT)
        side = max(min(wide, self.height() - px(ABOVE + BELOW)), 1)
        room = QRectF(px(LEFT), px(ABOVE), side, side)
        if self._painted is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(room, image_of(self._painted.bgra))
        painter.setPen(QColor(theme().quiet))
        line = self.fontMetrics().height()
        for share, text in TICKS:
            x, y = room.left() + share * side, room.top() + share * side
            middle, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
            below = QRectF(x - px(20), room.bottom() + 2, px(40), line)
            painter.drawText(below, middle, text)
            beside = QRectF(0, y - line / 2, room.left() - px(4), line)
            if share < 1.0:  # the lowest would meet the first one below
                painter.drawText(beside, right | Qt.AlignmentFlag.AlignVCenter, text)
        name = QRectF(room.left(), room.bottom() + line, side, line + 4)
        painter.drawText(name, Qt.AlignmentFlag.AlignHCenter, "cycles per pixel")
        painter.end()
