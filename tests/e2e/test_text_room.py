"""No text of any lab is cut or lies over another, however large the window is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from convlab.document.document import Lab
from convlab.document.stack.model import Unit
from convlab.io.ready_stacks import read_ready_stack
from convlab.ui.palettes import ThemeName
from convlab.ui.theme import apply_theme, scale
from convlab.ui.widgets.map_card import TextItem
from convlab.ui.widgets.map_grid import MapGrid
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.stack_driver import StackDriver
from tests.e2e.text_room import faults, recording
from tests.pictures import save_png

ROOT = Path(__file__).resolve().parents[2]
PHOTO = str(ROOT / "resources" / "pictures" / "coffee.jpg")
SIZES = ((800, 600), (1024, 700), (1440, 900), (1920, 1080))
QUICK = pytest.mark.parametrize("size", SIZES[:2], ids=["800x600", "1024x700"])
LABS = tuple(Lab)
EVERY_LAB = pytest.mark.parametrize("lab", LABS, ids=[lab.value for lab in LABS])


def settle(user: Driver) -> None:
    """Wait until what is wanted is what is painted."""
    QApplication.processEvents()
    user.until(lambda: user.window.pump.is_up_to_date)
    QApplication.processEvents()


def pages(user: Driver, lab: Lab) -> Iterator[str]:
    """Show one page of the lab after another."""
    tabs = user.window.labs.lab(lab).findChildren(QTabWidget)
    for book in tabs:
        for place in range(book.count()):
            if book.isTabVisible(place):
                book.setCurrentIndex(place)
                settle(user)
                yield book.tabText(place)
    if not tabs:
        yield lab.value


def pin(user: Driver, lab: Lab) -> None:
    """Choose a pixel, a unit, or a place, and see the numbers behind it."""
    if lab is Lab.KERNEL:
        user.click(user.output, 20, 30)
    elif lab is Lab.STACK:
        stack = StackDriver(user)
        stack.click(Unit(stack.state.slots[0].uid, 0, 40, 60))
    settle(user)


def fill(user: Driver, lab: Lab) -> None:
    """Make more numbers of it, and longer ones."""
    if lab is Lab.KERNEL:
        user.choose("color_space_combo", "RGB")
        user.choose("preset_combo", "Laplacian of Gaussian 9×9")
    elif lab is Lab.SIGNAL:
        user.choose("scene_combo", "Echo")
    settle(user)


def found(user: Driver, lab: Lab, sizes: tuple[tuple[int, int], ...]) -> list[str]:
    """Return every fault of a lab in windows of some sizes, on all its pages."""
    seen: dict[str, str] = {}
    with recording() as recorder:
        for size in sizes:
            user.window.resize(*size)
            for page in pages(user, lab):
                for fault in faults(user.window, recorder):
                    seen.setdefault(fault, f"{size[0]}×{size[1]}, {page}: {fault}")
    return list(seen.values())


def assert_none(texts: list[str]) -> None:
    assert not texts, f"{len(texts)} texts cut or over others:\n" + "\n".join(texts)


class Faulty(QWidget):
    """A label without room, a painted text without room, and one over another."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("faulty")
        self.resize(240, 120)
        label = QLabel("Wider than its label", self)
        label.setObjectName("narrow")
        label.setGeometry(10, 10, 30, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawText(QRectF(10, 40, 30, 20), 0, "Wider than its room")
        painter.drawText(QPointF(10, 90), "below")
        painter.drawText(QPointF(14, 90), "above")
        painter.end()


def test_the_measure_finds_what_is_cut_and_what_lies_over_another(qtbot: QtBot) -> None:
    widget = Faulty()
    qtbot.addWidget(widget)
    widget.show()
    with recording() as recorder:
        said = faults(widget, recorder)
    assert len(said) == 3
    for beginning in (
        "cut: narrow: “Wider than its label” needs",
        "cut: faulty: “Wider than its room” needs",
        "overlap: faulty: “below” and “above”",
    ):
        assert any(text.startswith(beginning) for text in said), said


@QUICK
@EVERY_LAB
def test_every_text_has_its_room(lab: Lab, size: tuple[int, int], open_window: OpenWindow) -> None:
    user = open_window("--source", PHOTO, "--lab", lab.value)
    settle(user)
    pin(user, lab)
    assert_none(found(user, lab, (size,)))


def test_every_text_has_its_room_beside_long_and_low_shapes(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    path = tmp_path / "line.png"
    save_png(path, np.arange(2000 * 20 * 3, dtype=np.uint8).reshape(20, 2000, 3))
    user = open_window("--source", str(path))
    settle(user)
    texts = found(user, Lab.KERNEL, SIZES[::2])
    user.choose("source_combo", "Coffee")
    user.set_spin("rows_spin", 1)
    user.set_spin("columns_spin", 31)
    pin(user, Lab.KERNEL)
    for space in ("RGB", "Lab"):
        user.choose("color_space_combo", space)
        settle(user)
        texts += found(user, Lab.KERNEL, SIZES[::2])
    assert_none(texts)


def test_every_text_has_its_room_with_kernels_of_channels_and_their_copies(
    open_window: OpenWindow,
) -> None:
    user = open_window("--source", PHOTO)
    settle(user)
    pin(user, Lab.KERNEL)
    user.choose("color_space_combo", "RGB")
    user.tick("several_kernels_check")
    user.tick("normalise_check")
    user.set_spin("stride_spin", 3)
    texts = found(user, Lab.KERNEL, SIZES[:1])
    user.tick("transposed_check")
    assert_none(texts + found(user, Lab.KERNEL, SIZES[:1]))


def test_every_text_has_its_room_in_the_panels_of_networks(open_window: OpenWindow) -> None:
    user = open_window("--source", PHOTO, "--lab", "stack")
    settle(user)
    stack = replace(read_ready_stack("digits-trained"), title="Digits")
    user.window.session.edit(replace(user.document, stack=stack), "open digits")
    settle(user)
    texts = []
    for name in ("stack_input_dock", "classes_dock", "statistics_dock"):
        dock = user.find(QDockWidget, name)
        dock.toggleViewAction().trigger()
        user.until(dock.isVisible)
        settle(user)
        texts += found(user, Lab.STACK, SIZES[:1])
    assert_none(texts)


@pytest.mark.slow
@EVERY_LAB
@pytest.mark.parametrize("start", ["first", "second"])
def test_every_text_has_its_room_in_every_window(
    lab: Lab, start: str, open_window: OpenWindow
) -> None:
    arguments = ("--source", PHOTO, "--lab", lab.value)
    if start == "second":
        user = open_window(*arguments)
        settle(user)
        user.close()
    user = open_window(*arguments)
    settle(user)
    texts = found(user, lab, SIZES)
    pin(user, lab)
    texts += found(user, lab, SIZES)
    fill(user, lab)
    assert_none([*texts, *found(user, lab, SIZES)])


@pytest.mark.slow
@EVERY_LAB
@pytest.mark.parametrize(
    ("factor", "chosen"), [("2", "first"), ("2.5", "800x600")], ids=["2", "2.5"]
)
def test_every_text_has_its_room_at_every_scale(lab: Lab, factor: str, chosen: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k"]
    done = subprocess.run(
        [*command, f"{chosen} and {lab.value}", str(Path(__file__))],
        cwd=ROOT,
        env=os.environ | {"QT_SCALE_FACTOR": factor},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "\n".join(line for line in done.stdout.split("\n") if line.startswith("E  "))
    assert done.returncode == 0, said


@pytest.fixture
def usual_scale(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, ThemeName.LIGHT, 1.0)


def title_height(user: Driver) -> float:
    """Return how high the names over the maps are [screen px]."""
    view = user.find(MapGrid, "map_grid")
    card = next(item for item in view.items() if isinstance(item, TextItem) and item.text())
    return card.boundingRect().height() * view.transform().m11()


@pytest.mark.parametrize("lab", [Lab.STACK], ids=[Lab.STACK.value])
def test_every_text_has_its_room_in_a_larger_interface(
    lab: Lab, open_window: OpenWindow, usual_scale: None
) -> None:
    user = open_window("--source", PHOTO, "--lab", lab.value)
    settle(user)
    before = title_height(user)
    for _ in range(3):
        user.key(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    user.until(lambda: scale() == 1.5)
    settle(user)
    assert title_height(user) == pytest.approx(1.5 * before, abs=1.0)
    texts = found(user, lab, SIZES[2:])
    pin(user, lab)
    assert_none([*texts, *found(user, lab, SIZES[2:])])
    user.key(Qt.Key.Key_Escape)
    settle(user)
    user.key(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    user.until(lambda: scale() == 1.0)
    settle(user)
    StackDriver(user).choose_layer(1)
    assert not user.window.message.text


@pytest.mark.parametrize("lab", [Lab.KERNEL, Lab.SIGNAL], ids=["kernel", "signal"])
def test_the_smallest_window_of_a_larger_interface_has_the_same_room(
    lab: Lab, open_window: OpenWindow, usual_scale: None
) -> None:
    user = open_window("--source", PHOTO, "--lab", lab.value)
    while user.window.appearance.wanted_scale < 1.75:
        user.window.appearance.step_scale(1)
    user.until(lambda: scale() == 1.75)
    assert_none(found(user, lab, ((1400, 1050),)))
