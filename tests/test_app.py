from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from convlab import app, cli
from convlab.paths import sample_pictures
from convlab.ui import main_window
from tests.pictures import load_image

ROOT = Path(__file__).resolve().parents[1]
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run(
    folder: Path, *arguments: str | Path, platform: str = "offscreen"
) -> subprocess.CompletedProcess[str]:
    """Run main.py in a folder of its own, with settings of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    environment["CONVLAB_HOME"] = str(folder / "home")
    if platform:
        environment["QT_QPA_PLATFORM"] = platform
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What stands on stderr, without what Qt's offscreen platform says of itself."""
    return [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_it_runs_and_saves_a_picture(tmp_path: Path) -> None:
    done = run(tmp_path, "--source", "pattern:torch", platform="")
    assert done.returncode == 0, done.stderr
    first, last = done.stdout.splitlines()
    assert first == "There is no display: running for 3 s without one."
    match = re.fullmatch(
        r"(\d+) frames shown, (\d+) dropped, latency \d+ ms; "
        r"the window's picture is in convlab\.png\.",
        last,
    )
    assert match is not None
    assert int(match[1]) > 0
    assert load_image(tmp_path / "convlab.png").shape[1::-1] == main_window.DEFAULT_SIZE
    assert said(done) == []


def test_screenshot_has_the_size_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "window.png"
    arguments = ("--source", "pattern:step", "--screenshot", file, "--size", "1100x760")
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout, said(done)) == (0, "", [])
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert load_image(file).shape[1::-1] == (1100, 760)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.convlab"], "missing.convlab cannot be opened, because it is not there: "),
        (["missing.png"], "missing.png "),
        (["--source", "pattern:nonsense"], "There is no pattern “nonsense”: choose one of torch, "),
    ],
    ids=str,
)
def test_what_cannot_be_opened_is_told_once_and_the_window_still_shows(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "window.png"
    done = run(tmp_path, *arguments, "--screenshot", file)
    assert done.returncode == 1
    (line,) = said(done)
    assert message in line
    assert load_image(file).shape[1::-1] == main_window.DEFAULT_SIZE


@pytest.mark.parametrize("arguments", [["--source", " "], [""]], ids=["source", "file"])
def test_an_empty_name_is_rejected(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(arguments)
    assert left.value.code == 2
    assert "it is empty: name a file or a source" in capsys.readouterr().err


def test_a_screenshot_without_a_result_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, is_so in (("_first_picture", False), ("_run_until", False), ("_save", True)):
        monkeypatch.setattr(app, name, lambda *_, answer=is_so: answer)
    assert not app._take_screenshot(MagicMock(), MagicMock(), Path("window.png"))
    assert capsys.readouterr().err.startswith("No result came within 20 s: ")


def test_screenshot_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    missing = tmp_path / "no such folder" / "window.png"
    done = run(tmp_path, "--source", "pattern:step", "--screenshot", missing)
    assert done.returncode == 1
    (sentence,) = said(done)
    assert sentence.startswith(f"The picture cannot be saved to {missing}: ")
    assert not missing.parent.exists()


def test_a_file_is_opened_and_remembered(tmp_path: Path) -> None:
    picture = tmp_path / "mine.png"
    samples = {path.name: path for path in sample_pictures()}
    picture.write_bytes(samples["camera.png"].read_bytes())
    done = run(tmp_path, picture, "--screenshot", tmp_path / "window.png")
    assert (done.returncode, said(done)) == (0, [])
    settings = (tmp_path / "home" / "config" / "convlab.ini").read_text(encoding="utf-8")
    assert "mine.png" in settings


@pytest.mark.parametrize("size", ["1440", "0x900", "1440x", "x", "wide", "-1440x900", "1e3x900"])
def test_a_bad_size_is_rejected(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main([f"--size={size}"])
    assert left.value.code == 2
    assert f"'{size}' is no size: write it as 1440x900" in capsys.readouterr().err


def test_an_unknown_lab_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(["--lab", "kitchen"])
    assert left.value.code == 2
    assert "kernel" in capsys.readouterr().err


def test_arguments_are_read() -> None:
    options = app.parse_arguments(["a.png", "--size", "800X600", "--screenshot", "b.png"])
    assert (options.file, options.source, options.lab) == ("a.png", None, None)
    assert (options.size, options.screenshot) == ((800, 600), Path("b.png"))


@pytest.mark.parametrize(
    ("variables", "has_display"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_what_counts_as_a_display(
    variables: dict[str, str], has_display: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in DISPLAYS:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert app._has_display() is has_display


def test_the_command_hands_over_to_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str] | None] = []

    def window(arguments: list[str] | None = None) -> int:
        seen.append(arguments)
        return 7

    monkeypatch.setattr(app, "main", window)
    assert cli.main(["--source", "pattern:step"]) == 7
    monkeypatch.setattr(sys, "argv", ["convlab", "picture.png"])
    assert cli.main() == 7
    assert seen == [["--source", "pattern:step"], ["picture.png"]]


def test_runtime_imports_no_widgets() -> None:
    files = list((ROOT / "convlab" / "runtime").rglob("*.py"))
    assert len(files) > 5
    for file in files:
        imported = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                imported |= {module} | {f"{module}.{name.name}" for name in node.names}
            elif isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
        assert "PySide6.QtWidgets" not in imported, file.name


@pytest.mark.skipif(sys.platform == "win32", reason="its reasons are in no category of their own")
def test_the_reasons_of_the_system_are_english_whatever_its_language() -> None:
    program = (
        "import locale; from convlab.app import make_application; app = make_application(); "
        "print(locale.setlocale(locale.LC_MESSAGES), locale.setlocale(locale.LC_CTYPE))"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    messages, characters = done.stdout.split()
    assert messages == "C"
    assert characters != "C"
