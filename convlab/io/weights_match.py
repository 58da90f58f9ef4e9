"""Which arrays of a file fit one layer of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convlab.document.stack.model import StackState
from convlab.engine.arrays import FloatArray
from convlab.io.rejection import Rejection
from convlab.io.weights import FIELDS, Bundle, named, read_weights
from convlab.io.weights_fit import check_bounds, fits, float_array, shapes_of
from convlab.layers.base import Layer, Shape
from convlab.layers.graph import Node

_SHOWN = 6  # shapes named in an error


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """What a file has for one layer.

    Attributes:
        path: The file.
        uid: Of the layer.
        bundles: Everything in the file, in its order.
        fitting: Numbers of the bundles that fit the layer; at least one.
        likely: The one that stands where the layer does among layers of its shape.
        slots: The stack as it was.
    """

    path: Path
    uid: int
    bundles: tuple[Bundle, ...]
    fitting: tuple[int, ...]
    likely: int
    slots: tuple[Node, ...]

    @property
    def can_fill_more(self) -> bool:
        """Whether there are other layers and other arrays."""
        others = sum(bool(shapes_of(slot.layer)) for slot in self.slots)
        return len(self.bundles) > 1 and others > 1


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """What a layer is filled with.

    Attributes:
        offer: Where it comes from.
        chosen: Number of the bundle.
        arrays: By field, float32 and read-only.
    """

    offer: Offer
    chosen: int
    arrays: Mapping[str, FloatArray]

    @property
    def bundle(self) -> Bundle:
        """What was chosen."""
        return self.offer.bundles[self.chosen]

    @property
    def layer(self) -> Layer:
        """The layer as it was."""
        return next(slot.layer for slot in self.offer.slots if slot.uid == self.offer.uid)


def offer_weights(path: Path, state: StackState, uid: int) -> Offer:
    """Read a file and find what fits a layer.

    Raises:
        WeightsError: It cannot be read, or no array in it has that shape; the message lists those
            it has.
    """
    slot = state.slot(uid)
    shape = shapes_of(slot.layer).get("weight", ()) if slot else ()
    bundles = read_weights(path, shape)
    with named(path):
        if slot is None:
            raise Rejection("its layer is gone", "choose another layer")
        fitting = tuple(k for k, bundle in enumerate(bundles) if fits(bundle, slot.layer))
        if not fitting:
            raise _nothing(bundles, shape)
    twins = [other.uid for other in state.slots if shapes_of(other.layer).get("weight") == shape]
    likely = fitting[min(twins.index(uid), len(fitting) - 1)]
    return Offer(path, uid, bundles, fitting, likely, state.slots)


def fill(offer: Offer, chosen: int) -> Filling:
    """Take a bundle for the layer.

    Raises:
        WeightsError: Weights that are taken are not finite.
    """
    slot = next(slot for slot in offer.slots if slot.uid == offer.uid)
    with named(offer.path):
        return Filling(offer, chosen, _taken(offer.bundles[chosen], slot))


def _taken(bundle: Bundle, slot: Node) -> dict[str, FloatArray]:
    """Return what a layer takes of a bundle, weights first."""
    shapes = shapes_of(slot.layer)
    new = {
        name: float_array(bundle.arrays[name], bundle.names[name])
        for name in FIELDS
        if name in shapes and name in bundle.arrays
    }
    check_bounds(slot.layer, new)
    return new


def _nothing(bundles: Sequence[Bundle], shape: Shape) -> Rejection:
    """Say why no bundle fits."""
    for bundle in bundles:
        if bundle.arrays.get("weight", np.empty(0)).shape == shape:
            others = ", ".join(
                f"{bundle.names[field][:40]} {array.shape}"
                for field, array in bundle.arrays.items()
                if field != "weight"
            )
            return Rejection(
                f"what comes with {bundle.names['weight'][:40]} does not fit ({others})",
                "choose another layer or another file",
            )
    found = [
        f"{bundle.names[field][:40]} {array.shape}"
        for bundle in bundles
        for field, array in bundle.arrays.items()
    ]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    listed = ", ".join(found[:_SHOWN]) or "nothing"
    return Rejection(
        f"none of its arrays has the shape {shape}, it holds {listed}{more}",
        "give the layer such a shape or choose another file",
    )
