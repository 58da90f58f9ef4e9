"""The controls of the slide: how g moves over f, and what is made of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from convlab.document.signal.model import SignalState, SignalViewing
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.theme import set_icon
from convlab.ui.widgets.forms import as_panel, combo_box, describe, filled, show_choice, tool_button
from convlab.ui.widgets.param_form import ParamForm

CHOICES = ("mode", "is_flipped", "is_continuous", "count", "step")
ALIASES = {"is_continuous": "continuous"}
SPEEDS = (1.0, 4.0, 12.0, 30.0, 120.0, 600.0, 3000.0, 12_000.0)  # [samples/s]
SLOWEST_STORY = 4.0  # [samples/s]
LONGEST_STORY = 20.0  # [s]


class PlayBar(QWidget):
    """How g moves over f, and what is made of it.

    Signals:
        play_toggled: Play or pause.
        stepped: By so many samples.
        position_chosen: The n of the result.
        speed_chosen: Samples per second.
        parameter_chosen: Name of a parameter of the signals, and its new value.
        flip_asked: The flip of g is to be shown.
        swap_asked: f and g are to change places.
        scene_chosen: Name of a scene.
    """

    play_toggled = Signal()
    stepped = Signal(int)
    position_chosen = Signal(int)
    speed_chosen = Signal(float)
    parameter_chosen = Signal(str, object)
    flip_asked = Signal()
    swap_asked = Signal()
    scene_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("play_bar")
        as_panel(self)
        self._is_playing = False
        self._make_motion()
        self._make_choices()
        self._arrange()
        self._connect()

    def _make_motion(self) -> None:
        self._back = tool_button(
            "signal_back_button", "Step back", "g moves one sample to the left (←).", "back"
        )
        self._play = tool_button(
            "signal_play_button", "Play", "g slides over f by itself (space).", "play"
        )
        self._forward = tool_button(
            "signal_step_button", "Step", "g moves one sample to the right (→).", "step"
        )
        self._slider = describe(
            QSlider(Qt.Orientation.Horizontal),
            "signal_position_slider",
            "Position of g",
            "The c at which g lies over f: the result is drawn up to there.",
        )
        self._speed = combo_box(
            "signal_speed_combo", "Speed", "Samples of the result per second while it plays."
        )
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:.0f} / s", speed)

    def _make_choices(self) -> None:
        self._scene = ChoiceBox("scene_combo", "Scene", "A story told by two signals.")
        self._scene.setMinimumContentsLength(10)
        self._form = ParamForm("signal", CHOICES, len(CHOICES), ALIASES, ("mode",))
        self._form.show_record(SignalState())
        self._form.field("is_flipped").control.setObjectName("signal_turn_switch")
        self._show_flip = describe(
            QPushButton("Show the flip"),
            "signal_flip_button",
            "Show the flip",
            "All pairs with a + b = c meet. With a fixed, b = c − a: as a grows, b falls.",
        )
        self._swap = describe(
            QPushButton("Swap"),
            "signal_swap_button",
            "Swap f and g",
            "The convolution stays the same: a + b = b + a. The correlation is mirrored.",
        )

    def _arrange(self) -> None:
        motion = filled(QHBoxLayout(), self._back, self._play, self._forward, (self._slider, 1))
        filled(motion, self._speed, self._show_flip, self._swap)
        choices = filled(QHBoxLayout(), (self._scene, 1), self._form)
        filled(QVBoxLayout(self), choices, motion, margins=(0, 4, 0, 4), spacing=4)

    def _connect(self) -> None:
        self._play.clicked.connect(self.play_toggled)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self._slider.valueChanged.connect(self.position_chosen)
        self._speed.activated.connect(self._on_speed_activated)
        self._scene.activated.connect(self._on_scene_activated)
        self._show_flip.clicked.connect(self.flip_asked)
        self._swap.clicked.connect(self.swap_asked)
        self._form.parameter_chosen.connect(self.parameter_chosen)

    def set_scenes(self, scenes: dict[str, str]) -> None:
        """Offer scenes: each name with the text that tells its story."""
        own = Choice("Own signals", "", line="f and g as they are, without a story.")
        self._scene.set_choices(
            [own, *(Choice(name, name, line=text) for name, text in scenes.items())]
        )

    def show_state(self, state: SignalState) -> None:
        """Show what the document says, without telling anyone."""
        self._form.show_record(state)
        show_choice(self._scene, state.scene)
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, 2 * state.count - 2)

    def show_viewing(self, viewing: SignalViewing) -> None:
        """Show where g is and whether it moves, without telling anyone."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(viewing.position)
        if viewing.is_playing != self._is_playing:
            self._is_playing = viewing.is_playing
            set_icon(self._play, "pause" if viewing.is_playing else "play")
            self._play.setAccessibleName("Pause" if viewing.is_playing else "Play")
        show_choice(self._speed, viewing.speed)

    def _on_back_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_forward_clicked(self) -> None:
        self.stepped.emit(1)

    def _on_speed_activated(self, index: int) -> None:
        self.speed_chosen.emit(self._speed.itemData(index))

    def _on_scene_activated(self, index: int) -> None:
        self.scene_chosen.emit(self._scene.itemData(index))


def fitting_speed(positions: int) -> float:
    """Return the slowest speed at which somebody looks on to the end [samples/s]."""
    fitting = (speed for speed in SPEEDS if speed >= max(positions / LONGEST_STORY, SLOWEST_STORY))
    return next(fitting, SPEEDS[-1])
