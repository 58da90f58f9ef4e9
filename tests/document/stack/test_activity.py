from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.activity import PACE, Activities, activity_of, statistics_of
from convlab.engine.display import Scale
from convlab.layers import Conv2d, MaxPool2d, ReLU, Sigmoid, Tanh
from tests.slow import noise

HALF = np.array([[[0, 0], [1, 2]], [[0, 0], [0, 0]], [[1, 1], [1, 3]]], np.float32)


def test_zeros_are_counted_map_by_map_and_dead_ones_named() -> None:
    found = activity_of(ReLU(), HALF)
    assert found.zeros == (0.5, 1.0, 0.0)
    assert found.dead == (1,)
    assert activity_of(MaxPool2d(2), HALF).dead == (1,), "what is dead stays so behind a pool"
    assert activity_of(Conv2d(3, 3, 1), HALF).dead == (), "zero weights are another matter"


@pytest.mark.parametrize(("layer", "far"), [(Sigmoid(), 9.0), (Tanh(), 4.0)])
def test_maps_at_the_ends_of_a_sigmoid_are_saturated(layer: Sigmoid | Tanh, far: float) -> None:
    x = np.stack([np.full((4, 5), far), np.full((4, 5), -far), np.full((4, 5), 0.1)])
    x[1, 0, 0] = 0.0  # one in twenty may be elsewhere
    assert activity_of(layer, layer.forward(x.astype(np.float32))).saturated == (0, 1)
    assert activity_of(ReLU(), x.astype(np.float32)).saturated == ()


def test_a_live_picture_is_measured_now_and_then_and_another_subject_at_once() -> None:
    activities = Activities()
    first = activities.of(1, ReLU(), HALF, (), "a", 0.0)
    other = np.zeros_like(HALF)
    assert activities.of(1, ReLU(), other, (), "a", PACE / 2) is first
    assert activities.of(1, ReLU(), other, (), "a", PACE).dead == (0, 1, 2)
    assert activities.of(1, ReLU(), HALF, (), "b", PACE) == first
    activities.keep([2])
    assert activities.of(1, ReLU(), other, (), "b", PACE) != first


def test_the_figures_of_a_map_are_those_of_numpy() -> None:
    plane = noise(1, 9, 11)[0] - 0.5
    plane[:3] = 0.0
    found = statistics_of(plane, Scale(-1.0, 1.0))
    assert found.stats.mean == pytest.approx(plane.mean(), abs=1e-6)
    assert found.stats.std == pytest.approx(plane.std(), abs=1e-6)
    assert (found.stats.minimum, found.stats.maximum) == (plane.min(), plane.max())
    assert found.zeros == pytest.approx(33 / 99)
    assert found.negative == pytest.approx((plane < 0).sum() / 99)
    assert found.histogram.counts.sum() == 99


def test_the_share_beyond_the_range_of_the_colours_is_counted() -> None:
    maps = np.array([[[0.0, 0.5, -0.75, 1.0]], [[0.0, 0.0, 0.0, 2.0]]], np.float32)
    scales = (Scale(-0.5, 0.5), Scale(-2.0, 2.0))
    assert activity_of(ReLU(), maps, scales).clipped == 2 / 8
    assert activity_of(ReLU(), maps).clipped == 0.0
