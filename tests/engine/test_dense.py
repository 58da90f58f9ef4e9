from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine.dense import flatten, linear
from tests.slow import noise


def test_numbers_by_hand() -> None:
    assert linear([1, 2], [[3, 4], [5, 6], [7, 8]]).tolist() == [11, 17, 23]
    assert linear([[1, 2], [0, 1]], [[3, 4]], [0.5]).tolist() == [[11.5], [4.5]]
    x = np.arange(12.0).reshape(2, 2, 3)
    assert flatten(x).tolist() == list(range(12))
    assert flatten(x[None]).shape == (1, 12)
    assert flatten(np.full((1, 1, 2), 255, np.uint8)).tolist() == [1, 1]


def test_against_float64() -> None:
    x, weight, bias = noise(7, 300), noise(20, 300, seed=1), noise(20, seed=2)
    expected = x.astype(float) @ weight.astype(float).T + bias
    out = linear(x, weight, bias)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, expected, atol=1e-4)
    np.testing.assert_allclose(linear(x[3], weight, bias), expected[3], atol=1e-4)
    assert linear(noise(2, 3, 300), weight).shape == (2, 3, 20)


def test_every_memory_layout_gives_the_same_and_none_is_changed() -> None:
    x, weight = noise(2, 3, 4), noise(5, 24, seed=1)
    expected = linear(flatten(x), weight)
    frozen = x.copy()
    frozen.flags.writeable = False
    flipped = x[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    for picture in (np.asfortranarray(x), flipped, frozen, x.astype(float)):
        before = picture.copy()
        out = linear(flatten(picture), np.asfortranarray(weight))
        np.testing.assert_allclose(out, expected, atol=1e-5)
        np.testing.assert_array_equal(picture, before)
    assert not np.shares_memory(flatten(x), x)
    assert flatten(frozen).flags.writeable


@pytest.mark.parametrize(
    ("x", "weight", "bias", "message"),
    [
        (noise(3), noise(2, 4), None, r"\(3,\) and weight of shape \(2, 4\)"),
        (noise(4), noise(4), None, r"\(O, I\)"),
        (3, noise(1, 1), None, r"x of shape \(\)"),
        (noise(3, 2, 2), noise(2, 12), None, "flatten a picture first"),
        (noise(4), noise(2, 4), [1], "bias of shape .* give 2 numbers"),
        (noise(4), noise(2, 4) * 1j, None, "weight holds complex"),
    ],
)
def test_what_does_not_fit_is_rejected(x: Any, weight: Any, bias: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linear(x, weight, bias)


@pytest.mark.parametrize("shape", [(4,), (4, 4), (1, 1, 1, 4, 4)])
def test_only_pictures_are_flattened(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"give \(C, H, W\) or \(N, C, H, W\)"):
        flatten(noise(*shape))
