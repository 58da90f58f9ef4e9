"""What lies beyond the edge of a picture, and padding by that rule."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shapes import Padding
from convlab.engine.window import IndexArray


class Border(StrEnum):
    """What a kernel sees beyond the edge; the value is the name used in files and in the API.

    On the row ``a b c d``, two cells to each side:

    ========= =======================
    ZEROS     ``0 0 | a b c d | 0 0``
    CONSTANT  ``v v | a b c d | v v``
    REPLICATE ``a a | a b c d | d d``
    REFLECT   ``c b | a b c d | c b`` (the edge is not repeated)
    CIRCULAR  ``c d | a b c d | a b``
    ========= =======================
    """

    ZEROS = "zeros"
    CONSTANT = "constant"
    REPLICATE = "replicate"
    REFLECT = "reflect"
    CIRCULAR = "circular"


def check(border: Border, padding: Padding, height: int, width: int) -> None:
    """Reject padding that a border cannot fill, as PyTorch does.

    Raises:
        ValueError: If reflect is asked for as much as the picture's size, or circular for more.
    """
    if border is Border.REFLECT:
        _check_axis("reflect", "smaller than", max(padding[:2]), height - 1, height, "high")
        _check_axis("reflect", "smaller than", max(padding[2:]), width - 1, width, "wide")
    elif border is Border.CIRCULAR:
        _check_axis("circular", "no larger than", max(padding[:2]), height, height, "high")
        _check_axis("circular", "no larger than", max(padding[2:]), width, width, "wide")


def _check_axis(name: str, rule: str, wanted: int, limit: int, size: int, side: str) -> None:
    if wanted > max(limit, 0):
        raise ValueError(
            f"{name} needs padding {rule} the picture: {wanted} on a picture {size} px {side}; "
            "choose replicate or less padding"
        )


def pad(
    x: AnyArray,
    padding: Padding,
    border: Border,
    value: float = 0.0,
    out: AnyArray | None = None,
) -> AnyArray:
    """Return the picture with cells added on each side.

    Args:
        x: ``(..., H, W)``.
        padding: How many cells to add at the top, bottom, left and right [px].
        border: What the new cells hold.
        value: What they hold under ``Border.CONSTANT``.
        out: Where they are to be written.

    Returns:
        ``(..., top + H + bottom, left + W + right)``: ``out``, or new and contiguous; of the type
        of ``x``, and its axes lie in memory as those of ``x``.

    Raises:
        ValueError: If the border cannot fill that much (see ``check``).
    """
    top, bottom, left, right = padding
    height, width = x.shape[-2:]
    check(border, padding, height, width)
    shape = (*x.shape[:-2], top + height + bottom, left + width + right)
    if out is None:
        out = np.empty_like(x, shape=shape)
    if border in (Border.ZEROS, Border.CONSTANT):
        fill = value if border is Border.CONSTANT else 0.0
        out[..., :top, :] = out[..., top + height :, :] = fill
        out[..., :left] = out[..., left + width :] = fill
        out[..., top : top + height, left : left + width] = x
        return out
    out[..., top : top + height, left : left + width] = x
    # Rows first, then whole columns: the corners come from rows that are already there.
    middle = out[..., left : left + width]
    middle[..., :top, :] = x[..., _sources(border, -top, 0, height), :]
    middle[..., top + height :, :] = x[..., _sources(border, height, height + bottom, height), :]
    out[..., :left] = middle[..., _sources(border, -left, 0, width)]
    out[..., left + width :] = middle[..., _sources(border, width, width + right, width)]
    return out


def fold(padded: FloatArray, padding: Padding, border: Border) -> FloatArray:
    """Return, for each pixel, the sum over itself and the cells that ``pad`` copied it to.

    The adjoint of ``pad``: it leads the gradient of a padded picture back to the picture.

    Args:
        padded: ``(..., top + H + bottom, left + W + right)`` float32.
        padding: As given to ``pad``.
        border: As given to ``pad``.

    Returns:
        ``(..., H, W)`` float32, new; its axes lie in memory as those of ``padded``.
    """
    top, bottom, left, right = padding
    height, width = padded.shape[-2] - top - bottom, padded.shape[-1] - left - right
    if border in (Border.ZEROS, Border.CONSTANT):
        return padded[..., top : top + height, left : left + width].copy(order="K")
    rows = padded[..., top : top + height, :].copy(order="K")
    for start, stop, place in ((-top, 0, 0), (height, height + bottom, top + height)):
        for row, source in enumerate(_sources(border, start, stop, height), place):
            rows[..., source, :] += padded[..., row, :]
    out = rows[..., left : left + width].copy(order="K")
    for start, stop, place in ((-left, 0, 0), (width, width + right, left + width)):
        for column, source in enumerate(_sources(border, start, stop, width), place):
            out[..., source] += rows[..., column]
    return out


def sources(size: int, before: int, after: int, border: Border) -> IndexArray:
    """Return the pixel of a row that each cell of it copies once it is padded.

    >>> sources(4, 2, 1, Border.REFLECT).tolist(), sources(4, 2, 1, Border.ZEROS).tolist()
    ([2, 1, 0, 1, 2, 3, 2], [-1, -1, 0, 1, 2, 3, -1])

    Args:
        size: Of the row [px].
        before: Cells added in front [px].
        after: Cells added behind [px].
        border: What they hold.

    Returns:
        ``(before + size + after,)`` int64; -1 where a cell copies none.
    """
    index = np.arange(-before, size + after)
    inside = (index >= 0) & (index < size)
    if border in (Border.ZEROS, Border.CONSTANT):
        return np.where(inside, index, -1)
    return np.where(inside, index, _sources(border, -before, size + after, size))


def _sources(border: Border, start: int, stop: int, size: int) -> AnyArray:
    """Return the index inside ``range(size)`` that each index of ``range(start, stop)`` copies."""
    index = np.arange(start, stop)
    match border:
        case Border.REFLECT:
            return np.where(index < 0, -index, 2 * (size - 1) - index)
        case Border.CIRCULAR:
            return index % size
        case _:
            return np.clip(index, 0, size - 1)
