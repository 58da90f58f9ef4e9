from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.engine.arrays import AnyArray, ByteArray, FloatArray
from convlab.engine.color_maps import Palette
from convlab.engine.display import (
    DisplayMode,
    Histogram,
    Scale,
    ScaleCurve,
    choose_scale,
    color_map,
    colorize,
    extremes,
    histogram,
    levels,
    to_bgra,
)
from convlab.engine.measure import measure

PAINTED = [mode for mode in DisplayMode if mode is not DisplayMode.AUTO]
NEUTRAL = [247, 247, 247]
BLUE_END, RED_END = [5, 48, 97], [103, 0, 31]
VALUES = st.floats(-1000, 1000, width=32)


def plane(*values: float) -> FloatArray:
    """One plane of one row."""
    return np.array([[values]], np.float32)


def noise(channels: int = 1, height: int = 7, width: int = 9) -> FloatArray:
    generator = np.random.default_rng(5)
    return generator.normal(0.0, 2.0, (channels, height, width)).astype(np.float32)


def paint(planes: FloatArray, mode: DisplayMode, scale: Scale) -> ByteArray:
    """From values to colours without alpha, ``(H, W, 3)``."""
    return colorize(levels(planes, scale), mode)[:, :, 2::-1]


def bars(planes: FloatArray, scale: Scale, bins: int = 64) -> Histogram:
    return histogram(measure(planes, scale, DisplayMode.SIGNED).counts, scale, bins)


def index_of(color: list[int], mode: DisplayMode) -> list[int]:
    return np.flatnonzero((color_map(mode) == color).all(axis=1)).tolist()


# ---- extremes ----


def test_extremes_see_every_plane_and_every_pixel() -> None:
    planes = np.zeros((3, 40, 50), np.float32)
    planes[2, 39, 49] = 0.25
    planes[1, 0, 0] = -7.5
    assert extremes(planes) == (-7.5, 0.25)


# ---- histogram ----


@pytest.mark.parametrize("bins", [16, 64, 256])
def test_every_pixel_of_every_plane_is_in_one_bin(bins: int) -> None:
    planes = noise(3)
    counts = bars(planes, Scale(-1.0, 1.0), bins).counts
    assert counts.shape == (3, bins)
    assert counts.sum(axis=1).tolist() == [63, 63, 63]


def test_a_picture_of_8_bits_has_four_grey_levels_in_each_of_64_bins() -> None:
    grey = np.arange(256, dtype=np.float32).reshape(1, 16, 16) / np.float32(255)
    assert bars(grey, Scale(0.0, 1.0)).counts.tolist() == [[4] * 64]


@given(st.lists(st.integers(0, 63), min_size=1, max_size=40))
def test_a_value_in_the_middle_of_a_bin_is_counted_there(chosen: list[int]) -> None:
    scale = Scale(-3.0, 5.0)
    width = (scale.high - scale.low) / 64
    values = plane(*(scale.low + (number + 0.5) * width for number in chosen))

    counts = bars(values, scale).counts[0]

    assert counts.tolist() == np.bincount(chosen, minlength=64).tolist()


def test_values_beyond_the_scale_and_its_ends_go_to_the_outer_bins() -> None:
    counts = bars(plane(-9, -1, 1, 9, 99), Scale(-1.0, 1.0), 16).counts[0]
    assert (counts[0], counts[-1], counts.sum()) == (2, 3, 5)


def test_each_plane_has_its_own_counts_and_the_histogram_knows_its_range() -> None:
    planes = np.stack([np.full((2, 3), 0.1), np.full((2, 3), 0.9)]).astype(np.float32)
    result = bars(planes, Scale(0.0, 1.0), 4)
    assert result.counts.tolist() == [[6, 0, 0, 0], [0, 0, 0, 6]]
    assert result.scale == Scale(0.0, 1.0)
    assert not result.counts.flags.writeable


# ---- the scales ----


@pytest.mark.parametrize(
    ("mode", "limit", "expected"),
    [
        (DisplayMode.SIGNED, None, (-30.0, 30.0)),
        (DisplayMode.SIGNED, 7.0, (-7.0, 7.0)),
        (DisplayMode.ABSOLUTE, None, (0.0, 30.0)),
        (DisplayMode.ABSOLUTE, 7.0, (0.0, 7.0)),
        (DisplayMode.CLIPPED, None, (0.0, 10.0)),
        (DisplayMode.CLIPPED, 7.0, (0.0, 7.0)),
        (DisplayMode.OFFSET, None, (-5.0, 5.0)),
        (DisplayMode.OFFSET, 7.0, (-3.5, 3.5)),
        (DisplayMode.RAW, None, (-27.0, 4.0)),
        (DisplayMode.RAW, 7.0, (-7.0, 7.0)),
    ],
)
def test_the_scale_of_each_mode(
    mode: DisplayMode, limit: float | None, expected: tuple[float, float]
) -> None:
    assert choose_scale(mode, -27.0, 4.0, 10.0, limit) == Scale(*expected)


