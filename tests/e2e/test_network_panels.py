"""The panels for networks in the stack lab: the input, the classes, statistics, folders."""

from __future__ import annotations

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QFileDialog, QLabel, QTabWidget, QWidget

from convlab import paths
from convlab.document.stack import figures
from convlab.document.stack.figures import LayerFigures
from convlab.document.stack.model import Unit
from convlab.engine.arrays import FloatArray
from convlab.io import ready_stacks
from convlab.io.networks import load_network
from convlab.layers.graph import INPUT
from convlab.networks.network import Network
from convlab.networks.stack_input import Levels
from convlab.ui.stack.input_panel import InputPanel
from convlab.ui.stack.map_table import MapTable
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.score_bars import ScoreBars
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS
from tests.e2e.stack_driver import StackDriver
from tests.gestures import drag_enter_event
from tests.pictures import save_png

DIGITS = "Handwritten digits, trained"


@pytest.fixture
def lab(open_window: OpenWindow, tmp_path: Path) -> StackDriver:
    """The trained digits on a picture of a one."""
    path = tmp_path / "one.png"
    pixels = np.full((32, 32, 3), 255, np.uint8)
    pixels[4:28, 14:18] = 0
    save_png(path, pixels)
    window = open_window("--lab", "stack", "--source", str(path), "--size", "1440x900")
    driver = StackDriver(window)
    window.choose("stack_combo", DIGITS)
    driver.until(lambda: driver.state.title == DIGITS)
    driver.settle()
    return driver


def open_panel(lab: StackDriver, name: str) -> QDockWidget:
    dock = lab.person.find(QDockWidget, name)
    dock.toggleViewAction().trigger()
    lab.until(dock.isVisible)
    return dock


def text_of(lab: StackDriver, name: str) -> str:
    return lab.person.find(QLabel, name).text()


def entering(lab: StackDriver) -> FloatArray:
    lab.settle()
    return lab.shown.picture.maps


def test_how_the_picture_enters_is_chosen_and_undone(
    lab: StackDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, classes = entering(lab), lab.state.classes
    open_panel(lab, "stack_input_dock")
    lab.person.choose("stack_input_levels_combo", "0 to 255")
    assert lab.state.input.levels is Levels.BYTE
    assert np.allclose(entering(lab), 255 * before)
    lab.person.set_spin_number("stack_input_mean_grey_spin", "100")
    lab.person.set_spin_number("stack_input_std_grey_spin", "50")
    assert np.allclose(entering(lab), (255 * before - 100) / 50, atol=1e-5)
    for _ in range(3):
        lab.person.undo()
    assert np.array_equal(entering(lab), before)

    assert text_of(lab, "class_words").startswith("10 names: 0, 1, 2, 3, …")
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"digit {number}" for number in range(10)), encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    lab.person.press("class_file_button")
    lab.until(lambda: lab.state.classes[:2] == ("digit 0", "digit 1"))
    lab.person.press("class_none_button")
    assert lab.state.classes == ()
    lab.person.undo()
    lab.person.undo()
    assert lab.state.classes == classes
    lab.person.press("class_imagenet_button")
    lab.until(lambda: "1000 names do not fit" in text_of(lab, "stack_message"))
    assert lab.state.classes == classes

    panel = lab.person.find(InputPanel, "input_panel_of_stack")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, action = QPoint(5, 5), Qt.DropAction.CopyAction
    enter = drag_enter_event(where, action, data)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(where), action, data, LEFT, NO_KEYS))
    lab.until(lambda: lab.state.classes[0] == "digit 0")


def test_the_likeliest_classes_are_bars(lab: StackDriver) -> None:
    dock = open_panel(lab, "classes_dock")
    bars = lab.person.find(ScoreBars, "class_bars")
    lab.until(lambda: bars.accessibleDescription().startswith("1 "))
    answer = lab.shown.answer
    assert answer is not None
    said = bars.accessibleDescription().split(", ")
    assert said == [f"{each.name} {100 * each.value:.1f} %" for each in answer.ranking]
    assert len(said) == 5
    open_panel(lab, "stack_input_dock")
    lab.person.press("class_none_button")
    dock.raise_()
    lab.until(lambda: bars.accessibleDescription().startswith("class 1 "))
    assert "no names" in text_of(lab, "class_bars_words")


