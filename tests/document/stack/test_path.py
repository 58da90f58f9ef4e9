from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.model import Unit
from convlab.document.stack.path import Box, unit_path
from convlab.engine.receptive_field import Interval
from convlab.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Layer,
    LayerNorm2d,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    Softmax,
    Stack,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.base import Shape
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Concat, Multiply


def back(layers: list[Layer], shape: Shape, unit: Unit) -> list[Box | None]:
    graph = Graph.of(Stack(layers))
    found = unit_path(graph, graph.shapes(shape), unit)
    return [found.get(uid) for uid in range(unit.uid + 1)]


def test_two_convolutions_see_five_pixels() -> None:
    layers: list[Layer] = [Conv2d(3, 4, 3), ReLU(), Conv2d(4, 2, 3)]
    boxes = back(layers, (3, 12, 12), Unit(3, 1, 2, 3))
    assert boxes[0] == Box(Interval(0, 2), Interval(2, 6), Interval(3, 7))
    assert boxes[1] == boxes[2] == Box(Interval(0, 3), Interval(2, 4), Interval(3, 5))
    assert boxes[3] == Box(Interval(1, 1), Interval(2, 2), Interval(3, 3))


def test_padding_is_no_part_of_the_picture() -> None:
    boxes = back([Conv2d(1, 1, 3, padding=1)], (1, 6, 6), Unit(1, 0, 0, 5))
    assert boxes[0] == Box(Interval(0, 0), Interval(0, 1), Interval(4, 5))


def test_a_unit_of_padding_only_is_made_from_nothing() -> None:
    boxes = back([Conv2d(1, 1, 3, padding=3), ReLU()], (1, 6, 6), Unit(2, 0, 0, 0))
    assert boxes[0] is None
    assert boxes[1] is not None


def test_groups_stay_apart() -> None:
    boxes = back([Conv2d(6, 4, 1, groups=2)], (6, 3, 3), Unit(1, 2, 1, 1))
    assert boxes[0] is not None
    assert boxes[0].channels == Interval(3, 5)


def test_flattening_leads_back_to_the_pixel() -> None:
    layers: list[Layer] = [MaxPool2d(2), Flatten()]
    boxes = back(layers, (3, 8, 8), Unit(2, 1 * 16 + 2 * 4 + 3))
    assert boxes[1] == Box(Interval(1, 1), Interval(2, 2), Interval(3, 3))
    assert boxes[0] == Box(Interval(1, 1), Interval(4, 5), Interval(6, 7))


def test_a_dense_layer_sees_everything() -> None:
    boxes = back([Flatten(), Linear(48, 5), Softmax()], (3, 4, 4), Unit(3, 2))
    assert boxes[0] == Box(Interval(0, 2), Interval(0, 3), Interval(0, 3))
    assert boxes[2] == Box(Interval(0, 4), Interval(0, 0), Interval(0, 0))


@pytest.mark.parametrize(
    "layers",
    [
        [Conv2d(2, 3, 3, stride=2, padding=1), ReLU(), Conv2d(3, 2, (3, 1), dilation=2)],
        [Conv2d(2, 4, 3, padding="same", groups=2), MaxPool2d(2), Conv2d(4, 2, 2)],
        [ConvTranspose2d(2, 3, 4, stride=2, padding=1), AvgPool2d(3, stride=2, padding=1)],
        [Upsample(2, "bilinear"), Conv2d(2, 2, 3)],
        [Conv2d(2, 3, 3), GlobalAvgPool2d()],
        [Conv2d(2, 3, 3), AdaptiveAvgPool2d((4, 3)), ZeroPad2d((1, 2, 0, 3))],
        [Conv2d(2, 8, 3), LocalResponseNorm(4, 1.0), PixelShuffle(2), PReLU(2)],
        [Conv2d(2, 4, 3, groups=2), LayerNorm2d(4)],
        [Conv2d(2, 4, 3, groups=2), GroupNorm(2, 4)],
        [Conv2d(2, 3, 3), Flatten(), Linear(3 * 11 * 10, 4)],
    ],
)
def test_what_lies_outside_the_box_changes_nothing(layers: list[Layer]) -> None:
    """The oracle is the stack itself: noise everywhere else leaves the unit as it is."""
    generator = np.random.default_rng(1)
    x = generator.standard_normal((2, 13, 12)).astype(np.float32)
    last = Stack(layers).forward(x)[-1]
    for place in [tuple(int(generator.integers(size)) for size in last.shape) for _ in range(6)]:
        box = back(layers, x.shape, Unit(len(layers), *place))[0]
        other = generator.standard_normal(x.shape).astype(np.float32)
        if box is not None:
            inside = tuple(
                slice(span.first, span.last + 1) for span in (box.channels, box.rows, box.columns)
            )
            other[inside] = x[inside]
        assert Stack(layers).forward(other)[-1][place] == pytest.approx(last[place], rel=1e-4)


BRANCHES = Graph(
    [
        Node(1, Conv2d(2, 4, 3, padding=1)),
        Node(2, GlobalAvgPool2d(), (1,)),
        Node(3, Multiply(), (1, 2)),
        Node(4, Conv2d(2, 4, 1), (INPUT,)),
        Node(5, Add(), (3, 4)),
        Node(6, Affine(4), (4,)),
        Node(7, Concat(), (5, 6)),
        Node(8, ChannelSlice(2, 8, 2), (7,)),
        Node(9, MaxPool2d(2), (8,)),
    ]
)


@pytest.mark.parametrize("channel", range(3))
def test_what_lies_outside_the_boxes_of_all_branches_changes_nothing(channel: int) -> None:
    generator = np.random.default_rng(1)
    x = generator.standard_normal((2, 9, 8)).astype(np.float32)
    results = BRANCHES.forward(x)
    shapes = {uid: result.shape for uid, result in results.items()}
    boxes = unit_path(BRANCHES, shapes, Unit(9, channel, 2, 1))
    box = boxes[INPUT]
    assert box is not None
    other = generator.standard_normal(x.shape).astype(np.float32)
    inside = tuple(slice(span.first, span.last + 1) for span in box)
    other[inside] = x[inside]
    found = BRANCHES.forward(other)[9][channel, 2, 1]
    assert found == pytest.approx(results[9][channel, 2, 1], rel=1e-5)


def test_only_the_branch_that_a_channel_comes_from_is_on_its_path() -> None:
    shapes = BRANCHES.shapes((2, 9, 8))
    of_first = unit_path(BRANCHES, shapes, Unit(7, 1, 4, 3))
    assert of_first[6] is None
    assert of_first[2] == Box(Interval(1, 1), Interval(0, 0), Interval(0, 0))
    assert of_first[1] == Box(Interval(1, 1), Interval(0, 8), Interval(0, 7))
    of_second = unit_path(BRANCHES, shapes, Unit(7, 6, 4, 3))
    assert of_second[5] is None
    assert of_second[4] == Box(Interval(2, 2), Interval(4, 4), Interval(3, 3))
    assert of_second[INPUT] == Box(Interval(0, 1), Interval(4, 4), Interval(3, 3))
