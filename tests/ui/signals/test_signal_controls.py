from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from convlab.document.signal.model import SignalKind, SignalSpec, SignalState, SignalViewing
from convlab.document.signal.scenes import SCENES
from convlab.engine.conv1d import Mode
from convlab.ui.signals.signal_controls import MotionBar, fitting_speed
from convlab.ui.signals.signal_form import SignalForm
from convlab.ui.signals.story_card import StoryCard
from convlab.ui.widgets.number_box import NumberBox

Found = TypeVar("Found", bound=QWidget)


def find(parent: QWidget, kind: type[Found], name: str) -> Found:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def form(qtbot: QtBot) -> SignalForm:
    form = SignalForm("g")
    qtbot.addWidget(form)
    form.show()
    return form


@pytest.fixture
def bar(qtbot: QtBot) -> MotionBar:
    bar = MotionBar()
    qtbot.addWidget(bar)
    qtbot.addWidget(bar.flipping)
    bar.show_state(SignalState())
    bar.show()
    bar.flipping.show()
    return bar


@pytest.fixture
def card(qtbot: QtBot) -> StoryCard:
    card = StoryCard()
    qtbot.addWidget(card)
    card.show_state(SignalState(), can_listen=False)
    card.show()
    return card


def type_into(box: QWidget, text: str) -> None:
    QTest.keySequence(box, "Ctrl+A")
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_figures_are_typed_with_either_minus(form: SignalForm) -> None:
    told: list[tuple[str, float]] = []
    form.parameter_chosen.connect(lambda *args: told.append(args))
    box = find(form, NumberBox, "g_height_spin")
    type_into(box, "-1.25")
    assert told == [("height", -1.25)]
    assert box.text() == "−1.25"
    type_into(find(form, NumberBox, "g_position_spin"), "2.5")
    assert told[-1] == ("position", 2.5)


def test_showing_a_signal_tells_nobody(qtbot: QtBot, form: SignalForm) -> None:
    with qtbot.assertNotEmitted(form.parameter_chosen):
        form.show_spec(SignalSpec(SignalKind.TRACK, 1.0, 2.0, 3.0, True, 7))
    assert find(form, QSpinBox, "g_seed_spin").value() == 7
    assert find(form, QSpinBox, "g_seed_spin").isVisible()
    assert find(form, QCheckBox, "g_normalised_check").isChecked()


def test_both_forms_say_whose_their_controls_are(form: SignalForm) -> None:
    position = find(form, NumberBox, "g_position_spin")
    assert position.accessibleName() == "Position of g"
    assert position.toolTip().startswith("<b>Position of g</b><br>Where the signal is")
    assert find(form, QComboBox, "g_kind_combo").accessibleName() == "Shape of g"
    assert find(form, QCheckBox, "g_normalised_check").text() == "sums to 1"


def test_a_seed_that_no_box_holds_is_shown_as_the_nearest(form: SignalForm) -> None:
    form.show_spec(SignalSpec(SignalKind.TRACK, seed=2**32 - 1))
    assert find(form, QSpinBox, "g_seed_spin").value() == 2**31 - 1


def test_only_what_means_something_is_shown(form: SignalForm) -> None:
    form.show_spec(SignalSpec(SignalKind.DICE))
    names = ("g_position_spin", "g_width_spin", "g_height_spin", "g_file_button")
    assert not any(find(form, QWidget, name).isVisible() for name in names)
    form.show_spec(SignalSpec(SignalKind.SOUND))
    assert find(form, QPushButton, "g_file_button").isVisible()
    assert not find(form, QWidget, "g_height_spin").isVisible(), "a sound is as high as it is"


@pytest.mark.parametrize(
    ("positions", "speed"), [(14, 4.0), (126, 12.0), (1998, 120.0), (132_298, 12_000.0)]
)
def test_a_story_is_told_before_anybody_leaves(positions: int, speed: float) -> None:
    assert fitting_speed(positions) == speed


def test_kind_file_and_normalising_are_chosen(qtbot: QtBot, form: SignalForm) -> None:
    combo = find(form, QComboBox, "g_kind_combo")
    with qtbot.waitSignal(form.parameter_chosen) as kind:
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert kind.args == ["kind", "triangle"]
    with qtbot.waitSignal(form.parameter_chosen) as normalised:
        find(form, QCheckBox, "g_normalised_check").click()
    assert normalised.args == ["is_normalised", True]
    form.show_spec(SignalSpec(SignalKind.DRAWING))
    with qtbot.waitSignal(form.file_asked):
        find(form, QPushButton, "g_file_button").click()


