"""Names that callers and files write, and the members of enums that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Made = TypeVar("Made")
Named = TypeVar("Named", bound=StrEnum)


def parse_name(kind: type[Named], text: str, subject: str) -> Named:
    """Return the member of that name; a member is its own.

    Args:
        kind: The enum.
        text: The name.
        subject: What is named, for the message.

    Raises:
        ValueError: If there is none; the message lists the names allowed.
    """
    try:
        return kind(text)
    except ValueError:
        allowed = ", ".join(kind)
        raise ValueError(f"{subject} {text!r} is unknown: choose one of {allowed}") from None


def also_called(
    **names: str,
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Let a function take arguments by other names, too: those that PyTorch's users know.

    Args:
        names: The other name of each, and its own.
    """

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @wraps(function)
        def call(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            for other in names.keys() & kwargs.keys():
                own = names[other]
                if own in kwargs:
                    raise TypeError(f"{other} is another name of {own}: give one of them")
                kwargs[own] = kwargs.pop(other)
            return function(*args, **kwargs)

        return call

    return decorate


def with_names(**names: str) -> Callable[[type[Made]], type[Made]]:
    """Let a class be made with arguments by other names, too; see ``also_called``."""

    def decorate(kind: Any) -> Any:
        kind.other_names = tuple(names)
        kind.__init__ = also_called(**names)(kind.__init__)
        return kind

    return decorate
