from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from convlab.document.asset import Asset
from convlab.document.frame import Frame
from convlab.document.signal import evaluate as stages
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.signal.job import SignalJob, SignalShown
from convlab.document.signal.model import (
    Held,
    SignalKind,
    SignalSpec,
    SignalState,
    SignalTab,
    SignalViewing,
)
from convlab.document.signal.pair_neuron import Activation, NeuronLayer, PairNeuron
from convlab.document.signal.table import Table
from convlab.document.signal.tabs import BallMaps, BandMatrix, Copies, Laws
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode, Way
from tests.document.signal.slow import convolved, correlated
from tests.slow import noise

FRAME = Frame(np.zeros((4, 6), np.uint8), 0, 0.0)
STAGES = ("samples", "conv1d", "look_at", "copies_of", "matrix_of", "laws_of", "kept_part")


def drawn(values: AnyArray) -> SignalSpec:
    return SignalSpec(SignalKind.DRAWING, 0.0, values=tuple(values.tolist()))


STATE = SignalState(drawn(noise(20, seed=1)), drawn(noise(9, seed=2)), count=20, step=0.5)
Run = Callable[..., SignalShown]


@pytest.fixture
def run() -> Run:
    evaluator = SignalEvaluator(lambda _path: Held(np.ones(3)))

    def answer(state: SignalState = STATE, **looked_at: Any) -> SignalShown:
        return evaluator.run(SignalJob(1, FRAME, state, SignalViewing(**looked_at)))

    return answer


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which stages are really computed."""
    made: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        stage = getattr(stages, name)

        def call(*arguments: Any) -> Any:
            made.append(name)
            return stage(*arguments)

        return call

    for name in STAGES:
        monkeypatch.setattr(stages, name, counted(name))
    return made


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("is_continuous", [True, False])
def test_the_result_is_the_slow_sum(run: Run, is_flipped: bool, is_continuous: bool) -> None:
    shown = run(replace(STATE, is_flipped=is_flipped, is_continuous=is_continuous))
    f, g = shown.f.tolist(), shown.g.tolist()
    expected = np.array(convolved(f, g) if is_flipped else correlated(f, g))
    expected *= 0.5 if is_continuous else 1.0
    np.testing.assert_allclose(shown.result, expected, atol=1e-5)
    assert shown.times.tolist() == [n / 2 for n in range(20)]
    assert shown.result_times[0] == (0.0 if is_flipped else -9.5)
    assert shown.result_times[-1] == (19.0 if is_flipped else 9.5)


def test_the_total_of_the_window_is_the_result_there(run: Run) -> None:
    for n in range(39):
        shown = run(c=n)
        assert shown.window.total == pytest.approx(shown.result[n], abs=1e-5)


def test_a_mode_keeps_its_part(run: Run) -> None:
    kept = [run(replace(STATE, mode=mode)).kept for mode in Mode]
    assert kept == [slice(0, 39), slice(4, 24), slice(8, 20)]


def test_all_arrays_are_read_only(run: Run) -> None:
    shown = run()
    for array in (shown.f, shown.g, shown.times, shown.result, shown.result_times):
        assert not array.flags.writeable


def test_where_nothing_meets_the_result_is_zero_and_not_rounding(run: Run) -> None:
    f = np.zeros(3000)
    f[100:2000] = noise(1900)
    shown = run(SignalState(drawn(f), drawn(f), count=3000))
    assert shown.timing.algorithm is Way.FOURIER
    assert not shown.result[:200].any()
    assert not shown.result[3999:].any()


def test_signals_of_zeros_have_a_result_of_zeros(run: Run) -> None:
    shown = run(SignalState(SignalSpec(SignalKind.SOUND), SignalSpec(SignalKind.SOUND)))
    assert shown.result.tolist() == [0] * 63


def test_a_move_convolves_nothing_again(run: Run, calls: list[str]) -> None:
    run(tab=SignalTab.COPIES)
    assert sorted(calls) == sorted(
        ["samples", "samples", "conv1d", "conv1d", "look_at", "kept_part", "copies_of"]
    )
    calls.clear()
    run(tab=SignalTab.COPIES, c=5)
    assert calls == ["look_at"]
    calls.clear()
    run(tab=SignalTab.COPIES, c=5, speed=60.0, is_playing=True)
    assert calls == []


def test_an_edit_makes_only_that_signal_again(run: Run, calls: list[str]) -> None:
    run()
    calls.clear()
    run(replace(STATE, g=SignalSpec()))
    assert calls.count("samples") == 1
    assert calls.count("conv1d") == 2  # the correlation as well


def test_another_mode_convolves_nothing_again(run: Run, calls: list[str]) -> None:
    run()
    calls.clear()
    run(replace(STATE, mode=Mode.SAME))
    assert calls == ["kept_part"]


def test_turning_stepping_and_counting_change_what_was_kept(run: Run) -> None:
    run()
    correlated_run = run(replace(STATE, is_flipped=False))
    f, g = correlated_run.f.tolist(), correlated_run.g.tolist()
    np.testing.assert_allclose(correlated_run.result, correlated(f, g), atol=1e-5)
    assert correlated_run.result_times[0] == -9.5
    assert run(replace(STATE, step=0.25)).result_times[-1] == 9.5
    assert len(run(replace(STATE, count=12)).result) == 23


def test_a_normalised_curve_is_another_than_normalised_stems(run: Run) -> None:
    state = replace(STATE, f=SignalSpec(position=4.0, is_normalised=True))
    assert run(state).f.sum() == pytest.approx(1.0)
    assert run(replace(state, is_continuous=True)).f.sum() == pytest.approx(2.0)
    assert run(state).f.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("tab", "kind"),
    [
        (SignalTab.TABLE, Table),
        (SignalTab.COPIES, Copies),
        (SignalTab.MATRIX, BandMatrix),
        (SignalTab.NEURON, NeuronLayer),
        (SignalTab.LAWS, Laws),
        (SignalTab.RACE, type(None)),
        (SignalTab.BALL, BallMaps),
    ],
)
def test_each_view_gets_its_own(run: Run, tab: SignalTab, kind: type) -> None:
    assert type(run(tab=tab).tab_data) is kind


def test_views_follow_the_neuron_and_what_is_looked_at(run: Run) -> None:
    neuron = PairNeuron(2.0, 0.0, 0.0, Activation.IDENTITY)
    layer = run(replace(STATE, neuron=neuron), tab=SignalTab.NEURON).tab_data
    assert isinstance(layer, NeuronLayer)
    np.testing.assert_allclose(layer.y, 2 * layer.x[:-1])
    maps = run(tab=SignalTab.BALL, ball_cell=(2, 3)).tab_data
    assert isinstance(maps, BallMaps)
    assert maps.cell == (2, 3)


def test_a_file_comes_with_the_document_and_another_one_is_seen() -> None:
    evaluator = SignalEvaluator(lambda _path: None)
    for level in (1.0, 2.0):
        held = Held(np.full(4, level), Asset.of(bytes([int(level)])), 4, 8000)
        state = SignalState(SignalSpec(SignalKind.SOUND, path="a.wav", held=held), count=9)
        shown = evaluator.run(SignalJob(1, FRAME, state, SignalViewing()))
        assert shown.files == {"f": held}
        assert shown.f.tolist() == [level] * 4 + [0.0] * 5
    drawn_upon = SignalState(replace(state.f, values=(1.0, 2.0)), count=9)
    assert not evaluator.run(SignalJob(2, FRAME, drawn_upon, SignalViewing())).files


def test_a_file_that_nobody_has_read_is_silent_and_locks_nothing() -> None:
    evaluator = SignalEvaluator(lambda _path: None)
    unread = replace(STATE, f=SignalSpec(SignalKind.SOUND, path="a.wav"))
    shown = evaluator.run(SignalJob(1, FRAME, unread, SignalViewing()))
    assert not shown.f.any()
    assert not shown.files
    assert shown.g.any(), "the other signal goes on"


def test_values_that_overflow_are_rejected() -> None:
    evaluator = SignalEvaluator(lambda _path: Held(np.full(3, 1e30)))
    spec = SignalSpec(SignalKind.SOUND, path="a.wav")
    with pytest.raises(ValueError, match="overflows to inf or NaN"):
        evaluator.run(SignalJob(1, FRAME, SignalState(spec, spec), SignalViewing()))


def test_100_000_samples_are_painted_as_bands() -> None:
    long = noise(100_000)
    evaluator = SignalEvaluator(lambda _path: Held(long))
    spec = SignalSpec(SignalKind.SOUND, path="a.wav")
    state = SignalState(spec, SignalSpec(SignalKind.DECAY, 0.0, 9.0), count=100_000)
    shown = evaluator.run(SignalJob(1, FRAME, state, SignalViewing(50_000)))
    for curve in (shown.curves.f, shown.curves.result, shown.window.product_curve):
        assert curve.values.shape == (2, len(curve.times))
        assert curve.values.size <= 4000
    assert shown.timing.algorithm is Way.FOURIER


def test_a_job_says_how_much_enters() -> None:
    job = SignalJob(1, FRAME, STATE, SignalViewing())
    assert job.input_size == (2, 20)
    assert SignalShown.is_complete


def test_a_part_takes_no_longer_than_its_whole(run: Run) -> None:
    long = drawn(noise(4096, seed=3))
    first = run(SignalState(long, long, count=4096, step=0.5)).timing
    moved = run(SignalState(long, long, count=4096, step=0.5), c=7).timing
    assert 0 < first.convolution <= first.total
    assert moved == first, "nothing was convolved again"
