"""What a person wants of the signal lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convlab.document.document import Document
from convlab.document.signal import edits
from convlab.document.signal.model import Held, SignalState
from convlab.engine.arrays import AnyArray
from convlab.runtime.files import FileTask
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.message_bar import MessageBar

_FIGURES = {
    "position": edits.set_position,
    "width": edits.set_width,
    "height": edits.set_height,
}


class SignalEdits(LabEdits):
    """One method for each intent; what an edit rejects is said in the lab's message."""

    def __init__(self, session: Session, message: MessageBar) -> None:
        super().__init__(session, message)

    def set_kind(self, which: str, kind: str, present: AnyArray | None) -> None:
        """Choose another shape; a drawing begins as what is present."""
        self._change(lambda state: edits.set_kind(state, which, kind, present), f"choose {which}")

    def fit_file(self, length: int, rate: int) -> None:
        """Take all samples of a file."""
        self._change(lambda state: edits.fit_file(state, length, rate), "take all of a file")

    def set_figure(self, which: str, name: str, value: float) -> None:
        """Set position, width or height; the steps of one dial are one step of undo."""
        self._edit_dial(_figure(which, name, value), f"{name} of {which}")

    def drag_figure(self, which: str, name: str, value: float) -> None:
        """Drag a handle; a whole drag is one step of undo, however long the mouse pauses."""
        self._idle.stop()
        text = f"{name} of {which}"
        self._edit(_figure(which, name, value), text, f"drag {text}")

    def set_normalised(self, which: str, wanted: bool) -> None:
        """Let the values sum to one, or not."""
        self._change(lambda state: edits.set_normalised(state, which, wanted), f"normalise {which}")

    def set_seed(self, which: str, seed: int) -> None:
        """Choose other noise."""
        self._edit_dial(_of_signals(lambda state: edits.set_seed(state, which, seed)), "set seed")

    def draw(
        self, which: str, start: tuple[int, float], end: tuple[int, float], present: AnyArray | None
    ) -> None:
        """Draw a line; one stroke of the mouse is one step of undo."""

        def change(state: SignalState) -> SignalState:
            return edits.draw_line(state, which, *start, *end, present)

        self._edit(_of_signals(change), f"draw {which}", f"draw {which}")

    def set_file(self, which: str, path: str, held: Held) -> None:
        """Take what a file holds."""
        self._change(lambda state: edits.set_file(state, which, path, held), f"open {which}")

    def set_count(self, count: int) -> None:
        """Choose the number of samples."""
        self._edit_dial(_of_signals(lambda state: edits.set_count(state, count)), "set samples")

    def set_step(self, step: float) -> None:
        """Choose the time between two samples."""
        self._edit_dial(_of_signals(lambda state: edits.set_step(state, step)), "set step")

    def set_continuous(self, wanted: bool) -> None:
        """Choose curves or stems."""
        self._change(lambda state: edits.set_continuous(state, wanted), "choose curves or stems")

    def set_mode(self, mode: str) -> None:
        """Choose which part of the result is kept."""
        self._change(lambda state: edits.set_mode(state, mode), "choose part")

    def set_flipped(self, wanted: bool) -> None:
        """Choose convolution or correlation."""
        text = "use convolution" if wanted else "use correlation"
        self._change(lambda state: edits.set_flipped(state, wanted), text)

    def swap(self) -> None:
        """Let f and g change places."""
        self._change(edits.swap, "swap f and g")

    def take(self, other: SignalState, name: str) -> None:
        """Show a scene."""
        self._change(lambda _: other, f"scene {name}")

    def _change(self, change: Callable[[SignalState], SignalState], text: str) -> None:
        self._message.clear(FileTask.OPEN_SIGNAL)
        self._edit(_of_signals(change), text)


def _figure(which: str, name: str, value: float) -> Callable[[Document], Document]:
    """Return the change of one figure of one signal."""
    change = _FIGURES[name]
    return _of_signals(lambda state: change(state, which, value))


def _of_signals(change: Callable[[SignalState], SignalState]) -> Callable[[Document], Document]:
    """Turn a change of the signals into one of the document."""

    def change_document(document: Document) -> Document:
        return replace(document, signal=change(document.signal))

    return change_document
