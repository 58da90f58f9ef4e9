"""The ``convlab`` command: the window, or one of the commands without one."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run ``convlab [doctor | bench | window options]``; returns the exit code.

    Each command is imported only when it is wanted: the doctor must work where the others fail.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    match arguments[:1]:
        case ["doctor"]:
            from convlab import doctor

            return doctor.main(arguments[1:])
        case ["bench"]:
            from convlab import bench

            return bench.main(arguments[1:])
    from convlab import app

    return app.main(arguments)
