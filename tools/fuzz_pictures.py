"""Damage pictures at random and open them: ``python tools/fuzz_pictures.py --count 20000``.

Each number is one file, always the same: ``--first N --count 1 --keep FOLDER`` writes it. They are
opened in a child process, and what becomes of that is seen here. Prints what came of them, by kind;
ends with 1 if anything crashed, was unforeseen, took too long or too much memory.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from tests.fuzz.children import Tool, run  # noqa: E402
from tests.fuzz.pictures import PICTURES  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Run it; return the exit code."""
    return run(Tool((__file__,), PICTURES, 20_000), __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
