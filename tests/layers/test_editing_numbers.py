"""One number of a normalisation, one weight of a fully connected layer: NumPy is the oracle."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.layers import BatchNorm2d, Conv2d, Linear
from convlab.layers.editing import with_dense_map, with_kernel_cell, with_number
from convlab.layers.filters import dense_maps
from convlab.layers.parameters import channel_numbers
from tests.slow import noise

X = noise(3, 5, 6)


@pytest.mark.parametrize(
    ("name", "value"), [("weight", -2.0), ("bias", 0.75), ("running_mean", 0.5), ("running_var", 4)]
)
def test_a_number_of_a_normalisation_changes_its_map_alone(name: str, value: float) -> None:
    layer = BatchNorm2d(3)
    changed = with_number(layer, name, 1, value)
    numbers = {**BatchNorm2d.starts, name: value}
    expected = (X[1] - numbers["running_mean"]) / np.sqrt(numbers["running_var"] + layer.eps)
    expected = expected * numbers["weight"] + numbers["bias"]
    assert np.allclose(changed.forward(X)[1], expected, atol=1e-5)
    before, after = layer.forward(X), changed.forward(X)
    assert np.array_equal(after[[0, 2]], before[[0, 2]])
    assert getattr(layer, name)[1] != value, "the layer that was edited is as it was"


def test_every_array_of_a_normalisation_is_declared() -> None:
    assert {each.name for each in channel_numbers(BatchNorm2d)} == set(BatchNorm2d.starts)
    assert channel_numbers(Conv2d) == ()


def test_the_same_number_changes_nothing() -> None:
    layer = BatchNorm2d(3)
    assert with_number(layer, "weight", 2, 1.0) is layer


@pytest.mark.parametrize(
    ("name", "channel", "value", "reason"),
    [
        ("running_var", 0, -0.5, "variance -0.5 does not fit: give 0 to"),
        ("weight", 3, 1.0, "no channel 3"),
        ("eps", 0, 1.0, "no eps for each channel"),
        ("bias", 0, np.inf, "shift inf does not fit"),
    ],
)
def test_a_number_that_cannot_be_is_rejected(
    name: str, channel: int, value: float, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        with_number(BatchNorm2d(3), name, channel, value)


def test_a_weight_of_a_dense_unit_adds_its_value_times_the_change() -> None:
    layer = Linear(90, 4)
    maps = dense_maps(layer, 2, (5, 6))
    assert maps.shape == (3, 5, 6)
    new = maps[1].copy()
    new[3, 4] += 0.5
    changed = with_dense_map(layer, 2, 1, new)
    difference = changed.forward(X.ravel()) - layer.forward(X.ravel())
    assert difference[2] == pytest.approx(0.5 * X[1, 3, 4], abs=1e-5)
    assert np.array_equal(difference[[0, 1, 3]], [0, 0, 0])
    assert np.array_equal(dense_maps(changed, 2, (5, 6))[[0, 2]], maps[[0, 2]])


def test_a_weight_of_a_dense_unit_is_changed_at_its_place_in_the_map() -> None:
    layer = Linear(90, 4)
    expected = dense_maps(layer, 2, (5, 6)).copy()
    expected[1, 3, 4] = 0.5
    changed = with_kernel_cell(layer, 2, 1, (3, 4), 0.5, (5, 6))
    assert np.array_equal(dense_maps(changed, 2, (5, 6)), expected)
    assert np.array_equal(changed.weight[[0, 1, 3]], layer.weight[[0, 1, 3]])


def test_dense_weights_that_cannot_be_are_rejected() -> None:
    layer = Linear(90, 4)
    assert with_dense_map(layer, 0, 0, dense_maps(layer, 0, (5, 6))[0]) is layer
    with pytest.raises(ValueError, match="no map 3"):
        with_dense_map(layer, 0, 3, np.zeros((5, 6)))
    with pytest.raises(ValueError, match="no output 4"):
        with_dense_map(layer, 4, 0, np.zeros((5, 6)))
    with pytest.raises(ValueError, match="weight inf cannot be used"):
        with_dense_map(layer, 0, 0, np.full((5, 6), np.inf))
    with pytest.raises(ValueError, match="does not take flattened maps"):
        with_dense_map(Conv2d(1, 1, 3), 0, 0, np.zeros((5, 6)))
    with pytest.raises(ValueError, match="no maps of 4 × 7 cells"):
        dense_maps(layer, 0, (4, 7))
