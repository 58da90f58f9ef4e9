from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.document.frame import Frame
from convlab.document.kernel import edits, side
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelJob, KernelShown, Profile
from convlab.document.kernel.model import (
    Axis,
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    KernelViewing,
    PixelPage,
    Weights,
    to_weights,
)
from convlab.document.kernel.panels import figures
from convlab.document.kernel.resolve import resolve
from convlab.document.stack.arithmetic import Products
from convlab.engine import kernels
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, Scale
from convlab.engine.shapes import Padding
from convlab.sources.pattern import PatternSource

EDGE: Weights = ((1, 0, -1), (1, 0, -1), (1, 0, -1))
EDGE_TURNED: Weights = ((1, 1, 1), (0, 0, 0), (-1, -1, -1))
ONE_TO_NINE: Weights = ((1, 2, 3), (4, 5, 6), (7, 8, 9))
VALID = Geometry("valid")


def pattern(name: str) -> Frame:
    frame = PatternSource(name, fps=None).read()
    assert frame is not None
    return frame


def picture(height: int, width: int, channels: int = 1, seed: int = 1) -> Frame:
    shape = (height, width) if channels == 1 else (height, width, channels)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    return Frame(pixels, 0, 0.0)


def shown(frame: Frame, state: KernelState, viewing: KernelViewing | None = None) -> KernelShown:
    return KernelEvaluator().run(resolve(state, viewing or KernelViewing(), frame, 1))


def output(
    name: str, weights: Weights, geometry: Geometry = VALID, display: Display | None = None
) -> list[list[float]]:
    state = KernelState(weights, geometry, display=display or Display())
    rows: list[list[float]] = shown(pattern(name), state).output.planes[0].tolist()
    return rows


def sums_at(
    frame: Frame, state: KernelState, probe: tuple[int, int], axis: Axis = Axis.ROW
) -> tuple[Products, ...]:
    return shown(frame, state, KernelViewing(probe, profile=axis)).sums


def profile_at(frame: Frame, state: KernelState, probe: tuple[int, int], axis: Axis) -> Profile:
    viewing = KernelViewing(probe, page=PixelPage.PROFILE, profile=axis)
    profile = shown(frame, state, viewing).profile
    assert profile is not None
    return profile


# ---- the numbers that must come out ----


def test_a_vertical_edge_filter_answers_in_the_middle_of_the_step() -> None:
    assert output("step", EDGE) == [[0, 30, 30, 0]] * 4


def test_the_reversed_step_answers_with_the_opposite_sign() -> None:
    assert output("reversed-step", EDGE) == [[0, -30, -30, 0]] * 4


def test_the_absolute_value_of_both_steps_is_painted_alike() -> None:
    state = KernelState(EDGE, geometry=VALID, display=Display(DisplayMode.ABSOLUTE))
    step = shown(pattern("step"), state).output
    reversed_step = shown(pattern("reversed-step"), state).output
    assert step.bgra[0, :, 0].tolist() == [0, 255, 255, 0]
    np.testing.assert_array_equal(step.bgra, reversed_step.bgra)


@pytest.mark.parametrize(("name", "value"), [("Sobel vertical", 40), ("Scharr vertical", 160)])
def test_presets_at_the_edge(name: str, value: float) -> None:
    assert output("step", to_weights(kernels.preset(name))) == [[0, value, value, 0]] * 4


def test_the_turned_filter_on_the_checker() -> None:
    flat, edge = [0, 0, 0, 0], [30, 10, -10, -30]
    assert output("checker", EDGE_TURNED) == [flat, edge, edge, flat]


def test_on_a_large_picture_the_bright_band_is_two_pixels_wide() -> None:
    row = output("step-1000", EDGE)[0]
    assert len(row) == 998
    assert Counter(row) == {0.0: 996, 30.0: 2}


def test_correlating_an_impulse_turns_the_kernel() -> None:
    middle = [row[2:5] for row in output("impulse", ONE_TO_NINE, Geometry("same"))[2:5]]
    assert middle == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]


