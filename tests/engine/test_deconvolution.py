import re

import numpy as np
import pytest

from convlab import conv2d, kernels, paths
from convlab.engine import continuation
from convlab.engine import packed_spectrum as packed
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.deconvolution import deconvolve, lost_share
from tests.pictures import load_image
from tests.slow import noise

MOTION = np.full((1, 15), 1 / 15, np.float32)
PHOTOS = sorted(paths.resource("pictures").glob("*.*g"))


@pytest.fixture(scope="module")
def photos() -> list[FloatArray]:
    shown = [load_image(path) for path in PHOTOS]
    green = [photo if photo.ndim == 2 else photo[..., 1] for photo in shown]
    return [(photo / 255).astype(np.float32) for photo in green]


def gain(original: AnyArray, blurred: AnyArray, undone: AnyArray) -> float:
    """How much nearer to the original [dB]."""
    before, after = np.square(blurred - original).mean(), np.square(undone - original).mean()
    return float(10 * np.log10(before / max(after, 1e-12)))


@pytest.mark.parametrize("shape", [(6, 8), (5, 8), (6, 7), (5, 7), (1, 8), (8, 1), (2, 2), (1, 1)])
def test_packed_spectra_are_those_of_numpy(shape: tuple[int, int]) -> None:
    for row, column in np.ndindex(shape):  # one wave at a time
        spectrum = np.zeros(shape, complex)
        spectrum[row, column] += 1
        spectrum[-row, -column] += 1
        plane = np.fft.ifft2(spectrum).real.astype(np.float32)
        power = packed.power(packed.forward(plane))
        squares = packed.squared_frequency(shape)
        wave = np.fft.fftfreq(shape[0])[row] ** 2 + np.fft.fftfreq(shape[1])[column] ** 2
        strong = power > 0.5
        assert strong.sum() in (1, 2)
        assert np.allclose(power[strong], abs(spectrum[row, column]) ** 2, atol=1e-5)
        assert np.allclose(squares[strong], wave, atol=1e-6)


@pytest.mark.parametrize(("level", "least"), [(0.001, 8), (0.01, 4)])
def test_motion_blur_is_undone(photos: list[FloatArray], level: float, least: float) -> None:
    gains = []
    for photo in photos:
        blurred = conv2d(photo, MOTION, padding="same", border="circular")
        blurred = blurred + level * noise(*photo.shape)
        gains.append(gain(photo, blurred, deconvolve(blurred, MOTION, level)))
    assert np.median(gains) >= least
    assert min(gains) > 0


