from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special

from convlab.engine.activate import sigmoid, softmax, tanh
from convlab.learn.gradients.activation import (
    absolute_gradient,
    gelu_gradient,
    hard_sigmoid_gradient,
    hard_swish_gradient,
    leaky_relu_gradient,
    relu6_gradient,
    relu_gradient,
    sigmoid_gradient,
    silu_gradient,
    softmax_gradient,
    tanh_gradient,
)
from tests.learn.gradients.differences import assert_gradient
from tests.slow import noise

SHAPES = [(7,), (4, 5), (3, 4, 5), (2, 3, 4, 5)]


def away_from_zero(*shape: int) -> Any:
    x = noise(*shape)
    return x + np.where(x > 0, np.float32(0.01), np.float32(-0.01))


@pytest.mark.parametrize("shape", SHAPES)
def test_activations(shape: tuple[int, ...]) -> None:
    x, g = away_from_zero(*shape), noise(*shape, seed=1)
    assert_gradient(relu_gradient(g, x), lambda x: float((np.maximum(x, 0) * g).sum()), x)
    assert_gradient(
        leaky_relu_gradient(g, x, 0.2),
        lambda x: float((np.where(x > 0, x, 0.2 * x) * g).sum()),
        x,
    )
    assert_gradient(absolute_gradient(g, x), lambda x: float((np.abs(x) * g).sum()), x)
    assert_gradient(tanh_gradient(g, tanh(x)), lambda x: float((np.tanh(x) * g).sum()), x)
    assert_gradient(
        sigmoid_gradient(g, sigmoid(x)), lambda x: float((scipy.special.expit(x) * g).sum()), x
    )


SMOOTH: list[tuple[Any, Callable[[Any], Any]]] = [
    (silu_gradient, lambda x: x * scipy.special.expit(x)),
    (gelu_gradient, lambda x: x * scipy.special.ndtr(x)),
    (
        lambda g, x: gelu_gradient(g, x, "tanh"),
        lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    ),
    (hard_swish_gradient, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    (hard_sigmoid_gradient, lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    (relu6_gradient, lambda x: np.clip(x, 0, 6)),
]


@pytest.mark.parametrize(("gradient", "function"), SMOOTH)
def test_newer_activations(gradient: Any, function: Callable[[Any], Any]) -> None:
    x, g = 4 * noise(3, 4, 5), noise(3, 4, 5, seed=1)
    assert_gradient(gradient(g, x), lambda x: float((function(x) * g).sum()), x)


@pytest.mark.parametrize(
    ("shape", "axis", "meant"),
    [(shape, None, max(len(shape) - 3, 0) if len(shape) > 2 else -1) for shape in SHAPES]
    + [((3, 4, 5), 1, 1), ((3, 4, 5), -1, -1)],
)
def test_softmax(shape: tuple[int, ...], axis: int | None, meant: int) -> None:
    x, g = noise(*shape), noise(*shape, seed=1)
    found = softmax_gradient(g, softmax(x, axis), axis)
    assert_gradient(found, lambda x: float((scipy.special.softmax(x, meant) * g).sum()), x)


def test_at_the_corner_the_slope_is_that_of_the_left_or_none() -> None:
    assert relu_gradient([5], [0]).tolist() == [0]
    assert leaky_relu_gradient([5], [0], 0.5).tolist() == [2.5]
    assert absolute_gradient([5], [0]).tolist() == [0]


@pytest.mark.parametrize(
    "function",
    [
        relu_gradient,
        leaky_relu_gradient,
        absolute_gradient,
        sigmoid_gradient,
        tanh_gradient,
        softmax_gradient,
        relu6_gradient,
        hard_sigmoid_gradient,
        hard_swish_gradient,
        silu_gradient,
        gelu_gradient,
    ],
)
def test_a_gradient_of_another_shape_is_rejected(function: Any) -> None:
    with pytest.raises(ValueError, match=r"gradient of shape \(4,\) does not fit"):
        function(noise(4), noise(3))
