"""One row of numbers for the frames of all sources."""

from __future__ import annotations


class FrameNumbers:
    """Numbers the frames of all sources in one row, keeping the gaps a source left."""

    def __init__(self) -> None:
        self.next = 0
        self._base = 0
        self._first: int | None = None

    def restart(self) -> None:
        """A new source counts from zero (or from where it had got to before it took over)."""
        self._base = self.next
        self._first = None

    def number(self, index: int) -> int:
        """Return the number of a source's frame in the common row."""
        if self._first is None:
            self._first = index
        number = self._base + index - self._first
        self.next = number + 1
        return number
