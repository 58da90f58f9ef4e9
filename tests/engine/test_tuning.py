"""Tuning curves against kernels whose angle is known, and sums against a loop over the cells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from convlab.engine import kernels
from convlab.engine.kernel_makers import gabor, oriented_edge
from convlab.engine.tuning import Stimulus, light, passage, tuning


def apart(one: float | None, other: float, period: float) -> float:
    assert one is not None
    return abs((one - other + period / 2) % period - period / 2)


@pytest.mark.parametrize("size", [5, 7, 11, 15])
def test_the_peak_is_at_the_kernels_angle(size: int) -> None:
    for degrees in (0.0, 12.0, 33.0, 45.0, 70.0, 91.0, 123.0, 178.0):
        edge = tuning(oriented_edge(size, degrees), Stimulus.EDGE)
        assert apart(edge.best, degrees, 360.0) <= 3.0
        if size >= 7:
            for phase in (0.0, 90.0):
                cell = gabor(size, size / 2, degrees, size / 5, phase)
                found = tuning(cell, Stimulus.BAR, 3.0)
                assert apart(found.best, degrees, 180.0) <= 3.0


def test_there_are_36_angles_of_a_bar_and_72_of_an_edge() -> None:
    kernel = kernels.preset("Sobel vertical")
    bar, edge = tuning(kernel), tuning(kernel, Stimulus.EDGE)
    assert np.array_equal(bar.answers[:36], bar.answers[36:])
    assert len(edge.angles) == 72
    assert apart(edge.best, 90.0, 360.0) < 0.1
    assert edge.answers[54] == 0.0  # dark on the left: the sum is negative
    assert edge.answers[18] == pytest.approx(4.0)


@pytest.mark.parametrize("name", ["Box blur 3×3", "Laplacian 8", "Identity", "Gaussian 9×9"])
def test_what_answers_alike_to_several_angles_has_no_best(name: str) -> None:
    assert tuning(kernels.preset(name)).best is None


def test_nothing_answers_to_nothing() -> None:
    found = tuning(np.zeros((3, 5)))
    assert found.best is None
    assert found.width is None
    assert not found.answers.any()


def test_rounding_is_no_answer() -> None:
    """A bar along the edge of a Sobel kernel adds up to 0, whatever its cells are rounded to."""
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)
    assert not passage(sobel, 0.0)[1].any()
    assert not passage(1e-3 * sobel, 0.0)[1].any()
    assert tuning(sobel).answers[0] == 0.0
    assert passage(sobel, 90.0)[1].max() == 4.0


def test_an_even_cell_does_not_know_which_side_is_bright() -> None:
    found = tuning(gabor(11, 6, 45, 2.5), Stimulus.EDGE)
    assert found.best is None
    assert found.answers[9] == pytest.approx(found.answers[45], rel=1e-3)


def test_back_again_the_same_answers_come_in_reverse() -> None:
    kernel = oriented_edge(7, 30)
    _, there = passage(kernel, 30.0)
    _, back = passage(kernel, 210.0)
    assert np.allclose(there, back[::-1], atol=1e-5)


def test_the_answers_are_sums_over_the_lit_cells() -> None:
    rng = np.random.default_rng(4)
    kernel = rng.normal(size=(4, 7)).astype(np.float32)
    for stimulus in Stimulus:
        places, answers = passage(kernel, 25.0, stimulus, 2.0)
        cos, sin = math.cos(math.radians(25.0)), math.sin(math.radians(25.0))
        for number in range(0, len(places), 9):
            total = 0.0
            for row in range(4):
                for column in range(7):
                    left = (1.5 - row) * cos - (column - 3) * sin - places[number]
                    inside = min(max(left / (cos + sin) + 0.5, 0.0), 1.0)
                    if stimulus is Stimulus.BAR:
                        first = min(max((left + 1.0) / (cos + sin) + 0.5, 0.0), 1.0)
                        inside = first - min(max((left - 1.0) / (cos + sin) + 0.5, 0.0), 1.0)
                    total += kernel[row, column] * inside
            assert answers[number] == pytest.approx(total, abs=1e-4)


def test_light_is_a_picture_between_dark_and_bright() -> None:
    lit = light((5, 5), 90.0, np.array([0.0]), Stimulus.EDGE, 1.0).reshape(5, 5)
    assert np.allclose(lit, [[1, 1, 0.5, 0, 0]] * 5)  # bright on its left, seen upwards
