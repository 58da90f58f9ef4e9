"""The builder: ready stacks, how the picture goes in, the list of layers, the chosen one's form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convlab.document.stack.model import StackInput
from convlab.layers import Layer
from convlab.layers.catalog import entry_of
from convlab.ui.stack.add_layer_button import AddLayerButton
from convlab.ui.stack.layer_list import LayerList
from convlab.ui.stack.stack_chooser import StackChooser
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    describe,
    filled,
    quiet_label,
    wrapped_label,
)
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_form import ParamForm

HINT = "Choose a layer to see what can be changed of it."


class LayerPanel(QWidget):
    """Shows a stack and reports what a person wants changed.

    Signals:
        stack_chosen: Key of a ready stack.
        title_chosen: What the stack is to be called.
        input_chosen: Name and value of what a person wants of how the picture enters.
        layer_added: Kind of the new layer.
    """

    stack_chosen = Signal(str)
    title_chosen = Signal(str)
    input_chosen = Signal(str, object)
    layer_added = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.stacks = StackChooser()
        self._input = ParamForm("input", ("space", "size"), columns=2, bare=("space", "size"))
        self._digit = ParamForm(
            "cut", ("as_digit",), aliases={"as_digit": "digit"}, bare=("as_digit",)
        )
        self.list = LayerList()
        self.form = ParamForm()
        self.message = MessageBar("stack_message")
        self._title = quiet_label(role="title")
        self._says = wrapped_label("layer_summary")
        self._totals = quiet_label(name="stack_totals")
        # Its length follows the numbers; the panel's width must not.
        self._totals.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._totals.setToolTip(
            "<b>The whole stack</b><br>Numbers to learn, multiply-adds for one picture, and the "
            "memory of all its maps."
        )
        self._add = AddLayerButton()
        self._duplicate = _small_button(
            "duplicate_layer_button", "Duplicate", "Put a copy behind the chosen layer (Ctrl+D)."
        )
        self._remove = _small_button(
            "remove_layer_button", "Remove", "Take the chosen layer out (Delete)."
        )
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        upper = QWidget()
        filled(
            QVBoxLayout(upper),
            self.stacks,
            filled(QHBoxLayout(), quiet_label("Input"), (self._input, 1), spacing=5),
            self._digit,
            self.message,
            (self.list, 1),
            self._totals,
            filled(QHBoxLayout(), self._add, self._duplicate, self._remove, STRETCH, spacing=2),
            margins=(0, 0, 0, 0),
            spacing=5,
        )
        lower = QWidget()
        as_panel(lower)
        form = QVBoxLayout(lower)
        filled(form, self._title, self._says, (self.form, 1), margins=(0, 6, 0, 0), spacing=4)
        scrolled = QScrollArea()
        scrolled.setAccessibleName("What can be changed of the layer")
        scrolled.setWidget(lower)
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(upper)
        parts.addWidget(scrolled)
        parts.setSizes([520, 480])  # shares of the height
        filled(QVBoxLayout(self), parts, margins=(10, 4, 10, 8))

    def _connect(self) -> None:
        self.stacks.stack_chosen.connect(self.stack_chosen)
        self.stacks.title_chosen.connect(self.title_chosen)
        for form in (self._input, self._digit):
            form.parameter_chosen.connect(self.input_chosen)
            form.rejected.connect(self.message.show_message)
        self._add.chosen.connect(self.layer_added)
        self._duplicate.clicked.connect(self._on_duplicate_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)

    def show_head(self, title: str, input: StackInput) -> None:
        """Show what the stack is called, and how the picture enters."""
        self._input.show_record(input)
        self._digit.show_record(input)
        self.stacks.show_title(title)

    def show_totals(self, text: str) -> None:
        """Say what the whole stack comes to."""
        self._totals.setText(text)

    def show_chosen(self, layer: Layer | None) -> None:
        """Show what can be chosen of a layer."""
        entry = None if layer is None else entry_of(layer)
        self._title.setText("" if entry is None else entry.title)
        self._says.setText(HINT if entry is None else entry.summary)
        self.form.show_record(layer)

    def _on_duplicate_clicked(self) -> None:
        if self.list.chosen is not None:
            self.list.layer_duplicated.emit(self.list.chosen)

    def _on_remove_clicked(self) -> None:
        if self.list.chosen is not None:
            self.list.layer_removed.emit(self.list.chosen)


def _small_button(name: str, label: str, tip: str) -> QToolButton:
    button = describe(QToolButton(), name, label, tip)
    button.setText(label)
    return button
