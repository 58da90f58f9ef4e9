"""Every edit a person can make: Document -> Document, one function per action.

An edit that cannot be raises ValueError with a message for the person; the document stays.
"""

from __future__ import annotations

import math
import string
from dataclasses import replace

import numpy as np

from convlab.document.document import (
    MAX_KERNEL_SIZE,
    Channels,
    Combine,
    Display,
    Document,
    Geometry,
    Kernel,
)
from convlab.document.drawing import BLANK_DRAWING, Drawing
from convlab.document.source import BLANK, SourceKind, SourceSpec
from convlab.document.stack import edits as stack_edits
from convlab.document.stack.model import StackState
from convlab.engine import kernels
from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding, pair, parse_padding

LARGEST = float(np.finfo(np.float32).max)


def set_source(document: Document, source: SourceSpec) -> Document:
    """Look at another picture."""
    return replace(document, source=source)


def set_pattern_angle(document: Document, degrees: float) -> Document:
    """Turn the pattern's bar or grating."""
    return replace(document, pattern=replace(document.pattern, angle=degrees % 360.0))


def move_pattern_object(document: Document, position: tuple[float, float]) -> Document:
    """Drag the pattern's object; (row, column) are fractions, kept inside the picture."""
    row, column = (min(max(value, 0.0), 1.0) for value in position)
    return replace(document, pattern=replace(document.pattern, position=(row, column)))


def set_drawing(document: Document, drawing: Drawing) -> Document:
    """Take another drawing."""
    return replace(document, drawing=drawing)


def draw_digit(document: Document, network: StackState) -> Document:
    """Put a network that knows digits into the stack lab, and a canvas to draw one on before it.

    Args:
        document: Its drawing makes room for a blank one.
        network: Ten values come out; the classes get their digits as names if they have none.

    Raises:
        ValueError: It has too many layers, or does not tell ten classes apart.
    """
    network = replace(network, input=replace(network.input, as_digit=True))
    if not network.classes:
        network = stack_edits.set_classes(network, tuple(string.digits))
    return replace(
        document,
        source=SourceSpec(SourceKind.DRAWING, BLANK),
        drawing=BLANK_DRAWING,
        stack=stack_edits.replace_stack(document.stack, network),
    )


def set_cell(document: Document, row: int, column: int, value: float) -> Document:
    """Change one cell of the kernel.

    Raises:
        ValueError: The value is not a finite float32 number.
    """
    weights = document.kernel.array()
    weights[row, column] = _finite(value)
    return set_kernel(document, weights)


def set_kernel(document: Document, weights: AnyArray) -> Document:
    """Replace the whole kernel by a 2-D array.

    Raises:
        ValueError: Not 1 to 31 cells a side, or a value is not finite.
    """
    weights = np.asarray(weights)
    if weights.ndim != 2 or not all(1 <= side <= MAX_KERNEL_SIZE for side in weights.shape):
        size = "×".join(str(side) for side in weights.shape)
        raise ValueError(f"A kernel of {size} cells does not fit: 1 to {MAX_KERNEL_SIZE} a side.")
    if not (np.abs(weights.astype(np.float64)) <= LARGEST).all():
        raise ValueError("A kernel's cells must be finite numbers: change the infinite one.")
    return replace(document, kernel=Kernel.of(weights))


def load_preset(document: Document, name: str) -> Document:
    """Take a preset kernel by its name."""
    return set_kernel(document, kernels.preset(name))


def resize_kernel(document: Document, rows: int, columns: int) -> Document:
    """Grow with zeros or cut, keeping the cells around the anchor where they are."""
    old = document.kernel.array()
    rows, columns = (min(max(side, 1), MAX_KERNEL_SIZE) for side in (rows, columns))
    return set_kernel(document, kernels.resized(old, rows, columns))


def rotate_kernel(document: Document) -> Document:
    """Turn the kernel by 90 degrees counter-clockwise."""
    return set_kernel(document, np.rot90(document.kernel.array()))


def mirror_kernel(document: Document) -> Document:
    """Swap left and right."""
    return set_kernel(document, np.fliplr(document.kernel.array()))


def transpose_kernel(document: Document) -> Document:
    """Swap rows and columns."""
    return set_kernel(document, document.kernel.array().T)


def negate_kernel(document: Document) -> Document:
    """Change the sign of every cell."""
    return set_kernel(document, -document.kernel.array() + 0.0)


def set_padding(document: Document, padding: str | Padding) -> Document:
    """Choose valid, same, full or the four sides."""
    return _with_geometry(document, padding=padding)


def set_border(document: Document, border: Border) -> Document:
    """Choose what stands in the padded cells."""
    return _with_geometry(document, border=border)


def set_border_value(document: Document, value: float) -> Document:
    """Choose the constant of a constant border."""
    return _with_geometry(document, value=_finite(value))


def set_stride(document: Document, stride: int) -> Document:
    """Choose the step between outputs [px]."""
    return _with_geometry(document, stride=pair(stride, "stride")[0])


def set_dilation(document: Document, dilation: int) -> Document:
    """Choose the distance between the kernel's cells [px]."""
    return _with_geometry(document, dilation=pair(dilation, "dilation")[0])


def set_flip(document: Document, flip: bool) -> Document:
    """Choose convolution (True) or correlation."""
    return _with_geometry(document, flip=flip)


def set_color_space(document: Document, space: ColorSpace) -> Document:
    """Choose the planes that the kernel runs over, none of them muted."""
    return replace(document, channels=Channels(space, frozenset(), document.channels.combine))


def toggle_mute(document: Document, channel: int) -> Document:
    """Mute a channel or bring it back; the last one left cannot be muted."""
    muted = document.channels.muted ^ {channel}
    if len(muted) == len(document.channels.space.channels):
        raise ValueError("One channel must stay: unmute another one first.")
    return replace(document, channels=replace(document.channels, muted=muted))


def solo(document: Document, channel: int) -> Document:
    """Mute all other channels; a second time brings them back."""
    others = frozenset(range(len(document.channels.space.channels))) - {channel}
    muted = frozenset() if document.channels.muted == others else others
    return replace(document, channels=replace(document.channels, muted=muted))


def set_combine(document: Document, combine: Combine) -> Document:
    """Filter every channel on its own, or add the results up."""
    return replace(document, channels=replace(document.channels, combine=combine))


def set_display_mode(document: Document, mode: DisplayMode) -> Document:
    """Choose how output values become colours."""
    return replace(document, display=Display(mode, document.display.limit))


def set_display_limit(document: Document, limit: float | None) -> Document:
    """Fix the largest magnitude painted, or follow the picture (None).

    Raises:
        ValueError: The limit is not a positive finite number.
    """
    if limit is not None and not 0.0 < limit <= LARGEST:
        raise ValueError(f"A range of {limit:g} does not fit: it must be finite and above zero.")
    return replace(document, display=replace(document.display, limit=limit))


def padding_in_pixels(document: Document) -> Padding:
    """Return what the chosen padding comes to for the present kernel [px]."""
    spacing = document.geometry.dilation
    size = (document.kernel.rows, document.kernel.columns)
    return parse_padding(document.geometry.padding, size, (spacing, spacing))


def _with_geometry(document: Document, **changes: object) -> Document:
    geometry: Geometry = replace(document.geometry, **changes)  # type: ignore[arg-type]
    return replace(document, geometry=geometry)


def _finite(value: float) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{value:g} does not fit in a float32: choose a finite number.")
    return value
