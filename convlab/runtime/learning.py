"""The learning worker: it trains a network in a thread of its own, and reports where it stands."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convlab.document.learning.network import OWN_DATA, NetworkTask
from convlab.document.learning.network_fit import first_network
from convlab.document.learning.training import CurveRecorder, Curves, Stage, Training
from convlab.document.stack.model import StackState
from convlab.engine.errors import as_message
from convlab.engine.parallel import single_threaded_blas
from convlab.io.datasets import DATASET_NAMES, load_dataset, load_own
from convlab.layers import Stack
from convlab.learn.examples import Dataset
from convlab.learn.trainer import Evaluation, Trainer, TrainingSnapshot, evaluate
from convlab.runtime.latest import Latest
from convlab.runtime.priority import go_behind_window

log = logging.getLogger(__name__)

NOTIFY_EVERY = 0.1  # nobody can follow more [s]
TITLES = {"digits": "Digits network", "shapes": "Shapes network"}
DIVERGED = (
    "Training diverged: the loss of the test set overflowed to inf or NaN. It stopped, and the "
    "last good weights are kept: lower the learning rate."
)
REST = 0.15  # of what a step took, so that whoever waits for the interpreter has it


class LearningWorker(QObject):
    """Trains one network at a time. Lives in the window's thread.

    Args:
        trainings: Where to put what is to be painted.
        parent: Owns it.

    Signals:
        changed: ``training``, ``stage`` or ``error`` is new.
    """

    changed = Signal()

    def __init__(self, trainings: Latest[Training], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self._control = _TrainingControl()
        self._thread: threading.Thread | None = None
        self._begun: tuple[NetworkTask, StackState] | None = None
        self.training: Training | None = None
        self.error = ""

    @property
    def stage(self) -> Stage:
        """What goes on; DONE if nothing does."""
        return Stage.DONE if self.training is None else self.training.stage

    @property
    def is_busy(self) -> bool:
        """Its thread lives: it learns, or waits to go on."""
        return self._thread is not None and self._thread.is_alive()

    def prepare(self, task: NetworkTask, lab: StackState) -> None:
        """Show the network as it is before it learns; ``train`` goes on from there."""
        self._begin(task, lab, 0)

    def train(self, task: NetworkTask, lab: StackState, steps: float = math.inf) -> None:
        """Begin to learn, or go on where that was prepared and nothing else is wanted since.

        Args:
            task: What to learn from, and how.
            lab: The stack of the stack lab.
            steps: After so many it pauses.
        """
        is_ready = self.is_busy and self.stage is Stage.READY and not self.error
        if is_ready and self._begun == (task, lab):
            self.go_on(steps)
        else:
            self._begin(task, lab, steps)

    def go_on(self, steps: float = math.inf) -> None:
        """Take more steps, all or so many."""
        self._control.allow(steps)

    def pause(self) -> None:
        """Wait after the step in hand."""
        self._control.allow(0)

    def cancel(self) -> None:
        """End it after the step in hand; what was learned stays."""
        self._control.end(Stage.CANCELLED)

    def stop(self) -> None:
        """End it; returns when the thread has ended."""
        self._control.end(Stage.CANCELLED)
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    def _begin(self, task: NetworkTask, lab: StackState, steps: float) -> None:
        """Let a new thread begin when the last has ended; nobody waits for that here."""
        self._control.end(Stage.CANCELLED)
        self.error = ""
        self._begun = task, lab
        self._control = _TrainingControl(steps)
        given = self._thread, self._control, task, lab
        self._thread = threading.Thread(target=self._work, args=given, name="convlab-learning")
        self._thread.start()
        self.changed.emit()

    def _work(
        self,
        before: threading.Thread | None,
        control: _TrainingControl,
        task: NetworkTask,
        lab: StackState,
    ) -> None:
        """Learn; whatever goes wrong becomes one message."""
        go_behind_window()
        go_behind_window()  # and behind those who compute what it looks at
        if before is not None:
            before.join()
        if control.is_ended:
            return
        self.error = ""
        try:
            _Run(task, lab, self.training, control, self._notify).learn()
        except (ValueError, OSError) as error:
            self._fail(as_message(error))
        except MemoryError:
            self._fail("There is not enough memory to learn like this: choose smaller batches.")
        except Exception as error:
            log.exception("Training failed")
            self._fail(f"This could not be learned: {error}.")

    def _fail(self, error: str) -> None:
        self.error = error
        self.changed.emit()

    def _notify(self, training: Training) -> None:
        self.training = training
        self._trainings.put(training)
        self.changed.emit()


class _TrainingControl:
    """What the window wants of a training: how many steps may be taken, and whether it ends."""

    def __init__(self, steps: float = 0) -> None:
        self._changed = threading.Condition()
        self._left = steps
        self._end: Stage | None = None

    def allow(self, steps: float) -> None:
        """Let it take so many steps from now on."""
        with self._changed:
            self._left = steps
            self._changed.notify_all()

    def end(self, stage: Stage) -> None:
        """Let it take no more."""
        with self._changed:
            self._end = self._end or stage
            self._changed.notify_all()

    @property
    def is_held(self) -> bool:
        """No step may be taken now."""
        with self._changed:
            return self._left < 1 and self._end is None

    @property
    def is_ended(self) -> bool:
        """No step may ever be taken again."""
        with self._changed:
            return self._end is not None

    def wait(self) -> Stage | None:
        """Wait until a step may be taken, and count it; return how it ended, or None."""
        with self._changed:
            self._changed.wait_for(lambda: self._left >= 1 or self._end is not None)
            self._left -= 1
            return self._end


@dataclass(frozen=True, slots=True, eq=False)
class _History:
    """The figures of one training so far."""

    loss: CurveRecorder = field(default_factory=CurveRecorder)
    accuracy: CurveRecorder = field(default_factory=CurveRecorder)
    test_loss: CurveRecorder = field(default_factory=CurveRecorder)
    test_accuracy: CurveRecorder = field(default_factory=CurveRecorder)

    def curves(self) -> Curves:
        figures = self.loss, self.accuracy, self.test_loss, self.test_accuracy
        return Curves(*(each.curve() for each in figures))


class _Run:
    """One training, in the worker's thread."""

    def __init__(
        self,
        task: NetworkTask,
        lab: StackState,
        last: Training | None,
        control: _TrainingControl,
        notify: Callable[[Training], None],
    ) -> None:
        data = own_data(task.path) if task.data == OWN_DATA else _bundled(task.data)
        stack = first_network(task, data, lab, last)
        examples = data.training
        self._trainer = Trainer(stack, examples.images, examples.labels, task.settings())
        self._control, self._notify = control, notify
        self._history = _History()
        steps = self._trainer.steps_per_epoch * task.epochs
        found = _evaluate_test(stack, data)
        self._history.test_loss.add(0.0, found.loss)
        self._history.test_accuracy.add(0.0, found.accuracy)
        curves, title = self._history.curves(), TITLES.get(task.data, "My network")
        self._now = Training(
            task, data, stack, 0, 0, steps, Stage.READY, curves, found, stack, title=title
        )
        self._notified_at = 0.0

    def learn(self) -> None:
        """Take steps as long as they are wanted."""
        self._notify(self._now)
        snapshots = iter(self._trainer)
        while True:
            if self._control.is_held and self._now.step:
                self._finish(Stage.PAUSED)
                if self._now.stopped:
                    return
            ended = self._control.wait()
            if ended is not None:
                self._finish(ended)
                return
            started = time.perf_counter()
            snapshot = next(snapshots, None)
            if snapshot is None:
                self._finish(Stage.DONE)
                return
            self._take(snapshot)
            if self._now.stopped or self._now.step == self._now.steps:
                self._finish(Stage.DONE)
                return
            time.sleep(REST * (time.perf_counter() - started))

    def _take(self, snapshot: TrainingSnapshot) -> None:
        """Record a step, evaluate after an epoch, and notify from time to time."""
        at = snapshot.step / self._trainer.steps_per_epoch
        if not snapshot.stopped:
            self._history.loss.add(at, snapshot.loss)
            self._history.accuracy.add(at, snapshot.accuracy)
        self._now = replace(
            self._now,
            stack=snapshot.stack,
            epoch=snapshot.epoch,
            step=snapshot.step,
            stage=Stage.RUNNING,
            stopped=snapshot.stopped,
        )
        is_epoch = snapshot.step % self._trainer.steps_per_epoch == 0
        if is_epoch:
            self._evaluate(at)
        now = time.perf_counter()
        if is_epoch or now - self._notified_at >= NOTIFY_EVERY:
            self._notified_at = now
            self._now = replace(self._now, curves=self._history.curves())
            self._notify(self._now)

    def _finish(self, stage: Stage) -> None:
        """Notify where it stands when no step follows at once."""
        if self._now.evaluated_stack is not self._now.stack:
            self._evaluate(self._now.step / self._trainer.steps_per_epoch)
        if self._now.stopped:
            stage = Stage.STOPPED
        self._now = replace(self._now, stage=stage, curves=self._history.curves())
        self._notify(self._now)

    def _evaluate(self, at: float) -> None:
        found = _evaluate_test(self._now.stack, self._now.data)
        if not math.isfinite(found.loss):
            # Each weight and each batch may be finite, and yet what is not learned from is not.
            self._now = replace(self._now, stack=self._now.evaluated_stack, stopped=DIVERGED)
            return
        self._history.test_loss.add(at, found.loss)
        self._history.test_accuracy.add(at, found.accuracy)
        self._now = replace(self._now, evaluation=found, evaluated_stack=self._now.stack)


_MOST_LISTED = 10_000  # files beside the data

_bundled = lru_cache(maxsize=len(DATASET_NAMES))(load_dataset)


def own_data(path: str) -> Dataset:
    """Return a person's own data, read again if they have changed: each edit asks for them.

    Raises:
        DatasetError: They cannot be read; one message with the remedy.
    """
    return _read_own(path, _signature(Path(path)))


def _signature(path: Path) -> tuple[object, ...]:
    """Return what changes with a file, with what lies beside it, or with what is in a folder."""
    try:
        entries = os.scandir(path if path.is_dir() else path.parent)
        with entries:
            listed = list(islice(entries, _MOST_LISTED))
        status = [(each.name, each.stat()) for each in listed]
    except (OSError, ValueError):
        return ()
    return tuple((name, each.st_mtime_ns, each.st_size) for name, each in status)


@lru_cache(maxsize=1)  # they may be large
def _read_own(path: str, signature: tuple[object, ...]) -> Dataset:
    return load_own(path)


def _evaluate_test(stack: Stack, data: Dataset) -> Evaluation:
    with single_threaded_blas():  # on products this small, its threads wait for each other
        return evaluate(stack, data.test.images, data.test.labels)
