"""``convlab bench``: how fast this machine runs the program, as medians and ratios of one run.

Nothing here is a test: machines differ and are shared. Whatever is compared is measured in turns or
in blocks. Each part runs in a process of its own: windows, memory and threads that one leaves
behind do not disturb the next, and if one fails, the others are there.
"""

from __future__ import annotations

import argparse
import os
from contextlib import nullcontext
from pathlib import Path

from convlab.bench import parts, report
from convlab.bench.table import Row, show_table


def main(arguments: list[str]) -> int:
    """Print the table of figures; returns 1 if a part could not be measured."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(report.machine())
    found: dict[str, list[Row]] = {}
    if options.soak or options.soak_minutes:
        _keep(found, "soak", _soak(options), options)
        return 0
    if options.only is not None and len(options.only) == 1 and not options.page:
        name = options.only[0]
        parts.prepare()
        _keep(found, name, parts.measure(name), options)
        return 0
    failed = []
    for name, rows in parts.measure_apart(options.only or list(parts.PARTS)):
        if rows is None:
            failed.append(name)
        else:
            _keep(found, name, rows, options)
    for name in failed:
        print(f"{name} could not be measured: convlab bench --only {name} shows why")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convlab bench", description="Measure this machine.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="store the figures as JSON")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=list(parts.PARTS),
        metavar="PART",
        help="measure these parts: " + ", ".join(parts.PARTS),
    )
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="write the figures into a page, as docs/performance.md, in place of those before",
    )
    parser.add_argument(
        "--soak", type=int, metavar="N", help="show N frames in the window; print the memory"
    )
    parser.add_argument(
        "--soak-minutes", type=float, metavar="N", help="the same for N minutes of live editing"
    )
    parser.add_argument(
        "--lab", choices=("kernel", "stack"), default="kernel", help="which is edited that long"
    )
    parser.add_argument(
        "--without-onnx-runtime", action="store_true", help="edit as if it were not installed"
    )
    return parser


def _soak(options: argparse.Namespace) -> list[Row]:
    from convlab.bench import soak, stack
    from convlab.document.document import Lab

    parts.prepare()
    if options.soak:
        return soak.frames(options.soak)
    with stack.without_onnx_runtime() if options.without_onnx_runtime else nullcontext():
        return soak.minutes(options.soak_minutes, Lab(options.lab))


def _keep(
    found: dict[str, list[Row]], name: str, rows: list[Row], options: argparse.Namespace
) -> None:
    """Print the figures of a part, and store them with those found before."""
    found[name] = rows
    print(f"\n{name}\n{show_table(rows)}\n", flush=True)
    if options.json is not None:
        report.store(found, options.json)
    if options.page is not None:
        report.write_page({name: rows}, options.page)
