"""What can be taken along of a view: its picture, its values, its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from convlab.engine.arrays import AnyArray


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What a view shows.

    Attributes:
        name: What it is; a file is called so.
        values: The true ones, one to three dimensions; None where there are none.
        picture: What is seen; None: the view as it is painted.
        text: The values, where they are no array.
        reset: Shows all of it again; None where nothing can be moved.
    """

    name: str
    values: AnyArray | None = None
    picture: QImage | None = None
    text: str = ""
    reset: Callable[[], None] | None = None


@runtime_checkable
class Takeable(Protocol):
    """A picture, map, grid or plot with a menu of its own."""

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return what can be taken along of what lies at a place [px]; None for nothing."""
