from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from convlab.runtime.files import FileJob, FileWorker


class Desk:
    """A worker and whoever waits for it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.worker = FileWorker()
        self.taken: list[object] = []
        self.failures: list[str] = []
        self._qtbot = qtbot

    def do(self, work: Callable[[], Any]) -> None:
        self.worker.do(FileJob(work, self.taken.append, self.failures.append))

    def until_done(self) -> None:
        self._qtbot.waitUntil(lambda: not self.worker.is_busy)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.worker.stop()


def fail(error: Exception) -> Callable[[], Any]:
    def work() -> None:
        raise error

    return work


def test_what_a_job_returns_is_taken_in_the_thread_of_the_window(desk: Desk) -> None:
    took: list[str] = []
    job = FileJob(
        lambda: threading.current_thread().name,
        lambda name: took.extend((name, threading.current_thread().name)),
        desk.failures.append,
    )
    desk.worker.do(job)
    desk.until_done()
    assert took[0].startswith("convlab-files")
    assert took[1] == threading.main_thread().name


def test_jobs_are_done_one_after_another(desk: Desk) -> None:
    for number in range(5):
        desk.do(partial(int, number))
    desk.until_done()
    assert desk.taken == list(range(5))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("It is damaged: restore it."), "It is damaged: restore it."),
        (OSError("No space left"), "No space left"),
        (KeyError("x"), "This could not be read or written: 'x'"),
    ],
)
def test_what_goes_wrong_is_one_message(desk: Desk, error: Exception, message: str) -> None:
    desk.do(fail(error))
    desk.do(lambda: "and the next is done")
    desk.until_done()
    assert desk.failures == [message]
    assert desk.taken == ["and the next is done"]


def test_the_worker_is_busy_until_what_came_of_it_is_taken(desk: Desk) -> None:
    may_go_on = threading.Event()
    before = desk.worker.is_busy
    desk.do(may_go_on.wait)
    while_writing = desk.worker.is_busy
    may_go_on.set()
    desk.worker.finish(10.0)
    assert (before, while_writing, desk.worker.is_busy) == (False, True, False)
    assert desk.taken == [True]
