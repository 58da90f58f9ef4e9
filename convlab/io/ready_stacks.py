"""Reads the stacks that come with the program."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from convlab.document.stack.model import Marks, StackState, first_stack
from convlab.document.stack.opened import opened
from convlab.document.stack.ready import EMPTY, FIRST, OPENED, READY_STACKS
from convlab.io.networks import load_network
from convlab.io.project import load_project
from convlab.paths import resource

FACES, FACE_OFFSETS = "faces", "boxes"
"""Names of layers of a network that finds faces."""


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
    if key in OPENED:
        return _opened(key)
    return load_project(resource("stacks", f"{key}.convlab")).stack


@lru_cache(maxsize=len(OPENED))  # it takes a second or two, and a list wants it for its picture
def _opened(key: str) -> StackState:
    """Return a network of another program; the same layers each time, with their weights."""
    [title] = [ready.title for ready in READY_STACKS if ready.key == key]
    state = opened(load_network(resource("networks", f"{key}.onnx")), title)
    named = {slot.name: slot.uid for slot in state.slots}
    if FACES in named:
        marks = Marks(named[FACES], 1, offsets=named[FACE_OFFSETS])
        state = replace(state, marks=marks)
    return state
