"""A layer that makes pictures larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convlab.engine.arrays import FloatArray
from convlab.engine.naming import parse_name
from convlab.engine.shapes import pair
from convlab.engine.upsample import Upsampling, upsample
from convlab.engine.window import TransposedWindow, upsampling
from convlab.layers.base import Layer, Shape, need_picture


@dataclass(frozen=True)
class Upsample(Layer):
    """Enlarges by a whole factor, as ``torch.nn.Upsample``.

    >>> Upsample(2).output_shape((8, 60, 80))
    (8, 120, 160)

    Attributes:
        scale_factor: One number or (rows, columns).
        mode: "nearest" or "bilinear".
        align_corners: For "bilinear": the centres of the corner pixels coincide.

    Raises:
        ValueError: If the factor or the mode cannot be used.
    """

    kind: ClassVar[str] = "upsample"

    scale_factor: int | Sequence[int] = 2
    mode: str = "nearest"
    align_corners: bool = False

    def __post_init__(self) -> None:
        pair(self.scale_factor, "scale_factor")
        parse_name(Upsampling, self.mode, "mode")

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "Upsample")
        down, across = pair(self.scale_factor, "scale_factor")
        return channels, height * down, width * across

    def forward(self, x: FloatArray) -> FloatArray:
        return upsample(x, self.scale_factor, self.mode, self.align_corners)

    def axes(self, shape: Shape) -> tuple[TransposedWindow, TransposedWindow]:
        """Return the mixing of ``align_corners=False``; aligned corners see the same or less."""
        smooth = parse_name(Upsampling, self.mode, "mode") is Upsampling.BILINEAR
        down, across = pair(self.scale_factor, "scale_factor")
        return upsampling(down, smooth), upsampling(across, smooth)
