from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.document import Document, Lab
from convlab.document.frame import Frame
from convlab.document.job import Result
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.document.source import SourceKind, SourceSpec
from convlab.runtime import pump as pump_module
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.pump import Pump
from convlab.runtime.session import Session
from convlab.ui.labs import EVALUATORS

NOISE = SourceSpec(SourceKind.PATTERN, "rotating-bar")


def result(generation: int, frame: int, at: float | None = None) -> Result:
    captured_at = time.perf_counter() if at is None else at
    picture = Frame(np.zeros((4, 4), np.uint8), frame, captured_at)
    job = resolve(KernelState(), KernelViewing(), picture, generation)
    return Result(generation, frame, KernelEvaluator().run(job))


def failed(generation: int, frame: int) -> Result:
    return Result(generation, frame, error="It does not fit.")


def pages(generation: int, frame: int, turn: int = 0) -> Result:
    """Return what stands beside a picture."""
    return replace(result(generation, frame), turn=turn, lab=Lab.KERNEL)


class Bench:
    """A pump on a pipeline whose workers do not run: the test hands it the results."""

    def __init__(self) -> None:
        self.session = Session(Document(source=NOISE))
        self.pipeline = Pipeline(self.session, EVALUATORS)
        self.pump = Pump(self.pipeline)
        self.changes = 0
        self.pump.result_changed.connect(self._on_result_changed)

    def _on_result_changed(self) -> None:
        self.changes += 1

    def offer(self, answer: Result) -> None:
        if self.pipeline.results.put(answer):
            self.pipeline.result_ready.emit()

    def offer_pages(self, answer: Result) -> None:
        if self.pipeline.pages.put(answer):
            self.pipeline.pages_ready.emit()

    def show(self, answer: Result) -> None:
        """Offer a result, and paint it."""
        self.offer(answer)
        self.pump.painted()

    @property
    def order(self) -> tuple[int, int] | None:
        """Order of what is shown."""
        shown = self.pump.shown
        return None if shown is None else (shown.job.generation, shown.job.frame.index)


@pytest.fixture
def bench(qapp: object) -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.pipeline.stop()
    bench.session.deleteLater()


def test_a_result_is_shown_and_signalled(bench: Bench) -> None:
    bench.offer(result(1, 0))
    assert bench.order == (1, 0)
    assert bench.changes == 1
    assert bench.pump.frames_shown == 0, "it is not painted yet"


def test_a_frame_counts_as_shown_once_it_is_painted(bench: Bench) -> None:
    bench.show(result(1, 0))
    assert (bench.pump.frames_shown, bench.pump.frames_dropped) == (1, 0)
    assert 0 < bench.pump.latency < 10_000


def test_painting_without_something_new_counts_nothing(bench: Bench) -> None:
    bench.pump.painted()
    bench.show(result(1, 0))
    bench.pump.painted()
    assert bench.pump.frames_shown == 1


def test_while_painting_the_next_waits(bench: Bench) -> None:
    bench.offer(result(1, 0))
    bench.offer(result(1, 1))
    bench.offer(result(1, 2))
    assert bench.order == (1, 0)
    bench.pump.painted()
    assert bench.order == (1, 2)


@pytest.mark.parametrize("late", [(1, 5), (2, 4), (2, 5), (1, 9)])
def test_what_is_not_newer_is_not_shown(bench: Bench, late: tuple[int, int]) -> None:
    bench.show(result(2, 5))
    changes = bench.changes
    bench.show(result(*late))
    assert bench.order == (2, 5)
    assert bench.changes == changes


@pytest.mark.parametrize("newer", [(2, 6), (3, 5), (3, 0)])
def test_a_later_frame_or_a_later_edit_is_newer(bench: Bench, newer: tuple[int, int]) -> None:
    bench.show(result(2, 5))
    bench.show(result(*newer))
    assert bench.order == newer


def test_every_frame_is_shown_or_counted_as_dropped(bench: Bench) -> None:
    shown_frames = [0, 1, 4, 5, 9]
    for frame in shown_frames:
        bench.show(result(1, frame))
        assert bench.pump.frames_shown + bench.pump.frames_dropped == frame + 1
    assert bench.pump.frames_shown == len(shown_frames)


def test_the_same_frame_shown_again_after_an_edit_counts_once(bench: Bench) -> None:
    for generation in (1, 2, 3):
        bench.show(result(generation, 0))
    assert (bench.pump.frames_shown, bench.pump.frames_dropped) == (1, 0)


