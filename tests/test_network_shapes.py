"""The layers of networks that the bench runs: against the counts that their papers give."""

from __future__ import annotations

import math

import pytest

from convlab.bench.network_shapes import NETWORK_SHAPES, NETWORKS
from convlab.engine.planner import plan


# All parameters, less those of the last matrix, of normalisation and of biases.
@pytest.mark.parametrize(
    ("network", "weights"),
    [
        ("MobileNetV2", 3_504_872 - 1_281_000 - 2 * 17_056),
        ("EfficientNet-Lite0", 4_652_008 - 1_281_000 - 2 * 21_008),
        ("SqueezeNet", 1_235_496 - 3_944),
        ("ResNet-18", 11_689_512 - 513_000 - 2 * 4_800),
    ],
)
def test_convolutions_have_as_many_weights_as_the_published_networks(
    network: str, weights: int
) -> None:
    layers = NETWORKS[network]
    assert sum(math.prod(layer.weight) for layer in layers if layer.weight) == weights


def test_every_shape_stands_there_once_and_fits() -> None:
    assert len(set(NETWORK_SHAPES)) == len(NETWORK_SHAPES)
    for shape in NETWORK_SHAPES:
        if shape.kind == "conv2d":
            assert plan(shape.input, shape.weight, **dict(shape.options)).cost > 0.0, shape.size
