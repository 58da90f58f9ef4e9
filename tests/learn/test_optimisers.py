from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from convlab.learn.optimisers import NO_STATE, Adam, Momentum, Optimiser, Sgd
from convlab.learn.parameters import Parameters
from tests.slow import noise

ALL = (Sgd(0.05), Momentum(0.05, 0.9), Adam(0.05))


def descend(optimiser: Optimiser, slopes: list[float], start: float = 1.0) -> list[float]:
    """The places one weight comes by under given gradients."""
    weights: Parameters = (np.array([start], np.float32),)
    state, places = NO_STATE, []
    for slope in slopes:
        weights, state = optimiser.step(weights, [np.array([slope], np.float32)], state)
        places.append(float(weights[0][0]))
    return places


def test_numbers_by_hand() -> None:
    assert descend(Sgd(0.5), [1, -2]) == [0.5, 1.5]
    # Velocities 2, then 0.5 * 2 + 1.
    assert descend(Momentum(0.25, 0.5), [2, 1]) == [0.5, 0]
    # Whatever its gradient, the first step of Adam is as long as the rate.
    assert descend(Adam(0.1), [100]) == pytest.approx([0.9])
    assert descend(Adam(0.1), [-1e-3]) == pytest.approx([1.1], rel=1e-4)
    # m = 0.5 then -0.25, corrected by 0.75; v = 0.25 then 0.4375, corrected by 0.4375.
    found = descend(Adam(0.1, 0.5, 0.75), [1, -1])
    assert found == pytest.approx([0.9, 0.9 + 0.1 / 3])


@pytest.mark.parametrize("optimiser", ALL, ids=lambda optimiser: type(optimiser).__name__)
def test_it_comes_to_the_bottom_of_a_bowl(optimiser: Optimiser) -> None:
    aim = noise(3, 2)
    weights, state = (np.zeros((3, 2), np.float32),), NO_STATE
    found: Parameters = weights
    for _ in range(1000):
        found, state = optimiser.step(found, [2 * (found[0] - aim)], state)
    np.testing.assert_allclose(found[0], aim, atol=1e-3)
    assert state.steps == 1000


@pytest.mark.parametrize("optimiser", ALL, ids=lambda optimiser: type(optimiser).__name__)
def test_the_same_comes_of_the_same_and_nothing_given_changes(optimiser: Optimiser) -> None:
    def run() -> list[bytes]:
        weights: Parameters = (noise(4, 3), noise(5, seed=1))
        state = NO_STATE
        for seed in range(5):
            gradients = [noise(*weight.shape, seed=seed) for weight in weights]
            before = [array.copy() for array in (*weights, *gradients)]
            given = (*weights, *gradients)
            weights, state = optimiser.step(weights, gradients, state)
            assert all(map(np.array_equal, given, before))
        assert not any(weight.flags.writeable for weight in weights)
        assert all(weight.dtype == np.float32 for weight in weights)
        return [weight.tobytes() for weight in weights]

    assert run() == run()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Sgd(0), "rate 0 "),
        (lambda: Sgd(math.nan), "rate nan"),
        (lambda: Momentum(0.1, 1), "momentum 1 "),
        (lambda: Adam(0.1, -0.1), "first_decay -0.1"),
        (lambda: Adam(0.1, second_decay=1), "second_decay 1 "),
        (lambda: Adam(0.1, epsilon=0), "epsilon 0 "),
    ],
)
def test_settings_that_cannot_be_used_are_rejected(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("optimiser", ALL, ids=lambda optimiser: type(optimiser).__name__)
def test_gradients_must_fit(optimiser: Optimiser) -> None:
    with pytest.raises(ValueError, match=r"gradients of shapes \[\(3,\)\] .* \[\(2,\)\]"):
        optimiser.step([noise(2)], [noise(3)], NO_STATE)


def test_a_state_of_other_weights_is_rejected() -> None:
    _, state = Momentum().step([noise(2)], [noise(2)], NO_STATE)
    with pytest.raises(ValueError, match="state of shapes"):
        Momentum().step([noise(3)], [noise(3)], state)


@pytest.mark.parametrize("optimiser", [Sgd(0.5), Momentum(0.5, 0.8), Adam(0.5, 0.7)])
def test_a_scaled_rate_leaves_the_rest_of_the_rule(
    optimiser: Sgd | Momentum | Adam,
) -> None:
    found = optimiser.with_scaled_rate(0.25)
    assert type(found) is type(optimiser)
    assert found.rate == 0.125
    assert found.with_scaled_rate(4) == optimiser
