from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from convlab.engine import kernels
from convlab.layers import Conv2d
from convlab.layers.banks import (
    BANKS,
    BankShape,
    constant,
    difference_of_gaussians,
    gabor_bank,
    gaussian_differences,
    he,
    means,
    oriented_edges,
    preset_bank,
    spread,
)
from convlab.layers.weights import he_normal

SHAPES: list[BankShape] = [(1, 1, 3, 3), (8, 3, 5, 5), (5, 2, 4, 6), (16, 1, 15, 15), (2, 4, 7, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", list(BANKS))
def test_each_bank_fills_a_layer(name: str, shape: BankShape) -> None:
    weight = BANKS[name].make(shape)
    assert weight.shape == shape
    assert weight.dtype == np.float32
    assert np.isfinite(weight).all()
    assert not weight.flags.writeable
    np.testing.assert_array_equal(weight, BANKS[name].make(shape))
    filters, depth, rows, columns = shape
    layer = Conv2d(depth, filters, (rows, columns), weight=weight)
    np.testing.assert_array_equal(layer.weight, weight)


@pytest.mark.parametrize("name", list(BANKS))
def test_each_bank_can_be_a_menus_entry(name: str) -> None:
    bank = BANKS[name]
    assert bank.name == name
    assert bank.description
    assert not bank.description.endswith(".")
    assert bank.make.__doc__


@pytest.mark.parametrize("name", [name for name in BANKS if name != "Random (He)"])
def test_three_equal_channels_give_what_one_gives(name: str) -> None:
    plane = np.random.default_rng(0).standard_normal((1, 20, 20), dtype=np.float32)
    one = Conv2d(1, 6, 5, weight=BANKS[name].make((6, 1, 5, 5))).forward(plane)
    three = Conv2d(3, 6, 5, weight=BANKS[name].make((6, 3, 5, 5))).forward(plane.repeat(3, 0))
    np.testing.assert_allclose(three, one, atol=1e-5)


def test_a_kernel_is_divided_among_the_channels() -> None:
    first, second = np.array([[1, 2]], np.float32), np.array([[3, 4]], np.float32)
    weight = spread([first, second], (3, 2, 1, 2))
    assert weight.tolist() == [
        [[[0.5, 1]], [[0.5, 1]]],
        [[[1.5, 2]], [[1.5, 2]]],
        [[[0.5, 1]], [[0.5, 1]]],
    ]


def test_presets_lie_on_the_anchor() -> None:
    weight = preset_bank(["sobel vertical", "Edge pair −1 1"], (3, 1, 4, 5))
    sobel = [[0, 1, 0, -1, 0], [0, 2, 0, -2, 0], [0, 1, 0, -1, 0], [0, 0, 0, 0, 0]]
    pair = [[0, 0, 0, 0, 0], [0, 0, -1, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert weight[:, 0].tolist() == [sobel, pair, sobel]


def test_a_preset_answers_as_itself_in_a_larger_kernel() -> None:
    x = np.random.default_rng(1).standard_normal((1, 12, 12), dtype=np.float32)
    for name in ("Sobel vertical", "Edge pair −1 1", "Roberts falling"):
        preset = kernels.preset(name)
        small = Conv2d(1, 1, preset.shape, padding="same", weight=preset[None, None]).forward(x)
        large = Conv2d(1, 1, 6, padding="same", weight=preset_bank([name], (1, 1, 6, 6)))
        np.testing.assert_allclose(large.forward(x), small, atol=1e-6)


def test_edges_run_around_the_circle() -> None:
    weight = oriented_edges((8, 1, 7, 7))[:, 0]
    np.testing.assert_array_equal(weight[2], kernels.oriented_edge(7, 90))
    np.testing.assert_allclose(weight[4:], -weight[:4], atol=1e-7)
    np.testing.assert_allclose(weight.sum((1, 2)), 0, atol=1e-6)
    # 90°: bright left. 0°: bright above.
    assert weight[2, 3, 0] > 0 > weight[2, 3, 6]
    assert weight[0, 0, 3] > 0 > weight[0, 6, 3]


def line(degrees: float, side: int) -> Any:
    reach = np.arange(side) - (side - 1) / 2
    x, up = np.meshgrid(reach, -reach)
    turn = math.radians(degrees)
    return (np.abs(up * math.cos(turn) - x * math.sin(turn)) <= 1.5).astype(np.float32)


def test_gabors_run_over_half_the_circle_in_two_phases() -> None:
    weight = gabor_bank((16, 1, 15, 15))[:, 0]
    np.testing.assert_allclose(weight.sum((1, 2)), 0, atol=1e-6)
    np.testing.assert_allclose(np.maximum(weight, 0).sum((1, 2)), 1, rtol=1e-6)
    for number, plane in enumerate(weight):
        flipped = plane[::-1, ::-1]
        np.testing.assert_allclose(flipped, -plane if number % 2 else plane, atol=1e-6)
    # A line is answered most by the cosine of its own orientation.
    for number in range(0, 16, 2):
        answers = (weight[::2] * line(180 * number / 16, 15)).sum((1, 2))
        assert answers.argmax() == number // 2


def test_differences_of_gaussians_grow_and_sum_to_nothing() -> None:
    weight = gaussian_differences((5, 1, 13, 13))[:, 0].astype(np.float64)
    np.testing.assert_allclose(weight.sum((1, 2)), 0, atol=1e-7)
    np.testing.assert_allclose(np.maximum(weight, 0).sum((1, 2)), 1, rtol=1e-6)
    centres = (weight > 0).sum((1, 2))
    assert (np.diff(centres) >= 0).all()
    assert centres[0] < centres[-1]
    assert (np.diff(weight[:, 6, 6]) < 0).all()


def test_a_difference_of_gaussians_by_its_formula() -> None:
    cells = [(y, x) for y in range(-4, 5) for x in range(-4, 5)]
    bells = []
    for sigma in (1.0, 1.6):
        bell = [math.exp(-(y * y + x * x) / (2 * sigma**2)) for y, x in cells]
        bells.append([value / sum(bell) for value in bell])
    expected = [narrow - wide for narrow, wide in zip(*bells, strict=True)]
    half = sum(value for value in expected if value > 0)
    found = difference_of_gaussians((9, 9), 1.0)
    np.testing.assert_allclose(found.ravel(), [value / half for value in expected], atol=1e-6)


def test_random_weights_differ_by_seed_and_channel() -> None:
    np.testing.assert_array_equal(he((4, 3, 5, 5), 7), he_normal((4, 3, 5, 5), 7))
    assert (he((4, 3, 5, 5), 1) != he((4, 3, 5, 5), 2)).any()


def test_constants_are_not_divided() -> None:
    assert constant((2, 3, 1, 2), 0.5).tolist() == [[[[0.5, 0.5]]] * 3] * 2
    assert means((1, 2, 2, 5)).ravel().tolist() == [np.float32(0.05)] * 20
    assert not BANKS["Zeros"].make((2, 3, 4, 5)).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: oriented_edges((4, 1, 1, 1)), "1×1 are too small .* 2×2"),
        (lambda: gabor_bank((4, 1, 2, 5)), "2×5 are too small .* 3×3"),
        (lambda: gaussian_differences((4, 1, 5, 1)), "5×1 are too small"),
        (lambda: he((0, 1, 3, 3)), "filters 0"),
        (lambda: constant((1, 1, 3, -1)), "columns -1"),
        (lambda: constant((1, 1, 3)), r"\(1, 1, 3\) cannot be used"),  # type: ignore[arg-type]
        (lambda: constant((1, 1, 3, 3), float("nan")), "value nan"),
        (lambda: constant((1, 1, 3, 3), 1e39), "value 1e\\+39"),
        (lambda: preset_bank(["Gaussian 5×5"], (1, 1, 3, 3)), "has 5×5 .* 3×3: make"),
        (lambda: preset_bank(["Sobel"], (1, 1, 3, 3)), "did you mean 'Sobel"),
        (lambda: preset_bank([], (1, 1, 3, 3)), "no preset is named"),
        (lambda: spread([np.ones((2, 3), np.float32)], (1, 1, 3, 3)), "2×3 does not fill 3×3"),
        (lambda: oriented_edges((1, 1, 65, 65)), "63 cells are the most"),
    ],
)
def test_what_cannot_be_is_rejected(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
