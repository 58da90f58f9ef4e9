"""The map grid with what belongs to all maps: the range of the colours, the zoom, the gradient."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from convlab.ui.widgets.forms import as_panel, filled, push_button, quiet_label, tool_button
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_form import ParamForm


class MapPanel(QWidget):
    """Shows the maps and reports what a person wants of all of them.

    Signals:
        gradient_wanted: Whether the gradient of the pinned unit is wanted.
    """

    gradient_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.grid = MapGrid()
        self.message = MessageBar("maps_message")
        self.form = ParamForm("map", columns=4, bare=("range", "limit", "is_full", "curve"))
        self._gradient = push_button(
            "gradient_button",
            "Gradient",
            "How the pinned unit would change with each pixel of the input: red raises it, blue "
            "lowers it. Shown on the page <i>Gradient</i> of the detail.",
        )
        self._gradient.setCheckable(True)
        self._fit = tool_button("map_fit_button", "Fit", "Show all layers (Home).", "fit")
        self._answer = quiet_label(role="answer", name="stack_answer")
        self._answer.setAccessibleName("What the network says")
        self._answer.setToolTip(
            "<b>What the network says</b><br>The class with the largest value of the last layer, "
            "and the one after it. A softmax gives probabilities: how they are divided, not how "
            "often they are right."
        )
        # Its length follows the numbers; what stands beside it must not.
        self._answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange()
        self._gradient.toggled.connect(self.gradient_wanted)
        self._fit.clicked.connect(self.grid.fit)

    def _arrange(self) -> None:
        head = filled(QHBoxLayout(), quiet_label("Colours"), self.form, 10, margins=(10, 6, 10, 0))
        filled(head, (self._answer, 1), self._gradient, self._fit)
        filled(QVBoxLayout(self), head, (self.grid, 1), margins=(0, 0, 0, 0), spacing=5)
        self.message.lie_over(self.grid, within=self)

    def show_gradient(self, shown: bool) -> None:
        """Show whether the gradient is looked at."""
        with QSignalBlocker(self._gradient):
            self._gradient.setChecked(shown)

    def show_answer(self, text: str) -> None:
        """Say what the last layer predicts; an empty text where that is no class."""
        self._answer.setText(text)
