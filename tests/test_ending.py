"""How the program ends: by signals of the system, within two seconds, with nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convlab.io.project import load_project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

# The program, with a person who edits, and what else a test wants before "ready" is printed.
PROGRAM = """
import sys
from dataclasses import replace
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
from convlab import app
from convlab.document.document import Lab
from convlab.document.kernel.model import KernelState

keep = app.keep_unsaved_work

def begin(window, bring_back):
    unsaved = keep(window, bring_back)
    def act():
        document = window.session.document
        window.session.edit(replace(document, kernel=KernelState(((7.0,),))), "edit")
        {more}
    QTimer.singleShot(0, act)
    return unsaved

def ready():
    print("ready", flush=True)

app.keep_unsaved_work = begin
raise SystemExit(app.main(["--source", "pattern:torch"]))
"""
AT_ONCE = "ready()"
IN_A_DIALOG = "QTimer.singleShot(0, ready); window.projects.save_as()"
IN_TRAINING = """
        window.go_to(Lab.LEARNING)
        task = replace(document.learning.network, epochs=1000)
        window.pipeline.learning.changed.connect(ready)
        window.pipeline.learning.train(task, document.stack)
"""
WITH_A_STUCK_WORKER = """
        from convlab.runtime.compute import ComputeWorker
        import time
        def never(*_):
            ready()
            time.sleep(1000)
        ComputeWorker._answer = never
"""
STUCK = "import time; ready(); time.sleep(100)"

Run = Callable[[str], "subprocess.Popen[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Return a function that starts the program and waits until it is ready."""
    processes: list[subprocess.Popen[str]] = []

    def start(more: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.replace("{more}", more)],
            env={**os.environ, "CONVLAB_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_interrupts,
        )
        processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def _hear_interrupts() -> None:
    """In a shell's background, where tests may run, Ctrl+C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored


def kept(home: Path) -> list[Path]:
    return sorted((home / "state").rglob("*.convlab"))


@pytest.mark.parametrize(
    ("number", "more"),
    [
        (signal.SIGTERM, IN_A_DIALOG),
        (signal.SIGHUP, AT_ONCE),
        (signal.SIGINT, IN_TRAINING),
        (signal.SIGTERM, WITH_A_STUCK_WORKER),
    ],
    ids=["terminated in a dialog", "hung up", "interrupted in training", "a stuck worker"],
)
def test_a_signal_ends_the_program_and_keeps_the_work(
    run: Run, tmp_path: Path, number: signal.Signals, more: str
) -> None:
    process = run(more)
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    (file,) = kept(tmp_path)
    assert load_project(file).kernel.weights == ((7.0,),)


def test_a_second_interrupt_ends_a_program_that_is_stuck(run: Run) -> None:
    process = run(STUCK)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)  # counts for nothing
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 128 + signal.SIGINT