def test_convolving_an_impulse_returns_the_kernel() -> None:
    geometry = Geometry("same", flip=True)
    middle = [row[2:5] for row in output("impulse", ONE_TO_NINE, geometry)[2:5]]
    assert middle == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_32_by_32_by_3_with_5_by_5_gives_28_by_28() -> None:
    channels = Channels(ColorSpace.RGB, combine=Combine.SUM)
    state = KernelState(to_weights(np.ones((5, 5))), geometry=VALID, channels=channels)
    assert shown(picture(32, 32, 3), state).output.planes.shape == (1, 28, 28)


@pytest.mark.parametrize(("padding", "products"), [("full", 1), ("same", 4)])
def test_products_at_the_first_output_of_a_convolution(padding: str, products: int) -> None:
    state = KernelState(ONE_TO_NINE, geometry=Geometry(padding, flip=True))
    (sum_,) = sums_at(pattern("step"), state, (0, 0))
    assert np.count_nonzero(~sum_.padded) == products
    assert np.count_nonzero(sum_.products) == products
    assert sum_.result == {"full": 10.0, "same": 10.0 * (1 + 2 + 4 + 5)}[padding]


def test_the_edge_in_red_only_is_seen_by_red_only() -> None:
    channels = Channels(ColorSpace.RGB)
    planes = shown(
        pattern("red-edge"), KernelState(EDGE, geometry=VALID, channels=channels)
    ).output.planes
    peaks = np.abs(planes).max(axis=(1, 2))
    assert peaks == pytest.approx([3 * 160 / 255, 0, 0], abs=1e-5)


# ---- the sum under the cursor ----


@st.composite
def jobs(draw: st.DrawFn) -> KernelJob:
    """Any job on a small picture, with a probe on its output."""
    size = st.integers(1, 9)
    height, width = draw(size), draw(size)
    frame = picture(height, width, draw(st.sampled_from([1, 3])), draw(st.integers(0, 99)))
    kernel = np.random.default_rng(draw(st.integers(0, 99))).normal(
        size=(draw(st.integers(1, 5)), draw(st.integers(1, 5)))
    )
    padding = draw(
        st.sampled_from(["valid", "same", "full"])
        | st.builds(Padding, *[st.integers(0, 5) for _ in range(4)])
    )
    geometry = Geometry(
        padding,
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(Border)),
        draw(st.sampled_from([0.0, 0.5, -2.0])),
        draw(st.booleans()),
    )
    channels = Channels(
        draw(st.sampled_from(ColorSpace)), frozenset(), draw(st.sampled_from(Combine))
    )
    state = KernelState(to_weights(kernel), geometry=geometry, channels=channels)
    for channel in draw(st.sets(st.integers(0, len(channels.space.channels) - 1), max_size=2)):
        if len(state.channels.active()) > 1:
            state = edits.toggle_mute(state, channel)
    probe = (draw(st.integers(0, 30)), draw(st.integers(0, 30)))
    try:
        return resolve(state, KernelViewing(probe), frame, 1)
    except ValueError:
        assume(False)
        raise


def run_or_reject(job: KernelJob) -> KernelShown:
    """Run a job; those whose border is too wide for the picture are another test's matter."""
    try:
        return KernelEvaluator().run(job)
    except ValueError:
        assume(False)
        raise


@settings(max_examples=300, deadline=None)
@given(jobs())
def test_the_products_add_up_to_the_pipelines_own_output(job: KernelJob) -> None:
    answer = run_or_reject(job)

    assert len(answer.sums) == len(answer.output.planes)
    for sum_ in answer.sums:
        added = sum_.products.astype(np.float64).sum()
        np.testing.assert_allclose(added, sum_.result, rtol=1e-4, atol=1e-4)


