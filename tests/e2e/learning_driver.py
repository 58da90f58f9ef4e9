"""A person at the learning lab: plays, turns dials, paints."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QWidget

from convlab.document.learning.job import LearningShown
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.one_kernel import KernelTask, KernelTrainingViewing
from convlab.ui.learning.learning_lab import LearningLab
from convlab.ui.widgets.image_view import ImageView
from tests.e2e.driver import LEFT, NO_KEYS, Driver


class KernelDriver:
    """Drives the page of one kernel."""

    def __init__(self, person: Driver) -> None:
        self.person = person
        self.window = person.window
        self.page = self.window.labs.of(LearningLab).kernel
        self.until(lambda: isinstance(self.window.pump.shown, LearningShown))
        self.settle()

    @property
    def task(self) -> KernelTask:
        return self.person.document.learning.kernel

    @property
    def viewing(self) -> KernelTrainingViewing:
        return self.window.session.viewing.learning.kernel

    @property
    def shown(self) -> KernelTrainingShown:
        shown = self.window.pump.shown
        assert isinstance(shown, LearningShown)
        assert isinstance(shown.page, KernelTrainingShown)
        return shown.page

    @property
    def max_error(self) -> float:
        error = self.shown.max_error
        assert error is not None
        return error

    @property
    def words(self) -> str:
        return self.person.find(QLabel, "walk_words").text()

    @property
    def undo_steps(self) -> int:
        return self.window.session.undo_stack.index()

    def until(self, condition: Callable[[], bool]) -> None:
        self.person.until(condition)

    def settle(self) -> None:
        """Wait until what is wanted is what is shown."""

        def is_there() -> bool:
            shown = self.window.pump.shown
            if not isinstance(shown, LearningShown):
                return False
            return (
                shown.job.state.kernel is self.task
                and shown.job.viewing == self.window.session.viewing.learning
                and not self.window.pump._painting
            )

        self.until(is_there)

    # ---- controls ----

    def press(self, name: str) -> None:
        self.person.press(name)
        self.settle()

    def choose(self, name: str, text: str) -> None:
        self.person.choose(name, text)
        self.settle()

    def set_spin(self, name: str, value: int) -> None:
        self.person.set_spin(name, value)
        self.settle()

    def set_decimal(self, name: str, text: str) -> None:
        spin = self.person.find(QDoubleSpinBox, name)
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
        self.settle()

    def toggle(self, name: str) -> None:
        """Switch a check box with the keyboard."""
        box = self.person.find(QWidget, name)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Return)
        self.settle()

    def play(self) -> None:
        assert not self.viewing.is_playing
        self.person.press("walk_play_button")
        assert self.viewing.is_playing

    def pause(self) -> None:
        assert self.viewing.is_playing
        self.press("walk_play_button")
        assert not self.viewing.is_playing

    # ---- painting ----

    def paint(self, *places: tuple[float, float]) -> None:
        """Drag over the target image from place to place, fractions of (rows, columns)."""
        view = self.person.find(ImageView, "walk_wished_view")
        points = [self._place(view, *place) for place in places]
        QTest.mousePress(view.viewport(), LEFT, NO_KEYS, points[0])
        for point in points[1:]:
            QTest.mouseMove(view.viewport(), point)
            QApplication.processEvents()
        QTest.mouseRelease(view.viewport(), LEFT, NO_KEYS, points[-1])
        self.settle()

    def _place(self, view: ImageView, row: float, column: float) -> QPoint:
        paper = view.drawn_rect()
        return view.cell_center(int(row * paper.height()), int(column * paper.width())).toPoint()
