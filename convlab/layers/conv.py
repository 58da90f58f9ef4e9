"""Layers that slide kernels: convolution and transposed convolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convlab.engine import counts
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import fit_sizes
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.engine.counts import Cost
from convlab.engine.shapes import PaddingSpec, pair
from convlab.engine.window import TransposedWindow, Window, windows
from convlab.layers.base import (
    NOT_GIVEN,
    Shape,
    WeightedLayer,
    check_count,
    need_picture,
    to_bias,
    to_weight,
)


@dataclass(frozen=True, eq=False)
class Conv2d(WeightedLayer):
    """Slides kernels over all channels and sums, as ``torch.nn.Conv2d``.

    >>> Conv2d(3, 6, 5).output_shape((3, 32, 32))
    (6, 28, 28)

    Attributes:
        in_channels: Channels of the input, C.
        out_channels: Kernels, O.
        kernel_size: One number or (rows, columns), in cells.
        stride: As in ``conv2d`` [px].
        padding: As in ``conv2d`` [px].
        dilation: As in ``conv2d`` [px].
        groups: As in ``conv2d``; as many as channels is depthwise.
        bias: ``(O,)`` float32, or None. Given as True: zeros.
        border: As in ``conv2d``.
        value: As in ``conv2d``.
        flip: As in ``conv2d``.
        weight: ``(O, C / groups, kh, kw)`` float32. Given as None: drawn at random (He).

    Raises:
        ValueError: If sizes, weights or offsets do not fit each other.
    """

    kind: ClassVar[str] = "conv2d"

    in_channels: int
    out_channels: int
    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] = 1
    padding: PaddingSpec = 0
    dilation: int | Sequence[int] = 1
    groups: int = 1
    bias: FloatArray | bool | None = True
    border: str = "zeros"
    value: float = 0.0
    flip: bool = False
    weight: FloatArray = NOT_GIVEN

    def __post_init__(self) -> None:
        _check_channels(self.in_channels, self.out_channels, self.groups)
        rows, columns = pair(self.kernel_size, "kernel_size")
        shape = (self.out_channels, self.in_channels // self.groups, rows, columns)
        object.__setattr__(self, "weight", to_weight(self.weight, shape))
        object.__setattr__(self, "bias", to_bias(self.bias, self.out_channels))

    def output_shape(self, shape: Shape) -> Shape:
        need_picture(shape, "Conv2d")
        sizes = fit_sizes(
            shape,
            self.weight.shape,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            self.border,
        )
        return sizes.out_shape[1:]

    def forward(self, x: FloatArray) -> FloatArray:
        return conv2d(
            x,
            self.weight,
            self.offsets,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
            border=self.border,
            value=self.value,
            flip=self.flip,
        )

    def cost(self, shape: Shape) -> Cost:
        _, height, width = self.output_shape(shape)
        return counts.convolution(self.weight.shape, (height, width), self.offsets is not None)

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        rows, columns = self.weight.shape[2:]
        return windows((rows, columns), self.stride, self.padding, self.dilation)


@dataclass(frozen=True, eq=False)
class ConvTranspose2d(WeightedLayer):
    """Lays the kernel down at each pixel, times the pixel, as ``torch.nn.ConvTranspose2d``.

    >>> ConvTranspose2d(8, 4, 4, stride=2, padding=1).output_shape((8, 16, 16))
    (4, 32, 32)

    Attributes:
        in_channels: Channels of the input, C.
        out_channels: Channels of the result, O.
        kernel_size: One number or (rows, columns), in cells.
        stride: As in ``conv_transpose2d`` [px].
        padding: As in ``conv_transpose2d`` [px].
        output_padding: As in ``conv_transpose2d`` [px].
        groups: As in ``conv_transpose2d``.
        bias: ``(O,)`` float32, or None. Given as True: zeros.
        dilation: As in ``conv_transpose2d`` [px].
        weight: ``(C, O / groups, kh, kw)`` float32. Given as None: drawn at random (He).

    Raises:
        ValueError: If sizes, weights or offsets do not fit each other.
    """

    kind: ClassVar[str] = "conv_transpose2d"

    in_channels: int
    out_channels: int
    kernel_size: int | Sequence[int]
    stride: int | Sequence[int] = 1
    padding: int | Sequence[int] = 0
    output_padding: int | Sequence[int] = 0
    groups: int = 1
    bias: FloatArray | bool | None = True
    dilation: int | Sequence[int] = 1
    weight: FloatArray = NOT_GIVEN

    def __post_init__(self) -> None:
        _check_channels(self.in_channels, self.out_channels, self.groups)
        rows, columns = pair(self.kernel_size, "kernel_size")
        shape = (self.in_channels, self.out_channels // self.groups, rows, columns)
        object.__setattr__(self, "weight", to_weight(self.weight, shape))
        object.__setattr__(self, "bias", to_bias(self.bias, self.out_channels))

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "ConvTranspose2d")
        if channels != self.in_channels:
            raise ValueError(
                f"the input has {channels} channels but this layer takes {self.in_channels}: "
                "make in_channels equal to the channels before it"
            )
        rows, columns = self.axes(shape)
        return self.out_channels, rows.output_size(height), columns.output_size(width)

    def forward(self, x: FloatArray) -> FloatArray:
        return conv_transpose2d(
            x,
            self.weight,
            self.offsets,
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def cost(self, shape: Shape) -> Cost:
        _, height, width = need_picture(shape, "ConvTranspose2d")
        has_bias = self.offsets is not None
        return counts.transposed_convolution(
            self.weight.shape, (height, width), self.groups, has_bias
        )

    def axes(self, shape: Shape) -> tuple[TransposedWindow, TransposedWindow]:
        steps, sides = pair(self.stride, "stride"), pair(self.padding, "padding", 0)
        gaps, extra = (
            pair(self.dilation, "dilation"),
            pair(self.output_padding, "output_padding", 0),
        )
        rows, columns = (
            TransposedWindow(size, step, side, side, gap, more)
            for size, step, side, gap, more in zip(
                self.weight.shape[2:], steps, sides, gaps, extra, strict=True
            )
        )
        return rows, columns


def _check_channels(inputs: int, outputs: int, groups: int) -> None:
    check_count("in_channels", inputs)
    check_count("out_channels", outputs)
    check_count("groups", groups)
    if inputs % groups or outputs % groups:
        raise ValueError(
            f"{inputs} and {outputs} channels cannot be shared among {groups} groups: "
            "make both a multiple of groups"
        )
