from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine.arrays import FloatArray
from convlab.engine.shapes import Padding
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GroupNorm,
    Layer,
    LayerNorm2d,
    LeakyReLU,
    Linear,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.catalog import DEPTHWISE, entries, entry_of, make_layer
from convlab.layers.editing import (
    with_bias,
    with_filter,
    with_number,
    with_parameter,
    with_parameters,
    with_weight,
)
from convlab.layers.filters import filter_of, inputs_of
from convlab.layers.fitting import check
from convlab.layers.graph import Graph, chain
from convlab.layers.parameters import parameter
from convlab.layers.registry import KINDS
from convlab.layers.regrowing import MOST_WEIGHTS


def counted(*shape: int) -> FloatArray:
    """1, 2, 3 and so on: each cell can be told from the others."""
    return np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(shape)


def conv(inputs: int, outputs: int, size: int = 3, groups: int = 1) -> Conv2d:
    weight = counted(outputs, inputs // groups, size, size)
    return Conv2d(
        inputs, outputs, size, groups=groups, weight=weight, bias=counted(outputs), padding="same"
    )


# Making.


@pytest.mark.parametrize("kind", [*KINDS, DEPTHWISE])
@pytest.mark.parametrize("shape", [(3, 24, 32), (1, 1, 1), (12, 1, 7)])
def test_a_new_layer_fits_a_picture(kind: str, shape: tuple[int, int, int]) -> None:
    layer = make_layer(kind, shape)
    if kind == "linear":
        assert layer.output_shape((int(np.prod(shape)),)) == (10,)
    else:
        assert min(layer.output_shape(shape)) >= 1


@pytest.mark.parametrize("kind", [*KINDS, DEPTHWISE])
def test_a_new_layer_can_be_made_behind_flatten(kind: str) -> None:
    layer = make_layer(kind, (40,))
    if kind in ("linear", "relu", "softmax", "dropout", "flatten"):
        assert len(layer.output_shape((40,))) == 1


def test_new_layers_have_the_sizes_of_the_learning_texts() -> None:
    shape = (6, 20, 30)
    assert make_layer("conv2d", shape).output_shape(shape) == (8, 20, 30)
    assert make_layer("conv_transpose2d", shape).output_shape(shape) == (6, 40, 60)
    assert make_layer("max_pool2d", shape).output_shape(shape) == (6, 10, 15)
    assert make_layer("upsample", shape).output_shape(shape) == (6, 40, 60)
    depthwise = make_layer(DEPTHWISE, shape)
    assert isinstance(depthwise, Conv2d)
    assert depthwise.weight.shape == (6, 1, 3, 3)


def test_new_layers_differ_by_their_seed_only() -> None:
    first, again, other = (make_layer("conv2d", (3, 9, 9), seed) for seed in (1, 1, 2))
    assert isinstance(first, Conv2d)
    assert isinstance(again, Conv2d)
    assert isinstance(other, Conv2d)
    np.testing.assert_array_equal(first.weight, again.weight)
    assert not np.isclose(first.weight, other.weight).any()


def test_an_unknown_layer_is_rejected() -> None:
    with pytest.raises(ValueError, match="layer 'conv3d' is unknown: choose one of conv2d"):
        make_layer("conv3d", (3, 9, 9))


def test_a_matrix_for_a_large_picture_has_fewer_outputs_or_is_rejected() -> None:
    layer = make_layer("linear", (3, 1000, 1000))
    assert isinstance(layer, Linear)
    assert layer.weight.shape == (5, 3_000_000)
    with pytest.raises(ValueError, match="100000000 weights is too large"):
        make_layer("linear", (100, 1000, 1000))


def test_the_menu_has_every_kind_and_depthwise() -> None:
    kinds = [entry.kind for entry in entries()]
    assert sorted(kinds) == sorted([*KINDS, DEPTHWISE])
    assert kinds[:2] == ["conv2d", DEPTHWISE]
    assert entry_of(conv(4, 4)).title == "Convolution"
    assert entry_of(conv(4, 4, groups=4)).title == "Depthwise convolution"
    assert entry_of(conv(1, 1)).title == "Convolution"
    assert entry_of(MaxPool2d(2)).title == "Max pooling"


# Parameters.


@pytest.mark.parametrize(
    ("layer", "name", "value"),
    [
        (conv(2, 4), "stride", 2),
        (conv(2, 4), "padding", (1, 2, 3, 4)),
        (conv(2, 4), "padding", "full"),
        (conv(2, 4), "dilation", (1, 2)),
        (conv(2, 4), "border", "reflect"),
        (conv(2, 4), "value", -0.5),
        (conv(2, 4), "flip", True),
        (MaxPool2d(2), "stride", (1, 1)),
        (MaxPool2d(2, 1), "stride", None),
        (LeakyReLU(), "negative_slope", 0.3),
        (Upsample(2), "mode", "bilinear"),
    ],
)
def test_a_change_changes_one_field_and_keeps_the_weights(
    layer: Layer, name: str, value: Any
) -> None:
    changed = with_parameter(layer, name, value)
    assert type(changed) is type(layer)
    expected = (value, value) if name == "stride" and isinstance(value, int) else value
    assert getattr(changed, name) == expected
    for field, old in vars(layer).items():
        if field != name:
            np.testing.assert_array_equal(getattr(changed, field), old)


def test_the_same_value_gives_the_same_layer() -> None:
    layer = conv(2, 4)
    assert with_parameter(layer, "stride", (1, 1)) is layer
    assert with_parameter(layer, "bias", True) is layer
    assert with_parameters(layer, {"in_channels": 2, "padding": "same"}) is layer
    assert with_bias(layer, 1, 2.0) is layer
    assert with_filter(layer, 0, 0, layer.weight[0, 0]) is layer
    assert with_weight(layer, layer.weight) is layer


def test_a_kernel_grows_and_shrinks_around_its_anchor() -> None:
    small = Conv2d(1, 1, 2, weight=counted(1, 1, 2, 2), bias=False)
    # The anchor of 2 cells is the first; that of 3 and of 4 the second.
    grown = with_parameter(small, "kernel_size", (3, 4))
    assert grown.weight[0, 0].tolist() == [[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0]]
    cut = with_parameter(conv(1, 1), "kernel_size", 1)
    assert cut.weight.tolist() == [[[[5.0]]]]
    assert with_parameter(conv(1, 1), "kernel_size", 2).weight.tolist() == [[[[5, 6], [8, 9]]]]


def test_a_grown_kernel_gives_the_same_picture() -> None:
    x = np.random.default_rng(0).standard_normal((2, 9, 11), dtype=np.float32)
    layer = conv(2, 3)
    grown = with_parameter(layer, "kernel_size", (5, 7))
    np.testing.assert_allclose(grown.forward(x), layer.forward(x), rtol=1e-4)


def test_more_outputs_keep_the_old_ones_and_draw_the_new() -> None:
    layer = conv(2, 3)
    more = with_parameter(layer, "out_channels", 5)
    assert more.weight.shape == (5, 2, 3, 3)
    np.testing.assert_array_equal(more.weight[:3], layer.weight)
    assert len(np.unique(more.weight[3:])) == 2 * 2 * 9
    assert more.offsets is not None
    assert more.offsets.tolist() == [1, 2, 3, 0, 0]
    again = with_parameter(layer, "out_channels", 5)
    np.testing.assert_array_equal(again.weight, more.weight)
    fewer = with_parameter(more, "out_channels", 2)
    np.testing.assert_array_equal(fewer.weight, layer.weight[:2])
    assert fewer.offsets is not None
    assert fewer.offsets.tolist() == [1, 2]


def test_new_weights_do_not_repeat_the_draws_of_the_old() -> None:
    layer = make_layer("conv2d", (3, 9, 9))
    assert isinstance(layer, Conv2d)
    more = with_parameter(layer, "in_channels", 4)
    # He divides draws by the root of half the fan-in: 3 and 4 channels of 9 cells.
    old, new = layer.weight * np.sqrt(27 / 2), more.weight[:, 3] * np.sqrt(36 / 2)
    distances = np.abs(old.ravel() - new.reshape(-1, 1)).min(axis=1)
    assert np.median(distances) > 1e-4


def test_more_inputs_keep_the_old_connections() -> None:
    layer = conv(2, 3)
    more = with_parameter(layer, "in_channels", 4)
    np.testing.assert_array_equal(more.weight[:, :2], layer.weight)
    assert (more.weight[:, 2:] != 0).all()
    fewer = with_parameter(layer, "in_channels", 1)
    np.testing.assert_array_equal(fewer.weight, layer.weight[:, :1])


def test_groups_keep_the_connections_inside_them() -> None:
    layer = conv(4, 4)
    halves = with_parameter(layer, "groups", 2)
    assert halves.weight.shape == (4, 2, 3, 3)
    np.testing.assert_array_equal(halves.weight[:2], layer.weight[:2, :2])
    np.testing.assert_array_equal(halves.weight[2:], layer.weight[2:, 2:])
    depthwise = with_parameter(layer, "groups", 4)
    for channel in range(4):
        np.testing.assert_array_equal(depthwise.weight[channel, 0], layer.weight[channel, channel])
    back = with_parameter(depthwise, "groups", 1)
    for channel in range(4):
        np.testing.assert_array_equal(back.weight[channel, channel], layer.weight[channel, channel])


def test_as_many_groups_as_inputs_make_the_outputs_a_multiple() -> None:
    layer = with_parameter(conv(3, 8), "groups", 3)
    assert (layer.in_channels, layer.out_channels, layer.groups) == (3, 9, 3)
    assert layer.is_depthwise


def test_depthwise_follows_its_inputs() -> None:
    layer = with_parameter(conv(4, 8, groups=4), "in_channels", 5)
    assert (layer.in_channels, layer.out_channels, layer.groups) == (5, 10, 5)
    np.testing.assert_array_equal(layer.weight[:8], conv(4, 8, groups=4).weight)
    assert layer.offsets is not None
    assert layer.offsets.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 0, 0]


