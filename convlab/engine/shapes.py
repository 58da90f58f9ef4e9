"""Sizes, in whole numbers only: padding, stride, dilation and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from numbers import Integral
from operator import index
from typing import NamedTuple, TypeAlias

from convlab.engine.errors import KernelTooLargeError, OutputPaddingError

PaddingSpec: TypeAlias = int | str | Sequence[int]
Pair: TypeAlias = tuple[int, int]

LARGEST = 1_000_000
"""No stride, padding or dilation is larger: what it would need has no room in any memory."""

_PADDING_NAMES = ("valid", "same", "full")
_PADDING_HELP = (
    "allowed are one number, (rows, columns), (top, bottom, left, right), "
    '"valid", "same" and "full"'
)


class Padding(NamedTuple):
    """Cells added on each side of a picture [px]."""

    top: int
    bottom: int
    left: int
    right: int


def pair(value: int | Sequence[int], name: str, least: int = 1) -> Pair:
    """Return a stride or a dilation as (rows, columns).

    Args:
        value: One number for both directions, or two.
        name: What it is, for the message.
        least: The smallest number allowed.

    Raises:
        ValueError: If it is not one or two whole numbers of at least ``least``.
    """
    numbers = _whole_numbers(value)
    if numbers is not None and len(numbers) == 1:
        numbers *= 2
    if numbers is None or len(numbers) != 2 or min(numbers) < least:
        raise ValueError(
            f"{name} {value!r} cannot be used: give one whole number of at least {least}, "
            "or two as (rows, columns)"
        )
    return numbers[0], numbers[1]


def check_whole(name: str, value: object, least: int) -> None:
    """Reject what is no whole number, or too small a one.

    Raises:
        ValueError: With the name, the value and what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise ValueError(
            f"{name} {value!r} cannot be used: give a whole number of at least {least}"
        )


def parse_padding(
    spec: PaddingSpec, kernel_size: Pair, dilation: int | Sequence[int] = 1
) -> Padding:
    """Return the cells to add on each side.

    This is the one padding rule of the program. "same" adds d(k - 1) in all, half of it rounded
    down in front and the rest behind, as PyTorch does (it matters for even kernels); "full" adds
    d(k - 1) on each side; "valid" adds none. None of them looks at the stride, so with a stride s
    "same" gives ceil(N / s).

    Args:
        spec: One number, (rows, columns), (top, bottom, left, right), or a name.
        kernel_size: Kernel height and width.
        dilation: Distance between neighbouring cells of the kernel, one number or
            (rows, columns) [px].

    Raises:
        ValueError: If the spec is negative, has another length or an unknown name.
    """
    if isinstance(spec, str):
        return _named_padding(spec, kernel_size, pair(dilation, "dilation"))
    numbers = _whole_numbers(spec)
    if numbers is None or len(numbers) not in (1, 2, 4) or min(numbers) < 0:
        raise ValueError(f"padding {spec!r} cannot be used: {_PADDING_HELP}, none negative")
    if len(numbers) == 4:
        return Padding(*numbers)
    return Padding(numbers[0], numbers[0], numbers[-1], numbers[-1])


def torch_sides(spec: int | Sequence[int]) -> Padding:
    """Return the cells to add on each side, given as PyTorch's padding layers take them.

    >>> torch_sides((1, 2, 3, 4))
    Padding(top=3, bottom=4, left=1, right=2)

    Args:
        spec: One number, or (left, right, top, bottom) [px].

    Raises:
        ValueError: If it is neither, or a number is negative.
    """
    numbers = _whole_numbers(spec)
    if numbers is None or len(numbers) not in (1, 4) or min(numbers) < 0:
        raise ValueError(
            f"padding {spec!r} cannot be used: give one whole number of at least 0, or four as "
            "(left, right, top, bottom)"
        )
    left, right, top, bottom = numbers * 4 if len(numbers) == 1 else numbers
    return Padding(top, bottom, left, right)


def _named_padding(name: str, kernel_size: Pair, dilation: Pair) -> Padding:
    if name not in _PADDING_NAMES:
        raise ValueError(f"padding {name!r} is unknown: {_PADDING_HELP}")
    if name == "valid":
        return Padding(0, 0, 0, 0)
    rows = effective_size(kernel_size[0], dilation[0]) - 1
    columns = effective_size(kernel_size[1], dilation[1]) - 1
    if name == "full":
        return Padding(rows, rows, columns, columns)
    return Padding(rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)


