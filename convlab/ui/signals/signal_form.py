"""The controls of one signal: what it is, and how wide, high and where."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from convlab.document.signal.model import (
    SignalKind,
    SignalSpec,
)
from convlab.document.signal.samples import DIALS
from convlab.ui.widgets.forms import (
    as_panel,
    choice_box,
    decimal_box,
    describe,
    quiet_label,
    show_choice,
    spin_box,
)
from convlab.ui.widgets.number_box import NumberBox

KINDS = {
    SignalKind.BOX: "Box",
    SignalKind.TRIANGLE: "Triangle",
    SignalKind.GAUSSIAN: "Gaussian",
    SignalKind.DECAY: "Exponential decay",
    SignalKind.SPIKES: "Spikes",
    SignalKind.SAWTOOTH: "Sawtooth",
    SignalKind.DICE: "Die",
    SignalKind.TRACK: "Noisy track",
    SignalKind.EDGE: "Edge",
    SignalKind.ECHO: "Echo",
    SignalKind.LOW_PASS: "Low-pass",
    SignalKind.DRAWING: "Drawing or table",
    SignalKind.SOUND: "Sound",
}
MOST = 1e6  # of a position, a width or a height

ROLES = {"f": "f stays", "g": "g is flipped and slides"}
TIPS = {
    "position": "Where the signal is: the middle of a box, triangle or Gaussian, the start of the "
    "others. Or drag the lower handle in the plot.",
    "width": "How wide it is: a Gaussian's standard deviation, the half-life of a decay, the gap "
    "between spikes. Wide signals smooth more.",
    "height": "How high it is; the gain of an echo. Twice the height, twice the result: "
    "convolution is linear.",
}
FROM_FILES = (SignalKind.DRAWING, SignalKind.SOUND)


class SignalForm(QWidget):
    """What one signal is; its controls' names begin with ``f`` or ``g``.

    Signals:
        kind_chosen: Name of a SignalKind.
        figure_chosen: "position", "width" or "height", and its value.
        normalised_chosen: Whether its values are to sum to 1.
        seed_chosen: Of the noise.
        file_asked: A file is to be chosen.
    """

    kind_chosen = Signal(str)
    figure_chosen = Signal(str, float)
    normalised_chosen = Signal(bool)
    seed_chosen = Signal(int)
    file_asked = Signal()

    def __init__(self, which: str) -> None:
        super().__init__()
        self.which = which
        self.setObjectName(f"{which}_form")
        as_panel(self)
        self._kind = choice_box(
            f"{which}_kind_combo",
            f"Shape of {which}",
            "What the signal looks like. Try two boxes: a triangle comes of them.",
            KINDS,
        )
        self._figures = {name: self._figure(name) for name in TIPS}
        self._normalised = describe(
            QCheckBox("sums to 1"),
            f"{which}_normalised_check",
            f"{which} sums to 1",
            "Scales the signal so that its values sum to 1: the result is a weighted average, and "
            "keeps the level of the other signal.",
        )
        self._seed = spin_box(
            f"{which}_seed_spin",
            f"Noise of {which}",
            "Another number draws another noise, the same number the same.",
            0,
            9999,
        )
        self._file = describe(
            QPushButton("Open…"),
            f"{which}_file_button",
            f"Open a file as {which}",
            "Reads a CSV table with one column of numbers, or a WAV sound.",
        )
        self._labels: dict[QWidget, QLabel] = {}
        self._arrange()
        self._connect()
        self.show_spec(SignalSpec())

    def _figure(self, name: str) -> NumberBox:
        low = 0.0 if name == "width" else -MOST
        label = f"{name.capitalize()} of {self.which}"
        spin = decimal_box(f"{self.which}_{name}_spin", label, TIPS[name], low, MOST)
        spin.setSingleStep(0.1 if name == "height" else 1.0)
        return spin

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 4, 10, 4)
        grid.setVerticalSpacing(4)
        grid.addWidget(quiet_label(ROLES[self.which], "title"), 0, 0, 1, 2)
        grid.addWidget(self._kind, 1, 0, 1, 2)
        rows: dict[str, QWidget] = {**self._figures, "noise": self._seed}
        for row, (name, control) in enumerate(rows.items(), start=2):
            self._labels[control] = quiet_label(name)
            grid.addWidget(self._labels[control], row, 0)
            grid.addWidget(control, row, 1)
        grid.addWidget(self._normalised, 6, 0, 1, 2)
        grid.addWidget(self._file, 7, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(8, 1)

    def _connect(self) -> None:
        self._kind.activated.connect(self._on_kind_activated)
        for spin in self._figures.values():
            spin.valueChanged.connect(self._on_figure_changed)
        self._normalised.clicked.connect(self.normalised_chosen)
        self._seed.valueChanged.connect(self.seed_chosen)
        self._file.clicked.connect(self._on_file_clicked)

    def show_spec(self, spec: SignalSpec) -> None:
        """Show a signal without telling anyone; only what means something for its kind."""
        show_choice(self._kind, spec.kind.value)
        for name, value in (
            ("position", spec.position),
            ("width", spec.width),
            ("height", spec.height),
        ):
            self._figures[name].show_number(value)
            self._show_row(self._figures[name], name in DIALS[spec.kind])
        self._seed.show_number(spec.seed)
        self._show_row(self._seed, spec.kind is SignalKind.TRACK)
        self._normalised.setChecked(spec.is_normalised)
        self._normalised.setVisible(spec.kind not in (SignalKind.DICE, SignalKind.LOW_PASS))
        self._file.setVisible(spec.kind in FROM_FILES)

    def _show_row(self, control: QWidget, is_shown: bool) -> None:
        control.setVisible(is_shown)
        self._labels[control].setVisible(is_shown)

    def _on_kind_activated(self, index: int) -> None:
        self.kind_chosen.emit(self._kind.itemData(index))

    def _on_figure_changed(self, value: float) -> None:
        name = next(name for name, spin in self._figures.items() if spin is self.sender())
        self.figure_chosen.emit(name, value)

    def _on_file_clicked(self) -> None:
        self.file_asked.emit()
