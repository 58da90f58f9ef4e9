from __future__ import annotations

import numpy as np
import pytest

from convlab.document.painted import SignedStyle
from convlab.document.stack.parts import MOST_CHANNELS, take_apart
from convlab.layers import Conv2d

X = np.random.default_rng(2).standard_normal((6, 12, 14), dtype=np.float32)
BIAS = np.array([0.5, -1.0, 2.0, 0.25], np.float32)


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(6, 4, 3, bias=BIAS),
        Conv2d(6, 4, (3, 2), stride=2, padding="same", dilation=2, groups=2, bias=BIAS),
        Conv2d(6, 4, 3, padding=1, border="reflect", flip=True, bias=None),
        Conv2d(6, 6, 5, padding="same", groups=6),
    ],
)
@pytest.mark.parametrize("output", [0, 3])
def test_all_parts_and_the_bias_make_the_map(layer: Conv2d, output: int) -> None:
    map_ = layer.forward(X)[output]
    parts = take_apart(layer, X, map_, output, SignedStyle())
    assert np.allclose(parts.values.sum(axis=0) + parts.bias, map_, atol=1e-5)
    assert parts.left_out == 0
    assert len(parts.channels) == 6 // layer.groups


def test_a_part_is_what_its_channel_alone_gives() -> None:
    layer = Conv2d(6, 4, 3, bias=BIAS)
    parts = take_apart(layer, X, layer.forward(X)[1], 1, SignedStyle())
    alone = np.zeros_like(X)
    alone[4] = X[4]
    assert np.allclose(parts.values[4], layer.forward(alone)[1] - BIAS[1], atol=1e-5)
    assert np.array_equal(parts.kernels[4], layer.weight[1, 4])


def test_of_many_channels_the_first_are_shown_and_the_others_counted() -> None:
    x = np.ones((MOST_CHANNELS + 9, 4, 4), np.float32)
    layer = Conv2d(len(x), 2, 3)
    parts = take_apart(layer, x, layer.forward(x)[0], 0, SignedStyle())
    assert len(parts.values) == len(parts.inputs) == MOST_CHANNELS
    assert parts.left_out == 9
