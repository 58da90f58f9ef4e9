"""Input and output on the screen are of one frame: both are painted in one pass of the window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication

from convlab.ui.widgets.image_view import ImageView
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver

FRAMES = 20


class Screen(QObject):
    """Keeps which frame each view shows after each pass in which the window paints."""

    def __init__(self, user: Driver) -> None:
        super().__init__(user.window)
        self._user = user
        self._frames: dict[str, int] = {}
        self.passes: list[dict[str, int]] = []
        user.input.painted.connect(self._note_input)
        user.output.painted.connect(self._note_output)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest and watched is self._user.window:
            self.passes.append(dict(self._frames))
        return False

    def _note_input(self) -> None:
        self._note("input", self._user.input)

    def _note_output(self) -> None:
        self._note("output", self._user.output)

    def _note(self, name: str, view: ImageView) -> None:
        """A view was painted: with what belongs to the frame, or something older."""
        shown, taken = self._user.shown, view.taken_at(QPoint())
        planes = getattr(shown, name).planes
        assert taken is not None
        assert taken.values is not None
        is_of_frame = np.array_equal(np.ravel(taken.values), planes.ravel())
        self._frames[name] = shown.job.frame.index if is_of_frame else -1


@pytest.mark.display
@pytest.mark.parametrize("space", ["Grey", "RGB"])
def test_input_and_output_are_painted_in_one_pass(open_window: OpenWindow, space: str) -> None:
    user = open_window("--source", "pattern:torch")
    user.choose("color_space_combo", space)
    screen = Screen(user)
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(screen)
    last = user.window.pump.frames_shown + FRAMES
    user.until(lambda: user.window.pump.frames_shown >= last)
    application.removeEventFilter(screen)
    seen = [frames for frames in screen.passes if len(frames) == 2]
    assert len({frames["input"] for frames in seen}) >= FRAMES / 2
    assert all(frames["input"] == frames["output"] >= 0 for frames in seen), seen
