"""What the two signals are: a story with its picture and its task, or signals of one's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalState
from convlab.document.signal.scenes import SCENES, is_changed, scene_of
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_box import ChoiceBox
from convlab.ui.signals.signal_form import SignalForm
from convlab.ui.signals.world_picture import WorldPicture
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    describe,
    filled,
    push_button,
    quiet_label,
    show_choice,
    wrapped_label,
)
from convlab.ui.widgets.param_form import ParamForm

CHOICES = ("is_flipped", "mode", "is_continuous", "count", "step")
ALIASES = {"is_continuous": "continuous"}


class StoryCard(QWidget):
    """Tells the story of a scene, and holds the controls of both signals.

    Signals:
        scene_chosen: Name of a scene; empty: signals of one's own.
        parameter_chosen: Name of a parameter of both signals, and its new value.
        swap_asked: f and g are to change places.
        listen_asked: The result is to be heard.
    """

    scene_chosen = Signal(str)
    parameter_chosen = Signal(str, object)
    swap_asked = Signal()
    listen_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("story_card")
        as_panel(self)
        self._scene = ChoiceBox("scene_combo", "Scene", "A story told by two signals.")
        self._scene.setMinimumContentsLength(10)
        self.picture = WorldPicture()
        self._text = wrapped_label("scene_text", role="")
        self._turn = quiet_label("Your turn", "title")
        self._task = wrapped_label("scene_task", role="")
        self._changed = quiet_label("changed")
        self._back = push_button(
            "scene_back_button",
            "Back to the scene",
            "The scene's own signals, as they were; Ctrl+Z brings yours back.",
        )
        self.forms = {which: SignalForm(which) for which in ("f", "g")}
        self._form = ParamForm("signal", CHOICES, 1, ALIASES, ("mode",))
        self._form.show_record(SignalState())
        self._form.field("is_flipped").control.setObjectName("signal_turn_switch")
        self._swap = describe(
            QPushButton("Swap"),
            "signal_swap_button",
            "Swap f and g",
            "The convolution stays the same: a + b = b + a. The correlation is mirrored.",
        )
        self._listen = push_button(
            "signal_listen_button",
            "Listen",
            "Hand the result to the system's player; it is made quieter rather than clipped.",
        )
        self._arrange()
        self._connect()
        own = Choice("Own signals", "", line="f and g as they are, without a story.")
        stories = [Choice(name, name, line=scene.text) for name, scene in SCENES.items()]
        self._scene.set_choices([own, *stories])

    def _arrange(self) -> None:
        back = filled(QHBoxLayout(), self._changed, self._back, STRETCH, spacing=6)
        ends = filled(QHBoxLayout(), self._swap, self._listen, STRETCH, spacing=6)
        column = filled(QVBoxLayout(self), margins=(10, 6, 10, 8), spacing=6)
        filled(column, self._scene, self.picture, self._text, self._turn, self._task, back, 4)
        filled(column, *self.forms.values(), self._form, ends, STRETCH)

    def _connect(self) -> None:
        self._scene.activated.connect(self._on_scene_activated)
        self._back.clicked.connect(self._on_back_clicked)
        self._form.parameter_chosen.connect(self.parameter_chosen)
        self._swap.clicked.connect(self.swap_asked)
        self._listen.clicked.connect(self.listen_asked)

    def show_state(self, state: SignalState, can_listen: bool) -> None:
        """Show what the document says, without telling anyone."""
        self._form.show_record(state)
        for which, form in self.forms.items():
            form.show_spec(getattr(state, which))
        show_choice(self._scene, state.scene)
        self._name = state.scene
        scene, changed = scene_of(state), is_changed(state)
        self._text.setText("" if scene is None else scene.text)
        self._task.setText("" if scene is None else scene.task)
        for part in (self._text, self._turn, self._task):
            part.setVisible(scene is not None)
        self._changed.setVisible(changed)
        self._back.setVisible(changed)
        self._listen.setVisible(can_listen)
        self.picture.show_state(state)

    def show_result(self, shown: SignalShown, a: int | None) -> None:
        """Show in the picture what stands at c, and the pair that is looked at."""
        self.picture.show_result(shown, a)

    def _on_scene_activated(self, index: int) -> None:
        self.scene_chosen.emit(self._scene.itemData(index))

    def _on_back_clicked(self) -> None:
        self.scene_chosen.emit(self._name)
