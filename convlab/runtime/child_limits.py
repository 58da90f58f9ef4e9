"""What a child process that runs what nobody knows may take: memory, time, and no file."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

OWN_MEMORY = 500 << 20  # beside four times weights and results [bytes]
_TIMES = 4
_SECONDS = 10.0
_SECONDS_PER_BYTE = 0.1 / (1 << 20)
_GRACE = 30.0  # the parent ends the child long before


def memory_for(nbytes: int) -> int:
    """Return what opening and running may take [bytes].

    Args:
        nbytes: Of all weights and results together, as far as they are known.
    """
    return OWN_MEMORY + _TIMES * nbytes


def seconds_for(nbytes: int) -> float:
    """Return how long opening and running may take [s].

    Args:
        nbytes: Of the file and what belongs to it.
    """
    return _SECONDS + _SECONDS_PER_BYTE * nbytes


def resident(pid: int | None) -> int | None:
    """Return how much memory of the machine a process has [bytes]; None where nobody tells."""
    readers = {
        "linux": _resident_of_linux,
        "darwin": _resident_of_mac,
        "win32": _resident_of_windows,
    }
    if pid is None or sys.platform not in readers:
        return None
    try:
        return readers[sys.platform](pid)
    except (OSError, ValueError, IndexError, AttributeError):
        return None  # it has ended, or is not ours


class Limits:
    """Those of the process that makes this; beyond them the system gives it nothing."""

    def __init__(self) -> None:
        self._data = _statm("self", 5) if sys.platform == "linux" else 0
        # What faulthandler writes when time is over; it stays open as long as the process lives.
        self._nowhere: IO[str] = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        _limit("RLIMIT_FSIZE", 0)  # not a byte into any file
        _limit("RLIMIT_CORE", 0)

    def allow(self, memory: int) -> None:
        """Let the process take so much beyond what it has when this is made [bytes].

        Linux counts all memory that can be written; elsewhere the parent looks at what it has.
        """
        if sys.platform == "linux":
            _limit("RLIMIT_DATA", self._data + memory)

    def begin(self, seconds: float) -> None:
        """End the process if it does not say ``end`` in time, even if nobody else lives."""
        faulthandler.dump_traceback_later(seconds + _GRACE, file=self._nowhere, exit=True)

    def end(self) -> None:
        """What was begun has ended."""
        faulthandler.cancel_dump_traceback_later()


def _limit(name: str, most: int) -> None:
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most, hard))


def _statm(pid: int | str, place: int) -> int:
    numbers = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    return int(numbers[place]) * os.sysconf("SC_PAGE_SIZE")


def _resident_of_linux(pid: int) -> int | None:
    return _statm(pid, 1)


def _resident_of_mac(pid: int) -> int | None:
    """Ask libproc for a proc_taskinfo, whose second number is the resident size."""
    info = (ctypes.c_uint64 * 12)()
    library: Any = ctypes.CDLL(None)
    got = library.proc_pidinfo(pid, 4, ctypes.c_uint64(0), info, ctypes.sizeof(info))
    return int(info[1]) if got > 0 else None


def _resident_of_windows(pid: int) -> int | None:
    """Ask for PROCESS_MEMORY_COUNTERS, whose fourth field is the working set."""
    kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(0x1000, False, pid))
    counters = (ctypes.c_size_t * 10)()  # two 32-bit numbers, then sizes
    try:
        done = kernel.K32GetProcessMemoryInfo(handle, counters, ctypes.sizeof(counters))
        return int(counters[2]) if done else None
    finally:
        kernel.CloseHandle(handle)
