from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convlab
from convlab.engine.arrays import FloatArray
from convlab.engine.value_range import (
    ROUNDING,
    RangeFollower,
    nice_ceiling,
    range_floor,
    typical_magnitude,
)

ROUND_NUMBERS = {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}


def heavy_tails(*shape: int) -> FloatArray:
    """As of a filtered photo: many small values, few large ones."""
    return (np.random.default_rng(3).standard_normal(shape) ** 3).astype(np.float32)


# ---- round numbers ----


@pytest.mark.parametrize(
    ("value", "expected"),
    [(27, 30), (4, 4), (30, 30), (31, 40), (0.00101, 0.0012), (8.1, 10), (99, 100), (160, 200)],
)
def test_the_next_round_number(value: float, expected: float) -> None:
    assert nice_ceiling(value) == expected


@pytest.mark.parametrize("value", [0.0, -3.0, math.inf, math.nan])
def test_without_a_positive_number_the_round_number_is_one(value: float) -> None:
    assert nice_ceiling(value) == 1.0


@given(st.floats(1e-30, 1e30))
def test_a_round_number_is_round_near_above_and_stays_itself(value: float) -> None:
    ceiling = nice_ceiling(value)
    mantissa = round(ceiling / 10.0 ** math.floor(math.log10(ceiling) + 1e-9), 6)
    assert value * (1 - 2e-6) <= ceiling <= value * 1.34
    assert mantissa in ROUND_NUMBERS
    assert nice_ceiling(ceiling) == ceiling


# ---- what a person looks at ----


@pytest.mark.parametrize("shape", [(1, 90, 120), (3, 60, 80), (1, 900, 1000)])
@pytest.mark.parametrize("size", [1e-12, 1.0, 1e20])
def test_the_magnitude_is_the_percentile_of_numpy(shape: tuple[int, ...], size: float) -> None:
    planes = heavy_tails(*shape) * np.float32(size)
    exact = float(np.percentile(np.abs(planes), 99.5))
    sampled = 1.08 if planes.size > 1 << 18 else 1.017
    assert exact / sampled <= typical_magnitude(planes) <= exact * sampled


def test_one_enormous_value_does_not_choose_the_range() -> None:
    planes = heavy_tails(1, 100, 100)
    calm = typical_magnitude(planes)
    planes[0, 4, 4] = 1e30
    assert typical_magnitude(planes) == pytest.approx(calm, rel=0.05)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_does_not_count(value: float) -> None:
    planes = np.ones((1, 10, 10), np.float32)
    planes[0, 0] = value
    assert typical_magnitude(planes) == 1.0


def test_a_few_thin_lines_on_a_flat_picture_choose_the_range() -> None:
    planes = np.full((1, 1000, 400), 2e-7, np.float32)
    planes[0, 501] = -3.0  # of this row nothing is measured at first
    assert typical_magnitude(planes, noise=1e-6) == 3.0


@pytest.mark.parametrize("value", [0.0, 5e-7, np.nan])
def test_where_all_is_noise_there_is_no_magnitude(value: float) -> None:
    assert typical_magnitude(np.full((1, 4, 4), value, np.float32), noise=1e-6) == 0.0


@pytest.mark.parametrize("preset", ["Kirsch west", "Sobel horizontal", "Laplacian 8"])
@pytest.mark.parametrize("is_root", [False, True])
def test_flat_grey_under_a_kernel_that_sums_to_zero_is_neutral(preset: str, is_root: bool) -> None:
    kernel = convlab.kernels.preset(preset)
    flat = np.full((40, 40), 77 / 255, np.float32)
    output = convlab.conv2d(flat, kernel, padding="same", border="replicate")
    noise = ROUNDING * float(np.abs(kernel).sum())
    share = np.abs(output).max() / range_floor(noise, is_root)
    assert (math.sqrt(share) if is_root else share) <= 0.01


# ---- a range that moves rarely ----


def test_the_first_range_is_the_wanted_one() -> None:
    assert RangeFollower().follow(2.7, "kernel", now=0.0, is_held=False) == 3.0


def test_small_changes_of_a_live_picture_move_nothing() -> None:
    follower = RangeFollower()
    shown = {
        follower.follow(3.6 + 0.6 * math.sin(now / 7), "kernel", float(now), is_held=False)
        for now in range(200)
    }
    assert shown == {4.0}


def test_under_a_hand_the_range_stays_and_follows_soon_after() -> None:
    follower = RangeFollower()
    follower.follow(3.0, 0, now=0.0, is_held=False)
    dragged = {follower.follow(3.0 + step, step, step / 60, is_held=True) for step in range(60)}
    assert dragged == {3.0}
    after = [follower.follow(62.0, 59, 1.0 + step / 60, is_held=False) for step in range(2)]
    assert after[-1] == 80.0


def test_a_flash_moves_nothing_and_a_cut_is_followed() -> None:
    follower = RangeFollower()
    follower.follow(3.0, 0, now=0.0, is_held=False)
    assert follower.follow(40.0, 0, now=1.0, is_held=False) == 3.0
    assert follower.follow(3.0, 0, now=1.1, is_held=False) == 3.0
    assert follower.follow(40.0, 0, now=2.0, is_held=False) == 3.0
    assert follower.follow(40.0, 0, now=2.1, is_held=False) == 3.0
    assert follower.follow(40.0, 0, now=2.7, is_held=False) == 40.0


def test_another_subject_has_its_own_range_at_once() -> None:
    follower = RangeFollower()
    follower.follow(3.0, "Sobel", now=0.0, is_held=False)
    assert follower.follow(0.04, "Box blur", now=0.01, is_held=False) == 0.04


@given(st.lists(st.floats(1e-6, 1e6), min_size=1))
def test_a_range_that_is_wanted_for_long_is_shown_within_the_tolerance(wanted: list[float]) -> None:
    follower = RangeFollower()
    for now, value in enumerate(wanted):
        for moment in (0.0, 0.3, 0.7):
            shown = follower.follow(value, 0, now + moment, is_held=False)
        assert nice_ceiling(value) / 1.5 <= shown <= nice_ceiling(value) * 1.5
