"""The gradients together: a small network learns to tell upright from lying stripes."""

from __future__ import annotations

import numpy as np

from convlab.engine.activate import relu, softmax
from convlab.engine.arrays import FloatArray
from convlab.engine.conv2d import conv2d
from convlab.engine.dense import flatten, linear
from convlab.engine.norm import batch_norm2d, batch_statistics
from convlab.engine.pool import max_pool2d
from convlab.learn.gradients.activation import relu_gradient
from convlab.learn.gradients.dense import linear_gradient
from convlab.learn.gradients.norm import batch_norm2d_training_gradient
from tests.learn.gradients.differences import gradient_of_conv2d, gradient_of_max_pool2d
from tests.slow import noise


def stripes(count: int, seed: int) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Noisy 12×12 pictures ``(N, 1, 12, 12)``, and 1 for each whose stripes lie."""
    rng = np.random.default_rng(seed)
    lying = rng.integers(0, 2, count)
    waves = np.sin(np.arange(12) * 1.5 + rng.uniform(0, 6, (count, 1)))
    pictures = np.repeat(waves[:, None, None, :], 12, axis=2).astype(np.float32)
    pictures[lying == 1] = pictures[lying == 1].swapaxes(-1, -2)
    return pictures + noise(count, 1, 12, 12, seed=seed), lying


class Network:
    """Convolution, batch normalisation, ReLU, pooling, and a linear layer."""

    def __init__(self) -> None:
        self.parameters = [
            0.3 * noise(4, 1, 3, 3),
            np.zeros(4, np.float32),
            np.ones(4, np.float32),
            np.zeros(4, np.float32),
            0.1 * noise(2, 100, seed=1),
            np.zeros(2, np.float32),
        ]

    def step(self, x: FloatArray, wanted: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        """Learn from one batch; return the share of right answers before."""
        kernels, offsets, scales, shifts, weight, bias = self.parameters
        maps = conv2d(x, kernels, offsets)
        normal = batch_norm2d(maps, *batch_statistics(maps), scales, shifts)
        bright = relu(normal)
        small = max_pool2d(bright, 2)
        shares = softmax(linear(flatten(small), weight, bias))

        error = (shares - np.eye(2, dtype=np.float32)[wanted]) / np.float32(len(x))
        dense = linear_gradient(error, flatten(small), weight)
        back = dense.x.reshape(small.shape)
        back = relu_gradient(gradient_of_max_pool2d(back, bright, 2), normal)
        norm = batch_norm2d_training_gradient(back, maps, scales)
        conv = gradient_of_conv2d(norm.x, x, kernels)
        found = conv.weight, conv.bias, norm.weight, norm.bias, dense.weight, dense.bias
        for parameter, gradient in zip(self.parameters, found, strict=True):
            parameter -= np.float32(0.2) * gradient
        return float((shares.argmax(-1) == wanted).mean())


def test_it_learns() -> None:
    network = Network()
    right = [network.step(*stripes(32, seed)) for seed in range(120)]
    assert np.mean(right[:5]) < 0.8
    assert np.mean(right[-20:]) > 0.95
