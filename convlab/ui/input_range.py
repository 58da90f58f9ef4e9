"""The range of a picture deeper than 8 bits: a button in the tool bar, its choices behind it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout

from convlab.document.frame import ValueScale
from convlab.document.input_range import InputRange, RangeMode
from convlab.layers.parameters import parameter, with_value
from convlab.runtime.pump import Pump
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.numbers import show_number
from convlab.ui.widgets.forms import as_panel, describe, filled, wrapped_label
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_form import ParamForm

PART = "input_range"
TIP = (
    "Which of the picture's own numbers are black and white. It is deeper than 8 bits, and may "
    "use but a part of its range."
)


class InputRangeButton(QToolButton):
    """Says what is black and what is white, and opens the choice.

    Args:
        session: Holds the range.
        pump: Has the picture on the screen.
        message: Where to say what is rejected.

    Signals:
        offered: Whether there is something to choose: the picture is deeper than 8 bits.
    """

    offered = Signal(bool)

    def __init__(self, session: Session, pump: Pump, message: MessageBar) -> None:
        super().__init__()
        describe(self, "input_range_button", "Range of the input", TIP)
        self.setAutoRaise(True)
        self._session, self._pump, self._message = session, pump, message
        self._edits = LabEdits(session, message)
        self._scale: ValueScale | None = None
        self._form = ParamForm(PART)
        self._words = wrapped_label("input_range_words")
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setObjectName("input_range_popup")
        as_panel(self._popup)
        parts = self._form, self._words
        filled(QVBoxLayout(self._popup), *parts, margins=(10, 8, 10, 8), spacing=6)
        self.clicked.connect(self._open)
        self._form.parameter_chosen.connect(self._on_chosen)
        self._form.rejected.connect(message.show_message)
        pump.result_changed.connect(self._on_result_changed)
        session.watch(f"document.{PART}", self._show)
        self._show()

    @property
    def _wanted(self) -> InputRange:
        return self._session.document.input_range

    def _on_result_changed(self) -> None:
        frame = self._pump.present_frame()
        scale = None if frame is None else frame.scale
        if scale == self._scale:
            return
        if (scale is None) is not (self._scale is None):
            self.offered.emit(scale is not None)
        self._scale = scale
        self._show()

    def _show(self) -> None:
        """Show the choice, with the numbers that it comes to."""
        self._form.show_record(self._shown())
        if self._scale is None:
            self._popup.hide()
            return
        black, white = map(show_number, self._scale[:2])
        self.setText(f"{black} … {white}")
        self._words.setText(
            f"In the window 0 is {black} of the picture's own numbers, and 1 is {white}. What "
            "stands under the mouse is said in both."
        )

    def _shown(self) -> InputRange:
        """Return the choice; black and white are those found, unless they are set by hand."""
        if self._wanted.mode is RangeMode.HAND or self._scale is None:
            return self._wanted
        return replace(self._wanted, low=self._scale.black, high=self._scale.white)

    def _on_chosen(self, name: str, value: object) -> None:
        """Change the choice: whoever sets one end by hand keeps the other where it is."""
        found = parameter(InputRange, name)
        shown = self._shown()
        if name == "mode":
            kept = shown if value == RangeMode.HAND else self._wanted
            change = partial(_with_mode, kept, value)
            self._edits.change(PART, change, f"set {found.subject}")
        else:
            change = partial(_with_end, shown, name, value)
            self._edits.change(PART, change, f"set {found.subject}", is_dial=True)

    def _open(self) -> None:
        self._popup.adjustSize()
        corner = self.mapToGlobal(self.rect().bottomRight())
        self._popup.move(corner - QPoint(self._popup.width() - 1, -3))
        self._popup.show()


def _with_mode(kept: InputRange, mode: object, _: InputRange) -> InputRange:
    return with_value(kept, "mode", mode)


def _with_end(shown: InputRange, name: str, value: object, _: InputRange) -> InputRange:
    return with_value(replace(shown, mode=RangeMode.HAND), name, value)
