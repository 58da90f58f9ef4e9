"""What an error says, as a sentence that stands alone."""

from __future__ import annotations


def as_sentence(error: Exception) -> str:
    """Return an error's message with a capital and a full stop.

    The engine's messages follow a colon elsewhere. A file's name keeps its letters.
    """
    text = str(error)
    is_file = "." in text.split(" ", 1)[0]
    first = text[:1] if is_file else text[:1].upper()
    return first + text[1:] + ("" if text.endswith(".") else ".")
