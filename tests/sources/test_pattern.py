import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from convlab.document.frame import BarAngle, Frame
from convlab.document.source import PatternOptions
from convlab.engine.arrays import AnyArray
from convlab.sources.base import SourceError
from convlab.sources.pattern import PATTERNS, PatternSource

SMALL = ["step", "reversed-step", "checker", "impulse"]
SCENES = ["bar", "rotating-bar", "grating", "red-edge", "object", "noise", "drift", "zone-plate"]
NAMES = ["torch", *SMALL, "step-1000", *SCENES]
SHAPES = {
    "torch": (480, 640, 3),
    "step-1000": (1000, 1000),
    "bar": (320, 320),
    "red-edge": (240, 320, 3),
    "object": (240, 320),
    "noise": (480, 640),
    "drift": (720, 1280, 3),
    "zone-plate": (512, 512),
}


def read(source: PatternSource) -> Frame:
    frame = source.read()
    assert frame is not None
    return frame


def drawn(name: str, t: float = 0.0, options: PatternOptions | None = None) -> AnyArray:
    return PATTERNS[name].render(t, options or PatternOptions())


def test_all_are_there_under_their_own_name() -> None:
    assert list(PATTERNS) == NAMES
    assert all(pattern.name == name for name, pattern in PATTERNS.items())


@pytest.mark.parametrize("name", NAMES)
def test_frames_keep_the_contract(name: str) -> None:
    pattern = PATTERNS[name]
    source = PatternSource(name, fps=None)
    frame = read(source)
    pixels = frame.pixels
    assert pixels.dtype in (np.uint8, np.float32)
    assert pixels.shape == SHAPES.get(name, pixels.shape)
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable
    assert 0 <= pixels.min() < pixels.max()
    if pixels.dtype == np.float32:
        assert pixels.max() == pytest.approx(frame.white, abs=1e-3)
    assert source.moves == pattern.moves
    assert source.title == pattern.title
    assert pattern.description.endswith(".")
    source.close()
    source.close()


@pytest.mark.parametrize("name", NAMES)
def test_time_changes_what_moves_and_nothing_else(name: str) -> None:
    same = np.array_equal(drawn(name, 0.0), drawn(name, 0.5))
    assert same != PATTERNS[name].moves


@pytest.mark.parametrize("name", NAMES)
def test_dials_change_what_they_say(name: str) -> None:
    angle = PatternOptions(angle=10.0)
    position = PatternOptions(position=(0.2, 0.3))
    width = PatternOptions(width=3.0)
    has_bar = PATTERNS[name].bar_angle is not None
    assert np.array_equal(drawn(name), drawn(name, 0.0, width)) != has_bar
    assert np.array_equal(drawn(name), drawn(name, 0.0, angle)) != PATTERNS[name].uses_angle
    assert np.array_equal(drawn(name), drawn(name, 0.0, position)) != PATTERNS[name].uses_position


def test_hand_made_numbers() -> None:
    row = [10, 10, 10, 0, 0, 0]
    expected: dict[str, NDArray[np.float32]] = {
        "step": np.array([row] * 6, np.float32),
        "reversed-step": np.array([row[::-1]] * 6, np.float32),
        "checker": np.array([row] * 3 + [row[::-1]] * 3, np.float32),
        "impulse": np.zeros((7, 7), np.float32),
    }
    expected["impulse"][3, 3] = 1.0
    for name, picture in expected.items():
        np.testing.assert_array_equal(drawn(name), picture)
    assert [PATTERNS[name].white for name in expected] == [10.0, 10.0, 10.0, 1.0]


def test_large_step_has_its_edge_in_the_middle() -> None:
    picture = drawn("step-1000")
    assert (picture[:, :500] == 10).all()
    assert (picture[:, 500:] == 0).all()


