"""From what a caller wrote to one checked ``Problem``; what does not fit is rejected in words."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.algorithms.problem import Problem, Sizes
from convlab.engine.arrays import AnyArray, FloatArray, lies_pictures_last, native
from convlab.engine.border import Border, check
from convlab.engine.naming import parse_name
from convlab.engine.numbers import to_float
from convlab.engine.shapes import PaddingSpec, check_whole, output_size, pair, parse_padding

_WHITE = {np.dtype(np.uint8): np.float32(255), np.dtype(np.uint16): np.float32(65535)}
_FLOAT32 = np.dtype(np.float32)
_LARGEST_FLOAT = float(np.finfo(np.float32).max)
_MOST_PIXELS = 1 << 31  # of a plane with its padding


def build_problem(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: int | Sequence[int],
    padding: PaddingSpec,
    dilation: int | Sequence[int],
    groups: int,
    border: str,
    value: float,
    flip: bool,
    as_it_lies: bool = False,
) -> tuple[Problem, int]:
    """Return the problem and the rank of the caller's picture (2, 3 or 4).

    ``as_it_lies`` is for ``algorithms.batch``, which wants a batch that lies pictures last.

    Raises:
        ValueError: If the arguments do not fit each other; the message has the numbers and a
            remedy.
    """
    pictures = to_picture_as_it_lies(x) if as_it_lies else to_picture(x)
    kernels, rank = to_numbers(weight, "weight"), pictures.ndim
    sizes = fit_sizes(pictures.shape, kernels.shape, stride, padding, dilation, groups, border)
    if rank < 4:
        pictures = pictures.reshape((1,) * (4 - rank) + pictures.shape)
    kernels = kernels.reshape((1,) * (4 - kernels.ndim) + kernels.shape)
    if flip:
        kernels = np.ascontiguousarray(kernels[:, :, ::-1, ::-1])
    offsets = None if bias is None else to_bias(bias, len(kernels))
    return Problem(sizes, pictures, kernels, offsets, _to_value(value)), rank


def fit_sizes(
    x_shape: Sequence[int],
    weight_shape: Sequence[int],
    stride: int | Sequence[int],
    padding: PaddingSpec,
    dilation: int | Sequence[int],
    groups: int,
    border: str,
) -> Sizes:
    """Return the sizes of a convolution.

    Raises:
        ValueError: If the arguments do not fit each other; the message has the numbers and a
            remedy.
    """
    x_shape, weight_shape = _to_shape(x_shape, "x"), _to_shape(weight_shape, "weight")
    check_ranks(x_shape, weight_shape, "(O, C / groups, kh, kw)")
    x_shape = (1,) * (4 - len(x_shape)) + x_shape
    weight_shape = (1,) * (4 - len(weight_shape)) + weight_shape
    pictures, channels, height, width = x_shape
    outputs, _, rows, columns = weight_shape
    groups = _check_groups(x_shape, weight_shape, groups)
    steps, gaps = pair(stride, "stride"), pair(dilation, "dilation")
    sides = parse_padding(padding, (rows, columns), gaps)
    kind = parse_name(Border, border, "border")
    check(kind, sides, height, width)
    _check_room(height + sides.top + sides.bottom, width + sides.left + sides.right)
    out_height = output_size(height, rows, sides.top, sides.bottom, steps[0], gaps[0])
    out_width = output_size(width, columns, sides.left, sides.right, steps[1], gaps[1])
    size, kernel, out = (height, width), (rows, columns), (out_height, out_width)
    return Sizes(pictures, channels, size, outputs, kernel, steps, sides, gaps, groups, kind, out)


def to_picture(x: ArrayLike) -> FloatArray:
    """Return a picture as contiguous float32, without a copy where it is that already.

    uint8 is divided by 255 and uint16 by 65535, in any byte order; other whole numbers, booleans
    and floating-point numbers keep their values.

    Raises:
        ValueError: If it holds no real numbers, or nothing.
    """
    pixels = _as_array(x, "x")
    white = _WHITE.get(pixels.dtype)
    if white is None:
        return to_numbers(pixels, "x")
    _check_numbers(pixels, "x")
    unit: FloatArray = np.divide(pixels, white, dtype=np.float32, order="C")
    return unit


def to_picture_as_it_lies(x: ArrayLike) -> FloatArray:
    """Return what ``to_picture`` does, but leave a float32 batch that lies pictures last as it is.

    Raises:
        ValueError: As ``to_picture``.
    """
    if isinstance(x, np.ndarray) and x.dtype == _FLOAT32 and x.size and lies_pictures_last(x):
        return x
    return to_picture(x)


def to_numbers(array: ArrayLike, name: str) -> FloatArray:
    """Return an array of real numbers as contiguous float32, without a copy where it is already.

    Raises:
        ValueError: If it holds no real numbers, or nothing.
    """
    numbers = to_array(array, name)
    # ascontiguousarray would make a number one-dimensional.
    if numbers.dtype == _FLOAT32:
        return np.asarray(numbers, order="C")
    with np.errstate(over="ignore"):  # float64 beyond float32 becomes infinite
        return np.asarray(numbers, dtype=np.float32, order="C")


def to_array(values: ArrayLike, name: str) -> AnyArray:
    """Return an array of real numbers of any type, without a copy where it is one already.

    Raises:
        ValueError: If it holds no real numbers, or nothing.
    """
    array = _as_array(values, name)
    _check_numbers(array, name)
    return array


def _as_array(values: ArrayLike, name: str) -> AnyArray:
    if isinstance(values, np.ma.MaskedArray):
        raise ValueError(f"{name} is masked, and a sum needs all numbers: give {name}.filled(0)")
    try:
        return native(np.asarray(values))
    except ValueError:
        raise ValueError(f"{name} is ragged: give all rows equally many numbers") from None


def _check_numbers(array: AnyArray, name: str) -> None:
    if array.dtype.kind in "US":
        raise ValueError(f"{name} is text: read the file first, as with cv2.imread")
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} holds {array.dtype}, not real numbers: give floats, integers or booleans"
        )
    if array.size == 0:
        raise ValueError(f"{name} of shape {array.shape} is empty: give at least one value")


def check_rank(x: FloatArray, ranks: tuple[int, ...], shapes: str) -> None:
    """Reject an array of another number of axes.

    Args:
        x: The array.
        ranks: The numbers of axes allowed.
        shapes: The shapes allowed, for the message.

    Raises:
        ValueError: If it has another number of axes.
    """
    if x.ndim not in ranks:
        raise ValueError(f"x of shape {x.shape} cannot be used here: give {shapes}")


def _to_shape(shape: Sequence[int], name: str) -> tuple[int, ...]:
    """Return a shape as a tuple of whole numbers of at least 1."""
    try:
        numbers = tuple(index(size) for size in shape)
    except TypeError:
        numbers = (0,)
    if min(numbers, default=0) < 1:
        raise ValueError(
            f"{name} of shape {shape!r} cannot be used: give whole numbers of at least 1"
        )
    return numbers


def _check_room(height: int, width: int) -> None:
    if height * width > _MOST_PIXELS:
        raise ValueError(
            f"with its padding the picture would be {height} × {width} pixels: "
            f"keep it below {_MOST_PIXELS} in all"
        )


def check_ranks(x: tuple[int, ...], weight: tuple[int, ...], kernels: str) -> None:
    """Reject a picture and kernels whose numbers of axes do not go together.

    Args:
        x: Shape of the picture.
        weight: Shape of the kernels.
        kernels: What shape they have for pictures with channels, for the message.

    Raises:
        ValueError: With both shapes and those allowed.
    """
    if (len(x), len(weight)) in ((2, 2), (3, 4), (4, 4)):
        return
    raise ValueError(
        f"x of shape {x} and weight of shape {weight} do not go together: "
        "a plane (H, W) takes a weight (kh, kw); "
        f"(C, H, W) and (N, C, H, W) take {kernels}"
    )


def _check_groups(x_shape: tuple[int, ...], weight_shape: tuple[int, ...], groups: int) -> int:
    check_whole("groups", groups, 1)
    channels, last = x_shape[1], x_shape[3]
    outputs, depth = weight_shape[:2]
    if channels != depth * groups:
        if last == depth * groups:
            raise ValueError(
                f"x of shape {x_shape[1:]} looks like (H, W, C), with its {last} channels at the "
                "end: give (C, H, W), as by x.transpose(2, 0, 1)"
            )
        raise ValueError(
            f"x has {channels} channels but weight of shape {weight_shape} with groups {groups} "
            f"takes {depth} × {groups} = {depth * groups}: make weight.shape[1] equal to "
            "channels / groups"
        )
    if outputs % groups:
        raise ValueError(
            f"{outputs} output channels cannot be shared among {groups} groups: "
            "make weight.shape[0] a multiple of groups"
        )
    return int(groups)


def to_bias(bias: ArrayLike, outputs: int) -> FloatArray:
    """Return a bias as float32 ``(outputs,)``.

    Raises:
        ValueError: If it is not one number per output channel.
    """
    numbers = to_numbers(bias, "bias")
    # One number will do for one output channel, and so for a plane.
    if numbers.ndim > 1 or numbers.size != outputs or (numbers.ndim == 0 and outputs > 1):
        raise ValueError(
            f"bias of shape {numbers.shape} does not fit {outputs} output channels: "
            f"give {outputs} numbers, one per output channel"
        )
    return numbers.reshape(outputs)


def _to_value(value: float) -> float:
    number = to_float(value)
    if not abs(number) <= _LARGEST_FLOAT:
        raise ValueError(f"border value {value!r} cannot be used: give a number that float32 holds")
    return number