def test_a_fixed_raw_range_begins_at_zero_when_nothing_is_negative() -> None:
    assert choose_scale(DisplayMode.RAW, 0.0, 4.0, 1.0, 7.0) == Scale(0.0, 7.0)


@pytest.mark.parametrize("mode", PAINTED)
@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e16])
def test_a_flat_picture_has_a_scale_of_some_width(mode: DisplayMode, value: float) -> None:
    scale = choose_scale(mode, value, value, 1.0, None)
    assert scale.high > scale.low


@pytest.mark.parametrize("mode", [DisplayMode.SIGNED, DisplayMode.ABSOLUTE, DisplayMode.RAW])
def test_a_scale_that_follows_the_picture_clips_nothing(mode: DisplayMode) -> None:
    # A 5×5 box blur of a white picture: the sum of 25 float32 weights is one bit above 1.
    planes = plane(0.5, float(np.nextafter(np.float32(1), np.float32(2))))
    scale = choose_scale(mode, *extremes(planes), 1.0, None)
    assert measure(planes, scale, mode).stats.clipped == 0.0


# ---- colours ----


@given(st.floats(0.0009765625, 1e6, width=32))
def test_zero_is_exactly_the_neutral_colour(limit: float) -> None:
    assert paint(plane(0.0), DisplayMode.SIGNED, Scale(-limit, limit)).tolist() == [[NEUTRAL]]


@given(value=st.floats(0.0, 40.0, width=32), limit=st.floats(0.5, 40.0, width=32))
def test_opposite_values_are_equally_far_from_the_neutral_colour(
    value: float, limit: float
) -> None:
    [[below, above]] = paint(plane(-value, value), DisplayMode.SIGNED, Scale(-limit, limit))
    below_at = index_of(below.tolist(), DisplayMode.SIGNED)
    above_at = index_of(above.tolist(), DisplayMode.SIGNED)
    # Where both fall between two colours they are rounded to the even one: off by one at most.
    assert min(abs(low + high - 255) for low in below_at for high in above_at) <= 1


def test_signed_is_blue_below_zero_and_red_above_and_saturates() -> None:
    painted = paint(plane(-99, -1, -0.5, 0.5, 1, 99), DisplayMode.SIGNED, Scale(-1.0, 1.0))[0]
    assert painted[0].tolist() == painted[1].tolist() == BLUE_END
    assert painted[4].tolist() == painted[5].tolist() == RED_END
    assert painted[2, 2] > painted[2, 0]
    assert painted[3, 0] > painted[3, 2]


def test_the_signed_map_gets_lighter_towards_its_middle_on_both_sides() -> None:
    luma = color_map(DisplayMode.SIGNED).astype(np.float64) @ [0.299, 0.587, 0.114]
    assert (np.diff(luma[:128]) >= 0).all()
    assert (np.diff(luma[128:]) <= 0).all()
    assert luma[127] == luma[128] == 247


@pytest.mark.parametrize("palette", Palette)
def test_counts_begin_where_signed_values_are_zero_and_end_where_they_are_largest(
    palette: Palette,
) -> None:
    heat, signed = (color_map(mode, palette) for mode in (DisplayMode.HEAT, DisplayMode.SIGNED))
    assert (heat[0].tolist(), heat[-1].tolist()) == (signed[128].tolist(), signed[-1].tolist())
    assert len({tuple(color) for color in heat.tolist()}) > 150


@pytest.mark.parametrize("mode", sorted(set(DisplayMode) - {DisplayMode.SIGNED, DisplayMode.HEAT}))
def test_the_other_maps_go_from_black_to_white(mode: DisplayMode) -> None:
    assert color_map(mode).tolist() == [[level] * 3 for level in range(256)]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (Scale(-2.0, 2.0), [0, 64, 128, 191, 255]),
        (Scale(0.0, 1.0), [0, 0, 0, 255, 255]),
        (Scale(-1.0, 4.0), [0, 0, 51, 102, 153]),
    ],
)
def test_levels_of_minus_two_to_two(scale: Scale, expected: list[int]) -> None:
    assert levels(plane(-2, -1, 0, 1, 2), scale).tolist() == [[expected]]


def test_plain_levels_are_painted_as_that_grey() -> None:
    steps = np.arange(256, dtype=np.uint8).reshape(1, 1, 256)
    painted = colorize(steps, DisplayMode.RAW)
    assert painted.tolist() == [[[level, level, level, 255] for level in range(256)]]


def test_signed_levels_are_painted_with_the_diverging_map() -> None:
    steps = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    painted = colorize(steps, DisplayMode.SIGNED).reshape(256, 4)
    np.testing.assert_array_equal(painted[:, 2::-1], color_map(DisplayMode.SIGNED))
    assert (painted[:, 3] == 255).all()