@pytest.mark.parametrize("level", [0.001, 0.01])
@pytest.mark.parametrize("method", ["wiener", "richardson-lucy"])
def test_borders_that_do_not_join_do_no_harm(
    photos: list[FloatArray], method: str, level: float
) -> None:
    blurs = (MOTION, kernels.motion_blur(15, 45), kernels.gaussian(15, 3), kernels.box(9))
    for number, (photo, blur) in enumerate(zip(photos, blurs, strict=False)):
        output = conv2d(photo, blur)
        blurred = output + level * noise(*output.shape, seed=number)
        top, left = ((side - 1) // 2 for side in blur.shape)
        original = photo[top : top + output.shape[0], left : left + output.shape[1]]
        assert gain(original, blurred, deconvolve(blurred, blur, level, method)) > 0.4


@pytest.mark.parametrize(
    ("method", "dials", "cells"),
    [
        ("wiener", (0, 0.001, 0.02, 0.3), 15),
        ("wiener", (0, 0.02, 0.3), 31),
        pytest.param("richardson-lucy", (0, 0.3), 31, marks=pytest.mark.slow),
    ],
)
def test_no_setting_of_the_dial_makes_a_picture_worse(
    photos: list[FloatArray], method: str, dials: tuple[float, ...], cells: int
) -> None:
    blur = np.full((1, cells), 1 / cells, np.float32)
    left = (cells - 1) // 2
    for number, photo in enumerate(photos):
        photo = photo[:400, :600]
        inside = conv2d(photo, blur)
        blurred = inside + 0.001 * noise(*inside.shape, seed=number)
        original = photo[:, left : left + inside.shape[1]]
        for dial in dials:
            assert gain(original, blurred, deconvolve(blurred, blur, dial, method)) > -0.05
        blurred = conv2d(photo, blur, padding="same", border="circular")
        blurred += 0.01 * noise(*photo.shape, seed=number)
        for dial in dials:
            assert gain(photo, blurred, deconvolve(blurred, blur, dial, method)) > -0.05


@pytest.mark.parametrize(
    ("name", "place", "blur", "level"),
    [  # shaken itself along the rows, flat elsewhere, and as rough in fine detail as in coarse
        ("clock", (0, 0, 192, 256), kernels.box((1, 11)), 0.003),
        ("clock", (108, 144, 192, 256), kernels.box((1, 15)), 0.003),
        ("clock", (164, 208, 128, 128), kernels.disk(15), 0.003),
        ("grass", (160, 160, 128, 192), kernels.gaussian(31, 6.2), 0),
    ],
    ids=lambda value: str(value) if not isinstance(value, np.ndarray) else str(value.shape),
)
def test_a_picture_far_from_the_law_of_photos_becomes_no_worse(
    photos: list[FloatArray], name: str, place: tuple[int, ...], blur: FloatArray, level: float
) -> None:
    photo = photos[[path.stem for path in PHOTOS].index(name)]
    top, left, height, width = place
    crop = photo[top : top + height, left : left + width]
    inside = conv2d(crop, blur)
    inside += level * noise(*inside.shape)
    start = [(side - 1) // 2 for side in blur.shape]
    rows, columns = (slice(a, a + n) for a, n in zip(start, inside.shape, strict=True))
    assert gain(crop[rows, columns], inside, deconvolve(inside, blur, level)) > 0.3
    around = conv2d(crop, blur, padding="same", border="circular") + level * noise(*crop.shape)
    assert gain(crop, around, deconvolve(around, blur, level, circular=True)) > 0.3


def test_borders_that_look_alike_by_chance_do_not_join(photos: list[FloatArray]) -> None:
    coffee = next(
        photo for path, photo in zip(PHOTOS, photos, strict=True) if "coffee" in str(path)
    )
    blur = np.full((31, 1), 1 / 31, np.float32)
    output = conv2d(coffee, blur)
    assert gain(coffee[15:-15], output, deconvolve(output, blur, 0.001)) > 3


def test_more_lines_than_can_be_found_are_mirrored(
    photos: list[FloatArray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuation, "_MOST_NUMBERS", 0)
    photo, blur = photos[0][:200, :300], np.full((1, 31), 1 / 31, np.float32)
    output = conv2d(photo, blur)
    assert gain(photo[:, 15:-15], output, deconvolve(output, blur, 0.01)) > 0


def test_a_kernel_that_brightens_is_undone_as_one_that_does_not(photos: list[FloatArray]) -> None:
    blurred = conv2d(photos[4], MOTION, padding="same", border="circular")
    usual = deconvolve(blurred, MOTION, 0.01)
    assert np.allclose(deconvolve(4 * blurred, 4 * MOTION, 0.04), usual, atol=1e-4)


@pytest.mark.parametrize("method", ["inverse", "wiener"])
def test_without_noise_what_has_no_zeros_comes_back(method: str) -> None:
    kernel = np.array([[0, 0.1, 0], [0.1, 0.6, 0], [0, 0.2, 0]], np.float32)
    picture = noise(2, 40, 50)
    output = np.stack([conv2d(p, kernel, padding="same", border="circular") for p in picture])
    assert np.allclose(deconvolve(output, kernel, 0, method, circular=True), picture, atol=1e-3)


def test_the_inverse_amplifies_noise_and_wiener_does_not(photos: list[FloatArray]) -> None:
    photo = photos[2]
    blurred = conv2d(photo, MOTION, padding="same", border="circular")
    blurred = blurred + 0.01 * noise(*photo.shape)
    assert gain(photo, blurred, deconvolve(blurred, MOTION, 0.01, "inverse")) < -10


def test_even_kernels_come_back_where_they_were() -> None:
    picture = np.zeros((32, 32), np.float32)
    picture[10:20, 8:22] = 1
    for size in ((1, 4), (4, 2), (3, 3)):
        kernel = np.ones(size, np.float32) / np.prod(size)
        blurred = conv2d(picture, kernel, padding="same", border="circular")
        undone = deconvolve(blurred, kernel, 0.001, "richardson-lucy")
        assert gain(picture, blurred, undone) > 3


def test_zeros_of_the_spectrum_are_counted() -> None:
    assert lost_share(kernels.spectrum([[1]], (60, 60))) == 0
    assert np.isclose(lost_share(kernels.spectrum(np.ones((1, 15)), (60, 60))), 14 / 60)


def test_whole_numbers_are_scaled_as_everywhere() -> None:
    picture = (255 * np.random.default_rng(0).random((30, 30))).astype(np.uint8)
    same = deconvolve(picture, [[1.0]], 0)
    assert np.allclose(same, picture / 255, atol=1e-3)


@pytest.mark.parametrize(
    ("picture", "kernel", "level", "method", "message"),
    [
        (np.ones((9, 9)), np.zeros((3, 3)), 0, "wiener", "kernel of zeros"),
        (np.ones((5, 5)), np.ones((7, 7)), 0, "wiener", "picture of 5x5 is smaller"),
        (np.full((9, 9), np.nan), np.ones((3, 3)), 0, "wiener", "picture has NaN or infinite"),
        (np.ones((9, 9)), np.full((3, 3), np.inf), 0, "wiener", "finite numbers"),
        (np.ones((9, 9)), np.ones((3, 3)), -1, "wiener", "noise -1"),
        (np.ones((9, 9)), np.ones((3, 3)), 0, "magic", "inverse, wiener, richardson-lucy"),
        (np.ones((9, 9)), -np.ones((3, 3)), 0, "richardson-lucy", "weights of at least 0"),
        (np.ones(9), np.ones((3, 3)), 0, "wiener", "picture of shape (9,)"),
    ],
)
def test_what_cannot_be_undone_is_said(
    picture: AnyArray, kernel: AnyArray, level: float, method: str, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        deconvolve(picture, kernel, level, method)
