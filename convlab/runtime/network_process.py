"""The parent's side of the process that tries networks: starts it, asks it, ends it in time."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from convlab.document.file_name import shown_name
from convlab.io.graph_form import Part, from_form, to_form
from convlab.io.networks import NetworkError
from convlab.io.reading import Cancelled
from convlab.networks.network import Network
from convlab.networks.trial import WHOLE, Progress, Report, first_foreign, silent
from convlab.runtime import network_child
from convlab.runtime.child_limits import memory_for, resident, seconds_for
from convlab.runtime.child_messages import (
    Failed,
    Message,
    Needs,
    Opened,
    Request,
    Step,
    TrialRequest,
    receive,
    receive_parts,
    send,
)
from convlab.runtime.mapped_room import mapped_room
from convlab.sources.spawning import waited, without_main_module

PATIENCE = 0.05  # how long a cancel may have to wait [s]
_END_LIMIT = 2.0
_START_SECONDS, _START_MEMORY = 60.0, 1 << 30
MOST_LEFT = 256 << 20  # of an answer: a child that keeps more is replaced [bytes]


class Opening(NamedTuple):
    """A network that was opened and tried.

    Attributes:
        network: It.
        runs_whole: It may run as a whole in a session of ONNX Runtime; else each node is to be run
            by itself.
        note: Why it may not, as one message; "" if it may, or none is installed.
    """

    network: Network
    runs_whole: bool
    note: str = ""


class Exceeded(Exception):
    """The child died, did not end in time, or wanted too much memory; the text says which."""


class NetworkProcess:
    """A child process that waits until there is a network to be tried. One thread owns it.

    Args:
        main: What the child runs; tests have others.
    """

    def __init__(self, main: Callable[[Connection], None] = network_child.run) -> None:
        self._main = main
        self._child: _Child | None = None

    def warm(self) -> None:
        """Start the child unless it runs.

        Raises:
            OSError: There is no room for a process.
        """
        if self._child is None:
            self._child = _Child(self._main)

    @property
    def pid(self) -> int | None:
        """Of the child; None if there is none."""
        return None if self._child is None else self._child.pid

    def open(
        self,
        path: str | os.PathLike[str],
        size: tuple[int, int] | None = None,
        report: Report = silent,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Opening:
        """Read, build and run a network there, and return it.

        What ends the child, or exceeds its limits, is opened once more on our own layers alone.

        Args:
            path: As ``load_network``.
            size: As ``load_network``.
            report: Told of each step, in this thread.
            is_cancelled: Asked all the time.

        Raises:
            NetworkError: One message with its remedy.
            Cancelled: As soon as that is wanted.
        """
        name = os.fsencode(os.fspath(path))
        last = _Last(report)
        try:
            opened, network = self._ask(Request(name, size, False), last, is_cancelled)
        except Exceeded as error:
            return self._open_own(path, size, f"{last.culprit} {error}", report, is_cancelled)
        assert network is not None
        return Opening(network, opened.runs_whole)

    def try_network(
        self,
        network: Network,
        report: Report = silent,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Run a network that was read elsewhere, of a project for instance.

        Returns:
            Whether it may run as a whole in a session.

        Raises:
            NetworkError: It may not run at all, as a node that has no layer of ours fails.
            Cancelled: As soon as that is wanted.
        """
        form, parts = to_form(network)
        last = _Last(report)
        try:
            opened, _ = self._ask(TrialRequest(form), last, is_cancelled, parts)
        except Exceeded as error:
            foreign = first_foreign(network)
            if foreign is None:
                return False
            raise NetworkError(
                f"This network cannot be run, because {last.named(foreign)} {error}."
            ) from None
        return opened.runs_whole

    def kill(self) -> None:
        """End the child, whatever it is doing; may be called twice."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _open_own(
        self,
        path: str | os.PathLike[str],
        size: tuple[int, int] | None,
        why: str,
        report: Report,
        is_cancelled: Callable[[], bool],
    ) -> Opening:
        """Open a network without any session.

        Raises:
            NetworkError: A node has no layer of ours.
            Cancelled: As soon as that is wanted.
        """
        name = os.fsencode(os.fspath(path))
        try:
            _, network = self._ask(Request(name, size, True), _Last(report), is_cancelled)
        except (Exceeded, NetworkError):
            raise NetworkError(
                f"{shown_name(path)} cannot be opened as a network, because {why}."
            ) from None
        assert network is not None
        note = f"{shown_name(path)} runs on ConvLab's own layers alone, because {why}."
        return Opening(network, False, note)

    def _ask(
        self,
        request: Request | TrialRequest,
        last: _Last,
        is_cancelled: Callable[[], bool],
        parts: list[Part] | None = None,
    ) -> tuple[Opened, Network | None]:
        """Send a request and follow it to its end.

        Raises:
            NetworkError: The child says that it cannot be done.
            Exceeded: The child ended, or had to.
            Cancelled: As soon as that is wanted.
        """
        self.warm()
        assert self._child is not None
        child, is_done = self._child, False
        try:
            answer = child.ask(request, parts or [], last, is_cancelled)
            is_done = not child.is_swollen()
            return answer
        except NetworkError:
            is_done = not child.is_swollen()
            raise
        finally:
            if not is_done:
                self.kill()


class _Last:
    """What the child did last: if it dies, that was too much."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._progress: Progress | None = None

    def note(self, step: Step) -> None:
        """Remember a step, and pass it on."""
        self._progress = Progress(step.stage, step.done, step.total, step.node, step.operation)
        self._report(self._progress)

    @property
    def culprit(self) -> str:
        """What was at work."""
        last = self._progress
        if last is None or not last.node:
            return "reading it"
        if last.node == WHOLE:
            return "running all of its nodes in one session"
        return f"its node {last.node!r} ({last.operation})"

    def named(self, foreign: tuple[str, str]) -> str:
        """Return what was at work, or if all were the node that can only run in a session."""
        last = self._progress
        if last is not None and last.node and last.node != WHOLE:
            return self.culprit
        name, operation = foreign
        return f"its node {name!r} ({operation})"


