from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from convlab.engine.shapes import Padding
from convlab.layers import (
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
    Upsample,
)
from convlab.layers.parameters import (
    ParameterKind,
    arrays,
    parameter,
    parameters,
    parse,
    value_of,
)
from convlab.layers.registry import KINDS


def names(layer: Layer | type[Layer]) -> list[str]:
    return [found.name for found in parameters(layer)]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_field_but_the_arrays_can_be_chosen_in_the_order_of_pytorch(
    kind: type[Layer],
) -> None:
    always = {name for name, is_optional in arrays(kind).items() if not is_optional}
    wanted = [field.name for field in fields(kind) if field.name not in always]  # type: ignore[arg-type]
    assert names(kind) == wanted


def test_arrays_are_declared() -> None:
    """Not read off the type hints, which look different with every NumPy."""
    assert arrays(Conv2d) == {"bias": True, "weight": False}
    assert arrays(ConvTranspose2d) == arrays(Linear) == arrays(Conv2d)
    assert not any(arrays(BatchNorm2d).values())
    assert len(arrays(BatchNorm2d)) == 4


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_says_what_it_is(kind: type[Layer]) -> None:
    assert kind.title
    assert 30 <= len(kind.summary) <= 120
    for found in parameters(kind):
        assert len(found.tip) > 20, found.name
        assert len(found.label) <= 13, "labels stand in a narrow column"
        if found.kind is ParameterKind.CHOICE:
            assert found.choices
        elif found.kind is not ParameterKind.FLAG:
            assert found.minimum < found.maximum


def test_titles_differ() -> None:
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


LAYERS: list[Layer] = [
    Conv2d(4, 8, 3),
    ConvTranspose2d(4, 8, 3),
    MaxPool2d(2),
    AvgPool2d(2),
    BatchNorm2d(4),
    LeakyReLU(),
    Linear(5, 2),
    Dropout(),
    Upsample(),
]


@pytest.mark.parametrize("layer", LAYERS, ids=[type(layer).__name__ for layer in LAYERS])
def test_the_defaults_are_in_their_own_range(layer: Layer) -> None:
    for found in parameters(layer):
        parse(found, value_of(layer, found))
        if found.needs is not None:
            name, value = found.needs
            assert value in [choice for choice, _ in parameter(layer, name).choices]


@pytest.mark.parametrize(
    ("layer", "name", "value"),
    [
        (Conv2d(1, 1, 3), "kernel_size", (3, 3)),
        (Conv2d(1, 1, [3, 5]), "kernel_size", (3, 5)),
        (Conv2d(1, 1, 3), "padding", "valid"),
        (Conv2d(1, 1, 3, padding="same"), "padding", "same"),
        (Conv2d(1, 1, 3, padding=2), "padding", Padding(2, 2, 2, 2)),
        (Conv2d(1, 1, 3, padding=(1, 2)), "padding", Padding(1, 1, 2, 2)),
        (Conv2d(1, 1, 3, padding=(0, 0, 0, 0)), "padding", Padding(0, 0, 0, 0)),
        (Conv2d(1, 1, 3), "bias", True),
        (Conv2d(1, 1, 3, bias=np.ones(1, np.float32)), "bias", True),
        (Conv2d(1, 1, 3, bias=False), "bias", False),
        (MaxPool2d(2), "stride", None),
        (MaxPool2d(2, 1), "stride", (1, 1)),
        (Upsample(2, "bilinear"), "mode", "bilinear"),
        (Dropout(0.25), "p", 0.25),
    ],
)
def test_values_are_given_as_forms_show_them(layer: Layer, name: str, value: Any) -> None:
    shown = value_of(layer, parameter(layer, name))
    assert shown == value
    assert type(shown) is type(value)


@pytest.mark.parametrize(
    ("layer", "name", "value", "message"),
    [
        (Conv2d, "out_channels", 0, "outputs 0 cannot be used: give a whole number of at least 1"),
        (Conv2d, "out_channels", True, "outputs True"),
        (Conv2d, "out_channels", 5000, "outputs 5000 does not fit: give 1 to 4096"),
        (Conv2d, "kernel_size", (3, 32), "kernel 32 does not fit: give 1 to 31 cells"),
        (Conv2d, "kernel_size", None, "kernel None"),
        (Conv2d, "stride", (1, 2, 3), "stride"),
        (Conv2d, "padding", "some", "padding 'some' is unknown"),
        (Conv2d, "padding", 65, "padding 65 does not fit: give 0 to 64 px"),
        (Conv2d, "border", "wall", "border 'wall' is unknown: choose one of zeros, constant"),
        (Conv2d, "bias", 1, "bias 1 cannot be used: give True or False"),
        (Conv2d, "value", float("nan"), "constant nan does not fit"),
        (Conv2d, "value", float("inf"), "constant inf does not fit"),
        (Conv2d, "value", "0", "constant '0' cannot be used: give a number"),
        (MaxPool2d, "stride", (0, 1), "stride"),
        (Dropout, "p", 1.1, "probability 1.1 does not fit: give 0 to 1"),
    ],
)
def test_what_does_not_fit_is_rejected_in_the_words_of_the_form(
    layer: type[Layer], name: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        parse(parameter(layer, name), value)


def test_a_parameter_that_is_not_there_is_rejected() -> None:
    with pytest.raises(ValueError, match="Flatten has no parameter 'stride'"):
        parameter(Flatten, "stride")


def test_groups_are_the_common_divisors() -> None:
    assert parameter(Conv2d, "groups").allowed == ()
    assert parameter(Conv2d(8, 12, 3), "groups").allowed == (1, 2, 4, 8)
    assert parameter(Conv2d(3, 8, 3), "groups").allowed == (1, 3)


def test_channels_go_in_steps_of_the_groups() -> None:
    grouped = Conv2d(8, 12, 3, groups=4)
    for name in ("in_channels", "out_channels"):
        found = parameter(grouped, name)
        assert (found.minimum, found.step) == (4, 4)
    depthwise = Conv2d(8, 16, 3, groups=8)
    assert parameter(depthwise, "in_channels").step == 1
    assert parameter(depthwise, "out_channels").step == 8


@pytest.mark.parametrize(("step", "decimals"), [(1, 0), (0.1, 1), (0.05, 2), (0.01, 2), (1e-5, 5)])
def test_steps_can_be_told_apart(step: float, decimals: int) -> None:
    found = parameter(Dropout, "p")
    assert type(found)(found.label, found.kind, found.tip, step=step).decimals == decimals
