"""How a neuron's weights and activations are shown in every lab."""

from __future__ import annotations

from PySide6.QtGui import QColor

from convlab.ui.theme import seen_color, theme, value_color

THICKEST = 9.0  # line [px]


ACTIVATIONS = {
    "identity": "identity",
    "step": "step",
    "relu": "ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
}


def line_color(weight: float) -> QColor:
    """Return the colour of a weight's line, or of a term's bar: by its sign, grey for none."""
    if weight == 0.0:
        return QColor(theme().line)
    return seen_color(value_color(0.8 if weight > 0 else -0.8, 1.0))
