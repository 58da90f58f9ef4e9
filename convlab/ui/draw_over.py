"""To draw on what is shown: the present picture becomes the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from convlab.document.drawing import Drawing
from convlab.document.drawing_from import drawing_of
from convlab.document.edits import draw_on
from convlab.runtime.pump import Pump
from convlab.runtime.session import Session
from convlab.ui.file_desk import FileDesk

TASK = "drawing"
"""Owner of a message."""


class DrawOver(QObject):
    """Makes a drawing of the present frame, behind the window, and lets it be drawn on.

    Args:
        session: Takes the edit.
        desk: Makes the drawing.
        pump: Has the frame on the screen.
    """

    def __init__(self, session: Session, desk: FileDesk, pump: Pump) -> None:
        super().__init__(session)
        self._session, self._desk, self._pump = session, desk, pump

    def begin(self) -> None:
        """Draw on the picture that is on the screen now; one step of undo brings it back."""
        frame = self._pump.present_frame()
        if frame is not None:
            self._desk.do(TASK, partial(drawing_of, frame), self._take)

    def _take(self, drawing: Drawing) -> None:
        after = draw_on(self._session.document, drawing)
        self._session.edit(after, "draw on the picture")
