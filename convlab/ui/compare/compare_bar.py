"""The bar below a comparison: what is held, how both are shown, and how far they are apart."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from convlab.document.comparison import Apart, CompareMode, Comparison
from convlab.layers.parameters import parameter
from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.numbers import show_fixed
from convlab.ui.widgets.forms import as_panel, describe, filled, push_button
from convlab.ui.widgets.param_fields import field_of, show_values, tip_of

NO_RANGE = (
    "There is none here: a difference has a range of its own, and what is painted as a picture, or "
    "in another way than its partner, keeps that."
)
LINE_STEPS = 100  # of the slider of the line
LINE_WIDTH = 80  # [px]
HOLD_TIP = (
    "Keep everything as it is now as A, and compare with it whatever you change from here on: B."
)


class CompareBar(QWidget):
    """Shows a comparison and reports what a person wants of it.

    Args:
        role: The lab's name; the object names begin with it.

    Signals:
        parameter_chosen: Name and value of what is wanted of the Comparison.
        hold_wanted: What is edited is to be held as A.
        swap_wanted: A and B are to change places.
        close_wanted: The comparison is to be closed.
        line_moved: Where the line between A and B is wanted, 0 to 1; with ``offer_line``.
        line_let_go: That drag has ended.
        shown_changed: It has come or gone.
    """

    parameter_chosen = Signal(str, object)
    hold_wanted = Signal()
    swap_wanted = Signal()
    close_wanted = Signal()
    line_moved = Signal(float)
    line_let_go = Signal()
    shown_changed = Signal()

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setObjectName(f"{role}_compare_bar")
        self.setAccessibleName("Comparison of A and B")
        as_panel(self)
        self._held = FittingLabel(f"{role}_compare_held")
        self._held.setAccessibleName("A")
        self._numbers = FittingLabel(f"{role}_compare_numbers")
        self._numbers.setAccessibleName("How far A and B are apart")
        self._fields = [
            field_of(parameter(Comparison, name), f"{role}_compare_{name}")
            for name in ("mode", "same_range")
        ]
        hold = push_button(f"{role}_hold_button", "Hold this as A", HOLD_TIP, "Hold as A")
        tip = "Edit what was held, and hold what was edited."
        swap = push_button(f"{role}_swap_button", "Swap A and B", tip, "Swap")
        close = describe(
            QToolButton(), f"{role}_compare_close", "Close", "Show B alone; A stays held."
        )
        close.setText("×")
        mode, same_range = self._fields
        self._same_range = same_range
        self._comparison, self._has_range = Comparison(), True
        self._line: QSlider | None = None
        self._role = role
        self._after_mode = filled(QHBoxLayout(), mode, spacing=8)
        parts = (self._held, 3), self._after_mode, same_range, (self._numbers, 4), hold, swap, close
        filled(QHBoxLayout(self), *parts, margins=(12, 4, 8, 4), spacing=8)
        for field in self._fields:
            field.chosen.connect(self.parameter_chosen)
        hold.clicked.connect(self.hold_wanted)
        swap.clicked.connect(self.swap_wanted)
        close.clicked.connect(self.close_wanted)
        self.hide()

    def offer_line(self) -> None:
        """Let the line between A and B be moved here: there is one on each of many maps."""
        line = describe(
            QSlider(Qt.Orientation.Horizontal),
            f"{self._role}_wipe_slider",
            "Line between A and B",
            "A stands on the left of the line on each map, B on its right.",
        )
        line.setRange(0, LINE_STEPS)
        line.setFixedWidth(LINE_WIDTH)
        line.hide()
        self._after_mode.addWidget(line)
        line.valueChanged.connect(self._on_line_moved)
        line.sliderReleased.connect(self.line_let_go)
        self._line = line

    def _on_line_moved(self, steps: int) -> None:
        self.line_moved.emit(steps / LINE_STEPS)

    def show_comparison(self, comparison: Comparison, held: Sequence[str]) -> None:
        """Show the choices, and what is held: in ever fewer words."""
        self._comparison = comparison
        show_values(self._fields, comparison)
        self.show_range(self._has_range)
        self._held.show_texts(*held)
        if self._line is not None:
            with QSignalBlocker(self._line):
                self._line.setValue(round(comparison.wipe * LINE_STEPS))
            self._line.setVisible(comparison.mode is CompareMode.WIPE)
        self.setVisible(comparison.is_open)

    def show_range(self, has_range: bool) -> None:
        """Offer the same range for both only where there is one."""
        self._has_range = has_range
        field = self._same_range
        field.setEnabled(has_range)
        tip = tip_of(field.parameter) if has_range else NO_RANGE
        describe(field.control, field.control.objectName(), field.parameter.heading, tip)
        field.show_parameter(has_range and self._comparison.same_range)

    def show_apart(self, apart: Apart | None, where: str = "") -> None:
        """Show the numbers that have come, and of what; None leaves the last ones."""
        if apart is not None:
            self._numbers.show_texts(*apart_texts(apart, where))

    def say(self, *texts: str) -> None:
        """Say, in fewer and fewer words, why there are no numbers."""
        self._numbers.show_texts(*texts, "")

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.shown_changed.emit()
        return done


def apart_texts(apart: Apart, where: str = "") -> tuple[str, ...]:
    """Write the numbers in a line whose length does not jump; then in fewer words."""
    mean, largest, rms = (show_fixed(each, 3) for each in (apart.mean, apart.largest, apart.rms))
    named = (f"A − B, {where}:  mean {mean}  max {largest}  RMS {rms}",) if where else ()
    return (
        *named,
        f"A − B:  mean {mean}  max |A − B| {largest}  RMS {rms}",
        f"A − B:  mean {mean}  max {largest}  RMS {rms}",
        f"mean {mean}  max {largest}  RMS {rms}",
        f"max {largest}  RMS {rms}",
        f"RMS {rms}",
        "",
    )
