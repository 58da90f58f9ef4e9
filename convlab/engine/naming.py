"""Names that callers and files write, and the members of enums that they stand for."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Named = TypeVar("Named", bound=StrEnum)


def parse_name(kind: type[Named], text: str, subject: str) -> Named:
    """Return the member of that name; a member is its own.

    Args:
        kind: The enum.
        text: The name.
        subject: What is named, for the message.

    Raises:
        ValueError: If there is none; the message lists the names allowed.
    """
    try:
        return kind(text)
    except ValueError:
        allowed = ", ".join(kind)
        raise ValueError(f"{subject} {text!r} is unknown: choose one of {allowed}") from None
