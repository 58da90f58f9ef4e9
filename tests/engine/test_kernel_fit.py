import math
import re

import numpy as np
import pytest

from convlab import conv2d, kernels
from convlab.engine import kernel_fit
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.kernel_fit import from_example
from tests.slow import noise

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)


def windows(picture: AnyArray, rows: int, columns: int) -> AnyArray:
    """All windows, one a row, by plain loops."""
    height, width = picture.shape
    return np.array(
        [
            picture[top : top + rows, left : left + columns].ravel()
            for top in range(height - rows + 1)
            for left in range(width - columns + 1)
        ]
    )


def smooth(height: int, width: int) -> FloatArray:
    rows, columns = np.mgrid[:height, :width]
    waves = np.sin(rows / 19) + np.sin(columns / 23) + np.sin((rows + columns) / 29)
    return np.asarray((waves + 3) / 6, np.float32)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (1, 5), (4, 1), (5, 3)])
def test_the_kernel_is_that_of_least_squares(size: tuple[int, int]) -> None:
    picture, target = noise(20, 17), noise(20 - size[0] + 1, 17 - size[1] + 1, seed=1)
    fit = from_example(picture, target, size)
    seen = windows(picture, *size).astype(np.float64)
    kernel, _, rank, strengths = np.linalg.lstsq(seen, target.ravel())
    assert np.allclose(fit.kernel.ravel(), kernel, atol=1e-6)
    assert fit.rank == rank
    assert math.isclose(fit.condition, strengths[0] / strengths[-1], rel_tol=1e-6)
    rest = target.ravel() - seen @ kernel
    assert math.isclose(fit.residual, math.sqrt(np.square(rest).mean()), rel_tol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 2), (1, 4), (4, 1), (9, 9), (6, 7)])
@pytest.mark.parametrize("shape", [(37, 41), (36, 40)])  # spectra of odd and of even width
def test_sums_by_the_transform_are_those_of_all_windows(
    size: tuple[int, int], shape: tuple[int, int]
) -> None:
    height, width = shape
    picture = noise(height, width).astype(np.float64)
    target = noise(height - size[0] + 1, width - size[1] + 1, seed=1).astype(np.float64)
    many = kernel_fit._many_sums(picture, target, size)
    seen = windows(picture, *size)
    assert np.allclose(many[0], seen.T @ seen, atol=1e-9)
    assert np.allclose(many[1], seen.T @ target.ravel(), atol=1e-9)


@pytest.mark.parametrize("border", ["zeros", "circular"])
@pytest.mark.parametrize("size", [3, 9])
def test_sobel_is_recovered_from_its_own_output(size: int, border: str) -> None:
    picture = noise(480, 640) * 0.1 + smooth(480, 640)
    fit = from_example(picture, conv2d(picture, SOBEL, padding="same", border=border), size)
    assert np.allclose(fit.kernel, kernels.resized(SOBEL, size, size), atol=1e-4)
    assert fit.is_determined
    assert fit.residual < 1e-5


def test_one_kernel_serves_all_planes() -> None:
    picture = noise(3, 30, 40)
    target = np.stack([conv2d(plane, SOBEL) for plane in picture])
    assert np.allclose(from_example(picture, target, 3).kernel, SOBEL, atol=1e-5)


def test_an_impulse_determines_every_kernel() -> None:
    picture = np.zeros((600, 800), np.uint8)
    picture[300, 400] = 255
    fit = from_example(picture, conv2d(picture, SOBEL, padding="same"), 9)
    assert fit.rank == 81
    assert math.isclose(fit.condition, 1, rel_tol=1e-6)


@pytest.mark.parametrize("bits", ["float", "uint8", "bytes as floats"])
def test_a_smooth_picture_does_not_determine_a_large_kernel(bits: str) -> None:
    picture: AnyArray = smooth(300, 400)
    if bits != "float":
        picture = np.rint(picture * 255).astype(np.uint8)
    if bits == "bytes as floats":
        picture = (picture / 255).astype(np.float32)
    fit = from_example(picture, conv2d(picture, SOBEL, padding="same"), 9)
    assert not fit.is_determined
    assert fit.rank < 40
    assert fit.condition > 500
    wanted = noise(300, 400)  # nothing that a kernel could give
    assert np.abs(from_example(picture, wanted, 9).kernel).max() < 10


def test_of_all_that_fit_the_smallest_weights_are_taken() -> None:
    flat = np.full((20, 20), 0.5, np.float32)
    fit = from_example(flat, flat, 3)
    assert np.allclose(fit.kernel, 1 / 9, atol=1e-6)
    assert fit.rank == 1
    assert fit.condition == math.inf
    black = from_example(np.zeros((20, 20)), np.ones((20, 20)), 3)
    assert not black.kernel.any()
    assert black.rank == 0


@pytest.mark.parametrize(
    ("picture", "target", "size", "message"),
    [
        (np.ones((5, 5)), np.ones((5, 5)), 7, "picture of 5x5 is smaller than the kernel of 7x7"),
        (np.ones((9, 9)), np.ones((8, 9)), 3, "target of shape (1, 8, 9) does not fit"),
        (np.ones((9, 9)), np.zeros((9, 9)), 3, "zero everywhere"),
        (np.full((9, 9), np.nan), np.ones((9, 9)), 3, "picture has NaN or infinite"),
        (np.ones((9, 9)), np.full((9, 9), np.inf), 3, "target has NaN or infinite"),
        (np.ones((99, 99)), np.ones((99, 99)), 33, "31 cells are the most"),
        (np.ones(9), np.ones(9), 3, "picture of shape (9,)"),
        (np.ones((9, 9)), np.ones((9, 9)), 0, "kernel size 0"),
    ],
)
def test_what_cannot_be_fitted_is_said(
    picture: AnyArray, target: AnyArray, size: int, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        from_example(picture, target, size)
