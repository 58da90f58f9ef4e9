"""One entry of a list, and the search for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MENTIONED = "Mentioned"
"""Heading of entries whose line has the words, below those whose name has them."""

_ALIKE = str.maketrans({"×": "x", "−": "-", "–": "-", "°": " ", "“": "", "”": "", "…": ""})


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry that can be chosen.

    Attributes:
        name: What it is called.
        key: What is told when it is chosen; no two of a list have the same.
        group: Heading above it; empty: none.
        line: What it is, in one line.
        detail: A figure or two beside the name.
        icon: Name of an icon that stands for it where it has no picture.
        is_offered: It can be chosen; else it only has a name to be shown while it is so.
    """

    name: str
    key: str
    group: str = ""
    line: str = ""
    detail: str = ""
    icon: str = ""
    is_offered: bool = True


def found(choices: Sequence[Choice], typed: str) -> list[tuple[str, list[Choice]]]:
    """Return the groups of entries that have all the words, each group with its heading.

    Words are parts of words, in any case, with or without accents; a name's group counts as a part
    of it. Entries whose line alone has the words stand together at the end.

    >>> sobel = Choice("Sobel vertical", "1", "Edges", "Less noise")
    >>> found([sobel], "sob edge") == [("Edges", [sobel])]
    True
    """
    words = _plain(typed).split()
    named, mentioned = [], []
    # What is called just so stands first.
    for choice in sorted(choices, key=lambda choice: _plain(choice.name).split() != words):
        name = _plain(f"{choice.name} {choice.group}")
        if all(word in name for word in words):
            named.append(choice)
        elif all(word in f"{name} {_plain(choice.line)}" for word in words):
            mentioned.append(choice)
    groups = _grouped(named)
    return [*groups, (MENTIONED, mentioned)] if mentioned else groups


def _grouped(choices: Sequence[Choice]) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for choice in choices:
        groups.setdefault(choice.group, []).append(choice)
    return list(groups.items())


def _plain(text: str) -> str:
    """Return a text in small letters without accents and signs that no keyboard has."""
    split = unicodedata.normalize("NFKD", text.translate(_ALIKE).casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))
