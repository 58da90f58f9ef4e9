from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from convlab.document.document import Document, Lab, Viewing
from convlab.document.job import Result
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing, to_weights
from convlab.document.learning.job import LearningShown
from convlab.document.learning.model import LearningPage, LearningViewing
from convlab.document.parts import with_parameter
from convlab.document.signal.job import SignalShown
from convlab.document.source import SourceKind, SourceSpec
from convlab.engine.cv import cv2
from convlab.runtime import pipeline as pipeline_module
from convlab.runtime.capture_request import CaptureRequest
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.session import Session
from convlab.sources.devices import CameraDevice
from convlab.ui.labs import EVALUATORS

STEP = SourceSpec(SourceKind.PATTERN, "step")
NAMES = ("convlab-capture", "convlab-compute", "convlab-cameras")


class Bench:
    """A session and its running pipeline; results are taken as the window does."""

    def __init__(self, qtbot: QtBot, source: SourceSpec = STEP) -> None:
        self._qtbot = qtbot
        self.session = Session(Document(source=source))
        self.pipeline = Pipeline(self.session, EVALUATORS)
        self.failures: list[str] = []
        self.pipeline.source_error.connect(self.failures.append)

    def wait_for(self, is_it: Callable[[Result], bool]) -> Result:
        """Take results until one is as wanted."""
        found: list[Result] = []

        def look() -> bool:
            result = self.pipeline.results.take()
            if result is not None and is_it(result):
                found.append(result)
            return bool(found)

        self._qtbot.waitUntil(look)
        return found[0]

    def wait_for_size(self, height: int, width: int) -> KernelShown:
        """Take results until the picture has this size."""
        shown = self.wait_for(
            lambda result: (
                result.shown is not None and result.shown.job.input_size == (height, width)
            )
        ).shown
        assert isinstance(shown, KernelShown)
        return shown


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    bench = Bench(qtbot)
    bench.pipeline.start()
    yield bench
    bench.pipeline.stop()


@pytest.fixture
def picture(tmp_path: Path) -> SourceSpec:
    """A file of 9 rows and 11 columns."""
    path = tmp_path / "cat.png"
    _, data = cv2.imencode(".png", np.full((9, 11, 3), 50, np.uint8))
    path.write_bytes(data.tobytes())
    return SourceSpec.parse(str(path))


def workers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in NAMES]


def test_the_source_of_the_document_is_shown(bench: Bench) -> None:
    shown = bench.wait_for_size(6, 6)
    assert shown.input.planes[0, 0].tolist() == [10, 10, 10, 0, 0, 0]


