from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.norm import batch_statistics
from convlab.learn.gradients.norm import batch_norm2d_gradient, batch_norm2d_training_gradient
from tests.learn.gradients.differences import Array, assert_gradient
from tests.slow import noise


def normalised(x: Array, mean: Array, variance: Array, weight: Array, bias: Array) -> Array:
    columns = [values[:, None, None] for values in (mean, variance, weight, bias)]
    return np.asarray((x - columns[0]) / np.sqrt(columns[1] + 1e-3) * columns[2] + columns[3])


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 3, 4, 2)])
@pytest.mark.parametrize("training", [False, True])
def test_batch_norm(shape: tuple[int, ...], training: bool) -> None:
    x, g = 2 * noise(*shape) + 3, noise(*shape, seed=1)
    mean, variance = noise(3, seed=2), noise(3, seed=3) ** 2
    fixed = mean.astype(float), variance.astype(float)
    weight, zero = noise(3, seed=4), np.zeros(3)
    if training:
        found = batch_norm2d_training_gradient(g, x, weight, eps=1e-3)
    else:
        found = batch_norm2d_gradient(g, x, mean, variance, weight, eps=1e-3)

    def loss(x: Array, weight: Array, bias: Array) -> float:
        axes = (1, 2) if x.ndim == 3 else (0, 2, 3)
        middle, spread = (x.mean(axes), x.var(axes)) if training else fixed
        return float((normalised(x, middle, spread, weight, bias) * g).sum())

    exact = x.astype(float), weight.astype(float)
    assert_gradient(found.x, lambda x: loss(x, exact[1], zero), x)
    assert_gradient(found.weight, lambda weight: loss(exact[0], weight, zero), weight)
    assert_gradient(found.bias, lambda bias: loss(*exact, bias), zero)


def test_batch_norm_without_weight_and_of_a_flat_channel() -> None:
    x, g = noise(2, 3, 3), noise(2, 3, 3, seed=1)
    ones = np.ones(2)
    for plain, weighted in (
        (batch_norm2d_training_gradient(g, x), batch_norm2d_training_gradient(g, x, ones)),
        (
            batch_norm2d_gradient(g, x, *batch_statistics(x)),
            batch_norm2d_gradient(g, x, *batch_statistics(x), ones),
        ),
    ):
        np.testing.assert_array_equal(plain.x, weighted.x)
    assert np.isfinite(batch_norm2d_training_gradient(g, np.ones((2, 3, 3))).x).all()


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"gradient of shape \(4,\) does not fit"):
        batch_norm2d_gradient(noise(4), noise(1, 1, 3), [0], [1])
    with pytest.raises(ValueError, match=r"gradient of shape \(4,\) does not fit"):
        batch_norm2d_training_gradient(noise(4), noise(1, 1, 3))
    with pytest.raises(ValueError, match="weight of shape"):
        batch_norm2d_training_gradient(noise(1, 1, 3), noise(1, 1, 3), [1, 2])
    with pytest.raises(ValueError, match=r"\(C, H, W\)"):
        batch_norm2d_training_gradient(noise(1, 3), noise(1, 3))
