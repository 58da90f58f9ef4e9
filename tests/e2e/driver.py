"""Drives the real window the way a person does: by mouse and keyboard, found by object names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListView,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from convlab.document.document import Document
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.pages import KernelPages
from convlab.engine.arrays import FloatArray
from convlab.ui.choices.choice_box import ChoiceBox, ChoiceButton
from convlab.ui.main_window import MainWindow
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.kernel_grid import KernelGrid
from tests.gestures import drag_enter_event, turn_wheel

Found = TypeVar("Found", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
TYPED = str.maketrans("×−", "x-")  # as a person types what no keyboard has
NO_KEYS = Qt.KeyboardModifier.NoModifier
PATIENCE = 30_000  # so long only where something hangs, however busy the machine is [ms]


class Driver:
    """A person at the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.grid = self.find(KernelGrid, "kernel_grid")
        self.input = self.find(ImageView, "input_view")
        self.output = self.find(ImageView, "output_view")

    @property
    def document(self) -> Document:
        return self.window.session.document

    @property
    def shown(self) -> KernelShown:
        shown = self.window.pump.shown
        assert isinstance(shown, KernelShown)
        return shown

    @property
    def pages(self) -> KernelPages | None:
        """What stands beside the picture; None: no page is open."""
        pages = self.window.pump.pages
        assert pages is None or isinstance(pages, KernelPages)
        return pages

    @property
    def result(self) -> FloatArray:
        """The output plane on the screen."""
        plane: FloatArray = self.shown.output.planes[0]
        return plane

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the picture on the screen."""
        return self.shown.job.frame.pixels.shape

    @property
    def message(self) -> str:
        """What the window says at its lower edge."""
        return self.find(QLabel, "source_message").text()

    def close(self) -> None:
        """Close the window and delete it; another would only open the slower beside it."""
        assert self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)

    def find(self, kind: type[Found], name: str) -> Found:
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no {kind.__name__} called {name}"
        return found

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE)

    def until_result(self, rows: list[list[float]]) -> None:
        wanted = np.array(rows, np.float32)
        self.until(
            lambda: self.result.shape == wanted.shape and np.array_equal(self.result, wanted)
        )

    # ---- pictures ----

    def _place(self, view: ImageView, row: int, column: int) -> QPoint:
        return view.cell_center(row, column).toPoint()

    def point(self, view: ImageView, row: int, column: int) -> None:
        QTest.mouseMove(view.viewport(), self._place(view, row, column) + QPoint(1, 1))
        QTest.mouseMove(view.viewport(), self._place(view, row, column))

    def click(self, view: ImageView, row: int, column: int) -> None:
        self.point(view, row, column)
        QTest.mouseClick(view.viewport(), LEFT, NO_KEYS, self._place(view, row, column))

    def drag(self, view: ImageView, start: tuple[int, int], end: tuple[int, int]) -> None:
        QTest.mousePress(view.viewport(), LEFT, NO_KEYS, self._place(view, *start))
        self._move_pressed(view.viewport(), self._place(view, *end))
        QTest.mouseRelease(view.viewport(), LEFT, NO_KEYS, self._place(view, *end))

    def _move_pressed(self, widget: QWidget, position: QPoint) -> None:
        QTest.mouseMove(widget, position)
        QApplication.processEvents()

    # ---- the kernel ----

    def cell(self, row: int, column: int) -> QPoint:
        return self.grid.cell_rect(row, column).center().toPoint()

    def drag_cell(self, row: int, column: int, pixels: int) -> None:
        start = self.cell(row, column)
        QTest.mousePress(self.grid, LEFT, NO_KEYS, start)
        for moved in range(0, pixels, 5 if pixels > 0 else -5):
            self._move_pressed(self.grid, start + QPoint(moved, 0))
        self._move_pressed(self.grid, start + QPoint(pixels, 0))
        QTest.mouseRelease(self.grid, LEFT, NO_KEYS, start + QPoint(pixels, 0))

    def turn_wheel(self, row: int, column: int, notches: int) -> None:
        turn_wheel(self.grid, notches, self.cell(row, column))

    def select_cell(self, row: int, column: int) -> None:
        QTest.mouseClick(self.grid, LEFT, NO_KEYS, self.cell(row, column))

    # ---- controls ----

    def choose(self, name: str, text: str) -> None:
        """Choose an entry of a combo box or of a list with the keyboard."""
        control = self.find(QWidget, name)
        if isinstance(control, ChoiceBox | ChoiceButton):
            control.open_list()
            self.choose_listed(name, text)
            return
        combo = self.find(QComboBox, name)
        index = combo.findText(text)
        assert index >= 0, f"{name} has no entry {text}"
        combo.setFocus()
        combo.showPopup()
        view = combo.view()
        view.setCurrentIndex(combo.model().index(index, 0))
        QTest.keyClick(view, Qt.Key.Key_Return)
        self._leave_list()

    def choose_listed(self, name: str, text: str) -> None:
        """Search for an entry of a list that is open, and choose it, with the keyboard."""
        search = self.find(QLineEdit, f"{name}_search")
        view = self.find(QListView, f"{name}_list")
        words = text.translate(TYPED).split()
        QTest.keyClicks(search, " ".join(word for word in words if word.isascii()))
        model = view.model()
        listed = [model.index(row, 0).data() for row in range(model.rowCount())]
        assert text in listed, f"{name} has no entry {text}, but {listed}"
        while view.currentIndex().data() != text:
            QTest.keyClick(search, Qt.Key.Key_Down)
        QTest.keyClick(search, Qt.Key.Key_Return)
        self._leave_list()

    def _leave_list(self) -> None:
        self.until(lambda: QApplication.activePopupWidget() is None)
        QApplication.processEvents()
        self.window.activateWindow()  # where there is no window manager, nobody else does
        # What was chosen may have opened a dialog, which is active then.
        self.until(lambda: self.window.isActiveWindow() or bool(QApplication.activeModalWidget()))

    def set_spin(self, name: str, value: int) -> None:
        spin = self.find(QSpinBox, name)
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, str(value))
        QTest.keyClick(spin, Qt.Key.Key_Return)

    def set_spin_number(self, name: str, text: str) -> None:
        """Type a decimal number into a spin box."""
        spin = self.find(QDoubleSpinBox, name)
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)

    def tick(self, name: str) -> None:
        """Click the box of a check box."""
        check = self.find(QCheckBox, name)
        QTest.mouseClick(check, LEFT, NO_KEYS, QPoint(8, check.height() // 2))

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(QWidget, name), LEFT)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press a key where the keyboard's focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def undo(self) -> None:
        self.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    def redo(self) -> None:
        self.key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)

    def drop_file(self, *paths: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        where, actions = QPoint(300, 300), Qt.DropAction.CopyAction
        QApplication.sendEvent(self.window, drag_enter_event(where, actions, data))
        QApplication.sendEvent(
            self.window, QDropEvent(QPointF(where), actions, data, LEFT, NO_KEYS)
        )
