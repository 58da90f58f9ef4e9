"""Decimal numbers to type, of either sign and as long as needed."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from convlab.ui.numbers import MINUS
from convlab.ui.widgets.forms import describe, finish_before_telling

DIGITS = 6  # after the point, at most


class SignedDecimalBox(QDoubleSpinBox):
    """Shows as many digits as a number needs, with a true minus sign; takes either sign."""

    def textFromValue(self, value: float) -> str:
        text = f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
        return "0" if text in ("-0", "") else text.replace("-", MINUS)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(MINUS, "-"))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        found = super().validate(text.replace(MINUS, "-"), position)
        state, _, position = found
        return state, text, position


def signed_box(name: str, label: str, tip: str, low: float, high: float) -> SignedDecimalBox:
    """Return a spin box for decimal numbers that tells of a typed number when it is finished."""
    spin = describe(SignedDecimalBox(), name, label, tip)
    spin.setDecimals(DIGITS)
    spin.setRange(low, high)
    spin.setMinimumWidth(72)
    spin.setMaximumWidth(130)
    finish_before_telling(spin)
    return spin


def show_decimal(spin: QDoubleSpinBox, value: float) -> None:
    """Set a spin box without telling anyone."""
    if spin.value() != value:
        with QSignalBlocker(spin):
            spin.setValue(value)
