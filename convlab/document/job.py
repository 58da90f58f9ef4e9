"""What the compute worker answers a request with, whichever lab it is for: a frozen snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.document import Lab
from convlab.document.request import AnyShown


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The answer to one request: something to show, or one message why not.

    Attributes:
        generation: Number of the request.
        frame: Number of the frame it was answered with.
        shown: What to paint, or None after an error.
        error: One message with its remedy, or None.
        turn: Number of the answer; what learns gives many to one request about one frame.
        lab: Whose it is.
    """

    generation: int
    frame: int
    shown: AnyShown | None = None
    error: str | None = None
    turn: int = 0
    lab: Lab | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Results are shown when this is above that of the last one shown."""
        return self.generation, self.frame, self.turn

    @property
    def is_complete(self) -> bool:
        """Nothing is left to be said about this frame."""
        return self.shown is None or self.shown.is_complete
