"""Files that take long: said, left by a click or for another file; the window goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from convlab.document.document import Document, Lab
from convlab.document.signal.model import SignalKind
from convlab.io import reading
from convlab.io.project import save_project
from convlab.io.reading import go_on
from convlab.io.sounds import Sound, pack_sound
from convlab.ui import busy_sign
from tests.e2e.driver import Driver
from tests.pictures import save_png


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files whose names begin with "slow" stay half read until this is set."""
    released = threading.Event()
    read = reading.read_bytes

    def read_slowly(path: Path, size: int) -> bytes:
        while path.name.startswith("slow") and not released.wait(0.005):
            go_on(size // 2, size)
        return read(path, size)

    monkeypatch.setattr(reading, "read_bytes", read_slowly)
    monkeypatch.setattr(busy_sign, "AFTER", 0)
    yield released
    released.set()


def sound(path: Path, value: float = 0.5) -> Path:
    path.write_bytes(pack_sound(Sound(np.full((1, 4), value, np.float32), 8000)))
    return path


def cancel(user: Driver) -> None:
    button = user.find(QPushButton, "source_message_action_0")
    assert button.text() == "Cancel"
    user.press("source_message_action_0")


def test_what_takes_long_is_said_and_can_be_left(
    step: Driver, tmp_path: Path, slow_disk: threading.Event
) -> None:
    slow, quick = sound(tmp_path / "slow.wav"), sound(tmp_path / "quick.wav", 0.25)
    project, picture = tmp_path / "slow.convlab", tmp_path / "slow.png"
    save_project(Document(), project)
    save_png(picture, np.full((40, 60, 3), 90, np.uint8))
    before, worker = step.document, step.window.desk.worker

    # A sound: how far it is, and the window goes on meanwhile.
    step.drop_file(slow)
    step.until(lambda: step.message == "Opening slow.wav: 50 % …")
    step.select_cell(0, 0)
    step.turn_wheel(0, 0, 1)
    assert step.document.kernel != before.kernel
    step.until(lambda: step.window.pump.is_up_to_date)
    step.undo()
    cancel(step)
    assert step.message == ""
    step.until(lambda: not worker.is_busy)

    # A project, left for a sound: only the sound comes.
    step.drop_file(project)
    step.until(lambda: step.message.startswith("Opening slow.convlab"))
    step.drop_file(quick)
    step.until(lambda: step.document.signal.f.kind is SignalKind.SOUND)
    assert step.message == ""
    assert step.window.windowTitle() == "ConvLab"
    assert step.window.settings.recent_files() == [str(quick)]

    # A picture, left by a click, and one that is left for a sound.
    step.window.go_to(Lab.KERNEL)
    source = step.document.source
    for other in (None, quick):
        step.drop_file(picture)
        step.until(lambda: step.message == "Opening slow.png …")
        if other is None:
            cancel(step)
        else:
            step.drop_file(other)
        step.until(lambda: step.message == "")
        assert step.document.source == source

    # Once the disk gives it, it opens.
    step.drop_file(picture)
    step.until(lambda: step.message == "Opening slow.png …")
    slow_disk.set()
    step.until(lambda: step.document.source.name == str(picture))
    step.until(lambda: step.message == "")


@pytest.mark.parametrize("name", ["slow.wav", "slow.convlab", "slow.png"])
def test_a_window_closes_while_a_file_is_read(
    step: Driver, tmp_path: Path, slow_disk: threading.Event, name: str
) -> None:
    path = tmp_path / name
    if path.suffix == ".convlab":
        save_project(Document(), path)
    elif path.suffix == ".png":
        save_png(path, np.full((40, 60, 3), 90, np.uint8))
    else:
        sound(path)
    step.drop_file(path)
    step.until(lambda: step.message.startswith(f"Opening {name}"))
    step.close()  # the disk never gives it; what is left behind fails the test
