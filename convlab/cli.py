"""The ``convlab`` command: the window, or one of the commands without one."""

from __future__ import annotations

import sys
from collections.abc import Callable


def main(arguments: list[str] | None = None) -> int:
    """Run ``convlab [doctor | bench | window options]``; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = _commands().get(arguments[0]) if arguments else None
    if command is not None:
        return command(arguments[1:])
    from convlab.app import main as window

    return window(arguments)


def _commands() -> dict[str, Callable[[list[str]], int]]:
    from convlab import bench, doctor

    return {"doctor": doctor.main, "bench": bench.main}


if __name__ == "__main__":
    raise SystemExit(main())
