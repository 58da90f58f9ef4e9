"""A and B on the same frame: their ranges, their canvas, their difference and its numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from convlab.document.comparison import (
    CompareMode,
    Comparison,
    alone,
    hold,
    open_comparison,
    swap,
)
from convlab.document.frame import Frame
from convlab.document.kernel import side
from convlab.document.kernel.compare import NO_SIDE, OTHER_STEPS, SAME_PLANES
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import Compared
from convlab.document.kernel.model import (
    SOBEL_VERTICAL,
    Channels,
    Combine,
    Display,
    Geometry,
    KernelState,
    KernelViewing,
)
from convlab.document.kernel.resolve import APART, resolve
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from tests.document.kernel.test_evaluate import picture

SCHARR = ((3.0, 0.0, -3.0), (10.0, 0.0, -10.0), (3.0, 0.0, -3.0))
SOBEL = KernelState(SOBEL_VERTICAL)
PAIR = replace(hold(SOBEL), weights=SCHARR)
PLANES = KernelState(SOBEL_VERTICAL, channels=Channels(ColorSpace.LAB))
NOISE = picture(40, 60)


def compared(state: KernelState, frame: Frame = NOISE, mode: CompareMode | None = None) -> Compared:
    if mode is not None:
        state = replace(state, comparison=replace(state.comparison, mode=mode))
    found = KernelEvaluator().run(resolve(state, KernelViewing(), frame, 1)).compared
    assert found is not None
    return found


def filtered(weights: tuple[tuple[float, ...], ...], frame: Frame = NOISE) -> np.ndarray:
    return (
        KernelEvaluator()
        .run(resolve(KernelState(weights), KernelViewing(), frame, 1))
        .output.planes
    )


def test_what_is_held_holds_nothing_itself() -> None:
    again = hold(PAIR)
    assert again.held == KernelState(SCHARR)
    assert alone(again) == KernelState(SCHARR)
    assert again.comparison.is_open


def test_opening_holds_what_there_is_and_closing_keeps_it() -> None:
    opened = open_comparison(SOBEL, True)
    assert opened == hold(SOBEL)
    closed = open_comparison(replace(opened, weights=SCHARR), False)
    assert closed.held == SOBEL
    assert not closed.comparison.is_open
    assert open_comparison(closed, True).held == SOBEL


def test_swapping_twice_gives_the_same() -> None:
    assert swap(PAIR).weights == SOBEL_VERTICAL
    assert swap(PAIR).held == KernelState(SCHARR)
    assert swap(swap(PAIR)) == PAIR
    with pytest.raises(ValueError, match="hold one first"):
        swap(SOBEL)


def test_side_by_side_are_both_outputs() -> None:
    a, b = compared(PAIR).panel.parts
    assert (a.names, b.names) == (("A",), ("B",))
    assert np.array_equal(a.planes, filtered(SOBEL_VERTICAL))
    assert np.array_equal(b.planes, filtered(SCHARR))


def test_the_numbers_are_those_of_the_difference() -> None:
    found = compared(PAIR, mode=CompareMode.DIFFERENCE)
    apart = (filtered(SOBEL_VERTICAL) - filtered(SCHARR)).astype(np.float64)
    assert np.allclose(found.panel.planes, apart, atol=1e-6)
    assert found.panel.mode is DisplayMode.SIGNED
    assert found.apart is not None
    assert found.apart.mean == pytest.approx(apart.mean(), abs=1e-6)
    assert found.apart.largest == pytest.approx(np.abs(apart).max(), rel=1e-5)
    assert found.apart.rms == pytest.approx(np.sqrt((apart**2).mean()), rel=1e-5)


def test_a_kernel_and_itself_differ_by_nothing() -> None:
    found = compared(hold(SOBEL), mode=CompareMode.DIFFERENCE)
    assert found.apart is not None
    assert (found.apart.mean, found.apart.largest, found.apart.rms) == (0, 0, 0)


def test_the_line_parts_a_from_b() -> None:
    state = replace(PAIR, comparison=replace(PAIR.comparison, mode=CompareMode.WIPE, wipe=0.25))
    panel = compared(state).panel
    sides = compared(PAIR).panel.parts
    for name in ("bgra", "planes"):
        whole, a, b = (getattr(each, name) for each in (panel, *sides))
        columns = slice(0, 15), slice(15, 60)
        if name == "planes":
            assert np.array_equal(whole[:, :, columns[0]], a[:, :, columns[0]])
            assert np.array_equal(whole[:, :, columns[1]], b[:, :, columns[1]])
        else:
            assert np.array_equal(whole[:, columns[0]], a[:, columns[0]])
            assert np.array_equal(whole[:, columns[1]], b[:, columns[1]])


def test_one_colour_is_one_value_unless_each_has_its_own_range() -> None:
    a, b = compared(PAIR).panel.parts
    assert a.scale == b.scale
    own = replace(PAIR, comparison=replace(PAIR.comparison, same_range=False))
    a, b = compared(own).panel.parts
    assert b.scale.high > 2 * a.scale.high
    full = Display(DisplayMode.SIGNED, is_full=True)
    a, b = compared(replace(hold(replace(SOBEL, display=full)), weights=SCHARR)).panel.parts
    assert a.scale == b.scale
    assert b.scale.high >= np.abs(b.planes).max()


def test_a_range_that_a_person_has_chosen_stays() -> None:
    a, b = compared(replace(PAIR, display=Display(limit=2.0))).panel.parts
    assert a.scale.high == b.scale.high == 2.0


def test_values_are_compared_over_the_same_pixels_of_the_input() -> None:
    """Of "valid" and "same" padding all that both have is equal."""
    valid = replace(hold(SOBEL), geometry=Geometry("valid"))
    for state in (valid, swap(valid)):
        found = compared(state, mode=CompareMode.DIFFERENCE)
        assert found.apart is not None
        assert found.apart.largest == 0
        assert found.mode is CompareMode.DIFFERENCE
    larger = replace(hold(SOBEL), weights=tuple((0.0,) * 7 for _ in range(5)))
    found = compared(replace(larger, geometry=Geometry("full")), mode=CompareMode.DIFFERENCE)
    assert found.panel.planes.shape == (1, 44, 66)
    assert np.allclose(found.panel.planes[:, 2:-2, 3:-3], filtered(SOBEL_VERTICAL), atol=1e-5)
    assert not found.panel.planes[0, :2].any()


@pytest.mark.parametrize("space", [ColorSpace.HSV, ColorSpace.LAB])
def test_planes_are_compared_each_for_itself(space: ColorSpace) -> None:
    frame = picture(24, 30, 3)
    held = replace(PLANES, channels=Channels(space))
    b = replace(hold(held), weights=SCHARR)
    alone_a, alone_b = (
        KernelEvaluator().run(resolve(state, KernelViewing(), frame, 1)).output
        for state in (held, alone(b))
    )
    wiped = compared(b, frame, CompareMode.WIPE).panel.parts
    for part, left, right in zip(wiped, alone_a.planes, alone_b.planes, strict=True):
        assert np.array_equal(part.planes[0, :, :15], left[:, :15])
        assert np.array_equal(part.planes[0, :, 15:], right[:, 15:])
    turns = compared(b, frame, CompareMode.BLINK)
    assert turns.held is not None
    assert np.array_equal(turns.held.planes, alone_a.planes)
    apart = compared(b, frame, CompareMode.DIFFERENCE)
    assert len(apart.panel.parts) == 3
    assert np.array_equal(apart.panel.planes, alone_a.planes - alone_b.planes)
    assert apart.apart is not None
    summed = Channels(space, combine=Combine.SUM)
    b = replace(hold(replace(held, channels=summed)), weights=SCHARR)
    sides = compared(b, frame, CompareMode.SIDE).panel.parts
    assert [part.names for part in sides] == [("A",), ("B",)]


@pytest.mark.parametrize(
    ("b", "message"),
    [
        (replace(PAIR, geometry=Geometry(stride=2)), OTHER_STEPS),
        (replace(PAIR, channels=Channels(ColorSpace.HSV)), SAME_PLANES),
        (replace(hold(PLANES), weights=SCHARR), NO_SIDE),
        (replace(PAIR, geometry=Geometry(stride=2, transposed=True)), APART),
        (
            replace(PAIR, held=replace(SOBEL, geometry=Geometry("valid"), weights=((1.0,) * 31,))),
            "A:",
        ),
    ],
)
def test_what_cannot_lie_on_each_other_says_why(b: KernelState, message: str) -> None:
    frame = picture(24, 24, 3)
    found = compared(b, frame)
    assert found.message.startswith(message)
    assert found.mode is None
    assert found.panel.names != ("A",)


def test_a_map_and_three_are_shown_but_not_subtracted() -> None:
    each = Channels(ColorSpace.RGB)
    state = replace(
        PAIR,
        channels=each,
        held=replace(SOBEL, channels=Channels(ColorSpace.RGB, combine=Combine.SUM)),
    )
    frame = picture(24, 24, 3)
    assert [len(each.planes) for each in compared(state, frame).panel.parts] == [1, 3]
    found = compared(state, frame, CompareMode.DIFFERENCE)
    assert "1 map and B has 3 maps" in found.message
    assert found.mode is None
    assert found.apart is None


def test_a_closed_comparison_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    original = side.convolve

    def counted(*given: Any) -> Any:
        runs.append(1)
        return original(*given)

    monkeypatch.setattr(side, "convolve", counted)
    evaluator, closed = KernelEvaluator(), open_comparison(PAIR, False)
    assert evaluator.run(resolve(closed, KernelViewing(), NOISE, 1)).compared is None
    assert len(runs) == 1
    evaluator.run(resolve(PAIR, KernelViewing(), NOISE, 1))
    assert len(runs) == 2  # B is as it was
    wiped = replace(PAIR, comparison=Comparison(True, CompareMode.WIPE, 0.3))
    evaluator.run(resolve(wiped, KernelViewing(), NOISE, 1))
    assert len(runs) == 2  # to move the line computes nothing
