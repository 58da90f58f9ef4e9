"""Files that travel inside a Document: what it shows must not depend on where they lie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Asset:
    """The bytes of a file. Two are equal if their digests are; documents share one object.

    Attributes:
        digest: SHA-256 of the bytes, 64 hexadecimal digits.
        data: The file as it was, encoded.
    """

    digest: str
    data: bytes = field(repr=False, compare=False)

    @classmethod
    def of(cls, data: bytes) -> Asset:
        """Take the bytes of a file; not in the window's thread, because all of them are read."""
        return cls(hashlib.sha256(data).hexdigest(), data)

    @property
    def nbytes(self) -> int:
        """How much memory it takes [bytes]."""
        return len(self.data)
