"""One layer seen along one axis: which of its outputs is made from which of its inputs.

A picture's rows and columns do not mix in convolution, pooling and upsampling, so sizes, receptive
fields and counts are worked out for each direction alone. A stack is a sequence of these layers,
from the picture upwards. Whole numbers only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlab.engine.shapes import (
    PaddingSpec,
    Pair,
    check_whole,
    output_size,
    pair,
    parse_padding,
    transposed_size,
)

IndexArray: TypeAlias = NDArray[np.int64]
Tap: TypeAlias = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Window:
    """A convolution or a pooling: output o reads inputs s*o - before + d*c, c = 0 .. k - 1.

    Attributes:
        kernel: Number of cells, k.
        stride: Step between positions, s [px].
        before: Padding in front [px].
        after: Padding behind [px].
        dilation: Distance between neighbouring cells, d [px].

    Raises:
        ValueError: If a number is no whole number, or too small.
    """

    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        _check(self, ("kernel", "stride", "dilation"), ("before", "after"))

    @property
    def step(self) -> Fraction:
        """How far apart the inputs of neighbouring outputs are [px]."""
        return Fraction(self.stride)

    @property
    def shift(self) -> Fraction:
        """Where output 0 has its centre among the inputs [px]."""
        return Fraction(self.dilation * (self.kernel - 1), 2) - self.before

    def output_size(self, size: int) -> int:
        """Return the output size for an input of ``size`` [px] (see ``shapes.output_size``)."""
        return output_size(size, self.kernel, self.before, self.after, self.stride, self.dilation)

    def inputs(self, units: IndexArray) -> IndexArray:
        """Return all inputs, sorted, that some outputs read; padding has indices outside."""
        cells = np.arange(self.kernel) * self.dilation - self.before
        return np.unique(units[:, None] * self.stride + cells)

    def taps(self, size: int) -> Iterator[Tap]:
        """Give for each cell of the kernel the inputs it meets and the outputs it feeds.

        Both slices are equally long; cells that lie on padding are left out.
        """
        outputs = self.output_size(size)
        for cell in range(self.kernel):
            offset = cell * self.dilation - self.before
            yield _aligned(size, outputs, self.stride, offset)


@dataclass(frozen=True, slots=True)
class TransposedWindow:
    """A transposed convolution: input i feeds outputs s*i - before + d*c, c = 0 .. k - 1.

    It is a ``Window`` with input and output exchanged.

    Attributes:
        kernel: Number of cells, k.
        stride: Step between the places where neighbouring inputs lay the kernel, s [px].
        before: Cells of the result cut off in front [px].
        after: Cells of the result cut off behind [px].
        dilation: Distance between neighbouring cells, d [px].
        output_padding: Cells added behind [px].

    Raises:
        ValueError: If a number is no whole number, or too small.
    """

    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    output_padding: int = 0

    def __post_init__(self) -> None:
        _check(self, ("kernel", "stride", "dilation"), ("before", "after", "output_padding"))

    @property
    def step(self) -> Fraction:
        """How far apart the inputs of neighbouring outputs are [px]."""
        return Fraction(1, self.stride)

    @property
    def shift(self) -> Fraction:
        """Where output 0 has its centre among the inputs [px]."""
        centre = Fraction(self.dilation * (self.kernel - 1), 2) - self.before
        return -centre / self.stride

    def output_size(self, size: int) -> int:
        """Return the output size for an input of ``size`` [px] (``shapes.transposed_size``)."""
        cells = self.kernel, self.before, self.after, self.stride, self.dilation
        return transposed_size(size, *cells, self.output_padding)

    def inputs(self, units: IndexArray) -> IndexArray:
        """Return all inputs, sorted, that feed some outputs; there may be none."""
        cells = np.arange(self.kernel) * self.dilation - self.before
        places = units[:, None] - cells
        return np.unique(places[places % self.stride == 0] // self.stride)

    def taps(self, size: int) -> Iterator[Tap]:
        """Give for each cell of the kernel the inputs it meets and the outputs it feeds.

        Both slices are equally long; cells that are cut off are left out.
        """
        outputs = self.output_size(size)
        for cell in range(self.kernel):
            offset = cell * self.dilation - self.before
            fed, met = _aligned(outputs, size, self.stride, offset)
            yield met, fed


@dataclass(frozen=True, slots=True)
class AdaptiveWindow:
    """Adaptive pooling: output o reads the inputs that lie in its share, the o-th of ``count``.

    They are floor(o * size / count) up to, but without, ceil((o + 1) * size / count): windows
    differ in size, and overlap, where ``count`` does not divide ``size``.

    Attributes:
        size: Inputs [px].
        count: Outputs [px].

    Raises:
        ValueError: If a number is no whole number of at least 1.
    """

    size: int
    count: int

    before = after = 0
    dilation = 1

    def __post_init__(self) -> None:
        _check(self, ("size", "count"), ())

    @property
    def kernel(self) -> int:
        """Cells of the largest window."""
        return max(stop - first for first, stop in map(self.span, range(self.count)))

    @property
    def stride(self) -> Fraction:
        """Step between windows, on average [px]."""
        return Fraction(self.size, self.count)

    @property
    def step(self) -> Fraction:
        """How far apart the inputs of neighbouring outputs are, on average [px]."""
        return self.stride

    @property
    def shift(self) -> Fraction:
        """Where output 0 has its centre among the inputs, its share taken as it is [px]."""
        return (self.stride - 1) / 2

    def span(self, unit: int) -> Pair:
        """Return the first input of an output, and the one behind its last."""
        return unit * self.size // self.count, -(-(unit + 1) * self.size // self.count)

    def output_size(self, size: int) -> int:
        """Return the output size, which is asked for [px]."""
        return self.count

    def inputs(self, units: IndexArray) -> IndexArray:
        """Return all inputs, sorted, that some outputs read."""
        read = [np.arange(*self.span(unit)) for unit in units.tolist()]
        return np.unique(np.concatenate(read))

    def taps(self, size: int) -> Iterator[Tap]:
        """Give each input that each output meets, one by one."""
        for unit in range(self.count):
            for pixel in range(*self.span(unit)):
                yield slice(pixel, pixel + 1), slice(unit, unit + 1)


Layer: TypeAlias = Window | TransposedWindow | AdaptiveWindow


def upsampling(factor: int, smooth: bool = False) -> TransposedWindow:
    """Return the layer that upsamples a picture by a whole factor.

    Each output copies the nearest pixel, or is mixed from the two nearest along this axis if
    ``smooth`` (bilinear). Both are transposed convolutions with fixed weights (Long, Shelhamer and
    Darrell, "Fully convolutional networks for semantic segmentation", 2015, section 3.3). Pixels
    are areas: the corners of the pictures coincide, not the centres of their corner pixels
    (PyTorch's ``align_corners=False``).

    Raises:
        ValueError: If the factor is no whole number of at least 1.
    """
    if not smooth:
        return TransposedWindow(factor, factor)
    check_whole("factor", factor, 1)
    # With an odd factor the middle copy of a pixel is that pixel alone: one cell less.
    return TransposedWindow(2 * factor - factor % 2, factor, factor // 2, factor // 2)


def windows(
    kernel_size: Pair,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
) -> tuple[Window, Window]:
    """Return the windows of a two-dimensional kernel along the rows' and the columns' index.

    Arguments are those of ``conv2d``.

    >>> windows((3, 2), padding="same")[1]
    Window(kernel=2, stride=1, before=0, after=1, dilation=1)

    Raises:
        ValueError: If one of them cannot be used.
    """
    sides = parse_padding(padding, kernel_size, dilation)
    (down, right), (rows, columns) = pair(stride, "stride"), pair(dilation, "dilation")
    return (
        Window(kernel_size[0], down, sides.top, sides.bottom, rows),
        Window(kernel_size[1], right, sides.left, sides.right, columns),
    )


def sizes(layers: Sequence[Layer], size: int) -> list[int]:
    """Return the sizes of the picture and of each layer's output [px], one more than layers.

    >>> sizes([Window(5), Window(2, 2), upsampling(2)], 32)
    [32, 28, 14, 28]

    Raises:
        ValueError: If a layer does not fit; the message names it, counted from 1.
    """
    check_whole("size", size, 1)
    found = [size]
    for number, layer in enumerate(layers, 1):
        try:
            found.append(layer.output_size(found[-1]))
        except ValueError as error:
            raise ValueError(f"layer {number}: {error}") from None
    return found


def check_unit(unit: int, size: int) -> None:
    """Reject a unit that a map of ``size`` [px] does not have.

    Raises:
        ValueError: If there is no such unit.
    """
    if not 0 <= unit < size:
        raise ValueError(f"unit {unit} does not exist: give a number from 0 to {size - 1}")


def _aligned(fine: int, coarse: int, stride: int, offset: int) -> Tap:
    """Return the pairs (f, c) with f = stride * c + offset, both inside, as two slices."""
    first = max(-(offset // stride), 0)
    stop = min((fine - 1 - offset) // stride + 1, coarse)
    count = max(stop - first, 0)
    if count == 0:  # a negative start would count from the end
        return slice(0, 0), slice(0, 0)
    start = first * stride + offset
    return slice(start, start + (count - 1) * stride + 1, stride), slice(first, stop)


def _check(layer: Layer, positive: Sequence[str], natural: Sequence[str]) -> None:
    for name in positive:
        check_whole(name, getattr(layer, name), 1)
    for name in natural:
        check_whole(name.replace("_", " "), getattr(layer, name), 0)
