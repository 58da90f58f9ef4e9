"""A person at the stack lab: clicks maps, drags weights, builds layers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget

from convlab.document.stack.job import StackShown
from convlab.document.stack.look import UnitLook
from convlab.document.stack.model import StackState, StackViewing, Unit
from convlab.ui.stack.layer_list import LayerList
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.map_grid import MapGrid
from tests.e2e.driver import LEFT, NO_KEYS, Driver


class StackDriver:
    """Drives the stack lab of a window."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        self.window = person.window
        self.maps = person.find(MapGrid, "map_grid")
        self.list = person.find(LayerList, "layer_list")
        self.until(lambda: isinstance(self.window.pump.shown, StackShown))
        self.until_shown(lambda shown: len(shown.columns) == 1 + len(self.state.active))

    @property
    def state(self) -> StackState:
        return self.person.document.stack

    @property
    def viewing(self) -> StackViewing:
        return self.window.session.viewing.stack

    @property
    def weights(self) -> KernelGrid:
        """The kernel of the chosen channel, in the detail."""
        return self.person.find(KernelGrid, "filter_grid")

    @property
    def shown(self) -> StackShown:
        shown = self.window.pump.shown
        assert isinstance(shown, StackShown)
        return shown

    @property
    def look(self) -> UnitLook:
        assert self.shown.look is not None
        return self.shown.look

    def until(self, condition: Callable[[], bool]) -> None:
        self.person.until(condition)

    def until_shown(self, condition: Callable[[StackShown], bool]) -> None:
        """Wait for a result of the document and the viewing of now that is like this."""

        def is_there() -> bool:
            shown = self.window.pump.shown
            if not isinstance(shown, StackShown) or shown.job.state is not self.state:
                return False
            return shown.job.viewing == self.viewing and condition(shown)

        self.until(is_there)

    def settle(self) -> None:
        """Wait until what is wanted is what is shown."""
        self.until_shown(lambda shown: True)

    # ---- maps ----

    def point(self, unit: Unit) -> None:
        place = self.maps.unit_center(unit)
        QTest.mouseMove(self.maps.viewport(), place + QPoint(1, 0))
        QTest.mouseMove(self.maps.viewport(), place)
        self.settle()

    def click(self, unit: Unit) -> None:
        place = self.maps.unit_center(unit)
        QTest.mouseClick(self.maps.viewport(), LEFT, NO_KEYS, place)
        self.settle()

    def click_card(self, uid: int) -> None:
        QTest.mouseClick(self.maps.viewport(), LEFT, NO_KEYS, self.maps.card_center(uid))
        self.settle()

    def drag_maps(self, start: QPoint, moved: QPoint) -> None:
        view = self.maps.viewport()
        QTest.mousePress(view, LEFT, NO_KEYS, start)
        for step in range(1, 6):
            QTest.mouseMove(view, start + moved * step / 5)
            QApplication.processEvents()
        QTest.mouseRelease(view, LEFT, NO_KEYS, start + moved)

    def press_key(self, key: Qt.Key) -> None:
        self.maps.setFocus()
        QTest.keyClick(self.maps, key)
        self.settle()

    # ---- weights ----

    def drag_weight(self, row: int, column: int, pixels: int) -> None:
        start = self.weights.cell_rect(row, column).center().toPoint()
        QTest.mousePress(self.weights, LEFT, NO_KEYS, start)
        for moved in range(5, pixels + 1, 5):
            QTest.mouseMove(self.weights, start + QPoint(moved, 0))
            QApplication.processEvents()
        QTest.mouseRelease(self.weights, LEFT, NO_KEYS, start + QPoint(pixels, 0))

    # ---- the builder ----

    def choose_layer(self, uid: int) -> None:
        row = self.state.index(uid)
        place = self.list.visualItemRect(self.list.item(row)).center()
        QTest.mouseClick(self.list.viewport(), LEFT, NO_KEYS, place)
        self.until(lambda: self.viewing.chosen == uid)

    def list_key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.list.setFocus()
        QTest.keyClick(self.list, key, modifier)
        QApplication.processEvents()

    def add(self, title: str) -> None:
        """Choose an entry of the list behind the button."""
        self.person.choose("add_layer_button", title)

    def drop_on(self, row: int, below: bool) -> None:
        """Let go of the dragged layer over another line."""
        rect = self.list.visualItemRect(self.list.item(row))
        place = QPointF(rect.center() + QPoint(0, 4 if below else -4))
        mime = self.list.model().mimeData([self.list.currentIndex()])
        event = QDropEvent(place, Qt.DropAction.MoveAction, mime, LEFT, NO_KEYS)
        event.source = lambda: self.list  # type: ignore[method-assign]
        self.list.dropEvent(event)

    def open_detail(self) -> None:
        """Click a map of the chosen layer, or of the first, unless the detail is open already."""
        if not self.viewing.pinned:
            column = self.shown.column(self.viewing.chosen or self.state.active[0].uid)
            assert column is not None
            self.click(column.middle())

    def show_tab(self, title: str) -> None:
        self.open_detail()
        tabs = self.person.find(QTabWidget, "detail_tabs")
        bar = tabs.tabBar()
        number = next(i for i in range(bar.count()) if bar.tabText(i) == title)
        QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(number).center())
        self.settle()
