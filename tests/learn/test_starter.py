from __future__ import annotations

import numpy as np
import pytest

from convlab.layers import Softmax
from convlab.learn.parameters import parameters_of
from convlab.learn.starter import starter_network
from tests.slow import noise


@pytest.mark.parametrize(
    ("shape", "classes", "features"),
    [
        ((1, 8, 8), 10, 32 * 2 * 2),
        ((3, 32, 32), 2, 32 * 2 * 2),
        ((1, 24, 16), 3, 32 * 3 * 2),
        ((1, 3, 5), 2, 15),
    ],
)
def test_it_fits_the_pictures_and_the_classes(
    shape: tuple[int, int, int], classes: int, features: int
) -> None:
    stack = starter_network(shape, classes, seed=0)
    shapes = stack.shapes(shape)
    assert shapes[-3:] == [(features,), (classes,), (classes,)]
    assert isinstance(stack.layers[-1], Softmax)
    shares = stack.forward(noise(5, *shape))[-1]
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)


def test_the_seed_draws_every_weight() -> None:
    one, again, other = (starter_network((1, 8, 8), 10, seed) for seed in (3, 3, 4))
    for a, b in zip(parameters_of(one), parameters_of(again), strict=True):
        np.testing.assert_array_equal(a, b)
    drawn = [weight for weight in parameters_of(one) if weight.ndim > 1]
    others = [weight for weight in parameters_of(other) if weight.ndim > 1]
    assert all(not np.array_equal(a, b) for a, b in zip(drawn, others, strict=True))
    for weight in drawn:  # He: variance 2 / fan-in
        assert weight.std() == pytest.approx(np.sqrt(2 / weight[0].size), rel=0.2)


@pytest.mark.parametrize(
    ("shape", "classes", "seed", "words"),
    [
        ((1, 0, 8), 10, 0, "height 0 cannot be used"),
        ((1, 8, 8), 1, 0, "classes 1 cannot be used"),
        ((1, 8, 8), 10, -1, "seed -1 cannot be used"),
    ],
)
def test_what_cannot_be_used_is_rejected(
    shape: tuple[int, int, int], classes: int, seed: int, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        starter_network(shape, classes, seed)
