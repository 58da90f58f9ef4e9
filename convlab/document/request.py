"""What the workers that compute are asked for, and who answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from convlab.document.document import Document, Viewing
from convlab.document.frame import Frame
from convlab.document.learning.training import Training
from convlab.networks.interrupt import Interrupt

LATER = 3600.0
"""Until something wakes the worker [s]."""


class Outdated(Exception):
    """What was computed has given way to an edit."""


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What is wanted on the screen, and what it is made of.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        document: What is computed.
        viewing: What is looked at; its lab is the one that answers.
        frame: The newest picture.
        training: Where the training of a network stands; None before the first.
        is_held: A hand drags something that changes the document: no range moves under it.
        interrupt: Set when it may be left: an edit waits, and all that is new in this is the frame.
            What answers an edit is never left, or there was nothing to see of a drag.
    """

    generation: int
    document: Document
    viewing: Viewing
    frame: Frame
    training: Training | None = None
    is_held: bool = False
    interrupt: Interrupt = field(default_factory=Interrupt)

    def give_way(self) -> None:
        """Leave off here if an edit waits; for evaluators that take long.

        Raises:
            Outdated: One does.
        """
        if self.interrupt.is_set:
            raise Outdated


class AnyJob(Protocol):
    """What the job of every lab has."""

    @property
    def generation(self) -> int:
        """Number of the request; a later one has seen later edits."""

    @property
    def frame(self) -> Frame:
        """The picture, by which the books are kept."""

    @property
    def input_size(self) -> tuple[int, int]:
        """(rows, columns) of it."""


class AnyShown(Protocol):
    """What every lab paints: the rest is between its evaluator and its widget."""

    @property
    def job(self) -> AnyJob:
        """What was asked for."""

    @property
    def is_complete(self) -> bool:
        """Nothing is left to be said, or to be learned, about this frame."""


class LabEvaluator:
    """Computes what a lab shows. Not thread-safe: one worker owns it.

    Attributes:
        due: When what is not complete may be answered again [s of perf_counter].
    """

    due: float = 0.0

    def answer(self, request: Request) -> AnyShown:
        """Return everything the window paints for a request.

        Raises:
            ValueError: It cannot be computed; one message with the remedy.
            Outdated: An edit waits.
        """
        raise NotImplementedError


class PageEvaluator:
    """Computes what stands beside a lab's picture, for as long as there is anything.

    Not thread-safe: one worker owns it.
    """

    def answer(self, shown: Any) -> AnyShown | None:
        """Return the pages that are looked at; None: there are none.

        Args:
            shown: What the lab's evaluator has made of the newest picture.

        Raises:
            ValueError: They cannot be computed; one message with the remedy.
        """
        raise NotImplementedError
