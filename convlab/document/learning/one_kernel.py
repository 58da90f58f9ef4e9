"""A kernel that is to be learned: what it shall do, and how it learns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KernelTask:
    """What a kernel shall learn to do to the picture, and how.

    Attributes:
        preset: Name of the kernel whose result is wished.
    """

    preset: str = "Sobel vertical"


@dataclass(frozen=True, slots=True)
class KernelViewing:
    """What is looked at while a kernel learns; not undone.

    Attributes:
        is_playing: Steps are taken as long as it is on the screen.
    """

    is_playing: bool = False
