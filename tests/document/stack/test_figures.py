from __future__ import annotations

import numpy as np

from convlab.document.frame import Frame
from convlab.document.stack.activity import PACE
from convlab.document.stack.evaluate import StackEvaluator
from convlab.document.stack.figures import BINS, FiguresKeeper, LayerFigures, figures_of
from convlab.document.stack.job import StackJob
from convlab.document.stack.model import StackInput, StackState, StackViewing, Unit
from convlab.layers import Conv2d, ReLU
from convlab.layers.graph import INPUT

RNG = np.random.default_rng(0)


def test_figures_are_those_of_numpy() -> None:
    maps = RNG.standard_normal((5, 6, 7)).astype(np.float32)
    maps[2] = np.maximum(maps[2], 0)
    found = figures_of(3, maps)
    exact = maps.astype(np.float64).reshape(5, -1)
    assert np.allclose(found.mean, exact.mean(axis=1), atol=1e-12)
    assert np.allclose(found.std, exact.std(axis=1), atol=1e-6)
    assert found.zeros.tolist() == [(row == 0).sum() / 42 for row in exact]
    assert found.least.tolist() == exact.min(axis=1).tolist()
    assert found.largest.tolist() == exact.max(axis=1).tolist()
    for row, counts in zip(exact, found.counts, strict=True):
        wanted, edges = np.histogram(row, BINS, (exact.min(), exact.max()))
        # A value on the edge of two bins may fall into either, by its rounding.
        near = np.abs(row[:, np.newaxis] - edges).min(axis=1) < 1e-5
        assert np.abs(counts - wanted).sum() <= 2 * near.sum()
        assert counts.sum() == 42


def test_a_vector_is_as_many_maps() -> None:
    found = figures_of(1, np.array([1, -2, 0], np.float32))
    assert found.mean.tolist() == [1, -2, 0]
    assert found.zeros.tolist() == [0, 0, 1]
    assert (found.low, found.high) == (-2, 1)


def test_one_value_alone_has_a_histogram() -> None:
    assert figures_of(1, np.full((2, 3, 3), 4.0, np.float32)).counts.sum(axis=1).tolist() == [9, 9]


def test_what_changes_is_measured_now_and_then_and_what_stands_at_once() -> None:
    now = 0.0
    keeper = FiguresKeeper(lambda: now)
    first, second = (np.full((1, 2, 2), value, np.float32) for value in (1.0, 2.0))
    assert keeper.figures(1, first).mean[0] == 1.0
    now = PACE / 2
    assert keeper.figures(1, second).mean[0] == 1.0
    assert not keeper.is_settled
    assert keeper.figures(1, second).mean[0] == 2.0, "it stands"
    assert keeper.is_settled
    assert keeper.figures(2, first).mean[0] == 1.0, "another layer"
    now += PACE
    assert keeper.figures(2, second).mean[0] == 2.0


def test_the_layer_that_is_looked_at_is_measured_and_none_while_nobody_looks() -> None:
    state = StackState.of((Conv2d(3, 4, 3), ReLU()), "Test", StackInput(size=(8, 9)))
    frame = Frame(RNG.integers(256, size=(8, 9, 3), dtype=np.uint8), 0, 0.0)

    def run(viewing: StackViewing) -> LayerFigures | None:
        return StackEvaluator().run(StackJob(1, frame, state, viewing)).figures

    assert run(StackViewing()) is None
    for viewing, uid in (
        (StackViewing(wants_figures=True), 2),
        (StackViewing(wants_figures=True, chosen=1), 1),
        (StackViewing(Unit(7, 0), True, 7, wants_figures=True), 2),  # of a stack that has gone
        (StackViewing(Unit(INPUT, 0), True, 1, wants_figures=True), INPUT),
    ):
        found = run(viewing)
        assert found is not None
        assert found.uid == uid
