"""Layers that make one value of each window: the largest, or the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine import counts, pool, pool_axis
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.shapes import pair
from convlab.engine.window import Window
from convlab.layers.base import Layer, Shape, need_picture
from convlab.layers.parameters import flag, pair_of

_LARGEST = 64
_WINDOW = pair_of(
    "Window",
    1,
    _LARGEST,
    "Rows and columns of the window of which one value is made, F. Try 2: half the size.",
)
_STRIDE = pair_of(
    "Stride",
    1,
    _LARGEST,
    "Step between two windows, s: the size becomes ⌊(N + 2p − F) / s⌋ + 1. <i>auto</i> is as much "
    "as the window, so that none overlap. Try 1: the size stays, the picture is smoothed.",
    automatic="auto",
)
_PADDING = pair_of(
    "Padding",
    0,
    _LARGEST // 2,
    "Cells added at each end, p: at most half the window, or one might lie beside the picture.",
)
_CEIL = flag(
    "Round up",
    "Ceil mode: where the last window does not fit whole, off leaves it out (⌊…⌋), on lets it "
    "stick out (⌈…⌉).",
)


class _Pooling(Layer):
    """A layer that makes one value of each window."""

    family: ClassVar[str] = "Pooling and size"
    noun: ClassVar[str] = "pooling"

    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] | None
    padding: int | Sequence[int]
    dilation: int | Sequence[int] = 1
    ceil_mode: bool

    def output_shape(self, shape: Shape) -> Shape:
        rows, columns = self._windows(shape)
        return shape[0], rows.count, columns.count

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        """Return its windows, with the padding behind that ceil mode takes."""
        rows, columns = (
            Window(axis.kernel, axis.stride, axis.padding, axis.behind, axis.dilation)
            for axis in self._windows(shape)
        )
        return rows, columns

    def _windows(self, shape: Shape) -> tuple[pool_axis.Axis, pool_axis.Axis]:
        _, height, width = need_picture(shape, type(self).__name__)
        return pool_axis.windows(
            (height, width),
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
        )


@dataclass(frozen=True, repr=False)
class MaxPool2d(_Pooling):
    """Keeps the largest value of each window, as ``torch.nn.MaxPool2d``.

    >>> MaxPool2d(2).output_shape((8, 480, 640))
    (8, 240, 320)

    Attributes:
        kernel_size: One number or (rows, columns), in cells.
        stride: As in ``max_pool2d``; None is the kernel's size [px].
        padding: As in ``max_pool2d`` [px].
        dilation: As in ``max_pool2d`` [px].
        ceil_mode: As in ``max_pool2d``.
    """

    kind: ClassVar[str] = "max_pool2d"
    title: ClassVar[str] = "Max pooling"
    short: ClassVar[str] = "Max pool"
    summary: ClassVar[str] = (
        "Keeps the largest value of each window: what was found stays, where exactly is forgotten."
    )
    options = ("stride", "padding", "dilation", "ceil_mode")

    kernel_size: int | Sequence[int] = field(metadata=_WINDOW)
    stride: int | Sequence[int] | None = field(default=None, metadata=_STRIDE)
    padding: int | Sequence[int] = field(default=0, metadata=_PADDING)
    dilation: int | Sequence[int] = field(
        default=1,
        metadata=pair_of(
            "Dilation",
            1,
            _LARGEST,
            "Distance between the window's cells, d: it spans d(F − 1) + 1 pixels and looks at "
            "F × F of them.",
        ),
    )
    ceil_mode: bool = field(default=False, metadata=_CEIL)

    def forward(self, x: FloatArray) -> FloatArray:
        return pool.max_pool2d(x, self.kernel_size, **self.arguments)

    def cost(self, shape: Shape) -> Cost:
        return counts.max_pool(pair(self.kernel_size, "kernel_size"), self.output_shape(shape))


@dataclass(frozen=True, repr=False)
class AvgPool2d(_Pooling):
    """Takes the mean of each window, as ``torch.nn.AvgPool2d``.

    Attributes:
        kernel_size: One number or (rows, columns), in cells.
        stride: As in ``avg_pool2d``; None is the kernel's size [px].
        padding: As in ``avg_pool2d`` [px].
        ceil_mode: As in ``avg_pool2d``.
        count_include_pad: As in ``avg_pool2d``.
    """

    kind: ClassVar[str] = "avg_pool2d"
    title: ClassVar[str] = "Average pooling"
    short: ClassVar[str] = "Avg pool"
    summary: ClassVar[str] = (
        "Takes the mean of each window: a smaller, smoother map; single peaks fade."
    )
    options = ("stride", "padding", "ceil_mode", "count_include_pad")

    kernel_size: int | Sequence[int] = field(metadata=_WINDOW)
    stride: int | Sequence[int] | None = field(default=None, metadata=_STRIDE)
    padding: int | Sequence[int] = field(default=0, metadata=_PADDING)
    ceil_mode: bool = field(default=False, metadata=_CEIL)
    count_include_pad: bool = field(
        default=True,
        metadata=flag(
            "Count padding",
            "On divides by all cells of the window, so that the padding's zeros darken the rim; "
            "off divides by the pixels met.",
        ),
    )

    def forward(self, x: FloatArray) -> FloatArray:
        return pool.avg_pool2d(x, self.kernel_size, **self.arguments)

    def cost(self, shape: Shape) -> Cost:
        return counts.average_pool(pair(self.kernel_size, "kernel_size"), self.output_shape(shape))


@dataclass(frozen=True, repr=False)
class GlobalAvgPool2d(Layer):
    """Takes the mean of each channel."""

    kind: ClassVar[str] = "global_avg_pool2d"
    family: ClassVar[str] = "Pooling and size"
    title: ClassVar[str] = "Global average pooling"
    short: ClassVar[str] = "Global avg"
    noun: ClassVar[str] = "pooling"
    summary: ClassVar[str] = (
        "Takes the mean of each map: one number says how much of a pattern there is anywhere."
    )

    def output_shape(self, shape: Shape) -> Shape:
        return need_picture(shape, "GlobalAvgPool2d")[0], 1, 1

    def forward(self, x: FloatArray) -> FloatArray:
        return pool.global_avg_pool2d(x)

    def cost(self, shape: Shape) -> Cost:
        _, height, width = need_picture(shape, "GlobalAvgPool2d")
        return counts.average_pool((height, width), self.output_shape(shape))

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        _, height, width = need_picture(shape, "GlobalAvgPool2d")
        return Window(height, height), Window(width, width)
