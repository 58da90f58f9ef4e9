"""A person at the signal lab: slides g over f, drags handles, draws."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QTabWidget, QWidget

from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState, SignalViewing
from convlab.engine.arrays import AnyArray
from convlab.layers.parameters import parameter
from convlab.ui.signals.signal_lab import SignalLab
from convlab.ui.signals.signal_view import SignalView
from convlab.ui.widgets.plot import Plot
from tests.e2e.driver import LEFT, NO_KEYS, Driver

KINDS = dict(parameter(SignalSpec, "kind").choices)
"""Each shape as the list shows it."""


class SignalDriver:
    """Drives the signal lab of a window."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        self.window = person.window
        self.lab = self.window.labs.of(SignalLab)
        self.view = person.find(SignalView, "signal_view")
        self.until(lambda: isinstance(self.window.pump.shown, SignalShown))
        self.settle()

    @property
    def state(self) -> SignalState:
        return self.person.document.signal

    @property
    def viewing(self) -> SignalViewing:
        return self.window.session.viewing.signal

    @property
    def shown(self) -> SignalShown:
        shown = self.window.pump.shown
        assert isinstance(shown, SignalShown)
        return shown

    @property
    def kept(self) -> AnyArray:
        """The part of the result that the mode keeps."""
        return self.shown.result[self.shown.kept]

    @property
    def message(self) -> str:
        return self.lab.message.text

    def text(self, name: str) -> str:
        return self.person.find(QLabel, name).text()

    def until(self, condition: Callable[[], bool]) -> None:
        self.person.until(condition)

    def settle(self) -> None:
        """Wait until what is wanted is what is shown."""

        def is_there() -> bool:
            shown = self.window.pump.shown
            if not isinstance(shown, SignalShown) or shown.job.state is not self.state:
                return False
            return shown.job.viewing == self.viewing

        self.until(is_there)

    # ---- controls ----

    def choose(self, name: str, text: str) -> None:
        self.person.choose(name, text)
        self.settle()

    def open_file(self, which: str, again: bool = False) -> None:
        """Choose a file for f or g: the dialog's answer is given by the test."""
        before = self.state
        if again:
            self.press(f"{which}_file_button")
        else:
            self.person.choose(f"{which}_kind_combo", KINDS[SignalKind.SOUND])
        self.until(lambda: self.state is not before)
        self.settle()

    def choose_scene(self, name: str) -> None:
        self.choose("scene_combo", name)
        assert self.state.scene == name

    def press(self, name: str) -> None:
        self.person.press(name)
        QApplication.processEvents()

    def toggle(self, name: str) -> None:
        """Switch a check box with the keyboard."""
        box = self.person.find(QWidget, name)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Return)
        self.settle()

    def set_count(self, count: int) -> None:
        self.person.set_spin("signal_count_spin", count)
        self.settle()

    def set_decimal(self, name: str, text: str) -> None:
        spin = self.person.find(QDoubleSpinBox, name)
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
        self.settle()

    def show_tab(self, title: str) -> None:
        tabs = self.person.find(QTabWidget, "signal_tabs")
        bar = tabs.tabBar()
        number = next(i for i in range(bar.count()) if bar.tabText(i) == title)
        QTest.mouseClick(bar, LEFT, NO_KEYS, bar.tabRect(number).center())
        assert tabs.currentIndex() == number
        self.settle()

    def press_key(self, key: Qt.Key) -> None:
        """Press a key over the plots."""
        self.view.setFocus()
        QTest.keyClick(self.view, key)
        QApplication.processEvents()

    # ---- plots ----

    def handle(self, which: str, name: str) -> QPoint:
        """Return where a handle is painted."""
        handles = next(each for each, _ in self.view.signals.handles if each.which == which)
        return self.view.signals.frame.at(*handles.places()[name]).toPoint()

    def drag(self, plot: Plot, places: list[QPoint], is_quick: bool = False) -> None:
        """Drag from place to place; quickly: before anything is computed or painted."""
        QTest.mousePress(plot, LEFT, NO_KEYS, places[0])
        for place in places[1:]:
            QTest.mouseMove(plot, place)
            if not is_quick:
                QApplication.processEvents()
        QTest.mouseRelease(plot, LEFT, NO_KEYS, places[-1])
        self.settle()

    def place(self, plot: Plot, time: float, value: float) -> QPoint:
        return plot.frame.at(time, value).toPoint()

    def scrub(self, plot: Plot, start: float, end: float) -> None:
        """Drag along a plot from one time to another."""
        height = plot.frame.room.bottom() - 8
        first, last = (
            QPointF(plot.frame.at(time, 0.0).x(), height).toPoint() for time in (start, end)
        )
        self.drag(plot, [first, (first + last) / 2, last])

    def click(self, widget: QWidget, place: QPointF) -> None:
        QTest.mouseClick(widget, LEFT, NO_KEYS, place.toPoint())
        self.settle()
