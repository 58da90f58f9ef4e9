from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convlab.document.signal.model import SignalState
from convlab.document.signal.tabs import (
    BandMatrix,
    Copies,
    ball_maps,
    copies_of,
    laws_of,
    matrix_of,
)
from convlab.document.signal.window import kept_part
from convlab.engine.arrays import AnyArray
from convlab.engine.conv1d import Mode, conv1d
from convlab.engine.weight_matrix import WeightMatrix
from tests.document.signal.slow import convolved, correlated
from tests.slow import noise

F = np.array([1.0, 0.0, -2.0, 3.0])
G = np.array([0.0, 5.0, 6.0, 0.0])
STATE = SignalState(count=4, step=0.5)


def copies_at(f: AnyArray, g: AnyArray, state: SignalState) -> Copies:
    kernel = g if state.is_flipped else g[::-1]
    result = np.array(convolved(f.tolist(), kernel.tolist()), np.float32)
    return copies_of(f, kernel, result * (state.step if state.is_continuous else 1), state)


def test_copies_lie_where_f_is_not_zero() -> None:
    copies = copies_at(F, G, STATE)
    assert copies.indices.tolist() == [0, 2, 3]
    assert copies.times.tolist() == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert copies.values[1].tolist() == [0, 0, 0, -10, -12, 0, 0]
    assert copies.left_out == 0
    for array in (copies.indices, copies.times, copies.values, copies.total):
        assert not array.flags.writeable


@pytest.mark.parametrize("is_flipped", [True, False])
@pytest.mark.parametrize("is_continuous", [True, False])
def test_copies_add_up_to_the_result(is_flipped: bool, is_continuous: bool) -> None:
    state = replace(STATE, is_flipped=is_flipped, is_continuous=is_continuous)
    copies = copies_at(F, G, state)
    f, g = F.tolist(), G.tolist()
    expected: AnyArray = np.array(convolved(f, g) if is_flipped else correlated(f, g))
    np.testing.assert_allclose(
        copies.values.sum(axis=0), expected * (0.5 if is_continuous else 1.0)
    )
    np.testing.assert_allclose(copies.values.sum(axis=0), copies.total)
    assert copies.times[0] == (0.0 if is_flipped else -1.5)


def test_of_many_copies_the_largest_are_shown() -> None:
    f = np.arange(-50.0, 50.0)
    copies = copies_at(f, np.ones(100), SignalState(count=100))
    assert len(copies.values) == 24
    assert copies.left_out == 99 - 24
    assert np.abs(f[copies.indices]).min() == 38
    assert (np.diff(copies.indices) > 0).all()


def test_copies_of_a_long_signal_are_means_that_still_add_up() -> None:
    f, g = np.zeros(3001), noise(3001).astype(float)
    f[[3, 2000]] = -2.0, 1.5
    copies = copies_of(f, g, conv1d(f, g), SignalState(count=3001))
    assert copies.values.shape == (2, 1501)  # 6001 values by fours
    np.testing.assert_allclose(copies.values.sum(axis=0), copies.total, atol=1e-6)
    assert copies.values[0, 2] == pytest.approx(-2.0 * g[5:9].mean())
    assert copies.times[2] == 9.5
    assert copies.times[-1] == 6000, "the last group has one value only"


def test_a_silent_f_has_no_copies() -> None:
    copies = copies_at(np.zeros(4), G, STATE)
    assert copies.values.shape == (0, 7)
    assert copies.total.tolist() == [0] * 7


# ---- the matrix ----


def matrix_at(g: AnyArray, state: SignalState, f: AnyArray = F) -> tuple[BandMatrix, WeightMatrix]:
    made = matrix_of(f, g, state)
    assert made.matrix is not None
    return made, made.matrix


def test_the_matrix_is_the_one_written_by_hand() -> None:
    made, matrix = matrix_at(G, STATE)
    assert matrix.values.tolist() == [
        [5, 0, 0, 0],
        [6, 5, 0, 0],
        [0, 6, 5, 0],
        [0, 0, 6, 5],
        [0, 0, 0, 6],
    ]
    assert matrix.cells[1].tolist() == [2, 1, -1, -1]
    assert (matrix.connections, matrix.tied, matrix.zeros) == (8, 2, 12)
    assert (made.first, made.count, made.residual) == (1, 4, 0.0)


