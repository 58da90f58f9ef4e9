from __future__ import annotations

import numpy as np
import pytest

from convlab.document.signal.pair_neuron import Activation, PairNeuron, neuron_of


def test_the_neurons_see_two_neighbours_each() -> None:
    layer = neuron_of(np.array([1.0, 2.0, 4.0]), PairNeuron(3.0, -1.0, 0.5, Activation.RELU))
    assert layer.matrix.tolist() == [[3, -1, 0], [0, 3, -1]]
    assert layer.sums.tolist() == [1.5, 2.5]
    assert layer.y.tolist() == [1.5, 2.5]
    assert layer.residual < 1e-6


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (Activation.IDENTITY, [-2.0, 0.0, 2.0]),
        (Activation.RELU, [0.0, 0.0, 2.0]),
        (Activation.TANH, np.tanh([-2.0, 0.0, 2.0])),
        (Activation.SIGMOID, [1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2))]),
    ],
)
def test_each_activation_is_its_formula(activation: Activation, expected: list[float]) -> None:
    layer = neuron_of(np.array([-2.0, 0.0, 2.0, 0.0]), PairNeuron(1.0, 0.0, 0.0, activation))
    np.testing.assert_allclose(layer.y, expected, rtol=1e-6)
