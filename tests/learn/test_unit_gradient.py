from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.engine.arrays import FloatArray
from convlab.engine.pad import without_padding
from convlab.engine.pixel_shuffle import pixel_unshuffle
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
    Stack,
    Tanh,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.layers.registry import KINDS
from convlab.learn.gradients import activation, dense, group_norm, norm, pooling
from convlab.learn.gradients import convolution as convolutions
from convlab.learn.gradients.prelu import prelu_gradient
from convlab.learn.gradients.response_norm import local_response_norm_gradient
from convlab.learn.gradients.upsample import upsample_gradient
from convlab.learn.unit_gradient import unit_gradient
from tests import slow
from tests.learn.chains import chain_gradient
from tests.learn.gradients.differences import (
    TOLERANCE,
    Array,
    differences,
    gradient_of_conv2d,
    gradient_of_max_pool2d,
)
from tests.slow import noise

Back = Callable[[Any, FloatArray, FloatArray, FloatArray], FloatArray]


def pool_options(layer: Any) -> dict[str, Any]:
    return {
        "stride": layer.stride,
        "padding": layer.padding,
        "ceil_mode": layer.ceil_mode,
    }


# (layer, gradient of the whole map, input, output): the whole way back, nothing left out.
BACK: dict[type[Layer], Back] = {
    Conv2d: lambda a, g, x, y: (
        gradient_of_conv2d(
            g,
            x,
            a.weight,
            stride=a.stride,
            padding=a.padding,
            dilation=a.dilation,
            groups=a.groups,
            border=a.border,
            value=a.value,
            flip=a.flip,
        ).x
    ),
    ConvTranspose2d: lambda a, g, x, y: (
        convolutions.conv_transpose2d_gradient(
            g,
            x,
            a.weight,
            stride=a.stride,
            padding=a.padding,
            output_padding=a.output_padding,
            dilation=a.dilation,
            groups=a.groups,
        ).x
    ),
    MaxPool2d: lambda a, g, x, y: gradient_of_max_pool2d(
        g, x, a.kernel_size, dilation=a.dilation, **pool_options(a)
    ),
    AvgPool2d: lambda a, g, x, y: pooling.avg_pool2d_gradient(
        g, x.shape, a.kernel_size, count_include_pad=a.count_include_pad, **pool_options(a)
    ),
    GlobalAvgPool2d: lambda a, g, x, y: pooling.global_avg_pool2d_gradient(g, x.shape),
    BatchNorm2d: lambda a, g, x, y: (
        norm.batch_norm2d_gradient(g, x, a.running_mean, a.running_var, a.weight, eps=a.eps).x
    ),
    ReLU: lambda a, g, x, y: activation.relu_gradient(g, x),
    LeakyReLU: lambda a, g, x, y: activation.leaky_relu_gradient(g, x, a.negative_slope),
    Sigmoid: lambda a, g, x, y: activation.sigmoid_gradient(g, y),
    Tanh: lambda a, g, x, y: activation.tanh_gradient(g, y),
    ReLU6: lambda a, g, x, y: activation.relu6_gradient(g, x),
    HardSigmoid: lambda a, g, x, y: activation.hard_sigmoid_gradient(g, x),
    HardSwish: lambda a, g, x, y: activation.hard_swish_gradient(g, x),
    SiLU: lambda a, g, x, y: activation.silu_gradient(g, x),
    GELU: lambda a, g, x, y: activation.gelu_gradient(g, x, a.approximate),
    Abs: lambda a, g, x, y: activation.absolute_gradient(g, x),
    Softmax: lambda a, g, x, y: activation.softmax_gradient(g, y),
    Flatten: lambda a, g, x, y: g.reshape(x.shape),
    Linear: lambda a, g, x, y: dense.linear_gradient(g, x, a.weight).x,
    Dropout: lambda a, g, x, y: g,
    PReLU: lambda a, g, x, y: prelu_gradient(g, x, a.weight).x,
    AdaptiveAvgPool2d: lambda a, g, x, y: pooling.adaptive_avg_pool2d_gradient(g, x.shape),
    GroupNorm: lambda a, g, x, y: (
        group_norm.group_norm_gradient(g, x, a.num_groups, a.weight, eps=a.eps).x
    ),
    LayerNorm2d: lambda a, g, x, y: group_norm.layer_norm2d_gradient(g, x, a.weight, eps=a.eps).x,
    LocalResponseNorm: lambda a, g, x, y: local_response_norm_gradient(g, x, **a.arguments),
    ZeroPad2d: lambda a, g, x, y: without_padding(g, a.sides),
    PixelShuffle: lambda a, g, x, y: pixel_unshuffle(g, a.upscale_factor),
    Upsample: lambda a, g, x, y: upsample_gradient(
        g, x.shape, a.scale_factor, a.mode, a.align_corners
    ),
}