def test_red_edge_exists_only_in_red() -> None:
    red, green, blue = np.moveaxis(drawn("red-edge").astype(int), -1, 0)
    assert np.count_nonzero(np.diff(red, axis=1)) == 240
    assert not np.diff(red, axis=0).any()
    assert np.ptp(green) == np.ptp(blue) == 0


def test_bar_lies_along_its_angle() -> None:
    flat = drawn("bar", 0.0, PatternOptions(angle=0.0))
    upright = drawn("bar", 0.0, PatternOptions(angle=90.0))
    rising = drawn("bar", 0.0, PatternOptions(angle=45.0))
    assert (flat[159, 60], flat[60, 159]) == (1.0, 0.0)
    np.testing.assert_allclose(upright, flat.T, atol=1e-4)
    assert (rising[80, 240], rising[80, 80]) == (1.0, 0.0)  # Up and to the right.
    assert flat.sum() == pytest.approx(24 * 260, rel=1e-3)
    assert rising.sum() == pytest.approx(24 * 260, rel=1e-2)  # Antialiased: the area is kept.


def test_rotating_bar_turns_counter_clockwise_once_in_six_seconds() -> None:
    for t, angle in ((0.0, 0.0), (0.75, 45.0), (1.5, 90.0), (6.0, 0.0)):
        expected = drawn("bar", 0.0, PatternOptions(angle=angle))
        np.testing.assert_allclose(drawn("rotating-bar", t), expected, atol=1e-3)


def test_a_frame_says_the_angle_of_its_bar() -> None:
    source = PatternSource("bar", PatternOptions(angle=30.0, width=3.0), fps=None)
    frame = source.read()
    assert frame is not None
    assert frame.bar == BarAngle(30.0, "bar 3.0")
    assert frame.pixels.sum() == pytest.approx(3 * 260, rel=1e-2)
    turning = PatternSource("rotating-bar", fps=None)
    angles = [frame.bar.angle for _ in range(3) if (frame := turning.read()) and frame.bar]
    assert angles == pytest.approx([0.0, 1.0, 2.0])
    step = PatternSource("step").read()
    assert step is not None
    assert step.bar is None


def test_grating_is_constant_along_its_angle_and_repeats() -> None:
    flat = drawn("grating", 0.0, PatternOptions(angle=0.0))
    np.testing.assert_allclose(flat, np.repeat(flat[:, :1], 640, axis=1), atol=1e-5)
    np.testing.assert_allclose(flat[40:], flat[:-40], atol=1e-4)
    np.testing.assert_allclose(drawn("grating", 1.0), drawn("grating", 0.0), atol=1e-4)
    assert flat.mean() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("position", [(0.5, 0.5), (0.25, 0.75), (0.8, 0.2)])
def test_object_follows_its_position(position: tuple[float, float]) -> None:
    picture = drawn("object", 0.0, PatternOptions(position=position))
    weights = picture - picture.min()
    row = (weights.sum(axis=1) @ np.arange(240)) / weights.sum()
    column = (weights.sum(axis=0) @ np.arange(320)) / weights.sum()
    assert (row / 239, column / 319) == pytest.approx(position, abs=1e-3)


def test_noise_is_even_and_the_same_for_the_same_moment() -> None:
    picture = drawn("noise", 0.25)
    np.testing.assert_array_equal(picture, drawn("noise", 0.25))
    assert picture.mean() == pytest.approx(127.5, abs=1.0)
    assert abs(np.corrcoef(picture.ravel(), drawn("noise", 0.5).ravel())[0, 1]) < 0.01


def test_drift_rolls_without_a_seam_or_a_copy() -> None:
    start, later = drawn("drift", 0.0), drawn("drift", 1.0)
    np.testing.assert_array_equal(later[60:, 150:], start[:-60, :-150])
    assert np.shares_memory(start, later)
    for t in (0.0, 3.7, 11.9):
        picture = drawn("drift", t).astype(int)
        inside = np.abs(np.diff(picture, axis=1)).mean()
        across = np.abs(picture[1:, 0] - picture[:-1, -1]).mean()
        assert across < 2.0 * inside
        assert np.abs(np.diff(picture, axis=0)).mean(axis=(1, 2)).max() < 3.0 * inside


