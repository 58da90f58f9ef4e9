from __future__ import annotations

import doctest
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine import signals
from convlab.engine.conv1d import Signal, conv1d
from convlab.engine.kernels import gaussian as gaussian_kernel

MAKERS: dict[str, Callable[[int, float, float, float], Signal]] = {
    "box": signals.box,
    "triangle": signals.triangle,
    "gaussian": signals.gaussian,
    "decay": signals.decay,
    "spikes": signals.spikes,
    "sawtooth": signals.sawtooth,
    "track": signals.track,
    "edge": lambda count, step, position, width: signals.edge(count, step, position),
    "echo": signals.echo,
    "low_pass": signals.low_pass,
    "step_up": lambda count, step, position, width: signals.step_up(count, step, position),
    "sine": signals.sine,
    "chirp": signals.chirp,
    "sinc": signals.sinc,
    "noise": lambda count, step, position, width: signals.noise(count, step),
    "reverb": signals.reverb,
    "dice": lambda count, step, position, width: signals.dice(count),
}


def test_the_examples_by_hand() -> None:
    assert doctest.testmod(signals).failed == 0
    assert doctest.testmod(signals).attempted >= 8


@given(
    name=st.sampled_from(sorted(MAKERS)),
    count=st.integers(1, 60),
    step=st.floats(1e-3, 10),
    position=st.floats(-1e6, 1e6) | st.floats(-5, 70),
    width=st.floats(1e-6, 1e6),
)
def test_every_signal_is_finite_and_as_long_as_asked(
    name: str, count: int, step: float, position: float, width: float
) -> None:
    signal = MAKERS[name](count, step, position, width)
    assert signal.shape == (count,)
    assert signal.dtype == np.float64
    assert np.isfinite(signal).all()


