"""Pages beside the picture: it never waits for them, and what is closed costs nothing."""

from __future__ import annotations

import gc
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.job import Result
from convlab.document.kernel.analysis import AnalysisPage
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import KernelState, KernelViewing, PixelPage, to_weights
from convlab.document.kernel.pages import KernelPageEvaluator, KernelPages
from convlab.runtime.compute import ComputeWorker
from convlab.runtime.latest import Latest
from convlab.runtime.pages import PageWorker
from convlab.ui.labs import EVALUATORS, PAGE_EVALUATORS

LIMIT = 10.0  # [s]
EVERY_PAGE = KernelViewing(
    (1, 1), True, page=PixelPage.DISPLAYS, design=DesignPage.WAVES, analysis=AnalysisPage.TUNING
)
OPEN, CLOSED = Viewing(kernel=EVERY_PAGE), Viewing()


class Box:
    """Takes the results of a worker at once, as a window that has nothing else to do."""

    def __init__(self) -> None:
        self.results: Latest[Result] = Latest()
        self.taken: queue.Queue[Result] = queue.Queue()

    def take(self) -> None:
        result = self.results.take()
        assert result is not None
        self.taken.put(result)

    def next(self) -> Result:
        return self.taken.get(timeout=LIMIT)

    def until(self, is_it: Callable[[Result], bool]) -> Result:
        while not is_it(result := self.next()):
            pass
        return result

    def until_frame(self, index: int) -> Result:
        return self.until(lambda result: result.frame == index)

    def until_pages(self, generation: int) -> KernelPages:
        is_it = self.until(lambda found: found.generation == generation and bool(found.shown))
        assert isinstance(is_it.shown, KernelPages)
        return is_it.shown


class Bench:
    """Both workers, running."""

    def __init__(self) -> None:
        self.picture, self.pages = Box(), Box()
        self.errors: list[str] = []
        told = self.errors.append
        self.beside = PageWorker(PAGE_EVALUATORS, self.pages.take, told)
        pictures = self.beside.pictures
        self.compute = ComputeWorker(EVALUATORS, self.picture.take, told, pictures)
        self.picture.results, self.pages.results = self.compute.results, self.beside.results
        for worker in (self.beside, self.compute):
            worker.start()

    def frame(self, index: int) -> None:
        pixels = np.random.default_rng(index).integers(0, 256, (40, 50), np.uint8)
        self.compute.frames.put(Frame(pixels, index, time.perf_counter()))

    def ask(self, viewing: Viewing, document: Document | None = None) -> None:
        self.compute.request(document or Document(), viewing)

    def stop(self) -> None:
        self.compute.stop()
        self.beside.stop()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.stop()


