"""The profile's panel: the values along one line, of the input left and of the output right."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Axis, PixelPage
from convlab.engine.display import DisplayMode
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.line_plot import LinePlot
from convlab.ui.kernel.pace import Pace
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, choice_box, filled, quiet_label, show_choice

AXES = {Axis.ROW: "along the row", Axis.COLUMN: "along the column"}
NEEDED, WANTED = 122, 182  # height that it needs, and is easily read with [px]
HINT = "Point at a pixel, or click to pin one."


CHANGED = {
    DisplayMode.ABSOLUTE: ", absolute",
    DisplayMode.CLIPPED: ", clipped",
    DisplayMode.OFFSET: ", +128",
}
"""What is said of an output that is plotted as it is shown."""


class ProfilePanel(CardPage):
    """Shows the values of input and output along one line.

    Signals:
        axis_chosen: Name of an Axis.
    """

    page, tab = PixelPage.PROFILE, "Profile"
    axis_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._axis = choice_box(
            "profile_axis_combo",
            "Profile",
            "The line through the pixel pointed at. Over an edge the output is flat, rises, and is "
            "flat again.",
            AXES,
        )
        self._says = quiet_label(name="profile_caption")
        self.input = LinePlot("input_profile", "Input values along the line")
        self.output = LinePlot("output_profile", "Output values along the line")
        header = filled(QHBoxLayout(), self._axis, (self._says, 1))
        plots = filled(QHBoxLayout(), (self.input, 1), (self.output, 1))
        filled(QVBoxLayout(self), header, (plots, 1), margins=(10, 2, 10, 4))
        self._shown: KernelShown | None = None
        self._pace = Pace(self._plot, self)
        self._axis.activated.connect(self._on_axis_activated)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Plot a result's profile, or say how to get one."""
        self._shown = shown
        self._pace.request()

    def _plot(self) -> None:
        shown = self._shown
        if shown is None:
            return
        profile = shown.profile
        show_choice(self._axis, shown.job.viewing.profile.value)
        if profile is None or shown.job.viewing.probe is None:
            self._says.setText(HINT)
            for plot in (self.input, self.output):
                plot.clear()
            return
        how = CHANGED.get(shown.output.mode, "")
        self._says.setText(
            f"left: input {profile.axis} {profile.input_line}, "
            f"right: output {profile.axis} {profile.output_line}{how}"
        )
        across = shown.job.viewing.probe[1 if profile.axis is Axis.ROW else 0]
        at = np.arange(profile.input_values.shape[1])
        under = float(profile.output_at[across])
        self.input.set_curves(at, profile.input_values, shown.input.places, under)
        self.output.set_curves(profile.output_at, profile.output_values, shown.output.places, under)

    def _on_axis_activated(self, index: int) -> None:
        self.axis_chosen.emit(self._axis.itemData(index))
