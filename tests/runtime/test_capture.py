from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from queue import Empty, SimpleQueue

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.camera import USUAL_CAMERA, CameraOptions
from convlab.document.document import FIRST_SOURCE
from convlab.document.drawing import of_pixels
from convlab.document.frame import Frame
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.runtime import capture, supervision
from convlab.runtime.capture import CaptureWorker
from convlab.runtime.capture_request import CaptureRequest, Change, SourceEvent
from convlab.runtime.latest import Latest
from convlab.sources.base import Source, SourceError
from convlab.sources.drawing import DrawingSource
from convlab.sources.pattern import PatternSource

LIMIT = 10.0  # [s]
RETRY = 0.02  # [s]
QUIET = 0.15  # in which something must not happen [s]
CAMERA = SourceSpec(SourceKind.CAMERA, "0")
FILM = SourceSpec(SourceKind.VIDEO, "film.mp4")
OTHER = SourceSpec(SourceKind.VIDEO, "other.mp4")
PICTURE = SourceSpec(SourceKind.PICTURE, "cat.png")
STEP = SourceSpec(SourceKind.PATTERN, "step")


class FakeSource:
    """Gives the frames a test hands it; ``code`` is the value of all their pixels."""

    def __init__(self, code: int, *indexes: int, moves: bool = True) -> None:
        self.title = f"Source {code}"
        self.moves = moves
        self.reads = 0
        self.is_closed = False
        self._code = code
        self._indexes: SimpleQueue[int] = SimpleQueue()
        self._failure: Exception | None = None
        self.give(*indexes)

    def give(self, *indexes: int) -> None:
        for index in indexes:
            self._indexes.put(index)

    def fail(self, failure: str | Exception) -> None:
        """Fail from now on, as a child process that died does, or with what nobody foresaw."""
        self._failure = SourceError(failure) if isinstance(failure, str) else failure

    def read(self) -> Frame | None:
        self.reads += 1
        if self._failure is not None:
            raise self._failure
        try:
            index = self._indexes.get(timeout=0.002) if self.moves else self._indexes.get_nowait()
        except Empty:
            return None
        return Frame(np.full((2, 2), self._code, np.uint8), index, time.perf_counter())

    def close(self) -> None:
        self.is_closed = True


class FakeOpener:
    """Opens what a test has prepared; without that, what it is asked for is not there."""

    def __init__(self) -> None:
        self.ready: dict[SourceSpec, Source] = {}
        self.opened: list[tuple[SourceSpec, float]] = []

    def __call__(
        self,
        spec: SourceSpec,
        options: PatternOptions,
        camera: CameraOptions = USUAL_CAMERA,
        /,
    ) -> Source:
        self.opened.append((spec, time.monotonic()))
        if spec not in self.ready:
            raise SourceError(f"{spec.name} is not there.")
        return self.ready[spec]

    def times(self, spec: SourceSpec) -> list[float]:
        return [at for opened, at in self.opened if opened == spec]


