"""The parts of a Document by their path, and the one edit of whatever their fields declare.

What a part stands in may follow it: its method ``settled`` is told what has changed within it by
its path, such as "f.position", and returns it with what follows from that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import reduce
from typing import Any

from convlab.document.document import Document
from convlab.layers.parameters import with_value


def part_of(document: Document, path: str) -> Any:
    """Return a part of a document.

    >>> part_of(Document(), "learning.network").epochs
    15

    Args:
        document: The whole.
        path: Names of fields with dots between them; "" is all of it.

    Raises:
        ValueError: There is no such part; the message lists those there are.
    """
    return reduce(_field, _names(path), document)


def with_part(document: Document, path: str, part: object) -> Document:
    """Return the document with one of its parts replaced; the same one where it is the same part.

    Raises:
        ValueError: There is no such part.
    """
    changed: Document = _replaced(document, _names(path), part)
    return changed


def with_parameter(document: Document, path: str, name: str, value: object) -> Document:
    """Return the document with one declared parameter of a part changed, and what follows from it.

    Raises:
        ValueError: There is no such part or parameter, or the value is of another kind or out of
            range.
    """
    part = with_value(part_of(document, path), name, value)
    changed: Document = _replaced(document, _names(path), part, name)
    return changed


def _names(path: str) -> list[str]:
    return path.split(".") if path else []


def _field(record: Any, name: str) -> Any:
    names = [field.name for field in fields(record)] if is_dataclass(record) else []
    if name not in names:
        kind, allowed = type(record).__name__, ", ".join(names) or "another part, it has none"
        raise ValueError(f"{kind} has no part {name!r}: choose one of {allowed}")
    return getattr(record, name)


def _replaced(record: Any, names: list[str], part: object, parameter: str = "") -> Any:
    if not names:
        return part
    before = _field(record, names[0])
    after = _replaced(before, names[1:], part, parameter)
    if after is before:
        return record
    changed = replace(record, **{names[0]: after})
    settled: Callable[[str], Any] | None = getattr(changed, "settled", None)
    path = [*names, parameter] if parameter else names
    return changed if settled is None else settled(".".join(path))
