from __future__ import annotations

import numpy as np
import pytest

import convlab
from convlab.document.stack.map_range import MapRanges, noise_after, signed_scale, wanted_limits
from convlab.document.stack.model import MapColors, MapRange
from convlab.engine.display import Scale, ScaleCurve
from convlab.layers import BatchNorm2d, Conv2d, ConvTranspose2d, Linear, MaxPool2d, ReLU
from convlab.layers.base import Layer


@pytest.fixture
def maps() -> np.ndarray:
    """Two maps of a hundred values, the second weaker by far; one value of the first is off."""
    values = np.random.default_rng(1).uniform(-1, 1, (2, 40, 50)).astype(np.float32)
    values[1] *= 0.1
    values[0, 3, 3] = 50.0
    return values


def test_the_range_of_a_layer_is_that_of_what_one_looks_at(maps: np.ndarray) -> None:
    (limit,) = wanted_limits(maps, MapColors(MapRange.LAYER), 0.0)
    assert limit == pytest.approx(np.percentile(np.abs(maps), 99.5), rel=0.02)


def test_each_map_can_have_its_own_range(maps: np.ndarray) -> None:
    limits = wanted_limits(maps, MapColors(MapRange.MAP), 0.0)
    exact = [np.percentile(np.abs(each), 99.5) for each in maps]
    assert limits == pytest.approx(exact, rel=0.02)


def test_the_full_range_is_that_of_the_largest_value(maps: np.ndarray) -> None:
    assert wanted_limits(maps, MapColors(MapRange.LAYER, is_full=True), 0.0) == [50.0]


def test_a_fixed_range_is_that_of_all(maps: np.ndarray) -> None:
    colors = MapColors(MapRange.FIXED, 3.0, curve=ScaleCurve.LINEAR)
    scales = MapRanges().scales(1, lambda: [9.0], colors, "stack", 0.0, False)
    assert scales == (Scale(-3.0, 3.0),)


@pytest.mark.parametrize("curve", ScaleCurve)
def test_scales_are_round_and_have_the_chosen_curve(maps: np.ndarray, curve: ScaleCurve) -> None:
    colors = MapColors(MapRange.MAP, curve=curve)
    limits = wanted_limits(maps, colors, 0.0)
    scales = MapRanges().scales(1, lambda: limits, colors, "stack", 0.0, False)
    assert scales == (Scale(-1.0, 1.0, curve), Scale(-0.1, 0.1, curve))
    assert signed_scale(maps[1:], curve) == Scale(-0.1, 0.1, curve)


def test_other_maps_keep_their_range_while_one_weight_is_dragged(maps: np.ndarray) -> None:
    ranges, colors = MapRanges(), MapColors(MapRange.LAYER)
    before = ranges.scales(1, lambda: wanted_limits(maps, colors, 0.0), colors, 0, 0.0, False)
    maps[0] *= 30
    wanted = wanted_limits(maps, colors, 0.0)
    assert ranges.scales(1, lambda: wanted, colors, 1, 1.0, True) == before
    assert ranges.scales(1, lambda: wanted, colors, 1, 1.1, False)[0].high == 30.0


def test_what_is_gone_is_forgotten(maps: np.ndarray) -> None:
    ranges, colors = MapRanges(), MapColors(MapRange.LAYER)
    ranges.scales(1, lambda: [4.0], colors, 0, 0.0, False)
    ranges.keep([2])
    assert ranges.scales(1, lambda: [40.0], colors, 0, 0.0, True)[0].high == 40.0


X = np.random.default_rng(0).uniform(0, 1, (4, 30, 30)).astype(np.float32)


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(4, 6, 5, padding=2, border="replicate"),
        ConvTranspose2d(4, 3, 3, stride=2),
        ReLU(),
        BatchNorm2d(4),
    ],
)
def test_rounding_is_far_above_what_float32_is_off_and_far_below_values(layer: Layer) -> None:
    largest = float(np.abs(layer.forward(X)).max())
    found = noise_after(layer, 0.0, float(X.max()), largest)
    assert 1e-8 * largest < found < 1e-3 * largest


def noises(layers: list[Layer], x: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Return the result of each layer, and about how far off it is."""
    found, noise = [], 0.0
    for layer in layers:
        y = layer.forward(x)
        noise = noise_after(layer, noise, float(np.abs(x).max()), float(np.abs(y).max()))
        found.append((y, noise))
        x = y
    return found


@pytest.mark.parametrize("grey", [31, 77, 200])
def test_a_flat_picture_is_neutral_in_every_layer_behind_kernels_that_sum_to_zero(
    grey: int,
) -> None:
    weight = np.stack([convlab.kernels.preset(name) for name in ("Kirsch west", "Laplacian 8")])
    both = (np.concatenate([weight, -weight])[:, None] / 7).astype(np.float32)
    kernels = Conv2d(1, 4, 3, padding=1, border="replicate", weight=both, bias=None)
    norm = BatchNorm2d(4, running_var=np.full(4, 1e-3, np.float32))
    layers = [kernels, ReLU(), norm, MaxPool2d(2), Conv2d(4, 3, 3, bias=None), ReLU()]
    flat = np.full((1, 30, 30), grey / 255, np.float32)
    for output, noise in noises(layers, flat):
        assert np.abs(output).max() <= noise
        assert wanted_limits(output, MapColors(), noise) == [1.0]


def test_values_of_a_deep_stack_are_not_taken_for_rounding() -> None:
    layers = [Conv2d(4, 4, 5, padding=2), ReLU(), BatchNorm2d(4)] * 12
    for output, noise in noises(layers, X):
        assert noise < 0.01 * np.abs(output).max()


def test_an_offset_does_not_enlarge_what_is_off() -> None:
    layer = Conv2d(1, 1, 1, weight=np.ones((1, 1, 1, 1), np.float32), bias=np.full(1, 5.0))
    assert noise_after(layer, 1e-7, 1e-7, 5.0) == pytest.approx(1e-7, rel=1e-3)


def test_the_gain_of_a_layer_is_that_of_its_strongest_output() -> None:
    weight = np.array([[1, -2, 3], [0, 0, 0]], np.float32)
    assert Linear(3, 2, weight=weight, bias=None).gain == 6.0
    scale, variance = np.array([1, -6], np.float32), np.array([1, 4], np.float32)
    norm = BatchNorm2d(2, weight=scale, running_var=variance, eps=0.0)
    assert norm.gain == 3.0
    assert ReLU().gain == 1.0


def test_a_live_picture_is_measured_some_times_a_second_and_an_edit_at_once() -> None:
    ranges, colors, measured = MapRanges(), MapColors(MapRange.LAYER), []

    def measure() -> list[float]:
        measured.append(1)
        return [4.0]

    for frame in range(61):
        ranges.scales(1, measure, colors, "stack", frame / 60, False)
    assert 4 <= len(measured) <= 7
    ranges.scales(1, measure, colors, "another stack", 1.001, False)
    assert 5 <= len(measured) <= 8


@pytest.mark.parametrize("curve", ScaleCurve)
def test_what_layers_before_are_off_leaves_values_to_be_seen(curve: ScaleCurve) -> None:
    """A softmax behind 144 layers: what they are off by, 1.5e-3, would ask for a range of 15."""
    probabilities = np.full((1, 1, 1000), 1e-4, np.float32)
    for largest, wanted in ((0.9, 0.9), (0.1, 0.15)):  # rounding is a hundredth of it at most
        probabilities[0, 0, 7] = largest
        assert wanted_limits(probabilities, MapColors(curve=curve), 1.5e-3) == [
            pytest.approx(wanted)
        ]