def whole_way_back(layers: Sequence[Layer], maps: list[FloatArray], unit: Any) -> FloatArray:
    gradient: FloatArray = np.zeros(maps[-1].shape, np.float32)
    gradient[tuple(unit)] = 1
    for number in range(len(layers) - 1, -1, -1):
        layer = layers[number]
        gradient = BACK[type(layer)](layer, gradient, maps[number], maps[number + 1])
    return gradient


def check(layers: Sequence[Layer], x: FloatArray, unit: Sequence[int]) -> None:
    results = Stack(layers).forward(x)
    found = chain_gradient(layers, x, results, unit)
    expected = whole_way_back(layers, [x, *results], unit)
    assert found.values.dtype == np.float32
    np.testing.assert_allclose(found.full(x.shape), expected, rtol=1e-4, atol=1e-6)


def weights(*shape: int) -> FloatArray:
    return noise(*shape, seed=sum(shape))


def test_a_sobel_unit_by_hand() -> None:
    kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)[None, None]
    layer, x = Conv2d(1, 1, 3, padding=1, weight=kernel), noise(1, 5, 6)
    results = [layer.forward(x)]
    found = chain_gradient([layer], x, results, (0, 2, 3))
    assert found.corner == (1, 2)
    np.testing.assert_array_equal(found.values, kernel[0])
    edge = chain_gradient([layer], x, results, (0, 0, 5))
    assert edge.corner == (0, 4)
    assert edge.values.tolist() == [[[2, 0], [1, 0]]]


def test_the_largest_pixel_and_the_way_through_relu() -> None:
    x = np.array([[[1, 5, -2, -3], [4, 3, -6, -7]]], np.float32)
    layers = [ReLU(), MaxPool2d(2)]
    results = Stack(layers).forward(x)
    assert chain_gradient(layers, x, results, (0, 0, 0)).values.tolist() == [[[0, 1], [0, 0]]]
    assert not chain_gradient(layers, x, results, (0, 0, 1)).full(x.shape).any()


def test_a_unit_that_sees_only_padding_has_an_empty_box() -> None:
    x = noise(2, 4, 4)
    for layer in (Conv2d(2, 1, 1, padding=2), ConvTranspose2d(2, 1, 1, stride=3)):
        results = layer.forward(x)
        found = chain_gradient([ReLU(), layer], x, [x, results], (0, 1, 1))
        assert found.is_empty
        assert found.values.shape == (2, 0, 0)
        np.testing.assert_array_equal(found.full(x.shape), np.zeros((2, 4, 4)))


def test_every_kind_of_layer_has_its_gradient() -> None:
    assert set(BACK) == set(KINDS.values())


LAYERS: list[Layer] = [
    Conv2d(4, 6, 3, padding="same"),
    Conv2d(4, 6, (2, 3), stride=(2, 1), padding=(2, 0, 1, 3), dilation=(1, 2), groups=2),
    Conv2d(4, 2, 3, padding="full", border="constant", value=2.0, flip=True),
    Conv2d(4, 2, 5, stride=2, padding=2, border="replicate"),
    Conv2d(4, 2, (3, 2), padding="full", border="reflect", flip=True),
    Conv2d(4, 2, 3, padding=(3, 1, 0, 2), dilation=2, border="circular"),
    ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1),
    ConvTranspose2d(4, 4, (2, 3), stride=(3, 2), dilation=(1, 2), groups=2),
    MaxPool2d(2),
    MaxPool2d(3, 2, 1, ceil_mode=True),
    MaxPool2d((2, 3), (1, 2), (1, 1), (2, 1)),
    AvgPool2d(2),
    AvgPool2d(3, 2, 1, ceil_mode=True),
    AvgPool2d((2, 3), (2, 1), 1, count_include_pad=False),
    GlobalAvgPool2d(),
    BatchNorm2d(4, 1e-3, weights(4), weights(4), weights(4), np.abs(weights(4))),
    ReLU(),
    LeakyReLU(0.2),
    Sigmoid(),
    Tanh(),
    ReLU6(),
    HardSigmoid(),
    HardSwish(),
    SiLU(),
    GELU(),
    GELU("tanh"),
    Abs(),
    Softmax(),
    Dropout(),
    PReLU(),
    PReLU(4, weight=weights(4)),
    AdaptiveAvgPool2d(2),
    AdaptiveAvgPool2d((5, 13)),
    GroupNorm(2, 4, 1e-3, weights(4), weights(4)),
    LayerNorm2d(4, 1e-3, weights(4), weights(4)),
    LocalResponseNorm(3, 1.0),
    LocalResponseNorm(4, 1.0, 0.5),
    ZeroPad2d((1, 2, 0, 3)),
    PixelShuffle(2),
    Upsample(3),
    Upsample((2, 3), "bilinear"),
    Upsample((3, 2), "bilinear", align_corners=True),
    Flatten(),
]


