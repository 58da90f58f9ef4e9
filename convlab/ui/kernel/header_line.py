"""The one line above a picture: what it is, how large, and the controls that change it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label

SPACING = 4  # [px]
HEIGHT = 30  # [px]


class HeaderLine(QWidget):
    """Shows a title, a size and controls; what has no room is a click away, the last ones first.

    Args:
        role: Object names begin with it.
        title: What the picture is.
        controls: The most important first; one that is hidden takes no room.
        ends: Stand at the right end; the first makes room for the first control.
    """

    def __init__(
        self, role: str, title: str, controls: Sequence[QWidget], ends: Sequence[QWidget]
    ) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self._controls, self._ends = list(controls), list(ends)
        self._title = quiet_label(title, "title")
        self._size = FittingLabel(f"{role}_size")
        self._more = describe(
            QToolButton(), f"{role}_more_button", "More", f"More controls of the {role}."
        )
        self._more.setText("…")
        self._more.clicked.connect(self._open)
        self._sheet = QFrame(self, Qt.WindowType.Popup)
        as_panel(self._sheet)
        self._rest = filled(QVBoxLayout(self._sheet), margins=(10, 8, 10, 8), spacing=6)
        self._line = filled(QHBoxLayout(), spacing=SPACING)
        row = filled(QHBoxLayout(self), margins=(0, 0, 0, 0), spacing=SPACING)
        self._tail = filled(QHBoxLayout(), *self._ends, spacing=SPACING)
        filled(row, self._title, 8, (self._size, 1), self._line, self._more, self._tail)
        self._placed = (-1, 0)
        self._said: tuple[str, ...] = ()
        self._place(len(self._controls))

    def set_size(self, *texts: str) -> None:
        """Write how large the picture is: the first of these texts that has room."""
        if texts != self._said:
            self._said = texts
            self._size.show_texts(*texts)
            self._settle()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_of([self._title, *self._ends[1:]]), px(HEIGHT))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a control has come or gone
            self._settle()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def _settle(self) -> None:
        """Put as many controls into the line as fit beside the size.

        The first end gives its place to the first control, or to the title, where all have none.
        """
        shown = [control for control in self._controls if not control.isHidden()]
        needed = self._width_of([self._title, self._more, *self._ends]) + px(8)
        in_line, ends = self._fitting(shown, self._ends), self._ends
        if len(ends) > 1 and shown and in_line <= self._controls.index(shown[0]):
            fewer = self._fitting(shown, ends[1:])
            if fewer > in_line or self.width() < needed:
                in_line, ends = fewer, ends[1:]
        self._place(in_line, len(self._ends) - len(ends))
        # Beside an open panel in a small window there may be no room even for the shortest size.
        beside = [each for each in (*self._controls[:in_line], self._more) if not each.isHidden()]
        room = self.width() - self._width_of([self._title, *beside, *ends]) - px(8)
        self._size.setVisible(room >= self._size.width_of(-1))

    def _fitting(self, shown: Sequence[QWidget], ends: Sequence[QWidget]) -> int:
        """Return how many controls have room in the line, beside some ends."""
        room = self.width() - self._width_of([self._title, *ends]) - px(8)
        least = self._size.width_of(-1)
        left, fitting = list(shown), len(self._controls)
        if len(ends) < len(self._ends):
            room -= self._width_of([self._more])
        while left and self._width_of(left) + least + px(SPACING) > room:
            if fitting == len(self._controls) and len(ends) == len(self._ends):
                room -= self._width_of([self._more])
            fitting = self._controls.index(left.pop())
        return fitting

    def _place(self, in_line: int, spared: int = 0) -> None:
        """Put controls into the line, and the others, with the spared ends, behind the button."""
        if (in_line, spared) != self._placed:
            self._placed = in_line, spared
            for number, control in enumerate(self._controls):
                is_hidden = control.isHidden()
                (self._line if number < in_line else self._rest).addWidget(control)
                control.setVisible(not is_hidden)
            for number, end in enumerate(self._ends[:-1]):
                if number < spared:
                    self._rest.addWidget(end)
                else:
                    self._tail.insertWidget(number, end)
        is_more = spared or any(not each.isHidden() for each in self._controls[in_line:])
        self._more.setVisible(bool(is_more))

    @staticmethod
    def _width_of(widgets: Sequence[QWidget]) -> int:
        widths = [min(each.sizeHint().width(), each.maximumWidth()) for each in widgets]
        return sum(widths) + len(widths) * px(SPACING)

    def _open(self) -> None:
        """Show the controls that have no room."""
        self._sheet.adjustSize()
        corner = self._more.mapToGlobal(self._more.rect().bottomRight())
        self._sheet.move(corner - QPoint(self._sheet.width() - 1, -3))
        self._sheet.show()
