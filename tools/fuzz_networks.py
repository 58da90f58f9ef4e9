"""Damage networks at random, open and run them: ``python tools/fuzz_networks.py --count 10000``.

Each number is one file, always the same: ``--first N --count 1 --keep FOLDER`` writes it again. All
are opened as the window does, in a child process, and those that open are run here. Prints what
came of them, by kind; ends with 1 if anything crashed, was unforeseen, or read what it should not.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.runtime.child_limits import resident  # noqa: E402
from tests.fuzz.seeds import seeds  # noqa: E402
from tests.fuzz.trial import SECRET, Fuzzer, NotingProcess, Outcome, opened_files  # noqa: E402

_EVERY = 500  # files between two lines that say how far it is


def main(arguments: list[str] | None = None) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--operators", action="store_true", help="damage every operator of ONNX")
    parser.add_argument("--keep", type=Path, help="only write the files, into this folder")
    given = parser.parse_args(arguments)
    faulthandler.enable()
    numbers = range(given.first, given.first + given.count)
    with tempfile.TemporaryDirectory(prefix="convlab-fuzz-") as name:
        folder, process = given.keep or Path(name), NotingProcess()
        fuzzer = Fuzzer(folder, seeds(given.operators), process)
        if given.keep:
            for number in numbers:
                print(fuzzer.write(number))
            return 0
        try:
            return _run(fuzzer, numbers, process)
        finally:
            process.kill()


def _run(fuzzer: Fuzzer, numbers: range, process: NotingProcess) -> int:
    found: list[tuple[int, Outcome]] = []
    started, children = time.monotonic(), set()
    with opened_files(fuzzer.folder.parent) as opened:
        for number in numbers:
            print(f"\r{number}", end="", file=sys.stderr, flush=True)
            outcome = fuzzer.run(number)
            children.add(process.pid)
            if stolen := {SECRET} & set(opened()):
                outcome = Outcome("unforeseen", f"read {stolen}")
            found.append((number, outcome))
            if outcome.is_fault:
                print(f"\r{number}: {outcome.kind}: {outcome.text}", flush=True)
            if len(found) % _EVERY == 0:
                now = resident(os.getpid()) or 0
                print(f"\r{len(found)} files, {now >> 20} MB here", flush=True)
    _report(found, time.monotonic() - started, len(children))
    return int(any(outcome.is_fault for _, outcome in found))


def _report(found: list[tuple[int, Outcome]], seconds: float, children: int) -> None:
    kinds = Counter(outcome.kind for _, outcome in found)
    times = sorted(outcome.seconds for _, outcome in found)
    print(f"{len(found)} files in {seconds:.0f} s and {children} children: {dict(kinds)}")
    print(f"time each [s]: median {times[len(times) // 2]:.3f}, largest {times[-5:]}")
    texts = Counter(_plain(outcome.text) for _, outcome in found if outcome.text)
    for text, count in texts.most_common():
        print(f"{count:6} {text}")


def _plain(text: str) -> str:
    """Return a message without what differs from file to file."""
    text = re.sub(r"^\d+\.\w+ ", "", text)
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "…", text)
    return re.sub(r"-?\d[\d.e+]*", "#", text)[:220]


if __name__ == "__main__":
    sys.exit(main())
