"""What a file of weights would do to a stack, before it does it: layer by layer, and what is left.

plan = read_plan(path, state)          # in the thread for files
plan = plan.with_choice(uid, number)   # a person chose among several that fit
plan.layers                            # what takes the place of the layers, by uid
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from convlab.document.stack.model import StackState
from convlab.engine.errors import counted
from convlab.io.dataset_arrays import names_dataset
from convlab.io.rejection import Rejection
from convlab.io.weights import STATE_DICTS, Bundle, named, read_weights
from convlab.io.weights_assign import Assignment, assign
from convlab.io.weights_chain import Chain, chain_of
from convlab.io.weights_fit import can_be_folded, filled, shapes_of
from convlab.io.weights_names import norm_names
from convlab.layers import BatchNorm2d, Layer
from convlab.layers.base import Shape
from convlab.layers.graph import Node

Choices = Mapping[int, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What becomes of a layer.

    Attributes:
        slot: It, as it was.
        number: Its place in the stack, from 1.
        bundle: Number of what it takes; None: nothing.
        why: Why it takes that, or nothing.
        candidates: Numbers of all that fit it.
        likely: The first guess, where several fit and a person is to choose; else None.
        norm: Number of the batch normalisation that is folded into it; else None.
        layer: What takes its place; None: it stays as it is.
        misfit: Number of the bundle of its name, whose shape is another; else None.
    """

    slot: Node
    number: int
    bundle: int | None = None
    why: str = ""
    candidates: tuple[int, ...] = ()
    likely: int | None = None
    norm: int | None = None
    layer: Layer | None = None
    misfit: int | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """What a file would do to a stack.

    Attributes:
        path: The file.
        slots: The stack.
        bundles: Everything in the file, in its order.
        choices: What a person chose, by uid.
        rows: What becomes of each layer that has arrays, in the stack's order.
        left: Numbers of what no layer takes, and why.
        chain: What a new stack of the file alone would be, or why there is none.
    """

    path: Path
    slots: tuple[Node, ...]
    bundles: tuple[Bundle, ...]
    choices: Choices
    rows: tuple[Row, ...]
    left: tuple[tuple[int, str], ...]
    chain: Chain | Rejection

    @property
    def taken(self) -> tuple[Row, ...]:
        """The layers that take something."""
        return tuple(row for row in self.rows if row.layer is not None)

    @property
    def in_question(self) -> tuple[Row, ...]:
        """The layers for which a person is to choose."""
        return tuple(row for row in self.rows if row.likely is not None)

    @cached_property
    def root(self) -> str:
        """What all names begin with, as "module."; "" if they have nothing in common."""
        paths = [bundle.prefix.split(".")[:-1] for bundle in self.bundles]
        shared = itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))
        return "".join(f"{parts[0]}." for parts in shared)

    @property
    def lost_norms(self) -> int:
        """How many batch normalisations of the file no layer does."""
        return sum("running_var" in self.bundles[number].arrays for number, _ in self.left)

    @cached_property
    def layers(self) -> dict[int, tuple[Layer, Layer]]:
        """What each layer was and what it becomes, by its uid."""
        rows = ((row.slot, row.layer) for row in self.rows)
        return {slot.uid: (slot.layer, layer) for slot, layer in rows if layer is not None}

    def with_choice(self, uid: int, number: int | None) -> Plan:
        """Return it with another bundle for a layer, or with none."""
        return self.with_choices({uid: number})

    def with_choices(self, choices: Choices) -> Plan:
        """Return it with other bundles for layers."""
        return _plan(self.path, self.slots, self.bundles, {**self.choices, **choices}, self.chain)

    def with_likely(self) -> Plan:
        """Return it with the first guess wherever a person was to choose."""
        return self.with_choices({row.slot.uid: row.likely for row in self.in_question})


def read_plan(path: Path, state: StackState, choices: Choices | None = None) -> Plan:
    """Read a file, and say what it would do to a stack.

    Args:
        path: As ``read_weights`` takes it.
        state: The stack.
        choices: The bundle for some layers, by uid.

    Raises:
        WeightsError: It cannot be read, or it fits no layer and tells no layers of its own.
    """
    bundles = read_weights(path, ())
    with named(path):
        plan = _plan(path, state.slots, bundles, choices or {}, _chain(bundles))
        if not (plan.taken or plan.in_question) and isinstance(plan.chain, Rejection):
            raise _misfit(plan, plan.chain)
    return plan


def _chain(bundles: Sequence[Bundle]) -> Chain | Rejection:
    try:
        return chain_of(bundles)
    except Rejection as rejection:
        return rejection