def test_a_result_is_announced_by_a_signal_without_payload(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    with qtbot.waitSignal(bench.pipeline.result_ready) as blocker:
        bench.pipeline.start()
    try:
        assert blocker.args == []
        assert bench.pipeline.results.take() is not None
    finally:
        bench.pipeline.stop()


def test_the_signals_of_workers_reach_the_thread_of_the_window(
    bench: Bench, picture: SourceSpec, qtbot: QtBot
) -> None:
    heard: list[threading.Thread] = []
    bench.session.document_changed.connect(lambda: heard.append(threading.current_thread()))
    bench.pipeline.open(picture)
    bench.wait_for_size(9, 11)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [threading.main_thread()]


def test_an_edit_is_answered(bench: Bench) -> None:
    bench.wait_for_size(6, 6)
    bench.session.edit(
        with_parameter(bench.session.document, "kernel.geometry", "stride", 3), "set stride"
    )
    result = bench.wait_for(
        lambda result: (
            isinstance(result.shown, KernelShown) and result.shown.job.state.geometry.stride == 3
        )
    )
    assert isinstance(result.shown, KernelShown)
    assert result.shown.output.planes.shape == (1, 2, 2)


def test_pointing_at_a_pixel_is_answered_with_its_sum(bench: Bench) -> None:
    bench.wait_for_size(6, 6)
    bench.session.look(Viewing(kernel=KernelViewing(probe=(2, 3))))
    result = bench.wait_for(lambda r: isinstance(r.shown, KernelShown) and bool(r.shown.sums))
    assert isinstance(result.shown, KernelShown)
    assert result.shown.job.viewing.probe == (2, 3)


def test_pointing_at_a_still_does_not_draw_it_again(bench: Bench) -> None:
    frame = bench.wait_for_size(6, 6).job.frame
    for column in range(4):
        bench.session.look(Viewing(kernel=KernelViewing(probe=(2, column))))
        answered = bench.wait_for(
            lambda r, c=column: r.shown is not None and r.shown.job.viewing.probe == (2, c)  # type: ignore[misc]
        )
        assert answered.shown is not None
        assert answered.shown.job.frame is frame


def test_opening_a_picture_is_a_step_that_undo_takes_back(
    bench: Bench, picture: SourceSpec, qtbot: QtBot
) -> None:
    bench.wait_for_size(6, 6)
    bench.pipeline.open(picture)
    bench.wait_for_size(9, 11)
    qtbot.waitUntil(lambda: str(bench.session.document.source) == str(picture))
    assert bench.session.undo_stack.count() == 1
    assert bench.session.undo_stack.undoText() == "open cat.png"

    bench.session.undo_stack.undo()
    assert bench.session.document.source == STEP
    bench.wait_for_size(6, 6)

    bench.session.undo_stack.redo()
    bench.wait_for_size(9, 11)
    assert bench.session.undo_stack.count() == 1


def test_the_document_does_not_follow_before_there_is_a_picture(
    bench: Bench, picture: SourceSpec
) -> None:
    bench.pipeline.open(picture)
    assert bench.session.document.source == STEP


def test_a_bad_file_leaves_document_and_picture(bench: Bench, tmp_path: Path, qtbot: QtBot) -> None:
    bench.wait_for_size(6, 6)
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")

    with qtbot.waitSignal(bench.pipeline.source_error):
        bench.pipeline.open(SourceSpec.parse(str(bad)))

    assert len(bench.failures) == 1
    assert "bad.png" in bench.failures[0]
    assert bench.session.document.source == STEP
    assert bench.session.undo_stack.count() == 0
    bench.session.edit(
        with_parameter(bench.session.document, "kernel.geometry", "stride", 2), "set stride"
    )
    bench.wait_for_size(6, 6)


def test_after_a_bad_file_a_good_one_opens_and_the_error_is_over(
    bench: Bench, picture: SourceSpec, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(bench.pipeline.source_error):
        bench.pipeline.open(SourceSpec.parse(str(tmp_path / "missing.png")))
    with qtbot.waitSignal(bench.pipeline.source_recovered):
        bench.pipeline.open(picture)
    assert str(bench.session.document.source) == str(picture)


def test_a_bad_file_can_be_opened_once_it_is_repaired(
    bench: Bench, picture: SourceSpec, tmp_path: Path, qtbot: QtBot
) -> None:
    bench.wait_for_size(6, 6)
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    with qtbot.waitSignal(bench.pipeline.source_error):
        bench.pipeline.open(SourceSpec.parse(str(bad)))
    bench.session.look(Viewing(kernel=KernelViewing(probe=(1, 1))))
    bench.wait_for(lambda r: isinstance(r.shown, KernelShown) and bool(r.shown.sums))

    bad.write_bytes(Path(picture.name).read_bytes())
    bench.pipeline.open(SourceSpec.parse(str(bad)))

    bench.wait_for_size(9, 11)


def test_a_pasted_picture_is_shown_and_can_be_undone(bench: Bench, qtbot: QtBot) -> None:
    bench.wait_for_size(6, 6)
    image = QImage(5, 3, QImage.Format.Format_RGB888)
    image.fill(QColor(255, 0, 0))

    bench.pipeline.paste(image)

    shown = bench.wait_for_size(3, 5)
    assert shown.job.frame.pixels[0, 0].tolist() == [255, 0, 0]
    qtbot.waitUntil(lambda: bench.session.undo_stack.count() == 1)
    assert bench.session.document.source.kind is SourceKind.CLIPBOARD
    bench.session.undo_stack.undo()
    bench.wait_for_size(6, 6)


def test_a_moving_source_freezes_and_steps_frame_by_frame(qtbot: QtBot) -> None:
    bench = Bench(qtbot, SourceSpec(SourceKind.PATTERN, "rotating-bar"))
    captured: list[int] = []

    def stands_still() -> bool:
        captured.append(bench.pipeline.captured)
        return len(captured) > 20 and captured[-20] == captured[-1]

    bench.pipeline.start()
    try:
        bench.wait_for(lambda result: result.frame >= 2)
        bench.session.look(Viewing(playing=False))
        qtbot.waitUntil(stands_still)
        frozen_at = captured[-1]
        bench.pipeline.step()
        assert bench.wait_for(lambda result: result.frame >= frozen_at).frame == frozen_at
        assert bench.pipeline.captured == frozen_at + 1
    finally:
        bench.pipeline.stop()


def test_an_error_of_the_document_is_a_result(bench: Bench) -> None:
    bench.wait_for_size(6, 6)
    too_large = KernelState(to_weights(np.ones((9, 9))), Geometry("valid"))
    bench.session.edit(replace(bench.session.document, kernel=too_large), "enlarge")
    result = bench.wait_for(lambda result: result.error is not None)
    assert result.shown is None
    bench.session.undo_stack.undo()
    bench.wait_for_size(6, 6)


def test_cameras_are_listed_in_the_background(
    bench: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = [CameraDevice(0, "Webcam", 200)]
    seen: list[str] = []

    def list_cameras() -> list[CameraDevice]:
        seen.append(threading.current_thread().name)
        return devices

    monkeypatch.setattr(pipeline_module, "list_cameras", list_cameras)
    with qtbot.waitSignal(bench.pipeline.cameras_changed):
        bench.pipeline.find_cameras()
    assert bench.pipeline.cameras == devices
    assert seen == ["convlab-cameras"]


def test_stopping_leaves_no_thread_alive(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.pipeline.start()
    assert sorted(workers()) == ["convlab-capture", "convlab-compute"]
    bench.wait_for_size(6, 6)
    bench.pipeline.find_cameras()
    bench.pipeline.stop()
    assert workers() == []


def test_stopping_twice_or_before_the_start_does_no_harm(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.pipeline.stop()
    bench.pipeline.stop()
    assert workers() == []


NETWORK = LearningViewing(page=LearningPage.NETWORK)


@pytest.mark.parametrize(
    ("viewing", "kind"),
    [
        (Viewing(lab=Lab.SIGNAL), SignalShown),
        (Viewing(lab=Lab.LEARNING, learning=NETWORK), LearningShown),
    ],
)
def test_where_it_is_not_seen_the_source_stands_still_and_then_goes_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, viewing: Viewing, kind: type
) -> None:
    """Nothing of the picture is seen there; its first frame comes all the same."""
    requests: list[bool] = []
    bench = Bench(qtbot, SourceSpec.parse("pattern:drift"))
    want = bench.pipeline._capture.want

    def noted(request: CaptureRequest) -> None:
        requests.append(request.playing)
        want(request)

    monkeypatch.setattr(bench.pipeline._capture, "want", noted)
    bench.session.look(replace(bench.session.viewing, lab=viewing.lab, learning=viewing.learning))
    bench.pipeline.start()
    try:
        bench.wait_for(lambda result: isinstance(result.shown, kind))
        assert set(requests) == {False}
        bench.session.look(replace(bench.session.viewing, lab=Lab.KERNEL))
        assert requests[-1] is True
        bench.wait_for(lambda result: result.frame >= 3)
    finally:
        bench.pipeline.stop()
