"""What each scene says must be so, in numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.signal.evaluate import SignalEvaluator
from convlab.document.signal.job import SignalJob, SignalShown
from convlab.document.signal.model import Held, SignalState, SignalTab, SignalViewing
from convlab.document.signal.scenes import MELODY, SCENES, SOUND_RATE, is_changed
from convlab.engine.arrays import AnyArray
from tests.document.signal.slow import convolved, symbols

TONE: AnyArray = np.sin(np.arange(3 * SOUND_RATE) * 0.05).astype(np.float32)


def read(path: str) -> Held:
    assert path == MELODY
    return Held(TONE, length=len(TONE), rate=SOUND_RATE)


def run(state: SignalState, c: int = 0, tab: SignalTab = SignalTab.TABLE) -> SignalShown:
    job = SignalJob(1, Frame(np.zeros((2, 2), np.uint8), 0, 0.0), state, SignalViewing(c, tab=tab))
    return SignalEvaluator(read).run(job)


def shown(name: str) -> SignalShown:
    scene = SCENES[name]
    return run(scene.state, scene.c, scene.tab)


def kept(answer: SignalShown) -> AnyArray:
    return answer.result[answer.kept]


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_opens_with_two_sentences_and_something_to_see(name: str) -> None:
    scene = SCENES[name]
    assert (scene.name, scene.state.scene) == (name, name)
    assert len(re.findall(r"[.!?](?= |$)", scene.text)) == 2
    assert scene.task.endswith(("?", "."))
    assert not is_changed(scene.state)
    answer = shown(name)
    assert answer.result.any()
    assert answer.window.c == scene.c
    assert answer.window.total == pytest.approx(answer.result[answer.index], abs=1e-5)


def test_the_ball_comes_to_3_in_four_ways() -> None:
    answer = shown("Falling ball")
    assert symbols(answer.window.terms) == "f(0)g(3) + f(1)g(2) + f(2)g(1) + f(3)g(0)"
    assert answer.window.terms.f.tolist() == [0.1, 0.2, 0.4, 0.3]
    assert answer.window.terms.g.tolist() == [0.05, 0.15, 0.3, 0.5]
    assert answer.window.total == pytest.approx(0.005 + 0.03 + 0.12 + 0.15)
    expected = [0.05, 0.13, 0.275, 0.305, 0.16, 0.065, 0.015]
    np.testing.assert_allclose(answer.result[:7], expected, atol=1e-7)
    assert answer.result.sum() == pytest.approx(1.0)


def test_the_medicine_climbs_towards_200_mg() -> None:
    level = shown("Repeated doses").result[:64]
    np.testing.assert_allclose(level[:33:8], [100, 150, 175, 187.5, 193.75], rtol=1e-6)
    assert level[7] == pytest.approx(100 * 0.5 ** (7 / 8))
    assert level.max() < 200


def test_the_weights_of_the_car_sum_to_one_and_the_newest_is_the_largest() -> None:
    answer = shown("Noisy car")
    assert answer.g.sum() == pytest.approx(1.0)
    assert (np.diff(answer.g) < 0).all()
    assert answer.g[4] == pytest.approx(answer.g[0] / 2)


def test_a_longer_memory_trembles_less_and_follows_later() -> None:
    state = SCENES["Noisy car"].state
    short, long = (
        run(replace(state, g=replace(state.g, width=half_life))) for half_life in (4.0, 12.0)
    )
    # The noise of independent values shrinks by the root of the sum of squares; a steady drive is
    # followed later by the mean age of what is averaged.
    noises = [np.sqrt((answer.g**2).sum()) for answer in (short, long)]
    lags = [float((answer.g * answer.times).sum()) for answer in (short, long)]
    assert noises[1] < noises[0] < 0.3
    ratio = 0.5**0.25
    assert lags[0] == pytest.approx(ratio / (1 - ratio), rel=1e-4)
    assert lags[1] > 2.5 * lags[0]
    trembling = [np.abs(np.diff(answer.result[:120], 2)).mean() for answer in (short, long)]
    assert trembling[1] < trembling[0] < np.abs(np.diff(short.f, 2)).mean() / 3


def test_the_echo_is_the_sound_and_0_2_seconds_later_half_of_it() -> None:
    answer = shown("Echo")
    expected = np.concatenate([TONE, np.zeros(len(TONE) - 1)]).astype(np.float64)
    delay = round(0.2 * SOUND_RATE)
    assert delay == 4410
    expected[delay : delay + len(TONE)] += 0.5 * TONE
    np.testing.assert_allclose(answer.result, expected, atol=1e-5)


def test_two_boxes_make_a_triangle_with_its_peak_where_they_align() -> None:
    answer = shown("Box with box")
    expected = np.maximum(3.0 - np.abs(answer.result_times - 7.0), 0.0)
    np.testing.assert_allclose(answer.result, expected, atol=1e-6)
    assert answer.result_times[answer.result.argmax()] == pytest.approx(7.0)


def test_each_spike_adds_a_copy_of_the_box() -> None:
    answer = shown("Spikes with box")
    ones = {start + cell for start in (5, 17, 29, 41) for cell in range(5)}
    assert set(np.flatnonzero(answer.result)) == ones
    assert set(answer.result[answer.result != 0]) == {1.0}


def test_the_moving_average_is_the_mean_of_five() -> None:
    answer = shown("Moving average")
    values = [0, 0, 3, 7, 2, 8, 5, 9, 1, 6, 4, 10, 2, 7, 0, 0]
    expected = [sum(values[first : first + 5]) / 5 for first in range(12)]
    np.testing.assert_allclose(kept(answer), expected, rtol=1e-6)
    assert answer.result[4] == pytest.approx(5.0)


def test_an_edge_is_left_where_the_box_begins_and_behind_its_end() -> None:
    result = shown("Edge").result
    assert result[[8, 17]].tolist() == [1, -1]
    assert np.count_nonzero(result) == 2


def test_two_dice_make_seven_in_six_ways() -> None:
    answer = shown("Two dice")
    loaded = [0.05, 0.05, 0.1, 0.1, 0.2, 0.5]
    chances = [sum(loaded[b - 1] for b in range(1, 7) if 1 <= c - b <= 6) / 6 for c in range(2, 13)]
    np.testing.assert_allclose(answer.result[2:13], chances, rtol=1e-6)
    assert answer.result.argmax() == 7, "whatever the second die is like"
    assert symbols(answer.window.terms).startswith("f(1)g(6) + f(2)g(5)")
    assert len(answer.window.terms.a) == 6
    assert answer.window.total == pytest.approx(1 / 6)


def test_polynomials_are_multiplied_by_convolving_their_coefficients() -> None:
    """(1 + 2x + 3x²)(4 + 5x) = 4 + 13x + 22x² + 15x³."""
    assert shown("Product of polynomials").result[:5].tolist() == [4, 13, 22, 15, 0]


@pytest.mark.parametrize("name", ["Falling ball", "Falling ball in 2-D", "Two dice"])
def test_in_stories_of_chance_the_flip_is_seen(name: str) -> None:
    """A g that is f backwards, or its own mirror, looks the same with and without."""
    answer = shown(name)
    for mirrored in (answer.g[::-1], answer.f[::-1]):
        there = mirrored[np.flatnonzero(mirrored)[0] :]
        assert not np.allclose(answer.g[np.flatnonzero(answer.g)[0] :][: len(there)], there)


def test_a_low_pass_keeps_slow_tones_and_takes_quick_ones() -> None:
    answer = shown("Low-pass")
    assert answer.g.sum() == pytest.approx(1.0)
    assert len(kept(answer)) == len(TONE)
    response = np.abs(np.fft.rfft(answer.g))
    hertz = np.fft.rfftfreq(len(answer.g), 1 / SOUND_RATE)
    assert response[np.searchsorted(hertz, 50)] > 0.95
    assert response[hertz > 2000].max() < 0.05
    few = slice(1000, 1200)
    around = convolved(answer.f[900:1200].tolist(), answer.g[:60].tolist())
    np.testing.assert_allclose(answer.result[few], around[100:300], atol=1e-5)
