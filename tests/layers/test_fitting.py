from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from convlab.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
    Stack,
    Upsample,
    fitting,
)
from convlab.layers.base import Shape
from convlab.layers.editing import with_parameters
from convlab.layers.fitting import Misfit, Step
from convlab.layers.graph import Graph, chain


def check(layers: Sequence[Layer], shape: Shape) -> tuple[list[Shape], Misfit | None]:
    """Of layers one behind the other: their shapes, and what does not fit."""
    shapes, misfit = fitting.check(Graph(chain(layers)), shape)
    return list(shapes.values())[1:], misfit


def test_layers_that_fit_have_their_shapes() -> None:
    layers = [Conv2d(3, 6, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(1176, 10), Softmax()]
    shapes, misfit = check(layers, (3, 32, 32))
    assert shapes == [(6, 28, 28), (6, 28, 28), (6, 14, 14), (1176,), (10,), (10,)]
    assert misfit is None
    assert check([], (3, 32, 32)) == ([], None)


def test_shapes_stop_at_the_first_misfit() -> None:
    shapes, misfit = check([ReLU(), Conv2d(4, 8, 3), Conv2d(5, 8, 3)], (3, 9, 9))
    assert shapes == [(3, 9, 9)]
    assert misfit is not None
    assert misfit.uid == 2
    assert misfit.message == ("The input has 3 channels but this layer takes 4: set Inputs to 3.")


@pytest.mark.parametrize(
    ("layer", "shape", "texts"),
    [
        (Conv2d(3, 4, 3), (8, 9, 9), ["Take 8 input channels"]),
        (Conv2d(8, 8, 3, groups=8), (6, 9, 9), ["Take 6 input channels"]),
        (Conv2d(8, 8, 3, groups=4), (6, 9, 9), ["Take 6 input channels in 2 groups"]),
        (Conv2d(8, 8, 3, groups=4), (9, 9, 9), ["Take 9 input channels in 1 group"]),
        (Conv2d(8, 8, 3, groups=4), (12, 9, 9), ["Take 12 input channels"]),
        (Conv2d(3, 4, 3), (1, 9, 9), ["Take 1 input channel"]),
        (ConvTranspose2d(3, 4, 3), (5, 9, 9), ["Take 5 input channels"]),
        (BatchNorm2d(3), (8, 9, 9), ["Take 8 channels"]),
        (BatchNorm2d(3), (1, 9, 9), ["Take 1 channel"]),
        (Linear(5, 2), (1,), ["Take 1 input"]),
        (Linear(5, 2), (400,), ["Take 400 inputs"]),
        (
            Conv2d(3, 4, 5),
            (3, 3, 4),
            ["Set padding to same", "Set padding to 1", "Take 3 × 4 cells"],
        ),
        (
            Conv2d(3, 4, 3, dilation=2, padding=(0, 0, 1, 0)),
            (3, 4, 9),
            [
                "Set padding to same",
                "Set padding to 1 and 0",
                "Set dilation to 1",
                "Take 2 × 3 cells",
            ],
        ),
        (Conv2d(1, 1, 5, padding="same", border="reflect"), (1, 2, 9), ["Set border to replicate"]),
        (MaxPool2d(3), (1, 2, 9), ["Set padding to 1 and 0", "Take 2 × 3 cells"]),
        (MaxPool2d(3, padding=2), (1, 9, 9), ["Set padding to 1", "Take 4 × 4 cells"]),
        (MaxPool2d(2, dilation=9), (1, 6, 12), ["Set dilation to 1", "Take 1 × 2 cells"]),
        (AvgPool2d(8), (1, 3, 3), ["Set padding to 3", "Take 3 × 3 cells"]),
        (AvgPool2d(5, padding=3), (1, 1, 1), ["Set padding to 2", "Take 6 × 6 cells"]),
        (AvgPool2d(5, padding=(3, 0)), (1, 1, 1), ["Remove it"]),
        (ConvTranspose2d(1, 1, 2, padding=3), (1, 2, 9), ["Set padding to 1 and 3"]),
        (ConvTranspose2d(1, 1, 3, 2, output_padding=2), (1, 4, 4), ["Set extra to 1"]),
        (Upsample(2), (9,), ["Remove it"]),
    ],
)
def test_every_remedy_that_stays_makes_the_layer_fit(
    layer: Layer, shape: tuple[int, ...], texts: list[str]
) -> None:
    _, misfit = check([layer], shape)
    assert misfit is not None
    assert misfit.message[0].isupper()
    assert misfit.message.endswith(".")
    assert [remedy.text for remedy in misfit.remedies] == texts
    for remedy in misfit.remedies:
        if remedy.step is Step.STAY:
            healed = with_parameters(layer, dict(remedy.changes))
            assert min(healed.output_shape(shape)) >= 1


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            Conv2d(3, 4, 3),
            (1, 9, 9),
            "The input has 1 channel but this layer takes 3: set Inputs to 1.",
        ),
        (
            BatchNorm2d(1),
            (8, 9, 9),
            "The input has 8 channels but this layer takes 1: set Channels to 8.",
        ),
        (Linear(5, 2), (4,), "The input has 4 values but this layer takes 5: set Inputs to 4."),
        (
            Conv2d(1, 1, 5),
            (1, 3, 3),
            "A kernel of 5 does not fit into a picture of 3 px without padding: "
            "add 1 px of padding on each side, take a larger picture or a smaller kernel.",
        ),
        (
            ConvTranspose2d(1, 1, 3, 2, output_padding=2),
            (1, 4, 4),
            "Extra 2 cannot be used with stride 2 and dilation 1: give a number from 0 to 1.",
        ),
    ],
)
def test_a_message_has_the_words_of_the_form(
    layer: Layer, shape: tuple[int, ...], message: str
) -> None:
    _, misfit = check([layer], shape)
    assert misfit is not None
    assert misfit.message == message


