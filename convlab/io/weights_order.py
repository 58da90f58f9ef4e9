"""In which order layers follow one another, as far as the names of their weights tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.other_formats import AS_ONNX
from convlab.io.rejection import Rejection
from convlab.io.weights import FIELDS, Bundle

REMEDY = f"open the network as ONNX, which tells all of it: in PyTorch write {AS_ONNX}"
NORM = frozenset(FIELDS)
"""Arrays of a batch normalisation."""

_WORDS = re.compile(r"(?i)conv|c|bn|batch_?norm|norm|prelu|act|relu|fc|lin|linear|dense|classifier"
                    r"|head|out|output")  # fmt: skip
_DENSE = ("fc", "lin", "linear", "dense", "classifier", "head", "out", "output")
_NUMBERED = re.compile(r"([A-Za-z_]*?)_?(\d+(?:_\d+)*)?")


class Part(NamedTuple):
    """A layer's weights, and the parts of what their names begin with."""

    bundle: Bundle
    path: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its first array is called."""
        return next(iter(self.bundle.names.values()))[:60]

    @property
    def weight(self) -> AnyArray:
        """Its weights; an empty array where it has none."""
        return self.bundle.arrays.get("weight", np.empty(0))

    @property
    def is_dense(self) -> bool:
        """They are of a layer that takes vectors."""
        return self.weight.ndim == 2


class Step(NamedTuple):
    """A part in its place.

    Attributes:
        part: It.
        gap: How many layers without weights stand before it; None: nothing tells.
        is_first: Of its Sequential.
    """

    part: Part
    gap: int | None
    is_first: bool = False


def _path(bundle: Bundle) -> tuple[str, ...]:
    """Return the parts of what a bundle's names begin with.

    Raises:
        Rejection: One of its arrays is not called as PyTorch calls those of a layer.
    """
    for name, called in bundle.names.items():
        if called.rpartition(".")[2] != name:
            raise Rejection(f"the name {called[:60]!r} in it tells no layer", REMEDY)
    return tuple(bundle.prefix.split(".")) if bundle.prefix else ("",)


def in_order(bundles: Sequence[Bundle]) -> list[Step]:
    """Return the parts as they follow one another.

    Raises:
        Rejection: Their names do not tell how.
    """
    parts = [Part(bundle, _path(bundle)) for bundle in bundles]
    while _have_a_root(parts):
        parts = [part._replace(path=part.path[1:]) for part in parts]
    if all(part.path[-1].isdecimal() and len(part.path) <= 2 for part in parts):
        return _sequentials(parts)
    if any(len(part.path) > 2 for part in parts):
        part = max(parts, key=lambda each: len(each.path))
        raise Rejection(
            f"the name {part.name!r} in it is of a block, and how blocks hang together is not told",
            REMEDY,
        )
    if any(len(part.path) == 2 for part in parts):
        return _sequentials(parts)
    return _named(parts)


def _have_a_root(parts: list[Part]) -> bool:
    """Tell whether all names begin alike, as with "module.": a number is a place in a block."""
    first = parts[0].path[0]
    return not first.isdecimal() and all(len(p.path) > 1 and p.path[0] == first for p in parts)


def _sequentials(parts: list[Part]) -> list[Step]:
    """Order the members of one Sequential of maps, and of one behind it of vectors, or a layer."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.path[0] if len(part.path) == 2 else "", []).append(part)
    loose = groups.pop("", [])
    if loose and not all(part.path[0].isdecimal() for part in loose):
        for part in loose:
            groups[part.path[0]] = [part._replace(path=(part.path[0], "0"))]
    elif loose:
        groups[""] = loose
    ordered = sorted(groups.values(), key=lambda group: group[0].is_dense)
    maps = [group for group in ordered if any(not part.is_dense for part in group)]
    if len(maps) > 1 or len(ordered) > 2 or (len(ordered) == 2 and not maps):
        shown = " and ".join(repr(group[0].path[0][:30]) for group in ordered[:2])
        raise Rejection(f"how {shown} in it hang together is not told", REMEDY)
    return [step for group in ordered for step in _members(group)]


def _members(group: list[Part]) -> list[Step]:
    for part in group:
        if not part.path[-1].isdecimal() or len(part.path[-1]) > 5:
            raise Rejection(f"the name {part.name!r} in it tells no place", REMEDY)
    steps: list[Step] = []
    place = 0
    for part in sorted(group, key=lambda each: int(each.path[-1])):
        number = int(part.path[-1])
        if number < place:
            raise Rejection(f"two layers in it are called {part.name!r}", REMEDY)
        steps.append(Step(part, number - place, not steps))
        place = number + 1
    return steps


def _named(parts: list[Part]) -> list[Step]:
    """Order names like conv1, bn1, fc: by their numbers, what takes vectors last.

    Raises:
        Rejection: A name tells no layer, or two have the same place.
    """
    places: dict[tuple[object, ...], Part] = {}
    for part in parts:
        match = _NUMBERED.fullmatch(part.path[0])
        if match is None or not _WORDS.fullmatch(match[1]):
            raise Rejection(f"the name {part.name!r} in it tells no place", REMEDY)
        if (match[1].lower() in _DENSE) != part.is_dense:
            shape = " × ".join(map(str, part.weight.shape))
            raise Rejection(f"{part.name} ({shape}) in it is no layer of that name", REMEDY)
        numbers = tuple(map(int, re.findall(r"\d{1,9}", match[2] or "1")))
        rank = 0 if part.weight.ndim != 1 else 1 if part.bundle.arrays.keys() == NORM else 2
        place = (part.is_dense, numbers, rank)
        if place in places:
            both = f"{places[place].name!r} and {part.name!r}"
            raise Rejection(f"which of {both} in it comes first is not told", REMEDY)
        places[place] = part
    return [Step(places[place], None) for place in sorted(places)]
