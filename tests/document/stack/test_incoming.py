from __future__ import annotations

import numpy as np
import pytest

from convlab.document.painted import SignedStyle
from convlab.document.stack.detail import unit_detail
from convlab.document.stack.incoming import (
    FIRST_CHANNELS,
    MOST_CHANNELS,
    Below,
    Incoming,
    incoming,
    laid_out_from,
    largest_first,
    patch_of,
)
from convlab.document.stack.model import Unit
from convlab.engine.arrays import FloatArray
from convlab.engine.display import Scale
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
)
from tests.slow import noise

X = np.random.default_rng(2).standard_normal((6, 12, 14), dtype=np.float32)
BIAS = np.array([0.5, -1.0, 2.0, 0.25], np.float32)
SCALE = Scale(-1.0, 1.0)


def come(
    layer: Layer,
    x: FloatArray = X,
    place: tuple[int, ...] = (0, 0, 0),
    wanted: tuple[int, ...] = (),
    shape: tuple[int, int, int] | None = None,
) -> Incoming:
    channels, height, width = (*(shape or x.shape), 1, 1)[:3]
    below = Below(x, (channels, height, width), (), None)
    return incoming(layer, [below], place, wanted, SCALE, SignedStyle())


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(6, 4, 3, bias=BIAS),
        Conv2d(6, 4, (3, 2), stride=2, padding="same", dilation=2, groups=2, bias=BIAS),
        Conv2d(6, 4, 3, padding=1, border="reflect", flip=True, bias=None),
        Conv2d(6, 6, 5, padding="same", groups=6),
        ConvTranspose2d(6, 4, 3, stride=2, bias=BIAS),
        ConvTranspose2d(6, 4, 3, groups=2, bias=BIAS),
    ],
)
@pytest.mark.parametrize("output", [0, 3])
def test_all_parts_and_the_bias_make_the_map(layer: Conv2d | ConvTranspose2d, output: int) -> None:
    found = come(layer, place=(output, 1, 1))
    assert found.values is not None
    bias = 0.0 if layer.offsets is None else layer.offsets[output]
    assert np.allclose(found.values.sum(axis=0) + bias, layer.forward(X)[output], atol=1e-5)
    assert len(found.channels) == len(found.every) == 6 // layer.groups


def test_a_part_is_what_its_channel_alone_gives() -> None:
    layer = Conv2d(6, 4, 3, bias=BIAS)
    found = come(layer, place=(1, 0, 0), wanted=(4, 2))
    alone = np.zeros_like(X)
    alone[4] = X[4]
    assert found.channels == (4, 2)
    assert found.values is not None
    assert found.kernels is not None
    assert np.allclose(found.values[0], layer.forward(alone)[1] - BIAS[1], atol=1e-5)
    assert np.array_equal(found.kernels[0], layer.weight[1, 4])
    assert np.array_equal(found.maps, X[[4, 2]])


def test_of_many_channels_the_first_are_shown_and_never_too_many() -> None:
    x = np.ones((40, 4, 4), np.float32)
    layer = Conv2d(40, 2, 3)
    assert come(layer, x).channels == tuple(range(FIRST_CHANNELS))
    assert len(come(layer, x, wanted=tuple(range(40))).inputs) == MOST_CHANNELS
    assert come(layer, x).every == tuple(range(40))
    assert come(layer, x, wanted=(99,)).channels == tuple(range(FIRST_CHANNELS)), "it is gone"


def test_a_dense_unit_multiplies_maps_with_weights_of_their_size() -> None:
    layer = Linear(6 * 12 * 14, 4, bias=BIAS)
    found = come(layer, X.ravel(), (2,), shape=(6, 12, 14))
    assert found.kernels is not None
    assert found.values is not None
    assert found.kernels.shape == (6, 12, 14)
    assert found.values.sum() + BIAS[2] == pytest.approx(layer.forward(X.ravel())[2], abs=1e-3)


@pytest.mark.parametrize("layer", [MaxPool2d(2), ReLU(), Dropout(), BatchNorm2d(6)])
def test_a_layer_that_mixes_no_maps_takes_the_one_in_its_place(layer: Layer) -> None:
    found = come(layer, place=(4, 1, 1))
    assert found.channels == found.every == (4,)
    assert np.array_equal(found.maps[0], X[4])
    assert (found.kernels, found.values, found.parts) == (None, None, None)


def test_a_softmax_takes_every_map_and_a_flattened_value_one() -> None:
    assert come(Softmax(), noise(3), (1,)).every == (0, 1, 2)
    assert come(Flatten(), place=(2 * 12 * 14 + 5,)).channels == (2,)


def test_a_vector_was_laid_out_from_maps_or_is_a_map_a_value() -> None:
    layers = [MaxPool2d(2), Flatten(), ReLU()]
    shapes = [(6, 12, 14), (6, 6, 7), (252,), (252,)]
    assert laid_out_from(layers, shapes) == (6, 6, 7)
    assert laid_out_from(layers[:1], shapes[:2]) == (6, 6, 7)
    assert laid_out_from([*layers, Linear(252, 10)], [*shapes, (10,)]) == (10, 1, 1)
    assert laid_out_from([*layers, Linear(252, 10), ReLU()], [*shapes, (10,), (10,)]) == (10, 1, 1)


def test_what_adds_most_to_a_unit_comes_first() -> None:
    kernels = np.zeros((2, 6, 1, 1), np.float32)
    kernels[1, :, 0, 0] = 1, -4, 2, 0, -3, 0
    layer, x = Conv2d(6, 2, 1, weight=kernels), np.ones((6, 3, 3), np.float32)
    detail = unit_detail(layer, [x], layer.forward(x), Unit(1, 1, 2, 0))
    assert largest_first(detail, come(layer, x, (1, 2, 0))) == (1, 4, 2, 0, 3, 5)

    dense = Linear(24, 2, weight=np.repeat(kernels[:, :, 0, 0], 4, axis=1))
    values = np.ones(24, np.float32)
    detail = unit_detail(dense, [values], dense.forward(values), Unit(1, 1, 0, 0))
    coming = come(dense, values, (1,), shape=(6, 2, 2))
    assert largest_first(detail, coming) == (1, 4, 2, 0, 3, 5)
    assert largest_first(None, coming) == (0, 1, 2, 3, 4, 5)


def test_the_patch_of_a_unit_is_where_its_kernel_lies() -> None:
    layers = (
        Conv2d(6, 4, (3, 2), stride=2, dilation=2, padding=1),
        MaxPool2d(2),
        ConvTranspose2d(6, 4, 3, stride=2),
        ReLU(),
    )
    units = (Unit(1, 0, 1, 2), Unit(1, 0, 1, 2), Unit(1, 0, 2, 4), Unit(1, 0, 1, 2))
    details = (
        unit_detail(layer, [X], layer.forward(X), unit)
        for layer, unit in zip(layers, units, strict=True)
    )
    expected = [(3, 1, 3, 5), (4, 2, 2, 2), (1, 0, 2, 2), None]
    assert list(map(patch_of, details)) == expected
    assert patch_of(None) is None