def test_the_least_padding_is_offered() -> None:
    _, misfit = check([Conv2d(1, 1, 7)], (1, 4, 4))
    assert misfit is not None
    assert dict(misfit.remedies[1].changes) == {"padding": (2, 2)}
    assert Conv2d(1, 1, 7, padding=2).output_shape((1, 4, 4)) == (1, 2, 2)
    with pytest.raises(ValueError, match="does not fit"):
        Conv2d(1, 1, 7, padding=1).output_shape((1, 4, 4))


def test_a_matrix_needs_flatten_and_the_length() -> None:
    _, misfit = check([Linear(5, 2)], (3, 4, 5))
    assert misfit is not None
    (remedy,) = misfit.remedies
    assert remedy.text == "Put Flatten before it"
    assert remedy.step is Step.FLATTEN_BEFORE
    assert remedy.changes == (("in_features", 60),)


def test_a_matrix_that_would_be_too_large_is_not_offered() -> None:
    _, misfit = check([Flatten(), Linear(5, 1000)], (3, 1000, 1000))
    assert misfit is not None
    assert [remedy.step for remedy in misfit.remedies] == [Step.REMOVE]


@pytest.mark.parametrize("layer", [Conv2d(7, 4, 3), MaxPool2d(2), BatchNorm2d(7)])
def test_a_layer_for_pictures_goes_before_flatten(layer: Layer) -> None:
    _, misfit = check([ReLU(), Flatten(), ReLU(), layer], (3, 9, 9))
    assert misfit is not None
    assert misfit.uid == 4
    move, remove = misfit.remedies
    assert (move.text, move.step) == ("Move it before Flatten", Step.MOVE_BEFORE_FLATTEN)
    assert with_parameters(layer, dict(move.changes)).output_shape((3, 9, 9))
    assert remove.step is Step.REMOVE


def test_a_second_flatten_changes_nothing() -> None:
    layers = [Flatten(), Flatten()]
    assert check(layers, (3, 4, 5)) == ([(60,), (60,)], None)
    for batch in ((), (2,)):
        once, twice = Stack(layers).forward(np.ones((*batch, 3, 4, 5), np.float32))
        assert once.shape == twice.shape == (*batch, 60)
