"""``python -m convlab`` is ``convlab``."""

from __future__ import annotations

from convlab.cli import main

if __name__ == "__main__":  # child processes that are spawned import this again
    raise SystemExit(main())
