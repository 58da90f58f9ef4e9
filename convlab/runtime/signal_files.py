"""What the worker reads for the signal lab: sounds and tables."""

from __future__ import annotations

from pathlib import Path

from convlab.engine.arrays import AnyArray


def read_signal(path: str) -> AnyArray:
    """Return what a sound or a table holds, ``(n,)``.

    Raises:
        ValueError: It cannot be read; one sentence with the remedy.
    """
    # Until the readers of sounds and tables are there.
    raise ValueError(f"{Path(path).name} cannot be read yet: choose another signal.")
