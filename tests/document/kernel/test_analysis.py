"""The analysis of a kernel: its waves against sums, and no work while nobody looks."""

from __future__ import annotations

import cmath
import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel import pages
from convlab.document.kernel.analysis import (
    WAVES,
    Analysed,
    Analysis,
    AnalysisPage,
    curve_of,
    shown_tuning,
    waves_of,
)
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing, to_weights
from convlab.document.kernel.pages import KernelPageEvaluator
from convlab.document.kernel.resolve import resolve
from convlab.document.kernel.scaling import Scaling
from convlab.engine import kernels
from convlab.engine.color_maps import Palette
from convlab.engine.tuning import Stimulus

FRAME = Frame(np.zeros((12, 12), np.uint8), 0, 0.0)
MAKERS = ("waves_of", "parts_of", "curve_of", "shown_tuning")


def analysed(
    page: AnalysisPage,
    state: KernelState | None = None,
    evaluator: KernelPageEvaluator | None = None,
    angle: float = 0.0,
) -> Analysed | None:
    viewing = KernelViewing(analysis=page, analysis_angle=angle)
    job = resolve(state or KernelState(), viewing, FRAME, 1)
    found = (evaluator or KernelPageEvaluator()).answer(KernelEvaluator().run(job))
    return None if found is None else found.analysed


def test_each_wave_is_multiplied_by_the_sum_over_the_cells() -> None:
    kernel = np.random.default_rng(5).normal(size=(3, 4)).astype(np.float32)
    waves = waves_of(kernel, Palette.LIGHT)
    middle = WAVES // 2
    for down, across in ((0, 0), (5, -17), (-40, 33), (60, 1)):
        total = sum(
            float(kernel[at]) * cmath.exp(2j * math.pi * (down * at[0] + across * at[1]) / WAVES)
            for at in np.ndindex(*kernel.shape)
        )
        found = waves.map.planes[0, middle + down, middle + across]
        assert found == pytest.approx(abs(total), abs=1e-4)
    assert waves.across[0] == waves.down[0] == pytest.approx(abs(kernel.sum()), abs=1e-4)
    stripes = np.array([[1, -1, 1, -1]] * 3)
    assert waves.across[-1] == pytest.approx(abs((kernel * stripes).sum()), abs=1e-4)


def test_only_the_page_in_front_is_computed_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    for name in MAKERS:
        original = getattr(pages, name)

        def counted(*given: Any, name: str = name, original: Any = original) -> Any:
            calls[name] += 1
            return original(*given)

        monkeypatch.setattr(pages, name, counted)
    evaluator = KernelPageEvaluator()
    assert analysed(AnalysisPage.CLOSED, evaluator=evaluator) is None
    assert calls == {}
    for _ in range(2):
        assert analysed(AnalysisPage.FREQUENCY, evaluator=evaluator) is not None
    assert calls == {"waves_of": 1}
    calls.clear()
    for angle in (0.0, 5.0, 10.0):
        analysed(AnalysisPage.TUNING, evaluator=evaluator, angle=angle)
    assert calls == {"curve_of": 1, "shown_tuning": 3}


def test_what_is_analysed_is_what_is_laid() -> None:
    """A convolution turns the kernel, a divisor makes it smaller."""
    edge = KernelState(to_weights(kernels.preset("Sobel vertical")))
    flipped = replace(edge, geometry=Geometry(flip=True))
    angles = []
    for state in (edge, flipped):
        wanted = replace(state, analysis=replace(state.analysis, stimulus=Stimulus.EDGE))
        found = analysed(AnalysisPage.TUNING, wanted)
        assert found is not None
        assert found.tuning is not None
        angles.append(found.tuning.curve.best)
    assert angles == [pytest.approx(90.0), pytest.approx(270.0)]
    halved = analysed(AnalysisPage.RANK, replace(edge, scaling=Scaling(2.0)))
    assert halved is not None
    assert halved.parts is not None
    assert halved.parts[0].row.tolist() == [0.5, 0.0, -0.5]


def test_a_stimulus_that_nothing_answers_to_lies_in_the_middle() -> None:
    """The horizontal bar over a vertical edge: its picture is lit, not empty."""
    sobel = kernels.preset("Sobel vertical")
    analysis = Analysis()
    shown = shown_tuning(sobel, analysis, curve_of(sobel, analysis), 0.0)
    assert not shown.answers.any()
    assert shown.place == 0.0
    assert shown.picture.planes.min() == 1.0  # three pixels high, as the kernel
