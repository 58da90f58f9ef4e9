"""Names of the classes that a network knows: from its metadata, or from a text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from convlab.networks.file_facts import FileFacts

MOST_CLASSES = 22_000
"""The most classes that can have names; ImageNet-21k has 21,841."""

LONGEST_CLASS = 80  # [characters]

IMAGENET = "convlab.imagenet"
"""The note that a reader adds where a file names no classes and has as many as ImageNet."""

_NOTES = ("convlab.classes", "names", "classes", "class_names", "labels", "id2label", IMAGENET)
_PAIR = re.compile(r"(\d{1,6})\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")")
_SYNSET = re.compile(r"n\d{8}[\s,:]+(?:\d+\s+)?")  # of WordNet, before the name
_NUMBER = re.compile(r"\d{1,6}\s*[:,;\t]\s*")


def names_in(facts: FileFacts, count: int) -> tuple[str, ...]:
    """Return the names in a file's notes, if there are so many; else none."""
    for key in _NOTES:
        if key in facts.notes:
            names = parse_names(facts.notes[key])
            if len(names) == count:
                return names
    return ()


def parse_names(text: str) -> tuple[str, ...]:
    r"""Return the names in a text: a name a line, or a list or a mapping in brackets.

    Numbers and WordNet's "n01440764" before a name are left off; a long name is cut.

    >>> parse_names("0: cat\n1: dog")
    ('cat', 'dog')
    >>> parse_names("{0: 'cat', 1: 'dog'}"), parse_names('["cat", "dog"]')
    (('cat', 'dog'), ('cat', 'dog'))
    """
    text = text.lstrip("\ufeff").strip()
    names = _bracketed(text) if text[:1] in ("[", "{") else None
    if names is None:
        names = [_bare(line) for line in text.splitlines()]
        if len(names) == 1 and "," in text:
            names = text.split(",")
    return tuple(_tidy(name) for name in names[: MOST_CLASSES + 1] if name.strip())


def _bracketed(text: str) -> list[str] | None:
    """Return names written as JSON, or as Python writes a dict; None: as neither."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        pairs = [(int(n), one or two) for n, one, two in _PAIR.findall(text)]
        return _in_order(dict(pairs)) if pairs else None
    if isinstance(found, dict):
        numbered = {int(key): each for key, each in found.items() if key.isdecimal()}
        if not numbered:  # the other way round: a number for each name
            numbered = {n: key for key, n in found.items() if isinstance(n, int)}
        return _in_order(numbered)
    return [_said(each) for each in found] if isinstance(found, list) else None


def _in_order(names: Mapping[int, Any]) -> list[str]:
    """Return numbered names, if none is left out."""
    whole = sorted(names) == list(range(len(names)))
    return [_said(names[number]) for number in sorted(names)] if whole else []


def _said(name: Any) -> str:
    """Return a name; of a synset and a name the latter."""
    if isinstance(name, list):
        name = name[-1] if name else ""
    return name if isinstance(name, str) else ""


def _bare(line: str) -> str:
    line = line.strip()
    return _NUMBER.sub("", _SYNSET.sub("", line, count=1), count=1) or line


def _tidy(name: str) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return name if len(name) <= LONGEST_CLASS else name[: LONGEST_CLASS - 1] + "…"