def test_groups_that_do_not_divide_are_rejected() -> None:
    with pytest.raises(ValueError, match="4 and 4 channels cannot be shared among 3 groups"):
        with_parameter(conv(4, 4), "groups", 3)
    with pytest.raises(ValueError, match="make both a multiple of groups"):
        with_parameter(conv(4, 4, groups=2), "out_channels", 5)


def test_a_transposed_convolution_keeps_inputs_first() -> None:
    weight = counted(2, 3, 2, 2)
    layer = ConvTranspose2d(2, 3, 2, weight=weight, bias=counted(3))
    more = with_parameter(layer, "out_channels", 4)
    assert more.weight.shape == (2, 4, 2, 2)
    np.testing.assert_array_equal(more.weight[:, :3], weight)
    assert more.offsets is not None
    assert more.offsets.tolist() == [1, 2, 3, 0]
    deeper = with_parameter(layer, "in_channels", 3)
    np.testing.assert_array_equal(deeper.weight[:2], weight)
    wide = with_parameter(layer, "kernel_size", 3)
    assert wide.weight[0, 0].tolist() == [[0, 0, 0], [0, 1, 2], [0, 3, 4]]
    grouped = with_parameter(ConvTranspose2d(2, 2, 2, weight=counted(2, 2, 2, 2)), "groups", 2)
    np.testing.assert_array_equal(grouped.weight[1, 0], counted(2, 2, 2, 2)[1, 1])


