"""Keeps unsaved work in the user's state folder and finds what was kept, in a thread of its own.

Its own: a project that is being saved to a slow disk must not hold up what is kept on the way out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convlab.document.document import Document
from convlab.io import kept_work
from convlab.io.kept_work import KeptWork, Note

log = logging.getLogger(__name__)

# A folder that does not answer for so long counts as one that cannot be written [s].
PATIENCE = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Kept work of a process that has ended.

    Attributes:
        kept_at: When it was kept, in local time.
        others: How many older pieces there are.
        document: The work; None if it was not read (yet).
        project: The file it belongs to, if that is as it was.
        lab: The name of the lab that was in sight.
        message: Why it cannot be read, and where it is now.
    """

    kept_at: datetime
    others: int
    document: Document | None = None
    project: Path | None = None
    lab: str = ""
    message: str = ""


class Keeper(QObject):
    """Lives in the window's thread; the files are the worker's alone.

    Args:
        root: The folder of all kept work.
        parent: Owns it.

    Signals:
        looked: ``found`` is new.
    """

    looked = Signal()

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None
        self._root = root
        self._pool = ThreadPoolExecutor(1, "convlab-keeping")
        # Of the worker's thread:
        self._own: KeptWork | None = None
        self._claimed: KeptWork | None = None
        self._others = 0

    def look(self, read: bool) -> None:
        """Look for the newest kept work of a process that has ended.

        Args:
            read: Read it at once, unless the last one who did that was ended by it.
        """
        self._start(lambda: self._look(read))

    def read(self) -> None:
        """Read what was found; from then on it is this process's own."""
        self._start(self._read)

    def settle(self) -> None:
        """Note that what was read is shown, and harms nobody."""
        self._start(self._settle)

    def keep(self, document: Document, note: Callable[[], Note]) -> Future[str]:
        """Keep a document in place of the last; the result is why it could not be, or empty."""
        return self._pool.submit(self._keep, document, note)

    def keep_now(self, document: Document, note: Callable[[], Note]) -> str:
        """Keep a document and wait until that is done; return why it could not be, or empty."""
        try:
            return self.keep(document, note).result(PATIENCE)
        except TimeoutError:
            return f"{self._root} does not answer"

    def leave(self) -> None:
        """Leave what was kept of this process to the next: other work takes its place here."""
        self._start(self._leave)

    def forget(self) -> None:
        """Remove what was kept of this process: it is saved, or nobody wants it."""
        self._start(self._forget)

    def discard_found(self) -> None:
        """Remove what was found without reading it."""
        self._start(self._discard_found)

    def stop(self) -> None:
        """Finish what was begun, let go of everything, and end the thread."""
        self._start(self._release)
        self._pool.shutdown(wait=True)

    # ---- the thread ----

    def _start(self, work: Callable[[], object]) -> None:
        self._pool.submit(self._run, work)

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            log.exception("Kept work could not be handled")

    def _look(self, read: bool) -> None:
        if self._claimed is None:
            self._claimed, self._others = kept_work.claim_newest(self._root)
        if self._claimed is None:
            self._notify(None)
        elif read and not self._claimed.is_marked:
            self._read()
        else:
            self._notify(Found(self._claimed.kept_at, self._others))

    def _read(self) -> None:
        kept = self._claimed
        if kept is None:
            return
        kept_at, note = kept.kept_at, kept.note()
        kept.mark()
        try:
            document = kept.read()
        except Exception as error:
            log.warning("Kept work cannot be read", exc_info=True)
            self._claimed = None
            place = kept.set_aside()
            text = (
                f"The work kept from {kept_at:%H:%M} cannot be opened ({error}) It is in {place}."
            )
            self._notify(Found(kept_at, self._others, message=text))
            return
        self._leave()
        self._own, self._claimed = kept, None
        self._notify(Found(kept_at, self._others, document, note.project_path(), note.lab))

    def _settle(self) -> None:
        if self._own is not None:
            self._own.unmark()

    def _notify(self, found: Found | None) -> None:
        self.found = found
        self.looked.emit()

    def _keep(self, document: Document, note: Callable[[], Note]) -> str:
        try:
            if self._own is None:
                self._own = kept_work.create(self._root)
            self._own.write(document, note())
        except OSError as error:
            return f"{self._root}: {error.strerror or error}"
        except ValueError as error:
            return str(error)
        except Exception as error:
            log.exception("Work could not be kept")
            return str(error)
        return ""

    def _leave(self) -> None:
        if self._own is not None:
            self._own.release()
            self._own = None

    def _forget(self) -> None:
        if self._own is not None:
            self._own.delete()
            self._own = None

    def _discard_found(self) -> None:
        if self._claimed is not None:
            self._claimed.delete()
            self._claimed = None

    def _release(self) -> None:
        self._leave()
        if self._claimed is not None:
            self._claimed.release()
            self._claimed = None
