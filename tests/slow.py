"""Slow, obvious operations in float64: the oracle of the engine's and the gradients' tests.

They share no code with the engine. Pictures are ``(N, C, H, W)`` float64, sizes are pairs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NUMPY_PADDING = {
    "zeros": "constant",
    "constant": "constant",
    "replicate": "edge",
    "reflect": "reflect",
    "circular": "wrap",
}


def noise(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int, int, int] = (0, 0, 0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
) -> Array:
    mode: Any = NUMPY_PADDING[border]
    more = {"constant_values": value} if border == "constant" else {}
    x = np.pad(x, ((0, 0), (0, 0), padding[:2], padding[2:]), mode, **more)
    weight = weight[:, :, ::-1, ::-1] if flip else weight
    outputs, depth, rows, columns = weight.shape
    span = dilation[0] * (rows - 1) + 1, dilation[1] * (columns - 1) + 1
    height = (x.shape[2] - span[0]) // stride[0] + 1
    width = (x.shape[3] - span[1]) // stride[1] + 1
    out = np.empty((len(x), outputs, height, width))
    for o, i, j in np.ndindex(outputs, height, width):
        top, left = i * stride[0], j * stride[1]
        first = o // (outputs // groups) * depth
        patch = x[
            :,
            first : first + depth,
            top : top + span[0] : dilation[0],
            left : left + span[1] : dilation[1],
        ]
        out[:, o, i, j] = (patch * weight[o]).sum((1, 2, 3))
    return out if bias is None else out + bias[:, None, None]


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] = (0, 0),
    output_padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Array:
    pictures, channels, height, width = x.shape
    _, depth, rows, columns = weight.shape
    span = dilation[0] * (rows - 1) + 1, dilation[1] * (columns - 1) + 1
    whole = np.zeros(
        (
            pictures,
            depth * groups,
            (height - 1) * stride[0] + span[0] + output_padding[0],
            (width - 1) * stride[1] + span[1] + output_padding[1],
        )
    )
    for c, i, j in np.ndindex(channels, height, width):
        first = c // (channels // groups) * depth
        top, left = i * stride[0], j * stride[1]
        copy = x[:, c, i, j][:, None, None, None] * weight[c]
        whole[
            :,
            first : first + depth,
            top : top + span[0] : dilation[0],
            left : left + span[1] : dilation[1],
        ] += copy
    out = whole[
        :,
        :,
        padding[0] : whole.shape[2] - padding[0],
        padding[1] : whole.shape[3] - padding[1],
    ]
    return out if bias is None else out + bias[:, None, None]


def window(size: int, start: int, kernel: int, dilation: int = 1) -> list[int]:
    """The pixels that a window meets along one direction."""
    cells = range(start, start + kernel * dilation, dilation)
    return [cell for cell in cells if 0 <= cell < size]


def pooled(size: int, kernel: int, stride: int, padding: int, dilation: int, ceil: bool) -> int:
    """PyTorch's rule, told by trying one window after the other."""
    count = 0
    while True:
        start = count * stride - padding
        end = start + dilation * (kernel - 1) + 1
        over = end - (size + padding)
        if over > 0 and not (ceil and over < stride and start < size):
            return count
        count += 1


def max_pool2d(
    x: Array,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
    dilation: tuple[int, int] = (1, 1),
    ceil: bool = False,
) -> Array:
    counts = [
        pooled(*numbers, ceil)
        for numbers in zip(x.shape[2:], kernel, stride, padding, dilation, strict=True)
    ]
    out = np.full((*x.shape[:2], *counts), -np.inf)
    for i, j in np.ndindex(*counts):
        rows = window(x.shape[2], i * stride[0] - padding[0], kernel[0], dilation[0])
        columns = window(x.shape[3], j * stride[1] - padding[1], kernel[1], dilation[1])
        if rows and columns:
            out[:, :, i, j] = x[:, :, rows][:, :, :, columns].max((2, 3))
    return out


