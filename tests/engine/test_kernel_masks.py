"""Makers of masks: by hand-made numbers, OpenCV and what they answer to simple pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2

KIRSCH = [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]


def test_sobel_and_scharr_by_hand() -> None:
    assert kernels.sobel().tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert kernels.sobel(3, 0).tolist() == [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]
    assert kernels.sobel(5)[0].tolist() == [1, 2, 0, -2, -1]
    assert kernels.scharr().tolist() == [[3, 0, -3], [10, 0, -10], [3, 0, -3]]
    assert kernels.sobel((1, 3)).tolist() == [[1, 0, -1]]
    assert kernels.sobel(2).tolist() == [[1, -1], [1, -1]]


@pytest.mark.parametrize("size", [3, 5, 7, 31])
def test_sobel_is_that_of_opencv_with_the_other_sign(size: int) -> None:
    slope, smooth = cv2.getDerivKernels(1, 0, size, ktype=cv2.CV_64F)
    np.testing.assert_allclose(kernels.sobel(size), -np.outer(smooth, slope), rtol=1e-6)
    np.testing.assert_allclose(kernels.sobel(size, 0), -np.outer(slope, smooth), rtol=1e-6)


def worst_direction(vertical: FloatArray, horizontal: FloatArray) -> float:
    """Return the largest error of the direction of gratings, 4 to 31 px from stripe to stripe."""
    half = len(vertical) // 2
    row, column = np.mgrid[-half : half + 1, -half : half + 1]
    errors = []
    for frequency in np.linspace(0.2, 1.6, 8):
        for angle in np.radians(np.arange(0, 91, 5)):
            wave = np.sin(frequency * (column * np.cos(angle) + row * np.sin(angle)))
            found = np.arctan2((horizontal * wave).sum(), (vertical * wave).sum())
            errors.append(abs(np.angle(np.exp(1j * (found - angle - np.pi)))))
    return float(np.degrees(max(errors)))


@pytest.mark.parametrize(("size", "error"), [(3, 0.5), (5, 0.05)])
def test_scharr_judges_directions_more_evenly_than_sobel(size: int, error: float) -> None:
    sobel, scharr = (
        worst_direction(make(size, 90), make(size, 0)) for make in (kernels.sobel, kernels.scharr)
    )
    assert scharr < error < 3 < sobel


@pytest.mark.parametrize("make", [kernels.sobel, kernels.scharr])
@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 135, 200])
def test_a_steered_mask_answers_a_ramp_by_the_cosine(make: Any, degrees: float) -> None:
    row, column = np.mgrid[1:-2:-1, -1:2]  # upwards, to the right
    upright = (make(3, 90) * -column).sum()
    for turn in range(0, 360, 15):
        angle = np.radians(degrees + turn)
        ramp = row * np.cos(angle) - column * np.sin(angle)  # brighter on the left of the edge
        given = (make(3, degrees) * ramp).sum()
        assert given == pytest.approx(upright * np.cos(np.radians(turn)), abs=1e-4)


def test_binomial() -> None:
    assert (16 * kernels.binomial(3)).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert kernels.binomial((1, 5)).tolist() == [[1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16]]
    across = np.arange(-4, 5)
    assert (kernels.binomial(9).sum(0) * across**2).sum() == (9 - 1) / 4  # its variance


def test_compass() -> None:
    assert kernels.compass(KIRSCH, 0).tolist() == KIRSCH
    assert kernels.compass(KIRSCH, 1).tolist() == [[5, 5, -3], [5, 0, -3], [-3, -3, -3]]
    np.testing.assert_array_equal(kernels.compass(KIRSCH, 2), np.rot90(KIRSCH))
    np.testing.assert_array_equal(kernels.compass(KIRSCH, 8), KIRSCH)
    with pytest.raises(ValueError, match=r"shape \(2, 3\) has no ring"):
        kernels.compass(np.zeros((2, 3)), 1)


def test_laws() -> None:
    assert kernels.laws("L5", "E5")[2].tolist() == [-6, -12, 0, 12, 6]
    assert kernels.laws("E5", "L5").tolist() == kernels.laws("L5", "E5").T.tolist()
    with pytest.raises(ValueError, match="'X5' is no row of Laws: choose L5, E5"):
        kernels.laws("L5", "X5")


# Makers from a formula that came with these.


def test_a_disk_is_the_mean_inside() -> None:
    disk = kernels.disk(9, 3.5)
    assert disk.sum() == pytest.approx(1, abs=1e-6)
    area = np.pi * 3.5**2
    assert disk[4, 4] == pytest.approx(1 / area, rel=0.01)
    assert disk[0, 0] == 0 < disk[4, 1] <= disk[4, 2]
    np.testing.assert_array_equal(disk, disk.T[::-1])
    assert kernels.disk(2, 0.2).tolist() == [[0.25, 0.25], [0.25, 0.25]]


def test_a_difference_of_gaussians() -> None:
    wanted = kernels.gaussian(9, 1) - kernels.gaussian(9, 1.6)
    np.testing.assert_allclose(kernels.dog(9, 1), wanted, atol=1e-7)
    np.testing.assert_array_equal(kernels.dog(9, 1, 1.6), kernels.dog(9, 1))
    assert kernels.dog(9, 1).sum() == pytest.approx(0, abs=1e-6)
    assert kernels.dog(9, 1)[4, 4] > 0


@pytest.mark.parametrize("degrees", [0, 30, 90, 217])
def test_derivatives_of_a_bell_answer_polynomials(degrees: float) -> None:
    row, column = np.mgrid[4:-5:-1, -4:5]
    angle = np.radians(degrees)
    left = row * np.cos(angle) - column * np.sin(angle)
    along = column * np.cos(angle) + row * np.sin(angle)
    first, second = (
        kernels.derivative_of_gaussian(9, 1.2, degrees, order).astype(float) for order in (1, 2)
    )
    for mask, picture, given in (
        (first, np.ones((9, 9)), 0),
        (first, left, 1),
        (first, along, 0),
        (second, np.ones((9, 9)), 0),
        (second, left, 0),
        (second, left**2 / 2, 1),
    ):
        assert (mask * picture).sum() == pytest.approx(given, abs=1e-5)
    assert second[4, 4] < 0
    with pytest.raises(ValueError, match="order 3 cannot be used: give 1 or 2"):
        kernels.derivative_of_gaussian(9, 1, 0, 3)


def test_motion_of_a_length() -> None:
    assert kernels.motion(5, 90, 3)[:, 2] == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 0])
    assert kernels.motion(5, 0, 4)[2] == pytest.approx([1 / 8, 1 / 4, 1 / 4, 1 / 4, 1 / 8])
    np.testing.assert_array_equal(kernels.motion(9, 45), kernels.motion_blur(9, 45))
    assert kernels.motion(4, 45, 1).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="length 0"):
        kernels.motion(5, 0, 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: kernels.sobel(0), "kernel size 0"),
        (lambda: kernels.sobel(64), "63 cells are the most"),
        (lambda: kernels.sobel(3, float("nan")), "degrees nan"),
        (lambda: kernels.scharr(4), "size 4 cannot be used: Scharr's masks have 3 or 5"),
        (lambda: kernels.disk(5, 0), "radius 0"),
        (lambda: kernels.dog(5, 1, -1), "sigma -1"),
    ],
)
def test_makers_reject(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
