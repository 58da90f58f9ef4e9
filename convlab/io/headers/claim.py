"""What a picture file says that it unpacks to."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class DamagedError(Exception):
    """A part of the file does not lie inside it, or contradicts another."""


class UnreadableError(Exception):
    """A healthy file that the decoder gets wrong; the text follows its name and has the remedy."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What decoding would need, by the file's own words.

    Attributes:
        width: As stored, before any turn [px].
        height: As stored [px].
        channels: Of the decoded picture.
        sample: One number of it [bytes].
        working: What the decoder needs beside the result [bytes].
    """

    width: int
    height: int
    channels: int
    sample: int = 1
    working: int = 0

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    @property
    def memory(self) -> int:
        """What result and decoder need together [bytes]."""
        return self.pixels * self.channels * self.sample + self.working


def require(is_fine: bool) -> None:
    """Raise DamagedError unless something is as it must be."""
    if not is_fine:
        raise DamagedError


@contextmanager
def damage_found() -> Iterator[None]:
    """Raise DamagedError for what reading a header of damaged bytes raises."""
    try:
        yield
    except (struct.error, IndexError, ValueError, OverflowError, StopIteration) as error:
        raise DamagedError from error