@pytest.mark.parametrize("mode", PAINTED)
@pytest.mark.parametrize("channels", [1, 3])
def test_painted_pictures_are_contiguous_opaque_bytes(mode: DisplayMode, channels: int) -> None:
    planes = noise(channels, 14, 9)[:, ::2]  # not contiguous
    painted = colorize(levels(planes, Scale(-1.0, 1.0)), mode)
    assert painted.shape == (7, 9, 4)
    assert painted.dtype == np.uint8
    assert painted.flags.c_contiguous
    assert (painted[:, :, 3] == 255).all()


@pytest.mark.parametrize("mode", PAINTED)
def test_three_planes_become_red_green_and_blue(mode: DisplayMode) -> None:
    planes = np.array([[[1.0]], [[0.0]], [[0.4]]], np.float32)
    painted = colorize(levels(planes, Scale(0.0, 1.0)), mode)
    assert painted.tolist() == [[[102, 0, 255, 255]]]


def test_two_planes_become_red_and_green_without_blue() -> None:
    steps = np.array([[[10]], [[20]]], np.uint8)
    assert colorize(steps, DisplayMode.RAW).tolist() == [[[0, 20, 10, 255]]]


def test_a_picture_to_bgra_has_its_own_colours_and_is_opaque() -> None:
    rgb = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    bgra = to_bgra(rgb)
    np.testing.assert_array_equal(bgra[:, :, 2::-1], rgb)
    assert (bgra[:, :, 3] == 255).all()
    assert bgra.flags.c_contiguous


@pytest.mark.parametrize("mode", PAINTED)
@pytest.mark.parametrize("channels", [1, 3])
def test_inputs_are_not_changed(mode: DisplayMode, channels: int) -> None:
    planes, before = noise(channels), noise(channels)
    scale = Scale(-1.0, 1.0)

    steps = levels(planes, scale)
    steps_before = steps.copy()
    measured = measure(planes, scale, mode)
    colorize(steps, mode)
    histogram(measured.counts, scale)

    np.testing.assert_array_equal(planes, before)
    np.testing.assert_array_equal(steps, steps_before)
    assert planes.flags.writeable


# ---- the root scale ----


def test_a_root_scale_paints_small_values_stronger() -> None:
    steps = levels(plane(-1.0, -0.25, 0.0, 0.25, 1.0), Scale(-1.0, 1.0, ScaleCurve.ROOT))
    assert steps[0, 0].tolist() == [0, 64, 128, 191, 255]


@given(st.floats(-8, 8), st.sampled_from(ScaleCurve), st.sampled_from([(-8.0, 8.0), (0.0, 8.0)]))
def test_a_place_on_the_map_is_that_of_the_level_and_leads_back(
    value: float, curve: ScaleCurve, ends: tuple[float, float]
) -> None:
    scale = Scale(*ends, curve)
    value = max(value, scale.low)
    place = scale.place(value)
    assert levels(plane(value), scale)[0, 0, 0] == pytest.approx(255 * place, abs=0.51)
    assert scale.value_at(place) == pytest.approx(value, abs=1e-5)


def test_a_mode_has_to_be_chosen_before_there_is_a_scale() -> None:
    with pytest.raises(ValueError, match="choose one for AUTO"):
        choose_scale(DisplayMode.AUTO, 0.0, 1.0, 1.0, None)


def test_the_noise_of_rounding_does_not_choose_the_scale() -> None:
    scale = choose_scale(DisplayMode.SIGNED, -2.4e-7, 2.4e-7, 1.0, None)
    assert scale.high == 1.0


# ---- palettes ----


def strength(palette: Palette) -> AnyArray:
    return (color_map(DisplayMode.SIGNED, palette).astype(float)) @ [0.299, 0.587, 0.114]


def test_on_dark_the_neutral_colour_is_dark_and_magnitudes_glow() -> None:
    luma = strength(Palette.DARK)
    assert luma[127:129].max() < 30
    assert (np.diff(luma[128:]) >= -0.5).all()
    assert (np.diff(luma[:128]) <= 0.5).all()
    assert luma[[0, 255]].min() > 200


def test_with_strong_contrast_lightness_tells_the_sign() -> None:
    luma = strength(Palette.CONTRAST)
    assert (np.diff(luma) >= -0.5).all()
    assert luma[127] - luma[0] > 90
    assert luma[255] - luma[128] > 90


@pytest.mark.parametrize("palette", Palette)
def test_each_palette_paints_with_its_own_map(palette: Palette) -> None:
    steps = np.arange(256, dtype=np.uint8)[None, None]
    painted = colorize(steps, DisplayMode.SIGNED, palette=palette)[0, :, 2::-1]
    np.testing.assert_array_equal(painted, color_map(DisplayMode.SIGNED, palette))
    neutral = color_map(DisplayMode.SIGNED, palette)[127:129]
    assert (neutral[0] == neutral[1]).all()