@pytest.mark.parametrize(
    ("count", "step", "width", "message"),
    [
        (0, 1.0, 1.0, "a signal of 0 samples cannot be made: give at least 1"),
        (4, 0.0, 1.0, "step 0 cannot be used: give a number above 0"),
        (4, math.nan, 1.0, "step nan cannot be used"),
        (4, 1.0, -2.0, "width -2 cannot be used"),
        (4, 1.0, math.inf, "width inf cannot be used"),
    ],
)
def test_what_cannot_be_sampled_is_rejected(
    count: int, step: float, width: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        signals.box(count, step, 0.0, width)


# Areas and shapes.


@pytest.mark.parametrize("step", [1.0, 0.5, 0.1, 0.3])
def test_the_area_of_box_and_triangle_is_exact(step: float) -> None:
    """Also where the edges fall on samples whose times are rounded."""
    box = signals.box(200, step, 10 * step, 6 * step, 2.0)
    assert box.sum() * step == pytest.approx(12 * step)
    assert box[6:15].tolist() == [0, 1, 2, 2, 2, 2, 2, 1, 0]
    triangle = signals.triangle(200, step, 10 * step, 6 * step, 2.0)
    assert triangle.sum() * step == pytest.approx(6 * step)
    assert triangle.argmax() == 10


def test_the_bell_has_its_area_and_its_width() -> None:
    bell = signals.gaussian(400, 0.1, 20.0, 2.0, 3.0)
    assert bell[200] == 3
    assert bell[220] == pytest.approx(3 * math.exp(-0.5))
    assert bell.sum() * 0.1 == pytest.approx(3 * 2 * math.sqrt(2 * math.pi))
    kernel = gaussian_kernel((1, 21), 2.0)[0]
    np.testing.assert_allclose(
        signals.gaussian(21, 1.0, 10.0, 2.0) / signals.gaussian(21, 1.0, 10.0, 2.0).sum(),
        kernel,
        rtol=1e-6,
    )


def test_a_sawtooth_jumps_on_time_with_rounded_times() -> None:
    tooth = signals.sawtooth(31, 0.1, 0.3, 0.9, 9.0)
    assert tooth[:3].tolist() == [0, 0, 0]
    np.testing.assert_allclose(tooth[3:], np.arange(28) % 9, atol=1e-6)


def test_spikes_are_where_they_should_be_wherever_they_begin() -> None:
    assert np.flatnonzero(signals.spikes(20, 0.5, -2.0, 3.0)).tolist() == [2, 8, 14]
    assert signals.spikes(5, 1.0, 2.0, 1e-9, 4.0).tolist() == [0, 0, 4, 4, 4]
    assert not signals.spikes(5, 1.0, 5.0, 2.0).any()
    assert signals.spikes(4, 1.0, -1e9, 3.0).sum() in (1, 2)


def test_a_low_pass_has_a_sum_of_one_and_is_a_hann_window() -> None:
    window = signals.low_pass(16, 1.0, 3.0, 8.0)
    assert window.sum() == pytest.approx(1)
    half = [math.sin(math.pi * (k + 0.5) / 8) ** 2 / 4 for k in range(8)]
    np.testing.assert_allclose(window[3:11], half)
    assert not window[11:].any()
    assert signals.low_pass(4, 1.0, 2.0, 0.1).tolist() == [0, 0, 1, 0]
    assert signals.low_pass(6, 1.0, 4.0, 9.0).sum() == pytest.approx(1)
    assert not signals.low_pass(4, 1.0, 9.0, 2.0).any()


def test_a_smooth_drive() -> None:
    place = signals.track(91, 1.0, 0.0, 90.0, 400.0, noise=0.0)
    assert (place[0], place[-1]) == (0, 400)
    np.testing.assert_allclose(place[[30, 45, 60]], [100, 200, 300])
    speed = np.diff(place)
    assert (speed >= 0).all()
    assert np.abs(np.diff(speed)).max() < 0.3, "no jerk where the pieces meet"
    np.testing.assert_allclose(speed[31:59], 400 * 1.5 / 90)


def test_the_noise_of_a_track() -> None:
    clean = signals.track(4000, 1.0, 5.0, 3000.0, 200.0, noise=0.0)
    noisy = signals.track(4000, 1.0, 5.0, 3000.0, 200.0, seed=3)
    assert (noisy - clean).std() == pytest.approx(signals.TRACK_NOISE * 200, rel=0.1)
    np.testing.assert_array_equal(noisy, signals.track(4000, 1.0, 5.0, 3000.0, 200.0, seed=3))
    assert (noisy != signals.track(4000, 1.0, 5.0, 3000.0, 200.0, seed=4)).any()


# Scenes: what the signals give when they meet.


def test_box_with_box_is_a_triangle_with_its_peak_where_they_align() -> None:
    box = signals.box(17, 1.0, 8.0, 8.0)
    whole = conv1d(box, box)
    assert whole.argmax() == 16, "the middles meet at 8 + 8"
    assert whole[16] == pytest.approx(7.5)
    ones = [0, 1, 1, 1, 0]
    assert conv1d(ones, ones).tolist() == [0, 0, 1, 2, 3, 2, 1, 0, 0]
    fine = conv1d(signals.box(1000, 0.01, 2.0, 1.0), signals.box(1000, 0.01, 3.0, 1.0)) * 0.01
    np.testing.assert_allclose(fine, signals.triangle(1999, 0.01, 5.0, 2.0), atol=0.006)


def test_two_dice() -> None:
    whole = conv1d(signals.dice(7), signals.dice(7)) * 36
    np.testing.assert_allclose(whole, [0, 0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1], atol=1e-6)


def test_an_echo_gives_the_sound_and_its_delayed_scaled_copy() -> None:
    sound = np.random.default_rng(0).integers(-8, 8, 50).astype(float)
    out = conv1d(sound, signals.echo(30, 0.5, 0.0, 10.0, 0.25))
    expected = np.zeros(79)
    expected[:50] += sound
    expected[20:70] += 0.25 * sound
    np.testing.assert_array_equal(out, expected)


def test_doses_of_a_medicine_add_up() -> None:
    """With a gap of one half-life the highest amounts are 1, 1 1/2, 1 3/4 … and never 2."""
    doses, left = signals.spikes(40, 1.0, 0.0, 8.0), signals.decay(40, 1.0, 0.0, 8.0)
    amount = conv1d(doses, left)
    np.testing.assert_allclose(amount[[0, 8, 16, 24, 32]], [1, 1.5, 1.75, 1.875, 1.9375])
    np.testing.assert_allclose(amount[7], 2 ** (-7 / 8), rtol=1e-6)


def test_a_weighted_average_with_a_sum_of_one_calms_the_noise_and_lags() -> None:
    """Weights newest first; at constant speed the lag is the mean age of what is averaged."""
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    clean = signals.track(3000, 1.0, 0.0, 3000.0, 900.0, noise=0.0)
    smooth = conv1d(clean, weights)[1100:1900]
    speed, mean_age = 900 * 1.5 / 3000, 0.3 + 2 * 0.2 + 3 * 0.1
    np.testing.assert_allclose(clean[1100:1900] - smooth, speed * mean_age, rtol=1e-3)
    noise = np.random.default_rng(0).standard_normal(20_000)
    calmer = conv1d(noise, weights, "valid").std() / noise.std()
    assert calmer == pytest.approx(math.sqrt((weights**2).sum()), rel=0.03)


def test_spikes_with_a_box_are_boxes() -> None:
    box = [1.0, 1.0]
    assert conv1d(signals.spikes(7, 1.0, 1.0, 3.0), box).tolist() == [0, 1, 1, 0, 1, 1, 0, 0]


def test_an_edge_takes_differences() -> None:
    steps = [0, 0, 5, 5, 5, 1, 1]
    assert conv1d(steps, [1, -1]).tolist() == [0, 0, 5, 0, 0, -4, 0, -1]
    np.testing.assert_array_equal(conv1d(steps, signals.edge(2, 1.0, 0.0)), conv1d(steps, [1, -1]))


def test_a_low_pass_keeps_the_slow_and_takes_the_fast_away() -> None:
    n = np.arange(400)
    window = signals.low_pass(32, 1.0, 0.0, 32.0)
    slow, fast = np.sin(2 * np.pi * n / 400), np.sin(2 * np.pi * n / 4)
    assert np.abs(conv1d(slow, window, "valid")).max() > 0.98
    assert np.abs(conv1d(fast, window, "valid")).max() < 0.01
