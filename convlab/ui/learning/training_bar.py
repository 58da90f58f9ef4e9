"""Play, pause, one step, reset, and the figures of learning."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from convlab.ui.theme import set_icon
from convlab.ui.widgets.forms import (
    combo_box,
    describe,
    filled,
    push_button,
    quiet_label,
    show_choice,
    tool_button,
)

PACES = {
    1: "1 step a frame",
    10: "10 steps a frame",
    100: "100 steps a frame",
    0: "As fast as it goes",
}


class TrainingBar(QWidget):
    """Starts and stops the steps.

    Signals:
        play_toggled: Play or pause.
        step_asked: One step.
        reset_asked: Initialise again with the same numbers.
        pace_chosen: Steps for each picture; 0 is as many as there is time for.
    """

    play_toggled = Signal()
    step_asked = Signal()
    reset_asked = Signal()
    pace_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._is_playing: bool | None = None
        self.play = push_button(
            "walk_play_button",
            "Play",
            "Let the kernel learn, step by step, or hold it (Space). The picture stays live.",
        )
        self._step = tool_button(
            "walk_step_button",
            "One step",
            "Take one batch of patches, and move every cell once against its gradient.",
            "step",
        )
        self._reset = push_button(
            "walk_reset_button",
            "Reset",
            "Re-initialise with the same random numbers. The seed chooses others.",
        )
        self._pace = combo_box(
            "walk_pace_combo",
            "Pace",
            "Steps between two pictures. Go slowly to see each cell move by its own gradient.",
        )
        for pace, title in PACES.items():
            self._pace.addItem(title, pace)
        self._figures = describe(
            quiet_label(),
            "walk_figures",
            "Step, loss and error",
            "<i>Loss</i>: mean squared error of the patches of the last step.<br><i>Max error</i>: "
            "how far the worst cell is from its target.",
        )
        self._figures.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._arrange()
        self.set_playing(False)
        self.play.clicked.connect(self.play_toggled)
        self._step.clicked.connect(self.step_asked)
        self._reset.clicked.connect(self.reset_asked)
        self._pace.activated.connect(self._on_pace_activated)

    def _arrange(self) -> None:
        row = filled(QHBoxLayout(self), margins=(0, 0, 0, 0))
        filled(row, self.play, self._step, self._reset, self._pace).addStretch(1)
        self.play.setMinimumWidth(70)

    @property
    def figures(self) -> QWidget:
        """The line of figures, to be placed below."""
        return self._figures

    def set_playing(self, is_playing: bool) -> None:
        """Show whether steps are taken."""
        if is_playing == self._is_playing:
            return
        self._is_playing = is_playing
        set_icon(self.play, "pause" if is_playing else "play")
        self.play.setText("Pause" if is_playing else "Play")
        self.play.setAccessibleName(self.play.text())

    def set_pace(self, pace: int) -> None:
        """Show the pace without telling anyone."""
        show_choice(self._pace, pace)

    def set_figures(self, text: str) -> None:
        """Show how far learning is."""
        self._figures.setText(text)

    def _on_pace_activated(self, index: int) -> None:
        self.pace_chosen.emit(self._pace.itemData(index))
