"""Timers that ring once."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer


def single_shot(parent: QObject, after: int, slot: object) -> QTimer:
    """Return a timer that calls a slot, or emits a signal, so long after each start.

    Args:
        parent: Owns the timer.
        after: How long [ms]; started while it runs, it begins again.
        slot: As a signal is connected to it.
    """
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after)
    timer.timeout.connect(slot)
    return timer
