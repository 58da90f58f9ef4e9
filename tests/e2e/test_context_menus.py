"""Every picture, map, grid and plot has the same menu, on the right button and on the keyboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from convlab.document.document import Lab
from convlab.document.stack.model import Unit
from convlab.engine import kernels
from convlab.ui.guide_window import GuideWindow
from convlab.ui.taken import Takeable
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.plot import Plot
from tests.e2e.driver import Driver

VIEWS = {
    Lab.KERNEL: ("input_view", "output_view", "kernel_grid", "output_histogram"),
    Lab.STACK: ("map_grid",),
    Lab.SIGNAL: ("signal_plot", "result_plot", "terms_view"),
    Lab.LEARNING: ("walk_input_view", "walk_kernels", "walk_loss_plot"),
}


def open_menu(view: QWidget, at: QPoint | None = None, by_keys: bool = False) -> QMenu | None:
    """Ask for a menu as Qt does: the event goes from the view up until somebody takes it."""
    reasons = QContextMenuEvent.Reason
    place = view.rect().center() if at is None else at
    reason = reasons.Keyboard if by_keys else reasons.Mouse
    target = view.childAt(place) or view
    event = QContextMenuEvent(reason, target.mapFrom(view, place), view.mapToGlobal(place))
    QApplication.sendEvent(target, event)
    menus = view.window().findChildren(QMenu, "view_menu")
    return menus[-1] if menus else None


def choose(menu: QMenu | None, text: str) -> None:
    assert menu is not None
    (action,) = [action for action in menu.actions() if action.text() == text]
    action.trigger()
    menu.close()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


@pytest.mark.display
@pytest.mark.parametrize("by_keys", [False, True])
@pytest.mark.parametrize("name", list(Lab))
def test_every_view_has_a_menu(step: Driver, name: Lab, by_keys: bool) -> None:
    step.window.go_to(name)
    QApplication.processEvents()
    for view_name in VIEWS[name]:
        view = step.find(QWidget, view_name)
        view.setFocus()
        if by_keys and QApplication.focusWidget() is not view:
            continue  # nobody gets there with the keyboard
        menu = open_menu(view, by_keys=by_keys)
        assert menu is not None, view_name
        texts = [action.text() for action in menu.actions()]
        assert {"Copy picture", "Save picture…", "What is this?"} <= set(texts)
        menu.close()
        QApplication.sendPostedEvents(None, 52)  # deferred deletes


def test_what_paints_itself_can_be_taken_along(step: Driver) -> None:
    """A new plot or picture has a menu of its own accord."""
    for name in Lab:
        step.window.go_to(name)
    views = [view for view in step.window.findChildren(Plot) if not isinstance(view, Takeable)]
    assert views == []


def test_the_true_values_of_the_output_are_copied(step: Driver) -> None:
    choose(open_menu(step.output), "Copy values")
    step.until(lambda: clipboard().count("\t") > 10)
    rows = [[float(value) for value in line.split("\t")] for line in clipboard().splitlines()]
    assert np.array_equal(np.array(rows, np.float32), step.result)


def test_the_picture_is_copied_without_frames(step: Driver) -> None:
    step.click(step.output, 1, 1)
    choose(open_menu(step.output), "Copy picture")
    image = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB32)
    assert (image.height(), image.width()) == step.result.shape
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(*step.result.shape, 4)
    assert np.array_equal(pixels[..., :3], step.shown.output.bgra[..., :3])


def test_the_kernel_is_copied_as_code(step: Driver) -> None:
    choose(open_menu(step.grid), "Copy code (NumPy)")
    assert clipboard().startswith("np.array(")
    assert np.array_equal(kernels.parse(clipboard()), step.document.kernel.weights)


def test_a_map_is_copied_where_the_mouse_is(step: Driver) -> None:
    step.window.go_to(Lab.STACK)
    grid = step.find(MapGrid, "map_grid")
    uid = step.document.stack.slots[0].uid
    step.until(lambda: uid in grid._columns and grid._columns[uid].shown is not None)
    at = grid.unit_center(Unit(uid, 3, 2, 2))
    choose(open_menu(grid, grid.viewport().mapTo(grid, at)), "Copy values")
    step.until(lambda: "\t" in clipboard())
    rows = [[float(value) for value in line.split("\t")] for line in clipboard().splitlines()]
    shown = grid._columns[uid].shown
    assert shown is not None
    assert np.array_equal(np.array(rows, np.float32), shown.maps[3])
    assert not np.array_equal(shown.maps[3], shown.maps[0])


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("Save picture…", "picture.png"),
        ("Save values as 16-bit PNG…", "deep.png"),
        ("Save values as npy…", "values.npy"),
    ],
)
def test_files_are_saved_and_the_folder_is_kept(
    step: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, name: str
) -> None:
    path = tmp_path / "folder" / name
    path.parent.mkdir()
    asked: list[str] = []

    def ask(_parent: QWidget, _title: str, start: str, _filter: str) -> tuple[str, str]:
        asked.append(start)
        return str(path.with_suffix("")), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    choose(open_menu(step.output), entry)
    step.until(path.exists)
    step.until(lambda: f"Saved as {name}" in step.message)
    if path.suffix == ".npy":
        assert np.array_equal(np.load(path), step.result)
    choose(open_menu(step.output), entry)
    assert Path(asked[-1]).parent == path.parent
    step.until(lambda: not step.window.desk.worker.is_busy)


def test_reset_view_and_what_is_this(step: Driver) -> None:
    step.output.zoom_by(3.0)
    assert step.window.session.viewing.kernel.sight is not None
    choose(open_menu(step.output), "Reset view")
    assert step.window.session.viewing.kernel.sight is None
    choose(open_menu(step.grid), "What is this?")
    step.until(lambda: step.window.findChild(GuideWindow, "guide_window") is not None)
    assert step.find(GuideWindow, "guide_window").section == "What a kernel does"


@pytest.mark.display
def test_the_right_button_erases_on_a_canvas(step: Driver) -> None:
    step.choose("source_combo", "Drawing")
    view = step.find(QWidget, "kernel_drawing_view")
    step.until(view.isVisible)
    assert open_menu(view) is None
    view.setFocus()
    assert open_menu(view, by_keys=True) is not None
    step.key(Qt.Key.Key_Escape)
