from __future__ import annotations

import math

import pytest

from convlab.document.stack.sums import (
    comparison,
    connected_weights,
    multiply_add_sum,
    other_operations,
    parameter_sum,
    size_sums,
    value_sum,
)
from convlab.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Upsample,
)

SHAPE = (4, 11, 13)
LAYERS: list[Layer] = [
    Conv2d(4, 6, (3, 5), 2, 1),
    Conv2d(4, 6, 3, groups=2, bias=False),
    ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2),
    ConvTranspose2d(4, 2, (2, 3), dilation=2),
    BatchNorm2d(4),
    MaxPool2d(2),
    AvgPool2d(3, 2, 1, ceil_mode=True),
    GlobalAvgPool2d(),
    Upsample((2, 3)),
    ReLU(),
    Dropout(),
]


def worked_out(text: str) -> int:
    """Add up a sum of products as it is written, and check what stands behind the sign."""
    left, _, right = text.replace(",", "").partition(" = ")
    total = sum(math.prod(map(int, part.split("·"))) for part in left.split(" + "))
    assert not right or total == int(right)
    return total


def test_the_numbers_of_the_learning_texts() -> None:
    layer = Conv2d(3, 6, 5)
    assert parameter_sum(layer) == "5·5·3·6 + 6 = 456"
    assert value_sum((6, 28, 28)) == "28·28·6 = 4,704"
    assert connected_weights((3, 32, 32), (6, 28, 28)) == 14_450_688
    assert connected_weights((1, 128, 128), (300,)) == 4_915_200
    assert connected_weights((1, 1000, 1000), (300,)) == 300_000_000
    assert connected_weights((100, 100), (300,)) == 3_000_000


def test_the_size_is_written_out() -> None:
    assert size_sums(Conv2d(3, 6, 5), (3, 32, 32)) == ("32 − 5 + 1 = 28",) * 2
    assert size_sums(Conv2d(1, 1, 3, padding=1), (1, 6, 6)) == ("6 − 3 + 1 + 2×1 = 6",) * 2
    assert size_sums(Conv2d(1, 1, 3, 2), (1, 7, 7)) == ("floor((7 − 3)/2) + 1 = 3",) * 2
    assert size_sums(Upsample((2, 3)), SHAPE) == ("11·2 = 22", "13·3 = 39")
    assert size_sums(ConvTranspose2d(4, 1, 4, 2, 1), SHAPE) == (
        "2·(11 − 1) + 4 − 2·1 = 22",
        "2·(13 − 1) + 4 − 2·1 = 26",
    )
    assert size_sums(ConvTranspose2d(4, 1, 3, 2, 0, 1, dilation=2), SHAPE) == (
        "2·(11 − 1) + 2·(3 − 1) + 1 + 1 = 26",
        "2·(13 − 1) + 2·(3 − 1) + 1 + 1 = 30",
    )
    assert size_sums(AvgPool2d(3, 2, 1), (1, 12, 12)) == ("floor((12 + 2×1 − 3)/2) + 1 = 6",) * 2
    assert size_sums(ReLU(), SHAPE) is None
    assert size_sums(GlobalAvgPool2d(), SHAPE) is None


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: type(layer).__name__)
def test_the_sums_are_the_costs(layer: Layer) -> None:
    cost, after = layer.cost(SHAPE), layer.output_shape(SHAPE)
    parameters = parameter_sum(layer)
    if cost.parameters:
        assert worked_out(parameters) == cost.parameters
    else:
        assert parameters == "0, nothing to learn"
    assert worked_out(multiply_add_sum(layer, SHAPE, after)) == cost.multiply_adds
    assert worked_out(value_sum(after)) == math.prod(after)
    for place, text in enumerate(size_sums(layer, SHAPE) or (), 1):
        assert text.endswith(f"= {after[place]}")


def test_the_sums_of_a_linear_layer() -> None:
    assert parameter_sum(Linear(400, 120)) == "400·120 + 120 = 48,120"
    assert parameter_sum(Linear(400, 120, bias=False)) == "400·120 = 48,000"
    assert multiply_add_sum(Linear(400, 120), (400,), (120,)) == "400·120 = 48,000"
    assert value_sum((120,)) == "120"


def test_batch_normalisation_learns_two_numbers_per_map() -> None:
    assert parameter_sum(BatchNorm2d(4)) == "4 + 4 = 8"


def test_a_convolution_beside_a_fully_connected_layer() -> None:
    found = comparison(Conv2d(3, 6, 5), (3, 32, 32), (6, 28, 28))
    assert found is not None
    assert (found.name, found.parameters, found.connected) == ("convolution", 456, 14_450_688)
    # 14,450,688 / 456 = 31,690.1
    assert found.text == ("Fully connected: about 31,690 times as many (4,704 biases not counted).")


@pytest.mark.parametrize(
    ("shape", "layer", "times"),
    [
        ((1, 3, 3), Conv2d(1, 1, 2), " 7.2 "),  # 9·4 / 5
        ((1, 8, 8), Conv2d(1, 1, 8, bias=False), " 1 "),
        ((1, 40, 40), Conv2d(1, 1, 1, bias=False), " 2,560,000 "),
    ],
)
def test_the_ratio_is_rounded_to_three_digits(
    shape: tuple[int, ...], layer: Layer, times: str
) -> None:
    found = comparison(layer, shape, layer.output_shape(shape))
    assert found is not None
    assert f"about{times}times" in found.text


def test_pooling_learns_nothing() -> None:
    found = comparison(MaxPool2d(2), (6, 28, 28), (6, 14, 14))
    assert found is not None
    assert (found.name, found.parameters) == ("pooling", 0)
    assert found.connected == 6 * 28 * 28 * 6 * 14 * 14
    assert found.text.startswith("Nothing to learn; fully connected: 5,531,904 weights")


def test_a_filter_larger_than_the_map_is_said_to_be() -> None:
    layer = Conv2d(1, 1, 5, padding=2)
    found = comparison(layer, (1, 2, 2), (1, 2, 2))
    assert found is not None
    assert found.connected == 16 < found.parameters
    assert "larger than the map" in found.text


def test_a_linear_layer_is_fully_connected() -> None:
    found = comparison(Linear(400, 120), (400,), (120,))
    assert found is not None
    assert found.connected == 48_000
    assert found.text.startswith("This layer is fully connected")


@pytest.mark.parametrize("layer", [ReLU(), BatchNorm2d(4), Flatten(), Dropout()])
def test_what_handles_each_value_alone_is_not_compared(layer: Layer) -> None:
    assert comparison(layer, SHAPE, layer.output_shape(SHAPE)) is None


def test_what_is_no_product_is_told_apart() -> None:
    assert other_operations(MaxPool2d(2).cost((6, 28, 28))) == "3,528 comparisons"
    assert other_operations(AvgPool2d(2).cost((1, 4, 4))) == "12 additions, 4 divisions"
    assert other_operations(Conv2d(3, 6, 5).cost((3, 32, 32))) == ""
