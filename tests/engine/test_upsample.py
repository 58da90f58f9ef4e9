from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine import upsample as module
from convlab.engine.upsample import Upsampling, upsample
from tests import slow
from tests.slow import noise


def test_numbers_by_hand() -> None:
    assert upsample([[1, 2], [3, 4]], 2).tolist() == [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 4, 4],
        [3, 3, 4, 4],
    ]
    assert upsample([[0, 4]], (1, 2), "bilinear").tolist() == [[0, 1, 3, 4]]
    assert upsample([[0, 3]], (1, 2), "bilinear", True).tolist() == [[0, 1, 2, 3]]
    # As PyTorch's documentation shows.
    assert upsample([[1, 2], [3, 4]], 2, "bilinear").tolist() == [
        [1, 1.25, 1.75, 2],
        [1.5, 1.75, 2.25, 2.5],
        [2.5, 2.75, 3.25, 3.5],
        [3, 3.25, 3.75, 4],
    ]
    assert upsample([[5]], 3, "bilinear", True).tolist() == [[5] * 3] * 3


@settings(max_examples=100, deadline=None)
@given(
    size=st.tuples(*[st.integers(1, 9)] * 2),
    scale=st.tuples(*[st.integers(1, 5)] * 2),
    align=st.booleans(),
)
def test_against_float64(size: tuple[int, int], scale: tuple[int, int], align: bool) -> None:
    x = noise(2, 2, *size)
    out = upsample(x, scale, "bilinear", align)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, slow.bilinear(x.astype(float), scale, align), atol=2e-6)
    np.testing.assert_array_equal(upsample(x, scale), np.kron(x, np.ones(scale, np.float32)))


@pytest.mark.parametrize("mode", ["nearest", "bilinear", Upsampling.BILINEAR])
def test_every_memory_layout_gives_the_same_and_none_is_changed(mode: str) -> None:
    x = noise(2, 5, 6)
    expected = upsample(x, 2, mode)
    frozen = x.copy()
    frozen.flags.writeable = False
    for picture in (np.asfortranarray(x), x[:, ::-1].copy()[:, ::-1], frozen, x.astype(float)):
        before = picture.copy()
        np.testing.assert_array_equal(upsample(picture, 2, mode), expected)
        np.testing.assert_array_equal(picture, before)
    same = upsample(frozen, 1, mode)
    assert same.flags.writeable
    assert not np.shares_memory(same, frozen)
    assert upsample(np.full((1, 1), 255, np.uint8), 1, mode).item() == 1


@pytest.mark.parametrize(
    ("shape", "arguments", "message"),
    [
        ((5,), (2,), r"\(5,\) .* \(H, W\)"),
        ((5, 5), (0,), "scale 0"),
        ((5, 5), (2, "cubic"), "mode 'cubic' is unknown: choose one of nearest, bilinear"),
        ((5, 5), (2, "nearest", True), "align_corners True has no meaning"),
    ],
)
def test_what_does_not_fit_is_rejected(shape: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        upsample(noise(*shape), *arguments)


def test_factors_that_are_not_whole_and_sizes() -> None:
    """Numbers of PyTorch 2.14's interpolate."""
    row = [[1, 2, 3, 4, 5]]
    assert upsample(row, (1, 1.5)).tolist() == [[1, 1, 2, 3, 3, 4, 5]]
    assert upsample(row, (1, 0.5)).tolist() == [[1, 3]]
    assert upsample(row, size=(2, 3)).tolist() == [[1, 2, 4]] * 2
    assert upsample([[0, 6]], size=(1, 4), mode="bilinear").tolist() == [[0, 1.5, 4.5, 6]]
    assert upsample([[0, 6]], size=(1, 4), mode="bilinear", align_corners=True).tolist() == [
        [0, 2, 4, 6]
    ]
    assert upsample(noise(3, 5, 7), 1.3).shape == (3, 6, 9)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "give either scale"),
        ({"scale": 2, "size": 4}, "give either scale"),
        ({"scale": 0.1}, "leaves nothing of a picture of 5 × 6 pixels: give at least 0.2"),
        ({"scale": -1.5}, "scale -1.5 cannot be used: give one number above 0"),
        ({"scale": (1, 2, 3)}, "or two as"),
        ({"scale": "2"}, "scale '2' cannot be used"),
        ({"scale": True}, "scale True cannot be used"),
        ({"size": 2.5}, "size 2.5 cannot be used: give one whole number"),
    ],
)
def test_sizes_that_cannot_be(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        upsample(noise(5, 6), **options)


def test_a_factor_that_changes_no_size_changes_no_pixel() -> None:
    """Found by comparison with PyTorch, which copies then."""
    x = noise(2, 9, 3)
    for mode in Upsampling:
        np.testing.assert_array_equal(upsample(x, 1.032, mode), x)


@pytest.mark.parametrize("scale", [2, (4, 1), (1, 8)])
@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_opencv_keeps_what_is_not_finite_in_its_place(
    scale: int | tuple[int, int], strange: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = noise(2, 21, 25)
    at_ease = upsample(x, scale, "bilinear")
    for place in ((0, 0, 0), (0, 20, 24), (1, 7, 0), (1, 20, 3)):
        x[place] = strange
    out = upsample(x, scale, "bilinear")
    monkeypatch.setattr(module, "_FEWEST_PIXELS", np.inf)
    exact = upsample(x, scale, "bilinear")
    np.testing.assert_array_equal(out, exact)
    is_near = ~np.isfinite(exact)
    assert 0 < is_near.sum() < is_near.size / 8
    np.testing.assert_allclose(at_ease[~is_near], exact[~is_near], rtol=2e-5, atol=1e-6)
