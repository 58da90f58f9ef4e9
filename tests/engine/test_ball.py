from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.ball import landing_chances, plane_terms, resting_chances, terms
from convlab.engine.conv1d import conv1d
from tests.slow import noise


def test_four_ways_to_three() -> None:
    f, g = [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]
    ways = terms(f, g, 3)
    assert " + ".join(way.letters for way in ways) == (
        "f(0)·g(3) + f(1)·g(2) + f(2)·g(1) + f(3)·g(0)"
    )
    assert [(way.a, way.b) for way in ways] == [(0, 3), (1, 2), (2, 1), (3, 0)]
    assert [way.product for way in ways] == pytest.approx([0.01, 0.04, 0.09, 0.16])
    assert sum(way.product for way in ways) == pytest.approx(0.3)


def test_the_terms_of_every_place_sum_to_the_convolution() -> None:
    f, g = noise(7), noise(4, seed=1)
    sums = [sum(way.product for way in terms(f, g, c)) for c in range(10)]
    np.testing.assert_allclose(sums, conv1d(f, g), atol=1e-6)
    assert terms(f, g, -1) == terms(f, g, 10) == []


def test_two_dimensions_by_hand() -> None:
    """Down one and right one, then right one: rows and columns add up."""
    f, g = np.zeros((2, 3)), np.zeros((2, 2))
    f[1, 1], g[0, 1] = 1, 0.5
    chances = resting_chances(f, g)
    assert chances.shape == (3, 4)
    assert np.argwhere(chances).tolist() == [[1, 2]]
    assert chances[1, 2] == 0.5
    assert [way.letters for way in plane_terms(f, g, (0, 1))] == [
        "f(0, 0)·g(0, 1)",
        "f(0, 1)·g(0, 0)",
    ]


def test_the_terms_of_every_cell_sum_to_the_heat_map() -> None:
    f, g = noise(4, 5), noise(3, 2, seed=1)
    chances = resting_chances(f, g)
    for row, column in np.ndindex(6, 6):
        ways = plane_terms(f, g, (row, column))
        total = sum(way.product for way in ways)
        assert chances[row, column] == pytest.approx(total, abs=1e-5)
        assert all((way.a[0] + way.b[0], way.a[1] + way.b[1]) == (row, column) for way in ways)


def test_chances_stay_chances() -> None:
    f = landing_chances((9, 9), (3, 4), 1.2)
    g = landing_chances((9, 9), (5, 2.5), 0.8)
    assert f.sum() == pytest.approx(1)
    assert f.argmax() == 3 * 9 + 4
    assert f[3, 5] / f[3, 4] == pytest.approx(np.exp(-1 / (2 * 1.2**2)))
    rests = resting_chances(f, g)
    assert rests.sum() == pytest.approx(1, abs=1e-5)
    rows = np.arange(17) @ rests.sum(1)
    assert rows == pytest.approx(np.arange(9) @ f.sum(1) + np.arange(9) @ g.sum(1), rel=1e-5)


def test_a_narrow_heap_beside_the_grid_is_on_its_nearest_cell() -> None:
    chances = landing_chances((3, 3), (-50, 1), 0.1)
    assert chances[0, 1] == pytest.approx(1)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"f of shape \(3,\) is no plane"):
        resting_chances([1, 2, 3], [[1]])
    with pytest.raises(ValueError, match=r"g of shape \(1, 1\) is no signal"):
        terms([1], [[1]], 0)
    with pytest.raises(ValueError, match="a grid of 0 × 3 with a spread of 1"):
        landing_chances((0, 3), (0, 0), 1.0)
