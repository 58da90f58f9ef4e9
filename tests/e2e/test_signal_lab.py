"""The signal lab by mouse and keyboard: rows D1 to D7."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QWidget

from convlab.document.signal.model import SignalKind, SignalState
from convlab.document.signal.pair_neuron import NeuronLayer
from convlab.document.signal.scenes import SCENES
from convlab.document.signal.tabs import Copies, Laws
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode, Way
from convlab.engine.race import COUNTS, Measurement, race
from convlab.io.sounds import Sound, pack_sound
from convlab.runtime import racing
from convlab.ui.signals.terms_view import TermsView
from tests.document.signal.slow import symbols
from tests.e2e.conftest import OpenWindow
from tests.e2e.signal_driver import KINDS, SignalDriver

FIRST_BALL, SECOND_BALL = (0.1, 0.2, 0.4, 0.3), (0.5, 0.3, 0.15, 0.05)
DRAWING = KINDS[SignalKind.DRAWING]
SOUND = KINDS[SignalKind.SOUND]
TONE: AnyArray = np.array([0.5, -0.25, 0.125, 0.0, 0.75], np.float32)


@pytest.fixture
def lab(open_window: OpenWindow) -> SignalDriver:
    """Two boxes of eight among 32 samples, one at 8, the other at 6."""
    options = ("--lab", "signal", "--source", "pattern:step", "--size", "1440x900")
    lab = SignalDriver(open_window(*options))
    session = lab.window.session
    session.complete(replace(session.document, signal=SignalState()))
    session.look(replace(session.viewing, signal=replace(lab.viewing, c=12)))
    lab.settle()
    return lab


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The last of these is what a person chooses in the dialog; none cancels it."""
    files: list[Path] = []

    def answer(*_: object) -> tuple[str, str]:
        return (str(files[-1]) if files else "", "")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    return files


def races() -> list[str]:
    """Return the threads of races that are run just now."""
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name == "convlab-race"]


# ---- D1: f and g ----


def test_each_shape_is_chosen_from_the_list_and_shown(lab: SignalDriver) -> None:
    before = lab.shown.f
    for kind, title in KINDS.items():
        if kind in (SignalKind.BOX, SignalKind.SOUND):
            continue
        lab.choose("f_kind_combo", title)
        assert lab.state.f.kind is kind
        assert lab.shown.f.any(), title
        assert lab.view._shown is lab.shown
    while lab.window.session.undo_stack.canUndo():
        lab.person.undo()
    lab.settle()
    np.testing.assert_array_equal(lab.shown.f, before)


