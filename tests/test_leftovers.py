"""The fixture that fails a test which leaves something behind, shown red by tests that do."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

LEAVING = '''
import gc, subprocess, sys, threading
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

kept = []
is_over = threading.Event()
WAITING = [sys.executable, "-c", "print(flush=True); input()"]


def start_child():
    child = subprocess.Popen(WAITING, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdout.readline()
    return child


@pytest.fixture(scope="module", autouse=True)
def shared(qapp):
    """Lives as long as the module, with all that it has."""
    sleeper = threading.Thread(target=is_over.wait, name="shared")
    sleeper.start()
    child = start_child()
    timer, window = QTimer(), QWidget()
    timer.start(60_000)
    yield
    is_over.set()
    sleeper.join()
    with child:
        child.kill()
    for thing in kept:
        if isinstance(thing, subprocess.Popen):
            with thing:
                thing.kill()
    kept.clear()


def test_a_thread():
    threading.Thread(target=is_over.wait, name="forgotten").start()


def test_a_child():
    kept.append(start_child())


def test_a_timer():
    kept.append(QTimer(objectName="ticker"))
    kept[-1].start(60_000)


def test_a_window():
    kept.append(QWidget(objectName="pane"))


def test_a_whole():
    """What is part of it is not named."""
    whole = QWidget(objectName="whole")
    part = QWidget(whole, Qt.WindowType.Window)
    timer = QTimer(part)
    timer.start(60_000)
    kept.append(whole)


def test_a_cycle():
    gc.disable()
    one, other = QWidget(objectName="round"), []
    other += [one, other]
    one.other = other


def test_what_ends():
    gc.enable()
    thread = threading.Thread(target=sum, args=([1],))
    thread.start()
    subprocess.run([sys.executable, "-c", ""], check=True)
    QTimer().start(60_000)
    window = QWidget()
    window.deleteLater()
'''


LEFT = {
    "thread": "thread forgotten",
    "child": "child process * -c print(flush=True); input()",
    "timer": "timer ticker of 60000 ms",
    "window": "top-level widget QWidget pane",
    "whole": "top-level widget QWidget whole",
    "cycle": "top-level widget QWidget round",
}


def test_what_a_test_leaves_behind_fails_it_by_name(pytester: pytest.Pytester) -> None:
    root = str(Path(__file__).parents[1])
    pytester.makeconftest(f"import sys; sys.path.insert(0, {root!r})\nfrom tests.conftest import *")
    pytester.makepyfile(LEAVING)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    done.assert_outcomes(passed=7, errors=len(LEFT))
    for name, left in LEFT.items():
        done.stdout.fnmatch_lines(
            [f"*ERROR at teardown of test_a_{name} *", f"left behind: {left}"]
        )
