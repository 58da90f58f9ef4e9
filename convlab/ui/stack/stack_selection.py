"""From the unit pointed at to what is drawn for it on the map grid, and to the filter behind it."""

from __future__ import annotations

import numpy as np

from convlab.document.stack.job import StackShown
from convlab.document.stack.model import INPUT, StackState, StackViewing
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.display import DisplayMode, Scale, colorize, levels
from convlab.layers import Flatten, Layer
from convlab.layers.base import WeightedLayer
from convlab.ui.stack.filter_panel import kernels_of
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
    kernels = _kernels(slot.layer, look.unit.channel)
    images = () if kernels is None else tuple(_painted(kernels))
    return Selection(look.unit, look.boxes, (below, maps), images, _strengths(kernels))


def filter_source(state: StackState, viewing: StackViewing) -> int | None:
    """Return the uid of the layer whose kernels make the chosen layer's maps.

    That is the layer itself if it has kernels, else the nearest one before it, as long as nothing
    between them mixes maps.
    """
    if viewing.chosen is None or state.slot(viewing.chosen) is None:
        return None
    for slot in reversed(state.slots[: state.index(viewing.chosen) + 1]):
        is_heard = slot.is_on or slot.uid == viewing.chosen
        if is_heard and isinstance(slot.layer, WeightedLayer):
            return slot.uid
        if slot.is_on and isinstance(slot.layer, Flatten):
            return None
    return None


def _kernels(layer: Layer, output: int) -> FloatArray | None:
    """The kernels of a map; of a unit of a dense layer its weights, one cell each."""
    if isinstance(layer, WeightedLayer):
        return kernels_of(layer, output)
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