def _plan(
    path: Path,
    slots: tuple[Node, ...],
    bundles: tuple[Bundle, ...],
    choices: Choices,
    chain: Chain | Rejection,
) -> Plan:
    numbered = [(at, slot) for at, slot in enumerate(slots, 1) if shapes_of(slot.layer)]
    places = {slot.uid: place for place, (_, slot) in enumerate(numbered)}
    chosen = {places[uid]: number for uid, number in choices.items() if uid in places}
    is_ordered = path.suffix.lower() != STATE_DICTS[0]
    found = assign([slot for _, slot in numbered], bundles, chosen, is_ordered)
    norms = _norms(slots, [slot for _, slot in numbered], bundles, found)
    rows = tuple(
        _row(slot, at, bundles, found, place, norms.get(place))
        for place, (at, slot) in enumerate(numbered)
    )
    return Plan(path, slots, bundles, choices, rows, _left(rows, bundles), chain)


def _row(
    slot: Node,
    number: int,
    bundles: Sequence[Bundle],
    found: Assignment,
    place: int,
    norm: int | None,
) -> Row:
    row = Row(slot, number, candidates=found.candidates(place))
    if place in found.taken:
        taken, why = found.taken[place]
        try:
            layer = filled(slot.layer, bundles[taken], None if norm is None else bundles[norm])
        except Rejection as rejection:
            return replace(row, why=rejection.why)
        return replace(row, bundle=taken, why=why, norm=norm, layer=layer)
    if place in found.likely:
        return replace(row, why=f"{len(row.candidates)} fit: choose", likely=found.likely[place])
    if place in found.misfits:
        why = f"not {_shape(shapes_of(slot.layer))}"
        return replace(row, why=why, misfit=found.misfits[place])
    return replace(row, why="other layers take what fits" if row.candidates else "nothing fits")


def _norms(
    slots: Sequence[Node], rows: Sequence[Node], bundles: Sequence[Bundle], found: Assignment
) -> dict[int, int]:
    """Return the batch normalisation that is to be folded into a layer, by the layer's number.

    Exporters fold them: there the network has none any more, but the weights of its training have.
    """
    used = {number for number, _ in found.taken.values()}
    free = {b.prefix: n for n, b in enumerate(bundles) if n not in used}
    kept = {uid for slot in slots if isinstance(slot.layer, BatchNorm2d) for uid in slot.inputs}
    pairs: dict[int, int] = {}
    for place, (number, _) in found.taken.items():
        slot = rows[place]
        names = [] if slot.uid in kept else norm_names(bundles[number].prefix)
        for norm in [free[name] for name in names if name in free]:
            if can_be_folded(slot.layer, bundles[norm]):
                pairs[place] = norm
                break
    return pairs


def _left(rows: Sequence[Row], bundles: Sequence[Bundle]) -> tuple[tuple[int, str], ...]:
    used = {row.bundle for row in rows} | {row.norm for row in rows}
    misfits = {row.misfit: row for row in rows if row.misfit is not None}
    asked = {number for row in rows if row.likely is not None for number in row.candidates}
    fitting: set[int] = {number for row in rows for number in row.candidates}
    return tuple(
        (
            number,
            "may be chosen"
            if number in asked
            else "other arrays are taken"
            if number in fitting
            else f"layer {misfits[number].number} has another shape"
            if number in misfits
            else f"no layer has {shapes_text(bundle)}",
        )
        for number, bundle in enumerate(bundles)
        if number not in used
    )


def _misfit(plan: Plan, chain: Rejection) -> Rejection:
    """Say which layer does not fit first, with both shapes, and why there is no new stack."""
    why = "the stack has no layer with weights"
    if not plan.bundles:
        return chain
    if names_dataset([name for bundle in plan.bundles for name in bundle.names.values()]):
        return Rejection(
            "it holds pictures with labels",
            "in the learning lab choose it as Data, A file of your own",
        )
    if plan.rows:
        row = plan.rows[0]
        name = f"“{row.slot.name[:60]}” " if row.slot.name else ""
        first = _counterpart(row, plan.bundles)
        why = (
            f"none of its {counted(len(plan.bundles), 'layer')} fits the stack: layer {row.number} "
            f"{name}({row.slot.layer.title}) has {_shape(shapes_of(row.slot.layer))} where "
            f"{first.names.get('weight', first.prefix)[:60]} has {shapes_text(first)}"
        )
    return Rejection(f"{why}; and for a new stack {chain.why}", chain.remedy)


def _counterpart(row: Row, bundles: Sequence[Bundle]) -> Bundle:
    """Return the first bundle with as many dimensions as the layer's weights."""
    shapes = shapes_of(row.slot.layer)
    dimensions = len(shapes.get("weight", next(iter(shapes.values()))))
    weights = ((bundle, bundle.arrays.get("weight")) for bundle in bundles)
    same = (
        bundle for bundle, weight in weights if weight is not None and weight.ndim == dimensions
    )
    return next(same, bundles[0])


def shapes_text(bundle: Bundle) -> str:
    """Write the shape of the weights of a bundle, or of its first array."""
    array = bundle.arrays.get("weight", next(iter(bundle.arrays.values())))
    return _text(array.shape)


def _shape(shapes: Mapping[str, Shape]) -> str:
    return _text(shapes.get("weight", next(iter(shapes.values()))))


def _text(shape: Shape) -> str:
    return " × ".join(map(str, shape)) or "one number"
