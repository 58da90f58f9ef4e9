"""One convolution, checked and unambiguous: what every algorithm is given."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.shapes import Padding, Pair, effective_size


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A correlation whose arguments fit each other.

    Attributes:
        x: Pictures ``(N, C, H, W)``, float32, contiguous. Algorithms do not write to it.
        weight: Kernels ``(O, C / groups, kh, kw)``, float32, turned already if a true convolution
            was asked for.
        bias: ``(O,)`` float32, or None.
        stride: Rows, columns [px].
        padding: Cells added on each side [px].
        dilation: Rows, columns [px].
        groups: Number of groups.
        border: What the added cells hold.
        value: What they hold under ``Border.CONSTANT``.
        out_size: Height and width of the result [px].
    """

    x: FloatArray
    weight: FloatArray
    bias: FloatArray | None
    stride: Pair
    padding: Padding
    dilation: Pair
    groups: int
    border: Border
    value: float
    out_size: Pair

    @property
    def out_shape(self) -> tuple[int, int, int, int]:
        """Shape of the result, ``(N, O, H', W')``."""
        return len(self.x), len(self.weight), *self.out_size

    @property
    def span(self) -> Pair:
        """Height and width that the dilated kernel covers [px]."""
        rows, columns = self.weight.shape[-2:]
        return effective_size(rows, self.dilation[0]), effective_size(columns, self.dilation[1])
