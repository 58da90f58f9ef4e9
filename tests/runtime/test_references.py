"""A release of the bindings lost a reference to True, False or None with each call into Python.

After a minute of live video the process aborted. Python 3.12 made the three immortal.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot

CALLS = 1000
TOLERANCE = 50


class Talker(QObject):
    said = Signal()
    switched = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.said.connect(self._on_said)
        self.switched.connect(self._on_switched)

    @Slot(result=bool)
    def _on_said(self) -> bool:
        self.heard += 1
        return self.heard % 2 == 0

    def _on_switched(self, _is_on: bool) -> None:
        self.heard += 1

    def event(self, event: QEvent) -> bool:
        self.heard += 1
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.heard += 1
        return False

    def customEvent(self, event: QEvent) -> None:
        self.heard += 1


def counts() -> list[int]:
    return [sys.getrefcount(value) for value in (True, False, None)]


def say(talker: Talker) -> None:
    talker.said.emit()


def switch(talker: Talker) -> None:
    talker.switched.emit(True)
    talker.switched.emit(False)


def send(talker: Talker) -> None:
    QCoreApplication.sendEvent(talker, QEvent(QEvent.Type.User))


@pytest.mark.parametrize("call", [say, switch, send])
def test_calls_between_qt_and_python_keep_the_references(qapp: object, call: object) -> None:
    assert callable(call)
    talker = Talker()
    talker.installEventFilter(talker)
    before = counts()
    for _ in range(CALLS):
        call(talker)
    after = counts()

    assert talker.heard >= CALLS
    differences = [abs(now - then) for now, then in zip(after, before, strict=True)]
    assert max(differences) < TOLERANCE, "PySide6 drops references: install another release"
