from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.engine.arrays import FloatArray
from convlab.engine.cv import cv2
from convlab.layers import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
    Stack,
    Upsample,
)
from convlab.layers.graph import INPUT, Graph, chain
from convlab.layers.shift_test import ShiftReport, compare_shifted, shift_test
from convlab.paths import sample_pictures
from tests.slow import noise

ROUNDING = 2e-6


def natural(side: int = 96) -> FloatArray:
    """The middle of a photograph, ``(3, side, side)``."""
    file = next(path for path in sample_pictures() if path.stem == "astronaut")
    pixels = cv2.imread(str(file), cv2.IMREAD_COLOR)
    assert pixels is not None
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    planes = pixels[top : top + side, left : left + side].transpose(2, 0, 1)
    return np.ascontiguousarray(planes, np.float32) / np.float32(255)


def steps(rows: int | Fraction, columns: int | Fraction) -> tuple[Fraction, Fraction]:
    return Fraction(rows), Fraction(columns)


def error(report: ShiftReport) -> float:
    assert report.error is not None
    return report.error


def change(report: ShiftReport) -> float:
    assert report.change is not None
    return report.change


def test_numbers_by_hand() -> None:
    x = np.array([[[1, 2, 4, 8, 16, 32]]], np.float32)
    (pooled,) = shift_test([MaxPool2d((1, 2))], x, (0, 2))
    # [2, 8, 32] became [32, 2, 8]; the first window lies on what wrapped around.
    assert pooled == ShiftReport((Fraction(0), Fraction(1)), 0.0, (6 + 24) / (8 + 32), 2)
    assert pooled.is_whole
    (odd,) = shift_test([MaxPool2d((1, 2))], x, (0, 1))
    # [2, 8, 32] became [32, 4, 16], half a step on; the nearest whole step is none.
    assert odd == ShiftReport((Fraction(0), Fraction(1, 2)), 16 / 32, (4 + 16) / (8 + 32), 2)
    assert not odd.is_whole


def test_without_a_shift_nothing_changes() -> None:
    for report in shift_test([Conv2d(1, 2, 3, padding=1), MaxPool2d(2)], noise(1, 9, 9), (0, 0)):
        assert (report.error, report.change) == (0, 0)
        assert report.is_whole


@settings(max_examples=60, deadline=None)
@given(
    shift=st.tuples(*[st.integers(-9, 9)] * 2),
    kernel=st.integers(1, 4),
    padding=st.integers(0, 3),
    gap=st.integers(1, 2),
    border=st.sampled_from(["zeros", "replicate", "circular"]),
)
def test_convolutions_move_along_exactly(
    shift: tuple[int, int], kernel: int, padding: int, gap: int, border: str
) -> None:
    layers: list[Layer] = [
        Conv2d(2, 3, kernel, 1, padding, gap, border=border),
        ReLU(),
        BatchNorm2d(3),
        Softmax(),
        Conv2d(3, 2, 3, padding="full"),
        Dropout(),
    ]
    reports = shift_test(layers, noise(2, 26, 30), shift)
    assert len(reports) == 6
    for report in reports:
        assert report.expected == steps(*shift)
        assert report.is_whole
        assert error(report) <= ROUNDING
        assert report.compared > 0
    if shift != (0, 0):
        assert change(reports[0]) > 0.1  # moving along is not staying


def test_only_what_touches_neither_padding_nor_the_seam_is_compared() -> None:
    layers = [Conv2d(1, 4, 3, padding=1), Conv2d(4, 1, 5, padding=2)]
    first, second = shift_test(layers, noise(1, 20, 30), (3, -4))
    assert first.compared == 4 * (20 - 2 - 3) * (30 - 2 - 4)
    assert second.compared == (20 - 6 - 3) * (30 - 6 - 4)


def test_padding_in_the_middle_of_a_stack_counts_too() -> None:
    """What is cut off hides the picture's edge, so the padding behind it lies over its inside."""
    layers = [ConvTranspose2d(1, 1, 1, padding=2), Conv2d(1, 1, 3, padding=1)]
    report = shift_test(layers, noise(1, 12, 12), (0, 2))[1]
    assert report.compared == 6 * 4
    assert error(report) <= ROUNDING


def test_the_border_would_be_seen_if_it_counted() -> None:
    """The same comparison over the whole map fails: leaving the border out is what makes it 0."""
    layer, x = Conv2d(1, 1, 3, padding=1), noise(1, 12, 12)
    moved = layer.forward(np.roll(x, (2, 0), (1, 2)))
    assert np.abs(moved - np.roll(layer.forward(x), (2, 0), (1, 2))).max() > 0.1
    assert error(shift_test([layer], x, (2, 0))[0]) <= ROUNDING


