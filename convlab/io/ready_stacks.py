"""Reads the stacks that come with the program."""

from __future__ import annotations

from dataclasses import replace

from convlab.document.stack.model import StackState, first_stack
from convlab.document.stack.ready import EMPTY, FIRST, READY_STACKS
from convlab.io.project import load_project
from convlab.paths import resource


def read_ready_stack(key: str) -> StackState:
    """Return a stack of READY_STACKS.

    Raises:
        ValueError: There is none with this key, or its file is broken.
        OSError: Its file cannot be read.
    """
    if key == FIRST:
        return first_stack()
    if key == EMPTY:
        return replace(first_stack(), slots=(), title="Untitled", next_uid=1)
    if key not in {ready.key for ready in READY_STACKS}:
        raise ValueError(f"There is no ready stack {key!r}.")
    return load_project(resource("stacks", f"{key}.convlab")).stack
