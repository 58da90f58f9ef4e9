"""A painted widget that says what lies under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget


class Tipped(QWidget):
    """Shows a tooltip for each place in it; where it has none, that of the whole widget."""

    def tip_at(self, position: QPointF) -> str | None:
        """Return what is said of a place, or None."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos())) or self.toolTip()
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)
