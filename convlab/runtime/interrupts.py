"""Signals of the system (Ctrl+C, kill, a terminal that is closed) end the program in good order.

Python runs its handlers only between its own instructions, which may be long in coming while Qt
waits for events. So the number of a signal goes into a socket at once, by way of Python's wake-up
descriptor, and a thread reads it there: it tells the window's thread, and it ends the process if
that does not get ready in time.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

LIMIT = 2.0  # from the signal to the end of the process [s]
LONGEST_SAVE = 8.0  # what may be added to that while work is being kept [s]
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is what closes a console


class Interrupts(QObject):
    """Ends the program on a signal with exit code 128 + its number, the second Ctrl+C at once.

    Where there is nothing to be saved, at the start for instance, the first does so too. Lives in
    the main thread. A signal that was ignored when the program started stays so.
    """

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.number = 0
        self._save: Callable[[], object] | None = None
        self._is_saved = threading.Event()
        self._before: dict[int, object] = {}
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._thread = threading.Thread(target=self._watch, name="convlab-interrupts", daemon=True)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def exit_code(self) -> int:
        """What the process ends with; 0 without a signal."""
        return 128 + self.number if self.number else 0

    def install(self) -> None:
        """Take over the signals."""
        signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, _leave_to_thread)
        self._thread.start()

    def uninstall(self) -> None:
        """Give the signals back; after one came all is done now, and the process ends here.

        Its interpreter would take a second to put away what the system frees at once.
        """
        if self.number:
            logging.shutdown()
            self._end()
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._sender.close()
        self._thread.join()
        self._receiver.close()

    def save_first(self, save: Callable[[], object]) -> None:
        """Call this in the main thread when a signal comes, before the program ends."""
        self._save = save

    def expect_end(self) -> None:
        """All is kept and the program is ending: end the process if that takes too long."""
        self._is_saved.set()
        timer = threading.Timer(LIMIT, self._end)
        timer.daemon = True
        timer.start()

    # ---- the main thread ----

    def _on_arrived(self) -> None:
        try:
            if self._save is not None:
                self._save()
        finally:
            self._is_saved.set()
            QCoreApplication.exit(self.exit_code)

    # ---- the thread ----

    def _watch(self) -> None:
        number = self._next()
        if number is None:
            return
        self.number = number
        if self._save is None:
            self._end()
        self._arrived.emit()
        end_at_second_interrupt = threading.Thread(target=self._await_second, daemon=True)
        end_at_second_interrupt.start()
        end_at_second_interrupt.join(LIMIT)
        self._is_saved.wait(LONGEST_SAVE)
        self._end()

    def _end(self) -> None:
        os._exit(self.exit_code)

    def _await_second(self) -> None:
        while (number := self._next()) is not None:
            if number == signal.SIGINT:
                os._exit(128 + number)

    def _next(self) -> int | None:
        """Wait for a signal; None when there will be no more."""
        try:
            data = self._receiver.recv(1)
        except OSError:
            return None
        return data[0] if data else None


def _leave_to_thread(_number: int, _frame: FrameType | None) -> None:
    """The thread has the number already."""
