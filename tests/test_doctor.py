from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from convlab import cli, doctor
from convlab.io.components import LICENCES, SPARED
from convlab.paths import log_file
from convlab.sources import devices
from convlab.sources.devices import CameraDevice

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with every library and two cameras: what this one has must not matter."""
    cameras = [CameraDevice(0, "Front", 200), CameraDevice(2, "Microscope", 200)]
    monkeypatch.setattr(doctor, "_can_load", lambda _library: True)
    monkeypatch.setattr(devices, "list_cameras", lambda: cameras)


def without(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Let a package be not installed."""
    found = importlib.metadata.version

    def version(name: str) -> str:
        if name == missing:
            raise importlib.metadata.PackageNotFoundError(name)
        return found(name)

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_healthy_machine(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    text = capsys.readouterr().out
    assert f"in {ROOT / 'convlab'}" in text
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    for package in LICENCES.keys() - SPARED:
        assert re.search(rf"^  {package} \d", text, re.MULTILINE)
    assert "Cameras: 2\n  0: Front\n  2: Microscope\n" in text
    assert f"Log: {log_file()}\n" in text
    assert text.endswith("No problems found.\n")


def test_missing_libraries_give_an_apt_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(doctor, "_can_load", lambda library: library not in missing)
    monkeypatch.setattr(sys, "platform", "linux")
    assert doctor.main([]) == 1
    text = capsys.readouterr().out
    assert "missing libegl1, libxcb-cursor0" in text
    assert text.endswith("Problems:\n  sudo apt-get install libegl1 libxcb-cursor0\n")


def test_only_linux_needs_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_can_load", lambda _library: False)
    for platform in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", platform)
        assert doctor.missing_libraries() == []
    monkeypatch.setattr(sys, "platform", "linux")
    assert doctor.missing_libraries() == list(doctor.X_LIBRARIES)


def test_a_library_is_looked_for_by_loading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert not doctor._can_load("libconvlab-has-no-such-library.so.1")


def test_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without(monkeypatch, "pyside6-essentials")
    assert doctor.main([]) == 1
    text = capsys.readouterr().out
    assert "  pyside6-essentials is not installed\n" in text
    assert "pyside6-essentials is missing: install the program with pip again." in text


def test_a_package_that_only_makes_it_faster_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without(monkeypatch, "onnxruntime")
    assert doctor.main([]) == 0
    assert "  onnxruntime is not installed; networks run slower\n" in capsys.readouterr().out


def test_a_checkout_that_is_not_installed_is_no_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without(monkeypatch, "convlab-studio")
    assert doctor.main([]) == 0
    assert capsys.readouterr().out.startswith("ConvLab (not installed) in ")


@pytest.mark.parametrize(
    ("version", "python", "code"),
    [
        ("6.12.0", (3, 11), 1),
        ("6.12.0", (3, 12), 0),
        ("6.11.3", (3, 11), 0),
        ("6.12.1", (3, 11), 0),
    ],
)
def test_pyside_that_aborts_is_said(
    version: str,
    python: tuple[int, int],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: version)
    monkeypatch.setattr(sys, "version_info", python)
    problems = doctor._trap_of_pyside()
    assert len(problems) == code
    assert ("unsafe" in capsys.readouterr().out) == bool(code)


def test_opencv_that_cannot_be_loaded_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "convlab.engine.cv", None)
    assert doctor.main([]) == 1
    assert "OpenCV cannot be loaded: " in capsys.readouterr().out


def test_variables_of_qt_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: os.environ.get(name) for name in doctor.QT_VARIABLES}
    assert doctor._trap_of_opencv() == []
    assert {name: os.environ.get(name) for name in doctor.QT_VARIABLES} == before
    assert capsys.readouterr().out.endswith(": as before\n")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_display_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    doctor.main([])
    assert "Display: :7\n" in capsys.readouterr().out
    monkeypatch.delenv("DISPLAY")
    doctor.main([])
    assert "Display: none, the program will run without a window\n" in capsys.readouterr().out


def test_arguments_are_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--fix"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "doctor takes no arguments.\n"
    assert captured.out == ""


def test_it_asks_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[^\w-]", entry)[0] for entry in project["dependencies"]}
    assert names == set(LICENCES)


def test_the_readme_names_the_same_libraries() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"`sudo apt-get install python3-venv (.*)`", readme)
    assert line.split() == list(doctor.X_LIBRARIES)


def test_folders_that_cannot_be_written_are_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "a file in its place"
    home.touch()
    monkeypatch.setenv("CONVLAB_HOME", str(home))
    assert doctor.main([]) == 1
    text = capsys.readouterr().out
    assert f"{home / 'config'} cannot be written" in text
    assert "set CONVLAB_HOME to a folder that can be written.\n" in text
