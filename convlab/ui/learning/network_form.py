"""What a network is trained on and how, and the buttons of training."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.file_name import shown_name
from convlab.document.learning.network import OWN_DATA, NetworkTask, Start
from convlab.document.learning.training import Stage
from convlab.ui.widgets.forms import (
    as_panel,
    combo_box,
    filled,
    progress_bar,
    push_button,
    quiet_label,
    wrapped_label,
)
from convlab.ui.widgets.param_form import ParamForm

OPEN, OPEN_FOLDER = "open", "open folder"
DATA = {"digits": "Handwritten digits", "shapes": "Shapes"}


class Action(StrEnum):
    """What a person wants of a training; most are the middle of their button's name."""

    TRAIN = "train"
    PAUSE = "pause"
    GO_ON = "go_on"
    STEP = "step"
    EPOCH = "epoch"
    CANCEL = "cancel"
    OPEN = "open"
    SAVE = "save"


GO_TEXTS = {Stage.RUNNING: "Pause", Stage.PAUSED: "Go on"}
GO_ACTIONS: dict[Stage | None, Action] = {Stage.RUNNING: Action.PAUSE, Stage.PAUSED: Action.GO_ON}
BUTTONS: dict[Action, tuple[str, ...]] = {
    Action.TRAIN: (
        "Train",
        "Trains the network; it goes on while you look at something else. After the end it "
        "starts again, or goes on where <i>Weights</i> says so.",
    ),
    Action.STEP: (
        "One step",
        "One batch: forward pass, loss, backward pass, and the weights move once. After the end "
        "it starts again.",
    ),
    Action.EPOCH: (
        "One epoch",
        "As many steps as show every picture once. After the end it starts again.",
    ),
    Action.CANCEL: ("Cancel", "Ends the training; what was learned so far stays."),
    Action.OPEN: (
        "Open in the stack lab",
        "Puts this network into the stack lab, on the live picture, where every sum can be taken "
        "apart. One step of undo brings back what was there.",
    ),
    Action.SAVE: (
        "Save as stack file",
        "Writes this network as a file that the stack lab opens.",
        "Save as stack file…",
    ),
}
"""Of each button its name, its tooltip, and what stands on it where that is not its name."""


