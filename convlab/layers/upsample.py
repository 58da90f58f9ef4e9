"""A layer that makes pictures larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine.arrays import FloatArray
from convlab.engine.shapes import pair
from convlab.engine.upsample import Upsampling, parse_mode, upsample
from convlab.engine.window import TransposedWindow, upsampling
from convlab.layers.base import Layer, Shape, need_picture
from convlab.layers.parameters import choice, flag, pair_of


@dataclass(frozen=True, repr=False)
class Upsample(Layer):
    """Upsamples by a whole factor, as ``torch.nn.Upsample``.

    >>> Upsample(2).output_shape((8, 60, 80))
    (8, 120, 160)

    Attributes:
        scale_factor: One number or (rows, columns).
        mode: "nearest" or "bilinear".
        align_corners: For "bilinear": the centres of the corner pixels coincide.

    Raises:
        ValueError: If the factor or the mode cannot be used, or corners are to be aligned under
            "nearest".
    """

    kind: ClassVar[str] = "upsample"
    family: ClassVar[str] = "Pooling and size"
    title: ClassVar[str] = "Upsampling"
    noun: ClassVar[str] = "upsampling"
    summary: ClassVar[str] = (
        "Makes maps larger by a whole factor; it learns nothing and adds no detail."
    )

    scale_factor: int | Sequence[int] = field(
        default=2,
        metadata=pair_of(
            "Factor",
            1,
            16,
            "How many times more rows and columns. Try 2 behind a pooling of 2: the size is back, "
            "the detail is not.",
            unit="",
        ),
    )
    mode: str = field(
        default="nearest",
        metadata=choice(
            "Between",
            tuple((str(mode), str(mode)) for mode in Upsampling),
            "What lies between the pixels: <i>nearest</i> repeats them, blocks are seen; "
            "<i>bilinear</i> draws straight lines between them.",
        ),
    )
    align_corners: bool = field(
        default=False,
        metadata=flag(
            "Align corners",
            "On keeps the centres of the corner pixels at the corners; off treats pixels as "
            "squares, and new squares divide the old.",
            needs=("mode", Upsampling.BILINEAR),
        ),
    )

    def __post_init__(self) -> None:
        try:
            super().__post_init__()
        except ValueError as error:
            is_factor = str(error).startswith("scale_factor")
            others = "; the function convlab.upsample takes others" if is_factor else ""
            raise ValueError(f"{error}{others}") from None
        parse_mode(self.mode, self.align_corners)

    def output_shape(self, shape: Shape) -> Shape:
        channels, height, width = need_picture(shape, "Upsample")
        down, across = pair(self.scale_factor, "scale_factor")
        return channels, height * down, width * across

    def forward(self, x: FloatArray) -> FloatArray:
        return upsample(x, self.scale_factor, self.mode, self.align_corners)

    def axes(self, shape: Shape) -> tuple[TransposedWindow, TransposedWindow]:
        """Return the mixing of ``align_corners=False``; aligned corners see the same or less."""
        smooth = parse_mode(self.mode, self.align_corners) is Upsampling.BILINEAR
        down, across = pair(self.scale_factor, "scale_factor")
        return upsampling(down, smooth), upsampling(across, smooth)
