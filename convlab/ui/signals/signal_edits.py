"""What a person wants of the signal lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from convlab.document.document import Document
from convlab.document.signal import edits
from convlab.document.signal.edits import Point, within
from convlab.document.signal.model import Held, SignalSpec, SignalState
from convlab.document.table_form import TableForm
from convlab.engine.arrays import AnyArray
from convlab.layers.parameters import parameter
from convlab.ui.file_desk import OPENED
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.message_bar import MessageBar

FIGURES = ("position", "width", "height")

FILE = "sound or table"
"""Owner of a message."""


class SignalEdits(LabEdits):
    """One method for each intent; what an edit rejects is said in the lab's message."""

    def set_kind(self, which: str, kind: str, present: AnyArray | None) -> None:
        """Choose another shape; a drawing begins as what is present."""
        change = partial(edits.set_kind, which=which, kind=kind, present=present)
        self.change("signal", change, f"set shape of {which}")

    def set_parameter(self, which: str, name: str, value: object) -> None:
        """Set what else can be chosen of a signal; a figure stops where the samples end."""
        if name in FIGURES:
            value = within(self._state, name, float(str(value)))
        text = f"set {parameter(SignalSpec, name).subject} of {which}"
        self.set(f"signal.{which}", name, value, text)

    def drag_figure(self, which: str, name: str, value: float) -> None:
        """Drag a handle of a signal."""
        wanted = within(self._state, name, value)
        self.drag(f"signal.{which}", name, wanted, f"drag {name} of {which}")

    def draw(self, which: str, start: Point, end: Point, present: AnyArray | None) -> None:
        """Draw a line; one stroke of the mouse is one step of undo."""
        change = partial(edits.draw_line, which=which, start=start, end=end, present=present)
        self.change("signal", change, f"draw {which}", f"draw {which}")

    def type_values(self, which: str, text: str) -> None:
        """Take values that were typed."""

        def change(state: SignalState) -> SignalState:
            return edits.set_values(state, which, edits.typed_values(text))

        self.change("signal", change, f"type values of {which}")

    def set_file(self, which: str, path: str, held: Held, table: TableForm) -> None:
        """Take what a file holds."""
        change = partial(edits.set_file, which=which, path=path, held=held, table=table)
        self.change("signal", change, f"open a file as {which}")

    def show_scene(self, name: str) -> None:
        """Take the signals of a scene."""
        self.change("signal", partial(edits.load_scene, name), f"show scene {name}")

    @property
    def _state(self) -> SignalState:
        return self._session.document.signal

    def _edit(
        self,
        make: Callable[[Document], Document],
        text: str,
        merge_key: str | None = None,
        message: MessageBar | None = None,
    ) -> None:
        for owner in (FILE, OPENED):  # what could not be opened is history
            self._message.clear(owner)
        super()._edit(make, text, merge_key, message)