@settings(max_examples=100, deadline=None)
@given(jobs())
def test_results_are_read_from_the_output_bit_by_bit(job: KernelJob) -> None:
    answer = run_or_reject(job)
    assert job.viewing.probe is not None
    row, column = job.viewing.probe
    results = [sum_.result for sum_ in answer.sums]
    assert results == answer.output.planes[:, row, column].tolist()


@settings(max_examples=100, deadline=None)
@given(jobs())
def test_cells_inside_the_picture_are_its_own_and_the_others_are_marked(job: KernelJob) -> None:
    answer = run_or_reject(job)
    (top, left), (down, across) = answer.sums[0].corner, answer.sums[0].step
    patch = np.concatenate([sum_.patch for sum_ in answer.sums])
    height, width = job.input_size
    for row, column in np.ndindex(*patch.shape[1:]):
        at = (top + row * down, left + column * across)
        inside = 0 <= at[0] < height and 0 <= at[1] < width
        assert all(sum_.padded[row, column] == (not inside) for sum_ in answer.sums)
        if inside:
            expected = answer.input.planes[:, at[0], at[1]]
            assert patch[:, row, column].tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("border", "first_row"),
    [
        (Border.ZEROS, [0, 0, 0]),
        (Border.CONSTANT, [7, 7, 7]),
        (Border.REPLICATE, [10, 10, 10]),
        (Border.REFLECT, [10, 10, 10]),
        (Border.CIRCULAR, [0, 10, 10]),
    ],
)
def test_the_patch_at_the_corner_shows_what_the_border_put_there(
    border: Border, first_row: list[float]
) -> None:
    state = KernelState(EDGE, geometry=Geometry("same", border=border, value=7.0))
    (sum_,) = sums_at(pattern("step"), state, (0, 0))
    assert sum_.patch[0, 0].tolist() == first_row
    assert sum_.padded.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert (sum_.corner, sum_.step) == ((-1, -1), (1, 1))


def test_the_sum_shows_the_kernel_as_it_lies_on_the_patch() -> None:
    state = KernelState(ONE_TO_NINE, geometry=VALID)
    flipped = replace(state, geometry=Geometry("valid", flip=True))
    (as_written,) = sums_at(pattern("impulse"), state, (1, 1))
    (as_flipped,) = sums_at(pattern("impulse"), flipped, (1, 1))
    assert (as_written.kernel[0, 0].tolist(), as_written.flipped) == ([1, 2, 3], False)
    assert (as_flipped.kernel[0, 0].tolist(), as_flipped.flipped) == ([9, 8, 7], True)


@pytest.mark.parametrize(("combine", "sums", "planes"), [(Combine.EACH, 2, 1), (Combine.SUM, 1, 2)])
def test_there_is_a_sum_for_each_map_over_the_planes_that_are_heard(
    combine: Combine, sums: int, planes: int
) -> None:
    state = KernelState(channels=Channels(ColorSpace.RGB, frozenset({1}), combine))
    found = sums_at(picture(5, 5, 3), state, (2, 2))
    assert [sum_.patch.shape for sum_ in found] == [(planes, 3, 3)] * sums


def test_without_a_probe_there_is_neither_sum_nor_profile() -> None:
    answer = shown(pattern("step"), KernelState())
    assert answer.sums == ()
    assert answer.profile is None


# ---- profiles ----


def test_a_profile_along_a_row_is_flat_rises_at_the_edge_and_is_flat_again() -> None:
    profile = profile_at(pattern("step"), KernelState(geometry=VALID), (2, 1), Axis.ROW)
    assert (profile.axis, profile.input_line, profile.output_line) == (Axis.ROW, 3, 2)
    assert profile.input_values.tolist() == [[10, 10, 10, 0, 0, 0]]
    assert profile.output_values.tolist() == [[0, 40, 40, 0]]
    assert profile.output_at.tolist() == [1, 2, 3, 4]


