"""Damage tables and data sets at random and read them: ``python tools/fuzz_tables.py``.

Each number is one file, always the same. They are read in child processes of a thousand each, and
what becomes of those is seen here. Prints what came of them, by kind; ends with 1 if anything
crashed, was unforeseen, took too long or too much memory.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.fuzz import tables  # noqa: E402
from tests.fuzz.pictures import Outcome  # noqa: E402

_EACH = 1000  # files of a child


def main(arguments: list[str] | None = None) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--kind", choices=("tables", "datasets"), default="tables")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.child:
        return _child(given.kind, range(given.first, given.first + given.count))
    return _run(given.kind, range(given.first, given.first + given.count))


def _child(kind: str, numbers: range) -> int:
    """Read files; say what came of each."""
    warnings.simplefilter("error")
    folder = tables.dataset_folder() if kind == "datasets" else None
    healthy = tables.tables() if folder is None else tables.datasets()
    for number in numbers:
        print(number, end=" ", flush=True)
        if folder is None:
            name, data = tables.damaged_table(healthy, number)
            outcome = tables.try_table(number, data)
        else:
            name, data = tables.damaged_dataset(healthy, number)
            outcome = tables.try_dataset(folder, name, data)
        print(json.dumps((name, *outcome)), flush=True)
    if folder is not None:
        shutil.rmtree(folder)
    return 0


def _run(kind: str, numbers: range) -> int:
    """Start a child for each thousand; one that dies has crashed at its last number."""
    found: list[Outcome] = []
    started, first = time.monotonic(), numbers.start
    while first < numbers.stop:
        count = min(_EACH, numbers.stop - first)
        command = [sys.executable, "-X", "faulthandler", __file__, "--child", "--kind", kind]
        command += ["--first", str(first), "--count", str(count)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        first = _take(done.stdout, first, found)
        print(f"{len(found)} files", flush=True)
    _report(found, time.monotonic() - started)
    return int(any(outcome.is_fault for outcome in found))


def _take(said: str, first: int, found: list[Outcome]) -> int:
    """Take what a child said; return the number of the next file."""
    number = first
    for line in said.splitlines():
        number_text, _, rest = line.partition(" ")
        number = int(number_text)
        name, *fields = json.loads(rest) if rest else ("", "died")
        outcome = Outcome(*fields)
        found.append(outcome)
        if outcome.is_fault:
            print(f"{number} ({name}): {outcome.kind}: {outcome.text}")
    return number + 1


def _report(found: list[Outcome], seconds: float) -> None:
    kinds = Counter(outcome.kind for outcome in found)
    times = sorted(outcome.seconds for outcome in found)
    print(f"{len(found)} files in {seconds:.0f} s: {dict(kinds)}")
    print(f"of the processor [s]: median {times[len(times) // 2]:.4f}, largest {times[-3:]}")
    print(f"memory: at most {max(outcome.grown for outcome in found) >> 20} MB")
    plain = (re.sub(r"'[^']*'|\d+", "#", outcome.text) for outcome in found if outcome.text)
    for text, count in Counter(plain).most_common(40):
        print(f"{count:6} {text[:180]}")


if __name__ == "__main__":
    sys.exit(main())
