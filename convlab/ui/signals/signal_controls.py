"""The controls of the slide: how g moves over f, and how it is flipped before."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from convlab.document.signal.model import SignalState, SignalViewing
from convlab.ui.theme import px, set_icon
from convlab.ui.widgets.forms import (
    as_panel,
    combo_box,
    describe,
    filled,
    quiet_label,
    show_choice,
    tool_button,
)

FLIP_STEPS = 200
SPEEDS = (1.0, 4.0, 12.0, 30.0, 120.0, 600.0, 3000.0, 12_000.0)  # [samples/s]
SLOWEST_STORY = 4.0  # [samples/s]
LONGEST_STORY = 20.0  # [s]


class MotionBar(QWidget):
    """How g moves over f, and how it is flipped before.

    Signals:
        play_toggled: Play or pause.
        stepped: By so many samples.
        place_chosen: The c of the result.
        speed_chosen: Samples per second.
        flip_chosen: How far g is flipped, 0 to 1.
        flip_asked: The flip of g is to be shown.

    Attributes:
        flipping: The controls of the flip, to stand elsewhere.
    """

    play_toggled = Signal()
    stepped = Signal(int)
    place_chosen = Signal(int)
    speed_chosen = Signal(float)
    flip_chosen = Signal(float)
    flip_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("motion_bar")
        as_panel(self)
        self._is_playing = False
        self._make()
        place_name = quiet_label("c")
        place_name.setBuddy(self._slider)
        motion = filled(QHBoxLayout(self), self._back, self._play, self._forward, place_name)
        filled(motion, (self._slider, 1), self._speed, margins=(6, 0, 6, 0), spacing=4)
        self.flipping = QWidget()
        as_panel(self.flipping)
        flip_name = quiet_label("flip g")
        flip_name.setBuddy(self._flip)
        parts = flip_name, self._flip, self._show_flip
        filled(QHBoxLayout(self.flipping), *parts, margins=(0, 0, 6, 0), spacing=4)
        self._connect()

    def _make(self) -> None:
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
            "Place c",
            "The place c at which g lies over f: the result is drawn up to there.",
        )
        self._speed = combo_box(
            "signal_speed_combo", "Speed", "Samples of the result per second while it plays."
        )
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:.0f} / s", speed)
        self._flip = describe(
            QSlider(Qt.Orientation.Horizontal),
            "signal_flip_slider",
            "Flip of g",
            "From g as it is to g as it lies over f: each sample goes to its partner.",
        )
        self._flip.setRange(0, FLIP_STEPS)
        self._flip.setValue(FLIP_STEPS)
        self._flip.setFixedWidth(px(72))
        self._show_flip = describe(
            QPushButton("Show"),
            "signal_flip_button",
            "Show the flip",
            "All pairs with a + b = c meet. With a fixed, b = c − a: as a grows, b falls.",
        )

    def _connect(self) -> None:
        self._play.clicked.connect(self.play_toggled)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self._slider.valueChanged.connect(self.place_chosen)
        self._speed.activated.connect(self._on_speed_activated)
        self._flip.valueChanged.connect(self._on_flip_moved)
        self._show_flip.clicked.connect(self.flip_asked)

    def show_state(self, state: SignalState) -> None:
        """Offer the places that there are, and the flip where there is one."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(state.places[0], state.places[-1])
        self.flipping.setEnabled(state.is_flipped)

    def show_viewing(self, viewing: SignalViewing) -> None:
        """Show where g is and whether it moves, without telling anyone."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(viewing.c)
        with QSignalBlocker(self._flip):
            self._flip.setValue(round(viewing.flip * FLIP_STEPS))
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

    def _on_flip_moved(self, value: int) -> None:
        self.flip_chosen.emit(value / FLIP_STEPS)


def fitting_speed(positions: int) -> float:
    """Return the slowest speed at which somebody looks on to the end [samples/s]."""
    fitting = (speed for speed in SPEEDS if speed >= max(positions / LONGEST_STORY, SLOWEST_STORY))
    return next(fitting, SPEEDS[-1])
