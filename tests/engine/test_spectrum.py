import re

import numpy as np
import pytest

from convlab import conv2d, kernels
from convlab.engine.arrays import AnyArray
from convlab.engine.spectrum import design, from_spectrum, spectrum
from tests.slow import noise


def disk(side: int, radius: float) -> AnyArray:
    rows, columns = np.mgrid[:side, :side] - side // 2
    return np.asarray(np.hypot(rows, columns) <= radius, np.float32)


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 5), (9, 4)])
@pytest.mark.parametrize("shape", [(16, 17), (15, 20)])
def test_waves_are_multiplied_as_a_circular_correlation_does(
    size: tuple[int, int], shape: tuple[int, int]
) -> None:
    kernel, picture = noise(*size), noise(*shape, seed=1)
    output = conv2d(picture, kernel, padding="same", border="circular")
    laid = np.fft.ifftshift(spectrum(kernel, shape))
    assert np.allclose(np.fft.fft2(picture) * laid, np.fft.fft2(output), atol=1e-3)


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (2, 5), (9, 4)])
@pytest.mark.parametrize("shape", [(16, 17), (15, 20)])
def test_a_kernel_comes_back_from_its_spectrum(
    size: tuple[int, int], shape: tuple[int, int]
) -> None:
    kernel = noise(*size)
    assert np.allclose(from_spectrum(spectrum(kernel, shape), size), kernel, atol=1e-6)


def test_a_disk_in_the_middle_becomes_a_low_pass() -> None:
    kernel = from_spectrum(disk(64, 8), 31)
    response = np.abs(spectrum(kernel, (64, 64)))
    assert 0.9 < response[32, 32] < 1.1
    assert response[32, 45:].max() < 0.1
    assert np.allclose(kernel, kernel[::-1, ::-1])


def test_no_kernel_of_that_size_comes_nearer() -> None:
    mask = disk(32, 6)
    best = from_spectrum(mask, 5)

    def error(kernel: AnyArray) -> float:
        return float(np.square(np.abs(spectrum(kernel, (32, 32)) - mask)).sum())

    for seed in range(20):
        assert error(best + 0.01 * noise(5, 5, seed=seed)) > error(best)


def test_cutting_loses_and_rings_and_fading_out_rings_less() -> None:
    mask = disk(64, 8)
    small, large = design(mask, 7), design(mask, 31)
    assert small.lost > large.lost > 0
    whole = np.square(small.impulse).sum()
    assert np.isclose(1 - np.square(small.kernel).sum() / whole, small.lost, atol=1e-5)
    soft = design(mask, 31, window="hann")
    assert large.overshoot > 0.1
    assert soft.overshoot < large.overshoot / 5


def test_one_half_of_the_paint_stands_for_both() -> None:
    mask = np.zeros((33, 33))
    mask[16, 20] = 2  # a wave, but not its opposite
    made = design(mask, 33)
    assert np.isclose(made.wanted[16, 20], 1, atol=1e-5)
    assert np.isclose(made.wanted[16, 12], 1, atol=1e-5)
    assert made.lost < 1e-6


@pytest.mark.parametrize(
    ("mask", "size", "message"),
    [
        (np.zeros((9, 9)), 3, "mask is zero everywhere"),
        (np.ones((5, 5)), 7, "mask of 5x5 is smaller than the kernel of 7x7"),
        (np.full((5, 5), np.inf), 3, "finite numbers"),
        (np.ones(5), 3, "mask of shape (5,)"),
    ],
)
def test_what_is_no_mask_is_said(mask: AnyArray, size: int, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        from_spectrum(mask, size)


def test_other_mistakes_are_said() -> None:
    with pytest.raises(ValueError, match="'blur' is unknown: choose one of none, hann"):
        from_spectrum(disk(9, 3), 3, window="blur")
    with pytest.raises(ValueError, match="kernel of 3x3 is larger than the picture of 2x9"):
        kernels.spectrum(np.ones((3, 3)), (2, 9))