def test_a_profile_along_a_column_follows_the_column() -> None:
    profile = profile_at(
        pattern("checker"), KernelState(EDGE_TURNED, geometry=VALID), (3, 0), Axis.COLUMN
    )
    assert (profile.input_line, profile.output_line) == (1, 0)
    assert profile.input_values.tolist() == [[10, 10, 10, 0, 0, 0]]
    assert profile.output_values.tolist() == [[0, 30, 30, 0]]
    assert profile.output_at.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("axis", "line", "first"), [(Axis.ROW, 5, -3), (Axis.COLUMN, 3, 1)], ids=["row", "column"]
)
def test_a_profile_knows_stride_dilation_and_each_side_of_the_padding(
    axis: Axis, line: int, first: int
) -> None:
    # The anchor of a 3×2 kernel with gaps of 2 lies at (2, 0) of its patch.
    state = KernelState(to_weights(np.ones((3, 2))), geometry=Geometry(Padding(1, 4, 3, 4), 2, 2))
    profile = profile_at(picture(9, 9), state, (2, 3), axis)
    assert profile.input_line == line
    assert profile.output_at[:3].tolist() == [first, first + 2, first + 4]


def test_the_line_of_an_anchor_in_the_padding_is_the_pictures_outermost() -> None:
    profile = profile_at(
        pattern("step"), KernelState(geometry=Geometry(Padding(3, 3, 0, 0))), (0, 0), Axis.ROW
    )
    assert (profile.input_line, profile.output_line) == (0, 0)


# ---- the panels ----


def test_the_padding_is_drawn_around_the_input_but_is_no_part_of_its_values() -> None:
    state = KernelState(geometry=Geometry(Padding(1, 2, 3, 4)))
    panel = shown(pattern("step"), state).input
    assert panel.origin == (-1, -3)
    assert panel.bgra.shape == (6 + 3, 6 + 7, 4)
    assert panel.planes.shape == (1, 6, 6)
    stats = figures(panel).stats
    assert (stats.minimum, stats.maximum, stats.mean) == (0, 10, 5)
    assert figures(panel).histogram.counts.sum() == 36


def test_padding_is_drawn_in_another_colour_and_the_picture_is_untouched_by_it() -> None:
    state = KernelState(geometry=Geometry("full", border=Border.REPLICATE))
    panel = shown(pattern("step"), state).input
    bright, padded = panel.bgra[2, 2].tolist(), panel.bgra[0, 2].tolist()
    assert bright == [255, 255, 255, 255]
    assert padded != bright
    assert padded[0] != padded[2], "a grey picture's padding is tinted"
    bare = shown(pattern("step"), KernelState(geometry=VALID)).input
    np.testing.assert_array_equal(panel.bgra[2:-2, 2:-2], bare.bgra)


def test_the_padding_is_tinted_on_all_four_sides() -> None:
    panel = shown(pattern("step"), KernelState(geometry=Geometry(Padding(1, 2, 3, 4)))).input
    is_tinted = panel.bgra[:, :, 0] != panel.bgra[:, :, 2]
    expected = np.ones((9, 13), np.bool_)
    expected[1:7, 3:9] = False
    np.testing.assert_array_equal(is_tinted, expected)


def test_without_padding_the_input_starts_at_its_first_pixel() -> None:
    panel = shown(pattern("step"), KernelState(geometry=VALID)).input
    assert panel.origin == (0, 0)
    assert panel.bgra.shape == (6, 6, 4)


def test_a_picture_in_rgb_is_shown_with_its_own_pixels() -> None:
    frame = picture(5, 6, 3)
    state = KernelState(geometry=VALID, channels=Channels(ColorSpace.RGB))
    np.testing.assert_array_equal(shown(frame, state).input.bgra[:, :, 2::-1], frame.pixels)


@pytest.mark.parametrize("muted", [0, 1, 2])
def test_muting_a_colour_takes_that_colour_out_of_the_input(muted: int) -> None:
    frame = picture(5, 6, 3)
    state = KernelState(geometry=VALID, channels=Channels(ColorSpace.RGB, frozenset({muted})))

    bgra = shown(frame, state).input.bgra

    expected = frame.pixels.copy()
    expected[:, :, muted] = 0
    np.testing.assert_array_equal(bgra[:, :, 2::-1], expected)


