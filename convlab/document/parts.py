"""The parts of a Document by their path, and the one edit of whatever their fields declare."""

from __future__ import annotations

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
        path: Names of fields with dots between them.

    Raises:
        ValueError: There is no such part; the message lists those there are.
    """
    return reduce(_field, path.split("."), document)


def with_part(document: Document, path: str, part: object) -> Document:
    """Return the document with one of its parts replaced.

    Raises:
        ValueError: There is no such part.
    """
    changed: Document = _replaced(document, path.split("."), part)
    return changed


def with_parameter(document: Document, path: str, name: str, value: object) -> Document:
    """Return the document with one declared parameter of a part changed, and what follows from it.

    Raises:
        ValueError: There is no such part or parameter, or the value is of another kind or out of
            range.
    """
    return with_part(document, path, with_value(part_of(document, path), name, value))


def _field(record: Any, name: str) -> Any:
    names = [field.name for field in fields(record)] if is_dataclass(record) else []
    if name not in names:
        kind, allowed = type(record).__name__, ", ".join(names) or "another part, it has none"
        raise ValueError(f"{kind} has no part {name!r}: choose one of {allowed}")
    return getattr(record, name)


def _replaced(record: Any, names: list[str], part: object) -> Any:
    first, *rest = names
    inner = _field(record, first)
    return replace(record, **{first: _replaced(inner, rest, part) if rest else part})
