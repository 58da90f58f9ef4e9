"""FITS (version 4.0 of the standard): the first array of a file that is a picture.

Its library, astropy, takes 30 MB with what it needs; a picture that is not compressed is numbers
behind a header of 80 letters a line.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from convlab.io.bounds import MOST_FRAMES
from convlab.io.headers.claim import Claim, UnreadableError, require

MAGIC = b"SIMPLE  ="
_BLOCK, _CARD = 2880, 80
_MOST_CARDS, _MOST_UNITS = 20_000, 1_000
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[ED][+-]?\d+)?")
KINDS = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
"""By BITPIX."""


@dataclass(frozen=True, slots=True)
class Fits:
    """An array of a file.

    Attributes:
        kind: Of its numbers, as NumPy calls it.
        width: [px].
        height: [px]; the first row is the lowest.
        count: How many pictures lie behind one another.
        start: Where they begin.
        scale: A number is ``zero + scale × what is stored``.
        zero: See there.
        blank: What is stored where nothing was measured; None: nothing is.
    """

    kind: str
    width: int
    height: int
    count: int
    start: int
    scale: float
    zero: float
    blank: int | None


def claim(data: bytes) -> Claim:
    """Read what a file claims: a picture of it."""
    found = header(data)
    return Claim(found.width, found.height, 1, 4, 8 * found.width * found.height)


def header(data: bytes) -> Fits:
    """Read what a file says; its array must lie inside it.

    Raises:
        UnreadableError: It has none, or a compressed one.
        DamagedError: It is cut off.
    """
    place, units = 0, 0
    while place < len(data) and units < _MOST_UNITS:
        cards, start = _cards(data, place)
        sides = [_whole(cards, f"NAXIS{k + 1}") for k in range(_whole(cards, "NAXIS"))]
        bits = _whole(cards, "BITPIX")
        require(bits in KINDS and all(0 <= side < 1 << 31 for side in sides))
        if cards.get("ZIMAGE") == "T":
            raise UnreadableError("holds a compressed picture: unpack it with funpack")
        is_picture = "XTENSION" not in cards or cards["XTENSION"].startswith("'IMAGE")
        if is_picture and len(sides) >= 2 and all(sides):
            return _array(cards, sides, KINDS[bits], start, len(data))
        count = _whole(cards, "GCOUNT", 1) * (_whole(cards, "PCOUNT", 0) + math.prod(sides))
        size = abs(bits) // 8 * count if sides else 0
        require(size >= 0)
        place = start + -(-size // _BLOCK) * _BLOCK
        units += 1
    raise UnreadableError("holds tables and no picture: save its picture as TIFF with 32 bits")


def _array(cards: dict[str, str], sides: list[int], kind: str, start: int, size: int) -> Fits:
    width, height, *others = sides
    count = math.prod(others)
    require(count <= MOST_FRAMES and abs(int(kind[-1])) * math.prod(sides) <= size - start)
    blank = _whole(cards, "BLANK") if "BLANK" in cards and kind[-2] != "f" else None
    scale, zero = _decimal(cards, "BSCALE", 1.0), _decimal(cards, "BZERO", 0.0)
    return Fits(kind, width, height, count, start, scale, zero, blank)


def _cards(data: bytes, place: int) -> tuple[dict[str, str], int]:
    """Read a header; return its values by their names, and where what it describes begins."""
    found: dict[str, str] = {}
    for number in range(_MOST_CARDS):
        card = data[place + number * _CARD :][:_CARD]
        require(len(card) == _CARD)
        name = card[:8].decode("latin-1").rstrip()
        if name == "END":
            return found, place + -(-(number + 1) * _CARD // _BLOCK) * _BLOCK
        if card[8:10] == b"= ":
            found.setdefault(name, card[10:].decode("latin-1").partition("/")[0].strip())
    require(False)
    raise AssertionError


def _whole(cards: dict[str, str], name: str, usual: int | None = None) -> int:
    require(name in cards or usual is not None)
    return int(cards[name]) if name in cards else usual or 0


def _decimal(cards: dict[str, str], name: str, usual: float) -> float:
    if name not in cards:
        return usual
    found = _NUMBER.match(cards[name].upper())
    require(found is not None)
    assert found is not None
    return float(found[0].replace("D", "E"))
