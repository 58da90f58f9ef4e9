"""What is asked of a camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.layers.parameters import choice, flag


class CameraSize(StrEnum):
    """How large a picture is asked for."""

    SMALL = "640x480"
    MIDDLE = "1280x720"
    LARGE = "1920x1080"
    LARGEST = "3840x2160"

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height [px]."""
        width, _, height = self.value.partition("x")
        return int(width), int(height)


class CameraRate(StrEnum):
    """How many pictures a second are asked for."""

    OWN = "own"
    SLOW = "15"
    USUAL = "30"
    FAST = "60"

    @property
    def fps(self) -> float | None:
        """The rate [1/s]; None: the camera's own."""
        return None if self is CameraRate.OWN else float(self.value)


@dataclass(frozen=True, slots=True)
class CameraOptions:
    """What is asked of a camera; it gives what comes nearest.

    Attributes:
        size: One of ``CameraSize``.
        rate: One of ``CameraRate``.
        mirror: Left and right are exchanged, as in a mirror.
    """

    size: CameraSize = field(
        default=CameraSize.MIDDLE,
        metadata=choice(
            "Size",
            tuple((size, size.value.replace("x", " × ")) for size in CameraSize),
            "How large a picture is asked for. The camera gives the nearest that it has.",
            unit="px",
            noun="size of the camera's picture",
        ),
    )
    rate: CameraRate = field(
        default=CameraRate.OWN,
        metadata=choice(
            "Rate",
            (
                (CameraRate.OWN, "its own"),
                *((rate, f"{rate.value} fps") for rate in list(CameraRate)[1:]),
            ),
            "How many pictures a second are asked for. For a chosen rate the camera may pack its "
            "pictures as JPEG, which shows in flat areas.",
            noun="rate of the camera",
        ),
    )
    mirror: bool = field(
        default=False,
        metadata=flag(
            "Mirror",
            "Exchange left and right, as a mirror does. Off, writing can be read and a digit "
            "stays what it is.",
        ),
    )

    @property
    def asked(self) -> tuple[CameraSize, CameraRate]:
        """What the camera itself is asked for: for another it is opened again."""
        return self.size, self.rate


USUAL_CAMERA = CameraOptions()