@pytest.mark.parametrize("number", range(len(LAYERS)))
def test_every_unit_of_one_layer_between_two_convolutions(number: int) -> None:
    layer, x = LAYERS[number], noise(2, 7, 9, seed=number)
    layers: list[Layer] = [Conv2d(2, 4, 2), layer]
    shape = Stack(layers).shapes(x.shape)[-1]
    if len(shape) == 3:
        layers.append(Conv2d(shape[0], 2, 2, padding=1))
        shape = Stack(layers).shapes(x.shape)[-1]
    for unit in np.ndindex(*shape):
        check(layers, x, unit)


def test_behind_linear_layers_the_box_is_the_whole_map() -> None:
    layers = [Conv2d(1, 3, 3), Sigmoid(), MaxPool2d(2), Flatten(), Linear(27, 5), Tanh()]
    layers += [Linear(5, 4), Softmax()]
    x = noise(1, 8, 8)
    for index in range(4):
        check(layers, x, (index,))
    found = chain_gradient(layers, x, Stack(layers).forward(x), (0,))
    assert found.corner == (0, 0)
    assert found.values.shape == (1, 8, 8)


def test_a_unit_of_the_flat_vector_sees_as_little_as_on_the_map() -> None:
    convolution, x = Conv2d(1, 2, 3), noise(1, 8, 8)
    layers = [convolution, Flatten()]
    found = chain_gradient(layers, x, Stack(layers).forward(x), (36 + 6 * 2 + 1,))
    assert found.corner == (2, 1)
    np.testing.assert_allclose(found.values, convolution.weight[1])


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Layer], FloatArray, Any]:
    kernel, gap = draw(st.integers(1, 4)), draw(st.integers(1, 2))
    border = draw(st.sampled_from(["zeros", "constant", "replicate", "reflect", "circular"]))
    sides = draw(st.tuples(*[st.integers(0, 4)] * 4))
    first = Conv2d(1, 2, kernel, draw(st.integers(1, 3)), sides, gap, border=border)
    pool = draw(st.integers(1, 3))
    middle = draw(
        st.sampled_from(
            [
                MaxPool2d(pool, draw(st.integers(1, 3)), pool // 2, gap, draw(st.booleans())),
                AvgPool2d(pool, None, pool // 2, draw(st.booleans()), draw(st.booleans())),
                ConvTranspose2d(2, 2, kernel, pool, 0, 0, 1, True, gap),
                Upsample(pool, "bilinear"),
            ]
        )
    )
    layers = [first, middle, Conv2d(2, 1, 2, border=border, padding=draw(st.integers(0, 2)))]
    x = noise(1, *draw(st.tuples(*[st.integers(1, 9)] * 2)), seed=draw(st.integers(0, 99)))
    try:
        shape = Stack(layers).shapes(x.shape)[-1]
    except ValueError:
        assume(False)
    unit = tuple(draw(st.integers(0, size - 1)) for size in shape)
    return layers, x, unit


@settings(max_examples=200, deadline=None)
@given(case=cases())
def test_random_stacks(case: tuple[list[Layer], FloatArray, Any]) -> None:
    layers, x, unit = case
    assume(np.isfinite(Stack(layers).forward(x)[-1]).all())  # a pool of padding: minus infinity
    check(layers, x, unit)


def test_finite_differences_in_float64() -> None:
    """A stack told once more in slow loops: convolution, leaky ReLU, pool, the reverse, tanh."""
    first, last = Conv2d(2, 3, 3, padding=1), ConvTranspose2d(3, 2, 3, 2, 1)
    second = Conv2d(3, 3, 2, 2, border="reflect", padding=1)
    layers: list[Layer] = [first, LeakyReLU(0.1), AvgPool2d(3, 2, 1), second, last, Tanh()]
    x = noise(2, 8, 9, seed=3)
    results = Stack(layers).forward(x)

    kernels = [layer.weight.astype(np.float64) for layer in (first, second, last)]

    def loss(picture: Array) -> float:
        maps = slow.conv2d(picture[None], kernels[0], padding=(1, 1, 1, 1))
        maps = np.where(maps > 0, maps, 0.1 * maps)
        maps = slow.avg_pool2d(maps, (3, 3), (2, 2), (1, 1))
        maps = slow.conv2d(maps, kernels[1], stride=(2, 2), padding=(1, 1, 1, 1), border="reflect")
        maps = slow.conv_transpose2d(maps, kernels[2], stride=(2, 2), padding=(1, 1))
        return float(np.tanh(maps)[0, 1, 1, 2])

    np.testing.assert_allclose(results[-1][1, 1, 2], loss(x.astype(np.float64)), rtol=1e-4)
    found = chain_gradient(layers, x, results, (1, 1, 2)).full(x.shape)
    expected = differences(loss, x)
    assert np.abs(found - expected).max() <= TOLERANCE * np.abs(expected).max()


def test_a_unit_of_the_picture_itself() -> None:
    found = chain_gradient([], noise(3, 4, 5), [], (2, 1, 4))
    assert found.corner == (1, 4)
    assert found.values.tolist() == [[[0]], [[0]], [[1]]]


def test_the_inputs_are_not_changed_and_the_box_is_its_own() -> None:
    layers, x = [Dropout(), ReLU()], noise(1, 3, 3)
    results = Stack(layers).forward(x)
    kept = x.copy()
    chain_gradient(layers, x, results, (0, 1, 1)).values[...] = 9
    np.testing.assert_array_equal(x, kept)


def test_what_does_not_fit_is_rejected() -> None:
    x = noise(1, 3, 4)
    for unit in ((0, 3, 0), (0, -1, 0), (1, 0, 0), (5,)):
        with pytest.raises(ValueError, match=r"unit .* does not exist .* \(1, 3, 4\)"):
            chain_gradient([], x, [], unit)
    with pytest.raises(ValueError, match="node 1 has no result: run it first"):
        chain_gradient([ReLU()], x, [], (0, 0, 0))
    found = chain_gradient([], x, [], (0, 2, 3))
    with pytest.raises(ValueError, match=r"\(2, 3\) does not lie in a map of shape \(1, 3, 3\)"):
        found.full((1, 3, 3))


# A gate, a skip connection, both side by side, and some of their channels.
BRANCHES = Graph(
    [
        Node(1, Conv2d(2, 4, 3, padding=1)),
        Node(2, GlobalAvgPool2d(), (1,)),
        Node(3, Multiply(), (1, 2)),
        Node(4, Conv2d(2, 4, 1), (INPUT,)),
        Node(5, Subtract(), (3, 4, 1)),
        Node(6, Affine(4, weights(4), weights(4)), (4,)),
        Node(7, Concat(), (5, 6)),
        Node(8, ChannelSlice(2, 8, 2), (7,)),
        Node(9, AvgPool2d(2), (8,)),
        Node(10, Add(), (9, 9)),
    ]
)


@pytest.mark.parametrize("unit", [(0, 1, 2), (1, 0, 0), (2, 3, 3)])
def test_a_unit_answers_through_all_branches(unit: tuple[int, int, int]) -> None:
    x = noise(2, 8, 9)
    found = unit_gradient(BRANCHES, BRANCHES.forward(x), 10, unit).full(x.shape)
    for place in np.ndindex(x.shape):  # quadratic in each pixel: central differences are exact
        more, less = x.copy(), x.copy()
        more[place] += 0.5
        less[place] -= 0.5
        change = BRANCHES.forward(more)[10][unit] - BRANCHES.forward(less)[10][unit]
        assert change == pytest.approx(found[place], abs=2e-5 * max(1.0, float(abs(found).max())))


def test_a_branch_that_is_off_is_no_part_of_it() -> None:
    x = noise(2, 3, 3)
    nodes = [Node(1, Affine(1, [5.0], [0.0])), Node(2, Add(), (INPUT, 1))]  # type: ignore[arg-type]
    off = [replace(nodes[0], is_on=False), nodes[1]]
    for graph, expected in ((Graph(nodes), 6.0), (Graph(off), 2.0)):
        found = unit_gradient(graph, graph.forward(x), 2, (1, 0, 2))
        assert found.corner == (0, 2)
        assert found.values.ravel().tolist() == [0.0, expected]
