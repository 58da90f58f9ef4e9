"""How the picture enters a network in full: fitting, order, levels, mean; and its classes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from convlab.document.stack.model import StackState
from convlab.io.class_names import SUFFIXES
from convlab.layers.graph import INPUT
from convlab.ui.stack.flow_row import FlowRow
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    filled,
    push_button,
    quiet_label,
    wrapped_label,
)
from convlab.ui.widgets.param_form import ParamForm

_MEAN = ("mean_red", "mean_green", "mean_blue", "mean_grey")
_STD = ("std_red", "std_green", "std_blue", "std_grey")
FIELDS = ("fitting", "order", "levels", *_MEAN, *_STD)
CLASSES_FILTER = f"Names of classes ({' '.join(f'*{suffix}' for suffix in SUFFIXES)})"
FORMULA = "What enters is (x · levels − mean) / std in each channel."
NAMED = 4  # classes that are written out


class InputPanel(QWidget):
    """Shows how the picture enters and the names of the classes, and reports what is wanted.

    Signals:
        chosen: Name of a parameter of the input and its value.
        marks_chosen: Name of a parameter of what is marked on the picture and its value.
        rejected: Why what was typed is no value.
        file_wanted: Path of a file with names of classes.
        imagenet_wanted: The names of ImageNet's classes are wanted.
        none_wanted: The classes are to have no names.
    """

    chosen = Signal(str, object)
    marks_chosen = Signal(str, object)
    rejected = Signal(str)
    file_wanted = Signal(str)
    imagenet_wanted = Signal()
    none_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("input_panel_of_stack")
        as_panel(self)
        self.setAcceptDrops(True)
        self._form = ParamForm("stack_input", FIELDS)
        self._marks = ParamForm("marks", ("threshold",))
        self._reasons = wrapped_label("input_reasons")
        self._classes = wrapped_label("class_words")
        self._file = push_button(
            "class_file_button",
            "Names from a file",
            "A text with a name a line, or a list in JSON. It can be dropped here as well.",
            "File…",
        )
        self._imagenet = push_button(
            "class_imagenet_button",
            "Names of ImageNet",
            "The 1,000 classes of ImageNet, for a network that has as many values.",
            "ImageNet",
        )
        self._none = push_button("class_none_button", "No names", "Take the names away.", "None")
        self._arrange()
        self._form.parameter_chosen.connect(self.chosen)
        self._form.rejected.connect(self.rejected)
        self._marks.parameter_chosen.connect(self.marks_chosen)
        self._marks.rejected.connect(self.rejected)
        self._file.clicked.connect(self._on_file_clicked)
        self._imagenet.clicked.connect(self.imagenet_wanted)
        self._none.clicked.connect(self.none_wanted)

    def _arrange(self) -> None:
        buttons = QWidget()
        row = FlowRow(buttons, 0, 4)
        for button in (self._file, self._imagenet, self._none):
            row.addWidget(button)
        filled(
            QVBoxLayout(self),
            wrapped_label("input_formula", FORMULA),
            self._form,
            self._marks,
            self._reasons,
            quiet_label("Classes", "title"),
            self._classes,
            buttons,
            STRETCH,
            margins=(10, 8, 10, 8),
            spacing=6,
        )

    def show_state(self, state: StackState) -> None:
        """Show how the picture enters, why that was guessed, and the classes."""
        self._form.show_record(state.input)
        self._marks.show_record(state.marks)
        self._marks.setVisible(state.marks.uid != INPUT)
        self._reasons.setText(reasons_text(state.reasons))
        self._reasons.setVisible(bool(state.reasons))
        self._classes.setText(classes_text(state.classes))
        self._none.setEnabled(bool(state.classes))

    def _on_file_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Names of the classes", "", CLASSES_FILTER)
        if name:
            self.file_wanted.emit(name)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path:
            event.acceptProposedAction()
            self.file_wanted.emit(path)


def _dropped(event: QDropEvent) -> str:
    """Return the path of the one text file that is dropped; else nothing."""
    urls = event.mimeData().urls()
    path = urls[0].toLocalFile() if len(urls) == 1 else ""
    return path if Path(path).suffix.lower() in SUFFIXES else ""


def reasons_text(reasons: tuple[str, ...]) -> str:
    """Say why the input was guessed to be as it was."""
    lines = "\n".join(f"· {reason}" for reason in reasons)
    return f"Guessed when the file was opened:\n{lines}" if reasons else ""


def classes_text(classes: tuple[str, ...]) -> str:
    """Say how many names there are, and the first of them."""
    if not classes:
        return "The values of the last layer have no names."
    more = ", …" if len(classes) > NAMED else ""
    return f"{len(classes):,} names: {', '.join(classes[:NAMED])}{more}"