def test_pages_are_shown_if_they_are_newer_than_the_last_however_old_they_are(
    bench: Bench,
) -> None:
    bench.show(result(3, 9))
    bench.offer_pages(pages(2, 4))
    first = bench.pump.pages
    assert first is not None, "the picture has gone on since"
    for late in (pages(1, 8), pages(2, 3), pages(2, 4)):
        bench.offer_pages(late)
        assert bench.pump.pages is first
    bench.offer_pages(replace(pages(2, 5), shown=None, error="It is odd."))
    assert (bench.pump.pages, bench.pump.pages_error) == (None, "It is odd.")
    bench.offer_pages(pages(2, 5, turn=1))
    assert bench.pump.pages is not None
    assert bench.pump.pages_error is None
    assert bench.order == (3, 9)


def test_a_request_is_answered_once_the_open_pages_are(bench: Bench) -> None:
    viewing = bench.session.viewing
    open_page = replace(viewing.kernel, design=DesignPage.WAVES)
    bench.session.look(replace(viewing, kernel=open_page))
    generation = bench.pipeline.generation
    bench.show(result(generation, 0))
    assert not bench.pump.is_up_to_date
    bench.offer_pages(pages(generation, 0))
    assert bench.pump.is_up_to_date
    bench.session.look(viewing)
    bench.show(result(bench.pipeline.generation, 0))
    assert bench.pump.is_up_to_date, "closed ones are not waited for"


def test_an_error_is_told_and_the_last_picture_stays(bench: Bench) -> None:
    bench.show(result(1, 0))
    bench.offer(failed(2, 0))
    assert bench.pump.error == "It does not fit."
    assert bench.order == (1, 0)
    assert bench.changes == 2


def test_after_an_error_the_next_result_clears_it(bench: Bench) -> None:
    bench.offer(failed(1, 0))
    bench.show(result(2, 3))
    assert bench.pump.error is None
    assert bench.order == (2, 3)
    assert bench.pump.frames_shown + bench.pump.frames_dropped == 4


def test_an_error_does_not_wait_for_a_painting(bench: Bench) -> None:
    bench.offer(failed(1, 0))
    bench.offer(result(2, 0))
    assert bench.order == (2, 0)


def test_a_window_that_never_paints_does_not_stop_the_flow(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump_module, "PAINT_LIMIT", 10)
    bench = Bench()
    bench.offer(result(1, 0))
    bench.offer(result(1, 1))
    qtbot.waitUntil(lambda: bench.order == (1, 1))
    assert bench.pump.frames_shown == 0
    bench.pump.painted()
    assert bench.pump.frames_shown + bench.pump.frames_dropped == 2


def test_a_still_that_is_painted_late_is_counted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a new window paints first when that is overdue, and no frame follows."""
    monkeypatch.setattr(pump_module, "PAINT_LIMIT", 1)
    bench = Bench()
    bench.offer(result(0, 0))
    qtbot.waitUntil(lambda: bench.pump.is_up_to_date)
    bench.pump.painted()
    assert (bench.pump.frames_shown, bench.pump.frames_dropped) == (1, 0)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the pump's clock, to be set."""
    clock = [100.0]
    monkeypatch.setattr(pump_module, "time", SimpleNamespace(perf_counter=lambda: clock[0]))
    return clock


def test_rates_are_frames_per_second(bench: Bench, now: list[float]) -> None:
    bench.show(result(1, 0, 100.0))
    bench.pump.rates()
    for frame in (1, 3, 4, 5):
        bench.show(result(1, frame, 100.0 + frame / 10))
    now[0] = 100.5
    assert bench.pump.rates() == (10.0, 8.0, 2.0)


def test_a_window_that_was_held_up_is_given_no_more_frames(bench: Bench, now: list[float]) -> None:
    """While another palette is put on, nothing is painted; then all is accounted for at once."""
    for tenth in range(10):
        now[0] = 100.0 + tenth / 10
        bench.show(result(1, tenth, now[0]))
        bench.pump.rates()
    now[0] = 102.9
    bench.pump.rates()
    rates = []
    for tenth in range(30, 45):
        now[0] = 100.0 + tenth / 10
        bench.show(result(1, tenth, now[0]))
        rates.append(bench.pump.rates()[0])
    assert max(rates) < 10.5


def test_rates_forget_what_is_long_ago(bench: Bench, now: list[float]) -> None:
    bench.show(result(1, 0, 100.0))
    bench.pump.rates()
    now[0] = 104.0
    assert bench.pump.rates() == (0.0, 0.0, 0.0)


def test_live_every_frame_is_accounted_for(bench: Bench, qtbot: QtBot) -> None:
    pump = bench.pump
    pump.result_changed.connect(pump.painted)
    bench.pipeline.start()
    qtbot.waitUntil(lambda: pump.frames_shown >= 10)
    assert pump.shown is not None
    assert pump.frames_shown + pump.frames_dropped == pump.shown.job.frame.index + 1