class NetworkForm(QWidget):
    """Shows a task and reports what a person wants of it.

    Signals:
        data_chosen: Name of a data set that comes with the program.
        own_data_wanted: A file of one's own is wanted; a folder, if that is True.
        parameter_chosen: Name of a parameter of the task, and its new value.
        action_wanted: An Action.
    """

    data_chosen = Signal(str)
    own_data_wanted = Signal(bool)
    parameter_chosen = Signal(str, object)
    action_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._stage: Stage | None = None
        self._start = Start.RANDOM
        self._make_data()
        self._task = ParamForm("network", aliases={"rule": "optimiser"})
        self._buttons = {
            action: push_button(f"network_{action}_button", *words)
            for action, words in BUTTONS.items()
        }
        tip = "How many of all steps were taken."
        self._progress = progress_bar("network_progress", tip, 1000)
        self._status = wrapped_label("network_status")
        self._status.setTextFormat(Qt.TextFormat.PlainText)  # it may name a file
        self._status.setMinimumHeight(4 * self._status.fontMetrics().lineSpacing() + 4)
        self._arrange()
        self._connect()
        self.show_stage(None, 0.0, "")

    def _make_data(self) -> None:
        self._data = combo_box(
            "network_data_combo",
            "Data",
            "The pictures with labels that the network learns from. <i>Digits</i>: 1,797 scanned "
            "ones of 8 × 8 px. <i>Shapes</i>: 2,000 drawn ones of 16 × 16 px. A fifth of each "
            "class is the test set: the network never learns from it, and is judged by it. "
            "<i>A file</i>: .npz with x_train and y_train or images and labels, MNIST's files, a "
            "table. <i>A folder</i>: with a folder of pictures for each class.",
        )

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        self._data.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._data_label = quiet_label("Data")
        grid.addWidget(self._data_label, 0, 0)
        grid.addWidget(self._data, 0, 1)
        grid.setColumnStretch(1, 1)
        layout = filled(QVBoxLayout(self), grid, self._task, margins=(12, 8, 8, 8), spacing=6)
        layout.addSpacing(4)
        buttons = self._buttons
        for pair in ((Action.TRAIN, Action.CANCEL), (Action.STEP, Action.EPOCH)):
            line = QHBoxLayout()
            for button in (buttons[action] for action in pair):
                button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                line.addWidget(button)
            layout.addLayout(line)
        filled(layout, self._progress, self._status).addStretch(1)
        filled(layout, buttons[Action.OPEN], buttons[Action.SAVE])

    def _connect(self) -> None:
        self._data.activated.connect(self._on_data_activated)
        self._task.parameter_chosen.connect(self.parameter_chosen)
        for button in self._buttons.values():
            button.clicked.connect(self._on_button_clicked)

    # ---- what is shown ----

    def show_task(self, task: NetworkTask) -> None:
        """Show what is wanted."""
        self._show_data(task)
        self._task.show_record(task)
        self._data_label.setMinimumWidth(self._task.label_width)
        self._start = task.start

    def _show_data(self, task: NetworkTask) -> None:
        """List the data sets, a person's own among them if it is in use."""
        with QSignalBlocker(self._data):
            self._data.clear()
            for name, title in DATA.items():
                self._data.addItem(title, name)
            if task.data == OWN_DATA:
                self._data.addItem(shown_name(task.path), OWN_DATA)
            self._data.addItem("A file of your own…", OPEN)
            self._data.addItem("A folder of your own…", OPEN_FOLDER)
            self._data.setCurrentIndex(self._data.findData(task.data))

    def show_stage(self, stage: Stage | None, progress: float, status: str) -> None:
        """Show what goes on.

        Args:
            stage: None before there is a network.
            progress: The fraction of all steps that were taken, 0 to 1.
            status: The same in words.
        """
        self._stage = stage
        self._buttons[Action.TRAIN].setText(self._go_text(stage, progress))
        is_begun = stage in (Stage.RUNNING, Stage.PAUSED)
        self._buttons[Action.CANCEL].setEnabled(is_begun)
        for action in (Action.STEP, Action.EPOCH):
            self._buttons[action].setEnabled(stage is not Stage.RUNNING)
        for action in (Action.OPEN, Action.SAVE):
            self._buttons[action].setEnabled(stage is not None)
        self._progress.setValue(round(1000 * progress))
        self._status.setText(status)

    def _go_text(self, stage: Stage | None, progress: float) -> str:
        """Return what the button will do, above all where that is to start again."""
        if stage is None or stage is Stage.READY:
            return "Train"
        if stage in GO_TEXTS:
            return GO_TEXTS[stage]
        if not progress:
            return "Train"
        return "Train on" if self._start is Start.KEPT else "Train again"

    def show_note(self, text: str) -> None:
        """Say something in place of the status, until that is another."""
        self._status.setText(text)

    def press_go(self) -> None:
        """Want what the button that begins, pauses and goes on says, if it can be pressed."""
        self._buttons[Action.TRAIN].click()

    # ---- what is wanted ----

    def _on_button_clicked(self) -> None:
        """Want what the button says, even if the training has ended in between."""
        clicked = self.sender()
        action = next(action for action, button in self._buttons.items() if button is clicked)
        if action is Action.TRAIN:
            action = GO_ACTIONS.get(self._stage, Action.TRAIN)
        self.action_wanted.emit(action)

    def _on_data_activated(self, index: int) -> None:
        name = str(self._data.itemData(index))
        if name in (OPEN, OPEN_FOLDER):
            self.own_data_wanted.emit(name == OPEN_FOLDER)
        else:
            self.data_chosen.emit(name)
