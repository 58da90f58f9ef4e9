"""From what a caller wrote to one checked ``Problem``; what does not fit is rejected in words."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache
from operator import index
from os import PathLike
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from convlab.engine.algorithms.problem import Problem, Sizes
from convlab.engine.arrays import AnyArray, FloatArray, lies_pictures_last, native
from convlab.engine.border import Border, check
from convlab.engine.errors import OverflowWarning
from convlab.engine.naming import parse_name
from convlab.engine.numbers import to_float
from convlab.engine.shapes import PaddingSpec, check_whole, output_size, pair, parse_padding

_WHITE = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}
_FLOAT32: np.dtype[Any] = np.dtype(np.float32)
_FLOAT64: np.dtype[Any] = np.dtype(np.float64)
_COLORS = (3, 4)
_NEW_AXES = {2: (None, None), 3: (None,), 4: ()}  # by which that many become four
_SMALLEST_SIDE = 8  # of a picture as files hold it [px]
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
    dtype: DTypeLike | None = None,
) -> tuple[Problem, int]:
    """Return the problem and the rank of the caller's picture (2, 3 or 4).

    ``as_it_lies`` is for ``algorithms.batch``, which wants a float32 batch that lies pictures last.

    Raises:
        ValueError: If the arguments do not fit each other; the message has the numbers and a
            remedy.
    """
    kind = parse_dtype(dtype)
    pictures: AnyArray = to_picture_as_it_lies(x) if as_it_lies else _to_picture(x, kind)
    kernels, rank = _to_numbers(weight, "weight", kind), pictures.ndim
    options = stride, padding, dilation, groups, border
    is_plain = _PLAIN.issuperset(map(type, options)) or all(map(_is_plain, options))
    fit = _fit_again if is_plain else fit_sizes
    sizes = fit(pictures.shape, kernels.shape, *options)
    pictures, kernels = pictures[_NEW_AXES[rank]], kernels[_NEW_AXES[kernels.ndim]]
    if flip:
        kernels = np.ascontiguousarray(kernels[:, :, ::-1, ::-1])
    offsets = None if bias is None else _to_bias(bias, len(kernels), kind)
    number, largest = _to_value(value, kind), _largest(x)
    return Problem(sizes, pictures, kernels, offsets, number, largest), rank


def _largest(x: ArrayLike) -> float | None:
    """Return what no pixel is larger than, if the type of the array says so."""
    kind = x.dtype if isinstance(x, np.ndarray) else None
    if kind is None or kind.kind not in "iub":
        return None
    return 1.0 if kind in _WHITE else 2.0**64


def parse_dtype(dtype: DTypeLike | None) -> np.dtype[Any]:
    """Return the type that is computed in: float32 for None.

    Raises:
        ValueError: If it is neither float32 nor float64.
    """
    if dtype is None:
        return _FLOAT32
    try:
        kind = np.dtype(dtype).newbyteorder("=")
    except TypeError:
        kind = np.dtype(object)
    if kind not in (_FLOAT32, _FLOAT64):
        raise ValueError(f"dtype {dtype!r} cannot be used: give 'float32' or 'float64'")
    return kind


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
    x_shape, weight_shape = to_shape(x_shape, "x"), to_shape(weight_shape, "weight")
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


# A live picture asks for the same again and again, and a small one has no time to lose.
_fit_again = lru_cache(maxsize=512)(fit_sizes)


# What is equal only to what means the same; 1 is equal to True, and Border.ZEROS to its name.
_PLAIN = frozenset((int, str))


def _is_plain(option: object) -> bool:
    """Tell whether an option is equal only to what means the same; 1 is equal to True."""
    kind = type(option)
    if kind is int or kind is str:
        return True
    return kind is tuple and all(type(item) is int for item in option)  # type: ignore[attr-defined]


def to_picture(x: ArrayLike) -> FloatArray:
    """Return a picture as contiguous float32, without a copy where it is that already.

    uint8 is divided by 255 and uint16 by 65535, in any byte order; other whole numbers, booleans
    and floating-point numbers keep their values.

    Raises:
        ValueError: If it holds no real numbers, or nothing.
    """
    if _is_ready(x, _FLOAT32):
        return x
    pixels = _as_array(x, "x")
    check_photograph(pixels)
    return _to_picture(pixels, _FLOAT32)


def _to_picture(x: ArrayLike, kind: np.dtype[Any]) -> AnyArray:
    """Return a picture; where there are weights they know how many channels it has."""
    if _is_ready(x, kind):
        return x
    pixels = _as_array(x, "x")
    white = _WHITE.get(pixels.dtype)
    if white is None:
        return _to_numbers(pixels, "x", kind)
    _check_numbers(pixels, "x")
    unit: AnyArray = np.divide(pixels, kind.type(white), dtype=kind, order="C")
    return unit


def check_photograph(pixels: AnyArray) -> None:
    """Reject bytes that are a photograph with its colours at the end: no maps are bytes.

    Raises:
        ValueError: With the shape, and how to turn it.
    """
    is_large = pixels.ndim == 3 and min(pixels.shape[:2]) >= _SMALLEST_SIDE
    if is_large and pixels.dtype in _WHITE:
        for colors in _COLORS:
            check_channels_first(pixels.shape, colors)


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

    Warns:
        OverflowWarning: If finite numbers are too large for float32 and become infinite.

    Raises:
        ValueError: If it holds no real numbers, or nothing.
    """
    return _to_numbers(array, name, _FLOAT32)


