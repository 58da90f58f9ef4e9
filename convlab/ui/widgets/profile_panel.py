"""The profile's panel: along which line, and the curves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.document import Axis
from convlab.document.job import Shown
from convlab.ui.widgets.forms import as_panel, choice_box, quiet_label, show_choice
from convlab.ui.widgets.plot_view import ProfileView

AXES = {Axis.ROW: "along the row", Axis.COLUMN: "along the column"}


class ProfilePanel(QWidget):
    """Shows the values of input and output along one line.

    Signals:
        axis_chosen: Name of an Axis.
    """

    axis_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._axis = choice_box(
            "profile_axis_combo",
            "Profile",
            "The line through the pixel pointed at. Over an edge: flat, a rise, flat again.",
            AXES,
        )
        self._says = quiet_label()
        self._says.setObjectName("profile_caption")
        self.plot = ProfileView()
        header = QHBoxLayout()
        header.addWidget(self._axis)
        header.addWidget(self._says, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 4)
        layout.addLayout(header)
        layout.addWidget(self.plot, 1)
        self._axis.activated.connect(self._on_axis_activated)

    def show_profile(self, shown: Shown) -> None:
        """Plot a result's profile, or say how to get one."""
        profile = shown.profile
        show_choice(self._axis, shown.job.profile.value)
        if profile is None or shown.detail is None:
            self._says.setText("Point at a pixel, or click to pin one.")
            self.plot.set_profile(None, (), 0)
            return
        self._says.setText(
            f"input {profile.axis} {profile.input_line}, output {profile.axis} "
            f"{profile.output_line}"
        )
        across = shown.detail.cell[1 if profile.axis is Axis.ROW else 0]
        self.plot.set_profile(profile, shown.detail.names, int(profile.output_at[across]))

    def _on_axis_activated(self, index: int) -> None:
        self.axis_chosen.emit(self._axis.itemData(index))
