from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

import convlab
from convlab.engine.conv1d import (
    Mode,
    Way,
    conv1d,
    convolve_channels,
    convolve_direct,
    convolve_fourier,
    quicker_way,
)
from tests.slow import noise

# Numbers worked out by hand.


@pytest.mark.parametrize(
    ("f", "g", "mode", "expected"),
    [
        ([1, 2, 3], [1, 1], "full", [1, 3, 5, 3]),
        ([1, 2, 3], [1, 1], "same", [1, 3, 5]),
        ([1, 2, 3], [1, 1], "valid", [3, 5]),
        ([1, 1], [1, 2, 3], "valid", [3, 5]),
        ([1, 1], [1, 2, 3], "same", [3, 5]),
        ([0, 0, 1, 0, 0], [1, 2, 3], "same", [0, 1, 2, 3, 0]),
        ([5], [7], "valid", [35]),
    ],
)
def test_by_hand(f: list[int], g: list[int], mode: str, expected: list[int]) -> None:
    out = conv1d(f, g, mode)
    assert out.tolist() == expected
    assert out.dtype == np.float32


def test_it_turns_g_round() -> None:
    assert convlab.conv1d([0, 1, 0], [1, 2, 3], "same").tolist() == [1, 2, 3]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, bool, np.float16])
def test_whole_numbers_keep_their_values(dtype: Any) -> None:
    assert conv1d(np.ones(3, dtype), np.ones(2, dtype)).tolist() == [1, 2, 2, 1]


# Oracles.


@settings(max_examples=200, deadline=None)
@given(
    lengths=st.tuples(*[st.integers(1, 40) | st.integers(300, 900)] * 2),
    mode=st.sampled_from(["full", "same", "valid"]),
    seed=st.integers(0, 1000),
)
def test_agrees_with_scipy(lengths: tuple[int, int], mode: str, seed: int) -> None:
    f, g = noise(lengths[0], seed=seed), noise(lengths[1], seed=seed + 1)
    out = conv1d(f, g, mode)
    expected = scipy.signal.convolve(f.astype(float), g.astype(float), mode, method="direct")
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, rtol=1e-7, atol=1e-12)
    if mode != "same":
        np.testing.assert_array_equal(out, conv1d(g, f, mode))


def test_short_signals_of_whole_numbers_are_exact() -> None:
    f = np.random.default_rng(0).integers(-9, 9, 2000)
    g = np.array([1, -2, 1])
    np.testing.assert_array_equal(conv1d(f, g), np.convolve(f, g))
    assert conv1d([1e300], [1e300]).tolist() == [np.inf]


def test_long_signals_are_right_wherever_one_looks() -> None:
    f, g = noise(100_000), noise(10_000, seed=1)
    out = conv1d(f, g)
    places = np.array([0, 9_999, 50_000, 100_000, 109_998])
    for place in places:
        first, last = max(place - 9_999, 0), min(place, 99_999)
        exact = f[first : last + 1].astype(float) @ g[place - last : place - first + 1][::-1]
        assert out[place] == pytest.approx(exact, rel=1e-6, abs=1e-9)


def test_nan_and_infinity_stay_where_they_are() -> None:
    f, g = noise(20_000), noise(900, seed=1)
    f[5_000], f[15_000] = np.nan, np.inf
    out = conv1d(f, g)
    assert np.flatnonzero(np.isnan(out)).tolist() == list(range(5_000, 5_900))
    assert np.isinf(out[15_000:15_900]).all()
    assert np.isfinite(out[15_900:]).all()


