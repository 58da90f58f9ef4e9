from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.stack.model import StackInput, StackState
from convlab.layers import Conv2d, ReLU
from convlab.runtime import files
from convlab.runtime.files import (
    Failed,
    FileWorker,
    Outcome,
    ProjectRead,
    ProjectSaved,
    StackRead,
    WeightsOffered,
    WeightsRead,
)


class Desk:
    """A worker and whoever waits for it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.worker = FileWorker()
        self._qtbot = qtbot

    def next(self) -> Outcome:
        self._qtbot.waitUntil(lambda: bool(self.worker.outcomes))
        return self.worker.outcomes.popleft()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.worker.stop()


def test_what_is_saved_is_read_again(desk: Desk, tmp_path: Path) -> None:
    document, file = Document(), tmp_path / "a.convlab"
    desk.worker.save_project(document, file)
    saved = desk.next()
    assert isinstance(saved, ProjectSaved)
    assert saved.document is document
    (tmp_path / ".a.convlab.0123abcd.tmp").touch()  # of a writer that was killed
    desk.worker.open_project(file)
    read = desk.next()
    assert isinstance(read, ProjectRead)
    assert list(tmp_path.iterdir()) == [file]
    assert (read.path, read.document.kernel) == (file, document.kernel)
    desk.worker.open_stack(file)
    stack = desk.next()
    assert isinstance(stack, StackRead)
    assert [slot.uid for slot in stack.stack.slots] == [slot.uid for slot in document.stack.slots]


def test_weights_are_read_for_their_layer(desk: Desk, tmp_path: Path) -> None:
    weights = np.arange(18, dtype=np.float32).reshape(2, 1, 3, 3)
    np.save(tmp_path / "w.npy", weights)
    layers = (ReLU(), Conv2d(1, 2, 3))
    state = StackState.of(layers, "two", StackInput())
    desk.worker.open_weights(tmp_path / "w.npy", state, 2)
    outcome = desk.next()
    assert isinstance(outcome, WeightsRead)
    (filled,) = outcome.filling.filled
    assert filled.uid == 2
    assert np.array_equal(filled.arrays["weight"], weights)


def test_where_two_fit_a_person_chooses(desk: Desk, tmp_path: Path) -> None:
    first, second = np.zeros((2, 2, 1, 3, 3), np.float32) + np.arange(2)[:, None, None, None, None]
    np.savez(tmp_path / "w.npz", a=first, b=second)
    state = StackState.of((Conv2d(1, 2, 3),), "one", StackInput())
    desk.worker.open_weights(tmp_path / "w.npz", state, 1)
    offered = desk.next()
    assert isinstance(offered, WeightsOffered)
    assert offered.offer.fitting == (0, 1)
    desk.worker.take_weights(offered.offer, 1, for_all=False)
    outcome = desk.next()
    assert isinstance(outcome, WeightsRead)
    assert np.array_equal(outcome.filling.filled[0].arrays["weight"], second)


def test_what_goes_wrong_is_one_message(desk: Desk, tmp_path: Path) -> None:
    desk.worker.open_project(tmp_path / "nothing.convlab")
    outcome = desk.next()
    assert isinstance(outcome, Failed)
    assert "nothing.convlab" in outcome.message
    desk.worker.save_project(Document(), tmp_path / "no" / "folder" / "a.convlab")
    assert isinstance(desk.next(), Failed)


def test_whoever_waits_is_said(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.worker.done):
        desk.worker.open_project(tmp_path / "nothing.convlab")
    assert len(desk.worker.outcomes) == 1


def test_the_worker_is_busy_until_what_came_of_it_is_taken(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    monkeypatch.setattr(files, "write_project", lambda *_: may_go_on.wait())
    before = desk.worker.is_busy
    desk.worker.save_project(Document(), tmp_path / "a.convlab")
    while_writing = desk.worker.is_busy
    may_go_on.set()
    desk.worker.finish(10.0)
    when_written = desk.worker.is_busy
    desk.next()
    assert (before, while_writing, when_written) == (False, True, True)
    assert not desk.worker.is_busy