class _Child:
    """One process."""

    def __init__(self, main: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=main, args=(theirs,), name="networks", daemon=True)
        with without_main_module():
            self._process.start()
        theirs.close()  # the child's end lives in the child alone: its death is our end of file
        self.pid = self._process.pid
        self._is_ready = False
        self._idle: int | None = None

    def ask(
        self,
        request: Request | TrialRequest,
        parts: list[Part],
        last: _Last,
        is_cancelled: Callable[[], bool],
    ) -> tuple[Opened, Network | None]:
        """See ``NetworkProcess``."""
        try:
            self._await_ready(is_cancelled)
            watch = _Watch(self.pid, is_cancelled)
            send(self._pipe, request, parts)
            while True:
                message = self._next(watch)
                match message:
                    case Step():
                        last.note(message)
                    case Needs():
                        watch.allow(seconds_for(message.nbytes), message.memory)
                    case Failed(text):
                        raise NetworkError(text) if text else Exceeded(watch.too_large())
                    case Opened(form):
                        if form is None:
                            return message, None
                        return message, from_form(
                            form, receive_parts(self._pipe, form, mapped_room)
                        )
        except (EOFError, OSError, ValueError) as error:
            if isinstance(error, NetworkError):
                raise
            raise Exceeded(
                "ends the process that tries it: export it again with another opset"
            ) from error

    def _await_ready(self, is_cancelled: Callable[[], bool]) -> None:
        """Wait until it has imported what it needs, which is no part of any limit.

        Raises:
            Cancelled: As soon as that is wanted.
            Exceeded: It takes forever.
        """
        if self._is_ready:
            return
        watch = _Watch(self.pid, is_cancelled)
        watch.allow(_START_SECONDS, _START_MEMORY)
        self._next(watch)
        self._is_ready = True
        self._idle = resident(self.pid)

    def _next(self, watch: _Watch) -> Message:
        while not self._pipe.poll(PATIENCE):
            watch.check()
        watch.check()
        return receive(self._pipe)

    def is_swollen(self) -> bool:
        """Tell whether it keeps so much memory that another one had better take its place."""
        now = resident(self.pid)
        return now is not None and self._idle is not None and now - self._idle > MOST_LEFT

    def kill(self) -> None:
        """End it, whatever it is doing."""
        self._pipe.close()
        self._process.kill()
        self._process.join(_END_LIMIT)
        with suppress(ValueError):
            self._process.close()


class _Watch:
    """Ends what takes too long or too much."""

    def __init__(self, pid: int | None, is_cancelled: Callable[[], bool]) -> None:
        self._pid = pid
        self._is_cancelled = is_cancelled
        self._started, self._waited = time.monotonic(), waited(pid)
        self._idle = self._resident()
        self._seconds, self._memory = seconds_for(0), memory_for(0)

    def allow(self, seconds: float, memory: int) -> None:
        """Take over what the child may use [s, bytes]."""
        self._seconds, self._memory = seconds, memory

    def check(self) -> None:
        """Look at everything once.

        Raises:
            Cancelled: Nobody waits any more.
            Exceeded: It is too much.
        """
        if self._is_cancelled():
            raise Cancelled
        # While other programs have all processors, the child cannot help it.
        took = time.monotonic() - self._started - (waited(self._pid) - self._waited)
        if took > self._seconds:
            raise Exceeded(
                f"did not end within {self._seconds:.0f} s: choose a smaller network or picture"
            )
        if self._resident() - self._idle > self._memory:
            raise Exceeded(self.too_large())

    def too_large(self) -> str:
        """Return what is said of too much memory."""
        return (
            f"takes more than the {self._memory >> 20} MB that its size allows: choose a smaller "
            "network or picture"
        )

    def _resident(self) -> int:
        return resident(self._pid) or 0
