"""Layers that make one value of each window: the largest, or the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convlab.engine import counts, pool
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.shapes import pair
from convlab.engine.window import Window
from convlab.layers.base import Layer, Shape, need_picture


@dataclass(frozen=True)
class MaxPool2d(Layer):
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

    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] | None = None
    padding: int | Sequence[int] = 0
    dilation: int | Sequence[int] = 1
    ceil_mode: bool = False

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "MaxPool2d")
        rows, columns = self._windows(height, width)
        return channels, rows.count, columns.count

    def forward(self, x: FloatArray) -> FloatArray:
        return pool.max_pool2d(
            x,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            ceil_mode=self.ceil_mode,
        )

    def cost(self, shape: Shape) -> Cost:
        return counts.max_pool(pair(self.kernel_size, "kernel_size"), self.output_shape(shape))

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        _, height, width = need_picture(shape, "MaxPool2d")
        return _as_windows(self._windows(height, width))

    def _windows(self, height: int, width: int) -> tuple[pool.Axis, pool.Axis]:
        return pool.windows(
            (height, width),
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
        )


@dataclass(frozen=True)
class AvgPool2d(Layer):
    """Takes the mean of each window, as ``torch.nn.AvgPool2d``.

    Attributes:
        kernel_size: One number or (rows, columns), in cells.
        stride: As in ``avg_pool2d``; None is the kernel's size [px].
        padding: As in ``avg_pool2d`` [px].
        ceil_mode: As in ``avg_pool2d``.
        count_include_pad: As in ``avg_pool2d``.
    """

    kind: ClassVar[str] = "avg_pool2d"

    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] | None = None
    padding: int | Sequence[int] = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "AvgPool2d")
        rows, columns = self._windows(height, width)
        return channels, rows.count, columns.count

    def forward(self, x: FloatArray) -> FloatArray:
        return pool.avg_pool2d(
            x,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            ceil_mode=self.ceil_mode,
            count_include_pad=self.count_include_pad,
        )

    def cost(self, shape: Shape) -> Cost:
        return counts.average_pool(pair(self.kernel_size, "kernel_size"), self.output_shape(shape))

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        _, height, width = need_picture(shape, "AvgPool2d")
        return _as_windows(self._windows(height, width))

    def _windows(self, height: int, width: int) -> tuple[pool.Axis, pool.Axis]:
        return pool.windows(
            (height, width), self.kernel_size, self.stride, self.padding, 1, self.ceil_mode
        )


@dataclass(frozen=True)
class GlobalAvgPool2d(Layer):
    """Takes the mean of each channel."""

    kind: ClassVar[str] = "global_avg_pool2d"

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


def _as_windows(axes: tuple[pool.Axis, pool.Axis]) -> tuple[Window, Window]:
    """The same, with the padding behind that ceil mode takes."""
    rows, columns = (
        Window(axis.kernel, axis.stride, axis.padding, axis.behind, axis.dilation) for axis in axes
    )
    return rows, columns
