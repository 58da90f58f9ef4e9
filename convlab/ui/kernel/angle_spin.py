"""The angle of a pattern that has one."""

from __future__ import annotations

from convlab.ui.widgets.forms import decimal_box
from convlab.ui.widgets.number_box import NumberBox


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
