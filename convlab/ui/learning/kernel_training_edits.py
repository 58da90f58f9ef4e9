"""What a person wants of the kernel that learns, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convlab.document.document import Document
from convlab.document.learning import kernel_edits as edits
from convlab.document.learning.one_kernel import Brush, KernelTask, Point
from convlab.ui.lab_edits import LabEdits


class KernelTrainingEdits(LabEdits):
    """One method for each intent; what an edit rejects is said in the page's message."""

    def set_parameter(self, name: str, value: object) -> None:
        """Change one parameter of the task."""
        self.set("learning.kernel", name, value)

    def set_preset(self, name: str) -> None:
        """Make the output of a preset kernel the target."""
        self._change(lambda task: edits.set_preset(task, name), f"learn {name}")

    def halve_rate(self) -> None:
        """Halve the learning rate."""
        self._change(edits.halve_rate, "halve learning rate")

    def begin_stroke(self, brush: Brush, at: Point) -> None:
        """Put the brush down; a stroke is one step of undo, however long the mouse pauses."""
        self._idle.stop()
        self._session.end_gesture()
        self._stroke(lambda task: edits.begin_stroke(task, brush, at))

    def extend_stroke(self, at: Point) -> None:
        """Draw on."""
        self._stroke(lambda task: edits.extend_stroke(task, at))

    def end_stroke(self) -> None:
        """Lift the brush."""
        self._session.end_gesture()

    def clear_strokes(self) -> None:
        """Clear the canvas."""
        self._change(edits.clear_strokes, "clear painting")

    def _stroke(self, change: Callable[[KernelTask], KernelTask]) -> None:
        self._edit(_of_task(change), "paint", "paint")

    def _change(self, change: Callable[[KernelTask], KernelTask], text: str) -> None:
        self._edit(_of_task(change), text)


def _of_task(change: Callable[[KernelTask], KernelTask]) -> Callable[[Document], Document]:
    """Turn a change of the task into one of the document."""

    def change_document(document: Document) -> Document:
        learning = document.learning
        return replace(document, learning=replace(learning, kernel=change(learning.kernel)))

    return change_document
