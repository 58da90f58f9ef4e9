"""A transposed convolution seen as a convolution of the picture with its pixels spread apart.

Every pixel lays down a copy of the kernel, times its value, and the copies are summed. Seen from an
output, that is a convolution over the picture with s - 1 zeros between its pixels, the kernel
flipped by 180 degrees (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning",
2016, section 4). So the sum, the window and the fields are shown as those of any other kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from convlab.document.kernel.model import Geometry, KernelState
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border
from convlab.engine.conv_transpose2d import TransposedProblem
from convlab.engine.shapes import Padding
from convlab.engine.window import TransposedWindow
from convlab.layers import Conv2d
from convlab.layers.editing import padding_in_pixels

LARGEST_SPREAD = 1 << 24  # pixels of a picture that is spread


def copies_of(state: KernelState) -> tuple[TransposedWindow, TransposedWindow]:
    """Return how the copies of the kernel lie along rows and columns.

    *valid* cuts nothing off, *same* leaves the stride times the picture's size, *full* cuts off all
    that reaches beyond the outermost pixels; four sides are what is cut off there.

    Raises:
        ValueError: More would be cut off than the kernel reaches beyond the picture.
    """
    geometry = state.geometry
    top, bottom = _cut(geometry, state.rows, 0)
    left, right = _cut(geometry, state.columns, 2)
    return _copies(geometry, state.rows, top, bottom), _copies(geometry, state.columns, left, right)


def as_convolution(state: KernelState) -> KernelState:
    """Return the state whose convolution of the spread picture is a state's transposed one."""
    (down, across), geometry = copies_of(state), state.geometry
    sides = [
        reach + extra - cut
        for axis in (down, across)
        for reach in (axis.dilation * (axis.kernel - 1),)
        for cut, extra in ((axis.before, 0), (axis.after, axis.output_padding))
    ]
    return replace(
        state,
        geometry=Geometry(
            padding=Padding(*sides),
            dilation=geometry.dilation,
            border=Border.ZEROS,
            flip=not geometry.flip,
        ),
    )


def shown_padding(state: KernelState) -> Padding:
    """Return what the padding comes to [px]: it is added, or cut off of the copies."""
    if not state.geometry.transposed:
        return padding_in_pixels(state.layer())
    try:
        down, across = copies_of(state)
    except ValueError:  # it is said where the picture is
        assert isinstance(state.geometry.padding, Padding)
        return state.geometry.padding
    return Padding(down.before, down.after, across.before, across.after)


def spread_size(size: tuple[int, int], step: int) -> tuple[int, int]:
    """Return the (rows, columns) of a picture whose pixels are so many apart.

    Raises:
        ValueError: It would be too large.
    """
    rows, columns = ((side - 1) * step + 1 for side in size)
    if rows * columns > LARGEST_SPREAD:
        raise ValueError(
            f"Spread by {step} the picture has {rows:,} × {columns:,} pixels: choose a smaller "
            "stride or picture."
        )
    return rows, columns


def spread(planes: AnyArray, step: int) -> AnyArray:
    """Return planes ``(C, H, W)`` with their pixels so many apart, and zeros between them."""
    if step == 1:
        return planes
    wide = np.zeros((len(planes), *spread_size(planes.shape[1:], step)), planes.dtype)
    wide[:, ::step, ::step] = planes
    return wide


def scatter(
    planes: FloatArray, layer: Conv2d, copies: tuple[TransposedWindow, TransposedWindow]
) -> TransposedProblem:
    """Return the scatter-add that a convolution of the spread picture comes to.

    No multiplication is spent on the zeros between the pixels.

    Args:
        planes: Of the source's picture, ``(C, H, W)``, not spread.
        layer: The convolution.
        copies: How the copies of the kernel lie along rows and columns.
    """
    down, across = copies
    weight = layer.weight if layer.flip else layer.weight[:, :, ::-1, ::-1]
    if layer.groups == 1:
        weight = weight.swapaxes(0, 1)
    return TransposedProblem(
        np.ascontiguousarray(planes)[None],
        np.ascontiguousarray(weight),
        layer.offsets,
        (down.stride, across.stride),
        (down.before, across.before),
        (down.dilation, across.dilation),
        layer.groups,
        (down.output_size(planes.shape[1]), across.output_size(planes.shape[2])),
    )


def pixels_summed(copies: Sequence[TransposedWindow]) -> list[int]:
    """Return how many pixels the outputs sum, by turns; each number once, rising.

    >>> pixels_summed([TransposedWindow(3, 2)] * 2), pixels_summed([TransposedWindow(4, 2)] * 2)
    ([1, 2, 4], [4])
    """
    found = [
        {
            sum((phase - axis.dilation * cell) % axis.stride == 0 for cell in range(axis.kernel))
            for phase in range(axis.stride)
        }
        for axis in copies
    ]
    return sorted({rows * columns for rows, columns in product(*found)})


def overlap_text(copies: Sequence[TransposedWindow]) -> str:
    """Return whether the copies overlap evenly, and else what would help; "" with a stride of 1."""
    stride = copies[0].stride
    if stride == 1:
        return ""
    summed = pixels_summed(copies)
    if len(summed) == 1:
        return f"Even: each output sums {summed[0]} pixel{'s' if summed[0] > 1 else ''}."
    even = " × ".join(str(-(-axis.kernel // stride) * stride) for axis in copies)
    by_turns = f"{', '.join(map(str, summed[:-1]))} or {summed[-1]}"
    return f"Checkerboard: outputs sum {by_turns} pixels by turns. {even} cells overlap evenly."


def _cut(geometry: Geometry, cells: int, side: int) -> tuple[int, int]:
    """Return what is cut off before and after; negative where more is added."""
    reach = geometry.dilation * (cells - 1)
    match geometry.padding:
        case "valid":
            return 0, 0
        case "full":
            return reach, reach
        case "same":
            total = reach + 1 - geometry.stride
            before = max(total, 0) // 2
            return before, total - before
    assert isinstance(geometry.padding, Padding)
    before, after = geometry.padding[side : side + 2]
    if max(before, after) > reach:
        raise ValueError(
            f"A padding of {max(before, after)} cuts off more than the {reach} px that the copies "
            f"reach beyond the picture: choose at most {reach}."
        )
    return before, after


def _copies(geometry: Geometry, cells: int, before: int, after: int) -> TransposedWindow:
    added = max(-after, 0)
    return TransposedWindow(cells, geometry.stride, before, max(after, 0), geometry.dilation, added)
