"""What tells two values apart, small enough to be kept for each of thousands of edits.

Documents are frozen dataclasses that share whatever an edit left alone. Of an array of which a few
cells changed only these are kept: a cell of a layer of 3 MB takes a kilobyte.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import repeat
from typing import Any, Protocol, TypeAlias

import numpy as np

from convlab.document.asset import Asset
from convlab.document.signal.model import Held
from convlab.engine.arrays import AnyArray, file_of, frozen, root_of

_ATOMS = (Asset, Held)  # of files: equal if their bytes are, and never changed in part
_MOST_SHARE = 4  # an array of which more than 1/4 changed is kept whole: places take room too
_MAPPED = 8  # what lies in a file counts for so much less: it costs no memory, but room on the disk
_OVERHEAD = 150  # of one patch among others [bytes]


class Patch(Protocol):
    """Makes one value of another."""

    def apply(self, value: Any) -> Any:
        """Return the one, given the other."""

    def held(self) -> dict[int, int]:
        """Return the size of every object that it keeps alive by its id [bytes]."""


_Changes: TypeAlias = tuple[tuple[Any, Patch], ...]


def patches(before: Any, after: Any) -> tuple[Patch, Patch] | None:
    """Return what makes ``before`` of ``after``, and the other way round; None if they are equal.

    Both are taken apart as far as they are dataclasses and tuples.
    """
    if before is after:
        return None
    kind = type(before)
    if type(after) is kind:
        if kind is np.ndarray:
            return _array_patches(before, after)
        if kind is tuple:
            return _tuple_patches(before, after)
        if is_dataclass(before) and kind not in _ATOMS:
            return _record_patches(before, after)
        if before == after:
            return None
    return _Whole(before), _Whole(after)


def held(value: Any) -> dict[int, int]:
    """Return the size of a value and of whatever is in it by their ids [bytes]."""
    if isinstance(value, np.ndarray):
        root = root_of(value)
        size = max(root.nbytes, sys.getsizeof(root))  # that of an owner has its numbers
        return {id(root): size if file_of(root) is None else size // _MAPPED}
    parts: Iterable[Any] = ()
    if isinstance(value, tuple | list | frozenset):
        parts = value
    elif isinstance(value, Mapping):
        parts = (*value.keys(), *value.values())
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, each.name) for each in fields(value)]
    sizes = {id(value): sys.getsizeof(value)}
    for part in parts:
        sizes |= held(part)
    return sizes


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The value itself."""

    value: Any

    def apply(self, value: Any) -> Any:
        return self.value

    def held(self) -> dict[int, int]:
        return held(self.value)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The cells of an array that differ."""

    places: AnyArray
    numbers: AnyArray

    def apply(self, value: AnyArray) -> AnyArray:
        changed = value.copy()
        changed.reshape(-1)[self.places] = self.numbers
        return frozen(changed)

    def held(self) -> dict[int, int]:
        return held(self.places) | held(self.numbers)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """The items of a tuple that differ, in one run, however many stand on the other side."""

    start: int
    stop: int
    items: tuple[Any, ...]

    def apply(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*value[: self.start], *self.items, *value[self.stop :])

    def held(self) -> dict[int, int]:
        return held(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Patches of some parts of a value, by their index or name."""

    changes: _Changes

    def held(self) -> dict[int, int]:
        sizes = {id(self): _OVERHEAD * len(self.changes)}
        for _, patch in self.changes:
            sizes |= patch.held()
        return sizes


class _Items(_Parts):
    """Patches of items of a tuple, by their index."""

    __slots__ = ()

    def apply(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        items = list(value)
        for index, patch in self.changes:
            items[index] = patch.apply(items[index])
        return tuple(items)


@dataclass(frozen=True, slots=True, eq=False)
class _Fields(_Parts):
    """Patches of the fields of a record, by their name."""

    # Layers are equal only if they are the same object: one that somebody still has comes back.
    origin: weakref.ref[Any] | None = None

    def apply(self, value: Any) -> Any:
        origin = self.origin() if self.origin is not None else None
        if origin is not None:
            return origin
        parts = {name: each.apply(getattr(value, name)) for name, each in self.changes}
        return replace(value, **parts)


def _array_patches(before: AnyArray, after: AnyArray) -> tuple[Patch, Patch] | None:
    alike = (before.dtype, before.shape) == (after.dtype, after.shape)
    are_opened = file_of(before) is not None and file_of(after) is not None  # nobody edited them
    if are_opened or not (alike and before.flags.c_contiguous and after.flags.c_contiguous):
        return _Whole(before), _Whole(after)
    old, new = before.reshape(-1), after.reshape(-1)
    # Bits are compared: NaN equals itself, and 0.0 is not -0.0.
    bits = f"u{before.itemsize}"
    places = np.flatnonzero(old.view(bits) != new.view(bits))
    if not len(places):
        return None
    if len(places) * _MOST_SHARE > old.size:
        return _Whole(before), _Whole(after)
    return _Cells(places, old[places]), _Cells(places, new[places])


def _tuple_patches(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Patch, Patch] | None:
    shared = min(len(before), len(after))
    start = _alike(before, after, shared)
    end = _alike(before[::-1], after[::-1], shared - start)
    old, new = len(before) - end, len(after) - end
    if old != new or not all(map(_has_parts, before[start:old])):
        return _Run(start, new, before[start:old]), _Run(start, old, after[start:new])
    changed = _changes(range(start, old), before[start:old], after[start:new])
    return None if changed is None else (_Items(changed[0]), _Items(changed[1]))


def _record_patches(before: Any, after: Any) -> tuple[Patch, Patch] | None:
    names = [each.name for each in fields(before)]
    values = map(getattr, repeat(before), names), map(getattr, repeat(after), names)
    changed = _changes(names, *values)
    is_one = type(before).__eq__ is object.__eq__  # type: ignore[comparison-overlap]
    if changed is None:
        return (_Whole(before), _Whole(after)) if is_one else None
    if is_one:
        return _Fields(changed[0], weakref.ref(before)), _Fields(changed[1], weakref.ref(after))
    return _Fields(changed[0]), _Fields(changed[1])


def _changes(
    places: Iterable[Any], before: Iterable[Any], after: Iterable[Any]
) -> tuple[_Changes, _Changes] | None:
    """Return the patches of those parts that differ, by their places, for either way."""
    back, forth = [], []
    for place, old, new in zip(places, before, after, strict=True):
        pair = None if old is new else patches(old, new)
        if pair is not None:
            back.append((place, pair[0]))
            forth.append((place, pair[1]))
    return (tuple(back), tuple(forth)) if back else None


def _alike(before: tuple[Any, ...], after: tuple[Any, ...], most: int) -> int:
    """Return how many items need no patch at the beginning; those with parts are looked into."""
    for count, (old, new) in enumerate(zip(before[:most], after, strict=False)):
        if old is new:
            continue
        if type(old) is not type(new) or _has_parts(old) or old != new:
            return count
    return most


def _has_parts(value: Any) -> bool:
    return isinstance(value, tuple | np.ndarray) or (
        is_dataclass(value) and type(value) not in _ATOMS
    )
