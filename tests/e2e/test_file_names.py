"""A file's name is text wherever it is shown, and never a command."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QComboBox, QLabel

from convlab.paths import sample_pictures
from tests.e2e.conftest import OpenWindow

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no file may be called so")
BOLD = "<h1>x<img src=y>&a[*]\n"
PICTURE = next(path for path in sample_pictures() if path.suffix == ".png")


def test_a_name_that_looks_like_html(open_window: OpenWindow, tmp_path: Path) -> None:
    picture, damaged = tmp_path / f"{BOLD}.png", tmp_path / f"{BOLD}2.png"
    shutil.copy(PICTURE, picture)
    damaged.write_bytes(b"no picture")
    user = open_window("--source", "pattern:step")
    shown = "<h1>x<img src=y>&a[*] "

    user.drop_file(picture)
    user.until(lambda: user.document.source.name == str(picture))
    combo = user.find(QComboBox, "source_combo")
    assert combo.currentText().strip() == f"{shown}.png"
    tip = combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole)
    assert "&lt;h1&gt;" in tip
    assert "<h1>" not in tip

    user.drop_file(damaged)
    message = user.find(QLabel, "source_message")
    user.until(lambda: message.text().startswith(f"{shown}2.png "))
    assert message.textFormat() is Qt.TextFormat.PlainText

    project = tmp_path / f"{BOLD}.convlab"
    user.window.projects.save_to(project)
    user.until(lambda: user.window.windowTitle() != "ConvLab")
    assert user.window.windowTitle() == "<h1>x<img src=y>&a[*][*] .convlab[*] – ConvLab"
    undo = user.window.actions_by_name["undo"]
    assert undo.toolTip().endswith("<span>Open &lt;h1&gt;x&lt;img src=y&gt;&amp;a[*] .png</span>")


def test_a_name_whose_bytes_are_no_text(open_window: OpenWindow, tmp_path: Path) -> None:
    picture = tmp_path / os.fsdecode(b"caf\xe9.png")
    shutil.copy(PICTURE, picture)
    user = open_window(str(picture))
    combo = user.find(QComboBox, "source_combo")
    assert combo.currentText().strip() == "caf\ufffd.png"
    user.window.openings.open_source("pattern:step")
    user.until(lambda: user.document.source.name == "step")
    data = QMimeData()
    data.setUrls([QUrl.fromEncoded(b"file://" + os.fsencode(tmp_path) + b"/caf%E9.png")])
    user.window.openings.drop(data)
    user.until(lambda: user.document.source.name == str(picture))
    assert user.window.settings.recent_files() == []
