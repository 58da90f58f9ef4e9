from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special

from convlab.engine.arrays import lies_pictures_last, pictures_first, pictures_last
from convlab.engine.border import Border
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Stack,
    Tanh,
)
from convlab.layers.registry import KINDS
from convlab.learn.backward import backward, forward, with_running_statistics
from convlab.learn.gradients import convolution as convolutions
from convlab.learn.parameters import parameters_of, with_parameters
from tests import slow
from tests.learn.gradients.differences import Array, assert_gradient
from tests.slow import noise

SHAPE = (2, 2, 4, 6)
MEAN, VARIANCE = noise(2), np.abs(noise(2, seed=1))
SLOW_NORM = MEAN.astype(float)[:, None, None], np.sqrt(VARIANCE.astype(float) + 1e-5)[:, None, None]


def column(values: Array) -> Array:
    return values[:, None, None]


def shares(x: Array) -> Array:
    return np.asarray(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))


# For each kind the fields of a layer, and the same in float64 with its weight and bias.
CASES: dict[str, tuple[dict[str, Any], Callable[..., Array]]] = {
    "conv2d": (
        {"in_channels": 2, "out_channels": 3, "kernel_size": (2, 3), "border": "reflect"}
        | {"padding": 1, "flip": True},
        lambda x, w, b: slow.conv2d(x, w, b, padding=(1, 1, 1, 1), border="reflect", flip=True),
    ),
    "conv_transpose2d": (
        {"in_channels": 2, "out_channels": 2, "kernel_size": 3, "stride": 2},
        lambda x, w, b: slow.conv_transpose2d(x, w, b, stride=(2, 2)),
    ),
    "max_pool2d": ({"kernel_size": 2}, lambda x: slow.max_pool2d(x, (2, 2), (2, 2))),
    "avg_pool2d": (
        {"kernel_size": 3, "stride": 2, "padding": 1},
        lambda x: slow.avg_pool2d(x, (3, 3), (2, 2), (1, 1)),
    ),
    "global_avg_pool2d": ({}, lambda x: x.mean(axis=(2, 3), keepdims=True)),
    "batch_norm2d": (
        {"num_features": 2, "running_mean": MEAN, "running_var": VARIANCE},
        lambda x, w, b: (x - SLOW_NORM[0]) / SLOW_NORM[1] * column(w) + column(b),
    ),
    "relu": ({}, lambda x: np.maximum(x, 0)),
    "leaky_relu": ({"negative_slope": 0.25}, lambda x: np.where(x > 0, x, 0.25 * x)),
    "sigmoid": ({}, lambda x: 1 / (1 + np.exp(-x))),
    "tanh": ({}, np.tanh),
    "relu6": ({}, lambda x: np.clip(x, 0, 6)),
    "hard_sigmoid": ({}, lambda x: np.clip(x / 6 + 0.5, 0, 1)),
    "hard_swish": ({}, lambda x: x * np.clip(x / 6 + 0.5, 0, 1)),
    "silu": ({}, lambda x: x / (1 + np.exp(-x))),
    "gelu": ({}, lambda x: x * scipy.special.ndtr(x)),
    "abs": ({}, np.abs),
    "softmax": ({}, shares),
    "flatten": ({}, lambda x: x),
    "linear": ({"in_features": 48, "out_features": 3}, lambda x, w, b: flat(x) @ w.T + b),
    "dropout": ({}, lambda x: x),
    "prelu": ({"num_parameters": 2}, lambda x, w: np.where(x > 0, x, x * column(w))),
    "adaptive_avg_pool2d": (
        {"output_size": (3, 2)},
        lambda x: slow.adaptive_avg_pool2d(x, (3, 2)),
    ),
    "group_norm": (
        {"num_groups": 1, "num_channels": 2},
        lambda x, w, b: slow.group_norm(x, 1, w, b, 1e-5),
    ),
    "layer_norm2d": (
        {"num_channels": 2, "eps": 0.1},
        lambda x, w, b: slow.layer_norm(x, w, b, 0.1),
    ),
    "local_response_norm": (
        {"size": 2, "alpha": 1.0},
        lambda x: slow.response_norm(x, 2, 1.0, 0.75, 1.0),
    ),
    "zero_pad2d": (
        {"padding": (1, 2, 0, 3)},
        lambda x: np.pad(x, ((0, 0), (0, 0), (0, 3), (1, 2))),
    ),
    "pixel_shuffle": ({"upscale_factor": 1}, lambda x: x),
    "upsample": (
        {"scale_factor": (2, 3), "mode": "bilinear"},
        lambda x: slow.bilinear(x, (2, 3), False),
    ),
}


def convolution(**options: Any) -> tuple[str, dict[str, Any], Callable[..., Array]]:
    """A grouped convolution with options, named as in ``slow.conv2d`` and alike in the layer."""
    sizes = {"in_channels": 2, "out_channels": 4, "kernel_size": (2, 3), "groups": 2}
    return "conv2d", sizes | options, lambda x, w, b: slow.conv2d(x, w, b, groups=2, **options)


