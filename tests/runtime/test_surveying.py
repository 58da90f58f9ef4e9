from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convlab.document.frame import Frame
from convlab.document.stack.model import InputSpace, StackInput
from convlab.document.stack.survey import Survey
from convlab.layers import Flatten, Linear
from convlab.layers.graph import Graph
from convlab.layers.stack import Stack
from convlab.runtime.surveying import Surveyed, Surveyor
from tests.pictures import save_png

# Of a picture of one pixel: the first class is brighter than 0.5, the second is not.
LINEAR = Linear(1, 2, np.array([-0.5, 0.5], np.float32), np.array([[1], [-1]], np.float32))
GRAPH = Graph.of(Stack([Flatten(), LINEAR]))


def survey() -> Survey:
    return Survey(GRAPH, StackInput(InputSpace.GREY, (1, 1)), ("bright", "dark"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three labelled pictures, one of them wrongly, and one that is broken."""
    for name, value in (("bright/1", 250), ("bright/2", 10), ("dark/1", 20)):
        path = tmp_path / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        save_png(path, np.full((4, 4, 3), value, np.uint8))
    (tmp_path / "dark" / "2.png").write_bytes(b"no picture")
    return tmp_path


@pytest.fixture
def surveyor() -> Iterator[Surveyor]:
    made = Surveyor()
    yield made
    made.stop()


def ended(qtbot: QtBot, surveyor: Surveyor) -> Surveyed:
    """Wait for the end, and return the last news."""
    seen: list[Surveyed] = []

    def is_over() -> bool:
        news = surveyor.news.take()
        if news is not None:
            seen.append(news)
        return bool(seen) and not seen[-1].is_running

    qtbot.waitUntil(is_over)
    return seen[-1]


def test_a_folder_is_looked_through(qtbot: QtBot, surveyor: Surveyor, folder: Path) -> None:
    with qtbot.waitSignal(surveyor.changed):
        surveyor.start(folder, survey)
    last = ended(qtbot, surveyor)
    assert (last.done, last.total, last.unread, last.error) == (4, 4, 1, "")
    assert last.result is not None
    assert (last.result.pictures, last.result.labelled, last.result.right) == (3, 3, 2)


def test_it_can_be_left(qtbot: QtBot, surveyor: Surveyor, folder: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Survey):
        def add(self, frame: Frame, label: str = "") -> None:
            begun.set()
            go_on.wait(10)
            super().add(frame, label)

    made: Callable[[], Survey] = lambda: Slow(GRAPH, StackInput(InputSpace.GREY, (1, 1)))  # noqa: E731
    surveyor.start(folder, made)
    assert begun.wait(10)
    surveyor.cancel()
    go_on.set()
    last = ended(qtbot, surveyor)
    assert last.done == 1
    assert last.result is not None
    assert last.result.pictures == 1


def test_what_goes_wrong_is_one_message(qtbot: QtBot, surveyor: Surveyor, tmp_path: Path) -> None:
    surveyor.start(tmp_path / "nowhere", survey)
    assert "cannot be read: choose a folder" in ended(qtbot, surveyor).error
    save_png(tmp_path / "a.png", np.zeros((4, 4, 3), np.uint8))
    surveyor.start(tmp_path, lambda: Survey(GRAPH, StackInput(InputSpace.RGB, (1, 1))))
    error = ended(qtbot, surveyor).error
    assert error.endswith(".")
    assert "3" in error
