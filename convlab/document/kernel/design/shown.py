"""What the design pages paint; made in the worker."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.painted import Painted
from convlab.engine.arrays import FloatArray

NamedPicture = tuple[str, Painted]
"""What a picture is called, and the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignShown:
    """One page.

    Attributes:
        pictures: From top to bottom.
        text: What there is to be said, in one or two messages.
        figures: Numbers, one a line.
        is_warning: The text is about something that is wrong, or undetermined.
        kernel: What could be used as kernel, ``(kh, kw)``; None: there is nothing.
    """

    pictures: tuple[NamedPicture, ...] = ()
    text: str = ""
    figures: str = ""
    is_warning: bool = False
    kernel: FloatArray | None = None
