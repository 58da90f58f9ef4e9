"""Events of a drag and of the wheel.

From PySide6 6.12 on the place of a drag is a QPointF, before a QPoint.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLibraryInfo, QMimeData, QPoint, QPointF, Qt, QVersionNumber
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def drag_enter_event(where: QPoint, action: Qt.DropAction, data: QMimeData) -> QDragEnterEvent:
    """Return what a widget is told when a drag comes over it."""
    return QDragEnterEvent(_place(where), action, data, LEFT, NO_KEYS)


def drag_move_event(where: QPoint, action: Qt.DropAction, data: QMimeData) -> QDragMoveEvent:
    """Return what a widget is told when a drag goes on over it."""
    return QDragMoveEvent(_place(where), action, data, LEFT, NO_KEYS)


def turn_wheel(
    widget: QWidget,
    notches: int,
    place: QPoint | None = None,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> bool:
    """Turn the wheel over a place of a widget, or its middle; return whether that took it."""
    where = QPointF(widget.rect().center() if place is None else place)
    event = QWheelEvent(
        where,
        widget.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def _place(where: QPoint) -> Any:
    is_new = QLibraryInfo.version() >= QVersionNumber(6, 12)
    return QPointF(where) if is_new else where
