from __future__ import annotations

import numpy as np
import pytest

from convlab.learn.shapes import NAMES, SIDE, draw_shapes


def test_the_same_seed_draws_the_same_shapes() -> None:
    images, labels = draw_shapes(300, 4)
    again, same = draw_shapes(300, 4)
    assert images.tobytes() == again.tobytes()
    np.testing.assert_array_equal(labels, same)
    assert images.tobytes() != draw_shapes(300, 5)[0].tobytes()


def test_shapes_are_pictures_of_all_classes() -> None:
    images, labels = draw_shapes(400)
    assert images.shape == (400, 1, SIDE, SIDE)
    assert images.dtype == np.float32
    assert images.min() >= 0
    assert images.max() <= 1
    assert np.bincount(labels).tolist() == [400 // len(NAMES)] * len(NAMES)
    assert len({image.tobytes() for image in images}) == 400


def test_a_shape_is_brighter_than_the_ground_and_stays_inside() -> None:
    images, _ = draw_shapes(400)
    bright = images.reshape(400, -1).max(axis=1)
    edge = images[:, 0, 0].mean(axis=1)  # the first row is ground nearly everywhere
    assert (bright > edge + 0.2).all()


def test_a_circle_covers_more_than_a_cross() -> None:
    images, labels = draw_shapes(400, 1)
    mean = [images[labels == label].mean() for label in range(len(NAMES))]
    circle, square, triangle, cross = mean
    assert circle > square > max(triangle, cross)


@pytest.mark.parametrize(("count", "seed"), [(0, 0), (1, -1)])
def test_no_shapes_and_no_seed_are_rejected(count: int, seed: int) -> None:
    with pytest.raises(ValueError, match=r"count|seed"):
        draw_shapes(count, seed)