def test_of_two_planes_both_are_seen_in_the_output() -> None:
    state = KernelState(geometry=VALID, channels=Channels(ColorSpace.RGB, frozenset({0})))
    frame = picture(5, 6, 3)
    changed = frame.pixels.copy()
    changed[:, :, 2] = changed[::-1, ::-1, 2]

    before = shown(frame, state).output.bgra
    after = shown(Frame(changed, 0, 0.0), state).output.bgra

    assert (before != after).any()


@pytest.mark.parametrize(
    ("combine", "names"), [(Combine.EACH, ("R", "G", "B")), (Combine.SUM, ("Sum",))]
)
def test_the_output_has_a_plane_per_channel_or_their_sum(
    combine: Combine, names: tuple[str, ...]
) -> None:
    state = KernelState(channels=Channels(ColorSpace.RGB, combine=combine))
    answer = shown(picture(5, 6, 3), state)
    assert answer.output.names == names
    assert len(answer.output.planes) == len(names)
    assert answer.input.names == ("R", "G", "B")


def test_the_sum_of_the_channels_is_the_sum_of_their_planes() -> None:
    state = KernelState(channels=Channels(ColorSpace.RGB))
    frame = picture(7, 6, 3)
    each = shown(frame, state).output.planes
    summed = shown(
        frame, KernelState(channels=Channels(ColorSpace.RGB, combine=Combine.SUM))
    ).output.planes
    np.testing.assert_allclose(summed[0], each.sum(axis=0), atol=1e-5)


def test_the_output_scale_follows_the_picture_or_the_fixed_limit() -> None:
    state = KernelState(EDGE, geometry=VALID)
    assert shown(pattern("step"), state).output.scale == Scale(-30.0, 30.0)
    fixed = shown(pattern("step"), replace(state, display=Display(limit=15.0))).output
    assert fixed.scale == Scale(-15.0, 15.0)
    assert figures(fixed).stats.clipped == 0.5


