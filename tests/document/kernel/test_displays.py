"""Four displays of one output: their numbers by hand, what they clip by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel import displays
from convlab.document.kernel.displays import MODES, DisplayShown
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import (
    Channels,
    Display,
    Geometry,
    KernelState,
    KernelViewing,
    PixelPage,
)
from convlab.document.kernel.pages import KernelPageEvaluator
from convlab.document.kernel.resolve import resolve
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.sources.pattern import PatternSource

EDGE = ((1.0, 0.0, -1.0),) * 3
OPEN = KernelViewing((0, 0), True, page=PixelPage.DISPLAYS)


def shown(state: KernelState, frame: Frame, viewing: KernelViewing = OPEN) -> KernelShown:
    return KernelEvaluator().run(resolve(state, viewing, frame, 1))


def displays_of(
    shown: KernelShown, evaluator: KernelPageEvaluator | None = None
) -> tuple[DisplayShown, ...]:
    pages = (evaluator or KernelPageEvaluator()).answer(shown)
    return () if pages is None else pages.displays


def of_pattern(name: str, display: Display | None = None) -> dict[DisplayMode, DisplayShown]:
    frame = PatternSource(name, fps=None).read()
    assert frame is not None
    state = KernelState(EDGE, Geometry("valid"), display=display or Display())
    return {each.mode: each for each in displays_of(shown(state, frame))}


def row(display: DisplayShown) -> list[float]:
    panel = display.panel
    values: list[float] = displays.as_shown(panel, panel.values)[0, 0].tolist()
    return values


def greys(display: DisplayShown) -> list[int]:
    values: list[int] = display.panel.bgra[0, :, 0].tolist()
    return values


@pytest.mark.parametrize(
    ("mode", "numbers", "colors", "clipped"),
    [
        (DisplayMode.RAW, [0, 30, 30, 0], [0, 255, 255, 0], 0.0),
        (DisplayMode.ABSOLUTE, [0, 30, 30, 0], [0, 255, 255, 0], 0.0),
        (DisplayMode.CLIPPED, [0, 10, 10, 0], [0, 255, 255, 0], 0.5),
        (DisplayMode.OFFSET, [5, 10, 10, 5], [128, 255, 255, 128], 0.5),
    ],
)
def test_the_step_in_every_display(
    mode: DisplayMode, numbers: list[float], colors: list[int], clipped: float
) -> None:
    found = of_pattern("step")[mode]
    assert row(found) == numbers
    assert greys(found) == colors
    assert found.clipped == clipped


@pytest.mark.parametrize(
    ("mode", "numbers", "colors", "clipped"),
    [
        (DisplayMode.RAW, [0, -30, -30, 0], [255, 0, 0, 255], 0.0),
        (DisplayMode.ABSOLUTE, [0, 30, 30, 0], [0, 255, 255, 0], 0.0),
        (DisplayMode.CLIPPED, [0, 0, 0, 0], [0, 0, 0, 0], 0.5),
        (DisplayMode.OFFSET, [5, 0, 0, 5], [128, 0, 0, 128], 0.5),
    ],
)
def test_the_reversed_step_in_every_display(
    mode: DisplayMode, numbers: list[float], colors: list[int], clipped: float
) -> None:
    """The edge is lost where negative values are clipped, and zero is white where it is raw."""
    found = of_pattern("reversed-step")[mode]
    assert row(found) == numbers
    assert greys(found) == colors
    assert found.clipped == clipped


@pytest.mark.parametrize("space", [ColorSpace.GREY, ColorSpace.RGB, ColorSpace.HSV])
@pytest.mark.parametrize("limit", [None, 0.3])
def test_what_is_clipped_is_what_lies_beyond_the_ends(
    space: ColorSpace, limit: float | None
) -> None:
    pixels = np.random.default_rng(5).integers(0, 256, (30, 40, 3), np.uint8)
    state = KernelState(channels=Channels(space), display=Display(limit=limit))
    answer = shown(state, Frame(pixels, 0, 0.0))
    output = answer.output.planes.astype(np.float64)
    found = displays_of(answer)
    assert [each.mode for each in found] == list(MODES)
    for each in found:
        values = np.abs(output) if each.mode is DisplayMode.ABSOLUTE else output
        low, high, _ = each.panel.scale
        beyond = ((values < low - 1e-6) | (values > high + 1e-6)).mean()
        assert each.clipped == pytest.approx(beyond, abs=1e-9)
        assert not each.panel.values.flags.writeable
        numbers = displays.as_shown(each.panel, each.panel.values)
        low, high = numbers.min(), numbers.max()
        if each.mode in (DisplayMode.CLIPPED, DisplayMode.OFFSET):
            assert low >= 0.0
            assert high <= (limit or 1.0) + 1e-6


def test_a_flat_area_under_an_edge_kernel_is_not_called_clipped() -> None:
    flat = np.full((40, 40, 3), (93, 137, 11), np.uint8)
    for each in displays_of(shown(KernelState(), Frame(flat, 0, 0.0))):
        assert each.clipped == 0.0


def test_closed_they_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def count(*arguments: object) -> None:
        made.append(arguments)

    monkeypatch.setattr(displays, "_display", count)
    frame = Frame(np.zeros((8, 8), np.uint8), 0, 0.0)
    for page in PixelPage:
        if page is not PixelPage.DISPLAYS:
            viewing = KernelViewing((0, 0), True, page=page)
            assert displays_of(shown(KernelState(), frame, viewing)) == ()
    nowhere = KernelViewing(page=PixelPage.DISPLAYS)
    assert displays_of(shown(KernelState(), frame, nowhere)) == ()
    assert made == []
    evaluator, pages = KernelEvaluator(), KernelPageEvaluator()
    for probe in ((0, 0), (1, 1)):  # moving the mouse paints nothing again
        viewing = KernelViewing(probe, True, page=PixelPage.DISPLAYS)
        displays_of(evaluator.run(resolve(KernelState(), viewing, frame, 1)), pages)
    assert len(made) == len(MODES)
