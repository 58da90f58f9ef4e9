from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

from convlab import paths
from convlab.engine import kernels
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.cv import cv2
from convlab.learn.one_kernel import (
    KernelSettings,
    KernelState,
    PatchSampler,
    Variety,
    begin,
    take_step,
    target_output,
    variety,
)
from convlab.learn.optimisers import Adam, Momentum, Optimiser, Sgd
from tests.slow import noise

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)


def picture() -> AnyArray:
    """The photographer, 240 × 320."""
    whole = cv2.imread(str(paths.resource("pictures", "camera.png")), cv2.IMREAD_GRAYSCALE)
    assert whole is not None
    return cv2.resize(whole, (320, 240), interpolation=cv2.INTER_AREA)


def training(
    plane: AnyArray,
    target: AnyArray,
    size: int | tuple[int, int],
    settings: KernelSettings | None = None,
) -> Iterator[KernelState]:
    """Return the states of a training without end, the initial cells first."""
    settings = settings or KernelSettings()
    sampler = PatchSampler(plane, target, size)  # checks what it is given at once

    def states() -> Iterator[KernelState]:
        state = begin(sampler, settings)
        yield state
        while not state.stopped:
            state = take_step(state, sampler, settings)
            yield state

    return states()


def steps_to(target: FloatArray, states: Iterator[KernelState], most: int) -> int:
    """How many steps until each cell is within a hundredth."""
    for shot in islice(states, most):
        if np.abs(shot.kernel - target).max() < 1e-2:
            return shot.step
    pytest.fail(f"not learned in {most} steps")


@pytest.mark.parametrize("target", [SOBEL, kernels.oriented_edge(3, 70)], ids=["sobel", "70°"])
@pytest.mark.parametrize(
    "settings",
    [
        KernelSettings(),
        KernelSettings(Adam(0.1)),
        KernelSettings(Momentum(0.3, 0.99), centred=True),
    ],
    ids=["default", "adam", "momentum"],
)
def test_an_edge_is_found_from_random_numbers(target: FloatArray, settings: KernelSettings) -> None:
    states = training(picture(), target_output(picture(), target), 3, settings)
    assert 100 < steps_to(target, states, 8000) < 8000


@pytest.mark.parametrize("size", [(2, 3), (4, 1), (1, 5)])
def test_kernels_of_all_sizes_are_found(size: tuple[int, int]) -> None:
    plane, target = noise(20, 30), noise(*size, seed=1)
    settings = KernelSettings(Sgd(0.2), patches=100)
    states = training(plane, target_output(plane, target), size, settings)
    assert steps_to(target, states, 200) > 0


def test_a_flipped_target_gives_the_flipped_kernel() -> None:
    plane = noise(20, 30)
    target = target_output(plane, SOBEL, flip=True)
    states = training(plane, target, 3, KernelSettings(Sgd(0.2), patches=100))
    assert steps_to(-SOBEL, states, 300) > 0


def test_first_cells_and_first_loss_are_told_before_any_step() -> None:
    plane = noise(9, 9)
    settings = KernelSettings(spread=0.0, patches=50)
    first, second = islice(training(plane, np.ones((9, 9)), 3, settings), 2)
    assert (first.step, second.step) == (0, 1)
    assert first.loss == 1
    assert not first.kernel.any()


def test_of_a_flat_picture_only_the_sum_is_learned() -> None:
    plane = np.ones((9, 9), np.float32)
    states = training(plane, 3 * plane, 3, KernelSettings(Sgd(0.02)))
    first, *_, last = islice(states, 200)
    assert last.loss < 1e-6
    assert last.kernel.sum() == pytest.approx(3, abs=1e-3)
    moved = last.kernel - first.kernel
    np.testing.assert_allclose(moved, moved.mean(), atol=1e-5)


def test_noise_keeps_the_loss_up() -> None:
    plane = noise(40, 40)
    settings = KernelSettings(Sgd(0.1), patches=500, noise=0.5)
    *_, last = islice(training(plane, plane, 1, settings), 200)
    assert last.loss == pytest.approx(0.25, rel=0.3)
    assert last.kernel == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("rule", [Sgd(0.1), Momentum(), Adam()], ids=["sgd", "momentum", "adam"])
