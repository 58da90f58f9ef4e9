"""Opening damaged files as the window does, and running what opens."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np

from convlab.document.stack.edits import set_arrays, set_layers
from convlab.document.stack.model import StackInput, StackState
from convlab.io.networks import NetworkError
from convlab.io.project import ProjectError
from convlab.io.reading import Cancelled
from convlab.io.stack_files import load_stack
from convlab.io.weights import WeightsError
from convlab.io.weights_fit import shapes_of
from convlab.io.weights_match import fill, offer_weights
from convlab.io.weights_plan import read_plan
from convlab.networks.runner import GraphRunner
from convlab.networks.trial import Progress
from convlab.runtime.network_child import UNFORESEEN
from convlab.runtime.network_process import NetworkProcess, Opening
from convlab.sources.spawning import waited
from tests.fuzz.mutations import mutate
from tests.fuzz.seeds import EXTERNAL, LAYERS, PICTURE, Seed, external_weights

LIMIT = 1.0  # what opening and running one may take before it is cancelled [s]
FRAMES = 3  # the whole runs from the second one on
SECRET = "secret.bin"


class Outcome(NamedTuple):
    """What came of one file.

    Attributes:
        kind: "opened", "own layers", "message", "cancelled"; else a fault: "unforeseen", "died".
        text: The message, or what went wrong.
        seconds: It took.
    """

    kind: str
    text: str = ""
    seconds: float = 0.0

    @property
    def is_fault(self) -> bool:
        """It should not have come to this."""
        return self.kind in ("unforeseen", "died", "late")


class NotingProcess(NetworkProcess):
    """Remembers why a network could not be tried to its end."""

    exceeded = ""

    def _open_own(self, path: Any, size: Any, why: str, *rest: Any) -> Opening:
        self.exceeded = why
        return super()._open_own(path, size, why, *rest)


class Fuzzer:
    """Makes files in a folder, opens and runs them.

    Args:
        folder: To be used for that alone; beside it lies what may not be read.
        seeds: What is damaged.
        process: Where networks are tried.
        limit: See LIMIT.
    """

    def __init__(
        self,
        folder: Path,
        seeds: tuple[Seed, ...],
        process: NotingProcess,
        limit: float = LIMIT,
    ) -> None:
        self.folder = folder / "files"
        self.secret = folder / SECRET
        self._seeds = seeds
        self._process = process
        self._limit = limit
        self.folder.mkdir()
        self.secret.write_bytes(external_weights())
        (self.folder / EXTERNAL).write_bytes(external_weights())
        (self.folder / "link").symlink_to("..")
        self._there = self._listed()

    def write(self, number: int) -> Path:
        """Write the file of a number, always the same."""
        rng = Random(number)
        seed = rng.choice(self._seeds)
        path = self.folder / f"{number}{seed.suffix}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zip files with two entries of one name
            path.write_bytes(mutate(seed, rng))
        return path

    def run(self, number: int) -> Outcome:
        """Try one; nothing but its own file is there afterwards."""
        path = self.write(number)
        self._process.exceeded = ""
        started = time.monotonic()
        is_network = path.suffix == ".onnx"
        try:
            outcome = self._network(path) if is_network else self._weights(path)
        except (NetworkError, WeightsError) as error:
            text = str(error)
            kind = "unforeseen" if UNFORESEEN in text else "message"
            outcome = Outcome(kind, text)
        except Cancelled:
            outcome = Outcome("cancelled")
        except Exception as error:
            outcome = Outcome("unforeseen", f"{type(error).__name__}: {error}")
        if "ends the process" in self._process.exceeded:
            outcome = Outcome("died", self._process.exceeded)
        path.unlink()
        assert self._listed() == self._there, "it wrote something"
        return outcome._replace(seconds=time.monotonic() - started)

    def _network(self, path: Path) -> Outcome:
        begun: list[float] = []  # once the child is there, and has begun

        def begin(_: Progress) -> None:
            begun.extend([] if begun else [self._clock()])

        def is_late() -> bool:
            return bool(begun) and self._clock() > begun[0] + self._limit

        opening = self._process.open(path, report=begin, is_cancelled=is_late)
        network, runner = opening.network, GraphRunner()
        for frame in range(FRAMES):
            x = np.random.default_rng(frame).standard_normal(network.shape, np.float32)
            runner.run(network.graph, x, whole=opening.runs_whole)
        return Outcome("own layers" if opening.note else "opened", opening.note)

    def _clock(self) -> float:
        """Return a time that stands still while other programs have all processors [s]."""
        return time.monotonic() - waited(self._process.pid)

    def _weights(self, path: Path) -> Outcome:
        """Fill a stack's layers one by one and all together, and run it."""
        state, errors = StackState.of(LAYERS, "fuzz", StackInput()), []
        wanted = [slot.uid for slot in state.slots if shapes_of(slot.layer)]
        for uid in wanted:
            try:
                offer = offer_weights(path, state, uid)
                arrays = fill(offer, offer.likely).arrays
            except WeightsError as error:
                errors.append(error)
                continue
            state = set_arrays(state, {uid: arrays})
        with suppress(WeightsError):
            state = set_layers(state, read_plan(path, state).with_likely().layers)
        self._chain(path)
        if len(errors) == len(wanted):
            raise errors[0]
        x = np.random.default_rng(0).standard_normal(PICTURE[1:], np.float32)
        with np.errstate(all="ignore"):
            state.stack().forward(x)
        return Outcome("opened")

    def _chain(self, path: Path) -> None:
        """Make a chain of weights whose names tell the layers, and run it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what was assumed
                stack = load_stack(path)
        except ProjectError:
            return
        shape = PICTURE[1:]
        try:
            stack.shapes(shape)
        except ValueError:
            return  # it is for other pictures
        with np.errstate(all="ignore"):
            stack.forward(np.zeros(shape, np.float32))

    def _listed(self) -> set[str]:
        return {each.name for each in (*self.folder.iterdir(), *self.folder.parent.iterdir())}


@contextmanager
def opened_files(folder: Path) -> Iterator[Callable[[], list[str]]]:
    """Watch which files of a folder any process opens or makes; on Linux only.

    Gives:
        What returns their names since it was called last.
    """
    if sys.platform != "linux":
        yield list
        return
    library: Any = ctypes.CDLL(None, use_errno=True)
    number = library.inotify_init1(os.O_NONBLOCK)
    opened, made = 0x20, 0x100  # IN_OPEN, IN_CREATE
    library.inotify_add_watch(number, os.fsencode(folder), opened | made)

    def names() -> list[str]:
        try:
            data = os.read(number, 1 << 20)
        except BlockingIOError:
            return []
        found = []
        while data:
            _, _, _, length = struct.unpack_from("iIII", data)
            found.append(os.fsdecode(data[16 : 16 + length].rstrip(b"\0")))
            data = data[16 + length :]
        return [name for name in found if name]

    try:
        yield names
    finally:
        os.close(number)
