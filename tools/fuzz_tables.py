"""Damage tables or data sets and read them: ``python tools/fuzz_tables.py --kind tables``.

Each number is one file, always the same: ``--first N --count 1 --keep FOLDER`` writes it. They are
read in a child process, and what becomes of that is seen here. Prints what came of them, by kind;
ends with 1 if anything crashed, was unforeseen, took too long or too much memory.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.fuzz.children import Tool, run  # noqa: E402
from tests.fuzz.tables import DATASETS, TABLES  # noqa: E402

KINDS = {"tables": TABLES, "datasets": DATASETS}


def main(arguments: list[str] | None = None) -> int:
    """Run it; return the exit code."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--kind", choices=KINDS, default="tables")
    given, others = parser.parse_known_args(arguments)
    tool = Tool((__file__, "--kind", given.kind), KINDS[given.kind])
    return run(tool, __doc__, others)


if __name__ == "__main__":
    sys.exit(main())
