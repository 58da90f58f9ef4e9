"""What takes longer than a moment is said, and gone when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.frame import Frame
from convlab.document.job import Result
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.edits import set_cell
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.document.source import SourceKind, SourceSpec
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.pump import Pump
from convlab.runtime.session import Session
from convlab.ui import busy_sign
from convlab.ui.busy_sign import BusySign
from convlab.ui.file_desk import FileDesk
from convlab.ui.labs import EVALUATORS
from convlab.ui.widgets.message_bar import MessageBar

PICTURE = SourceSpec(SourceKind.PICTURE, "/large/photo.jpg")


class Bench:
    """A sign on workers that do not run."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bar = MessageBar("source_message")
        qtbot.addWidget(self.bar)
        self.session = Session(Document(source=SourceSpec(SourceKind.PATTERN, "step")))
        self.pipeline = Pipeline(self.session, EVALUATORS)
        self.desk = FileDesk(self.bar, self.bar)
        self.pump = Pump(self.pipeline)
        self.sign = BusySign(self.pipeline, self.pump, self.desk)


@pytest.fixture
def bench(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(busy_sign, "AFTER", 0)
    bench = Bench(qtbot)
    yield bench
    bench.desk.worker.stop()
    bench.pipeline.stop()
    bench.session.deleteLater()


def test_what_lasts_is_said_until_it_is_over(bench: Bench, qtbot: QtBot) -> None:
    bench.sign.begin("task", "Counting …")
    assert bench.bar.text == "", "it may be over in a moment"
    qtbot.waitUntil(lambda: bench.bar.text == "Counting …")
    bench.sign.end("task")
    assert bench.bar.text == ""


def test_what_is_over_in_a_moment_is_not_said(bench: Bench, qtbot: QtBot) -> None:
    bench.sign.begin("short", "Counting …")
    bench.sign.end("short")
    bench.sign.begin("long", "Weighing …")
    qtbot.waitUntil(lambda: "Weighing" in bench.bar.text)
    bench.sign.end("long")
    assert bench.bar.text == ""


def test_a_file_is_worked_on(bench: Bench, qtbot: QtBot) -> None:
    go_on = Event()
    taken: list[bool] = []
    bench.desk.do("saving", lambda: go_on.wait(30), taken.append)
    qtbot.waitUntil(lambda: "saving" in bench.bar.text)
    go_on.set()
    qtbot.waitUntil(lambda: taken == [True])
    assert bench.bar.text == ""


def test_a_picture_being_opened_can_be_let_go(bench: Bench, qtbot: QtBot) -> None:
    bench.pipeline.open(PICTURE)
    assert bench.pipeline.opening == PICTURE
    qtbot.waitUntil(lambda: "photo.jpg" in bench.bar.text)
    bench.pipeline.cancel_opening()
    assert bench.pipeline.opening != PICTURE
    assert "photo.jpg" not in bench.bar.text


def test_what_is_answered_in_time_is_not_said_though_more_is_asked_since(
    bench: Bench, qtbot: QtBot
) -> None:
    viewing = bench.session.viewing

    def look(speed: float) -> int:
        kernel = replace(viewing.kernel, speed=speed, design=DesignPage.WAVES)
        bench.session.look(replace(viewing, kernel=kernel))
        return bench.pipeline.generation

    def answer(generation: int) -> None:
        frame = Frame(np.zeros((4, 4), np.uint8), 0, 0.0)
        job = resolve(KernelState(), KernelViewing(), frame, generation)
        made = Result(generation, 0, KernelEvaluator().run(job))
        for box, told in (
            (bench.pipeline.results, bench.pipeline.result_ready),
            (bench.pipeline.pages, bench.pipeline.pages_ready),
        ):
            box.put(made)
            told.emit()
        bench.pump.painted()

    answer(look(1.0))
    first = look(2.0)
    qtbot.waitUntil(lambda: bench.bar.text == "Computing …")
    last = look(3.0)  # as a mouse that does not rest
    answer(first)
    assert "Computing" not in bench.bar.text, "that was waited for; for the last it is only begun"
    qtbot.waitUntil(lambda: bench.bar.text == "Computing …")
    answer(last)
    assert "Computing" not in bench.bar.text


def test_an_edit_does_not_end_an_opening(bench: Bench) -> None:
    bench.pipeline.open(PICTURE)
    document = bench.session.document
    changed = replace(document, kernel=set_cell(document.kernel, 1, 1, 3.0))
    bench.session.edit(changed, "change cell")
    assert bench.pipeline.opening == PICTURE
