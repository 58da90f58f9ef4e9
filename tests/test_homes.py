"""Whatever a person's home is called, the program starts there, looks the same, saves and opens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage, QPixmapCache
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QMainWindow,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from convlab import paths
from convlab.document.document import Document
from convlab.document.source import SourceSpec
from convlab.io.project import load_project, save_project
from convlab.io.user_folders import not_kept
from convlab.runtime.settings import Settings
from convlab.ui.palettes import ThemeName
from convlab.ui.theme import apply_theme, load_fonts
from tests.pictures import load_image

ROOT = Path(__file__).resolve().parents[1]
WORST = unicodedata.normalize("NFD", "José") + " O'Brien"
NAMES = [
    "José",
    unicodedata.normalize("NFD", "José"),
    "O'Brien",
    "Anna Maria",
    "C#",
    "100%",
    "山田",
    "x & (y)",
    "[a];{b}, ~$^!`",
    WORST,
]
if sys.platform != "win32":  # where no file may be called so
    NAMES += ['a"b', "a\\b", "a:b*?<c>|d", "two\nlines"]


def checkout_in(folder: Path) -> Path:
    """Make a folder with the program's resources."""
    folder.mkdir()
    (folder / "resources").symlink_to(ROOT / "resources", target_is_directory=True)
    return folder


def form_with_all_icons() -> QMainWindow:
    """A window with every control whose icon comes from the style sheet."""
    window = QMainWindow()
    dock = QDockWidget("Panel", window)
    panel = QWidget()
    tabs = QTabWidget()
    for number in range(12):
        tabs.addTab(QWidget(), f"a tab number {number}")
    tick, unavailable = QCheckBox("on"), QCheckBox("on for ever")
    for box in (tick, unavailable):
        box.setChecked(True)
    unavailable.setEnabled(False)
    layout = QVBoxLayout(panel)
    for widget in (QComboBox(), QSpinBox(), tick, unavailable, tabs):
        layout.addWidget(widget)
    dock.setWidget(panel)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.resize(400, 300)
    return window


def look_of(root: Path, app: QApplication, name: ThemeName, patch: pytest.MonkeyPatch) -> QImage:
    """Paint the controls by the style sheet of a program that lies there."""
    patch.setattr(paths, "_PACKAGE", root / "convlab")
    QPixmapCache.clear()
    load_fonts(app)
    apply_theme(app, name)
    window = form_with_all_icons()
    window.setFont(app.font())
    image = window.grab().toImage()
    window.deleteLater()
    return image


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[QImage]:
    """The look in a home whose name has nothing special."""
    font = qapp.font()
    with pytest.MonkeyPatch.context() as patch:
        yield look_of(
            checkout_in(tmp_path_factory.mktemp("plain") / "home"), qapp, ThemeName.DARK, patch
        )
    apply_theme(qapp, ThemeName.LIGHT)
    qapp.setFont(font)


@pytest.mark.parametrize("name", NAMES)
def test_the_look_is_the_same_in_a_home_of_any_name(
    name: str, plain: QImage, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / name / "settings"))
    root = checkout_in(tmp_path / name)
    assert look_of(root, qapp, ThemeName.DARK, monkeypatch) == plain


@pytest.mark.parametrize("name", NAMES)
def test_projects_pictures_and_settings_are_kept_in_a_home_of_any_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / name
    monkeypatch.setenv(paths.HOME_VARIABLE, str(home / "settings"))
    assert not_kept() == ""
    project, picture = home / f"{name}.convlab", home / f"{name}.png"
    document = Document(source=SourceSpec.of_file(str(picture)))
    save_project(document, project)
    assert load_project(project).source == document.source
    shutil.copy(paths.resource("pictures", "clock.png"), picture)
    assert load_image(picture).shape[:2] == (300, 400)
    Settings().add_recent_file(str(picture))
    file = paths.user_config_dir() / "convlab.ini"
    file.rename(file.with_name("copy.ini"))  # Qt remembers files by their names
    stored = QSettings(str(file.with_name("copy.ini")), QSettings.Format.IniFormat)
    assert stored.value("recent_files") == str(picture)


def started_in(home: Path) -> QImage:
    """Start a program that lies in a home, with settings there; return its window's picture.

    Without the status bar, where the figures of the moment stand.
    """
    code, state = home / "code", home / ".settings"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "convlab", code / "convlab", ignore=ignored)
    as_installed = code / "convlab" / "_resources"
    as_installed.symlink_to(ROOT / "resources", target_is_directory=True)
    shutil.copy(ROOT / "main.py", code)
    picture = shutil.copy(paths.resource("pictures", "clock.png"), home / "Käse & Brot.png")
    shot = home / "the window.png"
    environment = {name: text for name, text in os.environ.items() if name != paths.HOME_VARIABLE}
    environment |= {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {f"XDG_{kind}_HOME": str(state) for kind in ("CONFIG", "CACHE", "DATA")}
    done = subprocess.run(
        [sys.executable, str(code / "main.py"), str(picture), "--screenshot", str(shot)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert any(state.rglob("convlab.ini"))
    image = QImage(str(shot))
    return image.copy(0, 0, image.width(), image.height() - 40)


def test_the_program_starts_in_a_home_of_the_worst_name(tmp_path: Path) -> None:
    pictures = [started_in(checkout) for checkout in (tmp_path / "home", tmp_path / WORST)]
    assert not pictures[0].isNull()
    assert pictures[0] == pictures[1]
