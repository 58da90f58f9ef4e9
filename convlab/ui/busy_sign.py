"""Says in the window's line what takes longer than a moment, with a way out where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from convlab.runtime.opening import describe
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.pump import Pump
from convlab.runtime.timers import single_shot
from convlab.ui.file_desk import FileDesk
from convlab.ui.widgets.message_bar import MessageAction, MessageBar

AFTER = 300  # what is done by then needs no word [ms]
OPENING, COMPUTING = "opening", "computing"


class BusySign(QObject):
    """Watches a source being opened, files being read or written, and the computing.

    Args:
        pipeline: Opens and computes.
        pump: Knows when the newest request is answered.
        desk: Reads and writes; where it says that something failed, this says what goes on.
    """

    def __init__(self, pipeline: Pipeline, pump: Pump, desk: FileDesk) -> None:
        super().__init__(desk)
        self._pipeline, self._pump = pipeline, pump
        self._message: MessageBar = desk.message
        self._asked = 0  # the request that is waited for
        self._timers: dict[str, QTimer] = {}
        self._words: dict[str, tuple[str, tuple[MessageAction, ...]]] = {}
        pipeline.opening_changed.connect(self._on_opening_changed)
        pipeline.requested.connect(self._on_requested)
        pump.result_changed.connect(self._on_answered)
        pump.pages_changed.connect(self._on_answered)
        desk.begun.connect(self.begin)
        desk.went_on.connect(self.say_more)
        desk.ended.connect(self.end)

    def begin(self, task: str, text: str, cancel: Callable[[], None] | None = None) -> None:
        """Say this soon, unless it is over by then; what goes on already is not begun again."""
        if task in self._words:
            return
        self._words[task] = text, () if cancel is None else (MessageAction("Cancel", cancel),)
        if task not in self._timers:
            self._timers[task] = single_shot(self, AFTER, partial(self._say, task))
        self._timers[task].start()

    def say_more(self, task: str, text: str) -> None:
        """Say how far it is, where anything is said of it."""
        if task in self._words:
            self._words[task] = text, self._words[task][1]
            if not self._timers[task].isActive():
                self._say(task)

    def end(self, task: str) -> None:
        """It is over, however it went."""
        if self._words.pop(task, None) is not None:
            self._timers[task].stop()
            self._message.clear(_owner(task))

    def _say(self, task: str) -> None:
        text, actions = self._words[task]
        self._message.show_message(text, _owner(task), actions, is_warning=False)

    def _on_opening_changed(self) -> None:
        self.end(OPENING)
        spec = self._pipeline.opening
        if spec is not None:
            self.begin(OPENING, f"Opening {describe(spec)} …", self._pipeline.cancel_opening)

    def _on_requested(self) -> None:
        if self._pump.shown is None:  # before the first picture there is nothing to compute
            return
        if COMPUTING not in self._words:
            self._asked = self._pipeline.generation
        self.begin(COMPUTING, "Computing …")

    def _on_answered(self) -> None:
        """End what was waited for, and wait for what was asked since."""
        if self._pump.answered >= self._asked:
            self.end(COMPUTING)
        if not self._pump.is_answered:
            self._on_requested()


def _owner(task: str) -> str:
    return f"busy {task}"
