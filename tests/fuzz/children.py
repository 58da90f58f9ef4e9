"""Damaged files tried in child processes: what ends one of them is seen by its parent."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.kind import Kind, Outcome

_EVERY = 1000  # files between two lines that say how far it is


class Tool(NamedTuple):
    """What damages files of a kind.

    Attributes:
        command: Its script, which is run again in the child, and its own arguments.
        kind: Of the files.
        usual: How many are tried by default.
    """

    command: tuple[str, ...]
    kind: Kind
    usual: int = 10_000


def run(tool: Tool, description: str | None, arguments: list[str] | None) -> int:
    """Run a tool that damages and opens files; return the exit code."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=tool.usual)
    parser.add_argument("--keep", type=Path, help="only write the files, into this folder")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    numbers = range(given.first, given.first + given.count)
    if given.child:
        return _child(tool.kind, numbers)
    if given.keep:
        healthy = tool.kind.seeds()
        for number in numbers:
            name, data = tool.kind.mutated(healthy, number)
            path = given.keep / f"{number}.damaged"
            path.write_bytes(data)
            print(path, name)
        return 0
    return _run(tool, numbers)


def _child(kind: Kind, numbers: range) -> int:
    """Open files; say the number before each, and what came of it."""
    healthy = kind.seeds()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as said:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what decoders print is not for the parent
        for number in numbers:
            print(number, flush=True, end=" ", file=said)
            name, data = kind.mutated(healthy, number)
            outcome = kind.tried(number, name, data)
            text = f"{name}| {outcome.text}".replace("\n", "\t")
            line = f"{outcome.kind} {outcome.seconds:.4f} {outcome.grown} {text}"
            print(line, flush=True, file=said)
    return 0


def _run(tool: Tool, numbers: range) -> int:
    """Start children until all files are tried; one that dies has crashed at its last number."""
    found: list[tuple[int, Outcome]] = []
    started, first = time.monotonic(), numbers.start
    while first < numbers.stop:
        first = _run_child(tool, first, numbers.stop, found)
    kinds = Counter(outcome.kind for _, outcome in found)
    seconds = sorted(outcome.seconds for _, outcome in found)
    print(f"{len(found)} files in {time.monotonic() - started:.0f} s: {dict(kinds)}")
    print(f"of the processor [s]: median {seconds[len(seconds) // 2]:.4f}, largest {seconds[-3:]}")
    print(f"memory: at most {max(outcome.grown for _, outcome in found) >> 20} MB")
    texts = Counter(re.sub(r"\d+", "#", outcome.text) for _, outcome in found if outcome.text)
    for text, count in texts.most_common(60):
        print(f"{count:6} {text[:200]}")
    return int(any(outcome.is_fault for _, outcome in found))


def _run_child(tool: Tool, first: int, stop: int, found: list[tuple[int, Outcome]]) -> int:
    """Try files in a child; return the number of the next one."""
    command = [sys.executable, "-X", "faulthandler", *tool.command, "--child"]
    command += ["--first", str(first), "--count", str(stop - first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
        assert child.stdout is not None
        line = ""
        for line in child.stdout:
            said = re.match(r"(\d+) (\w+) ([\d.]+) (\d+) (.*)", line)
            if said is None:
                break
            number = int(said[1])
            name, _, text = said[5].partition("| ")
            outcome = Outcome(said[2], text, float(said[3]), int(said[4]))
            found.append((number, outcome))
            if outcome.is_fault:
                print(f"{number} ({name}): {outcome.kind}: {text.replace(chr(9), chr(10))}")
            if len(found) % _EVERY == 0:
                print(f"{len(found)} files", flush=True)
    if child.returncode:
        begun = re.match(r"(\d+) $", line)
        if begun is None:
            raise SystemExit(f"the child ended with {child.returncode} between two files: {line}")
        crashed = int(begun[1])
        print(f"{crashed}: the child ended with {child.returncode}: {line}", flush=True)
        found.append((crashed, Outcome("died", f"with {child.returncode}")))
        return crashed + 1
    return stop
