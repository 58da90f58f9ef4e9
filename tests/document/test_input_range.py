"""Which numbers of a deep picture are black and white, by hand-made numbers."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.document.frame import Frame, ValueScale, own_scale
from convlab.document.input_range import InputRange, Ranged, RangeMode, in_range
from convlab.document.parts import with_parameter
from convlab.engine.arrays import AnyArray, frozen

AUTO, FULL = InputRange(), InputRange(RangeMode.FULL)


def still_frame(pixels: AnyArray) -> Frame:
    return Frame(frozen(pixels), 0, 0.0, scale=own_scale(pixels))


def ranged(pixels: AnyArray, wanted: InputRange = AUTO) -> tuple[AnyArray, ValueScale | None]:
    frame = in_range(still_frame(pixels), wanted)
    return frame.pixels, frame.scale


def test_twelve_bits_in_sixteen_reach_from_black_to_white() -> None:
    numbers = np.array([[0, 1024, 4095]], np.uint16)
    pixels, scale = ranged(numbers)
    np.testing.assert_allclose(pixels, [[0.0, 1024 / 4095, 1.0]], rtol=1e-6)
    assert scale == ValueScale(0.0, 4095.0, True)
    assert [scale.own(value) for value in pixels[0].tolist()] == [0, 1024, 4095]


def test_eight_bits_have_no_range() -> None:
    numbers = np.array([[3, 60]], np.uint8)
    for wanted in (AUTO, FULL, InputRange(RangeMode.HAND, 3, 60)):
        pixels, scale = ranged(numbers, wanted)
        assert scale is None
        assert pixels is numbers


@pytest.mark.parametrize(
    "numbers",
    [
        np.array([[9, 40_000]], np.uint16),
        np.array([[0.0, 0.8]], np.float32),
        np.array([[7, 7]], np.uint16),
    ],
    ids=["most of 16 bits", "0 to 1", "flat"],
)
def test_what_uses_its_depth_stays_as_it_is(numbers: AnyArray) -> None:
    assert ranged(numbers)[0] is numbers


def test_full_is_the_type_and_nothing_is_computed() -> None:
    whole, decimal = np.array([[5, 9]], np.uint16), np.array([[-2.0, 3000.0]], np.float32)
    assert ranged(whole, FULL) == (whole, ValueScale(0.0, 65535.0, True))
    assert ranged(decimal, FULL) == (decimal, ValueScale(0.0, 1.0, False))


def test_signed_numbers_and_dim_ones_are_spread() -> None:
    for numbers in ([-1000, 0, 3000], [0.0, 0.001, 0.004]):
        pixels, _ = ranged(np.array([numbers], np.float32))
        np.testing.assert_allclose(pixels, [[0, 0.25, 1]])


def test_hot_pixels_do_not_make_the_night_black() -> None:
    sky = np.random.default_rng(3).normal(1000, 10, (200, 200)).astype(np.float32)
    sky[17, 40], sky[100, 3] = 1e6, -1e6
    pixels, scale = ranged(sky)
    assert scale is not None
    assert 950 < scale.black < 1000 < scale.white < 1050
    assert pixels[17, 40] > 1000, "its number stays true"


def test_by_hand_nothing_is_cut_off_and_white_below_black_is_a_negative() -> None:
    numbers = np.array([[50, 100, 800, 1500]], np.uint16)
    pixels, scale = ranged(numbers, InputRange(RangeMode.HAND, 100, 800))
    np.testing.assert_allclose(pixels, [[-50 / 700, 0, 1, 2]], rtol=1e-6)
    assert scale == ValueScale(100, 800, True)
    pixels, _ = ranged(numbers, InputRange(RangeMode.HAND, 800, 100))
    np.testing.assert_allclose(pixels[0, 1:3], [1, 0])
    pixels, _ = ranged(numbers, InputRange(RangeMode.HAND, 100, 100))
    assert np.isfinite(pixels).all()
    assert (np.sign(pixels) == [[-1, 0, 1, 1]]).all()


def test_the_same_frame_is_made_once() -> None:
    frame, kept = still_frame(np.array([[5, 9]], np.uint16)), Ranged()
    first = kept.of(frame, AUTO)
    assert kept.of(frame, InputRange()) is first
    assert kept.of(frame, FULL) is not first


def test_it_is_a_declared_part_of_the_document() -> None:
    document = with_parameter(Document(), "input_range", "mode", "hand")
    document = with_parameter(document, "input_range", "high", 4095)
    assert document.input_range == InputRange(RangeMode.HAND, 0.0, 4095.0)
    with pytest.raises(ValueError, match="white of the input"):
        with_parameter(document, "input_range", "high", 1e30)
