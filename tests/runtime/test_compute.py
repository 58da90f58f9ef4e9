from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.job import Result
from convlab.document.kernel import evaluate
from convlab.document.kernel.evaluate import FIGURES_EVERY, KernelEvaluator
from convlab.document.kernel.job import KernelJob, KernelShown
from convlab.document.kernel.model import Geometry, KernelState, to_weights
from convlab.document.learning.job import LearningShown
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.model import LearningViewing
from convlab.document.learning.one_kernel import KernelTrainingViewing
from convlab.document.request import LabEvaluator, Request
from convlab.document.signal import edits as edits_of_signals
from convlab.document.signal.edits import load_scene
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.signal.job import SignalJob, SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.io.signal_files import read_signal
from convlab.runtime import compute
from convlab.runtime.compute import ComputeWorker
from convlab.runtime.latest import Latest
from convlab.ui.labs import EVALUATORS

LIMIT = 10.0  # [s]

TOO_LARGE = Document(kernel=KernelState(to_weights(np.ones((9, 9))), Geometry("valid")))


def striding(stride: int) -> Document:
    return Document(kernel=KernelState(geometry=Geometry(stride=stride)))


class Bench:
    """A running worker and its results."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.errors: list[str] = []
        self.worker = ComputeWorker(EVALUATORS, self.told.set, self.errors.append)
        self.worker.start()

    def frame(self, index: int, size: int = 6) -> None:
        pixels = np.zeros((size, size), np.uint8)
        self.worker.frames.put(Frame(pixels, index, time.perf_counter()))

    def ask(self, document: Document | None = None, viewing: Viewing | None = None) -> None:
        self.worker.request(document or Document(), viewing or Viewing())

    def next(self) -> Result:
        """Wait for a result and take it."""
        assert self.told.wait(LIMIT)
        self.told.clear()
        result = self.worker.results.take()
        assert result is not None
        return result

    def answer_to(self, generation: int) -> Result:
        """Wait for the answer to a request, letting older ones go by."""
        while (result := self.next()).generation < generation:
            pass
        return result


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.worker.stop()


def compute_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "convlab-compute"]


def raising(error: BaseException) -> Callable[..., Any]:
    def run(_self: object, _job: KernelJob, _with_figures: bool) -> KernelShown:
        raise error

    return run


def test_a_request_and_a_frame_become_a_result(bench: Bench) -> None:
    bench.ask()
    bench.frame(3)
    result = bench.next()
    assert (result.generation, result.frame) == (1, 3)
    assert result.error is None
    assert isinstance(result.shown, KernelShown)
    assert result.shown.output.planes.shape == (1, 6, 6)


def test_the_order_of_frame_and_request_does_not_matter(bench: Bench) -> None:
    bench.frame(3)
    bench.ask()
    assert bench.next().order[:2] == (1, 3)


def test_a_request_without_a_frame_is_kept_until_one_comes(bench: Bench) -> None:
    bench.ask()
    assert not bench.told.wait(0.05)
    bench.frame(0)
    assert bench.next().order[:2] == (1, 0)


def test_later_frames_are_answered_with_the_same_request(bench: Bench) -> None:
    bench.ask()
    bench.frame(0)
    bench.next()
    bench.frame(1)
    assert bench.next().order[:2] == (1, 1)


def test_a_later_request_is_answered_with_the_same_frame(bench: Bench) -> None:
    bench.ask()
    bench.frame(4)
    bench.next()
    bench.ask(striding(2))
    result = bench.next()
    assert result.order[:2] == (2, 4)
    assert isinstance(result.shown, KernelShown)
    assert result.shown.output.planes.shape == (1, 3, 3)


def test_the_newest_request_and_frame_win(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    is_busy, may_go_on = threading.Event(), threading.Event()
    run = KernelEvaluator.run
    seen: list[tuple[int, int]] = []

    def slow(self: KernelEvaluator, job: KernelJob, with_figures: bool) -> KernelShown:
        seen.append((job.generation, job.frame.index))
        is_busy.set()
        assert may_go_on.wait(LIMIT)
        return run(self, job, with_figures)

    monkeypatch.setattr(KernelEvaluator, "run", slow)
    bench.ask()
    bench.frame(0)
    assert is_busy.wait(LIMIT)
    for index in range(1, 20):
        bench.ask(striding(1 + index % 3))
        bench.frame(index)
    may_go_on.set()

    assert bench.next().order[:2] == (1, 0)
    assert bench.next().order[:2] == (20, 19)
    assert seen == [(1, 0), (20, 19)]
    assert bench.worker.frames.replaced == 18


def test_nothing_is_computed_ahead_of_the_window(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: Latest[int] = Latest()
    run = KernelEvaluator.run

    def counted(self: KernelEvaluator, job: KernelJob, with_figures: bool) -> KernelShown:
        runs.put(job.frame.index)
        return run(self, job, with_figures)

    monkeypatch.setattr(KernelEvaluator, "run", counted)
    bench.ask()
    bench.frame(0)
    assert bench.told.wait(LIMIT)
    for index in range(1, 10):
        bench.frame(index)
    assert bench.next().frame == 0
    assert bench.next().frame == 9
    assert runs.replaced == 1


def test_figures_come_at_a_pace_that_can_be_read_and_surely_with_the_last_picture(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1.0]
    for module in (compute, evaluate):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    bench.ask()
    bench.frame(0)
    assert bench.next().is_complete
    bench.frame(1)
    quick = bench.next()
    assert not quick.is_complete

    now[0] += FIGURES_EVERY
    while not (last := bench.next()).is_complete:
        now[0] += FIGURES_EVERY  # the range is measured more seldom
    assert last.order > quick.order
    assert last.frame == quick.frame == 1
    assert isinstance(last.shown, KernelShown)
    assert last.shown.input.figures is not None
    assert not bench.told.wait(3 * FIGURES_EVERY), "then there is peace"


# ---- the signal lab ----

SIGNALS = Viewing(lab=Lab.SIGNAL)


def test_the_signal_lab_is_answered_with_what_becomes_of_the_signals(bench: Bench) -> None:
    bench.ask(Document(signal=load_scene("Two dice")), SIGNALS)
    assert not bench.told.wait(0.05), "there is no frame yet"
    bench.frame(3)
    result = bench.next()
    assert result.order == (1, 3, 1)
    assert result.is_complete
    assert isinstance(result.shown, SignalShown)
    assert result.shown.result[7] == pytest.approx(1 / 6)


def test_a_frame_makes_nothing_new_of_signals_and_a_request_does(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames: list[int] = []
    run = SignalEvaluator.run

    def counted(self: SignalEvaluator, job: SignalJob) -> SignalShown:
        frames.append(job.frame.index)
        return run(self, job)

    monkeypatch.setattr(SignalEvaluator, "run", counted)
    bench.frame(0)
    bench.ask(None, SIGNALS)
    bench.next()
    bench.frame(1)
    assert not bench.told.wait(0.1)
    bench.frame(2)
    assert not bench.told.wait(0.1)
    bench.ask(None, SIGNALS)
    assert bench.next().order[:2] == (2, 2)
    assert frames == [0, 2]

    bench.ask()
    assert isinstance(bench.answer_to(3).shown, KernelShown), (
        "and the kernel lab follows frames again"
    )
    bench.frame(3)
    while bench.next().frame < 3:
        pass


def test_what_a_file_holds_comes_with_the_document_and_no_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("3\n4\n")
    held = read_signal(file)
    bench = Bench()
    try:
        bench.frame(0)
        unread = SignalSpec(SignalKind.DRAWING, path=str(file))
        bench.ask(Document(signal=SignalState(f=unread)), SIGNALS)
        shown = bench.next().shown
        assert isinstance(shown, SignalShown)
        assert not shown.f.any()
        file.unlink()
        state = edits_of_signals.set_file(SignalState(), "f", str(file), held)
        bench.ask(Document(signal=state), SIGNALS)
        shown = bench.next().shown
        assert isinstance(shown, SignalShown)
        assert shown.f[:3].tolist() == [3, 4, 0]
    finally:
        bench.worker.stop()


# ---- what goes wrong ----


def test_an_error_becomes_a_message_and_the_next_edit_recovers(bench: Bench) -> None:
    bench.ask(TOO_LARGE)
    bench.frame(0)
    result = bench.next()
    assert result.shown is None
    assert result.error is not None
    assert result.error.startswith("A kernel of 9 does not fit")
    assert result.error.endswith(".")

    bench.ask()
    result = bench.next()
    assert result.error is None
    assert result.shown is not None


def test_a_failed_stage_is_not_taken_for_done(bench: Bench) -> None:
    bench.ask()
    bench.frame(0)
    first = bench.next().shown
    bench.ask(TOO_LARGE)
    assert bench.next().error is not None
    bench.ask()
    again = bench.next().shown
    assert isinstance(first, KernelShown)
    assert isinstance(again, KernelShown)
    np.testing.assert_array_equal(first.output.planes, again.output.planes)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("the picture is odd"), "The picture is odd."),
        (ValueError("Ends with a stop."), "Ends with a stop."),
        (MemoryError(), "There is not enough memory for this"),
        (ZeroDivisionError("division by zero"), "This could not be computed: division by zero"),
        (KeyError("x"), "This could not be computed: 'x'"),
        (RecursionError("too deep"), "This could not be computed: too deep"),
    ],
)
def test_whatever_is_raised_becomes_one_message_and_the_worker_lives(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(KernelEvaluator, "run", raising(error))
        bench.ask()
        bench.frame(7)
        result = bench.next()
    assert (result.order[:2], result.shown) == ((1, 7), None)
    assert result.error is not None
    assert result.error.startswith(message)

    bench.ask()
    assert bench.answer_to(2).shown is not None


def test_an_unexpected_error_is_logged(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(KernelEvaluator, "run", raising(KeyError("x")))
    bench.ask()
    bench.frame(0)
    bench.next()
    assert "A job failed" in caplog.text


def test_what_breaks_the_worker_itself_is_reported_and_the_same_request_answered(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = ComputeWorker._publish

    def break_once(worker: ComputeWorker, result: Result) -> None:
        monkeypatch.setattr(ComputeWorker, "_publish", published)
        raise KeyError("x")

    monkeypatch.setattr(ComputeWorker, "_publish", break_once)
    bench.ask()
    bench.frame(7)
    result = bench.next()
    assert (result.order[:2], result.error) == ((1, 7), None)
    (message,) = bench.errors
    assert message.startswith("Computing began again after an error inside the program (KeyError")


def test_a_frame_gives_way_to_an_edit_and_an_edit_to_nothing(bench: Bench) -> None:
    """Or a hand that drags would see nothing before it rests."""
    begun: queue.Queue[tuple[int, int]] = queue.Queue()
    may_go_on = threading.Event()

    class Patient(LabEvaluator):
        def answer(self, request: Request) -> Any:
            begun.put((request.generation, request.frame.index))
            assert may_go_on.wait(LIMIT)
            request.give_way()
            return SimpleNamespace(is_complete=True)

    bench.worker._evaluators = {Lab.KERNEL: Patient()}
    bench.ask()
    bench.frame(0)
    assert begun.get(timeout=LIMIT) == (1, 0)
    bench.ask()  # while the first is computed
    may_go_on.set()
    assert bench.next().order[:2] == (1, 0)
    assert begun.get(timeout=LIMIT) == (2, 0)
    assert bench.next().order[:2] == (2, 0)

    may_go_on.clear()
    bench.frame(1)
    assert begun.get(timeout=LIMIT) == (2, 1)
    bench.frame(2)
    bench.ask(striding(2))
    may_go_on.set()
    assert begun.get(timeout=LIMIT) == (3, 2)
    assert bench.next().order[:2] == (3, 2), "the frame before is dropped, and counted so"


# ---- the end ----


def test_stopping_ends_the_thread() -> None:
    bench = Bench()
    assert len(compute_threads()) == 1
    bench.worker.stop()
    assert compute_threads() == []


def test_stopping_with_an_untaken_result_ends_the_thread() -> None:
    bench = Bench()
    bench.ask()
    bench.frame(0)
    assert bench.told.wait(LIMIT)
    bench.worker.stop()
    assert compute_threads() == []


def test_a_worker_that_never_started_can_be_stopped() -> None:
    ComputeWorker({}, lambda: None, print).stop()
    assert compute_threads() == []


# ---- the learning lab ----


def test_what_learns_gives_one_answer_after_the_other_about_one_frame(bench: Bench) -> None:
    learning = LearningViewing(kernel=KernelTrainingViewing(is_playing=True))
    bench.ask(viewing=Viewing(lab=Lab.LEARNING, learning=learning))
    bench.frame(3)
    answers = [bench.next() for _ in range(3)]
    assert [answer.frame for answer in answers] == [3, 3, 3]
    assert answers[0].order < answers[1].order < answers[2].order
    shown = [answer.shown for answer in answers]
    steps = [
        each.page.step
        for each in shown
        if isinstance(each, LearningShown) and isinstance(each.page, KernelTrainingShown)
    ]
    assert 0 < steps[0] < steps[1] < steps[2]
    bench.ask(viewing=Viewing(lab=Lab.LEARNING))
    while not bench.next().is_complete:
        pass
    assert not bench.told.wait(0.1), "paused, there is peace"


def test_what_waited_for_a_hand_is_answered_when_it_lets_go(bench: Bench) -> None:
    def limit(result: Result) -> float:
        assert isinstance(result.shown, KernelShown)
        return result.shown.output.scale.high

    pixels = np.random.default_rng(1).integers(0, 256, (40, 40), np.uint8)
    bench.worker.frames.put(Frame(pixels, 0, time.perf_counter()))
    bench.ask()
    first = bench.answer_to(1)
    bench.worker.hold(True)
    kernel = 100 * Document().kernel.array()
    bench.ask(Document(kernel=KernelState(to_weights(kernel))))
    held = bench.answer_to(2)
    assert limit(held) == limit(first)
    while held.shown is not None and held.shown.output.figures is None:  # type: ignore[attr-defined]
        held = bench.next()
    assert not held.is_complete
    assert not bench.told.wait(3 * FIGURES_EVERY), "nothing is computed under a hand that rests"
    bench.worker.hold(False)
    assert limit(bench.next()) > 50 * limit(first)
