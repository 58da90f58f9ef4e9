"""A file's name as it can be shown: whatever its bytes are, it is one line of plain text."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

LONGEST = 60  # characters
_ELLIPSIS = "…"
_NOT_SHOWN = {
    "Cc",
    "Cf",
    "Cs",
    "Co",
    "Zl",
    "Zp",
}  # what has no shape, or turns what stands around it
_JOINERS = "\u200c\u200d"  # belong to the spelling of Persian, of Indian languages and of emoji


def shown_name(path: str | os.PathLike[str]) -> str:
    """Return a file's name for messages, lists and titles; a folder's root has its whole path.

    Line breaks become blanks; bytes that are no text, control characters and marks that turn the
    writing's direction become U+FFFD; a long name is cut in its middle.

    >>> shown_name("/tmp/two lines.png")
    'two lines.png'
    """
    return shown_text(Path(path).name or str(path))


def shown_text(name: str) -> str:
    """Return a name, or a part of a path, likewise."""
    name = "".join(_shown(sign) for sign in name)
    if len(name) <= LONGEST:
        return name
    end = LONGEST // 3
    return f"{name[: LONGEST - end - 1]}{_ELLIPSIS}{name[-end:]}"


def _shown(sign: str) -> str:
    if sign in "\n\r\t\v\f":
        return " "
    is_hidden = unicodedata.category(sign) in _NOT_SHOWN and sign not in _JOINERS
    return "\ufffd" if is_hidden else sign
