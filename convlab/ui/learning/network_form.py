"""What a network is trained on and how, and the buttons of training."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from convlab.document.file_name import shown_name
from convlab.document.learning.network import (
    OWN_DATA,
    NetworkTask,
    Start,
)
from convlab.document.learning.training import Stage
from convlab.ui.widgets.forms import (
    as_panel,
    combo_box,
    describe,
    quiet_label,
)
from convlab.ui.widgets.param_form import ParamForm

OPEN = "open"
DATA = {"digits": "Handwritten digits", "shapes": "Shapes"}
GO_TEXTS = {Stage.RUNNING: "Pause", Stage.PAUSED: "Go on"}


class NetworkForm(QWidget):
    """Shows a task and reports what a person wants of it.

    Signals:
        data_chosen: Name of a data set that comes with the program.
        own_data_wanted: A file of one's own is wanted.
        parameter_chosen: Name of a parameter of the task, and its new value.
        train_wanted: It is to begin.
        pause_wanted: It is to wait.
        go_on_wanted: It is to wait no longer.
        step_wanted: One step.
        epoch_wanted: One epoch.
        cancel_wanted: No more steps.
        open_wanted: The network is wanted in the stack lab.
        save_wanted: The network is wanted as a file.
    """

    data_chosen = Signal(str)
    own_data_wanted = Signal()
    parameter_chosen = Signal(str, object)
    train_wanted = Signal()
    pause_wanted = Signal()
    go_on_wanted = Signal()
    step_wanted = Signal()
    epoch_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal()
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._stage: Stage | None = None
        self._start = Start.RANDOM
        self._make_data()
        self._task = ParamForm("network", aliases={"rule": "optimiser"})
        self._make_buttons()
        self._progress = describe(
            QProgressBar(), "network_progress", "Progress", "How many of all steps were taken."
        )
        self._progress.setRange(0, 1000)
        self._progress.setFixedHeight(18)
        self._progress.setTextVisible(False)
        self._status = quiet_label()
        self._status.setObjectName("network_status")
        self._status.setTextFormat(Qt.TextFormat.PlainText)  # it may name a file
        self._status.setWordWrap(True)
        self._status.setMinimumHeight(4 * self._status.fontMetrics().lineSpacing() + 4)
        self._arrange()
        self._connect()
        self.show_stage(None, 0.0, "")

    def _make_data(self) -> None:
        self._data = combo_box(
            "network_data_combo",
            "Data",
            "The pictures with labels that the network learns from. <i>Digits</i>: 1 797 scanned "
            "ones of 8 × 8 px. <i>Shapes</i>: 2 000 drawn ones of 16 × 16 px. A fifth of each "
            "class is the test set: the network never learns from it, and is judged by it.",
        )

    def _make_buttons(self) -> None:
        self._go = describe(
            QPushButton("Train"),
            "network_train_button",
            "Train",
            "Trains the network; it goes on while you look at something else. After the end it "
            "starts again, or goes on where Initial weights says so.",
        )
        self._step = describe(
            QPushButton("One step"),
            "network_step_button",
            "One step",
            "One batch: forward pass, loss, backward pass, and the weights move once. After the "
            "end it starts again.",
        )
        self._epoch = describe(
            QPushButton("One epoch"),
            "network_epoch_button",
            "One epoch",
            "As many steps as show every picture once. After the end it starts again.",
        )
        self._cancel = describe(
            QPushButton("Cancel"),
            "network_cancel_button",
            "Cancel",
            "Ends the training; what was learned so far stays.",
        )
        self._open = describe(
            QPushButton("Open in the stack lab"),
            "network_open_button",
            "Open in the stack lab",
            "Puts this network into the stack lab, on the live picture, where every sum can be "
            "taken apart. One step of undo brings back what was there.",
        )
        self._save = describe(
            QPushButton("Save as stack file…"),
            "network_save_button",
            "Save as stack file",
            "Writes this network as a file that the stack lab opens.",
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(grid)
        layout.addWidget(self._task)
        layout.addSpacing(4)
        for pair in ((self._go, self._cancel), (self._step, self._epoch)):
            line = QHBoxLayout()
            for button in pair:
                button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                line.addWidget(button)
            layout.addLayout(line)
        layout.addWidget(self._progress)
        layout.addWidget(self._status)
        layout.addStretch(1)
        layout.addWidget(self._open)
        layout.addWidget(self._save)

    def _connect(self) -> None:
        self._data.activated.connect(self._on_data_activated)
        self._task.parameter_chosen.connect(self.parameter_chosen)
        self._go.clicked.connect(self._on_go_clicked)
        self._step.clicked.connect(self.step_wanted)
        self._epoch.clicked.connect(self.epoch_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._open.clicked.connect(self.open_wanted)
        self._save.clicked.connect(self.save_wanted)

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
            self._data.setCurrentIndex(self._data.findData(task.data))

    def show_stage(self, stage: Stage | None, progress: float, status: str) -> None:
        """Show what goes on.

        Args:
            stage: None before there is a network.
            progress: The fraction of all steps that were taken, 0 to 1.
            status: The same in words.
        """
        self._stage = stage
        self._go.setText(self._go_text(stage, progress))
        is_begun = stage in (Stage.RUNNING, Stage.PAUSED)
        self._cancel.setEnabled(is_begun)
        for button in (self._step, self._epoch):
            button.setEnabled(stage is not Stage.RUNNING)
        for button in (self._open, self._save):
            button.setEnabled(stage is not None)
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
        self._go.click()

    # ---- what is wanted ----

    def _on_go_clicked(self) -> None:
        """Want what the button says, even if the training has ended in between."""
        if self._stage is Stage.RUNNING:
            self.pause_wanted.emit()
        elif self._stage is Stage.PAUSED:
            self.go_on_wanted.emit()
        else:
            self.train_wanted.emit()

    def _on_data_activated(self, index: int) -> None:
        name = str(self._data.itemData(index))
        if name == OPEN:
            self.own_data_wanted.emit()
        else:
            self.data_chosen.emit(name)