def test_a_bias_is_switched_off_and_on() -> None:
    without = with_parameter(conv(2, 3), "bias", False)
    assert without.offsets is None
    np.testing.assert_array_equal(without.weight, conv(2, 3).weight)
    assert with_parameter(without, "out_channels", 5).offsets is None
    again = with_parameter(without, "bias", True)
    assert again.offsets is not None
    assert again.offsets.tolist() == [0, 0, 0]


def test_a_matrix_keeps_its_corner() -> None:
    layer = Linear(3, 2, weight=counted(2, 3), bias=counted(2))
    more = with_parameters(layer, {"in_features": 4, "out_features": 3})
    np.testing.assert_array_equal(more.weight[:2, :3], layer.weight)
    assert (more.weight[2:] != 0).all()
    assert more.offsets is not None
    assert more.offsets.tolist() == [1, 2, 0]
    assert with_parameter(layer, "in_features", 2).weight.tolist() == [[1, 2], [4, 5]]


def test_batch_norm_keeps_its_channels() -> None:
    layer = BatchNorm2d(2, 1e-3, *(counted(2) * scale for scale in (1, 2, 3, 4)))
    more = with_parameter(layer, "num_features", 3)
    assert more.weight.tolist() == [1, 2, 1]
    assert more.bias.tolist() == [2, 4, 0]
    assert more.running_mean.tolist() == [3, 6, 0]
    assert more.running_var.tolist() == [4, 8, 1]
    assert more.eps == 1e-3


