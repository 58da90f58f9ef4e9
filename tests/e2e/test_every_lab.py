"""Whatever lab there is: it is shown, computes a document, and comes back as it was left."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel

from convlab.app import _save, parse_arguments
from convlab.document.document import Document, Lab, Viewing
from convlab.document.frame import Frame
from convlab.document.request import Request
from convlab.document.view import View
from convlab.runtime.session import Session
from convlab.ui.docked_lab import DockedLab
from convlab.ui.labs import LABS, LabSpec
from tests.e2e.conftest import OpenWindow

EVERY_LAB = pytest.mark.parametrize("spec", LABS, ids=[spec.name.value for spec in LABS])
ROOT = Path(__file__).resolve().parents[2] / "convlab"
WINGS = ("ui/kernel", "ui/stack", "ui/signals", "ui/learning")
PARTS = ("document/kernel", "document/stack", "document/signal", "document/learning")


def test_there_is_a_record_of_each() -> None:
    assert [spec.name for spec in LABS] == list(Lab)
    assert len({spec.key for spec in LABS}) == len(LABS)


@EVERY_LAB
def test_it_is_shown_by_its_key_and_its_tab(spec: LabSpec, open_window: OpenWindow) -> None:
    user = open_window("--source", "pattern:step")
    window, tabs = user.window, user.window.lab_tabs
    QTest.keyClicks(tabs, spec.key)
    lab = window.labs.lab(spec.name)
    user.until(lambda: window.labs.current is lab and window.pump.lab is spec.name)
    assert lab.objectName() == f"{spec.name.value}_lab"
    assert tabs.tabText(tabs.currentIndex()) == spec.title
    assert window.status.findChildren(type(window.status._rate))[0].text()
    other = (tabs.currentIndex() + 1) % tabs.count()
    for place in (other, LABS.index(spec)):
        QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(place).center())
    assert window.session.viewing.lab is spec.name
    assert window.labs.current is lab


@EVERY_LAB
def test_it_computes_the_first_document(spec: LabSpec) -> None:
    frame = Frame(np.zeros((48, 64, 3), np.uint8), 5, time.perf_counter())
    shown = spec.evaluator().answer(Request(3, Document(), Viewing(lab=spec.name), frame))
    assert (shown.job.generation, shown.job.frame) == (3, frame)


@EVERY_LAB
def test_its_panels_come_back_as_they_were_left(spec: LabSpec, open_window: OpenWindow) -> None:
    arguments = ("--source", "pattern:step", "--lab", spec.name.value)
    first = open_window(*arguments)
    lab = first.window.labs.lab(spec.name)
    first.until(lambda: lab.isVisible() and first.window.pump.lab is spec.name)
    at_first = seen(lab)
    for dock in panels(lab)[:1]:
        dock.setVisible(not dock.isVisible())
    left = seen(lab)
    assert not at_first or left != at_first
    first.close()
    again = open_window(*arguments)
    lab = again.window.labs.lab(spec.name)
    again.until(lambda: lab.isVisible() and again.window.pump.lab is spec.name)
    assert seen(lab) == left
    lab.reset_layout()
    assert seen(lab) == at_first


def panels(lab: DockedLab) -> list[QDockWidget]:
    return [dock for dock in lab.docks() if dock.toggleViewAction().isVisible()]


def seen(lab: DockedLab) -> dict[str, bool]:
    return {dock.objectName(): not dock.isHidden() for dock in panels(lab)}


@EVERY_LAB
def test_what_a_project_remembers_of_it_is_shown_again(spec: LabSpec) -> None:
    viewing = Viewing(lab=spec.name)
    view = View.of(viewing)
    assert view.lab is spec.name
    assert view.shown_in(viewing, Document()) == viewing


def test_an_unknown_lab_is_rejected_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ValueError, match="no lab 'x': choose one of kernel, stack, signal, learn"):
        Lab("x")
    with pytest.raises(SystemExit):
        parse_arguments(["--lab", "x"])
    assert re.search(r"'?kernel'?, '?stack'?, '?signal'?, '?learning'?", capsys.readouterr().err)
    session = Session(Document())
    with pytest.raises(ValueError, match="no part 'pixels'"):
        session.watch("viewing.pixels", session.end_gesture)


def test_a_class_that_is_no_lab_is_rejected(open_window: OpenWindow) -> None:
    class NoLab(DockedLab):
        pass

    with pytest.raises(ValueError, match="no lab NoLab: choose one of KernelLab, StackLab, Sign"):
        open_window("--source", "pattern:step").window.labs.of(NoLab)


def test_two_shared_files_name_a_lab() -> None:
    """All else asks the records: so a new lab is a line in each of the two, and its own rooms."""
    named = "|".join(lab.name for lab in Lab)
    titled = "|".join(spec.widget for spec in LABS)
    words = rf"Lab\.({named})\b|\b({titled})\b|\b({named.lower()})_lab\b"
    files = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if re.search(words, path.read_text())
    ]
    shared = [file for file in files if not file.startswith((*WINGS, *PARTS, "bench/"))]
    assert sorted(shared) == ["document/document.py", "ui/labs.py"]


def test_what_was_written_last_is_whole_on_a_screenshot(
    open_window: OpenWindow, qapp: QApplication, tmp_path: Path
) -> None:
    user = open_window("--source", "pattern:step")
    timing = user.find(QLabel, "status_timing")
    timing.setText("6 layers 364.0 ms of 431.1 ms, and more than there was room for before")
    assert _save(qapp, user.window, tmp_path / "shot.png")
    assert timing.width() >= timing.sizeHint().width()
