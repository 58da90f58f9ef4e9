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
