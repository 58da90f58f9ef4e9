"""Figures in a file, and in the page that tells of them."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from convlab.bench.table import Row
from convlab.engine.parallel import cores
from convlab.io.safe_write import write_bytes

_LIBRARIES = {
    "numpy": "NumPy",
    "opencv-python": "OpenCV",
    "onnxruntime": "ONNX Runtime",
    "scipy": "SciPy",
    "torch": "PyTorch",
}


def machine() -> str:
    """Return in a line what was measured on."""
    words = [f"{platform.machine()}, {cores()} cores", f"Python {platform.python_version()}"]
    for library, name in _LIBRARIES.items():
        try:
            words.append(f"{name} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(words)


def store(found: Mapping[str, Sequence[Row]], file: Path) -> None:
    """Write the figures of each part as JSON."""
    content = {name: [row.as_dict() for row in rows] for name, rows in found.items()}
    write_bytes(file, json.dumps(content, indent=1).encode())


def write_page(found: Mapping[str, Sequence[Row]], page: Path, day: date | None = None) -> None:
    """Put the figures in place of those that stand in a page, part by part.

    What stands between ``<!-- PART -->`` and ``<!-- end -->`` is written again; all else stays, and
    so does a part that was not measured.

    Raises:
        ValueError: If the page has no place for a part.
    """
    text = page.read_text(encoding="utf-8")
    for name, rows in found.items():
        place = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)
        if place is None:
            raise ValueError(f"{page} has no line <!-- {name} -->: add it, and <!-- end -->")
        table = _table(rows, day or date.today())
        text = text[: place.start(1)] + table + text[place.end(1) :]
    write_bytes(page, text.encode())


def _table(rows: Sequence[Row], day: date) -> str:
    lines = ["", f"Measured on {day.isoformat()}: {machine()}.", ""]
    lines += ["| figure | measured | goal | |", "|---|---|---|---|"]
    for row in rows:
        figure = " ".join(filter(None, (_number(row.value), row.unit)))
        goal = row.goal.replace("<=", "≤").replace(">=", "≥")
        name = row.name.replace("|", r"\|")  # else it would end the cell
        lines.append(f"| {name} | {figure} | {goal} | {row.verdict} |")
    return "\n".join(lines) + "\n\n"


def _number(value: float) -> str:
    """Return it with as many digits as mean something."""
    if value == round(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