# What the layers hand on to their operations, one by one.
OPTIONS: dict[str, tuple[str, dict[str, Any], Callable[..., Array]]] = {
    "stride": convolution(stride=(2, 3), padding=(0, 1, 2, 1)),
    "dilation": convolution(dilation=(2, 2), padding=(1, 2, 0, 3)),
    **{
        border: convolution(border=border, padding=(1, 2, 2, 1), value=0.5, stride=(1, 2))
        for border in Border
    },
    "transposed": (
        "conv_transpose2d",
        {"in_channels": 2, "out_channels": 4, "kernel_size": 2, "groups": 2, "stride": 3}
        | {"dilation": 2, "padding": 1, "output_padding": 1},
        lambda x, w, b: slow.conv_transpose2d(
            x,
            w,
            b,
            groups=2,
            stride=(3, 3),
            dilation=(2, 2),
            padding=(1, 1),
            output_padding=(1, 1),
        ),
    ),
    "largest": (
        "max_pool2d",
        {"kernel_size": 2, "stride": 3, "padding": 1, "dilation": 2, "ceil_mode": True},
        lambda x: slow.max_pool2d(x, (2, 2), (3, 3), (1, 1), (2, 2), True),
    ),
    "mean": (
        "avg_pool2d",
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
        | {"count_include_pad": False},
        lambda x: slow.avg_pool2d(x, (3, 3), (2, 2), (1, 1), True, False),
    ),
    "nearest": ("upsample", {"scale_factor": 2}, lambda x: x.repeat(2, 2).repeat(2, 3)),
    "corners": (
        "upsample",
        {"scale_factor": 2, "mode": "bilinear", "align_corners": True},
        lambda x: slow.bilinear(x, (2, 2), True),
    ),
}


def flat(x: Array) -> Array:
    return x.reshape(len(x), -1)


def with_noise(stack: Stack) -> Stack:
    """The stack with weights and biases that are none of them zero."""
    return with_parameters(
        stack, [noise(*p.shape, seed=20 + i) for i, p in enumerate(parameters_of(stack))]
    )


def test_every_kind_of_layer_is_tried() -> None:
    assert CASES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", CASES)
def test_gradients_of_a_stack_agree_with_differences(kind: str) -> None:
    fields, slow_layer = CASES[kind]
    assert_gradients(KINDS[kind](**fields), slow_layer)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_of_a_layer_reaches_its_gradient(name: str) -> None:
    kind, fields, slow_layer = OPTIONS[name]
    assert_gradients(KINDS[kind](**fields), slow_layer)


def assert_gradients(layer: Layer, slow_layer: Callable[..., Array]) -> None:
    """Check a convolution, the layer, and a linear layer, in float64."""
    body = [Conv2d(2, 2, 1), *([Flatten()] if isinstance(layer, Linear) else []), layer]
    features = int(np.prod(Stack(body).shapes(SHAPE[1:])[-1]))
    between = [] if isinstance(layer, Linear | Flatten) else [Flatten()]
    stack = with_noise(Stack([*body, *between, Linear(features, 3)]))
    x, gradient = noise(*SHAPE, seed=5), noise(2, 3, seed=6)
    found = backward(forward(stack, x), gradient, needs_x=True)

    def loss(x: Array, parameters: list[Array]) -> float:
        first, offset, *own, last, end = parameters
        maps = slow_layer(slow.conv2d(x, first, offset), *own)
        return float(((flat(maps) @ last.T + end) * gradient).sum())

    exact = [parameter.astype(float) for parameter in parameters_of(stack)]
    assert found.x is not None
    assert_gradient(found.x, lambda x: loss(x, exact), x)
    for index, slope in enumerate(found.parameters):
        assert_gradient(
            slope,
            lambda at, index=index: loss(  # type: ignore[misc]
                x.astype(float), [*exact[:index], at, *exact[index + 1 :]]
            ),
            exact[index],
        )


def test_normalisation_moves_with_the_batch_in_training() -> None:
    stack = with_noise(Stack([Conv2d(2, 2, 1), BatchNorm2d(2), Flatten()]))
    x, gradient = noise(*SHAPE), noise(2, 48, seed=1)
    found = backward(forward(stack, x, np.random.default_rng(0)), gradient, needs_x=True)
    exact = [parameter.astype(float) for parameter in parameters_of(stack)]

    def loss(x: Array, parameters: list[Array]) -> float:
        kernels, offsets, weight, bias = parameters
        maps = slow.conv2d(x, kernels, offsets)
        mean, variance = (f(axis=(0, 2, 3), keepdims=True) for f in (maps.mean, maps.var))
        normal = (maps - mean) / np.sqrt(variance + 1e-5)
        return float((flat(normal * column(weight) + column(bias)) * gradient).sum())

    assert found.x is not None
    assert_gradient(found.x, lambda x: loss(x, exact), x)
    for index in (0, 2, 3):
        assert_gradient(
            found.parameters[index],
            lambda at, index=index: loss(  # type: ignore[misc]
                x.astype(float), [*exact[:index], at, *exact[index + 1 :]]
            ),
            exact[index],
        )
    # What is the same for all pictures is taken away again.
    assert np.abs(found.parameters[1]).max() < 1e-4


