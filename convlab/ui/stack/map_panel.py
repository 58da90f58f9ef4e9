"""The map grid with what belongs to all maps: the range of the colours, the zoom, the gradient."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.stack.model import MapColors, MapRange
from convlab.ui.widgets.forms import (
    as_panel,
    choice_box,
    decimal_box,
    describe,
    quiet_label,
    show_choice,
    tool_button,
)
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.message_bar import MessageBar

RANGES = {
    MapRange.LAYER: "per layer",
    MapRange.MAP: "per map",
    MapRange.FIXED: "fixed",
}


class MapPanel(QWidget):
    """Shows the maps and reports what a person wants of all of them.

    Signals:
        range_chosen: Name of a MapRange.
        limit_chosen: The largest magnitude painted.
        gradient_wanted: Whether the gradient of the pinned unit is wanted.
    """

    range_chosen = Signal(str)
    limit_chosen = Signal(float)
    gradient_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.grid = MapGrid()
        self.message = MessageBar("maps_message")
        self._range = choice_box(
            "map_range_combo",
            "Range of the colours",
            "Blue is negative, red positive, zero neutral. The strongest colour stands for the "
            "largest magnitude of the <i>layer</i>, of each <i>map</i>, or for a <i>fixed</i> one.",
            RANGES,
        )
        self._limit = decimal_box(
            "map_limit_spin", "Largest magnitude", "What has the strongest colour.", 0.001, 1e6, 3
        )
        self._limit.setSingleStep(0.1)
        self._gradient = describe(
            QPushButton("Gradient"),
            "gradient_button",
            "Gradient",
            "How the pinned unit would change with each pixel of the input: red raises it, blue "
            "lowers it. Shown in the tab <i>The map</i>.",
        )
        self._gradient.setCheckable(True)
        self._fit = tool_button("map_fit_button", "Fit", "Show all layers (Home).", "fit")
        self._answer = quiet_label(role="answer")
        self._answer.setObjectName("stack_answer")
        self._answer.setAccessibleName("What the network says")
        self._answer.setToolTip(
            "<b>What the network says</b><br>The class with the largest value of the last layer, "
            "and the one after it. A softmax gives probabilities: how they are divided, not how "
            "often they are right."
        )
        # Its length follows the numbers; what stands beside it must not.
        self._answer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange()
        self._range.activated.connect(self._on_range_activated)
        self._limit.valueChanged.connect(self.limit_chosen)
        self._gradient.toggled.connect(self.gradient_wanted)
        self._fit.clicked.connect(self.grid.fit)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(10, 6, 10, 0)
        head.addWidget(quiet_label("Colours"))
        head.addWidget(self._range)
        head.addWidget(self._limit)
        head.addSpacing(10)
        head.addWidget(self._answer, 1)
        head.addWidget(self._gradient)
        head.addWidget(self._fit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(head)
        layout.addWidget(self.grid, 1)
        self.message.lie_over(self.grid, within=self)

    def show_colors(self, colors: MapColors) -> None:
        """Show the choices."""
        show_choice(self._range, colors.range.value)
        self._limit.setVisible(colors.range is MapRange.FIXED)
        self._limit.show_number(colors.limit)

    def show_answer(self, text: str) -> None:
        """Say what the last layer predicts; an empty text where that is no class."""
        if text != self._answer.text():
            self._answer.setText(text)

    def _on_range_activated(self, index: int) -> None:
        self.range_chosen.emit(self._range.itemData(index))