class AllFrames(Latest[Frame]):
    """Remembers what was put."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, int]] = []

    def put(self, item: Frame) -> bool:
        self.seen.append((int(item.pixels.flat[0]), item.index))
        return super().put(item)


class Bench:
    """A running worker between a fake opener and a box that remembers."""

    def __init__(self, qtbot: QtBot, throttled: bool = True) -> None:
        self._qtbot = qtbot
        self.opener = FakeOpener()
        self.fallback = FakeSource(9)
        self.opener.ready[FIRST_SOURCE] = self.fallback
        self.frames = AllFrames()
        self.told = threading.Event()
        self.errors: list[str] = []
        self.worker = CaptureWorker(
            self.opener, self.frames, self.told.set, self.errors.append, throttled
        )

    def source(self, spec: SourceSpec, code: int, *indexes: int, moves: bool = True) -> FakeSource:
        source = FakeSource(code, *indexes, moves=moves)
        self.opener.ready[spec] = source
        return source

    def want(
        self, spec: SourceSpec, playing: bool = True, options: PatternOptions | None = None
    ) -> None:
        self.worker.want(CaptureRequest(spec, options or PatternOptions(), playing))

    def show(self, spec: SourceSpec, code: int, *indexes: int, moves: bool = True) -> FakeSource:
        """Let a source take over and wait until it has given all its frames."""
        source = self.source(spec, code, *indexes, moves=moves)
        self.want(spec)
        assert self.event().change is Change.OPENED
        self.wait_for(code, len(indexes))
        return source

    def event(self) -> SourceEvent:
        return self.worker.events.get(timeout=LIMIT)

    def count(self, code: int) -> int:
        return sum(seen == code for seen, _ in self.frames.seen)

    def numbers(self) -> list[int]:
        return [number for _, number in self.frames.seen]

    def wait_for(self, code: int, count: int = 1) -> None:
        self._qtbot.waitUntil(lambda: self.count(code) >= count)

    def wait_until_taken(self) -> None:
        """Wait until the worker has seen what is wanted."""
        self._qtbot.waitUntil(lambda: not self.worker._requests.is_full())

    def wait_until_idle(self, source: FakeSource) -> None:
        """Wait until a source was read once more, in vain."""
        reads = source.reads
        self._qtbot.waitUntil(lambda: source.reads > reads + 1)


@pytest.fixture
def bench(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(capture, "FIRST_RETRY", RETRY)
    bench = Bench(qtbot)
    bench.worker.start()
    yield bench
    bench.worker.stop()


def capture_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "convlab-capture"]


def stays(qtbot: QtBot, read: Callable[[], object], seconds: float = QUIET) -> bool:
    """Tell whether what a function returns stays the same for a while."""
    before, end = read(), time.monotonic() + seconds
    qtbot.waitUntil(lambda: time.monotonic() > end or read() != before)
    return read() == before


# ---- one source after another ----


def test_what_is_wanted_is_opened_and_its_frames_flow(bench: Bench) -> None:
    bench.source(FILM, 1, 0, 1, 2)
    bench.want(FILM)
    assert bench.event() == SourceEvent(Change.OPENED, FILM)
    bench.wait_for(1, 3)
    assert bench.frames.seen == [(1, 0), (1, 1), (1, 2)]


def test_wanting_the_same_again_does_not_open_it_again(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(FILM)
    film.give(1)
    bench.wait_for(1, 2)
    assert len(bench.opener.times(FILM)) == 1


def test_a_new_source_takes_over_with_its_first_frame(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    other = bench.source(OTHER, 2)
    bench.want(OTHER)
    bench.wait_until_idle(other)
    film.give(1)
    bench.wait_for(1, 2)
    assert not film.is_closed

    other.give(0)
    assert bench.event() == SourceEvent(Change.OPENED, OTHER)
    bench.wait_for(2)
    assert film.is_closed
    assert bench.frames.seen == [(1, 0), (1, 1), (2, 2)]


def test_returning_before_the_new_one_delivered_closes_it(bench: Bench, qtbot: QtBot) -> None:
    film = bench.show(FILM, 1, 0)
    other = bench.source(OTHER, 2)
    bench.want(OTHER)
    bench.wait_until_idle(other)
    bench.want(FILM)
    qtbot.waitUntil(lambda: other.is_closed)
    film.give(1)
    bench.wait_for(1, 2)
    assert len(bench.opener.times(FILM)) == 1


def test_wanting_the_same_again_while_it_opens_does_not_start_again(bench: Bench) -> None:
    silent = bench.source(FILM, 1)
    bench.want(FILM)
    bench.wait_until_idle(silent)
    bench.want(FILM)
    bench.wait_until_idle(silent)
    silent.give(0)
    assert bench.event().change is Change.OPENED
    assert len(bench.opener.times(FILM)) == 1
    assert not silent.is_closed


# ---- what cannot be opened ----


def test_when_a_source_cannot_be_opened_the_one_before_goes_on(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(PICTURE)
    assert bench.event() == SourceEvent(Change.FAILED, PICTURE, "cat.png is not there.")
    film.give(1)
    bench.wait_for(1, 2)
    assert not film.is_closed
    assert bench.count(9) == 0


def test_when_a_source_fails_before_its_first_frame_the_one_before_goes_on(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    other = bench.source(OTHER, 2)
    other.fail("other.mp4 is no video.")
    bench.want(OTHER)
    assert bench.event() == SourceEvent(Change.FAILED, OTHER, "other.mp4 is no video.")
    film.give(1)
    bench.wait_for(1, 2)
    assert other.is_closed


def test_what_failed_can_be_tried_again(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(PICTURE)
    assert bench.event().change is Change.FAILED
    bench.want(FILM)
    bench.wait_until_idle(film)
    bench.source(PICTURE, 2, 0, moves=False)
    bench.want(PICTURE)
    assert bench.event() == SourceEvent(Change.OPENED, PICTURE)


def test_when_the_first_source_fails_a_pattern_is_shown(bench: Bench) -> None:
    bench.want(PICTURE)
    assert bench.event().change is Change.FAILED
    bench.fallback.give(0)
    bench.wait_for(9)


def test_a_video_that_breaks_off_is_told_once(bench: Bench, qtbot: QtBot) -> None:
    film = bench.show(FILM, 1, 0)
    film.fail("film.mp4 cannot be read any further.")
    assert bench.event() == SourceEvent(Change.FAILED, FILM, "film.mp4 cannot be read any further.")
    assert stays(qtbot, bench.worker.events.qsize)


# ---- cameras ----


def test_a_lost_camera_is_replaced_by_a_pattern_and_comes_back(bench: Bench) -> None:
    camera = bench.show(CAMERA, 1, 0)
    del bench.opener.ready[CAMERA]
    camera.fail("Camera 0 stopped answering.")
    assert bench.event() == SourceEvent(Change.LOST, CAMERA, "Camera 0 stopped answering.")
    bench.fallback.give(0)
    bench.wait_for(9)
    assert camera.is_closed

    bench.source(CAMERA, 2, 0, 1)
    assert bench.event() == SourceEvent(Change.BACK, CAMERA)
    bench.wait_for(2, 2)
    assert bench.fallback.is_closed


def test_a_camera_that_is_not_there_is_lost_from_the_start(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(CAMERA)
    assert bench.event() == SourceEvent(Change.LOST, CAMERA, "0 is not there.")
    bench.fallback.give(0)
    bench.wait_for(9)
    assert film.is_closed


def test_retries_are_silent_and_their_pauses_grow(bench: Bench, qtbot: QtBot) -> None:
    bench.want(CAMERA)
    assert bench.event().change is Change.LOST
    qtbot.waitUntil(lambda: len(bench.opener.times(CAMERA)) >= 5)
    times = bench.opener.times(CAMERA)
    pauses = [later - earlier for earlier, later in pairwise(times)]
    for pause, least in zip(pauses, (RETRY, 2 * RETRY, 4 * RETRY, 8 * RETRY), strict=False):
        assert pause >= least
    assert bench.worker.events.empty()


def test_a_camera_that_opens_but_never_delivers_is_not_back(bench: Bench, qtbot: QtBot) -> None:
    bench.want(CAMERA)
    assert bench.event().change is Change.LOST
    silent = bench.source(CAMERA, 1)
    qtbot.waitUntil(lambda: silent.reads > 2)
    bench.fallback.give(0)
    bench.wait_for(9)
    assert bench.worker.events.empty()
    silent.give(0)
    assert bench.event().change is Change.BACK


def test_choosing_something_else_ends_the_retries(bench: Bench, qtbot: QtBot) -> None:
    bench.want(CAMERA)
    assert bench.event().change is Change.LOST
    bench.show(FILM, 1, 0)
    assert stays(qtbot, lambda: len(bench.opener.times(CAMERA)))


def test_a_camera_chosen_again_after_it_was_back_is_reported_lost_again(bench: Bench) -> None:
    bench.want(CAMERA)
    assert bench.event().change is Change.LOST
    camera = bench.source(CAMERA, 1, 0)
    assert bench.event().change is Change.BACK
    camera.fail("Camera 0 stopped answering.")
    assert bench.event().change is Change.LOST


# ---- what costs nothing ----


def test_a_still_is_not_read_again(bench: Bench, qtbot: QtBot) -> None:
    still = bench.show(PICTURE, 1, 0, moves=False)
    qtbot.waitUntil(lambda: still.reads == 2)
    assert stays(qtbot, lambda: still.reads)


def test_a_still_pattern_is_drawn_again_when_its_dials_are_turned(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.opener.ready[STEP] = PatternSource("step")
    bench.want(STEP)
    assert bench.event().change is Change.OPENED
    bench.want(STEP, options=PatternOptions(angle=10.0))
    qtbot.waitUntil(lambda: len(bench.frames.seen) == 2)


def test_a_still_pattern_costs_nothing_while_its_dials_stay(bench: Bench, qtbot: QtBot) -> None:
    bench.opener.ready[STEP] = PatternSource("step")
    bench.want(STEP)
    assert bench.event().change is Change.OPENED
    # Every move of the mouse over the picture wants the same once more.
    bench.want(STEP)
    assert stays(qtbot, lambda: len(bench.frames.seen))
    assert len(bench.frames.seen) == 1


def test_a_frozen_source_is_not_read(bench: Bench, qtbot: QtBot) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(FILM, playing=False)
    qtbot.waitUntil(lambda: stays(qtbot, lambda: film.reads, 0.05))
    film.give(1, 2, 3)
    assert stays(qtbot, lambda: film.reads)
    assert bench.count(1) == 1

    bench.want(FILM, playing=True)
    bench.wait_for(1, 4)


def test_a_step_lets_exactly_one_frame_through(bench: Bench, qtbot: QtBot) -> None:
    film = bench.show(FILM, 1, 0)
    bench.want(FILM, playing=False)
    qtbot.waitUntil(lambda: stays(qtbot, lambda: film.reads, 0.05))
    film.give(1, 2, 3)
    for count in (2, 3):
        bench.worker.step()
        bench.wait_for(1, count)
        assert stays(qtbot, lambda: bench.count(1))
        assert bench.count(1) == count


def test_a_new_source_shows_its_first_frame_even_when_frozen(bench: Bench, qtbot: QtBot) -> None:
    bench.show(FILM, 1, 0)
    bench.source(OTHER, 2, 0, 1, 2)
    bench.want(OTHER, playing=False)
    assert bench.event().change is Change.OPENED
    bench.wait_for(2)
    assert stays(qtbot, lambda: bench.count(2))
    assert bench.count(2) == 1


def test_without_a_pace_the_next_frame_waits_until_the_last_was_taken(qtbot: QtBot) -> None:
    bench = Bench(qtbot, throttled=False)
    bench.worker.start()
    try:
        film = bench.source(FILM, 1)
        film.give(*range(5))
        bench.want(FILM)
        assert bench.event().change is Change.OPENED
        bench.wait_for(1)
        assert stays(qtbot, lambda: bench.count(1))
        for count in (2, 3):
            assert bench.frames.take() is not None
            bench.wait_for(1, count)
        assert bench.frames.replaced == 0
    finally:
        bench.worker.stop()


# ---- numbers ----


def test_frames_are_numbered_in_one_row_across_sources(bench: Bench) -> None:
    bench.show(FILM, 1, 0, 1, 2)
    bench.show(OTHER, 2, 0, 1)
    bench.show(PICTURE, 3, 0, moves=False)
    assert bench.numbers() == [0, 1, 2, 3, 4, 5]
    assert bench.worker.captured == 6


def test_gaps_of_a_source_are_kept_but_not_those_before_it_took_over(bench: Bench) -> None:
    bench.show(FILM, 1, 0, 1)
    bench.show(CAMERA, 2, 7, 8, 11)
    assert bench.numbers() == [0, 1, 2, 3, 6]
    assert bench.worker.captured == 7


def test_the_fallback_goes_on_counting(bench: Bench) -> None:
    camera = bench.show(CAMERA, 1, 0, 1)
    del bench.opener.ready[CAMERA]
    camera.fail("gone.")
    assert bench.event().change is Change.LOST
    bench.fallback.give(40, 41)
    bench.wait_for(9, 2)
    assert bench.numbers() == [0, 1, 2, 3]


# ---- the end ----


def test_stopping_closes_everything_and_ends_the_thread(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    candidate = bench.source(OTHER, 2)
    bench.want(OTHER)
    bench.wait_until_idle(candidate)
    bench.worker.stop()
    assert film.is_closed
    assert candidate.is_closed
    assert capture_threads() == []


def test_stopping_ends_a_thread_that_sleeps(bench: Bench, qtbot: QtBot) -> None:
    still = bench.show(PICTURE, 1, 0, moves=False)
    qtbot.waitUntil(lambda: still.reads == 2)
    bench.worker.stop()
    assert capture_threads() == []


def test_a_worker_that_never_started_can_be_stopped(qtbot: QtBot) -> None:
    Bench(qtbot).worker.stop()
    assert capture_threads() == []


# ---- what nobody foresaw ----


def test_a_source_that_raises_anything_is_opened_again_and_its_frames_flow(bench: Bench) -> None:
    film = bench.show(FILM, 1, 0)
    again = bench.source(FILM, 2, 0, 1)
    film.fail(ZeroDivisionError("by zero"))
    bench.wait_for(2, 2)
    assert film.is_closed
    assert not again.is_closed
    assert bench.numbers() == [0, 1, 2]
    (message,) = bench.errors
    assert message.startswith("Capture began again after an error inside the program (ZeroDiv")


def test_a_source_that_raises_again_and_again_stops_capture_and_says_so(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE", 0.001)
    bench.show(FILM, 1, 0).fail(ZeroDivisionError("by zero"))
    qtbot.waitUntil(lambda: len(bench.errors) == supervision.MOST)
    assert bench.errors[-1].startswith("Capture has stopped")
    assert bench.errors[-1].endswith("save and restart.")
    qtbot.waitUntil(lambda: capture_threads() == [])


def test_each_stroke_of_a_drawing_is_a_frame_even_while_frozen(bench: Bench) -> None:
    spec = SourceSpec(SourceKind.DRAWING, "blank")
    bench.opener.ready[spec] = DrawingSource()
    sheets = [of_pixels(np.full((3, 3), code), white=255.0) for code in (7, 8)]
    bench.worker.want(CaptureRequest(spec, playing=False, drawing=sheets[0]))
    assert bench.event().change is Change.OPENED
    bench.wait_for(7)
    bench.worker.want(CaptureRequest(spec, playing=False, drawing=sheets[1]))
    bench.wait_for(8)
    assert bench.frames.seen == [(7, 0), (8, 1)]
