"""A dial for an angle: the line that is to be found, dragged round by the mouse."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDial, QSizePolicy

from convlab.ui.theme import px, theme, value_color
from convlab.ui.widgets.forms import describe, leave_wheel_to_form

SIZE = 104  # [px]
SNAP = 15  # with Shift [degrees]
_HANDLE = 5.0  # radius [px]
_PALE = 0.55  # of the colours of the grid


class AngleDial(QDial):
    """Whole degrees, counter-clockwise from the horizontal; a handle on the line's end is dragged.

    Args:
        name: Its object name.
        label: What a screen reader calls it.
        tip: What it is for.
    """

    def __init__(self, name: str, label: str, tip: str) -> None:
        super().__init__()
        describe(self, name, label, f"{tip}<br>Drag the handle; Shift holds every 15°.")
        self.setRange(0, 359)
        self.setWrapping(True)
        self.setPageStep(SNAP)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        leave_wheel_to_form(self)
        self._has_sides = True

    def set_sides(self, has_sides: bool) -> None:
        """Show which side of the line is bright, or that both are alike."""
        if has_sides != self._has_sides:
            self._has_sides = has_sides
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(SIZE), px(SIZE))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # ---- the mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        """Turn the line towards the mouse."""
        away = event.position() - self._center
        if away.manhattanLength() < 2:
            return
        degrees = math.degrees(math.atan2(-away.y(), away.x()))
        snap = SNAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.setSliderPosition(round(degrees / snap) * snap % 360)

    # ---- painting ----

    @property
    def _center(self) -> QPointF:
        return QRectF(self.rect()).center()

    def end(self, degrees: float) -> QPointF:
        """Return where the line ends on the rim."""
        angle, reach = math.radians(degrees), self._reach
        return self._center + QPointF(reach * math.cos(angle), -reach * math.sin(angle))

    @property
    def _reach(self) -> float:
        return min(self.width(), self.height()) / 2 - px(_HANDLE) - 1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach, center = self._reach, self._center
        circle = QRectF(center.x() - reach, center.y() - reach, 2 * reach, 2 * reach)
        colors = theme()
        painter.setPen(QPen(QColor(colors.line), 1))
        if self._has_sides:
            for side, start in ((1.0, 0), (-1.0, 180)):
                painter.setBrush(value_color(side * _PALE, 1.0))
                painter.drawChord(circle, 16 * (self.value() + start), 16 * 180)
        else:
            painter.setBrush(QColor(colors.field))
            painter.drawEllipse(circle)
        painter.setPen(QPen(QColor(colors.text), px(2.0)))
        painter.drawLine(self.end(self.value() + 180), self.end(self.value()))
        rim = colors.mark if self.hasFocus() else colors.panel
        painter.setPen(QPen(QColor(rim), px(2.0)))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(self.end(self.value()), px(_HANDLE), px(_HANDLE))
        painter.end()
