"""Reading and writing projects and weights in a thread of their own: a slow disk stops nobody."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document
from convlab.document.signal.model import Held
from convlab.document.stack.model import StackState
from convlab.document.view import View
from convlab.engine.arrays import FloatArray
from convlab.io.answers import Answers, digest_of
from convlab.io.project import Project, load_project, read_project, write_project
from convlab.io.safe_write import remove_abandoned
from convlab.io.signal_files import read_signal
from convlab.io.sounds import Sound, write_sound
from convlab.io.user_folders import not_kept
from convlab.io.weights_match import Filling, Offer, fill, offer_weights
from convlab.paths import user_config_dir

log = logging.getLogger(__name__)


class FileTask(StrEnum):
    """What was to be done; what is said about it stays until it succeeds."""

    OPEN_PROJECT = "project file"
    SAVE_PROJECT = "saving"
    OPEN_STACK = "stack file"
    SAVE_STACK = "saving a stack"
    OPEN_WEIGHTS = "weights"
    OPEN_SIGNAL = "sound or table"
    SAVE_SOUND = "sound"
    CHECK_FOLDERS = "folders"


@dataclass(frozen=True, slots=True, eq=False)
class ProjectRead:
    """A project that was opened.

    Attributes:
        path: The file.
        document: What it holds.
        digest: Of the file's bytes.
        may_open: Whether it may open what it names; None if nobody was asked.
        view: What was on the screen; None if it does not tell.
    """

    task: ClassVar = FileTask.OPEN_PROJECT
    path: Path
    document: Document
    digest: str
    may_open: bool | None
    view: View | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StackRead:
    """The stack of a project."""

    task: ClassVar = FileTask.OPEN_STACK
    path: Path
    stack: StackState


@dataclass(frozen=True, slots=True, eq=False)
class WeightsOffered:
    """A file of weights of which more than one fit: a person chooses."""

    task: ClassVar = FileTask.OPEN_WEIGHTS
    offer: Offer


@dataclass(frozen=True, slots=True, eq=False)
class WeightsRead:
    """Weights for one layer or for all."""

    task: ClassVar = FileTask.OPEN_WEIGHTS
    filling: Filling


@dataclass(frozen=True, slots=True, eq=False)
class SignalRead:
    """A sound or table for the signal ``which``, "f" or "g"."""

    task: ClassVar = FileTask.OPEN_SIGNAL
    which: str
    path: Path
    held: Held


@dataclass(frozen=True, slots=True, eq=False)
class ProjectSaved:
    """A document that was saved."""

    task: ClassVar = FileTask.SAVE_PROJECT
    path: Path
    document: Document


@dataclass(frozen=True, slots=True)
class StackSaved:
    """A stack that was saved alone: the project is another file."""

    task: ClassVar = FileTask.SAVE_STACK
    path: Path


@dataclass(frozen=True, slots=True)
class SoundSaved:
    """A sound that can be played."""

    task: ClassVar = FileTask.SAVE_SOUND
    path: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """What could not be read or written.

    Attributes:
        message: Why not, with the remedy.
        task: What was to be done.
        path: With which file.
    """

    message: str
    task: FileTask
    path: Path


@dataclass(frozen=True, slots=True)
class FoldersChecked:
    """The user's own folders were tried.

    Attributes:
        message: What cannot be kept in them, and why; empty if all can be written.
    """

    task: ClassVar = FileTask.CHECK_FOLDERS
    message: str


Outcome = (
    ProjectRead
    | StackRead
    | WeightsOffered
    | WeightsRead
    | SignalRead
    | ProjectSaved
    | StackSaved
    | SoundSaved
    | FoldersChecked
    | Failed
)


class FileWorker(QObject):
    """One thread that does one thing after another. Lives in the window's thread.

    Signals:
        done: ``outcomes`` has one more.
    """

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.outcomes: deque[Outcome] = deque()
        self._answers = Answers()
        self._pool = ThreadPoolExecutor(1, "convlab-files")
        self._last: Future[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Something is being read or written, or ``outcomes`` has what came of it."""
        return bool(self.outcomes) or not (self._last is None or self._last.done())

    def open_project(self, path: Path) -> None:
        """Read a whole project; what a killed writer left beside it is removed."""

        def read() -> Outcome:
            remove_abandoned(path.parent)
            project = read_project(path)
            digest = digest_of(path.read_bytes())
            may_open = self._answers.get(digest)
            return ProjectRead(path, project.document, digest, may_open, project.view)

        self._start(FileTask.OPEN_PROJECT, path, read)

    def open_stack(self, path: Path) -> None:
        """Read the stack of a project only."""
        self._start(FileTask.OPEN_STACK, path, lambda: StackRead(path, load_project(path).stack))

    def open_weights(self, path: Path, state: StackState, uid: int, for_all: bool = False) -> None:
        """Read weights for a layer; where only one array fits, it is taken.

        Args:
            path: The file.
            state: The stack.
            uid: Of the layer.
            for_all: Fill all layers around it as well.
        """

        def read() -> Outcome:
            offer = offer_weights(path, state, uid)
            if len(offer.fitting) > 1:
                return WeightsOffered(offer)
            return WeightsRead(fill(offer, offer.likely, for_all))

        self._start(FileTask.OPEN_WEIGHTS, path, read)

    def take_weights(self, offer: Offer, chosen: int, for_all: bool) -> None:
        """Take what a person chose of an offer, for one layer or for all."""
        self._start(
            FileTask.OPEN_WEIGHTS, offer.path, lambda: WeightsRead(fill(offer, chosen, for_all))
        )

    def open_signal(self, path: Path, which: str) -> None:
        """Read a sound or table for "f" or "g"."""
        self._start(FileTask.OPEN_SIGNAL, path, lambda: SignalRead(which, path, read_signal(path)))

    def save_project(self, document: Document, path: Path, view: View | None = None) -> None:
        """Write a document, and what is on the screen.

        Files that it names and does not hold are not read for that: nobody saw them.
        """

        def save() -> Outcome:
            write_project(Project(document, view), path)
            self._answers.keep(digest_of(path.read_bytes()), True)
            return ProjectSaved(path, document)

        self._start(FileTask.SAVE_PROJECT, path, save)

    def save_stack(self, stack: StackState, path: Path) -> None:
        """Write a stack as a file of its own, as the ready stacks are."""

        def save() -> Outcome:
            write_project(Project(Document(stack=stack)), path)
            return StackSaved(path)

        self._start(FileTask.SAVE_STACK, path, save)

    def save_sound(self, samples: FloatArray, rate: int, path: Path) -> None:
        """Write ``(N,)`` samples as a sound; nothing is clipped."""

        def save() -> Outcome:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_sound(path, Sound(samples[np.newaxis], rate))
            return SoundSaved(path)

        self._start(FileTask.SAVE_SOUND, path, save)

    def check_folders(self) -> None:
        """Find out whether the user's own folders can be written."""
        self._start(FileTask.CHECK_FOLDERS, user_config_dir(), lambda: FoldersChecked(not_kept()))

    def keep_answer(self, digest: str, may_open: bool) -> None:
        """Remember whether the project with this digest may open what it names."""
        self._pool.submit(self._answers.keep, digest, may_open)

    def finish(self, limit: float) -> None:
        """Wait until all that was begun is done, but no longer than that [s]."""
        with suppress(TimeoutError):
            self._pool.submit(lambda: None).result(limit)

    def stop(self) -> None:
        """Finish what was begun, and end the thread."""
        self._pool.shutdown(wait=True)

    def _start(self, task: FileTask, path: Path, work: Callable[[], Outcome]) -> None:
        self._last = self._pool.submit(self._run, task, path, work)

    def _run(self, task: FileTask, path: Path, work: Callable[[], Outcome]) -> None:
        try:
            outcome = work()
        except (ValueError, OSError) as error:
            outcome = Failed(str(error), task, path)
        except Exception as error:
            log.exception("A file job failed")
            outcome = Failed(f"This could not be read or written: {error}", task, path)
        self.outcomes.append(outcome)
        self.done.emit()
