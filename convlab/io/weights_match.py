"""Which arrays of a file belong to which layers of a stack: by shape, name and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convlab.document.stack.model import StackState
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io.rejection import Rejection
from convlab.io.weights import FIELDS, Bundle, named, read_weights
from convlab.layers.base import Layer, Shape
from convlab.layers.graph import Node
from convlab.layers.parameters import arrays

_SHOWN = 6  # shapes named in an error
_OPTIONAL = "bias"


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
        return len(self.bundles) > 1 and len(_fillable(self.slots)) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """What a layer is filled with: its arrays by field, float32 and read-only."""

    uid: int
    bundle: Bundle
    arrays: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """Arrays for one layer or for all.

    Attributes:
        offer: Where they come from.
        chosen: Number of the bundle for the layer that was asked for.
        filled: What each layer gets, in the stack's order.
        layers: How many layers could be filled.
        left: Prefixes of what no layer took; for all layers only.
        for_all: Whether all layers were meant.
    """

    offer: Offer
    chosen: int
    filled: tuple[Filled, ...]
    layers: int
    left: tuple[str, ...]
    for_all: bool


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


def fill(offer: Offer, chosen: int, for_all: bool) -> Filling:
    """Take a bundle for the layer, and for all others what lies before and behind it.

    Raises:
        WeightsError: Weights that are taken are not finite.
    """
    slots = _fillable(offer.slots)
    place = next(k for k, slot in enumerate(slots) if slot.uid == offer.uid)
    pairs = {place: chosen}
    if for_all:
        pairs |= _around(slots, offer.bundles, place, chosen)
    with named(offer.path):
        filled = tuple(
            Filled(slots[k].uid, offer.bundles[pairs[k]], _taken(offer.bundles[pairs[k]], slots[k]))
            for k in sorted(pairs)
        )
    used = set(pairs.values())
    left = tuple(b.prefix for k, b in enumerate(offer.bundles) if k not in used) if for_all else ()
    return Filling(offer, chosen, filled, len(slots), left, for_all)


def shapes_of(layer: Layer) -> dict[str, Shape]:
    """Return the shapes of the arrays that a layer has, by field."""
    values = {name: getattr(layer, name) for name in arrays(type(layer))}
    return {name: value.shape for name, value in values.items() if isinstance(value, np.ndarray)}


def fits(bundle: Bundle, layer: Layer) -> bool:
    """Tell whether a bundle has all that a layer needs; a bias may be missing on either side."""
    shapes = shapes_of(layer)
    needed = shapes.keys() - ({_OPTIONAL} if len(shapes) <= 2 else set())
    if not shapes or not needed <= bundle.arrays.keys():
        return False
    if bundle.arrays.keys() - shapes.keys() - {_OPTIONAL}:
        return False
    return all(
        bundle.arrays[name].shape == shape
        for name, shape in shapes.items()
        if name in bundle.arrays
    )


def _fillable(slots: Sequence[Node]) -> list[Node]:
    return [slot for slot in slots if shapes_of(slot.layer)]


def _around(
    slots: Sequence[Node], bundles: Sequence[Bundle], place: int, chosen: int
) -> dict[int, int]:
    """Return the bundle of each layer before and behind one that has its own."""
    behind = _aligned(slots[place + 1 :], bundles[chosen + 1 :])
    before = _aligned(slots[:place][::-1], bundles[:chosen][::-1])  # the nearest ones first
    return {place + 1 + k: chosen + 1 + n for k, n in behind.items()} | {
        place - 1 - k: chosen - 1 - n for k, n in before.items()
    }


def _aligned(slots: Sequence[Node], bundles: Sequence[Bundle]) -> dict[int, int]:
    """Give as many layers as can be a bundle that fits, both in their order.

    This is the longest common subsequence (Wagner and Fischer, 1974); of several, the one whose
    bundles come first.
    """
    most = np.zeros((len(slots) + 1, len(bundles) + 1), np.int64)
    fitting = np.array(
        [[fits(bundle, slot.layer) for bundle in bundles] for slot in slots], bool
    ).reshape(len(slots), len(bundles))
    for k in reversed(range(len(slots))):
        for n in reversed(range(len(bundles))):
            with_it = most[k + 1, n + 1] + 1 if fitting[k, n] else 0
            most[k, n] = max(with_it, most[k + 1, n], most[k, n + 1])
    pairs: dict[int, int] = {}
    k = n = 0
    while k < len(slots) and n < len(bundles):
        if fitting[k, n] and most[k, n] == most[k + 1, n + 1] + 1:
            pairs[k] = n
            k, n = k + 1, n + 1
        elif most[k, n] == most[k + 1, n]:
            k += 1
        else:
            n += 1
    return pairs


def _taken(bundle: Bundle, slot: Node) -> dict[str, FloatArray]:
    """Return what a layer takes of a bundle, weights first."""
    shapes = shapes_of(slot.layer)
    return {
        name: _finite(bundle.arrays[name], bundle.names[name])
        for name in FIELDS
        if name in shapes and name in bundle.arrays
    }


def _finite(array: AnyArray, name: str) -> FloatArray:
    with np.errstate(over="ignore"):  # reported just below
        weights = np.array(array, dtype=np.float32, order="C")
    if not np.isfinite(weights).all():
        raise Rejection(f"{name[:80]} in it is not finite", "replace it by finite numbers")
    return frozen(weights)


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
