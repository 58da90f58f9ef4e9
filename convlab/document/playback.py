"""How a source with a time line plays: films, and files of several pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.layers.parameters import choice, flag


class Speed(StrEnum):
    """How fast it plays."""

    QUARTER = "0.25"
    HALF = "0.5"
    NORMAL = "1"
    DOUBLE = "2"
    FOURFOLD = "4"
    EVERY = "every"

    @property
    def factor(self) -> float:
        """How often its own speed; 0 where no time is kept."""
        return 0.0 if self is Speed.EVERY else float(self.value)


@dataclass(frozen=True, slots=True)
class Playback:
    """How films and files of several pictures play.

    Attributes:
        loop: Behind the last frame comes the first.
        speed: One of ``Speed``.
    """

    loop: bool = field(
        default=True,
        metadata=flag("Loop", "Begin again behind the last frame; else stop there."),
    )
    speed: Speed = field(
        default=Speed.NORMAL,
        metadata=choice(
            "Speed",
            (
                (Speed.QUARTER, "¼×"),
                (Speed.HALF, "½×"),
                (Speed.NORMAL, "1×"),
                (Speed.DOUBLE, "2×"),
                (Speed.FOURFOLD, "4×"),
                (Speed.EVERY, "every frame"),
            ),
            "How fast it plays. What comes too fast to be shown is dropped and counted; "
            "<i>every frame</i> waits until each one has been painted.",
            noun="speed of the film",
        ),
    )


USUAL_PLAYBACK = Playback()
