from __future__ import annotations

import numpy as np
import pytest

import convlab
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
from convlab.layers.registry import KINDS
from tests.slow import noise

LENET = Stack(
    [
        Conv2d(1, 6, 5, padding=2),
        ReLU(),
        MaxPool2d(2),
        Conv2d(6, 16, 5),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(400, 120),
        Linear(120, 84),
        Linear(84, 10),
        Softmax(),
    ]
)


def test_shapes_follow_each_other() -> None:
    assert LENET.shapes((1, 28, 28)) == [
        (6, 28, 28),
        (6, 28, 28),
        (6, 14, 14),
        (16, 10, 10),
        (16, 10, 10),
        (16, 5, 5),
        (400,),
        (120,),
        (84,),
        (10,),
        (10,),
    ]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 1, 28, 28)])
def test_every_result_is_given_and_is_that_of_the_layer_on_the_one_before(
    shape: tuple[int, ...],
) -> None:
    x = noise(*shape)
    results = LENET.forward(x)
    batch = shape[:-3]
    assert [result.shape for result in results] == [
        (*batch, *one) for one in LENET.shapes((1, 28, 28))
    ]
    for layer, before, after in zip(LENET.layers, [x, *results], results, strict=False):
        np.testing.assert_array_equal(layer.forward(before), after)
    np.testing.assert_allclose(results[-1].sum(axis=-1), 1.0, rtol=1e-6)


ONES = np.ones((3, 1, 1, 1), np.float32)
CHANGING_NOTHING: list[Layer] = [
    Conv2d(3, 3, 1, groups=3, weight=ONES),
    ConvTranspose2d(3, 3, 1, groups=3, weight=ONES),
    MaxPool2d(1),
    AvgPool2d(1),
    GlobalAvgPool2d(),
    BatchNorm2d(3),
    ReLU(),
    LeakyReLU(1.0),
    Sigmoid(),
    Tanh(),
    ReLU6(),
    HardSigmoid(),
    HardSwish(),
    SiLU(),
    GELU(),
    Abs(),
    Softmax(),
    Flatten(),
    Linear(3, 3, weight=np.eye(3, dtype=np.float32)),
    Dropout(),
    Upsample(1),
    PReLU(init=1.0),
    AdaptiveAvgPool2d(1),
    GroupNorm(3, 3),
    LayerNorm2d(3),
    LocalResponseNorm(1, alpha=0.0),
    ZeroPad2d(0),
    PixelShuffle(1),
]


def test_every_kind_is_tried() -> None:
    assert {type(layer) for layer in CHANGING_NOTHING} == set(KINDS.values())


@pytest.mark.parametrize("layer", CHANGING_NOTHING, ids=lambda layer: layer.kind)
def test_results_share_no_memory(layer: Layer) -> None:
    """Neither with what was given nor with each other: each may be written into."""
    shapes = [(3,)] if isinstance(layer, Linear) else [(3, 1, 1), (2, 3, 1, 1)]
    for shape in [*shapes, *([(3,)] if isinstance(layer, Dropout | Flatten) else [])]:
        x = noise(*shape)
        known = [x]
        for result in Stack([layer, Dropout(), Dropout()]).forward(x):
            assert result.flags.writeable
            assert not any(np.shares_memory(result, other) for other in known)
            known.append(result)


def test_byte_pictures_are_taken_as_parts_of_white() -> None:
    stack = Stack([Conv2d(1, 1, 1, weight=np.ones((1, 1, 1, 1), np.float32))])
    assert stack.forward(np.full((1, 2, 2), 255, np.uint8))[0].tolist() == [[[1, 1], [1, 1]]]


def test_the_summary_is_that_of_lenet() -> None:
    rows = LENET.summary((1, 28, 28))
    assert [row.cost.parameters for row in rows] == [
        156, 0, 0, 2416, 0, 0, 0, 48120, 10164, 850, 0
    ]  # fmt: skip
    assert LENET.cost((1, 28, 28)).parameters == 61_706
    fields = [row.fields and row.fields[0].size for row in rows]
    assert fields == [5, 5, 6, 14, 14, 16, 16, None, None, None, None]
    strides = [row.fields and row.fields[1].stride for row in rows][:6]
    assert strides == [1, 1, 2, 2, 2, 4]
    assert rows[0].kind == "conv2d"
    assert rows[3].shape == (16, 10, 10)


def test_a_global_mean_sees_the_whole_map() -> None:
    rows = Stack([Conv2d(1, 2, 3), GlobalAvgPool2d()]).summary((1, 10, 12))
    assert rows[-1].fields is not None
    assert [field.size for field in rows[-1].fields] == [10, 12]


def test_a_transposed_convolution_is_part_of_the_field() -> None:
    rows = Stack([Conv2d(1, 1, 3), ConvTranspose2d(1, 1, 2, 2)]).summary((1, 9, 9))
    assert rows[-1].shape == (1, 14, 14)
    assert rows[-1].fields is not None
    assert rows[-1].fields[0].size == 3


def test_the_layer_that_does_not_fit_is_named() -> None:
    stack = Stack([Conv2d(1, 4, 3), ReLU(), Conv2d(3, 4, 3)])
    message = r"layer 3 \(Conv2d\): .*4 channels.*3"
    with pytest.raises(ValueError, match=message):
        stack.shapes((1, 9, 9))
    with pytest.raises(ValueError, match=message):
        stack.summary((1, 9, 9))
    with pytest.raises(ValueError, match=message):
        stack.forward(noise(1, 9, 9))


def test_an_empty_stack_has_nothing_to_say() -> None:
    assert Stack([]).forward(noise(1, 3, 3)) == []
    assert Stack([]).shapes((1, 3, 3)) == []
    assert len(Stack([])) == 0


def test_it_is_public() -> None:
    assert convlab.Stack is Stack
    assert convlab.layers.Conv2d is Conv2d
