"""From the unit pointed at to what is drawn for it on the map grid, and to the filter behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convlab.document.stack.job import StackShown
from convlab.document.stack.model import INPUT, StackState, StackViewing
from convlab.engine.arrays import ByteArray
from convlab.layers import Flatten
from convlab.layers.base import WeightedLayer
from convlab.layers.editing import kernels_of, nearest_kernel
from convlab.ui.widgets.map_links import MOST_LINKS
from convlab.ui.widgets.map_selection import Selection
from convlab.ui.widgets.pixels import signed_pixels


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
    images: tuple[ByteArray, ...] = ()
    strengths: tuple[float, ...] = ()
    if isinstance(slot.layer, WeightedLayer):
        kernels = kernels_of(slot.layer, look.unit.channel)
        largest = float(np.abs(kernels).max())
        images = tuple(signed_pixels(kernel, largest) for kernel in kernels[:MOST_LINKS])
        sums = np.abs(kernels).sum(axis=(1, 2))
        strengths = tuple((sums / (float(sums.max()) or 1.0)).tolist())
    return Selection(look.unit, look.boxes, (below, maps), images, strengths)


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
