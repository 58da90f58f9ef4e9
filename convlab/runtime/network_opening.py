"""Opening networks without blocking: a thread asks a child process, which reads and tries them.

    opener = NetworkOpener(parent)
    opener.changed.connect(self._on_opening)      # a bound method of a QObject of the window
    opener.open(path)                             # whatever was being opened before is cancelled
    ...
    def _on_opening(self) -> None:
        if (outcome := opener.outcomes.take()) is not None:
            if outcome.error: ...                 # one message
            elif outcome.opening is None: ...     # it was cancelled
            else: ...                             # outcome.stack, outcome.opening.network, .note
        elif (progress := opener.progress.take()) is not None: ...      # paint it

``opening.runs_whole`` says whether a ``GraphRunner`` may make sessions of the whole graph:
``runner.run(graph, x, whole=opening.runs_whole)``. What is handed over was run before, and needs
nothing of the file any more. Call ``stop`` before the window is gone.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from convlab.document.file_name import shown_name
from convlab.document.stack.model import StackState
from convlab.document.stack.opened import opened
from convlab.io.reading import Cancelled
from convlab.networks.network import Network
from convlab.networks.trial import Progress
from convlab.runtime.latest import Latest
from convlab.runtime.network_process import NetworkProcess, Opening
from convlab.runtime.priority import go_behind_window

log = logging.getLogger(__name__)

_NO_ROOM = "There is no room for another process: close other programs and try again."


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of a request.

    Attributes:
        subject: The path, or the network that was to be tried.
        opening: The network and how it may be run; None if there is none.
        error: One message with its remedy; "" without an error, and where it was cancelled.
        stack: What the stack lab shows of a file that was opened; None if it cannot.
    """

    subject: str | os.PathLike[str] | Network
    opening: Opening | None
    error: str = ""
    stack: StackState | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    number: int
    subject: str | os.PathLike[str] | Network
    size: tuple[int, int] | None = None
    title: str = ""


class NetworkOpener(QObject):
    """Opens one network at a time, the one that was asked for last. Lives in the window's thread.

    Its thread and its child process begin with the first request, and wait for more until ``stop``.

    Args:
        parent: Owns it.
        process: Where networks are tried; tests have others.

    Signals:
        changed: ``progress`` or ``outcomes`` has something to take.

    Attributes:
        progress: Where it stands, the newest only.
        outcomes: What came of it.
    """

    changed = Signal()

    def __init__(
        self, parent: QObject | None = None, process: NetworkProcess | None = None
    ) -> None:
        super().__init__(parent)
        self.progress: Latest[Progress] = Latest()
        self.outcomes: Latest[Outcome] = Latest()
        self._process = process or NetworkProcess()
        self._wake = threading.Event()
        self._requests: Latest[_Request] = Latest(self._wake)
        self._stopping = threading.Event()
        self._number = 0  # of the newest request; another one cancels it
        self._thread: threading.Thread | None = None
        self._works = False

    @property
    def is_busy(self) -> bool:
        """Something is being opened."""
        return self._works or self._requests.is_full()

    def open(
        self,
        path: str | os.PathLike[str],
        size: tuple[int, int] | None = None,
        title: str = "",
    ) -> None:
        """Begin to open a network; what is being opened is cancelled, and has no outcome.

        Args:
            path: A file that ``load_network`` reads.
            size: (rows, columns) of the picture, where the file leaves them open [px].
            title: What it is called; "": as its file.
        """
        self._begin(path, size, title)

    def try_network(self, network: Network) -> None:
        """Begin to try one that came with a project, which runs nothing before that is done."""
        self._begin(network)

    def cancel(self) -> None:
        """Leave it, within a twentieth of a second; the outcome has neither network nor error."""
        self._number += 1

    def stop(self) -> None:
        """End child and thread; returns when both have ended."""
        self._number += 1
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _begin(
        self,
        subject: str | os.PathLike[str] | Network,
        size: tuple[int, int] | None = None,
        title: str = "",
    ) -> None:
        self._number += 1
        self._requests.put(_Request(self._number, subject, size, title))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="convlab-networks")
            self._thread.start()

    # ---- the thread ----

    def _work(self) -> None:
        go_behind_window()
        try:
            while not self._stopping.is_set():
                self._wake.wait()
                self._wake.clear()
                request = self._requests.take()
                if request is not None:
                    self._works = True
                    outcome = self._answer(request)
                    self._works = False
                    self._deliver(request, outcome)
        finally:
            self._process.kill()

    def _answer(self, request: _Request) -> Outcome:
        def is_cancelled() -> bool:
            return request.number != self._number

        def report(progress: Progress) -> None:
            if not is_cancelled() and self.progress.put(progress):
                self.changed.emit()

        subject = request.subject
        try:
            return _shown(request, self._opening(request, report, is_cancelled))
        except Cancelled:
            return Outcome(subject, None)
        except ValueError as error:
            return Outcome(subject, None, str(error))
        except OSError:
            return Outcome(subject, None, _NO_ROOM)
        except Exception as error:
            log.exception("Opening a network failed")
            return Outcome(subject, None, f"This network could not be opened: {error}.")

    def _opening(
        self,
        request: _Request,
        report: Callable[[Progress], None],
        is_cancelled: Callable[[], bool],
    ) -> Opening:
        subject = request.subject
        if not isinstance(subject, Network):
            return self._process.open(subject, request.size, report, is_cancelled)
        return Opening(subject, self._process.try_network(subject, report, is_cancelled))

    def _deliver(self, request: _Request, outcome: Outcome) -> None:
        """Hand an outcome over, unless another request has come since."""
        if self._requests.is_full() or self._stopping.is_set():
            return
        if request.number != self._number:  # it was cancelled when all was done
            outcome = Outcome(request.subject, None)
        self.progress.take()
        self.outcomes.put(outcome)
        self.changed.emit()
        # The next one does not wait for a process to start.
        if self._process.pid is None:
            self._process.warm()


def _shown(request: _Request, opening: Opening) -> Outcome:
    """Return what was opened, and what is shown of it: to guess its input takes long."""
    subject = request.subject
    if isinstance(subject, Network):
        return Outcome(subject, opening)
    try:
        title = request.title or Path(subject).stem
        stack = opened(opening.network, title, opening.runs_whole)
    except ValueError as error:
        why = f"{shown_name(subject)} cannot be shown, because {error}."
        return Outcome(subject, opening, why)
    return Outcome(subject, opening, stack=stack)
