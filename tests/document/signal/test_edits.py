from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from convlab.document.asset import Asset
from convlab.document.document import Document
from convlab.document.parts import with_parameter
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
from convlab.document.signal.scenes import SCENES, is_changed
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode

STATE = SignalState(count=32, step=0.5, scene="Edge")
BOX = SignalSpec(SignalKind.BOX, 2.0, 1.5)


def chosen(name: str, value: object) -> SignalState:
    """Return the state with a parameter chosen, such as "f.position"."""
    *which, field = name.split(".")
    path = ".".join(["signal", *which])
    return with_parameter(Document(signal=STATE), path, field, value).signal


def dotted(
    state: SignalState, index: int, value: float, present: AnyArray | None = None
) -> SignalState:
    """Return the state with one sample of f drawn."""
    return edits.draw_line(state, "f", (index, value), (index, value), present)


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


def test_a_drawing_begins_as_what_was_there() -> None:
    state = SignalState(f=BOX, count=6, step=0.5)
    assert edits.set_kind(state, "f", "drawing").f.values == (0, 0, 0, 1, 1, 1)


def test_handles_stop_at_the_ends() -> None:
    assert edits.within(STATE, "position", 3.25) == 3.25
    assert edits.within(STATE, "position", -4.0) == 0.0
    assert edits.within(STATE, "position", 1e9) == 15.5
    assert edits.within(STATE, "width", 0.0) == 0.5
    assert edits.within(STATE, "width", 1e9) == 16.0
    assert edits.within(STATE, "height", -3.5) == -3.5
    assert edits.within(STATE, "height", 1e9) == 1e6


def test_a_line_is_drawn_between_two_places_of_the_mouse() -> None:
    state = SignalState(f=SignalSpec(SignalKind.DRAWING, values=(9.0,) * 6), count=6)
    assert edits.draw_line(state, "f", (1, 0.0), (4, 6.0)).f.values == (9, 0, 2, 4, 6, 9)
    assert edits.draw_line(state, "f", (4, 6.0), (1, 0.0)).f.values == (9, 0, 2, 4, 6, 9)
    assert edits.draw_line(state, "f", (-5, 1.0), (1, 3.0)).f.values == (1, 3, 9, 9, 9, 9)
    assert edits.draw_line(state, "f", (2, 1.0), (2, 3.0)).f.values == (9, 9, 3, 9, 9, 9)


def test_drawing_upon_a_shape_makes_it_a_drawing_as_it_was_shown() -> None:
    spec = replace(BOX, is_normalised=True, seed=7)
    drawn = dotted(SignalState(f=spec, count=8, step=0.5), 0, 5.0).f
    np.testing.assert_allclose(drawn.values, [5, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0])
    assert (drawn.kind, drawn.is_normalised, drawn.seed) == (SignalKind.DRAWING, False, 7)


def test_drawing_upon_a_sound_goes_on_from_what_is_shown() -> None:
    state = SignalState(f=SignalSpec(SignalKind.SOUND, path="a.wav"), count=3)
    shown = np.array([1.0, 2.0, 3.0])
    assert dotted(state, 1, 7.0, shown).f.values == (1, 7, 3)
    assert shown.tolist() == [1, 2, 3]


def test_a_sound_becomes_a_drawing_of_its_samples() -> None:
    state = SignalState(f=SignalSpec(SignalKind.SOUND, path="a.wav"), count=3)
    drawn = edits.set_kind(state, "f", "drawing", np.array([1.0, 2.0, 3.0])).f
    assert (drawn.kind, drawn.values, drawn.path) == (SignalKind.DRAWING, (1, 2, 3), "")
    rejection = r"^The file is not read yet: wait .*\.$"
    with pytest.raises(ValueError, match=rejection):
        edits.set_kind(state, "f", "drawing")
    with pytest.raises(ValueError, match=rejection):
        dotted(state, 1, 7.0)


def test_all_of_a_file_is_taken_or_as_much_as_can_be() -> None:
    state = SignalState(count=32, step=0.5)
    taken = edits.fit_file(state, 4000, 8000)
    assert (taken.count, taken.step) == (4000, 1 / 8000)
    table = edits.fit_file(state, 100, 0)
    assert (table.count, table.step) == (100, 0.5)
    assert edits.fit_file(state, 10, 0) is state, "fewer are there anyway"
    assert edits.fit_file(state, 9_999_999, 0).count == MOST_COUNT


