"""How far the spin boxes of parameters go, and in which steps."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy

from convlab.layers.parameters import Parameter
from convlab.ui.widgets.number_box import NumberBox, WholeBox


def step_by_digit(spin: NumberBox | WholeBox, parameter: Parameter) -> None:
    """Let an arrow key change the last digit shown where the range is wide."""
    if parameter.is_wide:
        spin.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)


def narrow(spin: NumberBox | WholeBox) -> None:
    """Let a spin box be narrower than its largest number, though not than the one it shows."""
    spin.valueChanged.connect(spin.updateGeometry)
    spin.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def set_range(spin: WholeBox, low: int, high: int) -> None:
    """Set the range where it is another: what is being typed is read again by it."""
    if (spin.minimum(), spin.maximum()) != (low, high):
        spin.setRange(low, high)


def widen(spin: WholeBox, number: int) -> None:
    """Make room for a number of a layer that was not made here."""
    with QSignalBlocker(spin):
        set_range(spin, min(spin.minimum(), number), max(spin.maximum(), number))


def next_allowed(value: int, before: int, allowed: tuple[int, ...]) -> int:
    """Return a number, or the next one allowed in the direction in which it was changed."""
    if not allowed or value in allowed:
        return value
    if value > before:
        return min((number for number in allowed if number > value), default=before)
    return max((number for number in allowed if number < value), default=before)
