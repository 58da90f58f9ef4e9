"""All layers at a glance, where not all are in sight: a press or a drag goes there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.map_layout import Layout

WIDTH, HEIGHT = 260, 30  # [px]
SHARE = 0.5  # of the view's width at most
GAP = 4  # to the view's corner [px]
EDGE = 4.0  # [px]
ROOM = HEIGHT + 2.0 * GAP
"""Height that is kept free for it below layers that are wider than the view, at scale 1 [px]."""


class MiniMap(QWidget):
    """Lies in the corner of a view while its scene is larger than what is in sight.

    Args:
        view: In whose corner.

    Signals:
        wanted: Which point of the scene is to be in the middle.
    """

    wanted = Signal(QPointF)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        describe(
            self,
            "mini_map",
            "Which part of the network is in sight",
            "All layers, with a frame around those in sight. Press or drag to go there.",
        )
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self._layout = Layout()
        self._seen = QRectF()
        self._chosen: int | None = None
        self.hide()

    def show_layout(self, layout: Layout, chosen: int | None) -> None:
        """Show where layers lie, and which is chosen."""
        self._layout, self._chosen = layout, chosen
        self.update()

    def show_seen(self, seen: QRectF) -> None:
        """Show what is in sight [scene px]; hide if that is everything."""
        whole = self._layout.size
        self._seen = seen
        is_all = seen.width() >= whole.width() - 1 and seen.height() >= whole.height() - 1
        self.setVisible(not is_all and bool(self._layout.places))
        if self.isVisible():
            self._place()
            self.update()

    def _place(self) -> None:
        room, gap, height = self._view.size(), px(GAP), px(HEIGHT)
        width = min(px(WIDTH), round(room.width() * SHARE))
        left, top = room.width() - width - gap, room.height() - height - gap
        self.setGeometry(left, top, width, height)

    def _scales(self) -> tuple[float, float]:
        """Return the width and height of a pixel of the scene here [px]."""
        whole = self._layout.size
        return (self.width() - 2 * EDGE) / whole.width(), (
            self.height() - 2 * EDGE
        ) / whole.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme()
        painter.fillRect(self.rect(), QColor(colors.panel))
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        x, y = self._scales()

        def here(rect: QRectF) -> QRectF:
            return QRectF(
                EDGE + rect.left() * x, EDGE + rect.top() * y, rect.width() * x, rect.height() * y
            )

        quiet, accent = QColor(colors.quiet), QColor(colors.accent)
        for place in self._layout.places:
            block = here(place.rect).adjusted(0.5, 0, -0.5, 0)
            painter.fillRect(block, accent if place.uid == self._chosen else quiet)
        painter.setPen(QPen(accent, 2))
        painter.drawRect(here(self._seen).intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2)))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, position: QPointF) -> None:
        x, y = self._scales()
        self.wanted.emit(QPointF((position.x() - EDGE) / x, (position.y() - EDGE) / y))
