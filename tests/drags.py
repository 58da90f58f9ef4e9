"""Events of a drag, for every PySide6: from 6.12 on their place is a QPointF, before a QPoint."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLibraryInfo, QMimeData, QPoint, QPointF, Qt, QVersionNumber
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def drag_enter_event(where: QPoint, action: Qt.DropAction, data: QMimeData) -> QDragEnterEvent:
    """Return what a widget is told when a drag comes over it."""
    return QDragEnterEvent(_place(where), action, data, LEFT, NO_KEYS)


def drag_move_event(where: QPoint, action: Qt.DropAction, data: QMimeData) -> QDragMoveEvent:
    """Return what a widget is told when a drag goes on over it."""
    return QDragMoveEvent(_place(where), action, data, LEFT, NO_KEYS)


def _place(where: QPoint) -> Any:
    is_new = QLibraryInfo.version() >= QVersionNumber(6, 12)
    return QPointF(where) if is_new else where
