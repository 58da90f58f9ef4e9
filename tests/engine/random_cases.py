"""Arguments of conv2d drawn at random from its whole space; a seed names a case for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

AnyArray = NDArray[Any]
Pair = tuple[int, int]
Sides = tuple[Pair, Pair]

BORDERS = ("zeros", "constant", "replicate", "reflect", "circular")
LAYOUTS = ("C", "Fortran", "mirrored", "backwards", "every second", "crop", "channels last")
# With the share of each. More than half can be taken apart into rows and columns.
WEIGHT_KINDS = {
    "noise": 0.35,
    "sparse": 0.1,
    "rank 1": 0.2,
    "rank 1 of whole numbers": 0.15,
    "rank 2": 0.1,
    "rank 2, almost 1": 0.1,
}
DTYPES = (np.float32, np.float64, np.uint8, np.uint16)  # kernels take the first two


@dataclass(frozen=True)
class Case:
    """Arguments of one call, and words that tell them.

    Attributes:
        x: The picture.
        weight: The kernels.
        bias: Or None.
        options: All that is named in a call, but the algorithm.
        buffers: The memory that the arrays lie in.
        notes: How numbers and memory came about, for the picture and for the kernels.
    """

    x: AnyArray
    weight: AnyArray
    bias: Any
    options: dict[str, Any]
    buffers: list[AnyArray] = field(repr=False)
    notes: tuple[list[str], list[str]]

    def __str__(self) -> str:
        bias = "no bias" if self.bias is None else f"bias {np.shape(self.bias)}"
        named = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        x, weight = (f"{a.dtype} {a.shape} strides {a.strides}" for a in (self.x, self.weight))
        x_notes, weight_notes = (", ".join(words) for words in self.notes)
        return f"x {x} {x_notes}; weight {weight} {weight_notes}; {bias}; {named}"


def draw_case(*seed: int) -> Case:
    """Return the case of that seed; its arguments fit each other."""
    rng = np.random.default_rng(seed)
    kernel, dilation = _draw_kernel(rng)
    border = str(rng.choice(BORDERS))
    padding, sides = _draw_padding(rng, kernel, dilation)
    height, width = (
        _draw_size(rng, *axis, border) for axis in zip(kernel, dilation, sides, strict=True)
    )
    rank = int(rng.integers(2, 5))
    pictures, groups, depth, outputs = _draw_channels(rng, max(kernel)) if rank > 2 else (1,) * 4
    x, x_notes, x_buffer = _draw_picture(rng, (pictures, groups * depth, height, width)[4 - rank :])
    weight_shape = (groups * outputs, depth, *kernel)
    weight, weight_notes, weight_buffer = _draw_weight(rng, weight_shape[2 if rank == 2 else 0 :])
    bias = _draw_bias(rng, groups * outputs, rank)
    options = {
        "stride": _draw_stride(rng),
        "padding": padding,
        "dilation": dilation if dilation[0] != dilation[1] or rng.random() < 0.5 else dilation[0],
        "groups": groups,
        "border": border,
        "value": float(np.round(rng.uniform(-4, 4), 3)),
        "flip": bool(rng.random() < 0.5),
    }
    buffers = [x_buffer, weight_buffer] + ([bias] if isinstance(bias, np.ndarray) else [])
    return Case(x, weight, bias, options, buffers, (x_notes, weight_notes))


def _draw_kernel(rng: Generator) -> tuple[Pair, Pair]:
    """Return size and dilation. Most are small, some large; large ones are not dilated."""
    largest = int(rng.choice([5, 11, 31], p=[0.75, 0.13, 0.12]))
    rows, columns = (int(side) for side in rng.integers(1, largest + 1, 2))
    if rng.random() < 0.4:
        columns = rows
    widest = 3 if largest <= 11 and rng.random() < 0.4 else 1
    down, right = (int(gap) for gap in rng.integers(1, widest + 1, 2))
    return (rows, columns), (down, right)


def _draw_padding(rng: Generator, kernel: Pair, dilation: Pair) -> tuple[Any, Sides]:
    """Return padding as a caller may write it, and what it means for rows and columns."""
    spans = [gap * (cells - 1) for cells, gap in zip(kernel, dilation, strict=True)]
    top, bottom, left, right = (
        int(rng.integers(0, span + 2)) for span in (spans[0], spans[0], spans[1], spans[1])
    )
    choices: list[tuple[Any, Sides]] = [
        ((top, bottom, left, right), ((top, bottom), (left, right))),
        ((top, left), ((top, top), (left, left))),
        (left, ((left, left), (left, left))),
        (0, ((0, 0), (0, 0))),
        ("valid", ((0, 0), (0, 0))),
        ("same", (_halves(spans[0]), _halves(spans[1]))),
        ("full", ((spans[0], spans[0]), (spans[1], spans[1]))),
    ]
    return choices[rng.integers(len(choices))]


def _halves(total: int) -> Pair:
    return total // 2, total - total // 2


def _draw_size(rng: Generator, cells: int, gap: int, sides: Pair, border: str) -> int:
    """Return a picture's side that the kernel fits into and that the border can continue."""
    least = max(gap * (cells - 1) + 1 - sum(sides), 1)
    if border == "reflect":
        least = max(least, max(sides) + 1)
    elif border == "circular":
        least = max(least, max(sides))
    return least + int(rng.integers(0, 14 if rng.random() < 0.85 else 100))


