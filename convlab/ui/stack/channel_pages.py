"""Which of the maps that come in are on the page that is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ChannelPages:
    """The maps that come in, so many on a page.

    >>> pages = ChannelPages((4, 5, 6, 7, 8), 2).turned(1)
    >>> pages.channels, pages.text, pages.turned(9).text
    ((6, 7), '3–4 of 5', '5 of 5')

    Attributes:
        every: Numbers of all maps, in the order of the pages.
        size: How many have room on a page.
        number: Of the page that is shown, from 0.
    """

    every: tuple[int, ...] = ()
    size: int = 1
    number: int = 0

    @property
    def count(self) -> int:
        """How many pages there are."""
        return -(-len(self.every) // self.size)

    @property
    def channels(self) -> tuple[int, ...]:
        """Numbers of the maps on the page."""
        first = self.number * self.size
        return self.every[first : first + self.size]

    @property
    def is_first(self) -> bool:
        """None is before it."""
        return self.number == 0

    @property
    def is_last(self) -> bool:
        """None is after it."""
        return self.number + 1 >= self.count

    @property
    def text(self) -> str:
        """Which maps are shown, like ``1–8 of 64`` or ``3 of 64``; empty where all are."""
        if self.count < 2:
            return ""
        first = self.number * self.size + 1
        last = first + len(self.channels) - 1
        rows = f"{first}–{last}" if last > first else f"{first}"
        return f"{rows} of {len(self.every)}"

    def turned(self, pages: int) -> ChannelPages:
        """Return these at another page, so many further on; there is none beyond the last."""
        number = min(max(self.number + pages, 0), max(self.count - 1, 0))
        return replace(self, number=number)

    def turned_to(self, channel: int) -> ChannelPages:
        """Return these at the page of a map; at the same if it is on none."""
        if channel not in self.every:
            return self
        return replace(self, number=self.every.index(channel) // self.size)
