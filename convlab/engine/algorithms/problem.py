"""One convolution, checked and unambiguous: what every algorithm is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.shapes import Padding, Pair, effective_size


class Algorithm(StrEnum):
    """A way to compute the same numbers; the value is the name used in the API."""

    AUTO = "auto"
    REFERENCE = "reference"
    GEMM = "gemm"
    OPENCV = "opencv"
    SEPARABLE = "separable"
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


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A correlation whose arguments fit each other.

    Attributes:
        sizes: Its sizes.
        x: Pictures ``(N, C, H, W)``, float32, contiguous. Algorithms do not write to it.
        weight: Kernels ``(O, C / groups, kh, kw)``, float32, contiguous, flipped already if a true
            convolution was asked for.
        bias: ``(O,)`` float32, or None.
        value: What the added cells hold under ``Border.CONSTANT``.
    """

    sizes: Sizes
    x: FloatArray
    weight: FloatArray
    bias: FloatArray | None
    value: float
