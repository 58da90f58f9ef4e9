"""Links against the pictures themselves: what a pixel feeds is what changes with it."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.kernel.evaluate import KernelEvaluator
from convlab.document.kernel.links import fed_by, laid_at, met_by
from convlab.document.kernel.model import Geometry, KernelState, KernelViewing
from convlab.document.kernel.resolve import resolve
from convlab.engine.border import Border

KERNEL = ((1.0, 2.0, 4.0), (8.0, 16.0, 32.0))


def frame(pixels: np.ndarray) -> Frame:
    return Frame(pixels.astype(np.float32), 0, 0.0)


def output(state: KernelState, pixels: np.ndarray) -> np.ndarray:
    job = resolve(state, KernelViewing(), frame(pixels), 1)
    return np.array(KernelEvaluator().run(job).output.planes[0])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same", "full"])
@pytest.mark.parametrize("border", list(Border))
def test_a_pixel_feeds_what_changes_with_it(
    flip: bool, stride: int, dilation: int, padding: str, border: Border
) -> None:
    state = KernelState(KERNEL, Geometry(padding, stride, dilation, border, 0.5, flip))
    blank = np.zeros((7, 8))
    job = resolve(state, KernelViewing(), frame(blank), 1)
    before = output(state, blank)
    for pixel in [(0, 0), (3, 4), (6, 7), (0, 5)]:
        lit = blank.copy()
        lit[pixel] = 1.0
        changed = np.zeros(before.shape, bool)
        found = fed_by(job, pixel)
        changed[np.ix_(found.rows, found.columns)] = True
        assert found.size == changed.sum()
        assert np.array_equal(output(state, lit) != before, changed), pixel


@pytest.mark.parametrize("flip", [False, True])
def test_a_cell_meets_what_counts_when_it_is_alone(flip: bool) -> None:
    blank = np.zeros((7, 8))
    for row, column in np.ndindex(2, 3):
        weights = np.zeros((2, 3))
        weights[row, column] = 1.0
        alone = KernelState(tuple(map(tuple, weights.tolist())), Geometry("valid", 2, flip=flip))
        job = resolve(alone, KernelViewing(), frame(blank), 1)
        found = met_by(job, (row, column))
        for pixel in np.ndindex(7, 8):
            lit = blank.copy()
            lit[pixel] = 1.0
            is_met = pixel[0] in found.rows and pixel[1] in found.columns
            assert output(alone, lit).any() == is_met


def test_a_middle_pixel_feeds_nine_outputs_and_a_corner_one() -> None:
    state = KernelState(geometry=Geometry("valid"))
    job = resolve(state, KernelViewing(), frame(np.zeros((6, 6))), 1)
    assert fed_by(job, (0, 0)).size == 1
    assert fed_by(job, (2, 3)).size == 9
    assert fed_by(job, (2, 3)).rows.tolist() == [0, 1, 2]
    assert met_by(job, (0, 2)).columns.tolist() == [2, 3, 4, 5]


def test_a_cell_lies_on_the_other_side_once_it_is_flipped() -> None:
    for flip, expected in ((False, (0, 2)), (True, (1, 0))):
        state = KernelState(KERNEL, Geometry("valid", flip=flip))
        job = resolve(state, KernelViewing(), frame(np.zeros((6, 6))), 1)
        assert laid_at(job, (0, 2)) == expected
        assert laid_at(job, expected) == (0, 2)
