"""What a person wants of the kernel lab, as edits of the document."""

from __future__ import annotations

from collections.abc import Callable

from convlab.document import edits
from convlab.document.document import Combine, Document
from convlab.engine import kernels
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.widgets.message_bar import MessageBar

TURNS = {
    "rotate": edits.rotate_kernel,
    "mirror": edits.mirror_kernel,
    "transpose": edits.transpose_kernel,
    "negate": edits.negate_kernel,
}


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
            lambda document: edits.set_cell(document, row, column, value),
            "change cell",
            f"cell {row} {column}",
        )

    def paste_kernel(self, text: str) -> None:
        """Take a whole kernel written as text."""
        self._edit_kernel(
            lambda document: edits.set_kernel(document, kernels.parse(text)), "paste kernel"
        )

    def load_preset(self, name: str) -> None:
        """Take a preset."""
        self._edit_kernel(lambda document: edits.load_preset(document, name), f"take {name}")

    def resize_kernel(self, rows: int, columns: int) -> None:
        """Grow or cut the kernel."""
        self._edit_kernel(
            lambda document: edits.resize_kernel(document, rows, columns), "resize kernel"
        )

    def turn_kernel(self, turn: str) -> None:
        """Do one of TURNS."""
        self._edit_kernel(TURNS[turn], f"{turn} kernel")

    def set_padding(self, padding: str | Padding) -> None:
        """Choose the padding."""
        self._edit(lambda document: edits.set_padding(document, padding), "set padding")

    def set_border(self, name: str) -> None:
        """Choose the border by its name."""
        border = Border(name)
        self._edit(lambda document: edits.set_border(document, border), "set border")

    def set_border_value(self, value: float) -> None:
        """Choose the constant of the border."""
        self._edit_dial(
            lambda document: edits.set_border_value(document, value), "set border value"
        )

    def set_stride(self, stride: int) -> None:
        """Choose the stride."""
        self._edit_dial(lambda document: edits.set_stride(document, stride), "set stride")

    def set_dilation(self, dilation: int) -> None:
        """Choose the dilation."""
        self._edit_dial(lambda document: edits.set_dilation(document, dilation), "set dilation")

    def set_flip(self, flip: bool) -> None:
        """Choose convolution or correlation."""
        text = "use convolution" if flip else "use correlation"
        self._edit(lambda document: edits.set_flip(document, flip), text)

    def set_color_space(self, name: str) -> None:
        """Choose the planes by the name of their space."""
        space = ColorSpace(name)
        self._edit(lambda document: edits.set_color_space(document, space), "choose channels")

    def toggle_mute(self, channel: int) -> None:
        """Mute a channel, or bring it back."""
        self._edit(lambda document: edits.toggle_mute(document, channel), "mute channel")

    def toggle_solo(self, channel: int) -> None:
        """Mute all other channels, or bring them back."""
        self._edit(lambda document: edits.solo(document, channel), "solo channel")

    def set_combine(self, name: str) -> None:
        """Choose what happens to several channels."""
        combine = Combine(name)
        self._edit(lambda document: edits.set_combine(document, combine), "combine channels")

    def set_display_mode(self, name: str) -> None:
        """Choose how values become colours."""
        mode = DisplayMode(name)
        self._edit(lambda document: edits.set_display_mode(document, mode), "change colours")

    def set_display_limit(self, limit: float) -> None:
        """Fix the range; 0 follows the picture."""
        self._edit_dial(
            lambda document: edits.set_display_limit(document, limit or None), "change range"
        )

    def turn_pattern(self, degrees: float) -> None:
        """Turn the pattern's bar or grating."""
        self._edit_dial(lambda document: edits.set_pattern_angle(document, degrees), "turn pattern")

    def move_object(self, row: float, column: float) -> None:
        """Move the pattern's object; fractions of the picture."""
        self._edit(
            lambda document: edits.move_pattern_object(document, (row, column)),
            "drag object",
            "object",
        )

    def _edit_kernel(
        self, make: Callable[[Document], Document], text: str, merge_key: str | None = None
    ) -> None:
        self._edit(make, text, merge_key, self._kernel_message)
