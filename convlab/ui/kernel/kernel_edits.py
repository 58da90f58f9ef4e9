"""What a person wants of the kernel lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from convlab.document.edits import move_pattern_object, set_pattern_angle
from convlab.document.kernel import edits
from convlab.document.kernel.counting import Counting
from convlab.document.kernel.generator import Generator
from convlab.document.kernel.model import Channels, Display, Geometry, KernelState
from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.io.own_kernels import OwnKernel, read_kernel_line
from convlab.io.share_line import is_line
from convlab.layers.parameters import parameter, parameters
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.message_bar import MessageBar

TURNS = {
    "rotate": edits.rotate_kernel,
    "rotate_back": edits.rotate_kernel_back,
    "mirror": edits.mirror_kernel,
    "flip": edits.flip_kernel,
    "transpose": edits.transpose_kernel,
    "negate": edits.negate_kernel,
}
PARTS = {
    parameter.name: part
    for part, kind in (
        ("geometry", Geometry),
        ("channels", Channels),
        ("display", Display),
        ("scaling", Scaling),
    )
    for parameter in parameters(kind)
}
"""Where each parameter of the lab is."""

TEXTS = {
    "space": "set channels",
    "combine": "set combination of channels",
    "mode": "set colours",
    "limit": "set range",
    "is_full": "set range",
    "curve": "set scale",
    "transposed": "switch transposed convolution",
}
"""What undo calls the choices that are not simply set."""


class KernelEdits(LabEdits):
    """One method for each intent; what an edit rejects is said where it was asked for.

    Args:
        session: Takes the edits.
        kernel_message: Where to say what is wrong with a kernel.
        output_message: Where to say all else.
    """

    def __init__(
        self, session: Session, kernel_message: MessageBar, output_message: MessageBar
    ) -> None:
        super().__init__(session, output_message)
        self._kernel_message = kernel_message

    def change_cell(self, row: int, column: int, value: float) -> None:
        """Set one weight; the changes of one drag are one step of undo."""
        self._edit_kernel(
            lambda state: edits.set_cell(state, row, column, value),
            f"set w[{row}, {column}]",
            f"cell {row} {column}",
        )

    def paste_kernel(self, text: str) -> None:
        """Take kernels written as text, or a line that somebody has shared."""
        note = ""

        def paste(state: KernelState) -> KernelState:
            nonlocal note
            if is_line(text):
                return _with_own(state, read_kernel_line(text))
            bank, said = kernels.read_text(text)
            several = len(bank) > 1
            pasted = edits.set_kernels(state, bank) if several else edits.set_kernel(state, bank[0])
            note = said
            return pasted

        self._edit_kernel(paste, "paste a kernel")
        if note:
            self.say(note, self._kernel_message, is_warning=False)

    def load_own(self, kernel: OwnKernel) -> None:
        """Take a kernel that a person has saved, with its scaling."""
        self._edit_kernel(lambda state: _with_own(state, kernel), f"load {kernel.name}")

    def load_preset(self, name: str) -> None:
        """Take a preset."""
        self._edit_kernel(lambda state: edits.load_preset(state, name), f"load preset {name}")

    def use_kernel(self, weights: FloatArray) -> None:
        """Take a kernel that was found or made."""
        self._edit_kernel(lambda state: edits.set_kernel(state, weights), "use as kernel")

    def resize_kernel(self, rows: int, columns: int) -> None:
        """Grow or cut the kernel."""
        self._edit_kernel(lambda state: edits.resize_kernel(state, rows, columns), "resize kernel")

    def turn_kernel(self, turn: str) -> None:
        """Do one of TURNS."""
        self._edit_kernel(TURNS[turn], f"{turn.replace('_', ' ')} kernel")

    def set_dial(self, name: str, value: object) -> None:
        """Turn a dial of the generator by a step, or to a number; choose another formula."""
        subject = parameter(Generator, name).subject
        self.change(
            "kernel",
            lambda state: edits.with_dial(state, name, value),
            f"set {subject}",
            message=self._kernel_message,
            is_dial=True,
        )

    def drag_dial(self, name: str, value: object) -> None:
        """Drag a dial of the generator: one step of undo until it is let go."""
        subject = parameter(Generator, name).subject
        self._edit_kernel(
            lambda state: edits.with_dial(state, name, value), f"drag {subject}", f"dial {name}"
        )

    def generate(self) -> None:
        """Take the kernel that the dials make as they stand."""
        self._edit_kernel(KernelState.generated, "make the kernel")

    def set_parameter(self, name: str, value: object) -> None:
        """Change how the kernel travels, over which channels, or how the output is painted.

        Raises:
            ValueError: There is no such parameter.
        """
        if name not in PARTS:
            allowed = ", ".join(PARTS)
            raise ValueError(f"The kernel lab has no parameter {name!r}: choose one of {allowed}")
        text = TEXTS.get(name, "")
        if name == "normalise":
            text = "normalise the kernel" if value else "leave the kernel as it is written"
        if name == "flip":
            text = "use convolution" if value else "use correlation"
        message = self._kernel_message if PARTS[name] == "scaling" else None
        self.set(f"kernel.{PARTS[name]}", name, value, text, message)

    def give_each_channel_a_kernel(self, is_on: bool) -> None:
        """Let each channel have a kernel of its own, or all the edited one."""
        text = "give each channel a kernel" if is_on else "use one kernel for all channels"
        self._edit_kernel(lambda state: edits.give_each_channel_a_kernel(state, is_on), text)

    def choose_channel(self, channel: int) -> None:
        """Edit the kernel of another channel."""
        self._edit_kernel(
            lambda state: edits.choose_channel(state, channel), "edit another channel's kernel"
        )

    def clear_other_channels(self) -> None:
        """Let the edited kernel's channel alone count."""
        self._edit_kernel(edits.clear_other_channels, "clear the other channels' kernels")

    def count(self, counting: Counting) -> None:
        """Count the layers of an example."""
        self.change("kernel.counting", lambda _: counting, "count an example")

    def toggle_mute(self, channel: int) -> None:
        """Mute a channel, or bring it back."""
        self.change(
            "kernel", lambda state: edits.toggle_mute(state, channel), "mute or unmute a channel"
        )

    def toggle_solo(self, channel: int) -> None:
        """Mute all other channels, or bring them back."""
        self.change("kernel", lambda state: edits.solo(state, channel), "use one channel alone")

    def turn_pattern(self, degrees: float) -> None:
        """Turn the pattern's bar or grating."""
        self._edit_dial(lambda document: set_pattern_angle(document, degrees), "turn the pattern")

    def move_object(self, row: float, column: float) -> None:
        """Move the pattern's object; fractions of the picture."""
        self._edit(
            lambda document: move_pattern_object(document, (row, column)),
            "drag the object",
            "object",
        )

    def _edit_kernel(
        self, change: Callable[[KernelState], KernelState], text: str, merge_key: str | None = None
    ) -> None:
        self.change("kernel", change, text, merge_key, self._kernel_message)


def _with_own(state: KernelState, kernel: OwnKernel) -> KernelState:
    return replace(edits.set_kernel(state, kernel.weights), scaling=kernel.scaling)
