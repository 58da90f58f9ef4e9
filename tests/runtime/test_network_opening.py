"""The opener in its thread, with a child process that does what a file's name says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from convlab.networks.trial import Stage
from convlab.runtime.network_opening import NetworkOpener, Outcome
from convlab.runtime.network_process import NetworkProcess
from tests.runtime.network_faults import faulty
from tests.runtime.test_network_process import foreign, ours


class Opened:
    """Takes everything, as the window does."""

    def __init__(self, opener: NetworkOpener) -> None:
        self._opener = opener
        self.outcomes: list[Outcome] = []
        self.stages: list[Stage] = []
        opener.changed.connect(self.take)

    def take(self) -> None:
        progress, outcome = self._opener.progress.take(), self._opener.outcomes.take()
        if progress is not None:
            self.stages.append(progress.stage)
        if outcome is not None:
            self.outcomes.append(outcome)


@pytest.fixture
def opener(qtbot: QtBot) -> Iterator[NetworkOpener]:
    made = NetworkOpener(process=NetworkProcess(faulty))
    yield made
    made.stop()


def test_a_network_is_opened_and_the_newest_request_alone_has_an_outcome(
    opener: NetworkOpener, qtbot: QtBot, tmp_path: Path
) -> None:
    pytest.importorskip("onnxruntime", reason="what is tried runs in it")
    opened = Opened(opener)
    opener.open(ours(tmp_path, "hangs"))
    qtbot.waitUntil(lambda: Stage.BUILT in opened.stages, timeout=30_000)
    assert opener.is_busy
    opener.open(foreign(tmp_path))
    qtbot.waitUntil(lambda: bool(opened.outcomes), timeout=30_000)
    [outcome] = opened.outcomes
    assert outcome.error == ""
    assert outcome.opening is not None
    assert outcome.opening.runs_whole
    assert not opener.is_busy
    opener.try_network(outcome.opening.network)
    qtbot.waitUntil(lambda: len(opened.outcomes) == 2, timeout=30_000)
    assert opened.outcomes[1].subject is outcome.opening.network
    assert opened.outcomes[1].opening == outcome.opening
    opener.open(tmp_path / "n.txt")
    qtbot.waitUntil(lambda: len(opened.outcomes) == 3, timeout=30_000)
    assert "its kind '.txt' is unknown" in opened.outcomes[2].error


def test_what_is_cancelled_has_neither_network_nor_error(
    opener: NetworkOpener, qtbot: QtBot, tmp_path: Path
) -> None:
    opened = Opened(opener)
    opener.open(ours(tmp_path, "hangs"))
    qtbot.waitUntil(lambda: Stage.BUILT in opened.stages, timeout=30_000)
    opener.cancel()
    qtbot.waitUntil(lambda: bool(opened.outcomes), timeout=30_000)
    [outcome] = opened.outcomes
    assert (outcome.opening, outcome.error) == (None, "")


def test_one_that_is_stopped_leaves_nothing(
    opener: NetworkOpener, qtbot: QtBot, tmp_path: Path
) -> None:
    opened = Opened(opener)
    opener.open(ours(tmp_path, "hangs"))
    qtbot.waitUntil(lambda: Stage.BUILT in opened.stages, timeout=30_000)
    opener.stop()
    assert not opened.outcomes
