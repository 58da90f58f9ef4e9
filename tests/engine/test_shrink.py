from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convlab.engine import shrink as shrink_module
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.shrink import fitting_factor, means, strongest

SIZES = [(1, 480, 640, 8), (2, 31, 45, 5), (3, 7, 11, 3), (1, 9, 9, 3), (2, 5, 7, 2), (1, 3, 4, 9)]


def blocks(pixels: AnyArray, factor: int) -> list[list[AnyArray]]:
    height, width = pixels.shape
    return [
        [pixels[row : row + factor, at : at + factor] for at in range(0, width, factor)]
        for row in range(0, height, factor)
    ]


def slow_strongest(planes: FloatArray, factor: int) -> list[object]:
    """The oracle: of equal magnitudes the positive one."""

    def of(block: FloatArray) -> float:
        low, high = float(block.min()), float(block.max())
        return low if -low > high else high

    return [[[of(block) for block in row] for row in blocks(plane, factor)] for plane in planes]


@pytest.mark.parametrize(("count", "height", "width", "factor"), SIZES)
@pytest.mark.parametrize("low", [-1.0, 0.0])
def test_each_value_is_the_strongest_of_its_block(
    count: int, height: int, width: int, factor: int, low: float
) -> None:
    planes = np.random.default_rng(0).uniform(low, 1.0, (count, height, width)).astype(np.float32)
    before = planes.copy()
    assert strongest(planes, factor, low).tolist() == slow_strongest(planes, factor)
    spread = np.repeat(planes, 2, axis=2)[:, :, ::2]  # the same, not in one piece
    assert strongest(spread, factor, low).tolist() == slow_strongest(planes, factor)
    assert np.array_equal(planes, before)


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=3, max_dims=3, max_side=7),
        elements=st.floats(-5, 5, width=32),
    ),
    st.integers(1, 8),
)
def test_the_strongest_of_any_planes(planes: FloatArray, factor: int) -> None:
    assert strongest(planes, factor).tolist() == slow_strongest(planes, factor)


@pytest.mark.parametrize("on_all_cores", [False, True])
def test_it_is_the_same_band_after_band(
    on_all_cores: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shrink_module, "_TOGETHER", 1)
    monkeypatch.setattr(shrink_module, "_ALONE", 1)
    planes = np.random.default_rng(0).normal(size=(2, 31, 45)).astype(np.float32)
    found = strongest(planes, 4, on_all_cores=on_all_cores)
    assert found.tolist() == slow_strongest(planes, 4)


def test_a_line_of_one_pixel_is_not_lost_wherever_it_is() -> None:
    for at in range(40):
        planes = np.zeros((1, 40, 40), np.float32)
        planes[0, :, at] = -3.0
        assert (strongest(planes, 7)[0].min(axis=1) == -3.0).all()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize(("count", "height", "width", "factor"), SIZES)
def test_each_pixel_is_the_mean_of_its_block(
    count: int, height: int, width: int, factor: int, kind: type
) -> None:
    picture: AnyArray = (
        np.random.default_rng(0).uniform(0, 255, (height, width, count)).astype(kind)
    )
    found = means(picture, factor)
    assert found.dtype == kind
    for channel in range(count):
        expected = [
            [block.mean() for block in row] for row in blocks(picture[..., channel], factor)
        ]
        np.testing.assert_allclose(found[..., channel], expected, atol=0.51, rtol=1e-5)
    assert means(picture[..., 0].copy(), factor).shape == found.shape[:2]


def test_a_width_of_the_screen_is_kept() -> None:
    assert fitting_factor((4000, 6000), 560) == 10
    assert fitting_factor((480, 640), 640) == 1
    assert fitting_factor((1, 640), 10) == 1
