"""Which weights of a file go into which layers: by name; else by order and shape.

Where two fit, nothing is assigned: a person is asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convlab.io.weights import Bundle
from convlab.io.weights_fit import fits, shapes_of
from convlab.io.weights_names import NameMatch, matches, node_path, without_numbers
from convlab.layers.graph import Node

NAME, ORDER, ONLY, CHOSEN = "its name", "the order", "the only one that fits", "your choice"
"""Why a layer takes what it takes."""

Table: TypeAlias = NDArray[np.bool_]


@dataclass(slots=True)
class Assignment:
    """What each layer takes, all by numbers.

    Attributes:
        taken: The bundle, and why it is that one, by layer.
        misfits: The bundle of the layer's name, whose shape is another, by layer.
        likely: The first guess, by layer, where several fit and nothing tells which.
        fitting: ``(layers, bundles)``, which fit.
    """

    fitting: Table
    taken: dict[int, tuple[int, str]] = field(default_factory=dict)
    misfits: dict[int, int] = field(default_factory=dict)
    likely: dict[int, int] = field(default_factory=dict)

    def candidates(self, place: int) -> tuple[int, ...]:
        """Return what fits a layer."""
        return tuple(np.flatnonzero(self.fitting[place]).tolist())


def assign(
    slots: Sequence[Node],
    bundles: Sequence[Bundle],
    chosen: Mapping[int, int | None],
    is_ordered: bool,
) -> Assignment:
    """Return what each layer takes.

    Args:
        slots: The layers that have arrays.
        bundles: What the file has.
        chosen: What a person chose, by the number of the layer; None: it stays as it is.
        is_ordered: The file keeps the order of its arrays; else they are sorted by name.
    """
    found = Assignment(_table(slots, bundles))
    for place, number in chosen.items():
        if number is not None:
            found.taken[place] = number, CHOSEN
    named = _best(matches(slots, bundles), found, chosen)
    if named:
        _by_name(found, named, chosen)
    elif found.taken:
        _around(found, chosen)
    elif is_ordered:
        _by_order(found)
    else:
        _by_class(found, bundles)
    _by_shape(found, slots, chosen, has_names=bool(named))
    return found


def _table(slots: Sequence[Node], bundles: Sequence[Bundle]) -> Table:
    """Return which bundle fits which layer; layers of one kind and shape fit alike."""
    rows: dict[object, NDArray[np.bool_]] = {}
    table = np.zeros((len(slots), len(bundles)), bool)
    for place, slot in enumerate(slots):
        key = type(slot.layer), tuple(shapes_of(slot.layer).items())
        if key not in rows:
            rows[key] = np.array([fits(bundle, slot.layer) for bundle in bundles], bool)
        table[place] = rows[key]
    return table


# ---- by name ----


def _best(
    found: list[NameMatch], at: Assignment, chosen: Mapping[int, int | None]
) -> list[NameMatch]:
    """Return the match that fits most layers, and any other that fits as many; none fits none."""

    def agreed(match: NameMatch) -> int:
        return sum(match.pairs.get(place) == number for place, number in chosen.items())

    def fitting(match: NameMatch) -> int:
        return sum(bool(at.fitting[pair]) for pair in match.pairs.items())

    scores = {match.more: (agreed(match), fitting(match)) for match in found if fitting(match)}
    most = max(scores.values(), default=None)
    return [match for match in found if scores.get(match.more) == most and most is not None]


def _by_name(found: Assignment, named: list[NameMatch], chosen: Mapping[int, int | None]) -> None:
    of_places: dict[int, set[int]] = defaultdict(set)
    for match in named:
        for place, number in match.pairs.items():
            of_places[place].add(number)
    claims = Counter(number for numbers in of_places.values() for number in numbers)
    claims.update(number for number in chosen.values() if number is not None)
    for place in sorted(of_places.keys() - chosen.keys()):
        numbers = of_places[place]
        fitting = {number for number in numbers if found.fitting[place, number]}
        if len(numbers) == len(fitting) == 1 and claims[min(fitting)] == 1:
            found.taken[place] = fitting.pop(), NAME
        elif fitting:
            found.likely[place] = min(fitting)
        else:
            found.misfits[place] = min(numbers)


# ---- by order ----


def _by_order(found: Assignment) -> None:
    """Give as many layers as can be a bundle that fits, both in their order.

    This is the longest common subsequence (Wagner and Fischer, 1974). What is not the same in all
    of them is not told by the order.
    """
    behind = _longest(found.fitting)
    before = _longest(found.fitting[::-1, ::-1])[::-1, ::-1]
    pairs = _aligned(found.fitting, behind)
    through = before[:-1, :-1] + 1 + behind[1:, 1:]
    possible = found.fitting & (through == behind[0, 0])
    passed = (before[:-1, :] + behind[1:, :]).max(axis=1) == behind[0, 0]  # without that layer
    for place, number in pairs.items():
        if possible[place].sum() == 1 and not passed[place]:
            found.taken[place] = number, ORDER
        else:
            found.likely[place] = number


def _longest(fitting: Table) -> NDArray[np.int32]:
    """Return how many pairs there are at most among the layers and bundles from each place on."""
    layers, bundles = fitting.shape
    most = np.zeros((layers + 1, bundles + 1), np.int32)
    for k in reversed(range(layers)):
        most[k, :-1] = np.maximum(most[k + 1, :-1], (most[k + 1, 1:] + 1) * fitting[k])
        most[k] = np.maximum.accumulate(most[k, ::-1])[::-1]
    return most


def _aligned(fitting: Table, most: NDArray[np.int32] | None = None) -> dict[int, int]:
    """Return one such alignment: of several, the one whose bundles come first."""
    most = _longest(fitting) if most is None else most
    pairs: dict[int, int] = {}
    k = n = 0
    while k < len(fitting) and n < fitting.shape[1]:
        if fitting[k, n] and most[k, n] == most[k + 1, n + 1] + 1:
            pairs[k] = n
            k, n = k + 1, n + 1
        elif most[k, n] == most[k + 1, n]:
            k += 1
        else:
            n += 1
    return pairs


def _around(found: Assignment, chosen: Mapping[int, int | None]) -> None:
    """Give the layers before, between and behind those with a choice what lies there, too."""
    layers, bundles = found.fitting.shape
    left = found.fitting.copy()
    left[list(chosen)] = False
    ends = sorted((place, number) for place, number in chosen.items() if number is not None)
    first_place, first_number = ends[0]
    before = left[:first_place, :first_number][::-1, ::-1]  # the nearest ones first
    pairs = {first_place - 1 - k: first_number - 1 - n for k, n in _aligned(before).items()}
    for at, (place, number) in enumerate(ends):
        stop, last = ends[at + 1] if at + 1 < len(ends) else (layers, bundles)
        between = left[place + 1 : stop, number + 1 : max(last, number + 1)]
        pairs |= {place + 1 + k: number + 1 + n for k, n in _aligned(between).items()}
    found.taken |= {place: (number, ORDER) for place, number in pairs.items()}


def _by_class(found: Assignment, bundles: Sequence[Bundle]) -> None:
    """Give layers that fit alike their bundles in order, if these are as many and numbered."""
    classes: dict[bytes, list[int]] = {}
    for place, row in enumerate(found.fitting):
        if row.any():
            classes.setdefault(row.tobytes(), []).append(place)
    claims = found.fitting[[places[0] for places in classes.values()]].sum(axis=0)
    for places in classes.values():
        numbers = found.candidates(places[0])
        alike = len({without_numbers(bundles[number].prefix) for number in numbers}) == 1
        is_certain = len(numbers) == len(places) and alike and (claims[list(numbers)] == 1).all()
        for place, number in zip(places, numbers, strict=False):
            if is_certain:
                found.taken[place] = number, ORDER if len(places) > 1 else ONLY
            else:
                found.likely[place] = number
        for place in places[len(numbers) :]:
            found.likely[place] = numbers[-1]


# ---- by shape ----


def _by_shape(
    found: Assignment,
    slots: Sequence[Node],
    chosen: Mapping[int, int | None],
    has_names: bool,
) -> None:
    """Give layers what only fits them of what is left; what fits several is in question.

    Args:
        found: What is known by then.
        slots: The layers.
        chosen: What a person chose.
        has_names: Names tell others: a layer with a name that is not there gets nothing.
    """
    done = found.taken.keys() | found.likely.keys() | found.misfits.keys() | chosen.keys()
    open_places = [
        place
        for place, slot in enumerate(slots)
        if place not in done and not (has_names and len(node_path(slot)) > 1)
    ]
    left = found.fitting.copy()
    left[:, [number for number, _ in found.taken.values()]] = False
    rivals = left[open_places].sum(axis=0)
    used: Counter[int] = Counter()
    for place in open_places:
        numbers = np.flatnonzero(left[place]).tolist()
        if len(numbers) == 1 and rivals[numbers[0]] == 1:
            found.taken[place] = numbers[0], ONLY
        elif numbers:
            found.likely[place] = min(numbers, key=lambda number: used[number])
            used[found.likely[place]] += 1
