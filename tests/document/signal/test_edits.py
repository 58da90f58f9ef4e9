from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from convlab.document.asset import Asset
from convlab.document.signal import edits
from convlab.document.signal.model import (
    LONGEST_DRAWING,
    MOST_COUNT,
    Held,
    SignalKind,
    SignalSpec,
    SignalState,
)
from convlab.document.signal.samples import samples
from convlab.document.signal.scenes import SCENES
from convlab.engine.conv1d import Mode

STATE = SignalState(count=32, step=0.5, scene="Edge")
BOX = SignalSpec(SignalKind.BOX, 2.0, 1.5)


@pytest.mark.parametrize("count", [2, 7, 32, 1000])
@pytest.mark.parametrize(
    "kind", [kind for kind in SignalKind if kind not in ("box", "drawing", "sound")]
)
def test_another_shape_is_to_be_seen_at_any_count(kind: SignalKind, count: int) -> None:
    state = edits.set_kind(SignalState(count=count, step=0.1), "f", kind)
    assert state.f.kind is kind
    made = samples(state.f, count, 0.1, lambda _path: Held(np.zeros(0)))
    assert np.isfinite(made).all()
    assert made.any()


def test_another_shape_is_as_large_as_suits_the_count() -> None:
    changed = edits.set_kind(STATE, "g", "triangle")
    assert changed.g == SignalSpec(SignalKind.TRIANGLE, 4.0, 4.0)
    assert changed.f == STATE.f
    assert changed.scene == ""


def test_a_drawing_begins_as_what_was_there() -> None:
    state = SignalState(f=BOX, count=6, step=0.5)
    assert edits.set_kind(state, "f", "drawing").f.values == (0, 0, 0, 1, 1, 1)


def test_handles_stop_at_the_ends() -> None:
    assert edits.set_position(STATE, "f", 3.25).f.position == 3.25
    assert edits.set_position(STATE, "f", -4.0).f.position == 0.0
    assert edits.set_position(STATE, "f", 1e9).f.position == 15.5
    assert edits.set_width(STATE, "g", 0.0).g.width == 0.5
    assert edits.set_width(STATE, "g", 1e9).g.width == 16.0
    assert edits.set_height(STATE, "g", -3.5).g.height == -3.5
    assert edits.set_height(STATE, "g", 1e9).g.height == 1e6


def test_a_line_is_drawn_between_two_places_of_the_mouse() -> None:
    state = SignalState(f=SignalSpec(SignalKind.DRAWING, values=(9.0,) * 6), count=6)
    assert edits.draw_line(state, "f", 1, 0.0, 4, 6.0).f.values == (9, 0, 2, 4, 6, 9)
    assert edits.draw_line(state, "f", 4, 6.0, 1, 0.0).f.values == (9, 0, 2, 4, 6, 9)
    assert edits.draw_line(state, "f", -5, 1.0, 1, 3.0).f.values == (1, 3, 9, 9, 9, 9)
    assert edits.draw_line(state, "f", 2, 1.0, 2, 3.0).f.values == (9, 9, 3, 9, 9, 9)


def test_drawing_upon_a_shape_makes_it_a_drawing_as_it_was_shown() -> None:
    spec = replace(BOX, is_normalised=True, seed=7)
    drawn = edits.draw(SignalState(f=spec, count=8, step=0.5), "f", 0, 5.0).f
    np.testing.assert_allclose(drawn.values, [5, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0])
    assert (drawn.kind, drawn.is_normalised, drawn.seed) == (SignalKind.DRAWING, False, 7)


def test_drawing_upon_a_sound_goes_on_from_what_is_shown() -> None:
    state = SignalState(f=SignalSpec(SignalKind.SOUND, path="a.wav"), count=3)
    shown = np.array([1.0, 2.0, 3.0])
    assert edits.draw(state, "f", 1, 7.0, shown).f.values == (1, 7, 3)
    assert shown.tolist() == [1, 2, 3]


def test_a_sound_becomes_a_drawing_of_its_samples() -> None:
    state = SignalState(f=SignalSpec(SignalKind.SOUND, path="a.wav"), count=3)
    drawn = edits.set_kind(state, "f", "drawing", np.array([1.0, 2.0, 3.0])).f
    assert (drawn.kind, drawn.values, drawn.path) == (SignalKind.DRAWING, (1, 2, 3), "")
    refusal = r"^The file is not read yet: wait .*\.$"
    with pytest.raises(ValueError, match=refusal):
        edits.set_kind(state, "f", "drawing")
    with pytest.raises(ValueError, match=refusal):
        edits.draw(state, "f", 1, 7.0)