def test_zone_plate_grows_finer_to_the_limit() -> None:
    picture = drawn("zone-plate")
    assert picture[255, 255] == pytest.approx(1.0, abs=0.01)
    np.testing.assert_allclose(picture, picture.T, atol=1e-6)
    assert np.abs(np.diff(picture[255]))[250:262].max() < 0.1
    crossings = np.diff(np.sign(picture[255] - 0.5)) != 0
    assert crossings[-30:].mean() > 0.9  # Half a period per pixel: every pixel changes sides.
    assert 0.4 < crossings[370:400].mean() < 0.6  # Halfway out: a quarter period per pixel.


def test_torch_wanders_over_the_same_wall() -> None:
    pictures = np.stack([drawn("torch", t).astype(float) for t in np.arange(0.0, 20.0, 0.5)])
    brightest = [np.unravel_index(p.sum(axis=2).argmax(), (480, 640)) for p in pictures]
    rows, columns = np.array(brightest).T
    assert np.ptp(rows) > 150
    assert np.ptp(columns) > 250
    assert pictures.mean(axis=(1, 2, 3)).min() > 10.0


def test_still_pattern_is_drawn_once_and_again_when_dialled() -> None:
    source = PatternSource("object")
    first = read(source)
    assert source.read() is None
    source.set_options(PatternOptions(position=(0.1, 0.1)))
    second = read(source)
    assert source.read() is None
    assert (first.index, second.index) == (0, 1)
    assert not np.array_equal(first.pixels, second.pixels)


def test_moving_pattern_takes_new_options_at_the_next_read() -> None:
    source = PatternSource("grating", PatternOptions(angle=0.0), fps=None)
    read(source)
    source.set_options(PatternOptions(angle=90.0))
    picture = read(source).pixels
    np.testing.assert_allclose(picture, np.repeat(picture[:1], 480, axis=0), atol=1e-5)


def test_indices_are_consecutive_and_times_rise() -> None:
    source = PatternSource("rotating-bar", fps=None)
    frames = [read(source) for _ in range(4)]
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [f.captured_at for f in frames] == sorted(f.captured_at for f in frames)


def test_unthrottled_pattern_is_the_same_on_every_machine() -> None:
    source = PatternSource("rotating-bar", fps=None)
    frames = [read(source) for _ in range(4)]
    np.testing.assert_array_equal(frames[3].pixels, drawn("rotating-bar", 3 / 60))


def test_paced_pattern_does_not_jump_after_a_pause() -> None:
    now = [0.0]
    source = PatternSource("rotating-bar", fps=60.0, clock=lambda: now[0])
    read(source)
    now[0] += 100.0
    np.testing.assert_array_equal(read(source).pixels, drawn("rotating-bar", 0.1))


def test_paced_pattern_keeps_its_rate() -> None:
    source = PatternSource("rotating-bar", fps=100.0)
    start = time.perf_counter()
    for _ in range(11):
        while source.read() is None:
            pass
    assert time.perf_counter() - start > 0.09


def test_unknown_name_tells_the_known_ones() -> None:
    with pytest.raises(SourceError, match=r"no pattern “plaid”: choose one of torch, step,.*plate"):
        PatternSource("plaid")


@pytest.mark.parametrize(("name", "limit"), [("torch", 2e-3), ("drift", 5e-4)])
def test_moving_scenes_are_cheap(name: str, limit: float) -> None:
    render: Callable[[float, PatternOptions], AnyArray] = PATTERNS[name].render
    options = PatternOptions()
    render(0.0, options)
    durations = []
    for number in range(50):
        start = time.process_time()  # other programs take none of it
        render(number / 60, options)
        durations.append(time.process_time() - start)
    assert np.median(durations) < limit
