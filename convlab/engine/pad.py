"""Padding for those who call the engine: the one rule of ``shapes`` and ``border``."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from convlab.engine import border as borders
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv_arguments import check_rank, to_picture
from convlab.engine.naming import parse_name
from convlab.engine.shapes import Padding, parse_padding


def pad(
    x: ArrayLike, padding: int | Sequence[int], *, border: str = "zeros", value: float = 0.0
) -> FloatArray:
    """Return a picture with cells added on each side.

    >>> pad([[1, 2]], (0, 1), border="replicate").tolist()
    [[1.0, 1.0, 2.0, 2.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other numbers keep their values.
        padding: One number, (rows, columns) or (top, bottom, left, right) [px].
        border: What the new cells hold: "zeros", "constant", "replicate", "reflect" (the edge is
            not repeated) or "circular".
        value: What they hold under "constant".

    Returns:
        float32 of the same rank, ``(..., top + H + bottom, left + W + right)``, new.

    Raises:
        ValueError: If a number or a name cannot be used, or the border cannot fill that much.
    """
    if isinstance(padding, str):
        raise ValueError(f"padding {padding!r} depends on a kernel, and here is none: give numbers")
    pictures = to_picture(x)
    check_rank(pictures, (2, 3, 4), "(H, W), (C, H, W) or (N, C, H, W)")
    kind = parse_name(Border, border, "border")
    return borders.pad(pictures, parse_padding(padding, (1, 1)), kind, value)


def without_padding(x: FloatArray, sides: Padding) -> FloatArray:
    """Return a picture without the cells that were added on each side, new."""
    top, bottom, left, right = sides
    height, width = x.shape[-2:]
    return x[..., top : height - bottom, left : width - right].copy()
