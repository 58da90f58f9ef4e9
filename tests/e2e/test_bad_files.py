"""Whatever is dropped on the window and is no file of its kind: one message, and all stays."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from convlab.document.document import Lab
from tests.e2e.driver import Driver

ENDINGS = (
    *("png", "mp4", "convlab", "onnx", "wav", "csv"),
    *("safetensors", "kernel", "pt"),
)
RUBBISH = bytes(range(256)) * 8

MAKERS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: None,
    "empty": lambda path: path.write_bytes(b""),
    "rubbish": lambda path: path.write_bytes(RUBBISH),
    "folder": lambda path: path.mkdir(),
}
PIPES: dict[str, Callable[[Path], object]] = {
    "pipe": lambda path: os.mkfifo(path),
    "device": lambda path: path.symlink_to("/dev/zero"),
}


def says_why(message: str, path: Path) -> bool:
    """Tell whether a message is about a file, whose first letter is a capital there."""
    return path.name[1:] in message and ": " in message and message.endswith(".")


def test_what_is_no_file_of_its_kind_changes_nothing(
    step: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 31 (dvrescue#564, BrainSimII#128): none of it comes onto the list of recent files."""
    monkeypatch.chdir(tmp_path)
    before, session = step.document, step.window.session
    makers = MAKERS | (PIPES if hasattr(os, "mkfifo") else {})
    for kind, make in makers.items():
        for ending in ENDINGS:
            path = tmp_path / f"{kind}.{ending}"
            make(path)
            step.drop_file(path)
            step.until(lambda path=path: says_why(step.message, path))  # type: ignore[misc]
            assert step.document == before, path.name
            assert session.viewing.lab is Lab.KERNEL, path.name
    assert not session.undo_stack.canUndo()
    assert step.window.settings.recent_files() == []
    if hasattr(socket, "AF_UNIX"):
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.wav")
            step.drop_file(tmp_path / "socket.wav")
            step.until(lambda: "ocket.wav" in step.message)
            assert "it is a device or pipe" in step.message