@pytest.mark.parametrize(
    "lengths",
    [(5, 5), (700, 3), (1025, 1024), (3000, 2999), (20_000, 20_000), (70_000, 600), (600, 70_000)],
)
def test_both_ways_give_the_same(lengths: tuple[int, int]) -> None:
    """Also where the planner would not take them, in one tile, that is just filled, and in more."""
    f, g = (noise(length, seed=length).astype(float) for length in lengths)
    expected = np.convolve(f, g)
    np.testing.assert_allclose(convolve_fourier(f, g), expected, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(convolve_direct(f, g), expected)


# Channels.


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("sizes", [(40, 7), (7, 40), (9000, 2000), (2000, 9000)])
@pytest.mark.parametrize("is_alone", [False, True])
def test_each_channel_is_convolved_by_itself(
    sizes: tuple[int, int], mode: str, is_alone: bool
) -> None:
    x, g = noise(2, sizes[0]), noise(2, sizes[1], seed=1)
    out = convolve_channels(x, g[0] if is_alone else g, mode)
    assert out.dtype == np.float32
    assert len(out) == 2
    for row in range(2):
        response = g[0 if is_alone else row].astype(float)
        expected = scipy.signal.convolve(x[row].astype(float), response, mode, method="direct")
        np.testing.assert_allclose(out[row], expected, rtol=1e-6, atol=1e-9)


def test_a_nan_stays_in_its_channel() -> None:
    x = noise(2, 20_000)
    x[0, 5_000] = np.nan
    out = convolve_channels(x, noise(900))
    assert np.flatnonzero(np.isnan(out[0])).tolist() == list(range(5_000, 5_900))
    assert np.isfinite(out[1]).all()


@pytest.mark.parametrize(
    ("x_shape", "g_shape"), [((5,), (3,)), ((2, 5), (3, 3)), ((2, 5), ()), ((1, 2, 5), (3,))]
)
def test_channels_that_do_not_go_together(
    x_shape: tuple[int, ...], g_shape: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"do not go together: give \(C, N\)"):
        convolve_channels(np.ones(x_shape), np.ones(g_shape))


def test_a_stereo_sound_is_that_of_scipy() -> None:
    """30 s at 44.1 kHz through 2 s."""
    x, g = noise(2, 30 * 44_100), noise(2, 2 * 44_100, seed=1)
    out = convolve_channels(x, g)
    expected = scipy.signal.fftconvolve(x.astype(float), g.astype(float), axes=1)
    assert np.abs(out - expected).max() < 2e-7 * np.abs(expected).max()


# Inputs.


def test_every_memory_layout_gives_the_same_and_none_is_changed() -> None:
    f = noise(50)
    expected = conv1d(f, f)
    frozen = f.copy()
    frozen.flags.writeable = False
    spread = np.repeat(f, 2)
    for signal in (f[::-1].copy()[::-1], spread[::2], frozen, f.astype(float), f.tolist()):
        before = np.array(signal)
        np.testing.assert_array_equal(conv1d(signal, signal), expected)
        np.testing.assert_array_equal(signal, before)


@pytest.mark.parametrize(
    ("f", "g", "mode", "message"),
    [
        ([[1, 2]], [1], "full", r"f of shape \(1, 2\) is no signal"),
        ([1], 3, "full", r"g of shape \(\) is no signal"),
        ([], [1], "full", r"f of shape \(0,\) is empty"),
        ([1], [1j], "full", "g holds complex"),
        ([1], [1], "whole", "mode 'whole' is unknown: choose one of full, same, valid"),
    ],
)
def test_what_does_not_fit_is_rejected(f: Any, g: Any, mode: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        conv1d(f, g, mode)


def test_a_mode_may_be_given_as_such() -> None:
    assert conv1d([1, 2], [3], Mode.SAME).tolist() == [3, 6]


@pytest.mark.parametrize("gaps", [(), (300,)])
def test_where_nothing_is_met_a_long_convolution_is_exactly_zero(gaps: tuple[int, ...]) -> None:
    """Found by comparison with PyTorch: 1e-15 of a Fourier transform stood there."""
    f, g = noise(4000), noise(700, seed=1)
    f[:1500] = 0
    f[2000:3500] = 0
    g[list(gaps)] = 0
    f[3600:] = 0
    assert quicker_way(len(f), len(g)) is Way.FOURIER
    expected = np.convolve(f.astype(float), g.astype(float))
    np.testing.assert_array_equal(conv1d(f, g) == 0, expected == 0)
    assert np.count_nonzero(expected == 0) > 2000
    np.testing.assert_allclose(conv1d(f, g), expected, atol=1e-4)
    np.testing.assert_allclose(conv1d(g, f), expected, atol=1e-4)
