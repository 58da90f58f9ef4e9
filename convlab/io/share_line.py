"""One line of text that holds something to be passed on: in a message, a forum, a lesson.

``convlab1.KIND.PAYLOAD.CHECK``: the version of the form, what it is, MessagePack deflated as base64
of letters that no address breaks, and the CRC-32 of all before. Blanks and line ends within are
ignored, for programs wrap long lines. A line is read as if a stranger had written it: nothing is
unpacked before its checksum holds, and never more than a bound. Other kinds add a name and a type.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

VERSION = 1
LONGEST = 2048
"""Letters of a line that is passed on."""
_MOST_UNPACKED = 1 << 16
_LINE = re.compile(r"convlab([0-9]{1,4})\.([a-z-]{1,20})\.([A-Za-z0-9_-]*)\.([0-9a-f]{8})")
_BEGINNING = re.compile(r"\s*convlab[0-9]{1,4}\s*\.")


class ShareError(ValueError):
    """A line cannot be read or written; the text is one message with its remedy."""


def is_line(text: str) -> bool:
    """Tell whether a text begins as such a line does."""
    return _BEGINNING.match(text) is not None


def pack(kind: str, form: msgspec.Struct, longest: int = LONGEST) -> str:
    """Return the line that holds a form.

    Args:
        kind: What it is.
        form: Of a type that ``unpack`` is given for this kind.
        longest: Letters that it may have.

    Raises:
        ShareError: It would be longer.
    """
    packed = zlib.compress(msgspec.msgpack.encode(form), 9)
    payload = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    body = f"convlab{VERSION}.{kind}.{payload}"
    line = f"{body}.{_check(body)}"
    if len(line) > longest:
        raise ShareError(
            f"This {kind} needs {len(line):,} letters, and a line to share has at most "
            f"{longest:,}: write it to a file instead."
        )
    return line


def unpack(text: str, kinds: Mapping[str, type[Any]], longest: int = LONGEST) -> Any:
    """Return the form that a line holds.

    Args:
        text: The line.
        kinds: The types of the kinds that have a place here.
        longest: Letters that it may have.

    Raises:
        ShareError: It is damaged, of a newer version, too long, or of another kind.
    """
    line = "".join(text[: 2 * longest + 2].split())
    if len(line) > longest:
        raise ShareError(f"The line has more than {longest:,} letters: copy the line alone.")
    match = _LINE.fullmatch(line)
    if match is None or match[4] != _check(line.rpartition(".")[0]):
        raise ShareError("The line is damaged, letters are missing or wrong: copy it again.")
    version, kind, payload, _ = match.groups()
    if int(version) > VERSION:
        raise ShareError("The line was written by a newer ConvLab: update ConvLab.")
    if kind not in kinds:
        allowed = " or a ".join(kinds)
        raise ShareError(f"The line holds a {kind}: paste a {allowed} here.")
    try:
        return msgspec.msgpack.decode(_inflated(payload), type=kinds[kind])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ShareError(f"The line holds no {kind} that can be used: ask for another.") from None


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _inflated(payload: str) -> bytes:
    """Return what was deflated, unless it is more than anybody needs."""
    try:
        packed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        inflater = zlib.decompressobj()
        data = inflater.decompress(packed, _MOST_UNPACKED)
    except (binascii.Error, zlib.error):
        raise ShareError("The line does not unpack: ask for another.") from None
    if not inflater.eof or inflater.unused_data:
        raise ShareError("The line unpacks to more than it may: ask for another.")
    return data
