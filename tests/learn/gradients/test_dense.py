from __future__ import annotations

import numpy as np
import pytest

from convlab.learn.gradients.dense import linear_gradient
from tests.learn.gradients.differences import Array, assert_gradient
from tests.slow import noise


@pytest.mark.parametrize("shape", [(6,), (4, 6), (2, 3, 6)])
def test_linear(shape: tuple[int, ...]) -> None:
    x, weight = noise(*shape), noise(5, 6, seed=1)
    g = noise(*shape[:-1], 5, seed=2)
    found = linear_gradient(g, x, weight)
    exact, zero = (x.astype(float), weight.astype(float)), np.zeros(5)

    def loss(x: Array, weight: Array, bias: Array) -> float:
        return float(((np.einsum("...i,oi->...o", x, weight) + bias) * g).sum())

    assert_gradient(found.x, lambda x: loss(x, exact[1], zero), x)
    assert_gradient(found.weight, lambda weight: loss(exact[0], weight, zero), weight)
    assert_gradient(found.bias, lambda bias: loss(*exact, bias), zero)


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"gradient of shape \(4,\) does not fit"):
        linear_gradient(noise(4), noise(2), noise(3, 2))
    with pytest.raises(ValueError, match=r"\(2,\) and weight of shape \(3, 4\)"):
        linear_gradient(noise(3), noise(2), noise(3, 4))
