"""The notebook of ``docs``: its cells run, without Jupyter, and give what is stored in it."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "first_five_minutes.ipynb"
LARGEST = 200_000  # [bytes]


@pytest.fixture
def notebook() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def texts(notebook: dict[str, Any]) -> list[str]:
    """What was printed, and values as text."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return ["".join(each.get("text") or each["data"]["text/plain"]) for each in outputs]


def test_its_cells_give_what_is_stored(notebook: dict[str, Any], tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="one cell runs a file in ONNX Runtime")
    run = runpy.run_path(str(ROOT / "docs" / "make_notebook.py"))["run"]
    stored = texts(notebook)
    run(notebook, tmp_path)
    assert texts(notebook) == stored
    assert len(stored) >= 10


def test_it_is_a_notebook_of_small_outputs(notebook: dict[str, Any]) -> None:
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert FILE.stat().st_size < LARGEST
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names)
    for cell in notebook["cells"]:
        kinds = {"cell_type", "id", "metadata", "source"}
        is_code = cell["cell_type"] == "code"
        assert cell.keys() == kinds | ({"outputs", "execution_count"} if is_code else set())
    shown = re.findall(r'"image/png"', FILE.read_text(encoding="utf-8"))
    assert len(shown) == 3


def test_it_is_named_where_one_looks() -> None:
    for name in ("README.md", "docs/guide.md"):
        assert "first_five_minutes.ipynb" in (ROOT / name).read_text(encoding="utf-8")
