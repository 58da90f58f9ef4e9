"""What projects up to version 3 remember of the signal lab: places counted from the first value."""

from __future__ import annotations

from typing import Any


def with_places(plain: dict[str, Any]) -> dict[str, Any]:
    """Let a project of version 3 name the place c that is looked at, and a view that there is.

    Args:
        plain: ``project.json`` as plain data, not checked yet: what is no view stays as it is.
    """
    view, signal = plain.get("view"), plain.get("signal")
    if isinstance(view, dict):
        view = dict(view)
        position = view.pop("position", None)
        if isinstance(position, int):
            view["c"] = position - _first_lag(signal if isinstance(signal, dict) else {})
        if view.get("tab") == "terms":  # they are in sight always
            view["tab"] = "table"
        plain = plain | {"view": view}
    return plain | {"version": 4}


def _first_lag(signal: dict[str, Any]) -> int:
    """Return how far before 0 the result begins, in samples."""
    count = signal.get("count", 1)
    is_convolution = signal.get("is_turned", True)
    return 0 if is_convolution or not isinstance(count, int) else count - 1
