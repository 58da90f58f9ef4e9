"""Layers that move values to other places and change none: padding, and channels to pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine import border
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv_arguments import to_maps
from convlab.engine.pixel_shuffle import pixel_shuffle, shuffled_channels
from convlab.engine.shapes import Padding, torch_sides
from convlab.engine.window import TransposedWindow, Window
from convlab.layers.base import Layer, Shape, need_picture
from convlab.layers.parameters import sides_of, whole


@dataclass(frozen=True, repr=False)
class ZeroPad2d(Layer):
    """Adds zeros on each side, as ``torch.nn.ZeroPad2d``.

    >>> ZeroPad2d((1, 2, 0, 0)).output_shape((3, 4, 5))
    (3, 4, 8)

    Attributes:
        padding: One number, or (left, right, top, bottom), in PyTorch's order [px].

    Raises:
        ValueError: If the padding cannot be used.
    """

    kind: ClassVar[str] = "zero_pad2d"
    family: ClassVar[str] = "Pooling and size"
    title: ClassVar[str] = "Zero padding"
    short: ClassVar[str] = "Zero pad"
    noun: ClassVar[str] = "padding"
    summary: ClassVar[str] = "Adds zeros around each map; it learns nothing, and shows as an edge."

    padding: int | Sequence[int] = field(
        default=1,
        metadata=sides_of("Padding", 64, "Zeros added on each side: the map grows by as much."),
    )

    @property
    def sides(self) -> Padding:
        """Cells added on each side [px]."""
        return torch_sides(self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "ZeroPad2d")
        top, bottom, left, right = self.sides
        return channels, top + height + bottom, left + width + right

    def forward(self, x: FloatArray) -> FloatArray:
        return border.pad(to_maps(x), self.sides, Border.ZEROS)

    def axes(self, shape: Shape) -> tuple[Window, Window]:
        """Return windows of one cell each, which slide over the padding."""
        top, bottom, left, right = self.sides
        return Window(1, 1, top, bottom), Window(1, 1, left, right)


def largest_factor(channels: int) -> int:
    """Return the largest number up to 4 whose square divides the channels."""
    return next(factor for factor in (4, 3, 2, 1) if channels % factor**2 == 0)


@dataclass(frozen=True, repr=False)
class PixelShuffle(Layer):
    """Lays r² channels out as r × r pixels, as ``torch.nn.PixelShuffle``.

    >>> PixelShuffle(2).output_shape((12, 60, 80))
    (3, 120, 160)

    Attributes:
        upscale_factor: r.

    Raises:
        ValueError: If the factor cannot be used.
    """

    kind: ClassVar[str] = "pixel_shuffle"
    family: ClassVar[str] = "Pooling and size"
    title: ClassVar[str] = "Pixel shuffle"
    short: ClassVar[str] = "Shuffle"
    noun: ClassVar[str] = "upsampling"
    summary: ClassVar[str] = (
        "Lays r² maps out as r × r pixels of one: larger maps, each pixel of a kernel of its own."
    )

    upscale_factor: int = field(
        metadata=whole(
            "Factor", 1, 16, "How many times more rows and columns, r; r² maps become one."
        )
    )

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "PixelShuffle")
        factor = self.upscale_factor
        return shuffled_channels(channels, factor), height * factor, width * factor

    def maps_met(self, channel: int, count: int) -> range:
        square = self.upscale_factor**2
        return range(channel * square, (channel + 1) * square)

    def forward(self, x: FloatArray) -> FloatArray:
        return pixel_shuffle(x, self.upscale_factor)

    def axes(self, shape: Shape) -> tuple[TransposedWindow, TransposedWindow]:
        window = TransposedWindow(self.upscale_factor, self.upscale_factor)
        return window, window
