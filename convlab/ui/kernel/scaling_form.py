"""One line below the kernel: what its sums are divided by, and what is added."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convlab.document.kernel.model import KernelState
from convlab.document.kernel.scaling import Scaling, sums
from convlab.engine import kernels
from convlab.layers.parameters import parameter
from convlab.ui.numbers import show_number
from convlab.ui.widgets.forms import filled, quiet_label
from convlab.ui.widgets.param_fields import field_of, show_values

OWNER = "scaling"  # of what is said of a sum of 0


class ScalingForm(QWidget):
    """Shows a Scaling and reports what a person wants changed.

    Signals:
        parameter_chosen: Name of a parameter of the Scaling, and its new value.
    """

    parameter_chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scaling_form")
        self._state = KernelState()
        self._shown: Scaling | None = None
        names = ("normalise", "divisor", "offset")
        self._fields = [field_of(parameter(Scaling, name), name) for name in names]
        normalise, divisor, offset = self._fields
        self._divisor = divisor
        for field in self._fields:
            field.chosen.connect(self._on_chosen)
        parts = normalise, quiet_label("÷"), (divisor, 1), quiet_label("+"), (offset, 1)
        filled(QHBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=6)

    def show_scaling(self, state: KernelState) -> None:
        """Show the choices; a kernel that is normalised chooses its divisor itself."""
        self._state, scaling = state, state.scaling
        if scaling != self._shown:  # an edit of a cell changes nothing of it
            self._shown = scaling
            show_values(self._fields, scaling)
            self._divisor.setEnabled(not scaling.normalise)
        if scaling.normalise:
            self._divisor.show_parameter(float(scaling.divisors(state.bank())[0]))

    def _on_chosen(self, name: str, value: object) -> None:
        self.parameter_chosen.emit(name, value)
        self._shown = None
        self.show_scaling(self._state)  # as it was, where the value was rejected


def figures_texts(state: KernelState) -> list[str]:
    """Return sum, gain and rank of the kernel as it is applied; fewer and fewer of them."""
    written, applied = state.array(), state.edited()
    found = kernels.analyse(applied)
    # Weights rounded to float32 add up to nothing but their rounding.
    is_scaled = not np.array_equal(written, applied)
    total = float(sums(written[None, None])[0])
    text = f"sum {show_number(total)}"
    if total and is_scaled:
        text += f" → {show_number(float(sums(applied[None, None])[0]))}"
    parts = [text, f"gain {show_number(found.gain)}", f"rank {found.rank}"]
    return ["  ".join(parts), "  ".join(parts[:2]), text, ""]


def zero_sum_text(state: KernelState) -> str:
    """Return why a kernel is not normalised, or an empty text if it is as it was asked for."""
    if not state.scaling.normalise or sums(state.bank()).all():
        return ""
    return "The sum is 0, which divides nothing: the kernel stays."
