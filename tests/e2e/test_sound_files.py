"""Sounds from anywhere come to the signal lab: dropped, chosen, listed, named at the start."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from convlab.document.document import Lab
from convlab.document.signal.model import SignalKind
from convlab.engine.arrays import AnyArray
from convlab.io.sounds import Sound, pack_sound
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver
from tests.gestures import drag_enter_event

soundfile = pytest.importorskip("soundfile")

TONE: AnyArray = np.array([[0.5, -0.25, 0.125, 0.0, 0.75]], np.float32)
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0" + bytes(64)


def wav(path: Path) -> Path:
    path.write_bytes(pack_sound(Sound(TONE, 8000)))
    return path


def flac(path: Path) -> Path:
    buffer = io.BytesIO()
    soundfile.write(buffer, np.vstack([TONE, -TONE / 2]).T, 8000, format="FLAC")
    path.write_bytes(buffer.getvalue())
    return path


def drop_on(widget: QWidget, path: Path) -> bool:
    """Drag a file onto a widget and drop it there; return whether it was taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, actions = QPoint(20, 20), Qt.DropAction.CopyAction
    enter = drag_enter_event(where, actions, data)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(where), actions, data, LEFT, NO_KEYS)
    QApplication.sendEvent(widget, drop)
    return drop.isAccepted()


def recent(user: Driver) -> list[str]:
    return user.window.settings.recent_files()


def test_a_sound_is_opened_wherever_it_comes_from(
    step: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 29 (ilastik#2523): a sound that was dropped was said to be no picture."""
    session, before = step.window.session, step.document.signal
    first, second = wav(tmp_path / "one.wav"), flac(tmp_path / "two.FLAC")

    step.drop_file(first)  # on the kernel lab
    step.until(lambda: step.document.signal.f.kind is SignalKind.SOUND)
    held = step.document.signal.f.held
    assert held is not None
    np.testing.assert_allclose(held.values, TONE[0], atol=1 / 32768)
    assert (held.length, held.rate) == (5, 8000)
    assert session.viewing.lab is Lab.SIGNAL
    assert recent(step) == [str(first)]

    # On g's controls it becomes g, the mean of its channels.
    step.until(lambda: step.find(QWidget, "g_form").isVisible())
    assert drop_on(step.find(QWidget, "g_form"), second)
    step.until(lambda: step.document.signal.g.kind is SignalKind.SOUND)
    other = step.document.signal.g.held
    assert other is not None
    np.testing.assert_allclose(other.values, TONE[0] / 4, atol=1 / 32768)
    assert step.document.signal.f.held == held
    assert recent(step) == [str(second), str(first)]

    # So does a table.
    table = tmp_path / "three.csv"
    table.write_text("1\n2\n4\n")
    assert drop_on(step.find(QWidget, "g_form"), table)
    step.until(lambda: step.document.signal.g.path == str(table))
    step.drop_file(table)
    step.until(lambda: step.document.signal.f.path == str(table))
    assert recent(step) == [str(table), str(second), str(first)]

    # From the list of recent files, in another lab.
    for _ in range(4):
        step.undo()
    assert step.document.signal == before
    step.window.go_to(Lab.KERNEL)
    step.choose("source_combo", "one.wav")
    step.until(lambda: step.document.signal.f.held == held)
    assert session.viewing.lab is Lab.SIGNAL
    assert str(step.document.source) == "pattern:step"

    # With the window's dialog.
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(second), ""))
    step.press("open_button")
    step.until(lambda: step.document.signal.f.held == other)


def test_a_sound_that_cannot_be_read_changes_nothing(step: Driver, tmp_path: Path) -> None:
    """Case 31: it is not in the list of recent files; the message goes with the next that opens."""
    streamed = tmp_path / "stream.wav"
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + form + b"data\xff\xff\xff\xff"
    streamed.write_bytes(head + np.array([0, 16384, -16384], "<i2").tobytes())
    song, cut, gone = tmp_path / "song.m4a", wav(tmp_path / "cut.wav"), tmp_path / "gone.flac"
    song.write_bytes(M4A)
    cut.write_bytes(cut.read_bytes()[:-3])
    before = step.document
    for path, reason in (
        (song, "it is an M4A file (AAC): convert it to WAV, FLAC, OGG or MP3."),
        (cut, "it is cut off"),
        (gone, "it is not there"),
    ):
        step.drop_file(path)
        step.until(lambda path=path: path.name in step.message)  # type: ignore[misc]
        assert reason in step.message
        assert step.document == before
        assert step.window.session.viewing.lab is Lab.KERNEL
        assert recent(step) == []
    step.drop_file(streamed)  # case 25
    step.until(lambda: step.document.signal.f.held is not None)
    held = step.document.signal.f.held
    assert held is not None
    assert held.values.tolist() == [0, 0.5, -0.5]
    assert step.message == ""
    assert recent(step) == [str(streamed)]


def test_a_sound_is_named_on_the_command_line(open_window: OpenWindow, tmp_path: Path) -> None:
    path = flac(tmp_path / "start.flac")
    user = open_window(str(path), "--source", "pattern:step")
    user.until(lambda: user.document.signal.f.kind is SignalKind.SOUND)
    assert user.window.session.viewing.lab is Lab.SIGNAL
    assert recent(user) == [str(path)]
    signal = user.document.signal
    assert signal.f.held is not None
    assert signal.count >= signal.f.held.length, "it comes whole"
    assert signal.step == 1 / signal.f.held.rate
    assert signal.scene == "", "the first scene tells nothing of it"
