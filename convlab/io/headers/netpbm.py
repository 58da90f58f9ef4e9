"""Netpbm: PBM, PGM and PPM, as text and as bytes, and PAM (the manual pages of the formats)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from convlab.io.headers.claim import Claim, DamagedError, require

_SEARCHED = 256 * 1024
_GAP = rb"(?:\s|#[^\n\r]*[\n\r])+"
_SIZE = re.compile(rb"P([1-6])" + (_GAP + rb"(\d{1,9})") * 2)
_MAXIMUM = re.compile(_GAP + rb"(\d{1,5})")
_PAM = re.compile(rb"P7\s*\n(?:[^\n]*\n)*?ENDHDR\s*\n")
_PAM_LINE = re.compile(rb"^(WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE)\s+(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Netpbm:
    """What such a file says of itself.

    Attributes:
        kind: 1 to 7, the number behind its P.
        width: [px].
        height: [px].
        samples: Of each pixel.
        maximum: The number of white.
        start: Where the pixels begin.
    """

    kind: int
    width: int
    height: int
    samples: int
    maximum: int
    start: int

    @property
    def is_text(self) -> bool:
        """The numbers are written as text."""
        return self.kind < 4

    @property
    def sample(self) -> int:
        """How many bytes a number takes."""
        return 1 if self.maximum < 256 else 2


def is_netpbm(data: bytes) -> bool:
    """Tell whether bytes begin like such a file."""
    return data[:1] == b"P" and data[1:2] in b"1234567" and data[2:3] in b" \t\r\n\v\f#"


def header(data: bytes) -> Netpbm:
    """Read what a file says; its pixels must lie inside it."""
    found = _pam(data) if data[:2] == b"P7" else _plain(data)
    require(0 < found.maximum < 65536 and 0 < found.samples <= 4)
    count = found.width * found.samples
    if found.kind == 1:
        row = found.width  # a digit each
    elif found.is_text:
        row = 2 * count  # a digit and what parts it
    elif found.kind == 4:
        row = (found.width + 7) // 8
    else:
        row = count * found.sample
    require(row * found.height <= len(data) - found.start + found.is_text)
    return found


def claim(data: bytes) -> Claim:
    """Read what a file claims."""
    found = header(data)
    numbers = found.width * found.height * found.samples
    working = 8 * numbers if found.is_text else numbers * found.sample
    return Claim(found.width, found.height, max(found.samples, 1), found.sample, working)


def _plain(data: bytes) -> Netpbm:
    size = _SIZE.match(data, 0, _SEARCHED)
    if size is None:
        raise DamagedError
    kind, width, height = (int(number) for number in size.groups())
    maximum, end = 1, size.end()
    if kind not in (1, 4):
        most = _MAXIMUM.match(data, end, _SEARCHED)
        if most is None:
            raise DamagedError
        maximum, end = int(most[1]), most.end()
    if kind > 3:
        require(data[end : end + 1].isspace())
        end += 1
    return Netpbm(kind, width, height, 3 if kind in (3, 6) else 1, maximum, end)


def _pam(data: bytes) -> Netpbm:
    head = _PAM.match(data, 0, _SEARCHED)
    if head is None:
        raise DamagedError
    said = dict(_PAM_LINE.findall(head[0]))
    width, height, depth, maximum = (
        int(said.get(name, b"0")) for name in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL")
    )
    return Netpbm(7, width, height, depth, maximum, head.end())