def test_nearest_lets_go_of_the_corners() -> None:
    layer = with_parameter(Upsample(2, "bilinear", True), "mode", "nearest")
    assert (layer.mode, layer.align_corners) == ("nearest", False)
    with pytest.raises(ValueError, match='choose "bilinear"'):
        with_parameter(layer, "align_corners", True)


def test_too_many_weights_are_rejected_and_large_layers_can_still_be_edited() -> None:
    with pytest.raises(ValueError, match=f"is too large: keep it at {MOST_WEIGHTS}"):
        with_parameter(Conv2d(256, 256, 3), "kernel_size", 31)
    large = Linear(MOST_WEIGHTS + 1, 1, weight=np.zeros((1, MOST_WEIGHTS + 1), np.float32))
    assert with_parameter(large, "bias", False).offsets is None


# Weights.


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("transposed", [False, True])
def test_a_kernel_connects_the_two_channels_that_it_says(groups: int, transposed: bool) -> None:
    kind: Any = ConvTranspose2d if transposed else Conv2d
    empty = kind(4, 8, 3, groups=groups, bias=False)
    empty = with_weight(empty, np.zeros(empty.weight.shape))
    for output in range(8):
        inputs = inputs_of(empty, output)
        assert len(inputs) == 4 // groups
        for channel in inputs:
            layer = with_filter(empty, output, channel, counted(3, 3))
            x = np.zeros((4, 5, 5), np.float32)
            x[channel, 2, 2] = 1.0
            changed = np.flatnonzero(layer.forward(x).any(axis=(1, 2)))
            assert changed.tolist() == [output]
            np.testing.assert_array_equal(filter_of(layer, output, channel), counted(3, 3))


def test_a_weight_of_a_matrix_is_a_kernel_of_one_cell() -> None:
    layer = with_filter(Linear(3, 2, weight=counted(2, 3)), 1, 2, [[9.0]])
    assert layer.weight.tolist() == [[1, 2, 3], [4, 5, 9]]
    assert filter_of(layer, 1, 2).tolist() == [[9]]


def test_one_offset_is_changed() -> None:
    changed = with_bias(conv(2, 3), 1, -4.0)
    assert changed.offsets is not None
    assert changed.offsets.tolist() == [1, -4, 3]
    assert with_bias(BatchNorm2d(2), 1, 3.0).bias.tolist() == [0, 3]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39])
