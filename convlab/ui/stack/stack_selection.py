"""From the unit pointed at to what is drawn for it on the map grid, and to the filter behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convlab.document.stack.job import StackShown
from convlab.document.stack.model import INPUT, StackState, StackViewing
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.display import DisplayMode, Scale, colorize, levels
from convlab.layers import Flatten
from convlab.layers.base import WeightedLayer
from convlab.layers.editing import filter_of, kernels_of, nearest_kernel
from convlab.ui.widgets.map_selection import Selection


def select(shown: StackShown) -> Selection | None:
    """Return what is drawn for the unit, or None if there is none."""
    look = shown.look
    if look is None:
        return None
    uids = list(look.boxes)
    if look.unit.uid == INPUT:
        return Selection(look.unit, look.boxes, (INPUT, range(0)), (), ())
    below = uids[-2]
    box = look.boxes[below]
    maps = range(0) if box is None else range(box.channels.first, box.channels.last + 1)
    slot = shown.job.state.slot(look.unit.uid)
    assert slot is not None
    layer = slot.layer
    kernels = kernels_of(layer, look.unit.channel) if isinstance(layer, WeightedLayer) else None
    images = () if kernels is None else tuple(_painted(kernels))
    return Selection(look.unit, look.boxes, (below, maps), images, _strengths(kernels))


class Filter(NamedTuple):
    """The kernel that is edited, and where it is from.

    Attributes:
        number: Of the layer, counted from 1.
        uid: Of the layer's slot.
        layer: The layer.
        output: Which map the kernel helps to make.
        input: Which channel of the input it is laid on.
    """

    number: int
    uid: int
    layer: WeightedLayer
    output: int
    input: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Uid of the layer, output and input."""
        return self.uid, self.output, self.input

    @property
    def weights(self) -> FloatArray:
        """Its cells, ``(kh, kw)``."""
        return filter_of(self.layer, self.output, self.input)


def filter_in(state: StackState, viewing: StackViewing) -> Filter | None:
    """Return the kernel behind the chosen layer's maps.

    It is of that layer itself if it has kernels, else of the nearest one before it, as long as
    nothing between them mixes maps.
    """
    found: tuple[int, int, WeightedLayer] | None = None
    for number, slot in enumerate(state.slots, 1):
        is_chosen = slot.uid == viewing.chosen
        if isinstance(slot.layer, WeightedLayer) and (slot.is_on or is_chosen):
            found = number, slot.uid, slot.layer
        elif isinstance(slot.layer, Flatten) and slot.is_on:
            found = None
        if is_chosen:
            return found and Filter(*found, *nearest_kernel(found[2], *viewing.kernel))
    return None


def _painted(kernels: FloatArray) -> list[ByteArray]:
    largest = float(np.abs(kernels).max()) or 1.0
    scale = Scale(-largest, largest)
    return [colorize(levels(kernel[None], scale), DisplayMode.SIGNED) for kernel in kernels]


def _strengths(kernels: FloatArray | None) -> tuple[float, ...]:
    """Return how strong each kernel is beside the strongest, 0 to 1."""
    if kernels is None:
        return ()
    sums = np.abs(kernels).sum(axis=(1, 2))
    return tuple((sums / (float(sums.max()) or 1.0)).tolist())
