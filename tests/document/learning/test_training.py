from __future__ import annotations

import numpy as np
import pytest

from convlab.document.learning.training import CurveRecorder


def test_few_figures_are_kept_as_they_are() -> None:
    history = CurveRecorder(4)
    for number in range(4):
        history.add(number, number * 10)
    curve = history.curve()
    assert curve.at.tolist() == [0, 1, 2, 3]
    assert curve.values.tolist() == [0, 10, 20, 30]


def test_many_figures_become_means_of_neighbours() -> None:
    history = CurveRecorder(4)
    for number in range(1, 9):
        history.add(number, number)
    curve = history.curve()
    assert curve.at.tolist() == [2, 4, 6, 8]
    assert curve.values.tolist() == [1.5, 3.5, 5.5, 7.5]


@pytest.mark.parametrize("count", [5, 17, 100, 1001])
def test_whatever_the_count_the_mean_is_right_and_points_are_few(count: int) -> None:
    history = CurveRecorder(8)
    for number in range(count):
        history.add(number, number)
    curve = history.curve()
    assert 4 <= len(curve.at) <= 8
    assert curve.at[-1] == count - 1
    ends = np.concatenate([[-1], curve.at])
    assert np.average(curve.values, weights=np.diff(ends)) == pytest.approx((count - 1) / 2)
