"""The panel to draw on: there while the source is the drawing, in each lab that shows pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from convlab.document import drawing as paint
from convlab.document import edits
from convlab.document.document import Document, Lab
from convlab.document.drawing import Brush, Drawing
from convlab.document.source import SourceKind
from convlab.runtime.session import Session
from convlab.runtime.timers import single_shot
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.drawing_panel import DrawingPanel


class DrawingEdits(LabEdits):
    """One method for each intent; what an edit rejects is said where it was asked for."""

    def stroke(
        self, row: float, column: float, to_row: float, to_column: float, erases: bool
    ) -> None:
        """Paint a line; all of one press of the button are one step of undo."""
        brush = replace(self._session.viewing.brush, erases=erases)
        start, end = (row, column), (to_row, to_column)
        self._change(
            lambda drawing: paint.stroked(drawing, start, end, brush),
            "erase" if erases else "paint",
            "stroke",
        )

    def set_pixel(self, row: int, column: int, value: float) -> None:
        """Set one pixel to a number."""
        self._change(lambda drawing: paint.with_pixel(drawing, row, column, value), "set a pixel")

    def clear(self) -> None:
        """Clear the canvas."""
        self._change(paint.cleared, "clear the drawing")

    def invert(self) -> None:
        """Swap black and white."""
        self._change(paint.inverted, "invert the drawing")

    def resize(self, rows: int, columns: int) -> None:
        """Cut the canvas or add to it."""
        self._edit_dial(
            _of_drawing(lambda drawing: paint.resized(drawing, rows, columns)), "resize the drawing"
        )

    def set_white(self, white: float) -> None:
        """Choose what white is worth."""
        self._change(lambda drawing: paint.with_white(drawing, white), "set value of white")

    def take_brush(self, brush: Brush) -> None:
        """Choose the brush; that is no edit."""
        self._session.look(replace(self._session.viewing, brush=brush))

    def _change(
        self, change: Callable[[Drawing], Drawing], text: str, merge_key: str | None = None
    ) -> None:
        self._edit(_of_drawing(change), text, merge_key)


class DrawingDock(QDockWidget):
    """Shows the drawing and turns what is painted into edits.

    Args:
        lab: In which it stands.
        session: Takes the edits.
        which: The same by its name; the object names in it begin with it.
    """

    def __init__(self, lab: QMainWindow, session: Session, which: Lab) -> None:
        super().__init__("Drawing", lab)
        role = f"{which.value}_drawing"
        self.setObjectName(f"{role}_dock")
        self._session = session
        self._is_wanted = self._wants_front = False
        self._coming = single_shot(self, 0, self._come)
        self.panel = DrawingPanel(role)
        self.setWidget(self.panel)
        self._connect(DrawingEdits(session, self.panel.message))
        session.watch("document.source document.drawing", self._on_document_changed, which)
        session.watch("viewing.brush", self._on_viewing_changed, which)
        self._on_viewing_changed()

    def _connect(self, wanted: DrawingEdits) -> None:
        panel, view = self.panel, self.panel.view
        view.stroked.connect(wanted.stroke)
        view.pixel_chosen.connect(wanted.set_pixel)
        view.gesture_ended.connect(self._session.end_gesture)
        panel.brush_chosen.connect(wanted.take_brush)
        panel.size_chosen.connect(wanted.resize)
        panel.white_chosen.connect(wanted.set_white)
        panel.cleared.connect(wanted.clear)
        panel.inverted.connect(wanted.invert)

    @property
    def is_wanted(self) -> bool:
        """Whether the picture is the drawing."""
        return self._is_wanted

    def settle(self) -> None:
        """Be there, in front, while the picture is the drawing; else not even in the menu."""
        self._is_wanted = self._session.document.source.kind is SourceKind.DRAWING
        self.toggleViewAction().setVisible(self._is_wanted)
        self.setVisible(self._is_wanted)
        self._wants_front = self._is_wanted
        self._come_soon()
        self._on_document_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._come_soon()

    def _come_soon(self) -> None:
        """Come to the front when the tabs are laid out: a panel just shown has none yet."""
        if self._wants_front and self.isVisible():
            self._coming.start()

    def _come(self) -> None:
        self._wants_front = False
        self.raise_()

    def _on_document_changed(self) -> None:
        document = self._session.document
        if (document.source.kind is SourceKind.DRAWING) is not self._is_wanted:
            self.settle()
        self.panel.show_drawing(document.drawing)

    def _on_viewing_changed(self) -> None:
        self.panel.show_brush(self._session.viewing.brush)


def _of_drawing(change: Callable[[Drawing], Drawing]) -> Callable[[Document], Document]:
    """Turn a change of the drawing into one of the document."""

    def change_document(document: Document) -> Document:
        return edits.set_drawing(document, change(document.drawing))

    return change_document
