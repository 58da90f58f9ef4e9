"""The real window, made by the program's own composition root, for every end-to-end test."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from convlab.app import create_window
from convlab.ui.lab_pages import LabPages
from convlab.ui.main_window import MainWindow
from convlab.ui.widgets import map_board
from tests.e2e.driver import PATIENCE, Driver
from tests.pictures import save_png

OpenWindow = Callable[..., Driver]


@pytest.fixture
def open_window(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[OpenWindow]:
    """Return a function that opens the program with command-line arguments.

    The labs nobody asks for are made behind the first picture in tests of the display only, for
    they are most of a window; in the others a lab is made when it is wanted.
    """
    monkeypatch.setenv("CONVLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(map_board, "LONGEST_MOTION", 0)
    if request.node.get_closest_marker("display") is None:
        monkeypatch.setattr(LabPages, "preload", lambda labs: None)
    gc.collect()
    gc.freeze()  # the window's collections need not look through all the tests
    windows: list[MainWindow] = []

    def open_with(*arguments: str) -> Driver:
        window = create_window(list(arguments))
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.pump.frames_shown > 0, timeout=PATIENCE)
        return Driver(window, qtbot)

    yield open_with
    for window in filter(isValid, windows):
        window.close()
        window.deleteLater()


@pytest.fixture
def step(open_window: OpenWindow) -> Driver:
    """The window on the 6×6 step, where every number can be checked by head."""
    return open_window("--source", "pattern:step")


@pytest.fixture
def live(open_window: OpenWindow) -> Driver:
    """The window on a source that goes on by itself."""
    return open_window("--source", "pattern:torch")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of 60×40 whose right half is red."""
    path = tmp_path / "Grüße 写真.png"
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, 30:, 0] = 255
    save_png(path, pixels)
    return path
