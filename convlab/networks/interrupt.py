"""Leaving a pass of a graph that runs, from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupted(Exception):
    """A pass was left before its end."""


class Interrupt:
    """Says that a pass is to be left: asked between two layers, told to what runs as a whole.

    Attributes:
        is_set: It is to be left.
    """

    def __init__(self) -> None:
        self.is_set = False
        self._end: Callable[[], object] | None = None

    def set(self) -> None:
        """Leave the pass; may be called in any thread, and after its end."""
        self.is_set = True
        end = self._end
        if end is not None:
            end()

    def check(self) -> None:
        """Leave off here if that is wanted.

        Raises:
            Interrupted: It is.
        """
        if self.is_set:
            raise Interrupted

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Let something be called in the other thread while this one is in here.

        Raises:
            Interrupted: It has been set.
        """
        self._end = end  # before it is asked: whoever sets it then calls this
        try:
            self.check()
            yield
        except Exception:
            self.check()  # what was ended says so in its own words
            raise
        finally:
            self._end = None


NEVER = Interrupt()
"""That of a pass that nobody leaves."""
