"""How a kernel is trained: optimiser, learning rate, batch size, noise and initialisation."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QGridLayout, QWidget

from convlab.document.learning.kernel_edits import (
    LARGEST_NOISE,
    LARGEST_RATE,
    LARGEST_SEED,
    LARGEST_SPREAD,
    LEAST_RATE,
    MOST_PATCHES,
)
from convlab.document.learning.one_kernel import LARGEST_SIZE, LEAST_SIZE, KernelTask
from convlab.document.learning.rule import Rule
from convlab.ui.widgets.forms import (
    choice_box,
    decimal_box,
    describe,
    quiet_label,
    show_choice,
    spin_box,
)
from convlab.ui.widgets.number_box import NumberBox

RULES = {Rule.SGD: "SGD", Rule.MOMENTUM: "Momentum", Rule.ADAM: "Adam"}


class RuleForm(QWidget):
    """Shows how a kernel learns, and reports what a person wants otherwise.

    Signals:
        rule_chosen: Name of a Rule.
        rate_chosen: The learning rate.
        size_chosen: Cells a side.
        patches_chosen: The batch size.
        noise_chosen: Its standard deviation.
        spread_chosen: Of the initial cells, likewise.
        seed_chosen: Of all that is random.
        centred_chosen: Means are taken out, or not.
    """

    rule_chosen = Signal(str)
    rate_chosen = Signal(float)
    size_chosen = Signal(int)
    patches_chosen = Signal(int)
    noise_chosen = Signal(float)
    spread_chosen = Signal(float)
    seed_chosen = Signal(int)
    centred_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._make_rule()
        self._make_numbers()
        self._centred = describe(
            QCheckBox("Centre"),
            "walk_centred_check",
            "Centre the patches",
            "Take the mean out of patches and target. Pictures are bright on average, so the loss "
            "surface is steepest by far along the sum of the kernel, and slow in all other "
            "directions. Without it, watch the loss fall fast, and then hardly.",
        )
        self._arrange()
        self._connect()

    def _make_rule(self) -> None:
        self._rule = choice_box(
            "walk_rule_combo",
            "Optimiser",
            "SGD: w ← w − η g.<br>Momentum: v ← 0.9 v + g, w ← w − η v: it rolls on.<br>Adam: each "
            "cell moves by about η, however flat it is there; long after the target is found it "
            "may jump away, and find back.<br>Each comes with a usual rate.",
            RULES,
        )
        self._rate = _decimal_box(
            "walk_rate_spin",
            "Learning rate",
            "η, how far a step goes. Too low: it takes for ever. Too high: training diverges. Try "
            "SGD with 20.",
            LEAST_RATE,
            LARGEST_RATE,
        )

    def _make_numbers(self) -> None:
        self._size = spin_box(
            "walk_size_spin",
            "Size",
            "Cells a side of the kernel that learns. Another size initialises it again.",
            LEAST_SIZE,
            LARGEST_SIZE,
        )
        self._patches = spin_box(
            "walk_patches_spin",
            "Patches",
            "The batch size: patches of the picture in each step. Few are quick and noisy.",
            1,
            MOST_PATCHES,
        )
        self._noise = _decimal_box(
            "walk_noise_spin",
            "Noise",
            "Standard deviation of what is added to the target in each step. The loss cannot fall "
            "below its square; the kernel is found all the same.",
            0.0,
            LARGEST_NOISE,
        )
        self._spread = _decimal_box(
            "walk_spread_spin",
            "Initial cells",
            "Standard deviation of the random initialisation; 0 begins with zeros.",
            0.0,
            LARGEST_SPREAD,
        )
        self._seed = spin_box(
            "walk_seed_spin",
            "Seed",
            "Of the initial cells, the patches and the noise: the same seed gives the same steps.",
            0,
            LARGEST_SEED,
        )
        for spin in (self._patches, self._seed):
            spin.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        fields = (
            ("Optimiser", self._rule),
            ("Rate η", self._rate),
            ("Size", self._size),
            ("Patches", self._patches),
            ("Noise σ", self._noise),
            ("Initial σ", self._spread),
            ("Seed", self._seed),
        )
        for number, (title, field) in enumerate(fields):
            row, place = divmod(number, 2)
            grid.addWidget(quiet_label(title), row, 2 * place)
            grid.addWidget(field, row, 2 * place + 1)
            field.setMinimumWidth(72)
            field.setMaximumWidth(16_777_215)
        grid.addWidget(self._centred, 3, 2, 1, 2)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)

    def _connect(self) -> None:
        self._rule.activated.connect(self._on_rule_activated)
        self._rate.valueChanged.connect(self.rate_chosen)
        self._size.valueChanged.connect(self.size_chosen)
        self._patches.valueChanged.connect(self.patches_chosen)
        self._noise.valueChanged.connect(self.noise_chosen)
        self._spread.valueChanged.connect(self.spread_chosen)
        self._seed.valueChanged.connect(self.seed_chosen)
        self._centred.toggled.connect(self.centred_chosen)

    def show_task(self, task: KernelTask) -> None:
        """Show how it learns, without telling anyone."""
        show_choice(self._rule, task.rule)
        for spin, number in (
            (self._rate, task.rate),
            (self._noise, task.noise),
            (self._spread, task.spread),
        ):
            spin.show_number(number)
        for whole, count in (
            (self._size, task.size),
            (self._patches, task.patches),
            (self._seed, task.seed),
        ):
            whole.show_number(count)
        with QSignalBlocker(self._centred):
            self._centred.setChecked(task.centred)

    def _on_rule_activated(self, index: int) -> None:
        self.rule_chosen.emit(self._rule.itemData(index))


def _decimal_box(name: str, label: str, tip: str, low: float, high: float) -> NumberBox:
    """Return a box whose steps are a tenth of what it shows."""
    spin = decimal_box(name, label, tip, low, high)
    spin.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    return spin
