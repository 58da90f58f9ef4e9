"""Statistics and counts of all values: whatever is added up in pieces is what NumPy says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convlab.engine import measure as measure_module
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.engine.color import to_unit
from convlab.engine.display import DisplayMode, Scale, ScaleCurve, Stats, levels
from convlab.engine.measure import count_levels, measure, measure_bytes

VALUES = st.floats(-1000, 1000, width=32)


def plane(*values: float) -> FloatArray:
    """One plane of one row."""
    return np.array([[values]], np.float32)


def noise(channels: int = 1, height: int = 7, width: int = 9) -> FloatArray:
    generator = np.random.default_rng(5)
    return generator.normal(0.0, 2.0, (channels, height, width)).astype(np.float32)


def statistics(planes: FloatArray, scale: Scale, mode: DisplayMode) -> Stats:
    return measure(planes, scale, mode).stats


# ---- statistics ----


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_statistics_are_numpys_in_double_precision(channels: int) -> None:
    planes = noise(channels)
    exact = planes.astype(np.float64)

    figures = statistics(planes, Scale(-100.0, 100.0), DisplayMode.SIGNED)

    assert (figures.minimum, figures.maximum) == (exact.min(), exact.max())
    assert figures.mean == pytest.approx(exact.mean(), abs=1e-12)
    assert figures.std == pytest.approx(exact.std(), rel=1e-10)
    assert figures.clipped == 0.0


@given(arrays(np.float32, array_shapes(min_dims=3, max_dims=3, max_side=6), elements=VALUES))
def test_statistics_hold_for_any_picture(planes: FloatArray) -> None:
    exact = planes.astype(np.float64)
    largest = float(np.abs(exact).max())

    figures = statistics(planes, Scale(-1000.0, 1000.0), DisplayMode.SIGNED)

    assert (figures.minimum, figures.maximum) == (exact.min(), exact.max())
    assert figures.mean == pytest.approx(exact.mean(), abs=1e-9 * largest + 1e-30)
    assert figures.std == pytest.approx(exact.std(), abs=1e-6 * largest + 1e-30)


def test_the_spread_of_an_almost_flat_picture_is_exact() -> None:
    planes = (0.9 + 1e-3 * np.random.default_rng(0).random((1, 20, 11))).astype(np.float32)
    figures = statistics(planes, Scale(-1.0, 1.0), DisplayMode.SIGNED)
    assert figures.std == pytest.approx(planes.astype(np.float64).std(), rel=1e-6)


def test_a_view_of_a_larger_array_is_measured_as_the_view() -> None:
    whole = noise(1, 8, 8)
    view = whole[:, 1:5, 2:6]
    figures = statistics(view, Scale(-100.0, 100.0), DisplayMode.SIGNED)
    assert figures.mean == pytest.approx(view.astype(np.float64).mean(), abs=1e-12)
    assert figures.maximum == view.max()


@pytest.mark.parametrize(
    ("mode", "scale", "expected"),
    [
        (DisplayMode.SIGNED, Scale(-1.0, 1.0), 4 / 8),  # -3, -2, 2, 3
        (DisplayMode.SIGNED, Scale(-2.0, 2.0), 2 / 8),  # the ends are inside
        (DisplayMode.SIGNED, Scale(-3.0, 3.0), 0.0),
        (DisplayMode.CLIPPED, Scale(0.0, 1.0), 5 / 8),  # -3, -2, -1, 2, 3
        (DisplayMode.OFFSET, Scale(-0.5, 0.5), 6 / 8),  # all but the two zeros
        (DisplayMode.RAW, Scale(-3.0, 2.0), 1 / 8),
        (DisplayMode.ABSOLUTE, Scale(0.0, 2.0), 2 / 8),  # -2 is painted as 2, so it is inside
        (DisplayMode.ABSOLUTE, Scale(0.0, 3.0), 0.0),
    ],
)
def test_the_clipped_fraction_is_exact(mode: DisplayMode, scale: Scale, expected: float) -> None:
    planes = plane(-3, -2, -1, 0, 0, 1, 2, 3)
    assert statistics(planes, scale, mode).clipped == expected


def test_all_planes_count_for_the_clipped_fraction() -> None:
    planes = np.zeros((3, 2, 5), np.float32)
    planes[1, 0, :3] = 9.0
    assert statistics(planes, Scale(-1.0, 1.0), DisplayMode.SIGNED).clipped == pytest.approx(3 / 30)


@given(arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=9)))
def test_levels_are_counted_plane_by_plane(pixels: ByteArray) -> None:
    counts = count_levels(pixels)
    assert counts.tolist() == [
        np.bincount(plane.ravel(), minlength=256).tolist() for plane in pixels
    ]


@pytest.mark.parametrize("curve", ScaleCurve)
@pytest.mark.parametrize("alone", [0, 1 << 22])
def test_pieces_on_all_cores_give_the_same_as_one(
    curve: ScaleCurve, alone: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure_module, "_TOGETHER", 100)
    monkeypatch.setattr(measure_module, "_ALONE", alone)
    planes, scale = noise(3, 41, 23), Scale(-2.0, 2.0, curve)
    found = measure(planes, scale, DisplayMode.SIGNED)
    exact = planes.astype(np.float64)
    assert (found.stats.minimum, found.stats.maximum) == (exact.min(), exact.max())
    assert found.stats.mean == pytest.approx(exact.mean(), abs=1e-12)
    assert found.stats.std == pytest.approx(exact.std(), rel=1e-10)
    assert found.stats.clipped == np.count_nonzero(np.abs(planes) > 2.0) / planes.size
    assert np.array_equal(found.counts, count_levels(levels(planes, scale)))


@given(arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=9)))
def test_bytes_are_measured_as_their_values(pixels: ByteArray) -> None:
    scale, mode = Scale(0.0, 1.0), DisplayMode.CLIPPED
    found, expected = measure_bytes(pixels, scale, mode), measure(to_unit(pixels), scale, mode)
    assert (found.stats.minimum, found.stats.maximum) == (
        expected.stats.minimum,
        expected.stats.maximum,
    )
    assert found.stats.mean == pytest.approx(expected.stats.mean, abs=1e-12)
    assert found.stats.std == pytest.approx(to_unit(pixels).astype(np.float64).std(), abs=1e-12)
    assert found.stats.clipped == 0.0
    assert np.array_equal(found.counts, expected.counts)


def test_more_pixels_of_a_level_than_float32_can_count() -> None:
    steps = np.zeros((1, 4097, 4097), np.uint8)
    assert count_levels(steps)[0, 0] == 4097 * 4097