def test_running_statistics_remember_a_tenth_of_the_batch() -> None:
    stack = Stack([BatchNorm2d(1)])
    passed = forward(stack, np.array([[[[1, 3]]]], np.float32), np.random.default_rng(0))
    layer = with_running_statistics(stack, passed).layers[0]
    assert isinstance(layer, BatchNorm2d)
    assert layer.running_mean == pytest.approx([0.2])
    assert layer.running_var == pytest.approx([0.9 + 0.1 * 2])
    assert with_running_statistics(stack, forward(stack, passed.x)).layers == stack.layers


def test_dropout_silences_in_training_only() -> None:
    stack, x = Stack([Dropout(0.25)]), np.ones((1, 1, 40, 50), np.float32)
    passed = forward(stack, x, np.random.default_rng(3))
    values, counts = np.unique(passed.output, return_counts=True)
    assert values == pytest.approx([0, 4 / 3])
    assert counts[0] == pytest.approx(500, abs=80)
    found = backward(passed, x, needs_x=True)
    assert found.x is not None
    np.testing.assert_array_equal(found.x, passed.output)
    np.testing.assert_array_equal(forward(stack, x).output, x)
    assert not forward(Stack([Dropout(1)]), x, np.random.default_rng(0)).output.any()


def test_the_first_layer_is_spared_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack([ReLU(), Conv2d(1, 2, 3), Tanh(), MaxPool2d(2), Flatten(), Linear(8, 2)])
    passed, gradient = forward(stack, noise(3, 1, 6, 6)), noise(3, 2)
    whole = backward(passed, gradient, needs_x=True)

    def forbidden(*args: Any, **options: Any) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(convolutions, "_picture_gradient", forbidden)
    spared = backward(passed, gradient)
    assert spared.x is None
    assert len(spared.parameters) == 4
    for one, other in zip(spared.parameters, whole.parameters, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_layer_without_bias_has_one_gradient() -> None:
    stack = Stack([Conv2d(1, 2, 3, bias=False)])
    passed = forward(stack, noise(1, 1, 3, 3))
    assert [g.shape for g in backward(passed, noise(1, 2, 1, 1)).parameters] == [(2, 1, 3, 3)]
    assert backward(forward(Stack([ReLU()]), noise(1, 1)), noise(1, 1)).parameters == ()


def test_what_does_not_fit_is_rejected() -> None:
    stack = Stack([ReLU(), Conv2d(1, 2, 3)])
    with pytest.raises(ValueError, match=r"layer 2 \(Conv2d\)"):
        forward(stack, noise(1, 3, 5, 5))
    with pytest.raises(ValueError, match=r"gradient of shape \(1, 2\)"):
        backward(forward(stack, noise(1, 1, 5, 5)), noise(1, 2))
    with pytest.raises(ValueError, match="1 parameters do not fit a stack that has 2"):
        with_parameters(stack, [noise(2)])


def test_a_kind_without_known_gradient_is_named() -> None:
    class Odd(ReLU):
        pass

    stack = Stack([Conv2d(1, 1, 1), Odd()])
    with pytest.raises(ValueError, match=r"layer 2 \(Odd\): its gradient is not known"):
        backward(forward(stack, noise(1, 1, 2, 2)), noise(1, 1, 2, 2))


def test_the_order_in_memory_changes_no_gradient() -> None:
    # A layer that turns its batch back to the usual order stands between those that do not.
    layers = [
        Conv2d(1, 4, 3),
        BatchNorm2d(4),
        ReLU(),
        MaxPool2d(2),
        Tanh(),
        MaxPool2d(2, padding=1),
    ]
    stack, x = with_noise(Stack(layers)), noise(5, 1, 10, 8)
    rng = np.random.default_rng
    together = forward(stack, x, rng(0))
    assert lies_pictures_last(together.results[3])
    assert not lies_pictures_last(together.results[4])
    gradient = noise(*together.output.shape, seed=3)
    found = backward(together, gradient, needs_x=True)
    strided = forward(stack, pictures_first(pictures_last(x)), rng(0))
    other = backward(strided, pictures_first(pictures_last(gradient)), needs_x=True)
    np.testing.assert_array_equal(strided.output, together.output)
    assert found.x is not None
    assert other.x is not None
    np.testing.assert_array_equal(other.x, found.x)
    for one, another in zip(other.parameters, found.parameters, strict=True):
        np.testing.assert_array_equal(one, another)