@pytest.mark.display
def test_dragging_a_handle_is_one_step_of_undo(lab: SignalDriver) -> None:
    steps = lab.window.session.undo_stack.index()
    start = lab.handle("f", "position")
    five = round(5 * lab.view.signals.frame.per_x)
    lab.drag(lab.view.signals, [start + QPoint(five * part // 10, 0) for part in range(11)])
    assert lab.state.f.position == pytest.approx(13.0, abs=0.1)
    assert np.flatnonzero(lab.shown.f)[0] >= 9
    assert lab.window.session.undo_stack.index() == steps + 1
    lab.person.undo()
    assert lab.state.f.position == 8.0
    lab.person.redo()
    assert lab.state.f.position == pytest.approx(13.0, abs=0.1)


def test_a_drag_that_rests_is_still_one_step(lab: SignalDriver) -> None:
    steps = lab.window.session.undo_stack.index()
    lab.lab.edits._idle.setInterval(0)  # any rest is longer than that
    start = lab.handle("f", "height")
    lab.drag(lab.view.signals, [start + QPoint(0, 4 * part) for part in range(8)])
    assert lab.state.f.height < 1.0
    assert lab.window.session.undo_stack.index() == steps + 1


def test_handles_make_a_signal_wider_and_higher(lab: SignalDriver) -> None:
    start = lab.handle("f", "width")
    two = round(2 * lab.view.signals.frame.per_x)
    lab.drag(lab.view.signals, [start, start + QPoint(two, 0)])
    assert lab.state.f.width == pytest.approx(12.0, abs=0.2), "it is wider on both sides"
    start = lab.handle("g", "height")
    frame = lab.view.signals.frame
    half = round(frame.at(0.0, 0.0).y() - frame.at(0.0, 0.5).y())
    lab.drag(lab.view.signals, [start, start + QPoint(0, half)])
    assert lab.state.g.height == pytest.approx(0.5, abs=0.02)
    assert lab.shown.g.max() == pytest.approx(lab.state.g.height)


@pytest.mark.display
def test_figures_are_typed(lab: SignalDriver) -> None:
    lab.set_decimal("g_height_spin", "-2.5")
    assert lab.shown.g.min() == -2.5
    lab.set_decimal("f_width_spin", "4")
    assert lab.shown.f.sum() == 4.0
    lab.toggle("g_normalised_check")
    assert lab.shown.g.sum() == pytest.approx(1.0)
    lab.choose("f_kind_combo", "Noisy track")
    before = lab.shown.f
    lab.person.set_spin("f_seed_spin", 7)
    lab.settle()
    assert not np.array_equal(lab.shown.f, before)


def test_a_signal_is_drawn_with_the_mouse(lab: SignalDriver) -> None:
    lab.choose("f_kind_combo", DRAWING)
    steps = lab.window.session.undo_stack.index()
    plot = lab.view.signals
    places = [lab.place(plot, time, 0.5) for time in (20, 22, 24, 26)]
    lab.drag(plot, places, is_quick=True)
    drawn = lab.shown.f
    np.testing.assert_allclose(drawn[20:27], 0.5, atol=0.01)
    assert drawn[8] == 1.0, "what was there stays"
    assert lab.window.session.undo_stack.index() == steps + 1
    lab.person.undo()
    lab.settle()
    assert not lab.shown.f[20:27].any()


def test_g_is_drawn_where_it_lies_flipped(lab: SignalDriver) -> None:
    lab.choose("g_kind_combo", DRAWING)
    plot, origin = lab.view.signals, lab.view.origin
    lab.drag(plot, [lab.place(plot, origin - 20, 0.5), lab.place(plot, origin - 16, 0.5)])
    np.testing.assert_allclose(lab.shown.g[16:21], 0.5, atol=0.01)


def test_a_table_and_a_sound_are_opened(
    lab: SignalDriver, choose_file: list[Path], tmp_path: Path
) -> None:
    table, sound = tmp_path / "table.csv", tmp_path / "tone.wav"
    table.write_text("level\n1\n2.5\n-3\n")
    sound.write_bytes(pack_sound(Sound(TONE[None], 8000)))
    choose_file.append(table)
    lab.open_file("f")
    kinds = [lab.state.f.kind]
    assert lab.shown.f[:4].tolist() == [1.0, 2.5, -3.0, 0.0]
    choose_file.append(sound)
    lab.open_file("f", again=True)
    kinds.append(lab.state.f.kind)
    assert kinds == [SignalKind.DRAWING, SignalKind.SOUND], "a table is no sound"
    np.testing.assert_allclose(lab.shown.f[:5], TONE, atol=1e-4)
    choose_file.append(table)
    lab.open_file("g")
    assert lab.shown.g[:3].tolist() == [1.0, 2.5, -3.0]
    expected = np.convolve(lab.shown.f[:5], [1, 2.5, -3])
    np.testing.assert_allclose(lab.shown.result[:7], expected, atol=1e-6)


def test_a_table_is_drawn_upon(lab: SignalDriver, choose_file: list[Path], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("\n".join(["1"] * 32))
    choose_file.append(table)
    lab.open_file("f")
    plot = lab.view.signals
    places = [lab.place(plot, time, 0.5) for time in (20, 22, 24)]
    lab.drag(plot, places, is_quick=True)
    np.testing.assert_allclose(lab.shown.f[20:25], 0.5, atol=0.01)
    assert lab.shown.f[:20].tolist() == [1.0] * 20, "what the file held stays"


def test_a_sound_that_is_cut_says_so_and_is_taken_whole(
    lab: SignalDriver, choose_file: list[Path], tmp_path: Path
) -> None:
    sound = tmp_path / "long.wav"
    sound.write_bytes(pack_sound(Sound(np.tile(TONE, 80)[None], 8000)))
    choose_file.append(sound)
    lab.open_file("f")
    listen = lab.person.find(QPushButton, "signal_listen_button")
    assert lab.text("signal_file_note") == (
        f"long.wav (f) holds {80 * len(TONE)} samples, and only the first 32 are taken: "
        "take all of it."
    )
    assert not listen.isVisible()
    lab.press("signal_fit_button")
    lab.settle()
    assert (lab.state.count, lab.state.step) == (80 * len(TONE), 1 / 8000)
    np.testing.assert_allclose(lab.shown.f, np.tile(TONE, 80), atol=1e-4)
    assert not lab.lab.file_note.isVisible()
    assert listen.isVisible(), "it has the rate of a sound"
    assert listen.width() < lab.view.width() / 4, "a button, no bar"
    assert lab.viewing.speed * 20 >= 2 * lab.state.count - 2, "it is not played for hours"
    lab.person.undo()
    lab.settle()
    assert lab.state.count == 32


def test_a_table_too_long_for_the_lab_says_so(
    lab: SignalDriver, choose_file: list[Path], tmp_path: Path
) -> None:
    table = tmp_path / "long.csv"
    table.write_text("1\n" * 5000)
    choose_file.append(table)
    lab.open_file("g")
    assert "long.csv (g) holds 5000 samples" in lab.text("signal_file_note")
    lab.set_count(5000)
    assert not lab.lab.file_note.isVisible()


def test_a_sound_becomes_a_drawing_of_its_samples(
    lab: SignalDriver, choose_file: list[Path], tmp_path: Path
) -> None:
    sound = tmp_path / "tone.wav"
    sound.write_bytes(pack_sound(Sound(TONE[None], 8000)))
    choose_file.append(sound)
    lab.open_file("f")
    before = lab.shown.f
    lab.choose("f_kind_combo", DRAWING)
    assert lab.state.f.kind is SignalKind.DRAWING
    np.testing.assert_array_equal(lab.shown.f, before)
    assert before.any()


def test_a_dialog_that_is_cancelled_changes_nothing(
    lab: SignalDriver, choose_file: list[Path]
) -> None:
    before = lab.state
    lab.person.choose("f_kind_combo", SOUND)
    assert choose_file == []
    assert lab.state is before
    assert lab.person.find(QComboBox, "f_kind_combo").currentText() == "Box"


BAD = {
    "words.csv": (b"one\ntwo\nthree\n", "where a number belongs"),
    "late.csv": (b"1\n2\nthree\n", "line 3"),
    "nothing.csv": (b"", "it is empty"),
    "nan.csv": (b"1\nnan\n2\n", "is not finite"),
    "huge.csv": (b"1\n" * 200_001, "holds more than 200,000 numbers"),
    "empty.wav": (b"", "it is empty"),
    "broken.wav": (pack_sound(Sound(TONE[None], 8000))[:-3], "it is cut off"),
    "words.wav": (b"no sound at all", "it is no sound of a known kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_in_one_message_and_nothing_is_lost(
    lab: SignalDriver, choose_file: list[Path], tmp_path: Path, name: str
) -> None:
    data, why = BAD[name]
    before, shown = lab.state, lab.shown
    file = tmp_path / name
    file.write_bytes(data)
    choose_file.append(file)
    lab.person.choose("f_kind_combo", SOUND)
    lab.until(lambda: why in lab.message)
    assert lab.message.startswith(name)
    assert lab.message.count(". ") == 0
    assert lab.message.endswith(".")
    assert lab.shown is shown, "the last good curves stay"
    assert lab.view._shown is shown
    assert lab.state is before, "nothing is set that cannot be shown"
    assert not lab.window.session.undo_stack.canUndo()
    lab.choose("g_kind_combo", KINDS[SignalKind.TRIANGLE])
    assert lab.shown.g.any(), "the other signal can be edited on"
    assert lab.message == ""


def test_an_own_sound_of_too_many_samples_is_not_drawn(lab: SignalDriver) -> None:
    lab.set_count(5000)
    lab.person.choose("f_kind_combo", DRAWING)
    assert "choose fewer samples" in lab.message
    assert lab.person.find(QComboBox, "f_kind_combo").currentText() == "Box"


def test_stems_become_curves_and_sums_areas(lab: SignalDriver) -> None:
    lab.set_decimal("signal_step_spin", "0.5")
    summed = lab.shown.result
    lab.toggle("signal_continuous_check")
    assert lab.state.is_continuous
    np.testing.assert_allclose(lab.shown.result, summed / 2, atol=1e-6)
    assert "area" in lab.view.signals.accessibleDescription()
    lab.toggle("signal_continuous_check")
    assert "sum" in lab.view.signals.accessibleDescription()


# ---- D2: flip, slide, multiply, sum ----


@pytest.mark.display
def test_scrubbing_stepping_and_keys_move_g(lab: SignalDriver) -> None:
    result = lab.view.result
    lab.scrub(result, 12, 20)
    assert lab.viewing.c == 20
    assert lab.shown.window.total == lab.shown.result[20]
    assert lab.view.result._dot == (20.0, float(lab.shown.window.total))
    lab.press("signal_step_button")
    assert lab.viewing.c == 21
    lab.press("signal_back_button")
    lab.press("signal_back_button")
    assert lab.viewing.c == 19
    lab.press_key(Qt.Key.Key_Left)
    lab.settle()
    assert lab.viewing.c == 18
    lab.press_key(Qt.Key.Key_End)
    lab.settle()
    assert lab.viewing.c == 62
    lab.press_key(Qt.Key.Key_Home)
    lab.settle()
    assert lab.viewing.c == 0


def test_g_is_taken_along_by_the_mouse(lab: SignalDriver) -> None:
    lab.scrub(lab.view.signals, 30, 35)
    assert lab.viewing.c == 17


def test_the_product_is_shaded_and_its_sum_is_the_result(lab: SignalDriver) -> None:
    window = lab.shown.window
    assert window.total == window.product.sum() == lab.shown.result[12]
    overlap = lab.view.signals.overlap
    assert overlap is not None
    assert overlap.drawn_products.sum() == window.total
    assert lab.view.signals.accessibleDescription().endswith(f"sum {window.total:g}")


def test_the_result_grows_up_to_the_dot(lab: SignalDriver) -> None:
    (drawn,) = lab.view.result._moving
    assert drawn.x[-1] == 12
    lab.press("signal_step_button")
    lab.settle()
    (drawn,) = lab.view.result._moving
    assert drawn.x[-1] == 13


@pytest.mark.display
def test_playing_moves_on_and_stops_at_the_end(lab: SignalDriver) -> None:
    lab.choose_scene("Two dice")
    lab.choose("signal_speed_combo", "120 / s")
    assert lab.viewing.c < 14
    lab.press("signal_play_button")
    lab.until(lambda: not lab.viewing.is_playing and lab.viewing.c == 14)
    lab.settle()
    assert lab.view.origin == 14.0
    assert not lab.lab.player.is_playing
    lab.choose("signal_speed_combo", "1 / s")
    lab.press("signal_play_button")
    assert lab.viewing.is_playing
    assert lab.viewing.c < 14, "at the end it starts again"


@pytest.mark.display
def test_space_plays_and_pauses(lab: SignalDriver) -> None:
    lab.set_count(1000)
    lab.choose("signal_speed_combo", "120 / s")
    lab.press_key(Qt.Key.Key_Space)
    lab.until(lambda: lab.viewing.c > 20)
    lab.press_key(Qt.Key.Key_Space)
    paused = lab.viewing.c
    assert not lab.viewing.is_playing
    assert not lab.lab.player.is_playing
    lab.settle()
    assert lab.viewing.c == lab.shown.window.c == paused


def test_scrubbing_while_playing_takes_over(lab: SignalDriver) -> None:
    lab.set_count(1000)
    lab.press("signal_play_button")
    lab.press_key(Qt.Key.Key_End)
    assert not lab.viewing.is_playing
    assert lab.viewing.c == 1998


def test_playing_ends_where_another_lab_is_looked_at(lab: SignalDriver) -> None:
    lab.set_count(1000)
    lab.press("signal_play_button")
    lab.press_key(Qt.Key.Key_1)
    lab.until(lambda: not lab.view.isVisible())
    assert not lab.viewing.is_playing
    assert not lab.lab.player.is_playing


def test_a_step_back_is_one_step_where_samples_were_taken_away(lab: SignalDriver) -> None:
    lab.set_count(4)
    lab.press("signal_back_button")
    lab.settle()
    assert lab.shown.window.c == 5


def test_the_turn_is_shown_with_its_reason(lab: SignalDriver) -> None:
    lab.lab.player._flip.setDuration(200)
    lab.press("signal_flip_button")
    assert lab.view.is_flipping
    assert lab.view.reason.text().startswith("a + b = 12: the lines cross")
    lab.until(lambda: not lab.view.is_flipping)
    assert lab.viewing.flip == 1.0
    assert lab.view.signals.accessibleDescription().startswith("f(a), g(12 − a)")
    slider = lab.person.find(QWidget, "signal_flip_slider")
    slider.setFocus()
    lab.person.key(Qt.Key.Key_Home)
    lab.settle()
    assert lab.viewing.flip == 0.0
    assert lab.view.signals.flip is not None
    lab.press("signal_play_button")
    assert not lab.view.is_flipping, "it slides flipped"


@pytest.mark.display
def test_a_pair_lights_up_in_every_view_of_the_first_screen(open_window: OpenWindow) -> None:
    """The first screen tells the ball: f, the flipped g, their product, the reason, the table."""
    lab = SignalDriver(
        open_window("--lab", "signal", "--source", "pattern:step", "--size", "1440x900")
    )
    assert (lab.state.scene, lab.viewing.c) == ("Falling ball", 3)
    seen = ("flip_reason", "signal_plot", "result_plot", "table_view", "terms_view", "scene_task")
    assert all(not lab.person.find(QWidget, name).visibleRegion().isEmpty() for name in seen)
    table, terms = lab.lab.tabs.table, lab.lab.sums.terms
    QTest.mouseMove(table, table.cell_rect(2, 1).center().toPoint())
    lab.until(lambda: lab.view.signals.pointed == 2)
    assert [is_pointed for _, is_pointed in lab.view.result.pile()] == [False, False, True, False]
    assert (
        lab.person.find(QWidget, "world_picture")
        .accessibleDescription()
        .startswith("a = 2, b = 1, c = 3")
    )
    QTest.mouseMove(table, table.cell_rect(0, 0).center().toPoint())
    lab.until(lambda: lab.view.signals.pointed == -1)
    line = terms.line_of(1)
    assert line is not None
    QTest.mouseMove(terms, line.center().toPoint())
    lab.until(lambda: lab.view.signals.pointed == 1)
    QTest.mouseMove(lab.view.signals, lab.place(lab.view.signals, 3.0, 0.05))
    lab.until(lambda: lab.view.signals.pointed == 3)
    lab.click(table, table.cell_rect(3, 2).center())
    assert lab.viewing.c == 5, "a cell leads to the place it belongs to"
    assert lab.person.find(QWidget, "table_view").accessibleDescription().endswith("0.02, 0.045")


def test_c_keeps_its_place_in_every_switch(lab: SignalDriver) -> None:
    lab.choose_scene("Falling ball")
    lab.toggle("signal_turn_switch")
    assert lab.viewing.c == 3
    assert lab.shown.window.total == pytest.approx(0.3 * 0.5)  # f(3) g(0)
    assert lab.shown.other_total == pytest.approx(0.305), "the convolution there stays in sight"
    assert "grey (f ∗ g)(3) 0.305" in lab.view.result.accessibleDescription()
    lab.press_key(Qt.Key.Key_Home)
    lab.settle()
    assert lab.viewing.c == -7
    lab.toggle("signal_turn_switch")
    assert lab.viewing.c == -7, "where the convolution has no value it is nothing"
    assert lab.shown.window.total == 0.0


def test_a_scene_that_is_changed_keeps_its_story_and_leads_back(lab: SignalDriver) -> None:
    lab.choose_scene("Repeated doses")
    lab.set_decimal("f_width_spin", "4")
    assert lab.text("scene_task") == SCENES["Repeated doses"].task
    back = lab.person.find(QPushButton, "scene_back_button")
    assert back.isVisible()
    lab.press("scene_back_button")
    lab.settle()
    assert lab.state == replace(SCENES["Repeated doses"].state, neuron=lab.state.neuron)
    assert not back.isVisible()
    lab.person.undo()
    assert lab.state.f.width == 4, "one's own work is one step back"


def test_correlation_leaves_g_as_it_is(lab: SignalDriver) -> None:
    lab.choose_scene("Falling ball")
    lab.toggle("signal_turn_switch")
    assert not lab.state.is_flipped
    expected = np.correlate(lab.shown.f, lab.shown.g, "full")
    np.testing.assert_allclose(lab.shown.result, expected, atol=1e-6)
    assert lab.view.result.accessibleDescription().startswith("(f ⋆ g)(3)")
    lab.lab.player._flip.setDuration(60_000)  # what is looked at changes all the time until then
    lab.person.find(QWidget, "signal_turn_switch").setFocus()
    lab.person.key(Qt.Key.Key_Return)
    lab.until(lambda: lab.view.is_flipping)  # it is shown where it is switched on
    lab.lab.player._flip.setCurrentTime(59_900)
    lab.until(lambda: not lab.view.is_flipping)


def test_full_same_and_valid_keep_their_part(lab: SignalDriver) -> None:
    lab.choose_scene("Moving average")
    values = [3, 7, 2, 8, 5, 9, 1, 6, 4, 10, 2, 7]
    whole: AnyArray = np.zeros(23)
    whole[:16] = np.convolve(values, np.full(5, 0.2))
    parts = {Mode.VALID: whole[4:12], Mode.FULL: whole, Mode.SAME: whole[2:14]}
    for mode, part in parts.items():
        lab.choose("signal_mode_combo", mode.value)
        assert lab.state.mode is mode
        np.testing.assert_allclose(lab.kept, part, atol=1e-6)
    lab.press_key(Qt.Key.Key_Home)
    lab.settle()
    assert "left out by the mode" in lab.view.result.accessibleDescription()


def test_the_result_is_copies_of_g_added_up(lab: SignalDriver) -> None:
    lab.choose_scene("Spikes with box")
    assert isinstance(lab.shown.tab_data, Copies)
    assert lab.shown.tab_data.indices.tolist() == [4, 16, 28, 40]
    plot = lab.lab.tabs.copies.plot
    np.testing.assert_allclose(plot._copies.sum(axis=0), lab.shown.result, atol=1e-6)
    assert plot.accessibleDescription().startswith("4 copies of g")


# ---- D3, D4 and the other scenes: one click each ----


def test_the_copies_of_a_long_sound_reach_the_result(lab: SignalDriver) -> None:
    lab.choose_scene("Low-pass")
    lab.show_tab("Copies")
    made = lab.shown.tab_data
    assert isinstance(made, Copies)
    assert made.left_out > 1000
    drawn = lab.lab.tabs.copies.plot._copies
    np.testing.assert_allclose(drawn.sum(axis=0), made.total, atol=1e-9)


def test_terms_stand_at_the_last_place_when_playing_ends(
    lab: SignalDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it plays they follow only as fast as can be read."""
    monkeypatch.setattr("convlab.ui.signals.sum_side.TERMS_EVERY", 1e6)
    lab.set_count(200)
    lab.choose("signal_speed_combo", "12 / s")
    terms = lab.person.find(TermsView, "terms_view")
    lab.press("signal_play_button")
    lab.until(lambda: lab.shown.job.viewing.is_playing and lab.shown.window.c > 8)
    said = terms.accessibleDescription()
    lab.until(lambda: lab.shown.window.c > 10)
    assert terms.accessibleDescription() == said
    lab.press("signal_play_button")
    lab.settle()
    assert terms.accessibleDescription().startswith(f"(f ∗ g)({lab.shown.window.c}) = ")


def test_the_ball_comes_to_3_in_four_ways(lab: SignalDriver) -> None:
    lab.choose_scene("Repeated doses")
    lab.choose_scene("Falling ball")
    assert lab.viewing.c == 3
    assert symbols(lab.shown.window.terms) == "f(0)g(3) + f(1)g(2) + f(2)g(1) + f(3)g(0)"
    assert lab.shown.window.total == pytest.approx(0.305)
    terms = lab.person.find(TermsView, "terms_view")
    assert terms.accessibleDescription() == "(f ∗ g)(3) = Σ f(a) g(3 − a) = 0.305"
    lab.press("signal_step_button")
    lab.settle()
    assert terms.accessibleDescription().startswith("(f ∗ g)(4) = Σ f(a) g(4 − a) = 0.16")


def test_the_ball_in_two_dimensions_is_asked_by_a_click(lab: SignalDriver) -> None:
    lab.choose_scene("Falling ball in 2-D")
    result = lab.lab.tabs.ball.result
    lab.click(result, result.cell_rect(3, 1).center())
    assert lab.viewing.ball_cell == (3, 1)
    assert lab.text("ball_caption").startswith("c = (3, 1)")
    assert lab.text("ball_caption").endswith("in 8 ways")
    lines = lab.text("ball_terms").splitlines()
    assert len(lines) == 8
    assert all(line.startswith("f(") for line in lines)
    result.setFocus()
    lab.person.key(Qt.Key.Key_Down)
    lab.settle()
    assert lab.viewing.ball_cell == (4, 1)


def test_the_medicine_settles_where_it_is_given(lab: SignalDriver) -> None:
    lab.choose_scene("Repeated doses")
    np.testing.assert_allclose(lab.shown.result[:33:8], [100, 150, 175, 187.5, 193.75], rtol=1e-6)
    lab.set_decimal("g_width_spin", "4")
    np.testing.assert_allclose(lab.shown.result[:17:8], [100, 125, 131.25], rtol=1e-6)
    assert lab.person.find(QComboBox, "scene_combo").currentText() == "Repeated doses"


def test_the_weights_of_the_car_sum_to_one_the_newest_first(lab: SignalDriver) -> None:
    lab.choose_scene("Noisy car")
    assert lab.shown.g.sum() == pytest.approx(1.0)
    assert (np.diff(lab.shown.g) < 0).all()
    trembling = np.abs(np.diff(lab.shown.result[:120], 2)).mean()
    lab.set_decimal("g_width_spin", "12")
    assert np.abs(np.diff(lab.shown.result[:120], 2)).mean() < trembling


def test_the_echo_is_half_as_loud_and_0_2_seconds_later(lab: SignalDriver) -> None:
    lab.choose_scene("Echo")
    f, result, delay = lab.shown.f, lab.shown.result, 4410
    assert f.any()
    np.testing.assert_allclose(result[delay : len(f)], f[delay:] + 0.5 * f[:-delay], atol=1e-5)


def test_a_scene_plays_at_a_speed_of_its_own_and_in_ranges_of_its_own(lab: SignalDriver) -> None:
    lab.choose_scene("Echo")
    assert lab.view.signals.frame.y.low < 0
    assert lab.viewing.speed == 12_000
    lab.choose_scene("Box with box")
    assert lab.viewing.speed == 12
    assert [plot.frame.y.low for plot in (lab.view.signals, lab.view.result)] == [0, 0]


def test_the_low_pass_makes_the_sound_dull(lab: SignalDriver) -> None:
    lab.choose_scene("Low-pass")
    assert lab.shown.g.sum() == pytest.approx(1.0)
    assert len(lab.kept) == len(lab.shown.f)
    assert np.abs(np.diff(lab.kept)).mean() < np.abs(np.diff(lab.shown.f)).mean()


TELLING = {
    "Box with box": (35, 3.0),
    "Spikes with box": (5, 1.0),
    "Moving average": (4, 5.0),
    "Edge": (17, -1.0),
    "Two dice": (7, 1 / 6),
}


@pytest.mark.parametrize("name", TELLING)
def test_a_scene_is_chosen_and_says_its_number(lab: SignalDriver, name: str) -> None:
    place, value = TELLING[name]
    lab.choose_scene(name)
    assert lab.text("scene_text") == SCENES[name].text
    assert lab.viewing.tab is SCENES[name].tab
    assert lab.viewing.c == SCENES[name].c
    assert lab.shown.result[place] == pytest.approx(value, abs=1e-6)
    lab.person.undo()
    assert lab.state.scene == ""


def test_own_signals_leave_the_story_and_keep_f_and_g(lab: SignalDriver) -> None:
    lab.choose_scene("Edge")
    lab.choose("scene_combo", "Own signals")
    assert lab.state == replace(SCENES["Edge"].state, scene="", neuron=lab.state.neuron)
    assert not lab.person.find(QLabel, "scene_text").isVisible()
    lab.person.undo()
    assert lab.state.scene == "Edge"


# ---- D5: a matrix times a vector, and a neuron ----


def test_the_matrix_is_dense_then_cut_then_tied(lab: SignalDriver) -> None:
    lab.choose_scene("Edge")
    assert lab.text("band_matrix_caption").startswith("25 × 24 = 600 connections")
    assert "552 zeros, 48 used, 2 different weights" in lab.text("band_matrix_caption")
    assert "matrix × f = the direct sum" in lab.text("band_matrix_stage_caption")
    lab.press("band_dense_button")
    assert "all used, 600 different weights" in lab.text("band_matrix_caption")
    lab.press("band_cut_button")
    assert "552 zeros, 48 used, 48 different weights" in lab.text("band_matrix_caption")


def test_the_matrix_has_the_rows_of_the_mode(lab: SignalDriver) -> None:
    lab.choose_scene("Moving average")  # "same"
    assert lab.text("band_matrix_caption").startswith("12 × 12 = 144 connections")
    assert "Only the rows that “same” keeps." in lab.text("band_matrix_stage_caption")
    lab.choose("signal_mode_combo", "valid")
    assert lab.text("band_matrix_caption").startswith("8 × 12 = 96 connections")
    grid = lab.lab.tabs.matrix.grid
    lab.click(grid, grid.cell_rect(0, 0).center())
    words = lab.text("band_matrix_selection")
    assert words == "g(4) = 0.2 joins f(0) to c(4); it stands here 8 times."
    lab.choose("signal_mode_combo", "full")
    assert lab.text("band_matrix_caption").startswith("16 × 12 = 192 connections")


def test_a_clicked_weight_lights_up_its_copies(lab: SignalDriver) -> None:
    lab.choose_scene("Edge")
    grid = lab.lab.tabs.matrix.grid
    lab.click(grid, grid.cell_rect(5, 4).center())
    assert grid.selected == (5, 4)
    assert len(grid.copies) == 24
    words = lab.text("band_matrix_selection")
    assert words == "g(1) = −1 joins f(4) to c(5); it stands here 24 times."
    lab.click(grid, grid.cell_rect(12, 4).center())
    assert "a structural zero" in lab.text("band_matrix_selection")


def test_a_negative_weight_inhibits_the_neuron(lab: SignalDriver) -> None:
    lab.show_tab("Neuron")
    lab.set_decimal("neuron_weight_0_spin", "2")
    lab.set_decimal("neuron_weight_1_spin", "-0.5")
    lab.set_decimal("neuron_bias_spin", "-1")
    lab.choose("neuron_activation_combo", "relu")
    layer = lab.shown.tab_data
    assert isinstance(layer, NeuronLayer)
    f = lab.shown.f[:24]
    expected = np.maximum(2 * f[:-1] - 0.5 * f[1:] - 1, 0)
    np.testing.assert_allclose(layer.y, expected, atol=1e-6)
    words = lab.text("neuron_caption")
    assert words.startswith("w0 excites, w1 inhibits.")
    assert "the threshold −b = 1." in words
    said = lab.text("neuron_layer")
    assert "2 −0.5 0 0 … / 0 2 −0.5 0 …" in said
    assert "convolved with (w1, w0); they differ by no digit." in said


# ---- D6: laws ----


def test_the_laws_hold_and_a_border_breaks_one(lab: SignalDriver) -> None:
    lab.show_tab("Laws")
    assert isinstance(lab.shown.tab_data, Laws)
    rows = [lab.person.find(QWidget, f"law_{number}") for number in range(3)]
    words = [" ".join(label.text() for label in row.findChildren(QLabel)) for row in rows]
    assert "Equal" in words[0]
    assert "Not equal" not in words[0] + words[1]
    lab.choose_scene("Moving average")
    lab.show_tab("Laws")
    texts = [label.text() for label in rows[2].findChildren(QLabel)]
    assert any(text.startswith("Not equal") for text in texts)
    assert lab.person.find(QWidget, "law_plot_2").isVisibleTo(rows[2])


def test_the_laws_of_a_correlation_name_the_flipped_g(lab: SignalDriver) -> None:
    lab.toggle("signal_turn_switch")
    lab.show_tab("Laws")
    assert lab.lab.tabs.laws._rows[0].title.text() == "f ∗ g′ = g′ ∗ f"
    assert "g′ is g flipped" in lab.lab.tabs.laws._rows[0].why.text()


def test_swapped_signals_make_the_same(lab: SignalDriver) -> None:
    lab.choose_scene("Falling ball")
    before = lab.shown.result
    lab.press("signal_swap_button")
    lab.settle()
    assert (lab.state.f.values, lab.state.g.values) == (SECOND_BALL, FIRST_BALL)
    np.testing.assert_allclose(lab.shown.result, before, atol=1e-7)


# ---- D7: direct against FFT ----


def test_the_race_is_run_and_both_ways_agree(lab: SignalDriver) -> None:
    lab.show_tab("Fourier")
    lab.press("race_button")
    assert races()
    lab.person.qtbot.waitUntil(lambda: not lab.lab.racer.is_running, timeout=60_000)
    lab.until(lambda: "Both agree" in lab.text("race_caption"))
    measured = lab.lab.racer.measurements
    assert measured[-1].count == 131_072
    assert all(each.difference is None or each.difference < 1e-9 for each in measured)
    lab.until(lambda: races() == [])


class Pace:
    """Lets races measure one more length for each release."""

    def __init__(self) -> None:
        self.permits = threading.Semaphore(0)
        self.begun = 0

    def race(self) -> Iterator[Measurement]:
        for measurement in race():
            self.begun += 1
            # Limited: a window that closes waits for the length in hand.
            self.permits.acquire(timeout=10.0)
            yield measurement


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> Pace:
    pace = Pace()
    monkeypatch.setattr(racing, "race", pace.race)
    return pace


def test_a_cancelled_race_keeps_what_it_measured(lab: SignalDriver, pace: Pace) -> None:
    lab.show_tab("Fourier")
    lab.press("race_button")
    pace.permits.release(2)
    lab.until(lambda: pace.begun == 3)
    lab.press("race_button")
    pace.permits.release()
    lab.until(lambda: races() == [])
    assert len(lab.lab.racer.measurements) == 3, "the length in hand was the last"
    lab.until(lambda: lab.person.find(QPushButton, "race_button").text() == "Start")
    assert "Both agree" in lab.text("race_caption")
    lab.press("race_button")
    assert races(), "it can be run again"
    pace.permits.release(len(COUNTS))


def test_100_000_samples_work(lab: SignalDriver) -> None:
    lab.set_count(100_000)
    lab.set_decimal("f_position_spin", "50000")
    lab.set_decimal("f_width_spin", "40000")
    lab.set_decimal("g_position_spin", "30000")
    lab.set_decimal("g_width_spin", "20000")
    assert lab.shown.result.shape == (199_999,)
    assert lab.shown.timing.algorithm is Way.FOURIER
    assert lab.shown.result[80_000] == pytest.approx(20_000, rel=1e-5)
    lab.scrub(lab.view.result, 70_000, 80_000)
    assert lab.viewing.c == pytest.approx(80_000, abs=400)
    assert lab.shown.window.total == pytest.approx(20_000, rel=1e-3)


# ---- closing ----


@pytest.mark.display
def test_closing_while_playing_leaves_no_thread(lab: SignalDriver) -> None:
    lab.set_count(1000)
    lab.press("signal_play_button")
    lab.until(lambda: lab.viewing.c > 20)
    lab.window.close()
    assert not lab.lab.player.is_playing


def test_closing_while_the_race_runs_leaves_no_thread(lab: SignalDriver) -> None:
    lab.show_tab("Fourier")
    lab.press("race_button")
    lab.until(lambda: len(lab.lab.racer.measurements) >= 1)
    lab.window.close()
    assert races() == []