def test_maps_are_measured_while_somebody_looks(
    lab: StackDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    measure = figures.figures_of

    def counted(uid: int, result: FloatArray) -> LayerFigures:
        measured.append(uid)
        return measure(uid, result)

    monkeypatch.setattr(figures, "figures_of", counted)
    slot = lab.state.slots[0]
    lab.choose_layer(slot.uid)
    lab.settle()
    assert measured == [], "what is closed costs nothing"
    dock = open_panel(lab, "statistics_dock")
    lab.until_shown(lambda shown: shown.figures is not None)
    table = lab.person.find(MapTable, "figures_table")
    column = lab.shown.column(slot.uid)
    assert column is not None
    lab.until(lambda: table.rows.rowCount() == len(column.maps))
    row = table.rows.as_text().splitlines()[1].split("\t")
    assert row[0] == "0"
    assert float(row[2].replace("−", "-")) == pytest.approx(column.maps[0].mean(), abs=0.005)
    assert float(row[6].replace("−", "-")) == pytest.approx(column.maps[0].max(), abs=0.005)
    assert "1 " in text_of(lab, "figures_words")
    lab.until(lambda: table.horizontalScrollBar().maximum() == 0)  # no column is out of sight
    tabs = lab.person.find(QTabWidget, "statistics_tabs")
    bar = tabs.tabBar()
    QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(1).center())
    lab.until(lambda: not lab.viewing.wants_figures)
    QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(0).center())
    lab.until(lambda: lab.viewing.wants_figures)
    dock.close()
    lab.until(lambda: not lab.viewing.wants_figures)
    measured.clear()
    lab.choose_layer(lab.state.slots[1].uid)
    lab.settle()
    assert lab.shown.figures is None
    assert measured == []


def test_a_folder_is_looked_through_and_its_table_taken_along(
    lab: StackDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, columns in (("1/a", (14, 18)), ("1/b", (12, 16)), ("8/c", (14, 17))):
        pixels = np.full((32, 32, 3), 255, np.uint8)
        pixels[4:28, slice(*columns)] = 0
        path = tmp_path / "folder" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_png(path, pixels)
    open_panel(lab, "statistics_dock")
    tabs = lab.person.find(QTabWidget, "statistics_tabs")
    QTest.mouseClick(tabs.tabBar(), LEFT, NO_KEYS, tabs.tabBar().tabRect(1).center())
    folder = str(tmp_path / "folder")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    lab.person.press("survey_folder_button")
    lab.until(lambda: "Accuracy" in text_of(lab, "survey_words"))
    words = text_of(lab, "survey_words")
    assert words.startswith("3 of 3 pictures: ")
    assert "Accuracy 66.7 % (2 of 3)" in words
    table = lab.person.find(MapTable, "survey_table")
    every = table.rows.rowCount()
    lab.person.press("survey_copy_button")
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1 + every
    lab.person.tick("survey_dead_check")
    never = table.rows.rowCount()
    assert 0 < never < every
    assert f"{never} of {every} maps never fire" in words
    saved = tmp_path / "maps"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    lab.person.press("survey_save_button")
    lab.until(saved.with_suffix(".csv").exists)
    rows = list(csv.reader(saved.with_suffix(".csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 1 + every + 4, "the maps, and the classes below"
    assert rows[-2:] == [["1", "2", "2", "2"], ["8", "1", "0", rows[-1][3]]]


@pytest.mark.slow
def test_networks_that_come_along_are_chosen_and_undone(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def read(path: Path) -> Network:
        readers.append(threading.current_thread())
        return load_network(path)

    monkeypatch.setattr(ready_stacks, "load_network", read)
    ready_stacks._opened.cache_clear()
    pytest.importorskip("onnx", reason="the networks are files of ONNX")
    coffee = str(paths.resource("pictures", "coffee.jpg"))
    lab = StackDriver(open_window("--lab", "stack", "--source", coffee, "--size", "1440x900"))
    before = lab.state
    lab.person.choose("stack_combo", "Everyday objects")
    lab.until(lambda: lab.state.title == "Everyday objects")
    lab.until(lambda: text_of(lab, "stack_answer").startswith("espresso  9"))
    assert len(lab.shown.columns) == 145
    open_panel(lab, "stack_input_dock")
    assert "Mean and std: its metadata names them." in text_of(lab, "input_reasons")
    threshold = lab.person.window.findChild(QWidget, "marks_threshold_spin")
    assert threshold is not None
    assert not threshold.isVisible()
    lab.person.choose("stack_combo", "Faces")
    lab.until(lambda: lab.state.title == "Faces")
    lab.person.set_spin_number("marks_threshold_spin", "0.5")
    assert lab.state.marks.threshold == 0.5
    lab.until_shown(lambda shown: shown.picture.tiles is not None)
    lab.click(Unit(INPUT, 0, 20, 20))
    view = lab.person.find(ImageView, "unit_map_view")
    lab.until(lambda: len(view.marks) == len(lab.look.found) > 0)  # large, and all of them
    for title in ("Faces", "Everyday objects", before.title):
        lab.person.undo()
        assert lab.state.title == title
    assert lab.state == before
    assert len(readers) == 2, "once each"
    assert threading.main_thread() not in readers