@pytest.mark.parametrize(
    ("mode", "first", "rows"),
    [
        (Mode.SAME, 1, [[5, 0, 0, 0], [6, 5, 0, 0], [0, 6, 5, 0], [0, 0, 6, 5]]),
        (Mode.VALID, 2, [[6, 5, 0, 0], [0, 6, 5, 0], [0, 0, 6, 5]]),
    ],
)
def test_the_matrix_has_the_rows_that_the_mode_keeps(
    mode: Mode, first: int, rows: list[list[int]]
) -> None:
    made, matrix = matrix_at(G, replace(STATE, mode=mode))
    assert matrix.values.tolist() == rows
    assert made.first == first == kept_part(mode, G).start


def test_in_a_correlation_the_cells_still_count_the_samples_of_g() -> None:
    made, matrix = matrix_at(np.array([0.0, 7.0, 8.0, 0.0]), replace(STATE, is_flipped=False))
    assert made.first == -2, "the lag at which the last weight lies on the first sample"
    assert matrix.values[2].tolist() == [0, 7, 8, 0]
    assert matrix.cells[2].tolist() == [-1, 1, 2, -1]


def test_a_g_of_zeros_has_no_matrix() -> None:
    assert matrix_of(F, np.zeros(4), STATE).matrix is None


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("is_flipped", [True, False])
def test_the_matrix_times_f_is_the_result(mode: Mode, is_flipped: bool) -> None:
    f, g = noise(40, seed=1).astype(float), noise(40, seed=2).astype(float)
    g[:3] = g[9:] = 0.0
    state = SignalState(count=40, step=0.5, mode=mode, is_flipped=is_flipped, is_continuous=True)
    made, matrix = matrix_at(g, state, f)
    cut, short = f[:24], g[:24]
    whole = convolved(cut, short) if is_flipped else correlated(cut, short)  # type: ignore[arg-type]
    first = made.first + (0 if is_flipped else 23)
    expected = np.array(whole)[first : first + len(matrix.values)] * 0.5
    np.testing.assert_allclose(matrix.values @ cut, expected, atol=1e-6)
    assert made.residual < 1e-6
    assert matrix.tied == 6
    assert not matrix.values.flags.writeable
    assert not matrix.cells.flags.writeable


# ---- the laws ----


def test_swapping_and_bracketing_change_nothing_but_near_the_borders() -> None:
    f, g = noise(60, seed=1).astype(float), np.zeros(60)
    g[:5] = 1.0
    laws = laws_of(f, g)
    assert np.abs(laws.swapped).max() < 1e-5 * laws.largest
    assert np.abs(laws.bracketed).max() < 1e-5 * laws.largest
    broken = np.flatnonzero(np.abs(laws.bracketed_same) > 1e-5 * laws.largest)
    assert broken.tolist() == [0, 59], "h reaches one sample beyond what the first step kept"


def test_the_difference_at_a_border_is_the_one_computed_by_hand() -> None:
    # f * g = 1 2 2 2 1; "same" keeps 1 2 2 2; what was cut is the 1, and h takes a quarter of it.
    laws = laws_of(np.ones(4), np.array([1.0, 1.0, 0.0, 0.0]))
    assert laws.bracketed_same.tolist() == [0, 0, 0, -0.25]


def test_laws_of_long_signals_are_tried_on_their_beginning() -> None:
    assert laws_of(np.ones(9000), np.ones(9000)).count == 4096


# ---- the ball ----


def test_the_maps_of_the_ball_are_chances() -> None:
    maps = ball_maps((4, 4))
    for chances in (maps.f, maps.g, maps.result):
        assert chances.sum() == pytest.approx(1.0)
        assert chances.min() >= 0.0


@pytest.mark.parametrize("cell", [(0, 0), (4, 4), (3, 7), (8, 8)])
def test_a_cell_is_the_sum_over_all_ways_to_it(cell: tuple[int, int]) -> None:
    maps = ball_maps(cell)
    ways = [
        maps.f[a, b] * maps.g[c, d]
        for a, b, c, d in np.ndindex(5, 5, 5, 5)
        if (a + c, b + d) == cell
    ]
    assert maps.total == pytest.approx(sum(ways))
    assert maps.result[cell] == pytest.approx(sum(ways))
    assert len(maps.ways) == len(ways)


def test_a_corner_is_reached_in_one_way() -> None:
    maps = ball_maps((-1, 0))
    assert maps.cell == (0, 0)
    assert [(way.a, way.b) for way in maps.ways] == [((0, 0), (0, 0))]