def test_the_values_of_a_drawing_are_typed(qtbot: QtBot, form: SignalForm) -> None:
    line = find(form, QLineEdit, "g_values_edit")
    form.show_spec(SignalSpec(SignalKind.BOX))
    assert not line.isVisible()
    form.show_spec(SignalSpec(SignalKind.DRAWING, values=(0.5, -0.25)))
    assert (line.isVisible(), line.text()) == (True, "0.5 −0.25")
    with qtbot.assertNotEmitted(form.values_typed, wait=0):
        QTest.keyClick(line, Qt.Key.Key_Return)
    with qtbot.waitSignal(form.values_typed) as typed:
        type_into(line, "1/2 1 -3")
    assert typed.args == ["1/2 1 -3"]
    form.show_spec(SignalSpec(SignalKind.DRAWING, values=(1.0,) * 65))
    assert not line.isVisible()


def test_the_buttons_step_and_play(qtbot: QtBot, bar: MotionBar) -> None:
    steps: list[int] = []
    bar.stepped.connect(steps.append)
    for name in ("signal_back_button", "signal_step_button"):
        QTest.mouseClick(find(bar, QWidget, name), Qt.MouseButton.LeftButton)
    assert steps == [-1, 1]
    with qtbot.waitSignal(bar.play_toggled):
        QTest.mouseClick(find(bar, QWidget, "signal_play_button"), Qt.MouseButton.LeftButton)
    flip = find(bar.flipping, QWidget, "signal_flip_button")
    with qtbot.waitSignal(bar.flip_asked):
        QTest.mouseClick(flip, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(bar.place_chosen) as place:
        QTest.keyClick(find(bar, QSlider, "signal_position_slider"), Qt.Key.Key_Right)
    assert place.args == [1]
    with qtbot.waitSignal(bar.flip_chosen) as share:
        QTest.keyClick(find(bar.flipping, QSlider, "signal_flip_slider"), Qt.Key.Key_Home)
    assert share.args == [0.0]


def test_choices_are_said(qtbot: QtBot, card: StoryCard) -> None:
    with qtbot.waitSignal(card.parameter_chosen) as mode:
        QTest.keyClick(find(card, QComboBox, "signal_mode_combo"), Qt.Key.Key_Down)
    assert mode.args == ["mode", "same"]
    with qtbot.waitSignal(card.scene_chosen) as scene:
        QTest.keyClick(find(card, QComboBox, "scene_combo"), Qt.Key.Key_Down)
    assert scene.args == ["Falling ball"]
    with qtbot.waitSignal(card.parameter_chosen) as flipped:
        find(card, QCheckBox, "signal_turn_switch").click()
    assert flipped.args == ["is_flipped", False]
    with qtbot.waitSignal(card.parameter_chosen) as count:
        type_into(find(card, QSpinBox, "signal_count_spin"), "64")
    assert count.args == ["count", 64]
    with qtbot.waitSignal(card.swap_asked):
        find(card, QPushButton, "signal_swap_button").click()


def test_a_story_stays_while_it_is_changed_and_leads_back(qtbot: QtBot, card: StoryCard) -> None:
    scene = SCENES["Two dice"]
    card.show_state(scene.state, can_listen=False)
    back, task = find(card, QPushButton, "scene_back_button"), find(card, QWidget, "scene_task")
    assert not back.isVisible()
    assert card.picture.isVisible()
    card.show_state(replace(scene.state, count=20), can_listen=False)
    assert find(card, QLabel, "scene_text").text() == scene.text
    assert task.isVisible()
    with qtbot.waitSignal(card.scene_chosen) as chosen:
        back.click()
    assert chosen.args == ["Two dice"]
    card.show_state(SignalState(), can_listen=True)
    assert not any(part.isVisible() for part in (back, task, card.picture))
    assert find(card, QWidget, "signal_listen_button").isVisible()


def test_showing_a_state_tells_nobody(qtbot: QtBot, bar: MotionBar, card: StoryCard) -> None:
    state = SignalState(count=50, step=0.1, mode=Mode.VALID, is_flipped=False, is_continuous=True)
    with (
        qtbot.assertNotEmitted(bar.place_chosen),
        qtbot.assertNotEmitted(bar.flip_chosen),
        qtbot.assertNotEmitted(card.parameter_chosen),
    ):
        card.show_state(state, can_listen=True)
        bar.show_state(state)
        bar.show_viewing(SignalViewing(c=-49, flip=0.5, is_playing=True, speed=30.0))
    slider = find(bar, QSlider, "signal_position_slider")
    assert (slider.minimum(), slider.maximum(), slider.value()) == (-49, 98, -49)
    assert find(bar.flipping, QSlider, "signal_flip_slider").value() == 100
    assert not bar.flipping.isEnabled(), "a correlation does not flip g"
    assert find(bar, QWidget, "signal_play_button").accessibleName() == "Pause"
    assert find(bar, QComboBox, "signal_speed_combo").currentText() == "30 / s"
