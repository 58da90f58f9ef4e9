"""Child processes in which something goes wrong: what the file's name says, wherever it can."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from convlab.networks import trial
from convlab.networks.foreign import OnnxNode
from convlab.networks.network import Network
from convlab.runtime import network_child
from convlab.runtime.child_limits import Limits

ENOUGH = 96 << 20  # what the child may take, so that it need not take more [bytes]

_kept: list[Any] = []


def _swell(*_: object) -> None:
    _kept.append(np.ones(2 * ENOUGH, np.uint8))
    time.sleep(600)  # until the parent has seen it, if the system gave it


FAULTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "dies as a whole": (trial, "WholeSession", lambda *_: os.abort()),
    "dies in a node": (OnnxNode, "result_of", lambda *_: os.abort()),
    "hangs": (network_child, "run_nodes", lambda *_: time.sleep(600)),
    "swells": (trial, "WholeSession", _swell),
    "stumbles": (network_child, "run_nodes", lambda *_: 1 // 0),
}


def faulty(pipe: Connection) -> None:
    """Run the child, and let it fail as the file's name says."""
    patches, child = pytest.MonkeyPatch(), cast(Any, network_child)
    read = child.read_network

    def reading(path: Path, *rest: Any) -> Network:
        patches.undo()
        if path.stem in FAULTS:
            patches.setattr(*FAULTS[path.stem])
        network: Network = read(path, *rest)
        return network

    child.read_network = reading
    child.memory_for = lambda nbytes: ENOUGH
    network_child.run(pipe)


def unlimited(pipe: Connection) -> None:
    """As on systems that limit nothing: the parent has to look."""
    Limits.allow = lambda self, memory: None  # type: ignore[method-assign]
    faulty(pipe)
