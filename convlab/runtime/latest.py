"""A box with one place, between a thread that puts and a thread that takes."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Latest(Generic[Item]):
    """Holds the newest item only, and counts the dropped: those replaced before anyone took them.

    Queues between a fast producer and a slow consumer grow without bound and deliver the past; this
    box has neither fault.
    """

    def __init__(self, wake: threading.Event | None = None) -> None:
        """Optionally share an event that is set by every ``put``: one thread may wait for many."""
        self._changed = threading.Condition()
        self._item: Item | None = None
        self._wake = wake
        self._replaced = 0

    def put(self, item: Item) -> bool:
        """Store an item; return True if the box was empty, so that its taker must be told."""
        with self._changed:
            was_empty = self._item is None
            self._replaced += not was_empty
            self._item = item
        if self._wake is not None:
            self._wake.set()
        return was_empty

    def take(self) -> Item | None:
        """Empty the box and return what was in it, or None."""
        with self._changed:
            item, self._item = self._item, None
            self._changed.notify_all()
        return item

    def is_full(self) -> bool:
        """Tell whether there is something to take."""
        return self._item is not None

    def wait_taken(self, timeout: float) -> bool:
        """Wait until the box is empty, ``timeout`` seconds at most; return whether it is.

        Whoever makes the next item only then makes none that nobody sees.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._item is None, timeout)

    @property
    def replaced(self) -> int:
        """How many items were replaced before they were taken."""
        return self._replaced
