from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.layers import (
    Abs,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
    Sigmoid,
    Softmax,
    Stack,
    Tanh,
)
from convlab.layers.graph import Graph
from convlab.networks.nodes import nodes_of
from convlab.networks.whole import WholeSession

pytest.importorskip("onnxruntime", reason="a session needs ONNX Runtime")

RNG = np.random.default_rng(0)
PICTURE = RNG.standard_normal((4, 11, 14), dtype=np.float32)
VECTOR = RNG.standard_normal(20, dtype=np.float32)


def some(*shape: int) -> FloatArray:
    return RNG.standard_normal(shape, dtype=np.float32)


def run(layers: list[Layer], x: FloatArray) -> list[FloatArray]:
    """Return the result of each layer of a chain, as a session gives it."""
    graph = Graph.of(Stack(layers))
    session = WholeSession(graph, x.shape, [node.uid for node in graph])
    return list(session.run(x, graph).values())


LAYERS = [
    *(Conv2d(4, 6, (3, 2), padding="same", border=border, value=2.5, bias=some(6))
      for border in ("zeros", "constant", "replicate", "reflect")),
    Conv2d(4, 6, 3, stride=(2, 3), dilation=(1, 2), padding=(1, 2, 3, 4), bias=None),
    Conv2d(4, 4, 3, groups=4, padding=1, border="replicate"),
    Conv2d(4, 2, (2, 3), padding="full", border="constant", value=0.0, flip=True),
    MaxPool2d(2),
    MaxPool2d((3, 2), stride=(2, 1), padding=1),
    MaxPool2d(2, dilation=2),
    AvgPool2d(3, stride=2, padding=1),
    AvgPool2d(3, stride=2, padding=1, count_include_pad=False),
    BatchNorm2d(4, weight=some(4), bias=some(4), running_mean=some(4), running_var=some(4) ** 2),
    ReLU(),
    ReLU6(),
    LeakyReLU(0.3),
    Sigmoid(),
    Tanh(),
    Abs(),
    Softmax(),
    Dropout(),
    Flatten(),
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS, ids=str)
def test_a_session_gives_what_the_layer_gives(layer: Layer) -> None:
    x, expected = PICTURE, layer.forward(PICTURE)
    assert nodes_of(layer, x.shape)
    [result] = run([layer], x)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("layer", [Linear(20, 7, bias=some(7)), Linear(20, 3, bias=None), Softmax(),
                                   ReLU(), Flatten()], ids=str)  # fmt: skip
def test_vectors_go_through_it_too(layer: Layer) -> None:
    expected = layer.forward(VECTOR)
    [result] = run([layer], VECTOR)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(4, 6, 3, padding=1, border="circular"),
        MaxPool2d(3, ceil_mode=True),
        AvgPool2d(3, ceil_mode=True),
        ConvTranspose2d(4, 2, 2),
    ],
    ids=str,
)
def test_what_no_operator_gives_alike_is_left_to_the_layer(layer: Layer) -> None:
    assert nodes_of(layer, PICTURE.shape) == ()


def test_a_chain_gives_the_result_of_every_layer() -> None:
    layers = [Conv2d(4, 8, 3, padding=1, border="reflect"), ReLU(), MaxPool2d(2), Flatten()]
    layers.append(Linear(8 * 5 * 7, 3))
    found = run(layers, PICTURE)
    for result, expected in zip(found, Stack(layers).forward(PICTURE), strict=True):
        np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-5)
