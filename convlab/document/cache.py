"""The last answer of each stage of a computation, made again only when its key changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")


class StageCache:
    """Keeps one answer a stage, that of the last key; not thread-safe, one worker owns it."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[object, Any]] = {}

    def __call__(self, stage: str, key: object, make: Callable[[], Answer]) -> Answer:
        """Return the stage's last answer if its key is the same, else make a new one.

        Args:
            stage: Its name.
            key: All that the answer depends on. Items of a tuple are the same where they are one
                object, as arrays must be, or equal.
            make: Returns the answer.
        """
        kept = self._answers.get(stage)
        if kept is None or kept[0] != key:
            kept = self._answers[stage] = (key, make())
        return cast(Answer, kept[1])

    def forget(self, stage: str) -> None:
        """Let go of what a stage kept alive."""
        self._answers.pop(stage, None)