def test_pooling_by_two_follows_even_shifts_only() -> None:
    layers: list[Layer] = [Conv2d(3, 4, 3, padding=1), ReLU(), MaxPool2d(2)]
    x = natural()
    for shift in ((2, 0), (-4, 6)):
        *_, pooled = shift_test(layers, x, shift)
        assert pooled.expected == steps(shift[0] // 2, shift[1] // 2)
        assert error(pooled) <= ROUNDING
    convolved, _, pooled = shift_test(layers, x, (0, 1))
    assert pooled.expected == steps(0, Fraction(1, 2))
    assert not pooled.is_whole
    assert error(pooled) > 0.05
    # A little invariance: neighbours that share a window hide a small shift.
    assert 0 < change(pooled) < change(convolved)


def test_a_stride_divides_the_shift_and_upsampling_multiplies_it() -> None:
    layers: list[Layer] = [Conv2d(1, 1, 3, 2), Conv2d(1, 1, 2, 3), Upsample(2), AvgPool2d(2)]
    reports = shift_test(layers, noise(1, 70, 70), (6, 7))
    assert [report.expected for report in reports] == [
        steps(3, Fraction(7, 2)),
        steps(1, Fraction(7, 6)),
        steps(2, Fraction(7, 3)),
        steps(1, Fraction(7, 6)),
    ]


@pytest.mark.parametrize(
    "layer",
    [
        ConvTranspose2d(2, 2, 3, 2, 1, 1),
        ConvTranspose2d(2, 1, 2, 3),
        Upsample(2, "bilinear"),
        Upsample(3),
    ],
)
def test_upsampling_moves_along(layer: Layer) -> None:
    report = shift_test([layer], noise(2, 11, 12), (2, -3))[0]
    assert report.is_whole
    assert error(report) <= ROUNDING
    assert report.compared > 50


def test_what_was_lost_below_does_not_come_back() -> None:
    """Upsampled, the shift is whole again, but the pooled map below could not follow."""
    pooled, upsampled = shift_test([MaxPool2d(2), Upsample(2)], natural(), (1, 0))
    assert not pooled.is_whole
    assert upsampled.is_whole
    assert error(upsampled) > 0.05


def test_the_mean_of_everything_stays_where_the_object_stays_inside() -> None:
    x = np.zeros((3, 64, 64), np.float32)
    x[:, 24:40, 20:36] = natural(16)
    layers: list[Layer] = [Conv2d(3, 4, 3, padding=1), ReLU(), GlobalAvgPool2d(), Conv2d(4, 2, 1)]
    convolved, _, mean, after = shift_test(layers, x, (7, -9))
    assert change(convolved) > 0.5
    for report in (mean, after):
        assert report.expected is None
        assert report.error is None
        assert not report.is_whole
        assert change(report) < 1e-5
    assert mean.compared == 4


def test_vectors_have_only_a_change() -> None:
    layers: list[Layer] = [Conv2d(1, 2, 3), Flatten(), Linear(2 * 6 * 6, 5), Softmax()]
    x = noise(1, 8, 8)
    reports = shift_test(layers, x, (0, 1))
    stack = Stack(layers)
    results, moved = stack.forward(x), stack.forward(np.roll(x, 1, axis=2))
    for report, before, after in zip(reports[1:], results[1:], moved[1:], strict=True):
        assert report.expected is None
        assert report.error is None
        expected = np.abs(after - before).mean() / np.abs(before).mean()
        assert report.change == pytest.approx(expected, rel=1e-5)


def test_a_shift_that_leaves_nothing_inside() -> None:
    for shift in ((0, 8), (-20, 0)):
        (report,) = shift_test([Conv2d(1, 1, 3, padding=1)], noise(1, 9, 9), shift)
        assert report == ShiftReport((Fraction(shift[0]), Fraction(shift[1])), None, None, 0)


def test_maps_that_were_silent_before() -> None:
    """A share of nothing: 0 if still silent, else infinite."""
    x = np.zeros((1, 4, 6), np.float32)
    (silent,) = shift_test([ReLU()], x, (0, 1))
    assert (silent.error, silent.change) == (0, 0)
    graph = Graph(chain([ReLU()]))
    (woken,) = compare_shifted(graph, {INPUT: x, 1: x}, {INPUT: x, 1: np.ones_like(x)}, (0, 1))
    assert (woken.error, woken.change) == (math.inf, math.inf)


def test_bytes_are_parts_of_white_and_the_picture_is_not_changed() -> None:
    x = np.arange(48, dtype=np.uint8).reshape(1, 6, 8)
    kept = x.copy()
    (report,) = shift_test([Conv2d(1, 1, 2)], x, (1, 1))
    assert error(report) <= ROUNDING
    np.testing.assert_array_equal(x, kept)


def test_the_layer_that_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"layer 2 \(Conv2d\)"):
        shift_test([ReLU(), Conv2d(4, 1, 3)], noise(1, 6, 6), (1, 0))
