"""From the unit pointed at to what is drawn for it on the map grid, and to the filter behind it."""

from __future__ import annotations

from typing import NamedTuple

from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackState, StackViewing
from convlab.layers import Flatten
from convlab.layers.base import WeightedLayer
from convlab.layers.filters import nearest_kernel
from convlab.ui.widgets.map_selection import Selection


def select(shown: StackShown) -> Selection | None:
    """Return what is drawn for the unit, or None if nothing is."""
    look, has_torch = shown.look, shown.job.state.colors.torch
    if look is None:
        return Selection(None, {}, has_torch) if has_torch else None
    return Selection(look.unit, look.boxes, has_torch)


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