def test_the_same_seed_gives_the_same_kernels_bit_for_bit(rule: Optimiser) -> None:
    plane = noise(12, 12)

    def run(seed: int) -> list[bytes]:
        settings = KernelSettings(rule, patches=40, noise=0.1, seed=seed)
        return [shot.kernel.tobytes() for shot in islice(training(plane, plane, 3, settings), 9)]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_too_high_a_rate_stops_with_a_message_and_the_best_kernel() -> None:
    plane = noise(12, 12)
    *before, last = islice(training(plane, plane, 3, KernelSettings(Sgd(50))), 1000)
    assert "lower the learning rate" in last.stopped
    assert not any(shot.stopped for shot in before)
    assert before[-1].loss > 100 * before[0].loss, "the loss has grown"
    np.testing.assert_array_equal(last.kernel, before[0].kernel)
    assert take_step(last, PatchSampler(plane, plane, 3), KernelSettings()) is last


def test_a_diverged_training_goes_on_with_a_lower_rate() -> None:
    plane = noise(20, 30)
    sampler = PatchSampler(plane, target_output(plane, SOBEL), 3)
    *_, state = islice(training(plane, plane, 3, KernelSettings(Sgd(50))), 1000)
    state = state.resumed()
    for _ in range(200):
        state = take_step(state, sampler, KernelSettings(Sgd(0.2), patches=100))
    np.testing.assert_allclose(state.kernel, SOBEL, atol=1e-2)


def test_a_paused_training_that_goes_on_gives_the_same_kernels() -> None:
    plane, settings = noise(12, 12), KernelSettings(patches=40, noise=0.1, seed=3)
    *_, whole = islice(training(plane, plane, 3, settings), 21)
    state = begin(PatchSampler(plane, plane, 3), settings)
    for count in (3, 7, 10):
        sampler = PatchSampler(plane, plane, 3)  # another, as after a pause
        for _ in range(count):
            state = take_step(state, sampler, settings)
    assert state.step == whole.step == 20
    assert state.kernel.tobytes() == whole.kernel.tobytes()


def test_training_goes_on_where_the_target_changes() -> None:
    plane, settings = noise(20, 30), KernelSettings(Sgd(0.2), patches=100)
    first, second = (PatchSampler(plane, target_output(plane, k), 3) for k in (SOBEL, SOBEL.T))
    state = begin(first, settings)
    for _ in range(100):
        state = take_step(state, first, settings)
    state = state.with_new_target()
    np.testing.assert_allclose(state.kernel, SOBEL, atol=1e-2)
    for _ in range(200):
        state = take_step(state, second, settings)
    np.testing.assert_allclose(state.kernel, SOBEL.T, atol=1e-2)
    assert state.best_loss < 1e-3


@pytest.mark.parametrize(
    ("plane", "expected"),
    [
        (np.zeros((9, 9)), Variety(0, True, True)),
        (np.full((9, 9), 0.3), Variety(1, True, False)),
        (np.tile(np.arange(9.0), (9, 1)), Variety(2, False, False)),  # a ramp: offset and slope
        (noise(9, 9), Variety(9, False, False)),
    ],
    ids=["black", "flat", "ramp", "noise"],
)
def test_how_far_patches_differ_tells_what_can_be_learned(
    plane: AnyArray, expected: Variety
) -> None:
    assert variety(PatchSampler(plane, plane, 3)) == expected


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: training(noise(5, 5), noise(5, 6), 3), r"\(5, 6\) .* \(5, 5\)"),
        (lambda: training(noise(5, 5), noise(5, 5), 6), "a kernel of 6×6 does not fit"),
        (lambda: training(noise(1, 5, 5), noise(1, 5, 5), 3), r"\(H, W\)"),
        (lambda: training(noise(5, 5), np.full((5, 5), np.nan), 3), "not finite"),
        (
            lambda: take_step(
                begin(PatchSampler(noise(5, 5), noise(5, 5), 3), KernelSettings()),
                PatchSampler(noise(5, 5), noise(5, 5), 5),
                KernelSettings(),
            ),
            r"\(3, 3\) .* \(5, 5\): initialise it again",
        ),
        (lambda: KernelSettings(patches=0), "patches 0"),
        (lambda: KernelSettings(noise=-1), "noise -1"),
        (lambda: KernelSettings(spread=math.inf), "spread inf"),
    ],
)
def test_what_does_not_fit_is_rejected(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
