"""Convolution in float64 from NumPy's own parts: shares nothing with the package but the names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

FloatArray64 = NDArray[np.float64]

_WHITE = {"uint8": 255.0, "uint16": 65535.0}
_PAD_MODES = {"replicate": "edge", "reflect": "reflect", "circular": "wrap"}


def conv2d_and_scale(
    x: NDArray[Any],
    weight: NDArray[Any],
    bias: Any,
    *,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    border: str,
    value: float,
    flip: bool,
) -> tuple[FloatArray64, FloatArray64]:
    """Return the sums of products, and the largest sum of magnitudes in each output map.

    Arguments are those of ``conv2d``, as a caller writes them.

    Returns:
        The result in the rank of ``x``, and the scale that errors are measured by, of the same rank
        with a height and width of 1: for each map the maximum of the sum of |pixel| * |weight|
        under the kernel, plus |bias|, at all places where it overlaps the padded picture at all.
    """
    pictures = x.astype(np.float64) / _WHITE.get(x.dtype.name, 1.0)
    kernels = weight.astype(np.float64)
    if x.ndim == 2:
        pictures, kernels = pictures[None], kernels[None, None]
    if x.ndim < 4:
        pictures = pictures[None]
    if flip:
        kernels = np.flip(kernels, (2, 3))
    steps, gaps = np.broadcast_to(stride, 2), np.broadcast_to(dilation, 2)
    for axis, sides in enumerate(_sides(padding, kernels.shape[2:], gaps), 2):
        pictures = _pad_axis(pictures, axis, sides, border, value)
    spans = _spans(kernels.shape[2:], gaps)
    offsets = np.zeros(len(kernels)) if bias is None else np.ravel(bias).astype(np.float64)
    offsets = offsets[:, None, None]
    sums = _correlate(pictures, kernels, steps, gaps, groups) + offsets
    magnitudes = _correlate(
        _surround(np.abs(pictures), spans), np.abs(kernels), (1, 1), gaps, groups
    )
    scale = magnitudes.max(axis=(2, 3), keepdims=True) + np.abs(offsets)
    missing = 4 - x.ndim
    return sums.reshape(sums.shape[missing:]), scale.reshape(scale.shape[missing:])


def _surround(pictures: FloatArray64, spans: list[int]) -> FloatArray64:
    """Return the pictures with so many zeros around them that kernels may jut out."""
    rows, columns = (span - 1 for span in spans)
    return np.pad(pictures, ((0, 0), (0, 0), (rows, rows), (columns, columns)))


def _correlate(
    pictures: FloatArray64, kernels: FloatArray64, steps: Any, gaps: Any, groups: int
) -> FloatArray64:
    spans = _spans(kernels.shape[2:], gaps)
    patches = sliding_window_view(pictures, spans, axis=(2, 3))
    patches = patches[:, :, :: steps[0], :: steps[1], :: gaps[0], :: gaps[1]]
    by_group = zip(np.split(patches, groups, 1), np.split(kernels, groups), strict=True)
    sums = [np.einsum("ncyxij,ocij->noyx", *pair, optimize=True) for pair in by_group]
    return np.concatenate(sums, axis=1)


def _spans(kernel_size: Any, gaps: Any) -> list[int]:
    return [int(gap) * (cells - 1) + 1 for cells, gap in zip(kernel_size, gaps, strict=True)]


def _sides(padding: Any, kernel_size: Any, gaps: Any) -> list[tuple[int, int]]:
    """Return (before, after) of the rows and of the columns."""
    added = [span - 1 for span in _spans(kernel_size, gaps)]
    match padding:
        case "valid":
            return [(0, 0), (0, 0)]
        case "same":
            return [(total // 2, total - total // 2) for total in added]
        case "full":
            return [(total, total) for total in added]
        case (top, bottom, left, right):
            return [(top, bottom), (left, right)]
        case (rows, columns):
            return [(rows, rows), (columns, columns)]
        case _:
            return [(padding, padding)] * 2


def _pad_axis(
    pictures: FloatArray64, axis: int, sides: tuple[int, int], border: str, value: float
) -> FloatArray64:
    """Pad by looking up, for each place along the axis, the pixel that stands there."""
    places = np.arange(pictures.shape[axis])
    if border in _PAD_MODES:
        mode: Any = _PAD_MODES[border]
        return np.take(pictures, np.pad(places, sides, mode=mode), axis)
    found = np.pad(places, sides, constant_values=-1)
    padded = np.take(pictures, found, axis)
    outside = [slice(None)] * axis + [found < 0]
    padded[tuple(outside)] = value if border == "constant" else 0.0
    return padded