def test_all_of_a_file_is_taken_or_as_much_as_can_be() -> None:
    state = SignalState(count=32, step=0.5)
    taken = edits.fit_file(state, 4000, 8000)
    assert (taken.count, taken.step) == (4000, 1 / 8000)
    table = edits.fit_file(state, 100, 0)
    assert (table.count, table.step) == (100, 0.5)
    assert edits.fit_file(state, 10, 0) is state, "fewer are there anyway"
    assert edits.fit_file(state, 9_999_999, 0).count == MOST_COUNT


def test_values_of_a_table_are_all_taken() -> None:
    changed = edits.set_values(SignalState(count=2), "g", [1, 2.5, -3])
    assert changed.g.values == (1.0, 2.5, -3.0)
    assert changed.count == 3
    assert edits.set_values(SignalState(), "g", [1]).count == 32


def test_a_file_is_a_sound_or_a_table() -> None:
    sound = Held(np.ones(3), Asset.of(b"sound"), 3, 8000)
    assert edits.set_file(STATE, "f", "/a.wav", sound).f == SignalSpec(
        SignalKind.SOUND, 0.0, path="/a.wav", held=sound
    )
    table = Held(np.ones(3), Asset.of(b"table"), 3)
    assert edits.set_file(STATE, "f", "/a.csv", table).f.kind is SignalKind.DRAWING


def test_each_of_the_rest_changes_its_own_field() -> None:
    assert edits.set_normalised(STATE, "f", True).f.is_normalised
    assert edits.set_seed(STATE, "f", 5).f.seed == 5
    assert edits.set_count(STATE, MOST_COUNT).count == MOST_COUNT
    assert edits.set_step(STATE, 0.25).step == 0.25
    assert edits.set_continuous(STATE, True).is_continuous
    assert edits.set_mode(STATE, "valid").mode is Mode.VALID
    assert not edits.set_flipped(STATE, False).is_flipped
    swapped = edits.swap(STATE)
    assert (swapped.f, swapped.g) == (STATE.g, STATE.f)


def test_an_edit_that_changes_nothing_gives_the_same_state_and_keeps_the_scene() -> None:
    for same in (
        edits.set_kind(STATE, "f", "box"),
        edits.set_position(STATE, "f", 8.0),
        edits.set_mode(STATE, "full"),
        edits.set_step(STATE, 0.5),
    ):
        assert same is STATE


def test_a_scene_is_loaded_by_its_name() -> None:
    assert edits.load_scene("Two dice") == SCENES["Two dice"].state
    assert edits.load_scene("Two dice").scene == "Two dice"


REFUSED: list[tuple[Callable[[], SignalState], str]] = [
    (lambda: edits.set_position(STATE, "h", 1.0), "no signal 'h'"),
    (lambda: edits.set_values(STATE, "h", [1.0]), "no signal 'h'"),
    (lambda: edits.set_kind(STATE, "f", "circle"), "'circle' is unknown"),
    (lambda: edits.set_position(STATE, "f", float("nan")), "position nan is not"),
    (lambda: edits.set_width(STATE, "f", float("inf")), "width inf is not"),
    (lambda: edits.set_height(STATE, "f", -float("inf")), "height −inf is not"),
    (lambda: edits.set_seed(STATE, "f", -1), "seed −1 is out"),
    (lambda: edits.draw(STATE, "f", 0, float("nan")), "value nan is not"),
    (lambda: edits.set_values(STATE, "f", []), "no values"),
    (lambda: edits.set_values(STATE, "f", [1.0, float("nan")]), "Value 1 is nan"),
    (lambda: edits.set_values(STATE, "f", [-2e6]), r"Value 0 is −2e\+06"),
    (lambda: edits.set_values(STATE, "f", [0.0] * (LONGEST_DRAWING + 1)), "holds 4096 values"),
    (lambda: edits.draw(edits.set_count(STATE, 5000), "f", 0, 1.0), "here are 5000"),
    (lambda: edits.set_kind(edits.set_count(STATE, 5000), "f", "drawing"), "here are 5000"),
    (lambda: edits.set_file(STATE, "f", "", None), "no file"),
    (lambda: edits.set_count(STATE, 1), "1 samples are out"),
    (lambda: edits.set_count(STATE, MOST_COUNT + 1), "from 2 to 200000"),
    (lambda: edits.set_step(STATE, 0.0), "step of 0 is"),
    (lambda: edits.set_step(STATE, float("nan")), "step of nan is"),
    (lambda: edits.set_mode(STATE, "half"), "'half' is unknown"),
    (lambda: edits.load_scene("Rain"), "no scene 'Rain'"),
]


@pytest.mark.parametrize(("edit", "words"), REFUSED)
def test_what_cannot_be_is_rejected_in_one_message(
    edit: Callable[[], SignalState], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        edit()
