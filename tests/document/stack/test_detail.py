"""The arithmetic behind a unit: by hand, and for random layers of every kind."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.random import Generator

from convlab.document.stack.arithmetic import (
    Choice,
    Copy,
    Curve,
    Detail,
    Mixture,
    Pooling,
    Probabilities,
    Products,
    Steps,
    TransposedProducts,
    WeightedSum,
)
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.model import Unit
from convlab.engine.arrays import AnyArray, FloatArray
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
from tests.slow import NUMPY_PADDING, noise

ONE_TO_16 = np.arange(1, 17, dtype=np.float32).reshape(1, 4, 4)
Kind = TypeVar("Kind")


def behind(
    kind: type[Kind], layer: Layer, x: FloatArray, channel: int, row: int = 0, column: int = 0
) -> Kind:
    detail = unit_detail(layer, [x], layer.forward(x), Unit(1, channel, row, column))
    assert isinstance(detail, kind)
    return detail


def floats(numbers: Any) -> FloatArray:
    return np.array(numbers, np.float32)


def values(array: AnyArray) -> Any:
    return array.tolist()


def test_a_convolution_by_hand() -> None:
    layer = Conv2d(
        1, 1, 2, stride=2, padding=1, bias=floats([0.5]), weight=floats([[[[1, 2], [3, 4]]]])
    )
    detail = behind(Products, layer, ONE_TO_16, 0, 0, 1)
    assert detail.corner == (-1, 1)
    assert detail.step == (1, 1)
    assert values(detail.patch) == [[[0, 0], [2, 3]]]
    assert values(detail.padded) == [[True, True], [False, False]]
    assert values(detail.products) == [[[0, 0], [6, 12]]]
    assert values(detail.partials) == [18]
    assert (detail.bias, detail.result) == (0.5, 18.5)


def test_a_true_convolution_shows_its_kernel_flipped() -> None:
    layer = Conv2d(1, 1, 2, bias=False, flip=True, weight=floats([[[[1, 2], [3, 4]]]]))
    detail = behind(Products, layer, ONE_TO_16, 0)
    assert detail.flipped
    assert values(detail.kernel) == [[[4, 3], [2, 1]]]
    assert detail.result == 4 * 1 + 3 * 2 + 2 * 5 + 1 * 6
    assert detail.bias is None


def test_a_grouped_convolution_reads_its_groups_maps_only() -> None:
    x = np.stack([ONE_TO_16[0] * factor for factor in (1, 10, 100, 1000)])
    layer = Conv2d(4, 6, 1, groups=2, bias=False, weight=np.ones((6, 2, 1, 1), np.float32))
    assert [behind(Products, layer, x, o).channels for o in range(6)] == [range(0, 2)] * 3 + [
        range(2, 4)
    ] * 3
    assert values(behind(Products, layer, x, 4, 0, 1).partials) == [200, 2000]


@pytest.mark.parametrize(
    ("border", "expected"),
    [
        ("zeros", [0, 0, 1]),
        ("constant", [7, 7, 1]),
        ("replicate", [1, 1, 1]),
        ("reflect", [3, 2, 1]),
        ("circular", [3, 4, 1]),
    ],
)
def test_what_lies_beyond_the_edge_follows_the_border(border: str, expected: list[float]) -> None:
    layer = Conv2d(1, 1, (1, 3), padding=(0, 0, 2, 0), border=border, value=7.0)
    detail = behind(Products, layer, ONE_TO_16, 0)
    assert values(detail.patch[0, 0]) == expected
    assert values(detail.padded[0]) == [True, True, False]


def check_products(rng: Generator) -> None:
    """Compare a random convolution with NumPy's padding and the engine's result."""
    groups, depth, each = (int(rng.integers(1, 4)) for _ in range(3))
    kernel, stride, dilation = (tuple(map(int, rng.integers(1, 4, 2))) for _ in range(3))
    border = str(rng.choice(list(NUMPY_PADDING)))
    padding = tuple(map(int, rng.integers(0, 4, 4)))
    layer = Conv2d(
        groups * depth,
        groups * each,
        kernel,
        stride,
        padding,
        dilation,
        groups,
        noise(groups * each, seed=1) if rng.random() < 0.5 else None,
        border,
        0.75,
        bool(rng.random() < 0.5),
    )
    x = rng.standard_normal((groups * depth, *rng.integers(7, 12, 2)), dtype=np.float32)
    y = layer.forward(x)
    channel, row, column = (int(rng.integers(size)) for size in y.shape)
    detail = behind(Products, layer, x, channel, row, column)
    mode: Any = NUMPY_PADDING[border]
    more = {"constant_values": 0.75} if border == "constant" else {}
    sides = ((0, 0), padding[:2], padding[2:])
    padded = np.pad(x, sides, mode, **more)
    outside = np.pad(np.zeros(x.shape[1:], bool), sides[1:], constant_values=True)
    top, left = row * stride[0], column * stride[1]
    rows = slice(top, top + dilation[0] * (kernel[0] - 1) + 1, dilation[0])
    columns = slice(left, left + dilation[1] * (kernel[1] - 1) + 1, dilation[1])
    first = channel // each * depth
    np.testing.assert_array_equal(detail.patch, padded[first : first + depth, rows, columns])
    np.testing.assert_array_equal(detail.padded, outside[rows, columns])
    check_sum(detail, float(y[channel, row, column]))
    assert detail.corner == (top - padding[0], left - padding[2])


def check_sum(detail: Products | TransposedProducts | WeightedSum, expected: float) -> None:
    """The products and the bias come to the layer's result, up to float32's rounding."""
    assert detail.result == expected
    size = float(np.abs(detail.products).sum())
    total = detail.products.sum(dtype=np.float64) + (detail.bias or 0.0)
    assert total == pytest.approx(expected, rel=1e-5, abs=1e-6 * max(size, 1.0))
    if not isinstance(detail, WeightedSum):
        np.testing.assert_allclose(detail.partials.sum(), detail.products.sum(), atol=1e-5 * size)


@pytest.mark.parametrize("seed", range(60))
def test_random_convolutions(seed: int) -> None:
    check_products(np.random.default_rng(seed))


def test_a_transposed_convolution_by_hand() -> None:
    x = np.array([[[1, 2, 3]]], np.float32)
    layer = ConvTranspose2d(
        1, 1, (1, 3), (1, 2), bias=floats([1]), weight=floats([[[[10, 20, 30]]]])
    )
    # 10 20 30+20 40 60+30 60 90, each plus 1
    even = behind(TransposedProducts, layer, x, 0, 0, 2)
    assert values(even.columns) == [0, 1]
    assert values(even.cell_columns) == [2, 0]
    assert values(even.products) == [[[30, 20]]]
    assert even.result == 51
    odd = behind(TransposedProducts, layer, x, 0, 0, 3)
    assert values(odd.columns) == [1]
    assert (values(odd.cell_columns), odd.result) == ([1], 41)


def test_where_no_pixel_reaches_nothing_but_the_bias_is_left() -> None:
    layer = ConvTranspose2d(1, 1, 1, 2, bias=floats([0.25]))
    detail = behind(TransposedProducts, layer, ONE_TO_16, 0, 1, 0)
    assert detail.products.shape == (1, 0, 1)
    assert values(detail.partials) == [0]
    assert (detail.bias, detail.result) == (0.25, 0.25)


@pytest.mark.parametrize("seed", range(40))
def test_random_transposed_convolutions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, depth, each = (int(rng.integers(1, 4)) for _ in range(3))
    kernel, stride, dilation = (tuple(map(int, rng.integers(1, 4, 2))) for _ in range(3))
    layer = ConvTranspose2d(
        groups * depth,
        groups * each,
        kernel,
        stride,
        tuple(map(int, rng.integers(0, 3, 2))),
        tuple(max(pair) - 1 for pair in zip(stride, dilation, strict=True)),
        groups,
        noise(groups * each, seed=1) if rng.random() < 0.5 else None,
        dilation,
    )
    x = rng.standard_normal((groups * depth, *rng.integers(5, 9, 2)), dtype=np.float32)
    y = layer.forward(x)
    channel, row, column = (int(rng.integers(size)) for size in y.shape)
    detail = behind(TransposedProducts, layer, x, channel, row, column)
    check_sum(detail, float(y[channel, row, column]))
    for c, i, j in np.ndindex(detail.values.shape):
        pixel = detail.channels[c], int(detail.rows[i]), int(detail.columns[j])
        assert detail.values[c, i, j] == x[pixel]
        cell = int(detail.cell_rows[i]), int(detail.cell_columns[j])
        assert detail.weights[c, i, j] == layer.weight[(pixel[0], channel % each, *cell)]


def test_a_fully_connected_unit_by_hand() -> None:
    layer = Linear(4, 2, floats([0, 1]), floats([[0, 0, 0, 0], [1, -2, 3, 0.5]]))
    detail = behind(WeightedSum, layer, np.array([1, 2, 0.5, 4], np.float32), 1)
    assert values(detail.products) == [1, -4, 1.5, 2]
    assert detail.result == 1.5
    assert values(detail.largest(2)) == [1, 3]
    assert detail.rest(detail.largest(2)) == 2.5
    assert values(detail.largest(99)) == [1, 3, 2, 0]


@pytest.mark.parametrize("seed", range(10))
def test_random_fully_connected_units(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs, outputs = (int(size) for size in rng.integers(1, 400, 2))
    layer = Linear(inputs, outputs, bias=noise(outputs) if seed % 2 else None)
    x, channel = rng.standard_normal(inputs, dtype=np.float32), int(rng.integers(outputs))
    check_sum(behind(WeightedSum, layer, x, channel), float(layer.forward(x)[channel]))


def test_a_pooling_window_by_hand() -> None:
    x = np.array([[[1, 5, 2, 0], [4, 3, 8, 1], [0, 0, 0, 0], [9, 0, 0, 0]]], np.float32)
    detail = behind(Choice, MaxPool2d(2), x, 0, 0, 1)
    assert values(detail.values) == [[2, 0], [8, 1]]
    assert detail.best == (1, 0)
    assert (detail.largest, detail.mean, detail.strided) == (8, 2.75, 2)
    assert (detail.pooling, detail.result) == (Pooling.LARGEST, 8)
    mean = behind(Choice, AvgPool2d(2), x, 0, 0, 1)
    assert (mean.pooling, mean.result, mean.largest) == (Pooling.MEAN, 2.75, 8)


@pytest.mark.parametrize(("include", "mean", "cells"), [(True, 14 / 9, 9), (False, 3.5, 4)])
def test_the_padding_counts_for_the_mean_if_asked(include: bool, mean: float, cells: int) -> None:
    layer = AvgPool2d(3, 2, 1, count_include_pad=include)
    detail = behind(Choice, layer, ONE_TO_16, 0)
    assert values(detail.values) == [[0, 0, 0], [0, 1, 2], [0, 5, 6]]
    assert values(detail.inside) == [[False] * 3, [False, True, True], [False, True, True]]
    assert detail.counted.sum() == cells
    assert detail.mean == pytest.approx(mean)
    assert (detail.best, detail.strided, detail.corner) == ((2, 2), 1, (-1, -1))


def test_what_ceil_mode_adds_is_never_counted() -> None:
    detail = behind(Choice, AvgPool2d(3, 2, ceil_mode=True), ONE_TO_16, 0, 1, 1)
    assert values(detail.counted) == [[True, True, False], [True, True, False], [False] * 3]
    assert detail.result == detail.mean == (11 + 12 + 15 + 16) / 4


def test_a_stride_alone_may_have_left_the_map() -> None:
    layer = MaxPool2d(2, 2, 1)
    assert behind(Choice, layer, ONE_TO_16, 0, 2, 0).strided is None
    assert behind(Choice, layer, ONE_TO_16, 0, 1, 1).strided == 11


def test_a_window_in_the_padding_only_has_no_largest_value() -> None:
    x = np.ones((1, 1, 2), np.float32)
    layer = MaxPool2d(2, 1, 1, dilation=2)
    detail = behind(Choice, layer, x, 0)
    assert (detail.best, detail.largest, detail.result) == (None, -math.inf, -math.inf)
    assert math.isnan(detail.mean)


@pytest.mark.parametrize("seed", range(60))
def test_random_poolings(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kernel = tuple(map(int, rng.integers(1, 5, 2)))
    stride = tuple(map(int, rng.integers(1, 4, 2)))
    padding = tuple(int(rng.integers(0, size // 2 + 1)) for size in kernel)
    ceil, largest = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    layer: MaxPool2d | AvgPool2d
    if largest:
        layer = MaxPool2d(kernel, stride, padding, tuple(map(int, rng.integers(1, 3, 2))), ceil)
    else:
        layer = AvgPool2d(kernel, stride, padding, ceil, bool(rng.random() < 0.5))
    x = rng.standard_normal((2, *rng.integers(7, 12, 2)), dtype=np.float32)
    y = layer.forward(x)
    place = tuple(int(rng.integers(size)) for size in y.shape)
    detail = behind(Choice, layer, x, *place)
    assert detail.result == y[place]
    assert (detail.largest if largest else detail.mean) == pytest.approx(detail.result, abs=1e-6)
    for row, column in np.argwhere(detail.inside):
        at = detail.corner[0] + row * detail.step[0], detail.corner[1] + column * detail.step[1]
        assert detail.values[row, column] == x[(place[0], *at)]
    expected = x[place[0], :: stride[0], :: stride[1]]
    if detail.strided is not None:
        assert detail.strided == expected[place[1:]]
    else:
        assert place[1] >= expected.shape[0] or place[2] >= expected.shape[1]


def test_the_mean_of_a_map_takes_all_of_it() -> None:
    detail = behind(Choice, GlobalAvgPool2d(), ONE_TO_16, 0)
    np.testing.assert_array_equal(detail.values, ONE_TO_16[0])
    assert (detail.mean, detail.largest, detail.strided, detail.best) == (8.5, 16, 1, (3, 3))


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (ReLU(), 0.0),
        (LeakyReLU(0.1), -0.2),
        (Sigmoid(), 1 / (1 + math.exp(2))),
        (Tanh(), math.tanh(-2)),
        (ReLU6(), 0.0),
        (HardSigmoid(), 1 / 6),
        (HardSwish(), -1 / 3),
        (SiLU(), -2 / (1 + math.exp(2))),
        (GELU(), -2 * 0.02275013),
        (Abs(), 2.0),
    ],
)
def test_a_function_of_one_value(layer: Layer, expected: float) -> None:
    x = np.array([[[1, -2]]], np.float32)
    detail = behind(Curve, layer, x, 0, 0, 1)
    assert detail.x == -2
    assert detail.result == pytest.approx(expected)
    reach = {"sigmoid": 8, "relu6": 8, "silu": 6}.get(layer.kind, 4)
    assert (detail.inputs[0], detail.inputs[60], detail.inputs[-1]) == (-reach, 0, reach)
    np.testing.assert_array_equal(detail.outputs, layer.forward(detail.inputs))
    assert behind(Curve, layer, x[0, 0], 1).result == detail.result


def test_a_small_value_keeps_a_graph_as_wide_as_one() -> None:
    assert behind(Curve, ReLU(), np.full(1, 1e-3, np.float32), 0).inputs[-1] == 1
    assert behind(Curve, ReLU(), np.full(1, np.nan, np.float32), 0).inputs[-1] == 1


@pytest.mark.parametrize("shape", [(3,), (3, 2, 2)])
def test_the_shares_of_a_softmax(shape: tuple[int, ...]) -> None:
    x = noise(*shape)
    place = (1, 0) if len(shape) > 1 else ()
    scores = np.array([0.0, math.log(2), math.log(5)], np.float32)
    x[(slice(None), *place)] = scores
    detail = behind(Probabilities, Softmax(), x, 1, *place)
    np.testing.assert_array_equal(detail.scores, scores)
    np.testing.assert_allclose(detail.powers, [0.2, 0.4, 1.0], rtol=1e-6)
    np.testing.assert_allclose(detail.probabilities, [0.125, 0.25, 0.625], rtol=1e-6)
    assert detail.asked == 1
    assert detail.total == pytest.approx(1.6)
    assert detail.result == pytest.approx(0.25)


def test_a_normalised_value_by_hand() -> None:
    layer = BatchNorm2d(2, 0.0, floats([1, 3]), floats([0, 10]), floats([0, 5]), floats([1, 4]))
    detail = behind(Steps, layer, np.full((2, 1, 1), 9.0, np.float32), 1)
    assert detail.formula.numbers == (9, 5, 4, 0, 3, 10)
    assert [step.numbers for step in detail.steps] == [(9, 5), (4, 4, 0), (2, 3), (6, 10)]
    assert [step.result for step in detail.steps] == [4, 2, 6, 16]
    assert detail.formula.result == detail.result == 16


def test_a_flat_channel_without_epsilon_is_infinite() -> None:
    layer = BatchNorm2d(1, 0.0, running_var=floats([0]))
    detail = behind(Steps, layer, np.full((1, 1, 1), 2.0, np.float32), 0)
    assert detail.steps[1].result == detail.result == math.inf


@pytest.mark.parametrize("seed", range(10))
def test_random_normalised_values(seed: int) -> None:
    numbers = [noise(3, seed=seed + number) for number in range(4)]
    layer = BatchNorm2d(3, 1e-3, numbers[0], numbers[1], numbers[2], np.abs(numbers[3]))
    x = noise(3, 2, 2, seed=seed)
    detail = behind(Steps, layer, x, 2, 1, 0)
    assert sum(detail.steps[-1].numbers) == pytest.approx(detail.result, rel=1e-4, abs=1e-5)


def test_what_a_picture_is_normalised_by_is_measured_in_it() -> None:
    x = floats([[[1, 3]], [[5, 7]], [[0, 0]]])
    group = behind(Steps, GroupNorm(1, 3, 0.0), x, 0, 0, 0)
    mean, variance = x.mean(), x.astype(np.float64).var()
    assert group.formula.numbers == pytest.approx((1, mean, variance, 0, 1, 0))
    assert group.steps[-1].result == group.result
    pixel = behind(Steps, LayerNorm2d(3, 0.0), x, 1, 0, 1)
    assert pixel.formula.numbers[:2] == pytest.approx((7, 10 / 3))
    weakened = behind(Steps, LocalResponseNorm(2, 1.0, 2.0, 0.5), x, 1, 0, 1)
    assert weakened.formula.numbers == (7, 0.5, 1, 9 + 49, 2, 2)
    assert weakened.result == pytest.approx(7 / (0.5 + 29) ** 2)


def test_a_learned_slope_is_that_of_its_map() -> None:
    layer, x = PReLU(2, weight=floats([0.5, -1])), floats([[[-2]], [[-2]]])
    assert [behind(Curve, layer, x, channel).result for channel in (0, 1)] == [-1, 2]


def test_moved_values_say_where_they_were() -> None:
    x = noise(8, 2, 3)
    moved = behind(Copy, PixelShuffle(2), x, 1, 3, 4)
    assert (moved.source, moved.x) == ((6, 1, 2), x[6, 1, 2])
    inside, outside = (behind(Copy, ZeroPad2d((2, 0, 1, 0)), x, 7, 1, column) for column in (3, 0))
    assert (inside.source, inside.result) == ((7, 0, 1), x[7, 0, 1])
    assert (outside.source, outside.result) == ((), 0.0)


def test_the_windows_of_adaptive_pooling_differ() -> None:
    sizes = [
        behind(Choice, AdaptiveAvgPool2d((2, 1)), noise(1, 5, 4), 0, row).values.shape
        for row in (0, 1)
    ]
    assert sizes == [(3, 4), (3, 4)]
    middle = behind(Choice, AdaptiveAvgPool2d((3, 1)), noise(1, 5, 4), 0, 1)
    assert (middle.values.shape, middle.corner) == ((3, 4), (1, 0))
    first = behind(Choice, AdaptiveAvgPool2d((3, 1)), noise(1, 5, 4), 0, 0)
    assert first.values.shape == (2, 4)


def test_an_upsampled_pixel_by_hand() -> None:
    near = behind(Mixture, Upsample((2, 3)), ONE_TO_16, 0, 3, 5)
    assert (values(near.rows), values(near.columns)) == ([1], [1])
    assert (values(near.weights), near.result) == ([[1]], 6)
    mixed = behind(Mixture, Upsample(2, "bilinear"), ONE_TO_16, 0, 1, 2)
    assert (values(mixed.rows), values(mixed.columns)) == ([0, 1], [0, 1])
    assert values(mixed.weights) == [[0.1875, 0.5625], [0.0625, 0.1875]]
    assert values(mixed.values) == [[1, 2], [5, 6]]
    assert mixed.result == mixed.products.sum() == 2.75
    corner = behind(Mixture, Upsample(2, "bilinear"), ONE_TO_16, 0)
    assert (values(corner.values), values(corner.weights)) == ([[1]], [[1]])


@pytest.mark.parametrize("seed", range(30))
def test_random_upsampling(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scale = tuple(map(int, rng.integers(1, 5, 2)))
    mode = "bilinear" if seed % 3 else "nearest"
    layer = Upsample(scale, mode, mode == "bilinear" and bool(rng.random() < 0.5))
    x = rng.standard_normal((2, *rng.integers(1, 6, 2)), dtype=np.float32)
    y = layer.forward(x)
    place = tuple(int(rng.integers(size)) for size in y.shape)
    detail = behind(Mixture, layer, x, *place)
    assert detail.result == y[place]
    assert detail.products.sum() == pytest.approx(detail.result, abs=1e-5)
    assert detail.weights.sum() == pytest.approx(1)
    assert detail.weights.min() > 0


def test_a_flattened_value_says_where_it_was() -> None:
    x = noise(2, 3, 4)
    detail = behind(Copy, Flatten(), x, 17)
    assert (detail.source, detail.target) == ((1, 1, 1), (17,))
    assert detail.x == detail.result == x[1, 1, 1]


@pytest.mark.parametrize("shape", [(3,), (3, 2, 2)])
def test_dropout_hands_values_on(shape: tuple[int, ...]) -> None:
    x = noise(*shape)
    place = (2, 1, 0)[: len(shape)]
    detail = behind(Copy, Dropout(), x, *place)
    assert detail.source == detail.target == place
    assert detail.x == detail.result == x[place]


EVERY_KIND: list[tuple[Layer, tuple[int, ...], type[Detail]]] = [
    (Conv2d(2, 3, 3, padding="same"), (2, 6, 6), Products),
    (ConvTranspose2d(2, 3, 2, 2), (2, 6, 6), TransposedProducts),
    (Linear(6, 3), (6,), WeightedSum),
    (MaxPool2d(2), (2, 6, 6), Choice),
    (AvgPool2d(2), (2, 6, 6), Choice),
    (GlobalAvgPool2d(), (2, 6, 6), Choice),
    (ReLU(), (2, 6, 6), Curve),
    (LeakyReLU(), (2, 6, 6), Curve),
    (Sigmoid(), (2, 6, 6), Curve),
    (Tanh(), (2, 6, 6), Curve),
    (ReLU6(), (2, 6, 6), Curve),
    (HardSigmoid(), (2, 6, 6), Curve),
    (HardSwish(), (2, 6, 6), Curve),
    (SiLU(), (2, 6, 6), Curve),
    (GELU(), (2, 6, 6), Curve),
    (Abs(), (2, 6, 6), Curve),
    (Softmax(), (2, 6, 6), Probabilities),
    (BatchNorm2d(2), (2, 6, 6), Steps),
    (Upsample(2, "bilinear"), (2, 6, 6), Mixture),
    (Flatten(), (2, 6, 6), Copy),
    (Dropout(), (2, 6, 6), Copy),
    (PReLU(2), (2, 6, 6), Curve),
    (AdaptiveAvgPool2d((4, 3)), (2, 6, 6), Choice),
    (GroupNorm(1, 2), (2, 6, 6), Steps),
    (LayerNorm2d(2), (2, 6, 6), Steps),
    (LocalResponseNorm(3, 1.0), (2, 6, 6), Steps),
    (ZeroPad2d(1), (2, 6, 6), Copy),
    (PixelShuffle(2), (8, 6, 6), Copy),
]


def test_every_kind_of_layer_is_tested() -> None:
    assert {type(layer) for layer, _, _ in EVERY_KIND} == set(KINDS.values())


@pytest.mark.parametrize(
    ("layer", "shape", "kind"), EVERY_KIND, ids=[layer.kind for layer, _, _ in EVERY_KIND]
)
def test_what_is_published_cannot_be_changed_and_the_input_stays_the_callers(
    layer: Layer, shape: tuple[int, ...], kind: type[Detail]
) -> None:
    x = noise(*shape)
    y = layer.forward(x)
    detail = unit_detail(layer, [x], y, Unit(1, 1))
    assert isinstance(detail, kind)
    arrays = [getattr(detail, name) for name in type(detail).__dataclass_fields__]
    assert not any(array.flags.writeable for array in arrays if isinstance(array, np.ndarray))
    assert x.flags.writeable
    assert y.flags.writeable
    assert detail.result == y[(1, 0, 0)[: y.ndim]]


@pytest.mark.parametrize(
    "unit", [Unit(1, 2, 0, 0), Unit(1, 0, 6, 0), Unit(1, 0, 0, -1)], ids=["channel", "row", "left"]
)
def test_a_unit_that_does_not_exist_is_rejected(unit: Unit) -> None:
    x = noise(2, 6, 6)
    with pytest.raises(ValueError, match=r"does not exist: the result has the shape \(2, 6, 6\)"):
        unit_detail(ReLU(), [x], x, unit)


def test_a_vector_has_no_rows() -> None:
    with pytest.raises(ValueError, match=r"Unit \(0, 1, 0\) does not exist"):
        unit_detail(ReLU(), [noise(3)], noise(3), Unit(1, 0, 1))
