"""Layers that slide kernels: convolution and transposed convolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine import counts
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv2d import compute
from convlab.engine.conv_arguments import build_problem, fit_sizes
from convlab.engine.conv_transpose2d import build_transposed
from convlab.engine.conv_transpose2d import compute as compute_transposed
from convlab.engine.counts import Cost
from convlab.engine.naming import with_names
from convlab.engine.shapes import PaddingSpec, pair
from convlab.engine.window import TransposedWindow, Window, windows
from convlab.layers.base import NOT_GIVEN, KernelLayer, Shape, need_channels, need_picture
from convlab.layers.parameters import (
    array,
    choice,
    decimal,
    flag,
    optional_array,
    padding_of,
    pair_of,
    whole,
)

_MOST_CHANNELS = 4096
_LARGEST_KERNEL = 31
_LARGEST_STEP = 64
_BORDERS = tuple((str(border), str(border)) for border in Border)
_INPUTS = whole(
    "Inputs",
    1,
    _MOST_CHANNELS,
    "Channels that come in, C: as many as the layer before gives. Every output has one kernel for "
    "each of them.",
)
_OUTPUTS = whole(
    "Outputs",
    1,
    _MOST_CHANNELS,
    "Maps that come out, O. Each has kernels of its own and so looks for something of its own. "
    "New ones begin with random weights.",
)
_KERNEL = pair_of(
    "Kernel",
    1,
    _LARGEST_KERNEL,
    "Rows and columns of each kernel, F. A larger one sees more and costs F × F products a pixel. "
    "Cells around the anchor keep their values. Try two layers of 3 × 3 in place of one of 5 × 5.",
    unit="cells",
)
_DILATION = pair_of(
    "Dilation",
    1,
    _LARGEST_STEP,
    "Distance between the kernel's cells, d: it spans d(F − 1) + 1 pixels with the same weights. "
    "Try 2 on a fine pattern: every second pixel is skipped.",
)
_GROUPS = whole(
    "Groups",
    1,
    _MOST_CHANNELS,
    "The channels are shared among so many groups that do not see each other; weights and products "
    "become as many times fewer. As many groups as inputs is <i>depthwise</i>: each channel is "
    "filtered on its own.",
)
_BIAS = optional_array(
    "Bias",
    "One number for each output, added to every pixel of its map: it moves the level at which a "
    "ReLU behind it opens.",
)


@with_names(padding_mode="border")
@dataclass(frozen=True, eq=False, repr=False)
class Conv2d(KernelLayer):
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
    family: ClassVar[str] = "Convolution"
    title: ClassVar[str] = "Convolution"
    short: ClassVar[str] = "Conv"
    noun: ClassVar[str] = "convolution"
    summary: ClassVar[str] = (
        "Slides kernels over the picture: each output map shows where its own pattern is."
    )
    options = ("stride", "padding", "dilation", "groups", "border", "value", "flip")

    in_channels: int = field(metadata=_INPUTS)
    out_channels: int = field(metadata=_OUTPUTS)
    kernel_size: int | Sequence[int] = field(metadata=_KERNEL)
    stride: int | Sequence[int] = field(
        default=1,
        metadata=pair_of(
            "Stride",
            1,
            _LARGEST_STEP,
            "Step between two outputs, s. The size becomes ⌊(N + p − F) / s⌋ + 1: 2 keeps every "
            "second pixel, half the size.",
        ),
    )
    padding: PaddingSpec = field(
        default=0,
        metadata=padding_of(
            "Padding",
            _LARGEST_STEP,
            "Cells added around the picture before the kernels slide over it.<br><i>valid</i>: "
            "none, the output shrinks by F − 1.<br><i>same</i>: as many as keep the size.<br>"
            "<i>full</i>: every overlap counts, the output grows by F − 1.",
        ),
    )
    dilation: int | Sequence[int] = field(default=1, metadata=_DILATION)
    groups: int = field(default=1, metadata=_GROUPS)
    bias: FloatArray | bool | None = field(default=True, metadata=_BIAS)
    border: str = field(
        default="zeros",
        metadata=choice(
            "Border",
            _BORDERS,
            "What stands in the padded cells: zeros, one constant, the edge pixel repeated, the "
            "picture mirrored (edge not repeated), or the opposite side. Zeros make a frame that "
            "deeper layers see.",
        ),
    )
    value: float = field(
        default=0.0,
        metadata=decimal(
            "Constant",
            -1000.0,
            1000.0,
            0.1,
            "The number in the padded cells.",
            needs=("border", Border.CONSTANT),
        ),
    )
    flip: bool = field(
        default=False,
        metadata=flag(
            "Flip kernels",
            "Off is <i>correlation</i>: kernels lie on the picture as they are shown, what "
            "networks do. On is <i>convolution</i>: they are flipped by 180° first, what "
            "mathematics does. A network can learn either.",
            title="Flip kernels (true convolution)",
        ),
    )
    weight: FloatArray = field(default=NOT_GIVEN, metadata=array())

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        return after[1:]

    def output_shape(self, shape: Shape) -> Shape:
        need_channels(shape, self.in_channels, "Conv2d")
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
        return compute(*build_problem(x, self.weight, self.offsets, **self.arguments))

    def cost(self, shape: Shape) -> Cost:
        _, height, width = self.output_shape(shape)
        return counts.convolution(self.weight.shape, (height, width), self.offsets is not None)

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        rows, columns = self.weight.shape[2:]
        return windows((rows, columns), self.stride, self.padding, self.dilation)


@dataclass(frozen=True, eq=False, repr=False)
class ConvTranspose2d(KernelLayer):
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
    family: ClassVar[str] = "Convolution"
    title: ClassVar[str] = "Transposed convolution"
    short: ClassVar[str] = "Transposed"
    noun: ClassVar[str] = "transposed convolution"
    summary: ClassVar[str] = (
        "Lays a kernel down at every pixel, times the pixel, and adds them up: it draws larger "
        "pictures."
    )
    options = ("stride", "padding", "output_padding", "dilation", "groups")
    is_transposed = True

    in_channels: int = field(metadata=_INPUTS)
    out_channels: int = field(metadata=_OUTPUTS)
    kernel_size: int | Sequence[int] = field(metadata=_KERNEL)
    stride: int | Sequence[int] = field(
        default=1,
        metadata=pair_of(
            "Stride",
            1,
            _LARGEST_STEP,
            "Distance between the places where neighbouring pixels lay the kernel, s: the size "
            "becomes (N − 1)s − 2p + d(F − 1) + 1. Try 2 with a kernel of 3: the uneven overlap "
            "is the famous checkerboard; a kernel of 4 overlaps evenly.",
        ),
    )
    padding: int | Sequence[int] = field(
        default=0,
        metadata=pair_of(
            "Padding",
            0,
            _LARGEST_STEP,
            "Cells cut off at each end of the result, p: what the padding of a convolution adds, "
            "this takes away.",
        ),
    )
    output_padding: int | Sequence[int] = field(
        default=0,
        metadata=pair_of(
            "Extra",
            0,
            _LARGEST_STEP - 1,
            "Output padding: cells added at the bottom and on the right. A convolution of stride 2 "
            "makes 4 of 7 and of 8 pixels; this says to which of them to go back. Less than the "
            "stride or the dilation.",
        ),
    )
    groups: int = field(default=1, metadata=_GROUPS)
    bias: FloatArray | bool | None = field(default=True, metadata=_BIAS)
    dilation: int | Sequence[int] = field(default=1, metadata=_DILATION)
    weight: FloatArray = field(default=NOT_GIVEN, metadata=array())

    def weight_uses(self, before: Shape, after: Shape) -> tuple[int, ...]:
        return before[1:]

    def output_shape(self, shape: Shape) -> Shape:
        _, height, width = need_channels(shape, self.in_channels, "ConvTranspose2d")
        rows, columns = self.axes(shape)
        return self.out_channels, rows.output_size(height), columns.output_size(width)

    def forward(self, x: FloatArray) -> FloatArray:
        return compute_transposed(*build_transposed(x, self.weight, self.offsets, **self.arguments))

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