def test_a_file_in_a_story_is_whole_and_leaves_it_but_for_another_sound() -> None:
    """A ball is not told of by a sound; an echo is, whatever is called."""
    tone = Held(np.ones(300), length=300, rate=8000)
    ball = edits.set_file(edits.load_scene("Falling ball"), "f", "tone.flac", tone)
    assert (ball.scene, ball.count, ball.step) == ("", 300, 1 / 8000)
    numbers = Held(np.ones(40), length=40)
    assert edits.set_file(edits.load_scene("Falling ball"), "g", "t.csv", numbers).count == 40
    echo = edits.load_scene("Echo")
    called = edits.set_file(echo, "f", "tone.flac", tone)
    assert (called.scene, called.count, called.step) == ("Echo", echo.count, echo.step)
    assert is_changed(called)
    own = edits.set_file(replace(ball, count=8), "f", "other.flac", tone)
    assert own.count == 8, "of one's own signals no more is taken than was asked for"


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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("f.is_normalised", True),
        ("g.seed", 5),
        ("count", MOST_COUNT),
        ("step", 0.25),
        ("is_continuous", True),
        ("mode", Mode.VALID),
        ("is_flipped", False),
    ],
)
def test_each_parameter_changes_its_own_field_and_the_story_goes_on(
    name: str, value: object
) -> None:
    changed = chosen(name, value)
    *which, field = name.split(".")
    record = getattr(changed, which[0]) if which else changed
    assert getattr(record, field) == value
    assert changed.scene == "Edge"
    assert is_changed(changed)
    assert not is_changed(edits.load_scene("Edge", changed))
    assert edits.leave_scene(changed) == replace(changed, scene="")


def test_the_neuron_is_no_part_of_a_scene() -> None:
    changed = chosen("neuron.first", 2.5)
    assert (changed.neuron.first, changed.scene) == (2.5, "Edge")
    scene = edits.load_scene("Edge")
    assert not is_changed(replace(scene, neuron=changed.neuron))
    assert edits.load_scene("Two dice", changed).neuron == changed.neuron


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (".1 .2\t.4", [0.1, 0.2, 0.4]),
        ("0,1 0,2", [0.1, 0.2]),
        ("0,1; 0,2", [0.1, 0.2]),
        ("1,2,3", [1, 2, 3]),
        ("1, 2, −3", [1, 2, -3]),
        ("1/6", [1 / 6]),
    ],
)
def test_values_are_typed_as_people_write_them(text: str, values: list[float]) -> None:
    assert edits.typed_values(text) == values


@pytest.mark.parametrize("text", ["", "  ", "1 two 3", "1e39", "nan"])
def test_what_is_no_value_is_rejected(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"(no values|not a number|too large|cannot be).*: type numbers, such as"
    ):
        edits.typed_values(text)


def test_signals_change_places() -> None:
    swapped = edits.swap(STATE)
    assert (swapped.f, swapped.g) == (STATE.g, STATE.f)


def test_an_edit_that_changes_nothing_gives_the_same_state_and_keeps_the_scene() -> None:
    for same in (
        edits.set_kind(STATE, "f", "box"),
        chosen("f.position", 8.0),
        chosen("mode", "full"),
        chosen("step", 0.5),
    ):
        assert same is STATE


def test_a_scene_is_loaded_by_its_name() -> None:
    assert edits.load_scene("Two dice") == SCENES["Two dice"].state
    assert edits.load_scene("Two dice").scene == "Two dice"


REJECTED: list[tuple[Callable[[], SignalState], str]] = [
    (lambda: chosen("h.position", 1.0), "no part 'h': choose one of f, g"),
    (lambda: chosen("f.colour", 1.0), "no parameter 'colour': choose one of kind, position"),
    (lambda: edits.set_values(STATE, "h", [1.0]), "no signal 'h'"),
    (lambda: edits.set_kind(STATE, "f", "circle"), "'circle' is unknown"),
    (lambda: chosen("f.position", float("nan")), "position nan does not fit"),
    (lambda: chosen("f.width", float("inf")), "width inf does not fit"),
    (lambda: chosen("f.height", -float("inf")), "height -inf does not fit"),
    (lambda: chosen("f.seed", -1), "seed"),
    (lambda: dotted(STATE, 0, float("nan")), "value nan is not"),
    (lambda: edits.set_values(STATE, "f", []), "no values"),
    (lambda: edits.set_values(STATE, "f", [1.0, float("nan")]), "Value 1 is nan"),
    (lambda: edits.set_values(STATE, "f", [-2e6]), r"Value 0 is −2e\+06"),
    (lambda: edits.set_values(STATE, "f", [0.0] * (LONGEST_DRAWING + 1)), "holds 4096 values"),
    (lambda: dotted(chosen("count", 5000), 0, 1.0), "here are 5000"),
    (lambda: edits.set_kind(chosen("count", 5000), "f", "drawing"), "here are 5000"),
    (lambda: edits.set_file(STATE, "f", "", None), "no file"),
    (lambda: chosen("count", 1), "samples"),
    (lambda: chosen("count", MOST_COUNT + 1), "give 2 to 200000"),
    (lambda: chosen("step", 0.0), "step 0 does not fit"),
    (lambda: chosen("step", float("nan")), "step nan does not fit"),
    (lambda: chosen("mode", "half"), "'half' is unknown: choose one of full"),
    (lambda: edits.load_scene("Rain"), "no scene 'Rain'"),
]


@pytest.mark.parametrize(("edit", "words"), REJECTED)
def test_what_cannot_be_is_rejected_in_one_message(
    edit: Callable[[], SignalState], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        edit()