def avg_pool2d(
    x: Array,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: tuple[int, int] = (0, 0),
    ceil: bool = False,
    count_include_pad: bool = True,
) -> Array:
    counts = [
        pooled(*numbers, 1, ceil)
        for numbers in zip(x.shape[2:], kernel, stride, padding, strict=True)
    ]
    out = np.empty((*x.shape[:2], *counts))
    padded_size = x.shape[2] + 2 * padding[0], x.shape[3] + 2 * padding[1]
    for i, j in np.ndindex(*counts):
        top, left = i * stride[0], j * stride[1]
        rows = window(x.shape[2], top - padding[0], kernel[0])
        columns = window(x.shape[3], left - padding[1], kernel[1])
        area = len(rows) * len(columns)
        if count_include_pad:
            area = len(window(padded_size[0], top, kernel[0]))
            area *= len(window(padded_size[1], left, kernel[1]))
        out[:, :, i, j] = x[:, :, rows][:, :, :, columns].sum((2, 3)) / area
    return out


def sample(x: Array, position: float) -> Array:
    """The value between two neighbours along the last axis, the ends continued."""
    position = min(max(position, 0.0), x.shape[-1] - 1.0)
    before = int(position)
    after = min(before + 1, x.shape[-1] - 1)
    share = position - before
    return np.asarray((1 - share) * x[..., before] + share * x[..., after])


def bilinear(x: Array, scale: tuple[int, int], align_corners: bool) -> Array:
    for axis, times in ((-1, scale[1]), (-2, scale[0])):
        size = x.shape[axis]
        count = size * times
        if align_corners:
            places = [i * (size - 1) / max(count - 1, 1) for i in range(count)]
        else:
            places = [(i + 0.5) / times - 0.5 for i in range(count)]
        last = np.moveaxis(x, axis, -1)
        x = np.moveaxis(np.stack([sample(last, place) for place in places], -1), -1, axis)
    return x


def adaptive_avg_pool2d(x: Any, size: tuple[int, int]) -> Array:
    """The mean of each share of the picture, whose ends are rounded outwards."""
    height, width = x.shape[-2:]
    out = np.empty((*x.shape[:-2], *size))
    for i, j in np.ndindex(*size):
        top, bottom = math.floor(i * height / size[0]), math.ceil((i + 1) * height / size[0])
        left, right = math.floor(j * width / size[1]), math.ceil((j + 1) * width / size[1])
        out[..., i, j] = x[..., top:bottom, left:right].astype(np.float64).mean((-2, -1))
    return out


def group_norm(x: Any, groups: int, weight: Any, bias: Any, eps: float) -> Array:
    """Each group of channels of each picture, one by one."""
    out = np.asarray(x, np.float64).copy()
    size = x.shape[-3] // groups
    for picture in out.reshape(-1, *x.shape[-3:]):
        for first in range(0, x.shape[-3], size):
            some = picture[first : first + size]
            some[...] = (some - some.mean()) / np.sqrt(some.var() + eps)
    return np.asarray(out * weight[:, None, None] + bias[:, None, None])


def layer_norm(x: Any, weight: Any, bias: Any, eps: float) -> Array:
    x = np.asarray(x, np.float64)
    centred = x - x.mean(axis=-3, keepdims=True)
    normal = centred / np.sqrt(x.var(axis=-3, keepdims=True) + eps)
    return np.asarray(normal * weight[:, None, None] + bias[:, None, None])


def response_norm(x: Any, size: int, alpha: float, beta: float, k: float) -> Array:
    """PyTorch's rule: the mean of the squares of ``size`` channels, those beyond the ends 0."""
    x = np.asarray(x, np.float64)
    around = [(0, 0)] * (x.ndim - 3) + [(size // 2, (size - 1) // 2), (0, 0), (0, 0)]
    squares = np.pad(x**2, around)
    channels = x.shape[-3]
    total = sum(squares[..., first : first + channels, :, :] for first in range(size))
    return np.asarray(x / (k + alpha * total / size) ** beta)


def pixel_shuffle(x: Any, factor: int) -> Array:
    channels, height, width = x.shape[-3:]
    out = np.empty((*x.shape[:-3], channels // factor**2, height * factor, width * factor))
    for c, i, j in np.ndindex(*out.shape[-3:]):
        source = (c * factor + i % factor) * factor + j % factor
        out[..., c, i, j] = x[..., source, i // factor, j // factor]
    return out
