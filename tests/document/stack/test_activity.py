from __future__ import annotations

import numpy as np
import pytest

from convlab.document.stack.activity import PACE, Activities, activity_of, statistics_of
from convlab.engine.arrays import FloatArray
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


def test_what_changes_is_measured_now_and_then_and_what_stands_at_the_second_look() -> None:
    activities = Activities()

    def look(maps: FloatArray, now: float, scales: tuple[Scale, ...] = ()) -> bool:
        is_due = activities.is_due(1, maps, scales, now)
        if is_due:
            activities.measure(1, ReLU(), maps, scales)
        return is_due

    assert activities.last(1) is None
    assert look(HALF, 0.0), "nothing was known"
    first = activities.last(1)
    assert not look(HALF, 9.0)
    assert activities.is_settled

    frames = [np.zeros_like(HALF) for _ in range(6)]
    assert not look(frames[0], 10.0), "an edit does not wait for it"
    assert not activities.is_settled
    assert activities.last(1) is first
    assert look(frames[0], 10.1)
    assert activities.is_settled
    assert activities.last(1) == activity_of(ReLU(), frames[0])
    assert [look(frame, at) for frame, at in zip(frames[1:], (11.0, 11.2, 11.4), strict=False)] == [
        False
    ] * 3
    assert look(frames[4], 11.0 + PACE)
    assert look(frames[4], 12.0, (Scale(-1.0, 1.0),)), "in other colours others are clipped"

    assert look(HALF[:1], 12.2), "there are other maps"
    activities.keep([2])
    assert activities.last(1) is None


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
