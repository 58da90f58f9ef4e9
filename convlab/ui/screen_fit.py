"""The window fits the screen that it opens on, whatever its scale, and wherever it was left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 40)  # of the window manager, before anybody can ask how large it is [px]


def fit_into(place: QRect, room: QRect) -> QRect:
    """Return a rectangle that lies inside another one: made smaller and moved, if it has to be.

    >>> fit_into(QRect(-10, 5, 300, 50), QRect(0, 0, 200, 100)).getRect()
    (0, 5, 200, 50)
    """
    size = place.size().boundedTo(room.size())
    last = QPoint(room.right() + 1 - size.width(), room.bottom() + 1 - size.height())
    left = min(max(place.left(), room.left()), last.x())
    top = min(max(place.top(), room.top()), last.y())
    return QRect(QPoint(left, top), size)


def fit_to_screen(window: QWidget) -> None:
    """Make a window no larger than the room on its screen, and bring it inside.

    That of which the window manager has not told yet how large its frame is is fitted once more.
    Nothing is done where it is maximised, on the whole screen, or where there is no screen.
    """
    if window.isMaximized() or window.isFullScreen() or not has_screen():
        return
    if window.isVisible() and _frame(window).isNull() and not window.findChild(_WhenFramed):
        _WhenFramed(window)
    room = window.screen().availableGeometry()
    frame = _frame(window) if window.isVisible() else FRAME
    inner = room.adjusted(0, 0, -frame.width(), -frame.height())
    wanted = QRect(window.pos(), window.size())
    fitting = fit_into(wanted, inner)
    window.resize(fitting.size())
    if wanted != fitting:
        window.move(fitting.topLeft())


def _frame(window: QWidget) -> QSize:
    """Return how much larger a window is than what is in it."""
    return window.frameGeometry().size() - window.size()


class _WhenFramed(QObject):
    """Fits a window to its screen once it has a frame: when the window manager has placed it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Move and not _frame(self._window).isNull():
            self._window.removeEventFilter(self)
            fit_to_screen(self._window)
            self.deleteLater()
        return False


def has_screen() -> bool:
    """Tell whether anybody sees the window: offscreen, pictures of any size are made."""
    return QGuiApplication.platformName() not in ("offscreen", "minimal")
