"""The capture worker on sources with a time line, and on cameras that are asked for more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from convlab.document.camera import CameraOptions, CameraRate, CameraSize
from convlab.document.frame import Frame
from convlab.document.playback import Playback, Speed
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.runtime import capture
from convlab.runtime.capture_request import CaptureRequest, Change, SourceEvent
from convlab.sources.attached import IS_CHEAP
from convlab.sources.camera import Camera
from convlab.sources.pages import PageSource
from tests.films import Album
from tests.runtime.test_capture import CAMERA, PICTURE, Bench, FakeSource, stays


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    bench.worker.start()
    yield bench
    bench.worker.stop()


def pages(bench: Bench, count: int = 6, noun: str = "page", damaged: tuple[int, ...] = ()) -> None:
    """Let the picture be a file of several; page n is painted in the value n."""
    bench.opener.ready[PICTURE] = PageSource(
        Album([0.001] * count, noun, damaged), "cat.tif", None, ValueError
    )


def shown(bench: Bench) -> list[int]:
    return [code for code, _ in bench.frames.seen]


def test_pages_stand_until_the_window_has_noted_that_they_do(bench: Bench, qtbot: QtBot) -> None:
    pages(bench)
    bench.want(PICTURE)
    assert bench.event() == SourceEvent(Change.OPENED, PICTURE, stands=True)
    bench.want(PICTURE, options=PatternOptions(angle=1.0))  # an edit that was on its way
    assert stays(qtbot, lambda: shown(bench))
    assert shown(bench) == [0]
    bench.want(PICTURE, playing=False)
    assert stays(qtbot, lambda: shown(bench))
    bench.want(PICTURE, playing=True)
    qtbot.waitUntil(lambda: shown(bench)[:7] == [0, 1, 2, 3, 4, 5, 0])


def test_an_animation_opens_and_plays(bench: Bench, qtbot: QtBot) -> None:
    pages(bench, noun="frame")
    bench.want(PICTURE)
    assert bench.event() == SourceEvent(Change.OPENED, PICTURE)
    qtbot.waitUntil(lambda: len(shown(bench)) > 12)
    assert shown(bench)[:12] == [*range(6), *range(6)]


def test_a_source_opens_at_its_frame_and_goes_to_others_while_it_stands(
    bench: Bench, qtbot: QtBot
) -> None:
    pages(bench)
    bench.want(replace(PICTURE, frame=4), playing=False)
    bench.wait_for(4)
    for number in (1, 3, 2):
        bench.worker.go_to(number)
        bench.wait_for(number)
    assert shown(bench) == [4, 1, 3, 2]
    assert bench.numbers() == [0, 1, 2, 3]
    assert stays(qtbot, lambda: shown(bench))


def test_every_frame_waits_until_the_last_one_is_painted(bench: Bench, qtbot: QtBot) -> None:
    pages(bench, noun="frame")
    every = CaptureRequest(PICTURE, playback=Playback(speed=Speed.EVERY))
    bench.worker.want(every)
    bench.wait_for(0)
    assert stays(qtbot, lambda: shown(bench))
    for number in range(1, 4):
        bench.worker.note_painted(number - 1)
        bench.wait_for(number)
        assert shown(bench) == list(range(number + 1))


def test_a_damaged_page_is_told_and_taken_back_with_the_next(bench: Bench) -> None:
    pages(bench, damaged=(2,))
    bench.want(PICTURE, playing=False)
    bench.event()
    bench.worker.go_to(2)
    assert bench.event() == SourceEvent(Change.REMARK, PICTURE, "picture 2 is damaged.")
    assert bench.event() == SourceEvent(Change.REMARK, PICTURE, "")
    bench.wait_for(3)


def test_a_film_that_was_lost_is_opened_again_where_it_is_gone_to(bench: Bench) -> None:
    film = bench.show(PICTURE, 9, 0)
    film.fail("cat.mp4 stopped answering.")
    assert bench.event().change is Change.FAILED
    pages(bench)
    bench.worker.go_to(3)
    assert bench.event().change is Change.OPENED
    bench.wait_for(3)
    assert shown(bench) == [9, 3]


def test_a_film_that_was_lost_is_tried_again_by_who_presses_play(bench: Bench) -> None:
    film = bench.show(PICTURE, 9, 0)
    film.fail("cat.mp4 stopped answering.")
    assert bench.event().change is Change.FAILED
    pages(bench)
    bench.want(PICTURE, playing=False)
    bench.wait_until_taken()
    bench.want(PICTURE)
    assert bench.event().change is Change.OPENED
    bench.wait_for(0)


@pytest.mark.skipif(not IS_CHEAP, reason="it is tried at intervals")
def test_a_camera_is_back_as_soon_as_it_is_plugged_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged_in: set[int] = set()
    monkeypatch.setattr(capture, "is_attached", plugged_in.__contains__)
    monkeypatch.setattr(capture, "FIRST_RETRY", 1e6)
    bench.want(CAMERA)
    assert bench.event().change is Change.LOST
    bench.source(CAMERA, 5, 0)
    plugged_in.add(0)
    assert bench.event() == SourceEvent(Change.BACK, CAMERA)


class FakeCamera(Camera):
    """A camera that is none; it can be open only once, as those of a computer."""

    open_now = 0

    def __init__(self, options: CameraOptions) -> None:
        assert FakeCamera.open_now == 0, "the camera is busy"
        FakeCamera.open_now += 1
        self.title, self.options, self.mirrored = "Camera 0", options, [options.mirror]
        self._inner = FakeSource(5, 0)

    def read(self) -> Frame | None:
        return self._inner.read()

    def mirror(self, is_mirrored: bool) -> None:
        self.mirrored.append(is_mirrored)

    def close(self) -> None:
        FakeCamera.open_now -= not self._inner.is_closed
        self._inner.close()


def test_a_camera_is_opened_again_for_another_size_but_not_to_be_mirrored(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras: list[FakeCamera] = []

    def open_camera(spec: SourceSpec, _: PatternOptions, options: CameraOptions) -> Camera:
        assert spec.kind is SourceKind.CAMERA
        cameras.append(FakeCamera(options))
        return cameras[-1]

    monkeypatch.setattr(bench.worker, "_open", open_camera)
    wanted = CameraOptions()
    bench.worker.want(CaptureRequest(CAMERA, camera=wanted))
    assert bench.event().change is Change.OPENED
    wanted = replace(wanted, mirror=True)
    bench.worker.want(CaptureRequest(CAMERA, camera=wanted))
    qtbot.waitUntil(lambda: cameras[0].mirrored == [False, True])
    wanted = replace(wanted, size=CameraSize.LARGE, rate=CameraRate.USUAL)
    bench.worker.want(CaptureRequest(CAMERA, camera=wanted))
    assert bench.event().change is Change.OPENED
    assert [camera.options for camera in cameras] == [CameraOptions(), wanted]