def _whole_numbers(value: object) -> tuple[int, ...] | None:
    """Return the value as a tuple of whole numbers, or None if it is something else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,) if value <= LARGEST else None
    if isinstance(value, (bytes, bytearray, Set, Mapping)):  # in no order, or no numbers
        return None
    try:
        items = tuple(value) if isinstance(value, Iterable) else (value,)
    except TypeError:  # a NumPy array of one number and no axis
        items = (value,)
    # True counts as 1 in Python; as a stride it is a slip of the hand.
    if any(isinstance(item, bool) for item in items):
        return None
    try:
        numbers = tuple(index(item) for item in items)
    except TypeError:
        return None
    return numbers if max(numbers, default=0) <= LARGEST else None


def effective_size(kernel: int, dilation: int) -> int:
    """Return the cells that a dilated kernel spans: d(k - 1) + 1."""
    return dilation * (kernel - 1) + 1


def anchor(kernel_size: Pair) -> Pair:
    """Return the cell (row, column) that lies over the output pixel under "same" padding.

    For an even kernel this is the one before the middle: 4 cells have their anchor at index 1.
    """
    return (kernel_size[0] - 1) // 2, (kernel_size[1] - 1) // 2


def output_size(size: int, kernel: int, before: int, after: int, stride: int, dilation: int) -> int:
    """Return how many positions the kernel takes along one direction.

    floor((N + p - d(k - 1) - 1) / s) + 1 with p the padding of both sides (Dumoulin and Visin,
    "A guide to convolution arithmetic for deep learning", 2016).

    Args:
        size: Picture [px].
        kernel: Kernel, in cells.
        before: Padding in front [px].
        after: Padding behind [px].
        stride: Step between positions [px].
        dilation: Distance between neighbouring cells of the kernel [px].

    Raises:
        KernelTooLargeError: If the kernel is larger than the padded picture.
    """
    room = size + before + after - effective_size(kernel, dilation)
    if room < 0:
        raise KernelTooLargeError(size, kernel, before + after, dilation, -room)
    return room // stride + 1


def transposed_size(
    size: int,
    kernel: int,
    before: int,
    after: int,
    stride: int,
    dilation: int,
    output_padding: int = 0,
) -> int:
    """Return the output size of a transposed convolution along one direction.

    (N - 1)s - p + d(k - 1) + 1 + a with p the padding of both sides, which is cut off here, and a
    the output padding (Dumoulin and Visin, 2016, relationship 14).

    >>> transposed_size(4, 3, 1, 1, 2, 1, output_padding=1)
    8

    Args:
        size: Picture [px].
        kernel: Kernel, in cells.
        before: Cells of the result cut off in front [px].
        after: Cells of the result cut off behind [px].
        stride: Step between the places where neighbouring pixels lay the kernel [px].
        dilation: Distance between neighbouring cells of the kernel [px].
        output_padding: Cells added behind; they tell apart the sizes that one convolution of this
            stride would map to ``size`` [px].

    Raises:
        OutputPaddingError: If the output padding reaches both stride and dilation.
        ValueError: If nothing is left.
    """
    if not 0 <= output_padding < max(stride, dilation):
        raise OutputPaddingError(output_padding, stride, dilation)
    whole = (size - 1) * stride + effective_size(kernel, dilation) + output_padding
    if whole <= before + after:
        raise ValueError(
            f"a transposed kernel of {kernel} makes {whole} px of {size} px, and padding "
            f"{before} + {after} cuts all of it off: take at most {whole - 1} px of padding"
        )
    return whole - before - after


def ceil_padding(
    size: int, kernel: int, before: int, after: int, stride: int, dilation: int
) -> int:
    """Return the padding behind that gives the last, incomplete position a place as well [px].

    This is pooling's "ceil mode": with it, ``output_size`` comes to ceil instead of floor. As in
    PyTorch, a position that would start behind the picture is not added. Arguments are those of
    ``output_size``; the result is ``after`` or more.

    >>> ceil_padding(6, 3, 0, 0, 2, 1)
    1

    Raises:
        KernelTooLargeError: If the kernel is larger than the padded picture by a whole stride.
    """
    room = size + before + after - effective_size(kernel, dilation)
    missing = -room % stride
    if room + missing < 0:
        raise KernelTooLargeError(size, kernel, before + after, dilation, -room)
    starts_inside = room + missing < size + before
    return after + missing if starts_inside else after
