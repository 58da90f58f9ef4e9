"""What a person wants of the kernel that learns, turned into edits of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convlab.document.document import Document
from convlab.document.learning import kernel_edits as edits
from convlab.document.learning.one_kernel import Brush, KernelTask, Point
from convlab.ui.labs.lab_edits import LabEdits


class KernelTrainingEdits(LabEdits):
    """One method for each intent; what an edit rejects is said in the page's message."""

    def set_target(self, kind: str) -> None:
        """Choose where the target image comes from."""
        self._change(lambda task: edits.set_target(task, kind), "choose target")

    def set_preset(self, name: str) -> None:
        """Make the output of a preset kernel the target."""
        self._change(lambda task: edits.set_preset(task, name), f"learn {name}")

    def set_angle(self, degrees: int) -> None:
        """Rotate the edge that is to be found."""
        self._dial(lambda task: edits.set_angle(task, degrees), "rotate target")

    def set_flipped(self, is_flipped: bool) -> None:
        """Flip the target by 180 degrees, or not."""
        text = "use convolution" if is_flipped else "use correlation"
        self._change(lambda task: edits.set_flipped(task, is_flipped), text)

    def set_size(self, size: int) -> None:
        """Choose the kernel's size."""
        self._dial(lambda task: edits.set_size(task, size), "set kernel size")

    def set_rule(self, name: str) -> None:
        """Choose the optimiser."""
        self._change(lambda task: edits.set_rule(task, name), "choose optimiser")

    def set_rate(self, rate: float) -> None:
        """Choose the learning rate."""
        self._dial(lambda task: edits.set_rate(task, rate), "set learning rate")

    def halve_rate(self) -> None:
        """Halve the learning rate."""
        self._change(edits.halve_rate, "halve learning rate")

    def set_patches(self, patches: int) -> None:
        """Choose the size of a batch."""
        self._dial(lambda task: edits.set_patches(task, patches), "set patches")

    def set_noise(self, noise: float) -> None:
        """Choose the noise."""
        self._dial(lambda task: edits.set_noise(task, noise), "set noise")

    def set_spread(self, spread: float) -> None:
        """Choose how large the initial cells are."""
        self._dial(lambda task: edits.set_spread(task, spread), "set initial cells")

    def set_seed(self, seed: int) -> None:
        """Choose other random numbers."""
        self._dial(lambda task: edits.set_seed(task, seed), "set seed of learning")

    def set_centred(self, is_centred: bool) -> None:
        """Centre the patches, or not."""
        self._change(lambda task: edits.set_centred(task, is_centred), "centre patches")

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

    def _dial(self, change: Callable[[KernelTask], KernelTask], text: str) -> None:
        self._edit_dial(_of_task(change), text)


def _of_task(change: Callable[[KernelTask], KernelTask]) -> Callable[[Document], Document]:
    """Turn a change of the task into one of the document."""

    def change_document(document: Document) -> Document:
        learning = document.learning
        return replace(document, learning=replace(learning, kernel=change(learning.kernel)))

    return change_document
