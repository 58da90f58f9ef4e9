"""Small pictures for lists, made in a thread of its own while somebody looks at the list."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QObject, Signal

from convlab.document.frame import Frame
from convlab.engine.arrays import ByteArray
from convlab.runtime.priority import go_behind_window

log = logging.getLogger(__name__)


class Thumbnail(NamedTuple):
    """What is shown of an entry of a list as soon as it is known.

    Attributes:
        pixels: Contiguous BGRA ``(H, W, 4)`` uint8; None: there is no picture of it.
        detail: A figure or two.
    """

    pixels: ByteArray | None
    detail: str = ""


Thumbnails: TypeAlias = Iterator[tuple[str, Thumbnail]]
"""Keys of entries with what is shown of them, made one after another; holds nothing of Qt."""


class Thumbnailer(QObject):
    """One thread for all lists, of which one is open at a time. Lives in the window's thread.

    Args:
        present_frame: Returns the newest frame that was shown, or None.

    Signals:
        made: There is something to be delivered.
    """

    made = Signal()

    def __init__(
        self, present_frame: Callable[[], Frame | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.present_frame = present_frame
        self._stopping = threading.Event()
        self._made: deque[tuple[threading.Event, str, Thumbnail]] = deque()
        self._take: Callable[[str, Thumbnail], None] | None = None
        self._pool = ThreadPoolExecutor(1, "convlab-thumbnails", initializer=go_behind_window)
        self.made.connect(self.deliver)

    def make(self, thumbnails: Thumbnails, take: Callable[[str, Thumbnail], None]) -> None:
        """Begin to make pictures, and leave those in hand.

        Args:
            thumbnails: Runs in the thread.
            take: Gets each of them, in the window's thread.
        """
        self.cancel()
        self._stopping, self._take = threading.Event(), take
        self._pool.submit(self._run, thumbnails, self._stopping)

    def cancel(self) -> None:
        """Make no more, after the one in hand, and deliver none."""
        self._stopping.set()
        self._take = None

    def deliver(self) -> None:
        """Hand over what has been made."""
        while self._made:
            stopping, key, thumbnail = self._made.popleft()
            if self._take is not None and not stopping.is_set():
                self._take(key, thumbnail)

    def stop(self) -> None:
        """End the thread."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, thumbnails: Thumbnails, stopping: threading.Event) -> None:
        try:
            while not stopping.is_set():
                made = next(thumbnails, None)
                if made is None:
                    break
                self._made.append((stopping, *made))
                self.made.emit()
        except Exception:
            log.exception("The pictures of a list could not be made")