@pytest.mark.parametrize("mode", list(DisplayMode))
@pytest.mark.parametrize("limit", [None, 15.0])
def test_every_value_of_the_output_is_in_its_histogram(
    mode: DisplayMode, limit: float | None
) -> None:
    state = KernelState(EDGE, geometry=VALID, display=Display(mode, limit))
    panel = shown(pattern("reversed-step"), state).output
    counts, scale = figures(panel).histogram.counts[0], figures(panel).histogram.scale
    assert scale == panel.scale
    values = (0.0, 30.0) if mode is DisplayMode.ABSOLUTE else (-30.0, 0.0)
    # As one of 256 levels, of which four make a bin.
    levels = [round(255 * min(max(scale.place(value), 0.0), 1.0)) for value in values]
    expected = Counter(level // 4 for level in levels for _ in range(8))
    assert {int(at): int(counts[at]) for at in np.flatnonzero(counts)} == expected


def test_planes_with_negative_values_are_shown_signed() -> None:
    state = KernelState(channels=Channels(ColorSpace.LAB))
    assert shown(pattern("red-edge"), state).input.mode is DisplayMode.SIGNED
    assert shown(pattern("step"), state).input.mode is DisplayMode.CLIPPED


def test_planes_of_hsv_and_lab_are_painted_alone() -> None:
    """Never as red, green and blue; a and b of Lab are signed, all else is grey."""
    signed, grey = DisplayMode.SIGNED, DisplayMode.CLIPPED
    blur = edits.load_preset(KernelState(geometry=VALID), "Box blur 5×5")
    for space, modes in ((ColorSpace.HSV, [grey] * 3), (ColorSpace.LAB, [grey, signed, signed])):
        found = shown(pattern("red-edge"), replace(blur, channels=Channels(space)))
        for panel in (found.input, found.output):
            assert [part.mode for part in panel.parts] == modes
            assert [part.names for part in panel.parts] == [(name,) for name in space.channels]
            for part, plane in zip(panel.parts, panel.planes, strict=True):
                assert np.array_equal(part.planes[0], plane)
                assert part.figures is not None
                assert part.figures.stats.maximum == plane.max()


@pytest.mark.parametrize("space", [ColorSpace.GREY, ColorSpace.RGB])
def test_colors_are_one_picture(space: ColorSpace) -> None:
    found = shown(pattern("red-edge"), KernelState(channels=Channels(space)))
    assert found.input.parts == found.output.parts == ()


def test_planes_that_are_added_up_are_one_output() -> None:
    channels = Channels(ColorSpace.HSV, combine=Combine.SUM)
    found = shown(pattern("red-edge"), KernelState(channels=channels))
    assert len(found.input.parts) == 3
    assert found.output.parts == ()


@pytest.mark.parametrize("name", ["Box blur 5×5", "Gaussian 9×9"])
def test_averaging_a_white_picture_clips_nothing(name: str) -> None:
    state = edits.load_preset(KernelState(geometry=VALID), name)
    white = Frame(np.full((40, 40), 255, np.uint8), 0, 0.0)
    assert figures(shown(white, state).output).stats.clipped == 0.0


def test_a_border_that_cannot_be_built_is_rejected_with_the_remedy() -> None:
    state = KernelState(geometry=Geometry(Padding(6, 0, 0, 0), border=Border.REFLECT))
    with pytest.raises(ValueError, match="choose replicate or less padding"):
        shown(pattern("step"), state)


# ---- what is computed again ----


STAGES = ("active_planes", "convolve", "input_panel", "output_panel")


class Counted:
    """Counts how often the stages of one evaluator do their work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._evaluator = KernelEvaluator()
        self._calls: Counter[str] = Counter()
        for stage in STAGES:
            self._count(monkeypatch, stage)

    def _count(self, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
        original = getattr(side, stage)

        def counting(*arguments: object) -> object:
            self._calls[stage] += 1
            return original(*arguments)

        monkeypatch.setattr(side, stage, counting)

    def run(
        self, state: KernelState, frame: Frame, viewing: KernelViewing | None = None
    ) -> Counter[str]:
        """Return what this run called."""
        self._calls.clear()
        self._evaluator.run(resolve(state, viewing or KernelViewing(), frame, 1))
        return Counter(self._calls)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


STILL = picture(8, 8, 3)


def test_the_first_run_does_everything(counted: Counted) -> None:
    calls = counted.run(KernelState(), STILL)
    assert calls == dict.fromkeys(STAGES, 1)


def test_the_same_again_does_nothing(counted: Counted) -> None:
    counted.run(KernelState(), STILL)
    assert counted.run(KernelState(), STILL) == {}


def test_another_display_paints_the_output_and_does_not_convolve(counted: Counted) -> None:
    counted.run(KernelState(), STILL)
    calls = counted.run(KernelState(display=Display(DisplayMode.RAW)), STILL)
    assert calls == {"output_panel": 1}


def test_moving_the_probe_neither_convolves_nor_paints(counted: Counted) -> None:
    counted.run(KernelState(), STILL, KernelViewing((1, 1)))
    assert counted.run(KernelState(), STILL, KernelViewing((2, 5), profile=Axis.COLUMN)) == {}


def test_another_cell_convolves_but_leaves_the_input(counted: Counted) -> None:
    counted.run(KernelState(), STILL)
    calls = counted.run(edits.set_cell(KernelState(), 0, 0, 5.0), STILL)
    assert calls == {"convolve": 1, "output_panel": 1}


def test_a_kernel_of_the_same_numbers_in_another_shape_convolves(counted: Counted) -> None:
    geometry = Geometry(Padding(1, 1, 1, 1))
    row = KernelState(((1, 2, 3),), geometry=geometry)
    counted.run(row, STILL)
    assert counted.run(edits.transpose_kernel(row), STILL)["convolve"] == 1


@pytest.mark.parametrize(
    "state",
    [
        KernelState(geometry=Geometry(flip=True)),
        KernelState(geometry=Geometry(stride=2)),
        KernelState(geometry=Geometry(dilation=2)),
        KernelState(geometry=Geometry(border=Border.ZEROS)),
        KernelState(geometry=Geometry("full")),
        KernelState(channels=Channels(ColorSpace.RGB)),
        KernelState(channels=Channels(combine=Combine.SUM)),
    ],
)
def test_what_changes_the_sum_convolves_again(counted: Counted, state: KernelState) -> None:
    counted.run(KernelState(), STILL)
    assert counted.run(state, STILL)["convolve"] == 1


def test_a_new_frame_does_everything_again(counted: Counted) -> None:
    counted.run(KernelState(), STILL)
    calls = counted.run(KernelState(), picture(8, 8, 3))
    assert calls == dict.fromkeys(STAGES, 1)


def test_muting_another_channel_uses_other_planes() -> None:
    evaluator = KernelEvaluator()
    state = KernelState(channels=Channels(ColorSpace.RGB))
    for channel in range(3):
        job = resolve(edits.solo(state, channel), KernelViewing(), STILL, 1)
        expected = STILL.pixels[:, :, channel] / 255
        np.testing.assert_allclose(evaluator.run(job).input.planes[0], expected, rtol=1e-6)


# ---- what is published ----


def arrays_of(answer: KernelShown) -> dict[str, AnyArray]:
    found: dict[str, AnyArray] = {}
    looked_at = "profile" if answer.slide is None else "slide"
    for part in ("input", "output", "sum", looked_at):
        record = answer.sums[0] if part == "sum" else getattr(answer, part)
        for name in (each.name for each in fields(record)):
            value = getattr(record, name)
            if isinstance(value, np.ndarray):
                found[f"{part}.{name}"] = value
    found["input.counts"] = figures(answer.input).histogram.counts
    found["output.counts"] = figures(answer.output).histogram.counts
    return found


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("space", [ColorSpace.GREY, ColorSpace.RGB])
def test_published_arrays_are_read_only(flip: bool, padding: str, space: ColorSpace) -> None:
    state = KernelState(geometry=Geometry(padding, flip=flip), channels=Channels(space))
    arrays: dict[str, AnyArray] = {}
    for page in (PixelPage.PROFILE, PixelPage.SLIDE):
        arrays |= arrays_of(shown(STILL, state, KernelViewing((1, 1), True, page=page)))
    assert len(arrays) == 19
    assert [name for name, array in arrays.items() if array.flags.writeable] == []


@pytest.mark.parametrize("panel", ["input", "output"])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_pictures_are_contiguous_opaque_bytes(panel: str, padding: str) -> None:
    answer = shown(STILL, KernelState(geometry=Geometry(padding)))
    bgra = getattr(answer, panel).bgra
    assert bgra.dtype == np.uint8
    assert bgra.flags.c_contiguous
    assert (bgra[:, :, 3] == 255).all()


def test_the_answer_carries_its_job_and_its_time() -> None:
    job = resolve(KernelState(), KernelViewing(), STILL, 9)
    answer = KernelEvaluator().run(job)
    assert answer.job is job
    assert answer.timing.plan.algorithm is Algorithm.OPENCV
    assert 0 < answer.timing.convolution <= answer.timing.total


def test_a_frames_pixels_are_not_changed() -> None:
    pixels = STILL.pixels.copy()
    for space in ColorSpace:
        shown(STILL, KernelState(channels=Channels(space)), KernelViewing((0, 0)))
    np.testing.assert_array_equal(STILL.pixels, pixels)


def test_a_float_picture_is_taken_as_it_is() -> None:
    frame = replace(pattern("step"), index=3)
    assert (
        shown(frame, KernelState(geometry=VALID)).input.planes[0, 0].tolist() == [10] * 3 + [0] * 3
    )
