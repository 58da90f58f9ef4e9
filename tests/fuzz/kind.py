"""A kind of files that are damaged and opened, and what comes of each."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

LIMIT = 1.0  # of the processor [s]
FREE = 50 << 20  # beside four times what the header promises as float32 [bytes]

Seeds: TypeAlias = list[tuple[str, bytes]]


class Outcome(NamedTuple):
    """What came of one file.

    Attributes:
        kind: "opened" or "message"; else a fault: "unforeseen", "late", "large".
        text: The message, or what went wrong.
        seconds: It took of the processor.
        grown: How much more memory there was at its peak than before; 0 where nothing tells.
    """

    kind: str
    text: str = ""
    seconds: float = 0.0
    grown: int = 0

    @property
    def is_fault(self) -> bool:
        """It should not have come to this."""
        return self.kind not in ("opened", "message")


class Kind(NamedTuple):
    """A kind of files.

    Attributes:
        seeds: Makes healthy ones, by what they are.
        mutated: Damages one of them; the same number gives the same.
        tried: Opens one, by its number, what it is, and its bytes.
    """

    seeds: Callable[[], Seeds]
    mutated: Callable[[Seeds, int], tuple[str, bytes]]
    tried: Callable[[int, str, bytes], Outcome]


def kinds_of(kind: Kind, count: int) -> Counter[str]:
    """Open damaged files; return how often each kind of outcome was, no fault among them."""
    healthy, kinds, faults = kind.seeds(), Counter[str](), []
    for number in range(count):
        name, data = kind.mutated(healthy, number)
        outcome = kind.tried(number, name, data)
        kinds[outcome.kind] += 1
        if outcome.is_fault:
            faults.append((number, name, outcome))
    assert not faults
    return kinds


def measured(promised: int, decode: Callable[[], tuple[str, str]]) -> Outcome:
    """Decode a file, and hold what comes of it against the limits.

    Args:
        promised: What its header promises, as float32 [bytes].
        decode: Does it; returns the kind of what came of it, and the text.
    """
    before = reset_peak()
    started = time.process_time()
    kind, text = decode()
    seconds = time.process_time() - started
    grown = max(peak() - before, 0) if before else 0
    if seconds > LIMIT and kind != "unforeseen":
        kind, text = "late", f"{seconds:.1f} s: {text}"
    elif grown > FREE + 4 * promised:
        kind, text = "large", f"{grown >> 20} MB for {promised >> 20} MB: {text}"
    return Outcome(kind, text, seconds, grown)


def reset_peak() -> int:
    """Let the peak be counted from now; return what there is, 0 where nothing tells."""
    if not sys.platform.startswith("linux"):
        return 0
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _status("VmRSS")


def peak() -> int:
    """Return the most memory since then; 0 where nothing tells."""
    return _status("VmHWM") if sys.platform.startswith("linux") else 0


def _status(name: str) -> int:
    text = Path("/proc/self/status").read_text("ascii")
    return int(text.split(name + ":")[1].split()[0]) << 10
