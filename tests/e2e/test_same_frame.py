"""Input and output on the screen are of one frame: both are painted in one pass of the window."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from convlab.ui.main_window import MainWindow
from tests.e2e.conftest import OpenWindow

FRAMES = 20


class Screen(QObject):
    """Keeps which frame each view shows after each pass in which the window paints."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._frames: dict[str, int] = {}
        self.passes: list[dict[str, int]] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest and watched is self._window:
            self.passes.append(dict(self._frames))
        return False

    def note(self, view: str) -> None:
        """A view was painted."""
        shown = self._window.pump.shown
        assert shown is not None
        self._frames[view] = shown.job.frame.index


@pytest.mark.display
@pytest.mark.parametrize("space", ["Grey", "RGB"])
def test_input_and_output_are_painted_in_one_pass(open_window: OpenWindow, space: str) -> None:
    user = open_window("--source", "pattern:torch")
    user.choose("color_space_combo", space)
    screen = Screen(user.window)
    user.input.painted.connect(partial(screen.note, "input"))
    user.output.painted.connect(partial(screen.note, "output"))
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(screen)
    last = user.window.pump.frames_shown + FRAMES
    user.until(lambda: user.window.pump.frames_shown >= last)
    application.removeEventFilter(screen)
    seen = [frames for frames in screen.passes if len(frames) == 2]
    assert len({frames["input"] for frames in seen}) >= FRAMES / 2
    assert all(frames["input"] == frames["output"] for frames in seen), seen
