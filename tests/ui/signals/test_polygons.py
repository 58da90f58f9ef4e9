"""Many points at once are the points."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from convlab.ui.signals.polygons import polygon


@pytest.mark.parametrize("count", [0, 1, 2, 5000])
def test_a_polygon_has_the_points_it_was_given(count: int) -> None:
    x = np.arange(count) * 0.5
    made = polygon(x, -(x**2))
    assert made.size() == count
    for place in {0, count // 3, count - 1} if count else set():
        assert made.at(place) == QPointF(place * 0.5, -((place * 0.5) ** 2))


def test_whole_numbers_and_views_are_taken_as_they_are() -> None:
    made = polygon(np.array([3, 2, 1])[::-1], np.array([[4, 5], [6, 7], [8, 9]])[:, 0])
    assert [(point.x(), point.y()) for point in made.toList()] == [(1, 4), (2, 6), (3, 8)]
