"""The dials of a pattern that has some: its angle, and the width of its bar."""

from __future__ import annotations

from convlab.document.source import PatternOptions
from convlab.layers.parameters import parameter
from convlab.ui.widgets.forms import decimal_box
from convlab.ui.widgets.number_box import NumberBox
from convlab.ui.widgets.param_fields import ParamField, field_of


def angle_spin() -> NumberBox:
    """Return a box for degrees, hidden while the picture has no angle."""
    spin = decimal_box(
        "angle_spin",
        "Angle",
        "Direction of the bar or grating, counter-clockwise from horizontal [degrees].",
        0.0,
        359.0,
        digits=0,
    )
    spin.setWrapping(True)
    spin.setSingleStep(5.0)
    spin.setSuffix("°")
    spin.hide()
    return spin


def bar_width_field() -> ParamField:
    """Return a box for the width of a bar, hidden while the picture has none."""
    field = field_of(parameter(PatternOptions, "width"), "pattern_width")
    assert isinstance(field.control, NumberBox)
    field.control.setSuffix(" px")
    field.hide()
    return field
