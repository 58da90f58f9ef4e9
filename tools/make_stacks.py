"""Make the ready stacks that come with the program: ``python tools/make_stacks.py``.

Writes ``resources/stacks``. The same weights give the same bytes.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.document.document import Document  # noqa: E402
from convlab.document.stack.model import InputSpace, StackInput, StackState  # noqa: E402
from convlab.engine import kernels  # noqa: E402
from convlab.engine.arrays import FloatArray  # noqa: E402
from convlab.io.project import SUFFIX, save_project  # noqa: E402
from convlab.layers import (  # noqa: E402
    Abs,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
)
from convlab.layers.banks import difference_of_gaussians, gabor_bank, he, spread  # noqa: E402
from convlab.layers.weights import he_normal  # noqa: E402

FOLDER = ROOT / "resources" / "stacks"
ORIENTATIONS = 8
END_STOPPED_SIDE = 15
SIGMAS = (0.8, 1.3, 2.0, 3.2)
_GREY = StackInput(InputSpace.GREY, (240, 320))


def simple_to_complex_cells() -> StackState:
    """Lines of eight orientations, wherever they are, then where they end.

    Simple cells see a line at one place, complex cells (the pool) anywhere near it, and end-stopped
    cells only a line that is short (Hubel and Wiesel, "Receptive fields and functional architecture
    in two nonstriate visual areas of the cat", 1965).
    """
    lines = [kernels.gabor(7, 6, degrees, 1.7, aspect=0.5) for degrees in orientations()]
    stops = [end_stopped(END_STOPPED_SIDE, degrees) for degrees in orientations()]
    layers = (
        _conv(spread(lines, (ORIENTATIONS, 1, 7, 7)), 1),
        ReLU(),
        MaxPool2d(2),
        _conv(
            spread(stops, (ORIENTATIONS, 1, END_STOPPED_SIDE, END_STOPPED_SIDE)),
            ORIENTATIONS,
            groups=ORIENTATIONS,
        ),
        ReLU(),
    )
    return StackState.of(layers, "Simple to complex cells", _GREY)


def orientations() -> list[float]:
    """Return the eight orientations, counter-clockwise from the horizontal [degrees]."""
    return [180 * number / ORIENTATIONS for number in range(ORIENTATIONS)]


def end_stopped(side: int, degrees: float) -> FloatArray:
    """Return a kernel that excites in the middle and inhibits beyond both ends of a line.

    A bell along the line minus one of twice the width, both of one narrow width across it. The sum
    is 0, the positive part sums to 1: a line that goes on is answered with nothing.

    Args:
        side: Cells, rows and columns.
        degrees: Where the line runs, counter-clockwise from the horizontal.
    """
    reach = np.arange(side) - (side - 1) / 2
    x, up = np.meshgrid(reach, -reach)
    angle = math.radians(degrees)
    along = x * math.cos(angle) + up * math.sin(angle)
    across = up * math.cos(angle) - x * math.sin(angle)
    narrow, wide = (
        np.exp(-(along**2) / (2 * sigma**2) - across**2 / (2 * 1.0**2))
        for sigma in (side / 10, side / 5)
    )
    weights = narrow / narrow.sum() - wide / wide.sum()
    return np.asarray(weights / weights[weights > 0].sum(), np.float32)


def differences_of_gaussians() -> StackState:
    """Four sizes of on- and off-centre cells: blobs brighter or darker than what is around."""
    centres = [difference_of_gaussians((25, 25), sigma) for sigma in SIGMAS]
    planes = [plane for centre in centres for plane in (centre, -centre)]
    layers = (_conv(spread(planes, (8, 1, 25, 25)), 1), ReLU())
    return StackState.of(layers, "Difference of Gaussians", _GREY)


def gabors() -> StackState:
    """Sixteen Gabors; their magnitude, averaged, is the texture's energy at each orientation."""
    layers = (_conv(gabor_bank((16, 1, 15, 15)), 1), Abs(), AvgPool2d(4))
    return StackState.of(layers, "Gabor bank", _GREY)


def blur_pyramid() -> StackState:
    """Blurs each colour and takes every second pixel, four times.

    Burt and Adelson, "The Laplacian pyramid as a compact image code", 1983.
    """
    weight = spread([kernels.preset("Gaussian 5×5")], (3, 1, 5, 5))
    layers = tuple(_conv(weight, 3, groups=3, stride=2, padding=2) for _ in range(4))
    return StackState.of(layers, "Blur pyramid", StackInput(InputSpace.RGB, (240, 320)))


def tiny_vgg() -> StackState:
    """The network of CNN Explainer in shape; its filters are drawn, it has learnt nothing.

    Wang et al., "CNN Explainer: learning convolutional neural networks with interactive
    visualization", 2020.
    """
    layers: list[Layer] = []
    for number, channels in enumerate((3, 10, 10, 10)):
        layers += [_drawn(channels, 10, seed=number, padding=0), ReLU()]
        if number % 2:
            layers.append(MaxPool2d(2))
    layers += [Flatten(), Linear(1690, 10, weight=he_normal((10, 1690), 4)), Softmax()]
    return StackState.of(tuple(layers), "TinyVGG shape", StackInput(InputSpace.RGB, (64, 64)))


def six_filters() -> StackState:
    """The example of the lectures: six filters of 5×5×3 make 32×32×3 into 28×28×6.

    Two edges of the brightness, one edge at 45°, two opponent colours (red against green, blue
    against yellow) and a centre against its surround.
    """
    edges = spread([kernels.oriented_edge(5, degrees) for degrees in (90, 0, 45)], (3, 3, 5, 5))
    bell = kernels.gaussian(5, 1.0)
    colors = np.array([[1, -1, 0], [-0.5, -0.5, 1]], np.float32)
    opponents = colors[:, :, None, None] * bell
    centre = spread([difference_of_gaussians((5, 5), 0.7)], (1, 3, 5, 5))
    weight = np.concatenate([edges, opponents, centre])
    layer = Conv2d(3, 6, 5, weight=weight)
    return StackState.of((layer,), "32×32×3 to 28×28×6", StackInput(InputSpace.RGB, (32, 32)))


def many_maps() -> StackState:
    """Three convolutions of 8, 16 and 32 maps on a camera's picture: speed is measured with it."""
    layers: list[Layer] = []
    for number, (inputs, outputs) in enumerate(((3, 8), (8, 16), (16, 32))):
        layers += [_drawn(inputs, outputs, seed=number, padding="same"), ReLU(), MaxPool2d(2)]
    source = StackInput(InputSpace.RGB, (480, 640))
    return StackState.of(tuple(layers), "640×480: 8, 16, 32 maps", source)


STACKS: dict[str, Callable[[], StackState]] = {
    "simple-to-complex-cells": simple_to_complex_cells,
    "difference-of-gaussians": differences_of_gaussians,
    "gabor-bank": gabors,
    "blur-pyramid": blur_pyramid,
    "tinyvgg-shape": tiny_vgg,
    "32x32x3-to-28x28x6": six_filters,
    "640x480-8-16-32-maps": many_maps,
}
"""Names of the files, and what makes them."""


def _conv(
    weight: FloatArray, channels: int, groups: int = 1, stride: int = 1, padding: int | str = "same"
) -> Conv2d:
    """Return a convolution without offsets; the picture goes on at its edges, or they are lines."""
    return Conv2d(
        channels,
        len(weight),
        weight.shape[2],
        stride,
        padding,
        groups=groups,
        bias=False,
        border="replicate",
        weight=weight,
    )


def _drawn(inputs: int, outputs: int, seed: int, padding: int | str) -> Conv2d:
    """Return a convolution of 3×3 with random weights."""
    return Conv2d(inputs, outputs, 3, padding=padding, weight=he((outputs, inputs, 3, 3), seed))


def main(folder: Path = FOLDER) -> None:
    """Write all stacks as project files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in STACKS.items():
        save_project(Document(stack=make()), folder / f"{name}{SUFFIX}")


if __name__ == "__main__":
    main()
