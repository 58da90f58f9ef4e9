"""A network that is to be trained: what it learns from, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkTask:
    """What a network learns from, and how.

    Attributes:
        data: Name of the data set.
    """

    data: str = "digits"


@dataclass(frozen=True, slots=True)
class NetworkViewing:
    """What is looked at while a network learns; not undone.

    Attributes:
        sample: Which held-out picture is seen going through the layers.
    """

    sample: int = 0
