"""The process in which networks from elsewhere are read, built and run before anybody relies on it.

What it runs may crash, never end, or take all memory there is: then this process ends, and the
window's does not notice. It owns its main thread and nothing else, and imports no Qt.
"""

from __future__ import annotations

import dataclasses
import gc
import logging
import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.engine import heap
from convlab.io.graph_form import from_form, to_form
from convlab.io.networks import NetworkError, read_network
from convlab.networks.bounds import AGAIN
from convlab.networks.network import Network
from convlab.networks.trial import Progress, Stage, bytes_of, run_nodes, run_whole
from convlab.runtime.child_limits import Limits, memory_for, seconds_for
from convlab.runtime.child_messages import (
    Failed,
    Needs,
    Opened,
    Ready,
    Request,
    Step,
    TrialRequest,
    receive,
    receive_parts,
    send,
)

log = logging.getLogger(__name__)

UNFORESEEN = "This network cannot be opened, because of an error inside the program"


def run(pipe: Connection) -> None:
    """Answer one request after another until the parent is gone; the child's main function."""
    # Ctrl+C in a terminal reaches the whole group: the parent decides when its child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _import_all()
    gc.freeze()  # nothing of that is ever garbage
    limits = Limits()
    with suppress(EOFError, OSError):
        send(pipe, Ready())
        while True:
            _Answer(pipe, limits).give()
            gc.collect()
            heap.give_back()


def _import_all() -> None:
    """Import what takes long before anybody waits for it."""
    with suppress(ImportError):
        import onnx.inliner
        import onnx.reference
        import onnx.version_converter  # noqa: F401
        import onnxruntime  # noqa: F401


class _Answer:
    """What the child does with one request."""

    def __init__(self, pipe: Connection, limits: Limits) -> None:
        self._pipe = pipe
        self._limits = limits
        self._nbytes = 0  # of the file, and of what it keeps beside it

    def give(self) -> None:
        """Wait for a request and answer it.

        Raises:
            EOFError, OSError: The parent is gone.
        """
        request = receive(self._pipe)
        try:
            if isinstance(request, Request):
                self._open(request)
            elif isinstance(request, TrialRequest):
                network = from_form(request.form, receive_parts(self._pipe, request.form))
                self._needs(0, bytes_of(network))
                runs_whole = self._tried(network, "This network", own_only=False)
                send(self._pipe, Opened(None, runs_whole))
        except NetworkError as error:
            send(self._pipe, Failed(str(error)))
        except MemoryError:
            send(self._pipe, Failed(""))
        except (EOFError, OSError):
            raise
        except Exception as error:
            log.exception("Trying a network failed")
            what = f"{type(error).__name__}: {error}"[:200]
            send(self._pipe, Failed(f"{UNFORESEEN} ({what}): please report it."))
        finally:
            self._limits.end()

    def _open(self, request: Request) -> None:
        path = Path(os.fsdecode(request.path))
        self._nbytes = nbytes = _size(path)
        self._needs(nbytes, nbytes)
        network = read_network(path, request.size, self._report, request.own_only)
        self._needs(self._nbytes, bytes_of(network))
        runs_whole = self._tried(network, shown_name(path), request.own_only)
        form, parts = to_form(network)
        send(self._pipe, Opened(form, runs_whole), parts)

    def _tried(self, network: Network, name: str, own_only: bool) -> bool:
        """Run a network in all ways in which it will be run; return whether it runs as a whole.

        Raises:
            NetworkError: It does not run at all.
        """
        try:
            run_nodes(network, self._report)
        except ValueError as error:
            why = str(error).rstrip(".").replace(": ", ", ")
            raise NetworkError(
                f"{name} cannot be opened as a network, because it does not run ({why}): {AGAIN}."
            ) from error
        return not own_only and run_whole(network, self._report)

    def _needs(self, nbytes: int, memory: int) -> None:
        allowed = memory_for(memory)
        self._limits.begin(seconds_for(nbytes))
        self._limits.allow(allowed)
        send(self._pipe, Needs(nbytes, allowed))

    def _report(self, progress: Progress) -> None:
        if progress.stage is Stage.READ and not progress.done and progress.total:
            self._nbytes += progress.total
            self._needs(self._nbytes, self._nbytes)
        send(self._pipe, Step(*dataclasses.astuple(progress)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
