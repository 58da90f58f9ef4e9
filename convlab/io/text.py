"""Text from bytes, whichever of the usual encodings it has."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from convlab.io.rejection import Rejection

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 1024  # bytes, of which UTF-16 without a mark has a zero in most pairs
_SHORTEST = 8  # bytes
_BLOCK = 1 << 20  # bytes decoded at once
_NO_TEXT = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1a"})  # Ctrl+Z may end a table
_WESTERN = "cp1252"  # what most of Latin-1 is as well
_ASCII = bytes(range(128))
_MOST_FOREIGN = 0.3  # of its letters: more is no language that it is for
_REMEDY = "save it as UTF-8"


def decode(data: bytes, remedy: str = _REMEDY) -> str:
    """Return a text without the mark of its encoding; each line ends with a newline.

    Raises:
        Rejection: It is no text; with that remedy.
    """
    try:
        return "".join(lines(data))
    except Rejection as error:
        raise Rejection(error.why, remedy) from None


def lines(data: bytes) -> Iterator[str]:
    """Give one line after the other, with its end; nobody ever holds them all.

    UTF-8, UTF-16 and UTF-32 are told by their marks, UTF-16 also by its zeros; what is no UTF-8 is
    Windows-1252.

    Raises:
        Rejection: It is no text.
    """
    data, encoding = _eight_bits(data)
    if len(data.translate(None, _NO_TEXT)) < len(data):
        raise Rejection("it is no text", _REMEDY)
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace")


def _eight_bits(data: bytes) -> tuple[bytes, str]:
    """Return bytes of which each below 128 is that letter, and their encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return (rest, encoding) if encoding == "utf-8" else (_as_utf_8(rest, encoding), "utf-8")
    head = data[:_LOOKED_AT]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= _SHORTEST and 4 * head[first::2].count(0) > len(head):
            return _as_utf_8(data, encoding), "utf-8"
    if _is_utf_8(data):
        return data, "utf-8"
    if len(data.translate(None, _ASCII)) > _MOST_FOREIGN * len(data):
        raise Rejection("it is no text", _REMEDY)
    return data, _WESTERN


def _as_utf_8(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError:
        raise Rejection("it is no text", _REMEDY) from None


def _is_utf_8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _BLOCK):
            decoder.decode(data[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