def _draw_channels(rng: Generator, kernel: int) -> tuple[int, int, int, int]:
    """Return pictures, groups, channels per group and outputs per group."""
    pictures = int(rng.integers(1, 4))
    if kernel > 11:
        return min(pictures, 2), 1, int(rng.integers(1, 3)), int(rng.integers(1, 3))
    match rng.choice(["single", "whole", "groups", "depthwise", "deep"]):
        case "single":
            return pictures, 1, 1, 1
        case "whole":
            return pictures, 1, int(rng.integers(1, 5)), int(rng.integers(1, 5))
        case "groups":
            groups, depth, outputs = (int(number) for number in rng.integers(1, 4, 3))
            return pictures, groups, depth, outputs
        case "depthwise":
            return pictures, int(rng.integers(2, 7)), 1, int(rng.integers(1, 3))
        case _:
            return 1, 1, int(rng.integers(5, 25)), int(rng.integers(5, 17))


def _draw_stride(rng: Generator) -> Any:
    if rng.random() < 0.5:
        return 1
    down, right = (int(step) for step in rng.integers(1, 5, 2))
    return down if rng.random() < 0.3 else (down, right)


def _draw_picture(rng: Generator, shape: tuple[int, ...]) -> tuple[AnyArray, list[str], AnyArray]:
    """Return a picture, how it was made, and the memory it lies in."""
    dtype: np.dtype[Any] = np.dtype(DTYPES[rng.integers(len(DTYPES))])
    if dtype.kind == "u":
        pixels, kind = rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True), "bytes"
    else:
        kind = str(rng.choice(["noise", "bright", "tiny", "huge", "impulses"]))
        noise = rng.standard_normal(shape)
        made = {
            "noise": noise,
            "bright": noise + 100,
            "tiny": noise * 1e-4,
            "huge": noise * 1e4,
            "impulses": noise * (rng.random(shape) < 0.1),
        }
        pixels = made[kind].astype(dtype)
    view, layout, buffer = _lay_out(rng, pixels)
    return view, [kind, *layout], buffer


def _draw_weight(rng: Generator, shape: tuple[int, ...]) -> tuple[AnyArray, list[str], AnyArray]:
    """Return kernels, how they were made, and the memory they lie in.

    Kernels of rank one and two are there for the ways that take kernels apart.
    """
    kind = str(rng.choice(list(WEIGHT_KINDS), p=list(WEIGHT_KINDS.values())))
    *maps, rows, columns = shape

    def outer(draw: Callable[[list[int]], AnyArray]) -> AnyArray:
        return draw([*maps, rows, 1]) * draw([*maps, 1, columns])

    match kind:
        case "noise":
            cells = rng.standard_normal(shape)
        case "sparse":
            cells = rng.standard_normal(shape) * (rng.random(shape) < 0.3)
        case "rank 1":
            cells = outer(rng.standard_normal)
        case "rank 1 of whole numbers":
            cells = outer(lambda part: rng.integers(-3, 4, part))
        case "rank 2":
            cells = outer(rng.standard_normal) + outer(rng.standard_normal)
        case _:
            cells = outer(rng.standard_normal) + 1e-4 * outer(rng.standard_normal)
    dtype = DTYPES[rng.integers(2)]
    view, layout, buffer = _lay_out(rng, cells.astype(dtype))
    return view, [kind, *layout], buffer


def _draw_bias(rng: Generator, outputs: int, rank: int) -> Any:
    if rng.random() < 0.5:
        return None
    if rank == 2 and rng.random() < 0.5:
        return float(rng.standard_normal())
    bias = rng.standard_normal(outputs).astype(DTYPES[rng.integers(2)])
    bias.flags.writeable = bool(rng.random() < 0.7)
    return bias


def _lay_out(rng: Generator, array: AnyArray) -> tuple[AnyArray, list[str], AnyArray]:
    """Return the same numbers in some order of memory, its name, and all the memory."""
    layout = str(rng.choice(LAYOUTS))
    buffer = array
    match layout:
        case "C":
            view = buffer = np.ascontiguousarray(array)
        case "Fortran":
            view = buffer = np.asfortranarray(array)
        case "mirrored":
            buffer = array[..., ::-1].copy()
            view = buffer[..., ::-1]
        case "backwards":
            buffer = np.flip(array).copy()
            view = np.flip(buffer)
        case "every second":
            buffer = _poisoned([2 * length for length in array.shape], array.dtype)
            view = buffer[tuple(slice(1, None, 2) for _ in array.shape)]
            view[...] = array
        case "crop":
            buffer = _poisoned([length + 3 for length in array.shape], array.dtype)
            view = buffer[tuple(slice(1, -2) for _ in array.shape)]
            view[...] = array
        case _:
            axis = max(array.ndim - 3, 0)
            buffer = np.moveaxis(array, axis, -1).copy()
            view = np.moveaxis(buffer, -1, axis)
    if rng.random() < 0.3:
        view.flags.writeable = False
        return view, [layout, "read-only"], buffer
    return view, [layout], buffer


def _poisoned(shape: list[int], dtype: np.dtype[Any]) -> AnyArray:
    """Return memory that shows in a result if it is read: NaN, or white."""
    return np.full(shape, np.nan if dtype.kind == "f" else np.iinfo(dtype).max, dtype)
