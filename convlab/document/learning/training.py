"""Where the training of a network stands: what its worker tells, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.layers import Stack


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """Where training stands.

    Attributes:
        stack: What was learned so far.
        step: How many were taken.
    """

    stack: Stack
    step: int
