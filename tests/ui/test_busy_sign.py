"""What takes longer than a moment is said, and gone when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.kernel.edits import set_cell
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
        self.sign = BusySign(self.pipeline, Pump(self.pipeline), self.desk)


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


def test_an_edit_does_not_end_an_opening(bench: Bench) -> None:
    bench.pipeline.open(PICTURE)
    document = bench.session.document
    changed = replace(document, kernel=set_cell(document.kernel, 1, 1, 3.0))
    bench.session.edit(changed, "change cell")
    assert bench.pipeline.opening == PICTURE
