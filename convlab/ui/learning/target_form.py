"""The target image: the output of a preset kernel, edges at an angle, or a painting."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from convlab.document.learning.one_kernel import LARGEST_SIZE, KernelTask, TargetKind
from convlab.document.strokes import Brush
from convlab.engine.presets import PRESETS, SIGN_CONVENTION
from convlab.layers.parameters import parameter
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.choices.preset_choices import preset_choices
from convlab.ui.widgets.forms import describe, filled, push_button, spin_box
from convlab.ui.widgets.param_form import ParamForm

BRUSHES = ((1.0, "Bright", "light"), (-1.0, "Dark", "dark"), (0.0, "Wipe", "wipe"))


class TargetForm(QWidget):
    """Shows the target, and reports which one a person wants.

    Signals:
        parameter_chosen: Name of a parameter of the task, and its new value.
        preset_chosen: Name of a preset kernel.
        brush_chosen: (value, radius as a fraction of the height).
        clear_asked: The canvas is to be cleared.
    """

    parameter_chosen = Signal(str, object)
    preset_chosen = Signal(str)
    brush_chosen = Signal(float, float)
    clear_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._brush = Brush()
        self._target = ParamForm("walk", ("target",))
        self.preset = ChoiceBox(
            "walk_preset_combo",
            "Preset kernel",
            f"Its output is the target; up to {LARGEST_SIZE} cells a side can be learned.",
        )
        learnable = (each for each in PRESETS.values() if max(each.weights.shape) <= LARGEST_SIZE)
        self.preset.set_choices(preset_choices(learnable))
        self.preset.list.note = SIGN_CONVENTION
        angle = parameter(KernelTask, "angle")
        self._angle = spin_box("walk_angle_spin", angle.label, angle.tip, 0, 359)
        self._angle.setWrapping(True)
        self._angle.setSuffix("°")
        self._slider = describe(
            QSlider(Qt.Orientation.Horizontal),
            "walk_angle_slider",
            "Angle, dragged",
            "Rotate the target while the kernel learns: it follows.",
        )
        self._slider.setRange(0, 359)
        self._flip = ParamForm("walk", ("is_flipped",), aliases={"is_flipped": "turned"})
        self._make_brushes()
        self._arrange()
        self._connect()

    def _make_brushes(self) -> None:
        self._brushes = QButtonGroup(self)
        self._brush_row = QHBoxLayout()
        for number, (value, title, name) in enumerate(BRUSHES):
            tip = f"Drag over the target: it becomes {value:g} there.".replace("-", "−")
            button = push_button(f"walk_{name}_button", f"{title} brush", tip, title)
            button.setCheckable(True)
            self._brushes.addButton(button, number)
            self._brush_row.addWidget(button)
        self._radius = spin_box(
            "walk_brush_spin",
            "Brush",
            "Radius of the brush, in hundredths of the picture's height.",
            1,
            30,
        )
        self._clear = push_button("walk_clear_button", "Clear", "Clear the canvas: 0 everywhere.")
        filled(self._brush_row, self._radius, self._clear)

    def _arrange(self) -> None:
        self._pages = QStackedWidget()
        preset = filled(QHBoxLayout(), self.preset)
        angle = filled(QHBoxLayout(), (self._slider, 1), self._angle)
        for row in (preset, angle, self._brush_row):
            page = QWidget()
            page.setLayout(filled(row, margins=(0, 0, 0, 0), spacing=4))
            self._pages.addWidget(page)
        layout = filled(QVBoxLayout(self), margins=(0, 0, 0, 0), spacing=5)
        filled(layout, self._target, self._pages, self._flip)

    def _connect(self) -> None:
        for form in (self._target, self._flip):
            form.parameter_chosen.connect(self.parameter_chosen)
        self.preset.activated.connect(self._on_preset_activated)
        self._angle.valueChanged.connect(self._on_angle_changed)
        self._slider.valueChanged.connect(self._on_angle_changed)
        self._brushes.idClicked.connect(self._on_brush_clicked)
        self._radius.valueChanged.connect(self._on_radius_changed)
        self._clear.clicked.connect(self.clear_asked)

    def show_task(self, task: KernelTask) -> None:
        """Show the target, without telling anyone."""
        self._target.show_record(task)
        self._flip.show_record(task)
        self._pages.setCurrentIndex(list(TargetKind).index(task.target))
        with QSignalBlocker(self.preset):
            self.preset.setCurrentText(task.preset)
        self._angle.show_number(round(task.angle))
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(task.angle))
        self._flip.setEnabled(task.target is not TargetKind.PAINTED)
        self._clear.setEnabled(bool(task.strokes))

    def show_brush(self, brush: Brush) -> None:
        """Show what is painted with, without telling anyone."""
        self._brush = brush
        chosen = [value for value, _, _ in BRUSHES].index(brush.value)
        self._brushes.button(chosen).setChecked(True)
        self._radius.show_number(round(100 * brush.radius))

    def _on_angle_changed(self, degrees: int) -> None:
        self.parameter_chosen.emit("angle", float(degrees))

    def _on_preset_activated(self, index: int) -> None:
        self.preset_chosen.emit(self.preset.itemText(index))

    def _on_brush_clicked(self, number: int) -> None:
        self.brush_chosen.emit(BRUSHES[number][0], self._brush.radius)

    def _on_radius_changed(self, hundredths: int) -> None:
        self.brush_chosen.emit(self._brush.value, hundredths / 100)
