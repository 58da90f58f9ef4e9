"""What may be imported where, seen from outside: in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REWRITTEN = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "LD_LIBRARY_PATH")
ROOT = Path(__file__).resolve().parent.parent

IMPORT_ALL_BELOW_RUNTIME = """
import importlib, pkgutil, sys

for name in ("engine", "layers", "learn", "document", "io", "sources"):
    package = importlib.import_module("convlab." + name)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
import convlab.paths

names = [name for name in sys.modules if name.startswith("convlab.")]
foreign = {name.partition(".")[0] for name in sys.modules} & {"PySide6", "pyqtgraph", "shiboken6"}
print(len(names), *sorted(foreign))
"""

SHOW_VARIABLES = f"""
import os
import convlab
import convlab.engine.cv
import sys

assert "cv2" in sys.modules
for name in {REWRITTEN!r}:
    print(repr(os.environ.get(name)))
"""


def run(code: str, variables: dict[str, str]) -> str:
    """Run code in a new Python with exactly these of the rewritten variables."""
    environment = {name: value for name, value in os.environ.items() if name not in REWRITTEN}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_below_runtime_imports_qt() -> None:
    count, *foreign = run(IMPORT_ALL_BELOW_RUNTIME, {}).split()
    assert int(count) > 40, "the packages must really have been visited"
    assert foreign == []


def test_the_public_package_imports_no_qt() -> None:
    code = "import convlab, sys; print('PySide6' in sys.modules)"
    assert run(code, {}).strip() == "False"


@pytest.mark.parametrize(
    "variables",
    [{}, dict.fromkeys(REWRITTEN, "/somewhere"), dict.fromkeys(REWRITTEN, "")],
    ids=["unset", "set", "empty"],
)
def test_importing_leaves_the_variables_of_qt_as_they_were(variables: dict[str, str]) -> None:
    expected = [repr(variables.get(name)) for name in REWRITTEN]
    assert run(SHOW_VARIABLES, variables).split() == expected