class Slow:
    """Pages that are not done before they are let go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.frames: list[int] = []
        answer = KernelPageEvaluator.answer

        def slow(evaluator: KernelPageEvaluator, shown: KernelShown) -> KernelPages | None:
            self.frames.append(shown.job.frame.index)
            self.begun.set()
            assert self.may_go_on.wait(LIMIT)
            return answer(evaluator, shown)

        monkeypatch.setattr(KernelPageEvaluator, "answer", slow)


def test_frames_and_edits_are_answered_while_a_page_is_computed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    bench.ask(OPEN)
    bench.frame(0)
    assert slow.begun.wait(LIMIT)
    for index in range(1, 6):
        bench.frame(index)
        assert bench.picture.until_frame(index).error is None
    edited = Document(kernel=KernelState(to_weights(np.ones((2, 2)))))
    bench.ask(OPEN, edited)
    bench.picture.until(lambda shown: shown.generation == 2)
    assert slow.frames == [0], "all that while"
    assert bench.pages.taken.empty()

    # Late as it is, the page is handed over; the next is of the newest picture, not of those since.
    slow.may_go_on.set()
    assert bench.pages.next().order[:2] == (1, 0)
    assert bench.pages.next().order[:2] == (2, 5)
    assert slow.frames[:2] == [0, 5]


def test_of_a_still_the_pages_are_complete_and_then_there_is_peace(bench: Bench) -> None:
    bench.ask(OPEN)
    bench.frame(3)
    last = bench.picture.until(lambda shown: shown.is_complete)
    pages = bench.pages.until(lambda found: found.order == last.order).shown
    assert isinstance(pages, KernelPages)
    assert pages.design is not None
    assert pages.analysed is not None
    assert len(pages.displays) == 4
    with pytest.raises(queue.Empty):
        bench.pages.taken.get(timeout=0.3)


def test_what_is_closed_is_not_even_asked_and_nothing_of_it_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluators: list[weakref.ref[KernelPageEvaluator]] = []
    asked: list[int] = []
    answer = KernelPageEvaluator.answer

    def counted(evaluator: KernelPageEvaluator, shown: KernelShown) -> KernelPages | None:
        evaluators.append(weakref.ref(evaluator))
        asked.append(shown.job.generation)
        return answer(evaluator, shown)

    monkeypatch.setattr(KernelPageEvaluator, "answer", counted)

    def show(index: int) -> None:
        bench.frame(index)
        bench.picture.until(lambda shown: shown.frame == index and shown.is_complete)

    bench.ask(CLOSED)
    show(0)
    assert asked == []
    bench.ask(OPEN)
    bench.pages.until_pages(2)
    bench.ask(CLOSED)
    assert bench.pages.until(lambda found: found.generation == 3).shown is None
    count = len(asked)
    show(1)
    show(2)
    assert len(asked) == count
    gc.collect()
    assert evaluators[-1]() is None, "with all that it had computed"

    # Another lab has other pages, or none.
    bench.ask(OPEN)
    bench.pages.until_pages(4)
    bench.ask(Viewing(lab=Lab.SIGNAL, kernel=EVERY_PAGE))
    assert bench.pages.until(lambda found: found.generation == 5).shown is None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("the page is odd"), "The page is odd."),
        (MemoryError(), "There is not enough memory for this"),
        (KeyError("x"), "This could not be computed: 'x'"),
    ],
)
def test_what_goes_wrong_on_a_page_is_one_message_and_the_picture_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    def broken(*_: Any) -> KernelPages:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(KernelPageEvaluator, "answer", broken)
        bench.ask(OPEN)
        bench.frame(0)
        found = bench.pages.next()
        assert bench.picture.next().error is None
    assert found.shown is None
    assert found.error is not None
    assert found.error.startswith(message)
    bench.ask(OPEN)
    bench.pages.until_pages(2)


def test_without_a_picture_there_are_no_pages_and_no_second_message(bench: Bench) -> None:
    too_large = Document(kernel=KernelState(to_weights(np.ones((31, 31)))))
    bench.ask(OPEN, too_large)
    bench.compute.frames.put(Frame(np.zeros((0, 4), np.uint8), 0, 0.0))
    assert bench.picture.next().error is not None
    found = bench.pages.next()
    assert (found.generation, found.shown, found.error) == (1, None, None)


def test_what_breaks_the_worker_itself_is_reported_and_the_same_picture_answered(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_once(worker: PageWorker, result: Result) -> None:
        monkeypatch.undo()
        raise KeyError("x")

    monkeypatch.setattr(PageWorker, "_publish", break_once)
    bench.ask(OPEN)
    bench.frame(7)
    bench.pages.until(lambda found: found.frame == 7 and found.shown is not None)
    (message,) = bench.errors
    assert message.startswith("Computing began again after")


def page_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "convlab-pages"]


def test_stopping_with_untaken_pages_ends_the_thread() -> None:
    told = threading.Event()
    worker = PageWorker(PAGE_EVALUATORS, told.set, print)
    worker.start()
    assert len(page_threads()) == 1
    for frame in range(2):
        worker.pictures.put(Result(1, frame))
        assert told.wait(LIMIT)
    worker.stop()
    assert page_threads() == []
