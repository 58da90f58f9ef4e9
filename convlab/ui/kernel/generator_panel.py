"""A kernel from a formula: its dials, and the call that makes the same."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.generator import Generator, GeneratorKind
from convlab.layers.parameters import parameters
from convlab.runtime.session import Session
from convlab.ui.kernel.angle_dial import AngleDial
from convlab.ui.kernel.dial_row import DialRow
from convlab.ui.theme import px
from convlab.ui.widgets.forms import STRETCH, as_panel, filled, push_button, wrapped_label
from convlab.ui.widgets.param_fields import tip_of

WIDTH = 218  # at least, whichever dials there are [px]
ANGLE = "degrees"
ALIKE = (GeneratorKind.MOTION, GeneratorKind.GABOR)
"""Whose line has no bright side."""


class GeneratorPanel(QWidget):
    """Shows the generator of the document while it is seen.

    Args:
        session: Has the document.

    Signals:
        chosen: Name of a dial and its value, once.
        dragged: The same while it is dragged.
        released: The drag is over.
        wanted: The kernel is to be made as the dials stand.
    """

    chosen = Signal(str, object)
    dragged = Signal(str, object)
    released = Signal()
    wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("generator_panel")
        as_panel(self)
        self._session = session
        found = {each.name: each for each in parameters(Generator)}
        angle = found[ANGLE]
        self._dial = AngleDial("generator_angle_dial", angle.heading, tip_of(angle))
        self._rows = [
            DialRow(each, f"generator_{name}", self._dial if name == ANGLE else None)
            for name, each in found.items()
        ]
        self._words = wrapped_label("generator_words")
        self._code = wrapped_label("generator_code")
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._make = push_button(
            "generator_make_button",
            "Make the kernel",
            "Put the kernel that the dials make in the place of the present one.",
        )
        self._make.clicked.connect(self.wanted)
        self._arrange()
        for row in self._rows:
            row.chosen.connect(self.chosen)
            row.dragged.connect(self.dragged)
            row.released.connect(self.released)
        parts = "document.kernel.generator document.kernel.weights"
        session.watch(parts, self._show, Lab.KERNEL)

    def _arrange(self) -> None:
        self.setMinimumWidth(px(WIDTH))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        kind = self._rows[0].field
        kind.control.setMinimumWidth(1)  # it has all the width there is
        grid.addWidget(kind, 0, 0, 1, 3)
        for number, row in enumerate(self._rows[1:], start=1):
            row.place(grid, number)
        column = filled(QVBoxLayout(self), margins=(8, 6, 8, 8), spacing=8)
        filled(column, grid)
        column.addWidget(self._dial, 0, Qt.AlignmentFlag.AlignHCenter)
        filled(column, self._words, self._make, self._code, STRETCH)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        kernel = self._session.document.kernel
        generator = kernel.generator
        for row in self._rows:
            row.show_record(generator)
        self._dial.set_sides(generator.kind not in ALIKE)
        is_made = kernel.is_generated
        self._make.setVisible(not is_made)
        self._words.setText("" if is_made else "The present kernel is another one: turn a dial.")
        self._words.setVisible(not is_made)
        self._code.setText(generator.code)
