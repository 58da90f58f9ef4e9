from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.signal.estimate import estimate_of
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.document.signal.samples import samples
from convlab.engine.conv1d import Signal, conv1d

TRACK = SignalSpec(SignalKind.TRACK, 0.0, 300.0, 100.0, seed=3)
STATE = SignalState(TRACK, SignalSpec(SignalKind.DECAY, 0.0, 4.0, is_normalised=True), count=300)


def nothing(path: str) -> None:
    raise AssertionError(path)


def made(state: SignalState, g: Signal) -> tuple[Signal, Signal]:
    f = samples(state.f, state.count, state.step, nothing)
    return f, np.asarray(conv1d(f, g), np.float64)


def test_the_mean_of_three_is_one_sample_late_and_trembles_less() -> None:
    """A ramp averaged over the last three values is what it was one sample before."""
    g = np.zeros(300)
    g[:3] = 1 / 3
    f, result = made(STATE, g)
    found = estimate_of(f, g, np.asarray(result, np.float32), STATE)
    assert found is not None
    assert found.lag == pytest.approx(1.0)
    assert found.measured == pytest.approx(5.0, rel=0.1)  # 5 % of 100 m
    assert found.noise == pytest.approx(found.measured / np.sqrt(3), rel=0.1)
    assert found.truth[-1] == pytest.approx(100.0, rel=1e-3)
    steady = slice(120, 180)  # where it drives at one speed, 0.5 m a sample
    late = found.truth[steady] - conv1d(found.truth, g)[:300][steady]
    np.testing.assert_allclose(late, 0.5, rtol=1e-3)


def test_a_longer_memory_turns_noise_into_lag_and_error_has_a_least() -> None:
    errors = []
    for half_life in (0.3, 2.0, 60.0):
        state = replace(STATE, g=replace(STATE.g, width=half_life))
        g = samples(state.g, 300, 1.0, nothing)
        f, result = made(state, g)
        found = estimate_of(f, g, np.asarray(result, np.float32), state)
        assert found is not None
        errors.append((found.lag, found.noise, found.error))
    lags, noises, totals = zip(*errors, strict=True)
    assert lags[0] < lags[1] < lags[2]
    assert noises[0] > noises[1] > noises[2]
    assert totals[1] < totals[0]
    assert totals[1] < totals[2]


@pytest.mark.parametrize(
    "state",
    [
        replace(STATE, f=SignalSpec()),
        replace(STATE, is_flipped=False),
        replace(STATE, f=replace(TRACK, is_normalised=True)),
        replace(STATE, count=20_001),
    ],
)
def test_only_a_track_that_is_averaged_has_a_truth(state: SignalState) -> None:
    assert estimate_of(np.ones(4), np.ones(4), np.ones(7, np.float32), state) is None
