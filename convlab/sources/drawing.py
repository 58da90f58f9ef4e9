"""The picture that a person paints."""

from __future__ import annotations

import time

from convlab.document.drawing import BLANK_DRAWING, Drawing
from convlab.document.frame import Frame


class DrawingSource:
    """Gives the drawing whenever it is another; a blank canvas at first."""

    title = "Drawing"
    moves = False

    def __init__(self) -> None:
        self._drawing: Drawing = BLANK_DRAWING
        self._is_due = True
        self._index = 0

    def set_drawing(self, drawing: Drawing) -> None:
        """Show another drawing from the next frame on. May be called from another thread."""
        self._drawing = drawing
        self._is_due = True

    def read(self) -> Frame | None:
        """Give the drawing if it was not given yet."""
        if not self._is_due:
            return None
        self._is_due = False  # before it is read: a stroke that comes now is not lost
        drawing = self._drawing
        frame = Frame(drawing.array(), self._index, time.perf_counter(), drawing.white)
        self._index += 1
        return frame

    def close(self) -> None:
        """Nothing is held."""
