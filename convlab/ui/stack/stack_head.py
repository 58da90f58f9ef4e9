"""What concerns the whole stack, in one line: which one, how the picture enters, the colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convlab.document.stack.model import InputSpace, MapColors, StackState
from convlab.document.stack.ready import EMPTY
from convlab.layers.parameters import parameter
from convlab.ui.stack.fitting_label import FittingLabel
from convlab.ui.stack.flow_row import FlowRow
from convlab.ui.stack.stack_chooser import StackChooser
from convlab.ui.widgets.forms import (
    as_panel,
    check_box,
    filled,
    push_button,
    quiet_label,
    tool_button,
)
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_fields import field_of, show_values
from convlab.ui.widgets.param_form import ParamForm

CHOOSER = 182  # width of the list of stacks [px]


class StackHead(QWidget):
    """Shows what concerns the whole stack and reports what a person wants changed.

    Signals:
        stack_chosen: Key of a ready stack.
        title_chosen: What the stack is to be called.
        input_chosen: Name and value of what a person wants of how the picture enters.
        color_chosen: Name and value of what a person wants of the colours of maps.
        links_wanted: Whether links are to be drawn.
        gradient_wanted: Whether the gradient of the pinned unit is wanted.
        fit_wanted: All layers are to be seen.
    """

    stack_chosen = Signal(str)
    title_chosen = Signal(str)
    input_chosen = Signal(str, object)
    color_chosen = Signal(str, object)
    links_wanted = Signal(bool)
    gradient_wanted = Signal(bool)
    fit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.message = MessageBar("stack_message")
        self.stacks = StackChooser()
        self.stacks.setFixedWidth(CHOOSER)
        self._new = push_button(
            "new_stack_button",
            "New stack",
            "Begin with no layer at all. What you built can be brought back by undo.",
            "+ New",
        )
        self._input = ParamForm("input", ("space", "size"), columns=2, bare=("space", "size"))
        self._digit = ParamForm(
            "cut", ("as_digit",), aliases={"as_digit": "digit"}, bare=("as_digit",)
        )
        bare = "range", "limit", "is_full", "curve"
        self.colors = ParamForm("map", bare, columns=4, bare=bare)
        self._torch = field_of(parameter(MapColors, "torch"), "map_torch")
        self._links = check_box(
            "links_check",
            "Links",
            "Draw which maps each map is made from: a bundle where a layer mixes all of them, a "
            "line where it takes one.",
            "links",
        )
        self._links.setChecked(True)
        self._gradient = push_button(
            "gradient_button",
            "Gradient",
            "How the pinned unit would change with each pixel of the input: red raises it, blue "
            "lowers it. Shown on the page <i>Gradient</i> of the detail.",
        )
        self._gradient.setCheckable(True)
        self._fit = tool_button("map_fit_button", "Fit", "Show all layers (Home).", "fit")
        self._make_labels()
        self._arrange()
        self._connect()

    def _make_labels(self) -> None:
        self._answer_room = QWidget()  # what the label says changes the layout of nothing
        self._answer = quiet_label(role="answer", name="stack_answer")
        self._answer.setParent(self._answer_room)
        self._answer.setAccessibleName("What the network says")
        self._answer.setToolTip(
            "<b>What the network says</b><br>The class with the largest value of the last layer, "
            "and the one after it. A softmax gives probabilities: how they are divided, not how "
            "often they are right."
        )
        self._totals = FittingLabel("stack_totals")
        self._totals.setToolTip(
            "<b>The whole stack</b><br>Numbers to learn, multiply-adds for one picture, and the "
            "memory of all its maps."
        )

    def _arrange(self) -> None:
        row = FlowRow(self, 6, 6)
        chooser = filled(QHBoxLayout(), self.stacks, self._new, margins=(0, 0, 0, 0), spacing=4)
        enter = filled(QHBoxLayout(), quiet_label("Input"), self._input, spacing=5)
        colors = filled(QHBoxLayout(), quiet_label("Range"), self.colors, spacing=5)
        shown = self._links, self._torch, self._gradient, self._fit
        view = filled(QHBoxLayout(), *shown, spacing=8)
        self._view = view
        for part in (chooser, enter, self._digit, colors, view, self._answer_room, self._totals):
            if isinstance(part, QHBoxLayout):
                part.setContentsMargins(0, 0, 0, 0)
                whole = QWidget()
                whole.setLayout(part)
                row.addWidget(whole)
            else:
                row.addWidget(part)

    def _connect(self) -> None:
        self.stacks.stack_chosen.connect(self.stack_chosen)
        self.stacks.title_chosen.connect(self.title_chosen)
        self._new.clicked.connect(self._on_new_clicked)
        for form in (self._input, self._digit):
            form.parameter_chosen.connect(self.input_chosen)
            form.rejected.connect(self.message.show_message)
        for colors in (self.colors.parameter_chosen, self._torch.chosen):
            colors.connect(self.color_chosen)
        self._links.toggled.connect(self.links_wanted)
        self._gradient.toggled.connect(self.gradient_wanted)
        self._fit.clicked.connect(self.fit_wanted)

    def add_button(self, button: QWidget) -> None:
        """Place a button that concerns how all maps are seen."""
        self._view.addWidget(button)

    def _on_new_clicked(self) -> None:
        self.stack_chosen.emit(EMPTY)

    def show_stack(self, state: StackState) -> None:
        """Show what the stack is called, how the picture enters, and the colours of the maps."""
        input = state.input
        self.stacks.show_title(state.title)
        self.colors.show_record(state.colors)
        show_values((self._torch,), state.colors)
        self._input.show_record(input)
        self._digit.show_record(input)
        # Digits are grey: beside a colour picture the choice would only be in the way.
        self._digit.setVisible(input.space is InputSpace.GREY or input.as_digit)

    def show_gradient(self, shown: bool) -> None:
        """Show whether the gradient is looked at."""
        with QSignalBlocker(self._gradient):
            self._gradient.setChecked(shown)

    def show_totals(self, parts: Sequence[str]) -> None:
        """Say what the whole stack comes to, the most important first: as much as has room."""
        self._totals.show_parts(parts)

    def show_answer(self, text: str) -> None:
        """Say what the last layer predicts; an empty text where that is no class.

        Its length follows the numbers; what stands beside it must not: it only grows.
        """
        label, room = self._answer, self._answer_room
        if bool(text) == room.isHidden():
            room.setVisible(bool(text))
            room.setFixedSize(0, 0)
        label.setText(text)
        size = label.sizeHint().expandedTo(room.size())
        if size != room.size():
            room.setFixedSize(size)
            label.resize(size)