def _is_ready(x: ArrayLike, kind: np.dtype[Any]) -> TypeGuard[AnyArray]:
    """Tell quickly that an array is what it is to become."""
    return type(x) is np.ndarray and x.dtype is kind and x.flags.c_contiguous and x.size > 0


def _to_numbers(array: ArrayLike, name: str, kind: np.dtype[Any]) -> AnyArray:
    if _is_ready(array, kind):
        return array
    numbers = to_array(array, name)
    # ascontiguousarray would make a number one-dimensional.
    if numbers.dtype == kind:
        return np.asarray(numbers, order="C")
    overflows: list[str] = []
    with np.errstate(over="call", call=lambda what, flag: overflows.append(what)):
        converted = np.asarray(numbers, dtype=kind, order="C")
    if overflows:
        warnings.warn(
            f"numbers of {name} beyond 3.4e38, the largest of float32, became infinite: scale them "
            "down, or give conv2d dtype='float64'",
            OverflowWarning,
            stacklevel=4,
        )
    return converted


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
    if isinstance(values, PathLike):
        raise ValueError(f"{name} is a path: read the file first, as with cv2.imread")
    if values is None or isinstance(values, type):
        what = "None" if values is None else f"the class {values.__name__}"
        raise ValueError(f"{name} is {what}: give an array of numbers")
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


def to_maps(x: ArrayLike) -> FloatArray:
    """Return a picture ``(C, H, W)`` or a batch of them as ``to_picture`` does.

    Raises:
        ValueError: As ``to_picture``, or it has another number of axes.
    """
    pictures = to_picture(x)
    check_rank(pictures, (3, 4), "(C, H, W) or (N, C, H, W)")
    return pictures


def to_shape(shape: Sequence[int], name: str) -> tuple[int, ...]:
    """Return a shape as a tuple of whole numbers of at least 1."""
    try:
        numbers = tuple(index(size) for size in shape)
    except TypeError:
        numbers = (0,)
    if min(numbers, default=1) < 1:
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
    channels = x_shape[1]
    outputs, depth = weight_shape[:2]
    if channels != depth * groups:
        check_channels_first(x_shape[1:], depth * groups)
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


def check_channels_first(shape: Sequence[int], channels: int) -> None:
    """Reject a picture whose channels, as many as are wanted, come last.

    Args:
        shape: Of a picture that has not so many channels in front.
        channels: How many are wanted.

    Raises:
        ValueError: With the shape, and how to turn it.
    """
    if len(shape) > 2 and shape[-1] == channels != shape[-3]:
        raise ValueError(
            f"x of shape {tuple(shape[-3:])} looks like (H, W, C), with its {channels} channels at "
            "the end: give (C, H, W), as by x.transpose(2, 0, 1)"
        )


def to_bias(bias: ArrayLike, outputs: int) -> FloatArray:
    """Return a bias as float32 ``(outputs,)``.

    Raises:
        ValueError: If it is not one number per output channel.
    """
    return _to_bias(bias, outputs, _FLOAT32)


def _to_bias(bias: ArrayLike, outputs: int, kind: np.dtype[Any]) -> AnyArray:
    numbers = _to_numbers(bias, "bias", kind)
    # One number will do for one output channel, and so for a plane.
    if numbers.ndim > 1 or numbers.size != outputs or (numbers.ndim == 0 and outputs > 1):
        raise ValueError(
            f"bias of shape {numbers.shape} does not fit {outputs} output channels: "
            f"give {outputs} numbers, one per output channel"
        )
    return numbers.reshape(outputs)


def _to_value(value: float, kind: np.dtype[Any]) -> float:
    number = value if type(value) is float else to_float(value)
    if number == 0.0:
        return number
    if not abs(number) <= float(np.finfo(kind).max):
        raise ValueError(f"border value {value!r} cannot be used: give a number that {kind} holds")
    return number