def test_what_is_not_finite_is_rejected(bad: float) -> None:
    layer = conv(1, 1)
    kernel = counted(3, 3).astype(np.float64)
    kernel[1, 1] = bad
    with pytest.raises(ValueError, match="give a number that float32 holds"):
        with_filter(layer, 0, 0, kernel)
    with pytest.raises(ValueError, match=r"weight .* cannot be used"):
        with_weight(layer, kernel[None, None])
    with pytest.raises(ValueError, match=r"bias .* cannot be used"):
        with_bias(layer, 0, bad)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: with_filter(conv(2, 2), 2, 0, counted(3, 3)), "no output 2: give one from 0 to 1"),
        (lambda: with_filter(conv(2, 2), -1, 0, counted(3, 3)), "no output -1"),
        (
            lambda: with_filter(conv(2, 2), 0, 2, counted(3, 3)),
            "output 0 has no kernel for input 2",
        ),
        (lambda: with_filter(conv(4, 4, groups=2), 3, 0, counted(3, 3)), "give one from 2 to 3"),
        (lambda: with_filter(conv(2, 2), 0, 0, counted(5, 3)), "5 × 3 cells .* 3 × 3 cells"),
        (lambda: with_filter(ReLU(), 0, 0, [[1.0]]), "ReLU has no kernels"),
        (lambda: with_weight(Flatten(), [1.0]), "Flatten has no weights"),
        (lambda: with_weight(conv(2, 2), counted(2, 2, 5, 5)), r"\(2, 2, 5, 5\).*\(2, 2, 3, 3\)"),
        (lambda: with_bias(Conv2d(1, 1, 3, bias=False), 0, 1.0), "this Conv2d has no bias"),
        (lambda: with_bias(conv(2, 2), 2, 1.0), "no output 2"),
    ],
)
def test_an_edit_that_cannot_be_is_rejected(edit: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        edit()


def test_an_edit_shares_what_it_leaves_alone() -> None:
    layer = Conv2d(3, 2, 3)
    other = with_filter(layer, 1, 2, np.ones((3, 3)))
    assert other.bias is layer.bias
    writable = np.ones((2, 3, 3, 3), np.float32)
    seen = writable[:]
    seen.flags.writeable = False
    made = Conv2d(3, 2, 3, weight=seen)
    writable[:] = 7
    assert (made.weight == 1).all(), "who can write into it must not reach the layer"


def test_zeros_are_shown_by_side_and_kept_in_pytorchs_order() -> None:
    layer = with_parameter(ZeroPad2d((1, 2, 3, 4)), "padding", Padding(5, 6, 7, 8))
    assert layer.padding == (7, 8, 5, 6)
    assert layer.sides == Padding(5, 6, 7, 8)
    assert with_parameter(layer, "padding", Padding(5, 6, 7, 8)) is layer
    with pytest.raises(ValueError, match="does not fit: give 0 to 64"):
        with_parameter(layer, "padding", (65, 0, 0, 0))
    with pytest.raises(ValueError, match="left, right, top, bottom"):
        ZeroPad2d((1, 2))


def test_slopes_follow_their_number_and_their_start() -> None:
    layer = with_parameter(PReLU(weight=[0.5]), "num_parameters", 3)  # type: ignore[arg-type]
    assert layer.weight.tolist() == [0.5, 0.25, 0.25]
    assert with_parameter(layer, "init", 0.125).weight.tolist() == [0.125] * 3
    assert with_number(PReLU(), "weight", 7, 0.5).weight.tolist() == [0.5]


def test_groups_divide_the_channels_that_they_normalise() -> None:
    layer = with_parameter(GroupNorm(4, 8), "num_channels", 6)
    assert (layer.num_groups, len(layer.weight)) == (2, 6)
    assert parameter(layer, "num_groups").allowed == (1, 2, 3, 6)
    assert len(with_parameter(LayerNorm2d(8), "num_channels", 6).bias) == 6
    with pytest.raises(ValueError, match="6 channels cannot be shared among 4 groups"):
        GroupNorm(4, 6)


def test_a_shuffle_that_does_not_fit_says_which_factor_does() -> None:
    _, misfit = check(Graph(chain([PixelShuffle(3)])), (8, 5, 5))
    assert misfit is not None
    assert "8 channels cannot be laid out as squares of 9 pixels" in misfit.message
    (remedy,) = misfit.remedies
    assert (remedy.text, remedy.changes) == ("Set factor to 2", (("upscale_factor", 2),))
