"""One convolution, checked and unambiguous: what every algorithm is given."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.cv import cv2
from convlab.engine.shapes import Padding, Pair, effective_size


class Algorithm(StrEnum):
    """A way to compute the same numbers; the value is the name used in the API."""

    AUTO = "auto"
    REFERENCE = "reference"
    GEMM = "gemm"
    OPENCV = "opencv"
    SEPARABLE = "separable"
    DEPTHWISE = "depthwise"
    FFT = "fft"
    ONNXRUNTIME = "onnxruntime"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Everything about a convolution but its numbers.

    Attributes:
        pictures: Pictures in the batch, N.
        channels: Channels of a picture, C.
        picture: Height and width of a picture [px].
        outputs: Output channels, O.
        kernel: Height and width of a kernel, in cells.
        stride: Rows, columns [px].
        padding: Cells added on each side [px].
        dilation: Rows, columns [px].
        groups: Number of groups.
        border: What the added cells hold.
        result: Height and width of the result [px].
    """

    pictures: int
    channels: int
    picture: Pair
    outputs: int
    kernel: Pair
    stride: Pair
    padding: Padding
    dilation: Pair
    groups: int
    border: Border
    result: Pair
    known_hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = (*self.padding, *self.stride, *self.dilation, *self.result, self.groups)
        planes = self.pictures, self.channels, self.picture, self.outputs, self.kernel
        object.__setattr__(self, "known_hash", hash((planes, numbers, self.border)))

    def __hash__(self) -> int:
        """Return what was found at first: a small picture is planned in less time than it takes."""
        return self.known_hash

    @property
    def depth(self) -> int:
        """Channels that one kernel sees."""
        return self.channels // self.groups

    @property
    def span(self) -> Pair:
        """Height and width that the dilated kernel covers [px]."""
        rows, columns = self.kernel
        return effective_size(rows, self.dilation[0]), effective_size(columns, self.dilation[1])

    @property
    def padded(self) -> Pair:
        """Height and width of a picture with its padding [px]."""
        top, bottom, left, right = self.padding
        return self.picture[0] + top + bottom, self.picture[1] + left + right

    @property
    def out_shape(self) -> tuple[int, int, int, int]:
        """Shape of the result, ``(N, O, H', W')``."""
        return self.pictures, self.outputs, *self.result


_FEW = 1 << 12  # numbers: to give more of them another shape takes less time than they do
_LARGEST_SUM = 1e36  # a three-hundredth of what float32 holds


@dataclass(frozen=True, eq=False)
class Problem:
    """A correlation whose arguments fit each other.

    Attributes:
        sizes: Its sizes.
        x: Pictures ``(N, C, H, W)``, contiguous; float32, or float64 as the other arrays then are.
            Algorithms do not write to it.
        weight: Kernels ``(O, C / groups, kh, kw)``, contiguous, flipped already if a true
            convolution was asked for.
        bias: ``(O,)``, or None.
        value: What the added cells hold under ``Border.CONSTANT``.
        largest: No pixel is larger; None where the type that they came in does not say.
    """

    sizes: Sizes
    x: AnyArray
    weight: AnyArray
    bias: AnyArray | None
    value: float
    largest: float | None = None

    @property
    def is_wide(self) -> bool:
        """Tell whether it is to be computed in float64."""
        return self.x.dtype.itemsize > 4

    @property
    def is_tame(self) -> bool:
        """Tell whether all numbers are finite and no sum of magnitudes is too large for float32.

        No sum is larger than the roots of the sums of squares, multiplied (Cauchy and Schwarz), but
        where a border repeats pixels; there is room for it.
        """
        known = self.__dict__.get("known")  # functools.cached_property takes longer than the pass
        if known is None:
            known = self._is_tame_below(norm(self.x) if self.largest is None else self.largest)
            self.__dict__["known"] = known
        return bool(known)

    @property
    def turned_out_untamed(self) -> bool:
        """Tell whether somebody has asked, and it is not tame."""
        return self.__dict__.get("known") is False

    def is_tame_with(self, *largest: float) -> bool:
        """Tell the same of pixels of which none is larger than the sum of these."""
        return self._is_tame_below(sum(largest))

    def _is_tame_below(self, largest: float) -> bool:
        around = abs(self.value) if self.sizes.border is Border.CONSTANT else 0.0
        bound = (largest + around) * norm(self.weight)
        if self.bias is not None:
            bound += norm(self.bias)
        return bound < _LARGEST_SUM  # not where it is NaN


def norm(numbers: AnyArray) -> float:
    """Return the root of the sum of the squares; not finite where a number is not."""
    # Row by row OpenCV takes fifty times as long where rows are short.
    if (numbers.ndim == 2 or numbers.size > _FEW) and numbers.flags.c_contiguous:
        numbers = numbers.reshape(1, -1)
    return cv2.norm(numbers, cv2.NORM_L2)


def is_finite(numbers: AnyArray) -> bool:
    """Tell whether none of the numbers is infinite or NaN."""
    return math.isfinite(norm(numbers))  # the squares of float32 do not overflow in there


class UntamedError(ValueError):
    """Numbers turned out to be such as an algorithm does not compute right."""

    def __init__(self) -> None:
        super().__init__(UNTAMED)


UNTAMED = (
    "a NaN, an infinity, or numbers whose sums float32 does not hold, are not computed right like "
    "this: choose auto or gemm"
)
"""Why an algorithm does not fit a problem that is not tame."""
