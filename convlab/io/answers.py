"""Which project files may open what they name, kept by the digest of their bytes."""

from __future__ import annotations

import logging
import threading
from hashlib import sha256
from pathlib import Path

import msgspec

from convlab.io import bounds
from convlab.io.rejection import Rejection, read_regular_file
from convlab.io.safe_write import write_bytes
from convlab.paths import user_data_dir

MOST_ANSWERS = 1000
_FILE = "projects.json"

log = logging.getLogger(__name__)


def digest_of(data: bytes) -> str:
    """Return by what a file is known, wherever it lies and whatever its name."""
    return sha256(data).hexdigest()


class Answers:
    """The answers given so far, the newest last; safe to be asked from several threads.

    Args:
        folder: Where they are kept; the user's data folder if None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = (folder or user_data_dir()) / _FILE
        self._lock = threading.Lock()
        self._given: dict[str, bool] = {}  # by this process, also where no file can be written

    def get(self, digest: str) -> bool | None:
        """Return what was answered; None if nobody was asked."""
        with self._lock:
            return (self._stored() | self._given).get(digest)

    def keep(self, digest: str, may_open: bool) -> None:
        """Remember an answer; where that is impossible, as long as the program runs."""
        with self._lock:
            self._given[digest] = may_open
            stored = self._stored()
            stored.pop(digest, None)
            newest = dict([*stored.items(), (digest, may_open)][-MOST_ANSWERS:])
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                write_bytes(self._file, msgspec.json.encode(newest))
            except OSError as error:
                log.warning("Answers cannot be kept in %s: %s", self._file, error)

    def _stored(self) -> dict[str, bool]:
        try:
            return msgspec.json.decode(
                read_regular_file(self._file, bounds.LARGEST_ANSWERS_FILE), type=dict[str, bool]
            )
        except (Rejection, msgspec.MsgspecError):
            return {}
