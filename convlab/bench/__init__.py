"""``convlab bench``: how fast this machine runs the program, as medians and ratios of one run.

Nothing here is a test: machines differ and are shared. Whatever is compared is measured in turns.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import nullcontext
from pathlib import Path

from convlab.bench.table import Row, show_table


def main(arguments: list[str]) -> int:
    """Print the table of figures; ``--json FILE`` stores it, ``--soak`` runs the window long."""
    parser = argparse.ArgumentParser(prog="convlab bench", description="Measure this machine.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="store the figures as JSON")
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
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from convlab.bench import (
        comparing,
        design,
        engine,
        large,
        learning,
        signals,
        soak,
        stack,
        start,
        training,
        window,
    )
    from convlab.document.document import Lab
    from convlab.engine import calibration, planner
    from convlab.io import machine_costs
    from convlab.runtime.memory import keep_large_blocks

    keep_large_blocks()  # as the program does
    costs = calibration.calibrate() or machine_costs.load()
    if costs is not None:
        planner.use_costs(costs)
    else:
        print("This machine is busy: planned with the defaults, and every figure is doubtful.")
    if options.soak:
        rows = soak.frames(options.soak)
    elif options.soak_minutes:
        without = stack.without_onnx_runtime if options.without_onnx_runtime else nullcontext
        with without():
            rows = soak.minutes(options.soak_minutes, Lab(options.lab))
    else:
        parts = (
            start,
            window,
            design,
            large,
            stack,
            signals,
            learning,
            training,
            engine,
            comparing,
        )
        rows = [row for part in parts for row in part.measure()]
    print(show_table(rows))
    if options.json is not None:
        _store(rows, options.json)
    return 0


def _store(rows: list[Row], file: Path) -> None:
    from convlab.io.safe_write import write_bytes

    write_bytes(file, json.dumps([row.as_dict() for row in rows], indent=1).encode())
