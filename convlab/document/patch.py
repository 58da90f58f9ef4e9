"""What tells two values apart, small enough to be kept for each of thousands of edits.

Documents are frozen dataclasses that share whatever an edit left alone. Of an array of which a few
cells changed only these are kept: a cell of a layer of 3 MB takes a kilobyte.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Protocol

import numpy as np

from convlab.document.asset import Asset
from convlab.document.signal.model import Held
from convlab.engine.arrays import AnyArray, frozen

_ATOMS = (Asset, Held)  # of files: equal if their bytes are, and never changed in part
_MOST_SHARE = 4  # an array of which more than 1/4 changed is kept whole: places take room too
_OVERHEAD = 150  # of one patch among others [bytes]


class Patch(Protocol):
    """Makes one value of another."""

    def apply(self, value: Any) -> Any:
        """Return the one, given the other."""

    def held(self) -> Iterator[tuple[int, int]]:
        """Yield the id and the size of every object that it keeps alive [bytes]."""


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


def held(value: Any) -> Iterator[tuple[int, int]]:
    """Yield the id and the size of a value and of whatever is in it [bytes]."""
    if isinstance(value, np.ndarray):
        root = value
        while isinstance(root.base, np.ndarray):
            root = root.base
        yield id(root), max(root.nbytes, sys.getsizeof(root))  # that of an owner has its numbers
        return
    yield id(value), sys.getsizeof(value)
    if isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from held(item)
    elif isinstance(value, Mapping):
        yield from held((*value.keys(), *value.values()))
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from held(getattr(value, each.name))


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The value itself."""

    value: Any

    def apply(self, value: Any) -> Any:
        return self.value

    def held(self) -> Iterator[tuple[int, int]]:
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

    def held(self) -> Iterator[tuple[int, int]]:
        yield from held(self.places)
        yield from held(self.numbers)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """The items of a tuple that differ, in one run, however many stand on the other side."""

    start: int
    stop: int
    items: tuple[Any, ...]

    def apply(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*value[: self.start], *self.items, *value[self.stop :])

    def held(self) -> Iterator[tuple[int, int]]:
        return held(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """Patches of items of a tuple, by their index."""

    changes: tuple[tuple[int, Patch], ...]

    def apply(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        items = list(value)
        for index, patch in self.changes:
            items[index] = patch.apply(items[index])
        return tuple(items)

    def held(self) -> Iterator[tuple[int, int]]:
        yield id(self), _OVERHEAD * len(self.changes)
        for _, patch in self.changes:
            yield from patch.held()


@dataclass(frozen=True, slots=True, eq=False)
class _Fields:
    """Patches of the fields of a record, by their name."""

    changes: tuple[tuple[str, Patch], ...]
    # Layers are equal only if they are the same object: one that somebody still has comes back.
    origin: weakref.ref[Any] | None = None

    def apply(self, value: Any) -> Any:
        origin = self.origin() if self.origin is not None else None
        if origin is not None:
            return origin
        parts = {name: each.apply(getattr(value, name)) for name, each in self.changes}
        return replace(value, **parts)

    def held(self) -> Iterator[tuple[int, int]]:
        yield id(self), _OVERHEAD * len(self.changes)
        for _, patch in self.changes:
            yield from patch.held()


def _array_patches(before: AnyArray, after: AnyArray) -> tuple[Patch, Patch] | None:
    alike = (before.dtype, before.shape) == (after.dtype, after.shape)
    if not (alike and before.flags.c_contiguous and after.flags.c_contiguous):
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
    start = next((i for i in range(shared) if not _is_same(before[i], after[i])), shared)
    shared -= start
    end = next((i for i in range(shared) if not _is_same(before[-1 - i], after[-1 - i])), shared)
    old, new = len(before) - end, len(after) - end
    if old == new and all(_has_parts(item) for item in before[start:old]):
        pairs = {index: patches(before[index], after[index]) for index in range(start, old)}
        changed = {index: pair for index, pair in pairs.items() if pair is not None}
        if not changed:
            return None
        return (
            _Items(tuple((index, back) for index, (back, _) in changed.items())),
            _Items(tuple((index, forth) for index, (_, forth) in changed.items())),
        )
    return _Run(start, new, before[start:old]), _Run(start, old, after[start:new])


def _record_patches(before: Any, after: Any) -> tuple[Patch, Patch] | None:
    names = [each.name for each in fields(before)]
    pairs = {name: patches(getattr(before, name), getattr(after, name)) for name in names}
    changed = {name: pair for name, pair in pairs.items() if pair is not None}
    is_one = type(before).__eq__ is object.__eq__  # type: ignore[comparison-overlap]
    if not changed:
        return (_Whole(before), _Whole(after)) if is_one else None
    back = tuple((name, pair[0]) for name, pair in changed.items())
    forth = tuple((name, pair[1]) for name, pair in changed.items())
    if is_one:
        return _Fields(back, weakref.ref(before)), _Fields(forth, weakref.ref(after))
    return _Fields(back), _Fields(forth)


def _is_same(before: Any, after: Any) -> bool:
    """Tell whether two items need no patch; those with parts are looked into elsewhere."""
    return before is after or (
        type(before) is type(after) and not _has_parts(before) and bool(before == after)
    )


def _has_parts(value: Any) -> bool:
    return isinstance(value, tuple | np.ndarray) or (
        is_dataclass(value) and type(value) not in _ATOMS
    )
