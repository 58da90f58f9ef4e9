"""What the parts of every lab say of themselves: of the document, and of the viewing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self


class LabState:
    """The base of what can be edited in a lab; what holds for most labs."""

    __slots__ = ()

    def outside(self) -> dict[str, tuple[str, str]]:
        """Return the files that it names and does not hold: each with its kind and path."""
        return {}

    def with_paths(self, paths: Mapping[str, str]) -> Self:
        """Return this with other paths of such files; an empty one leaves the file off."""
        del paths
        return self


class LabViewing:
    """The base of what is looked at in a lab; what holds for most labs."""

    __slots__ = ()

    @property
    def shows_source(self) -> bool:
        """What is on the screen is made of the source's picture."""
        return True

    @property
    def shows_training(self) -> bool:
        """What is on the screen is made of a network in training."""
        return False

    @property
    def shows_pages(self) -> bool:
        """Something is looked at that takes longer than the picture, and stands beside it."""
        return False

    def turned_to(self, before: Any, after: Any) -> Self:
        """Return this with that looked at in which two states of the lab differ."""
        del before, after
        return self

    def remembered(self) -> dict[str, Any]:
        """Return what a project remembers, by the names in its file."""
        return {}

    def recalled(self, remembered: Mapping[str, Any], state: Any) -> Self:
        """Return this with what was remembered; what was not stays, or begins again.

        Args:
            remembered: Of all labs, as far as it is known.
            state: What the document has of the lab: what is not in it cannot be looked at.
        """
        del remembered, state
        return self
