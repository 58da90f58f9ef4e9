"""One neuron: its weights are dragged, and one that is negative inhibits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.learning.neuron import Neuron, NeuronInput, NeuronViewing, Nine
from convlab.document.learning.neuron_edits import (
    load_example,
    set_input,
    set_weight,
    use_as_kernel,
)
from convlab.document.learning.neuron_examples import EXAMPLES
from convlab.document.learning.neuron_view import NeuronShown
from convlab.runtime.session import Session
from convlab.ui.lab_edits import LabEdits
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.neuron_diagram import Kind, NeuronDiagram
from convlab.ui.learning.neuron_words import example_words, input_words, sum_words, trial_words
from convlab.ui.titled_picture import TitledPicture
from convlab.ui.widgets.forms import as_panel, filled, push_button, quiet_label, scrolled
from convlab.ui.widgets.neuron_style import ACTIVATIONS
from convlab.ui.widgets.param_form import ParamForm

NEURON = "learning.neuron"
CHOICES = ("source", "threshold", "activation")
LINES = {"sum": 2, "input": 2, "example": 4, "trials": 2}
"""How many lines each text needs in the smallest window."""

MEANING = (
    "A line's colour and thickness are its weight. The same weights at every place: a convolution."
)


class NeuronPage(Page):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "neuron")
        self._shown: NeuronShown | None = None
        self.diagram = NeuronDiagram()
        self.input = TitledPicture(
            "single_neuron_input",
            "Input: click a place",
            "Input: click a place",
            "Click to put the neuron there; the arrow keys move it. The wheel zooms, a drag pans.",
        )
        self.output = TitledPicture(
            "single_neuron_output",
            "Output at every place",
            "Output at every place",
            "Every pixel is the output of this neuron with its middle there. Click to look there.",
        )
        self._examples = {name: _example_button(name) for name in EXAMPLES}
        self._make_controls()
        self._make_words()
        self._edits = LabEdits(session, self.message)
        self._arrange()
        self._connect()
        self._on_document_changed()

    def _make_controls(self) -> None:
        self._form = ParamForm(
            "single_neuron",
            CHOICES,
            len(CHOICES),
            {"source": "inputs"},
            bare={"source", "activation"},  # the diagram names what they choose
        )
        self._use = push_button(
            "single_neuron_kernel_button",
            "Use as the kernel",
            "Put the nine weights into the kernel lab as they lie here, and go there. Undo takes "
            "it back.",
        )

    def _make_words(self) -> None:
        names = ("example", "trials", "input", "sum", "meaning")
        self._words = {name: QLabel() for name in names}
        for name, label in self._words.items():
            label.setObjectName(f"single_neuron_{name}_words")
            label.setWordWrap(True)
        self._words["example"].setProperty("role", "quiet")
        self._words["meaning"].setProperty("role", "quiet")
        self._words["meaning"].setText(MEANING)
        self._words["sum"].setProperty("role", "title")
        for name, lines in LINES.items():  # nothing moves while they change
            line = self._words[name].fontMetrics().lineSpacing()
            self._words[name].setMinimumHeight(lines * line + 2)
            self._words[name].setAlignment(Qt.AlignmentFlag.AlignTop)

    # ---- where things stand ----

    def _arrange(self) -> None:
        layout = filled(QVBoxLayout(self), margins=(10, 6, 10, 8), spacing=6)
        self.message.lie_over(self, within=self)
        filled(layout, self._header(), (self.diagram, 3), (self._lower(), 2))

    def _header(self) -> QHBoxLayout:
        row = filled(QHBoxLayout(), quiet_label("Examples"), *self._examples.values())
        row.addStretch(1)
        row.addWidget(self._form)
        return row

    def _lower(self) -> QHBoxLayout:
        panel = QWidget()
        as_panel(panel)
        column = filled(QVBoxLayout(panel), margins=(0, 0, 0, 0), spacing=5)
        filled(column, *(self._words[name] for name in LINES)).addStretch(1)
        column.addWidget(self._words["meaning"])
        column.addWidget(self._use, 0, Qt.AlignmentFlag.AlignLeft)
        words = scrolled(panel, "What the neuron does")
        return filled(QHBoxLayout(), (self.input, 1), (self.output, 1), (words, 1), spacing=12)

    # ---- intents become edits ----

    def _connect(self) -> None:
        diagram = self.diagram
        diagram.weight_edited.connect(self._on_weight_edited)
        diagram.threshold_edited.connect(self._on_threshold_edited)
        diagram.input_edited.connect(self._on_input_edited)
        diagram.gesture_ended.connect(self._session.end_gesture)
        diagram.part_selected.connect(self._say)
        diagram.rejected.connect(self.message.show_message)
        self._edits.set_by(self._form.parameter_chosen, NEURON)
        self._use.clicked.connect(self._on_use_clicked)
        for button in self._examples.values():
            button.clicked.connect(self._on_example_clicked)
        for picture in (self.input, self.output):
            picture.view.clicked.connect(self._on_place_clicked)
            picture.view.nudged.connect(self._on_place_nudged)
        self.output.view.painted.connect(self.painted)
        self._session.watch("document.learning", self._on_document_changed, Lab.LEARNING)

    def _on_weight_edited(self, index: int, value: float) -> None:
        text = f"set weight {index + 1} of the neuron"
        self._edits.change(NEURON, partial(set_weight, index=index, value=value), text, text)

    def _on_threshold_edited(self, value: float) -> None:
        self._edits.drag(NEURON, "threshold", value, "set threshold of the neuron")

    def _on_input_edited(self, index: int, value: float) -> None:
        text = f"set input {index + 1} of the neuron"
        self._edits.change(NEURON, partial(set_input, index=index, value=value), text, text)

    def _on_example_clicked(self) -> None:
        sender = self.sender()
        name = next(name for name, button in self._examples.items() if button is sender)
        self._edits.change(NEURON, lambda _: load_example(name), f"load example {name}")
        self.diagram.select_weight(telling_weight(self._neuron.weights))
        self._on_document_changed()  # a button that was down already stays down

    def _on_use_clicked(self) -> None:
        self._edits.change("", use_as_kernel, "use the neuron as the kernel")
        self._session.look(replace(self._session.viewing, lab=Lab.KERNEL))

    def _on_place_clicked(self, row: int, column: int) -> None:
        """Look there; who clicks the picture wants its pixels as inputs."""
        self._edits.set(NEURON, "source", NeuronInput.PICTURE)
        self._look(neuron=NeuronViewing((row, column)))

    def _on_place_nudged(self, rows: int, columns: int) -> None:
        if self._shown is not None and self._neuron.source is NeuronInput.PICTURE:
            height, width = self._shown.picture.planes.shape[1:]
            row, column = self._viewing.neuron.place or self._shown.place
            row, column = min(row, height - 1) + rows, min(column, width - 1) + columns
            place = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
            self._look(neuron=NeuronViewing(place))

    # ---- the document and the results are shown ----

    @property
    def _neuron(self) -> Neuron:
        return self._state.neuron

    def _on_document_changed(self) -> None:
        neuron = self._neuron
        self.diagram.show_neuron(neuron, ACTIVATIONS[neuron.activation])
        self._form.show_record(neuron)
        for name, button in self._examples.items():
            button.setChecked(name == neuron.example)
        self._words["example"].setText(example_words(neuron.example))

    def show_result(self, shown: NeuronShown) -> None:
        """Paint the neuron, what it looks at, and its outputs everywhere."""
        self._shown = shown
        self.diagram.show_result(shown)
        self.input.show_painted(shown.picture)
        self.output.show_painted(shown.outputs)
        self._frame_place(shown)
        self._say()

    def _frame_place(self, shown: NeuronShown) -> None:
        row, column = shown.place
        is_there = shown.neuron.source is NeuronInput.PICTURE
        self.input.view.set_frames([QRectF(column - 1, row - 1, 3, 3)] if is_there else [])
        self.output.view.set_frames([QRectF(column, row, 1, 1)] if is_there else [])

    def _say(self) -> None:
        """Put what is there into words."""
        if self._shown is None:
            return
        part, terms = self.diagram.selected, self._shown.terms
        strongest = max(range(len(terms)), key=lambda index: abs(terms[index]))
        index = strongest if part.kind is Kind.THRESHOLD else part.number
        self._words["sum"].setText(sum_words(self._shown))
        self._words["input"].setText(input_words(self._shown, index))
        trials = trial_words(self._shown.trials)
        self._words["trials"].setText(trials)
        spoken = (self._words["sum"].text(), self._words["input"].text())
        self.diagram.setAccessibleDescription(" ".join(spoken))


def telling_weight(weights: Nine) -> int:
    """Return the weight to speak of first: one that inhibits, else the strongest."""
    numbers = range(len(weights))
    lowest = min(numbers, key=lambda number: weights[number])
    return lowest if weights[lowest] < 0.0 else max(numbers, key=lambda number: weights[number])


def _example_button(name: str) -> QPushButton:
    """Return the button of an example; it stays down while the neuron is that example."""
    identifier = name.lower().replace(" ", "_")
    button = push_button(f"single_neuron_{identifier}_button", name, EXAMPLES[name].text)
    button.setCheckable(True)
    return button
