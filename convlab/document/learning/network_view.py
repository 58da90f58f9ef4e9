"""What the window shows of a network that is being trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.frame import Frame
from convlab.document.learning.network import NetworkViewing
from convlab.document.learning.network_fit import as_state, probabilities
from convlab.document.learning.training import Training
from convlab.document.stack.column import MapColumn
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.job import StackJob, StackShown
from convlab.document.stack.map_range import signed_scale
from convlab.document.stack.model import StackState, StackViewing
from convlab.document.stack.tiles import Shades, paint_maps, paint_picture
from convlab.engine.arrays import AnyArray, ByteArray, FloatArray, frozen
from convlab.engine.color_maps import Palette
from convlab.engine.display import Scale, ScaleCurve
from convlab.layers import Conv2d, Stack
from convlab.layers.graph import INPUT

MOST_LISTED = 60  # pictures
MOST_KERNELS = 64
TILE_WIDTH = 64  # larger pictures are made smaller for a list [px]


@dataclass(frozen=True, slots=True, eq=False)
class Kernels:
    """The kernels of the first convolution.

    Attributes:
        tiles: ``(n, h, w, 4)`` uint8 BGRA, one for each output and channel.
        scale: Range of their colours.
        channels: How many belong to one output.
        hidden: How many more there are.
    """

    tiles: ByteArray
    scale: Scale
    channels: int
    hidden: int


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Pictures of the test set that belong together.

    Attributes:
        indices: Which they are, ``(n,)``.
        tiles: ``(n, h, w, 4)`` uint8 BGRA.
        hidden: How many more there are.
    """

    indices: tuple[int, ...]
    tiles: ByteArray
    hidden: int


@dataclass(frozen=True, slots=True, eq=False)
class SampleShown:
    """One picture of the test set on its way through the network.

    Attributes:
        index: Which one it is.
        label: Its true class.
        probabilities: Of each class, K of them; empty where there is no prediction.
        maps: Its maps in every layer.
    """

    index: int
    label: int
    probabilities: tuple[float, ...]
    maps: StackShown

    @property
    def prediction(self) -> int | None:
        """The predicted class."""
        return int(np.argmax(self.probabilities)) if self.probabilities else None


@dataclass(frozen=True, slots=True, eq=False)
class NetworkShown:
    """What the window paints of the network.

    Attributes:
        training: Where it stands; None before the data are there.
        sample: The picture that goes through it; None likewise.
        kernels: Of its first convolution; None if it has none.
        listed: The misclassified pictures, or those of the chosen cell of the confusion matrix.
    """

    training: Training | None
    sample: SampleShown | None = None
    kernels: Kernels | None = None
    listed: Listed | None = None

    is_complete = True


class NetworkView:
    """Makes it; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._stack = StackEvaluator()
        self._cached = StageCache()

    def run(
        self, viewing: NetworkViewing, training: Training | None, palette: Palette = Palette.LIGHT
    ) -> NetworkShown:
        """Return what is painted of a training; it is of the task that is being trained.

        Args:
            viewing: What is looked at.
            training: Where it stands.
            palette: The colours of kernels and maps.
        """
        if training is None:
            return NetworkShown(None)
        stack = training.stack
        kernels = self._cached("kernels", (stack, palette), lambda: first_kernels(stack, palette))
        listed = self._cached(
            "listed",
            (training.evaluated_stack, training.data, viewing.cell),
            lambda: list_pictures(training, viewing),
        )
        sample = self._sample(training, viewing, palette)
        return NetworkShown(training, sample, kernels, listed)

    def _sample(self, training: Training, viewing: NetworkViewing, palette: Palette) -> SampleShown:
        test = training.data.test
        index = min(max(viewing.sample, 0), len(test) - 1)
        frame = self._cached(
            "frame", (test, index), lambda: Frame(_pixels(test.images[index]), index, 0.0)
        )
        state = self._cached(
            "state",
            (training.stack, training.data),
            lambda: as_state(training.stack, training.data, training.title),
        )
        maps = self._stack.run(StackJob(0, frame, state, _looked_at(state, viewing), palette))
        return SampleShown(
            index, int(test.labels[index]), _probabilities(maps, training.stack), maps
        )


def first_kernels(stack: Stack, palette: Palette = Palette.LIGHT) -> Kernels | None:
    """Return the kernels of the first convolution, painted in one range; None if it has none."""
    layer = next((layer for layer in stack.layers if isinstance(layer, Conv2d)), None)
    if layer is None:
        return None
    outputs, channels, rows, columns = layer.weight.shape
    count = max(MOST_KERNELS // channels, 1)
    planes = layer.weight[:count].reshape(-1, rows, columns)
    if not np.isfinite(layer.weight).all():
        return None
    scale = signed_scale(layer.weight.reshape(-1, rows, columns), ScaleCurve.LINEAR)
    tiles = paint_maps(np.ascontiguousarray(planes), (scale,), palette)
    return Kernels(frozen(tiles), scale, channels, max(outputs - count, 0))


def list_pictures(training: Training, viewing: NetworkViewing) -> Listed:
    """Return the pictures of the chosen cell of the confusion matrix, or all misclassified ones."""
    found = training.misclassified if viewing.cell is None else training.classified(*viewing.cell)
    indices = tuple(int(index) for index in found[:MOST_LISTED])
    images = training.data.test.images
    painted = [_painted(images[index]) for index in indices]
    rows, columns = images.shape[2:]
    tiles = np.stack(painted) if painted else np.zeros((0, rows, columns, 4), np.uint8)
    return Listed(indices, frozen(tiles), len(found) - len(indices))


def _painted(image: FloatArray) -> ByteArray:
    """Return one picture as it is; a colour picture comes first in its tiles."""
    return np.asarray(paint_picture(image, Shades.of(1.0, len(image)), TILE_WIDTH)[0][0])


def _pixels(image: FloatArray) -> AnyArray:
    """Return a picture ``(C, H, W)`` as a source gives it, ``(H, W)`` or ``(H, W, 3)``."""
    return np.ascontiguousarray(image[0] if len(image) == 1 else image.transpose(1, 2, 0))


def _looked_at(state: StackState, viewing: NetworkViewing) -> StackViewing:
    """Return what is computed: the scores always, maps where they are in sight."""
    last = state.slots[-1].uid if state.slots else INPUT
    return StackViewing(in_sight=viewing.in_sight | {last}, cell_width=viewing.cell_width)


def _probabilities(maps: StackShown, stack: Stack) -> tuple[float, ...]:
    """Return the probability of each class, if the picture came through."""
    if len(maps.columns) != len(stack.layers) + 1:
        return ()
    scores: MapColumn = maps.columns[-1]
    return tuple(probabilities(scores.maps.reshape(-1)[: scores.shape[0]], stack))
