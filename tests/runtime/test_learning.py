from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.learning.network import OWN_DATA, Architecture, NetworkTask, Start
from convlab.document.learning.rule import Rule
from convlab.document.learning.training import Stage, Training
from convlab.document.stack.model import InputSpace, StackInput, StackState, first_stack
from convlab.layers import Conv2d, Flatten, Linear, ReLU
from convlab.learn.parameters import parameters_of
from convlab.runtime.latest import Latest
from convlab.runtime.learning import LearningWorker

LIMIT = 30_000  # [ms]
LAB = first_stack()
TASK = NetworkTask(epochs=2, batch=128, seed=3)


class Bench:
    """A worker, and the box that the compute worker would empty."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.box: Latest[Training] = Latest()
        self.worker = LearningWorker(self.box)

    @property
    def training(self) -> Training:
        assert self.worker.training is not None
        return self.worker.training

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=LIMIT)

    def until_stage(self, stage: Stage) -> Training:
        self.until(lambda: self.worker.training is not None and self.worker.stage is stage)
        return self.training

    def until_error(self) -> str:
        self.until(lambda: bool(self.worker.error))
        return self.worker.error

    def trained(self, task: NetworkTask, lab: StackState = LAB) -> Training:
        self.worker.train(task, lab)
        self.until(lambda: not self.worker.is_busy)
        assert not self.worker.error
        return self.until_stage(Stage.DONE)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.worker.stop()


def weights(training: Training) -> list[bytes]:
    return [each.tobytes() for each in parameters_of(training.stack)]


def classifier(scores: int = 10) -> StackState:
    """A stack for the digits, as the stack lab has it."""
    layers = (Conv2d(1, 4, 3, padding="same"), ReLU(), Flatten(), Linear(256, scores))
    return StackState.of(layers, "Mine", StackInput(InputSpace.GREY, (8, 8)))


def test_it_learns_and_tells_where_it_stands(bench: Bench) -> None:
    training = bench.trained(replace(TASK, epochs=4, batch=32))
    assert (training.epoch, training.step, training.progress) == (4, training.steps, 1.0)
    assert training.evaluation.accuracy > 0.7
    assert training.evaluation.confusion.sum() == len(training.data.test)
    assert len(training.misclassified) == round(364 * (1 - training.evaluation.accuracy))
    curves = training.curves
    assert curves.test_accuracy.at.tolist() == [0, 1, 2, 3, 4]
    assert curves.test_accuracy.values[0] < 0.4 < curves.test_accuracy.values[-1]
    assert curves.loss.values[-1] < curves.loss.values[0]
    assert not curves.loss.values.flags.writeable
    assert bench.box.take() is training


def test_the_same_seed_gives_the_same_weights_bit_for_bit_also_with_pauses(bench: Bench) -> None:
    first = weights(bench.trained(TASK))
    bench.worker.prepare(TASK, LAB)
    bench.until_stage(Stage.READY)
    bench.worker.train(TASK, LAB, 3)
    assert bench.until_stage(Stage.PAUSED).step == 3
    bench.worker.go_on(1)
    bench.until(lambda: bench.training.step == 4 and bench.worker.stage is Stage.PAUSED)
    bench.worker.go_on()
    paused = bench.until_stage(Stage.DONE)
    assert weights(paused) == first
    assert weights(bench.trained(replace(TASK, seed=4))) != first


def test_before_the_first_step_it_is_evaluated_untrained(bench: Bench) -> None:
    bench.worker.prepare(TASK, LAB)
    training = bench.until_stage(Stage.READY)
    assert training.step == 0
    assert training.evaluation.accuracy < 0.4
    assert bench.worker.is_busy


def test_cancelling_keeps_what_was_learned(bench: Bench) -> None:
    bench.worker.train(replace(TASK, epochs=1000), LAB)
    bench.until(lambda: bench.worker.training is not None and bench.training.step > 2)
    bench.worker.cancel()
    training = bench.until_stage(Stage.CANCELLED)
    assert 2 < training.step < training.steps
    assert training.evaluated_stack is training.stack
    bench.until(lambda: not bench.worker.is_busy)


def test_a_pause_holds_until_it_goes_on(bench: Bench) -> None:
    bench.worker.train(replace(TASK, epochs=1000), LAB)
    bench.until(lambda: bench.worker.training is not None and bench.training.step > 2)
    bench.worker.pause()
    step = bench.until_stage(Stage.PAUSED).step
    bench.worker.go_on(1)
    bench.until(lambda: bench.worker.stage is Stage.PAUSED and bench.training.step == step + 1)


def test_too_high_a_rate_stops_with_a_message_and_keeps_good_weights(bench: Bench) -> None:
    layers = (Flatten(), Linear(64, 32), Linear(32, 10))  # no ReLU that dies before it grows
    lab = StackState.of(layers, "Linear", StackInput(InputSpace.GREY, (8, 8)))
    task = replace(TASK, rule=Rule.SGD, rate=100.0, epochs=20)
    bench.worker.train(replace(task, architecture=Architecture.STACK), lab)
    training = bench.until_stage(Stage.STOPPED)
    assert "lower the learning rate" in training.stopped
    assert all(np.isfinite(each).all() for each in parameters_of(training.stack))


@pytest.mark.parametrize("steps", [math.inf, 12])
def test_a_diverged_test_loss_stops_it_too(bench: Bench, steps: float) -> None:
    """Batch normalisation keeps the batches finite where the statistics for use are not."""
    task = NetworkTask(rule=Rule.SGD, rate=99.0, epochs=3, batch=128)
    bench.worker.train(task, LAB, steps)
    training = bench.until_stage(Stage.STOPPED)
    assert "the loss of the test set overflowed to inf or NaN" in training.stopped
    assert "lower the learning rate" in training.stopped
    assert training.stack is training.evaluated_stack
    assert math.isfinite(training.evaluation.loss)
    assert np.isfinite(training.curves.test_loss.values).all()
    bench.until(lambda: not bench.worker.is_busy)


def test_the_stack_labs_stack_learns_from_drawn_or_from_its_own_weights(bench: Bench) -> None:
    lab = classifier()
    task = replace(TASK, architecture=Architecture.STACK)
    bench.worker.prepare(replace(task, start=Start.KEPT), lab)
    kept = bench.until_stage(Stage.READY)
    assert weights(kept) == [each.tobytes() for each in parameters_of(lab.stack())]
    bench.worker.prepare(task, lab)
    bench.until(lambda: bench.training is not kept and bench.worker.stage is Stage.READY)
    assert weights(bench.training) != weights(kept)


def test_learning_goes_on_from_what_was_learned(bench: Bench) -> None:
    first = bench.trained(TASK)
    again = bench.trained(replace(TASK, start=Start.KEPT))
    assert again.curves.test_loss.values[0] == first.curves.test_loss.values[-1]


@pytest.mark.parametrize(
    ("lab", "words"),
    [
        (classifier(8), "“Mine” of the stack lab gives 8 scores where 10 classes are"),
        (first_stack(), "takes 3 channels where the pictures have 1: choose grey"),
    ],
)
def test_a_stack_that_does_not_fit_is_rejected_with_the_numbers(
    bench: Bench, lab: StackState, words: str
) -> None:
    bench.worker.train(replace(TASK, architecture=Architecture.STACK), lab)
    assert words in bench.until_error()
    bench.until(lambda: not bench.worker.is_busy)


def test_a_rejected_beginning_loses_nothing(bench: Bench, tmp_path: Path) -> None:
    done = bench.trained(TASK)
    bench.worker.train(replace(TASK, data=OWN_DATA, path=str(tmp_path / "none.npz")), LAB)
    assert "none.npz gives nothing to learn from" in bench.until_error()
    assert bench.worker.training is done
    bench.worker.train(replace(TASK, data="shapes", start=Start.KEPT), LAB)
    bench.until(lambda: "16 × 16" in bench.worker.error)
    assert bench.worker.training is done


def test_nothing_trained_cannot_go_on(bench: Bench) -> None:
    bench.worker.train(replace(TASK, start=Start.KEPT), LAB)
    assert "choose random initial weights" in bench.until_error()


def test_a_file_of_ones_own_is_learned_from(bench: Bench, tmp_path: Path) -> None:
    labels = np.arange(40) % 2
    images = np.zeros((40, 8, 8), np.uint8)
    images[labels == 1, :, 4:] = 200
    np.savez(tmp_path / "own.npz", images=images, labels=labels)
    task = replace(TASK, data=OWN_DATA, path=str(tmp_path / "own.npz"), epochs=30, batch=8)
    assert bench.trained(task).evaluation.accuracy == 1.0
