"""A layer that averages to a size that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from convlab.engine.adaptive_pool import adaptive_avg_pool2d
from convlab.engine.arrays import FloatArray
from convlab.engine.counts import Cost
from convlab.engine.shapes import pair
from convlab.engine.window import AdaptiveWindow, Window
from convlab.layers.base import Layer, Shape, need_picture
from convlab.layers.parameters import pair_of


@dataclass(frozen=True, repr=False)
class AdaptiveAvgPool2d(Layer):
    """Takes the means of as many windows as are asked for, as ``torch.nn.AdaptiveAvgPool2d``.

    >>> AdaptiveAvgPool2d(7).output_shape((512, 20, 30))
    (512, 7, 7)

    Attributes:
        output_size: One number or (rows, columns) [px].

    Raises:
        ValueError: If the size cannot be used.
    """

    kind: ClassVar[str] = "adaptive_avg_pool2d"
    family: ClassVar[str] = "Pooling and size"
    title: ClassVar[str] = "Adaptive average pooling"
    short: ClassVar[str] = "Adaptive avg"
    noun: ClassVar[str] = "pooling"
    summary: ClassVar[str] = (
        "Takes means so that a certain size comes out, whatever comes in: the windows follow."
    )

    output_size: int | Sequence[int] = field(
        metadata=pair_of(
            "Output",
            1,
            1024,
            "Rows and columns of the result, n: window i covers the pixels from ⌊i H / n⌋ to "
            "⌈(i + 1) H / n⌉. Behind it a fully connected layer takes pictures of any size.",
        )
    )

    def output_shape(self, shape: Shape) -> Shape:
        channels = need_picture(shape, "AdaptiveAvgPool2d")[0]
        return channels, *pair(self.output_size, "output_size")

    def forward(self, x: FloatArray) -> FloatArray:
        return adaptive_avg_pool2d(x, self.output_size)

    def cost(self, shape: Shape) -> Cost:
        """Return an addition for each pixel of each window but its first, and a division."""
        channels, height, width = need_picture(shape, "AdaptiveAvgPool2d")
        rows, columns = pair(self.output_size, "output_size")
        met = [
            sum(stop - first for first, stop in map(AdaptiveWindow(size, count).span, range(count)))
            for size, count in ((height, rows), (width, columns))
        ]
        outputs = channels * rows * columns
        return Cost(additions=channels * met[0] * met[1] - outputs, divisions=outputs)

    def axes(self, shape: Shape) -> tuple[Window | AdaptiveWindow, Window | AdaptiveWindow]:
        """Return windows that are all alike where the sizes divide, else such as differ."""
        _, height, width = need_picture(shape, "AdaptiveAvgPool2d")
        rows, columns = pair(self.output_size, "output_size")
        return _window(height, rows), _window(width, columns)


def _window(size: int, count: int) -> Window | AdaptiveWindow:
    if size % count:
        return AdaptiveWindow(size, count)
    return Window(size // count, size // count)
