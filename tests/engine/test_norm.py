from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine.norm import batch_norm2d, batch_statistics
from tests.slow import noise


def test_numbers_by_hand() -> None:
    x = [[[1, 3]], [[10, 20]]]
    mean, variance = batch_statistics(x)
    assert mean.tolist() == [2, 15]
    assert variance.tolist() == [1, 25]
    assert batch_norm2d(x, mean, variance, eps=0).tolist() == [[[-1, 1]], [[-1, 1]]]
    out = batch_norm2d(x, mean, variance, [1, 2], [0, 5], eps=0)
    assert out.tolist() == [[[-1, 1]], [[3, 7]]]


@pytest.mark.parametrize("shape", [(3, 6, 5), (4, 3, 6, 5)])
@pytest.mark.parametrize("offset", [0, 1000])
def test_against_float64(shape: tuple[int, ...], offset: float) -> None:
    x = noise(*shape) + np.float32(offset)
    exact = x.astype(float)
    axes = (-2, -1) if len(shape) == 3 else (0, 2, 3)
    statistics = batch_statistics(x)
    np.testing.assert_allclose(statistics.mean, exact.mean(axes), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(statistics.variance, exact.var(axes), rtol=1e-6)
    mean, weight, bias = noise(3, seed=1) + offset, noise(3, seed=2), noise(3, seed=3)
    variance = noise(3, seed=4) ** 2
    out = batch_norm2d(x, mean, variance, weight, bias, eps=1e-3)
    columns = [values.astype(float)[:, None, None] for values in (mean, variance, weight, bias)]
    expected = (exact - columns[0]) / np.sqrt(columns[1] + 1e-3) * columns[2] + columns[3]
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)


def test_a_flat_channel_becomes_zero() -> None:
    x = np.full((1, 4, 4), 7)
    assert not batch_norm2d(x, *batch_statistics(x)).any()


def test_every_memory_layout_gives_the_same_and_none_is_changed() -> None:
    x, mean, variance = noise(2, 5, 6), noise(2, seed=1), noise(2, seed=2) ** 2
    expected = batch_norm2d(x, mean, variance)
    frozen = x.copy()
    frozen.flags.writeable = False
    for picture in (np.asfortranarray(x), x[:, ::-1].copy()[:, ::-1], frozen, x.astype(float)):
        before = picture.copy()
        np.testing.assert_array_equal(batch_norm2d(picture, mean, variance), expected)
        np.testing.assert_array_equal(picture, before)
        np.testing.assert_array_equal(batch_statistics(picture).mean, batch_statistics(x).mean)
    assert batch_norm2d(np.full((1, 1, 1), 255, np.uint8), [0], [1], eps=0).item() == 1


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((noise(5, 5), [0], [1]), {}, r"\(5, 5\) .* \(C, H, W\)"),
        ((noise(2, 5, 5), [0], [1, 1]), {}, r"mean of shape \(1,\) .* 2 channels: give 2"),
        ((noise(2, 5, 5), [0, 0], [[1, 1]]), {}, r"variance of shape \(1, 2\)"),
        ((noise(2, 5, 5), [0, 0], [1, -1]), {}, "variance -1 is negative"),
        ((noise(2, 5, 5), [0, 0], [1, 1], [1]), {}, "weight of shape"),
        ((noise(2, 5, 5), [0, 0], [1, 1], [1, 1], [1]), {}, "bias of shape"),
        ((noise(2, 5, 5), [0, 0], [1, 1]), {"eps": -1}, "eps -1"),
        ((noise(2, 5, 5), [0, 0], [1, 1]), {"eps": "small"}, "eps 'small'"),
    ],
)
def test_what_does_not_fit_is_rejected(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        batch_norm2d(*arguments, **options)


def test_statistics_of_a_plane_are_rejected() -> None:
    with pytest.raises(ValueError, match=r"\(5, 5\)"):
        batch_statistics(noise(5, 5))


@pytest.mark.parametrize(
    "shape", [(40, 7, 7), (3, 40, 7, 9), (5, 40, 30), (2, 300, 700), (700, 15, 15)]
)
@pytest.mark.parametrize("has_bias", [False, True])
def test_runs_of_every_length(shape: tuple[int, ...], has_bias: bool) -> None:
    channels = shape[-3]
    x, mean, weight = noise(*shape), 50 * noise(channels, seed=1), noise(channels, seed=2)
    variance, bias = noise(channels, seed=3) ** 2, noise(channels, seed=4) if has_bias else None
    x.flat[7] = np.nan
    x.flat[-1] = np.inf
    out = batch_norm2d(x, mean, variance, weight, bias)
    mean, scale, offset = (
        np.asarray(values, float)[:, None, None]
        for values in (mean, weight / np.sqrt(variance + 1e-5), 0 * mean if bias is None else bias)
    )
    with np.errstate(invalid="ignore"):
        expected = (x - mean) * scale + offset
        size = np.abs(scale) * (np.abs(x) + np.abs(mean)) + np.abs(offset)
        assert (np.abs(out - expected) <= 1e-6 * size)[np.isfinite(expected)].all()
    np.testing.assert_array_equal(np.isnan(out), np.isnan(expected))
    np.testing.assert_array_equal(np.isinf(out), np.isinf(expected))


def test_the_buffer_of_numpy_is_left_as_it_was() -> None:
    before = np.getbufsize()
    batch_norm2d(noise(2, 40, 40), noise(2), noise(2) ** 2)
    assert np.getbufsize() == before
