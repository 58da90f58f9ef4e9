"""Shows the newest of fast-changing things at a pace that can be read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from convlab.runtime.timers import single_shot

READABLE = 120  # numbers and curves that change faster cannot be read [ms]


class Pace(QObject):
    """Calls ``show`` at once if it has not been called lately, else as soon as it is time.

    The last request is always carried out. ``show`` reads what is newest itself.
    """

    def __init__(self, show: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._wanted = False
        self._timer = single_shot(self, READABLE, self._on_timeout)

    def request(self) -> None:
        """Ask for ``show``."""
        if self._timer.isActive():
            self._wanted = True
        else:
            self._timer.start()
            self._show()

    def _on_timeout(self) -> None:
        if self._wanted:
            self._wanted = False
            self.request()
