from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.engine import activate, pool
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.norm import batch_norm2d
from convlab.engine.upsample import upsample
from convlab.layers import (
    GELU,
    Abs,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Layer,
    LayerNorm2d,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.registry import KINDS
from tests import slow
from tests.slow import noise

X = noise(4, 13, 18)
WEIGHT = noise(6, 2, 3, 2, seed=1)
BIAS = noise(6, seed=2)

# Each layer, the input it is given, and the same by the engine's function.
CASES: list[tuple[Layer, FloatArray, AnyArray]] = [
    (
        Conv2d(4, 6, (3, 2), 2, "same", groups=2, bias=BIAS, border="reflect", weight=WEIGHT),
        X,
        convlab.conv2d(X, WEIGHT, BIAS, stride=2, padding="same", groups=2, border="reflect"),
    ),
    (
        Conv2d(4, 6, (3, 2), dilation=2, groups=2, bias=False, flip=True, weight=WEIGHT),
        X,
        convlab.conv2d(X, WEIGHT, dilation=2, groups=2, flip=True),
    ),
    (
        ConvTranspose2d(4, 3, (3, 2), 2, 1, 1, bias=BIAS[:3], weight=noise(4, 3, 3, 2)),
        X,
        convlab.conv_transpose2d(
            X, noise(4, 3, 3, 2), BIAS[:3], stride=2, padding=1, output_padding=1
        ),
    ),
    (
        MaxPool2d(3, 2, 1, ceil_mode=True),
        X,
        pool.max_pool2d(X, 3, stride=2, padding=1, ceil_mode=True),
    ),
    (MaxPool2d((2, 3), dilation=2), X, pool.max_pool2d(X, (2, 3), dilation=2)),
    (
        AvgPool2d(3, 2, 1, count_include_pad=False),
        X,
        pool.avg_pool2d(X, 3, stride=2, padding=1, count_include_pad=False),
    ),
    (AvgPool2d(4, ceil_mode=True), X, pool.avg_pool2d(X, 4, ceil_mode=True)),
    (GlobalAvgPool2d(), X, pool.global_avg_pool2d(X)),
    (
        BatchNorm2d(4, 1e-3, noise(4), noise(4), noise(4), np.abs(noise(4))),
        X,
        batch_norm2d(X, noise(4), np.abs(noise(4)), noise(4), noise(4), eps=1e-3),
    ),
    (ReLU(), X, activate.relu(X)),
    (LeakyReLU(0.2), X, activate.leaky_relu(X, 0.2)),
    (Sigmoid(), X, activate.sigmoid(X)),
    (Tanh(), X, activate.tanh(X)),
    (ReLU6(), 4 * X, activate.relu6(4 * X)),
    (HardSigmoid(), X, activate.hard_sigmoid(X)),
    (HardSwish(), X, activate.hard_swish(X)),
    (SiLU(), X, activate.silu(X)),
    (GELU(), X, activate.gelu(X)),
    (GELU("tanh"), X, activate.gelu(X, "tanh")),
    (Abs(), X, np.abs(X)),
    (Softmax(), X, activate.softmax(X)),
    (Softmax(), X[0, 0], activate.softmax(X[0, 0])),
    (Flatten(), X, X.reshape(-1)),
    (Linear(18, 5, weight=noise(5, 18), bias=BIAS[:5]), X[0, 0], noise(5, 18) @ X[0, 0] + BIAS[:5]),
    (Dropout(0.3), X, X),
    (Upsample(2), X, upsample(X, 2)),
    (PReLU(), X, activate.leaky_relu(X, 0.25)),
    (PReLU(4, weight=noise(4)), X, np.where(X > 0, X, X * noise(4)[:, None, None])),
    (PReLU(18, weight=noise(18)), X[0, 0], np.where(X[0, 0] > 0, X[0, 0], X[0, 0] * noise(18))),
    (AdaptiveAvgPool2d(1), X, pool.global_avg_pool2d(X)),
    (AdaptiveAvgPool2d((1, 6)), X, pool.avg_pool2d(X, (13, 3))),
    (AdaptiveAvgPool2d((5, 40)), X, slow.adaptive_avg_pool2d(X, (5, 40))),
    (GroupNorm(2, 4, 1e-3, noise(4), noise(4)), X, slow.group_norm(X, 2, noise(4), noise(4), 1e-3)),
    (LayerNorm2d(4, 1e-3, noise(4), noise(4)), X, slow.layer_norm(X, noise(4), noise(4), 1e-3)),
    (LocalResponseNorm(3, 0.5, 0.6, 2.0), X, slow.response_norm(X, 3, 0.5, 0.6, 2.0)),
    (LocalResponseNorm(6), X, slow.response_norm(X, 6, 1e-4, 0.75, 1.0)),
    (ZeroPad2d(2), X, np.pad(X, ((0, 0), (2, 2), (2, 2)))),
    (ZeroPad2d((1, 2, 3, 4)), X, np.pad(X, ((0, 0), (3, 4), (1, 2)))),
    (PixelShuffle(2), X, slow.pixel_shuffle(X, 2)),
    (Upsample((1, 3), "bilinear"), X, upsample(X, (1, 3), "bilinear")),
    (Upsample(2, "bilinear", True), X, upsample(X, 2, "bilinear", True)),
]
IDS = [f"{number} {type(case[0]).__name__}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize(("layer", "x", "expected"), CASES, ids=IDS)
def test_a_layer_is_the_engines_function_on_pictures_and_batches(
    layer: Layer, x: FloatArray, expected: AnyArray
) -> None:
    np.testing.assert_allclose(layer.forward(x), expected, rtol=1e-5, atol=1e-5)
    batch = layer.forward(np.stack([x, -x]))
    np.testing.assert_allclose(batch[0], expected, rtol=1e-5, atol=1e-5)
    assert layer.output_shape(x.shape) == expected.shape == batch.shape[1:]
    assert batch.dtype == np.float32


@pytest.mark.parametrize(("layer", "x", "expected"), CASES, ids=IDS)
def test_rows_and_columns_have_the_sizes_of_the_result(
    layer: Layer, x: FloatArray, expected: AnyArray
) -> None:
    axes = layer.axes(x.shape)
    if axes is None:
        assert layer.sees_all or expected.size == x.size
    else:
        sizes = tuple(axis.output_size(size) for axis, size in zip(axes, x.shape[1:], strict=True))
        assert sizes == expected.shape[1:]


def test_every_kind_is_registered_under_its_own_name_and_tested() -> None:
    assert all(kind == layer.kind for kind, layer in KINDS.items())
    assert {type(case[0]) for case in CASES} == set(KINDS.values())
    exported = {getattr(convlab.layers, name) for name in convlab.layers.__all__}
    assert set(KINDS.values()) <= exported


@pytest.mark.parametrize(("layer", "x", "expected"), CASES, ids=IDS)
def test_layers_are_frozen(layer: Layer, x: FloatArray, expected: AnyArray) -> None:
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(layer, field.name, None)
        value = getattr(layer, field.name)
        if isinstance(value, np.ndarray):
            assert not value.flags.writeable


# Weights.


def test_weights_are_drawn_by_he_and_are_the_same_each_time() -> None:
    layer = Conv2d(32, 64, 3)
    assert layer.weight.shape == (64, 32, 3, 3)
    assert layer.weight.std() == pytest.approx(np.sqrt(2 / (32 * 9)), rel=0.02)
    assert abs(layer.weight.mean()) < 1e-3
    np.testing.assert_array_equal(layer.weight, Conv2d(32, 64, 3).weight)
    assert layer.offsets is not None
    assert not layer.offsets.any()


def test_a_layer_has_weights_of_its_own() -> None:
    weight = np.ones((1, 1, 3, 3), np.float32)
    layer = Conv2d(1, 1, 3, weight=weight)
    weight[:] = 7
    assert (layer.weight == 1).all()


# Costs: the numbers of the learning texts.


def test_six_kernels_on_32_by_32() -> None:
    cost = Conv2d(3, 6, 5).cost((3, 32, 32))
    assert (cost.parameters, cost.multiply_adds) == (456, 4704 * 75)
    assert Linear(3072, 4704, bias=False).cost((3072,)).parameters == 14_450_688


def test_costs_of_the_others() -> None:
    assert ConvTranspose2d(8, 4, 4).cost((8, 5, 5)).parameters == 8 * 4 * 16 + 4
    assert MaxPool2d(2).cost((3, 4, 4)).comparisons == 3 * 3 * 2 * 2
    assert AvgPool2d(2).cost((3, 4, 4)).divisions == 12
    assert GlobalAvgPool2d().cost((3, 4, 4)).additions == 45
    assert BatchNorm2d(3).cost((3, 4, 4)).parameters == 6
    assert ReLU().cost((3, 4, 4)).parameters == 0


# What does not fit.

REJECTED: list[tuple[Any, tuple[int, ...], str]] = [
    (Conv2d(3, 4, 3), (2, 8, 8), "2 channels .* 3"),
    (Conv2d(3, 4, 3), (12,), "Conv2d needs a picture"),
    (Conv2d(1, 1, 9), (1, 5, 5), "kernel of 9"),
    (ConvTranspose2d(3, 4, 3), (2, 8, 8), "2 channels but this layer takes 3"),
    (MaxPool2d(9), (1, 5, 5), "9"),
    (AvgPool2d(2), (7,), "AvgPool2d needs a picture"),
    (BatchNorm2d(3), (2, 8, 8), "2 channels but this layer takes 3"),
    (Linear(5, 2), (4,), "4 values but this layer takes 5: make in_features 4"),
    (Linear(5, 2), (1, 5, 5), "put Flatten before it"),
    (Upsample(2), (7,), "Upsample needs a picture"),
]


@pytest.mark.parametrize(("layer", "shape", "message"), REJECTED)
def test_a_shape_that_does_not_fit_is_rejected(
    layer: Layer, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        layer.output_shape(shape)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2d(0, 1, 3), "in_channels 0"),
        (lambda: Conv2d(1, True, 3), "out_channels True"),
        (lambda: Conv2d(3, 4, 3, groups=2), "shared among 2 groups"),
        (lambda: Conv2d(1, 1, 0), "kernel_size 0"),
        (
            lambda: Conv2d(1, 1, 3, weight=np.ones((1, 1, 2, 2), np.float32)),
            r"\(1, 1, 2, 2\).*\(1, 1, 3, 3\)",
        ),
        (lambda: Conv2d(1, 2, 3, bias=np.ones(3, np.float32)), r"bias has shape \(3,\)"),
        (lambda: Linear(2, 2, weight=np.ones(2, np.float32)), r"\(2,\).*\(2, 2\)"),
        (
            lambda: BatchNorm2d(2, running_var=noise(3)),
            r"running_var has shape \(3,\)",
        ),
        (lambda: Dropout(1.5), "p 1.5"),
        (lambda: Upsample(0), "scale_factor 0"),
        (lambda: Upsample(2, "cubic"), "'cubic' is unknown"),
    ],
)
def test_a_layer_that_cannot_be_is_rejected(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
