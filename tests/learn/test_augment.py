from __future__ import annotations

import numpy as np
import pytest

from convlab.learn.augment import shifted
from tests.slow import noise


class Chosen(np.random.Generator):
    """Dice that fall as the test wants."""

    def __init__(self, down: list[float], right: list[float]) -> None:
        super().__init__(np.random.PCG64(0))
        self._drawn = np.array([down, right])

    def uniform(self, *args: object, **options: object) -> np.ndarray:  # type: ignore[override]
        return self._drawn


def test_numbers_by_hand() -> None:
    images = np.array([[[[0, 8], [4, 0]]]] * 3, np.float32)
    found = shifted(images, 1, Chosen([0, 1, 0], [0.25, 0, -1]))
    assert found.dtype == np.float32
    # A quarter of a pixel to the right, one down, one to the left; the edge is repeated.
    assert found[:, 0].tolist() == [[[0, 6], [4, 1]], [[0, 8], [0, 8]], [[8, 8], [0, 0]]]


def test_each_picture_goes_its_own_way_but_not_beyond_the_reach() -> None:
    ramp = np.broadcast_to(np.arange(9, dtype=np.float32), (50, 2, 9, 9))
    images = np.stack([ramp[:, 0], ramp[:, 0].swapaxes(1, 2)], axis=1)  # right, then down
    found = shifted(images, 0.5, np.random.default_rng(0))
    moved = (images - found)[:, :, 4, 4]
    assert np.abs(moved).max() <= 0.5
    assert moved.std(axis=0) == pytest.approx([0.5 / np.sqrt(3)] * 2, rel=0.2)
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.4
    again = shifted(images, 0.5, np.random.default_rng(0))
    np.testing.assert_array_equal(found, again)


def test_without_reach_nothing_is_moved_or_drawn() -> None:
    images, rng = noise(3, 1, 4, 5), np.random.default_rng(0)
    assert shifted(images, 0, rng) is images
    assert rng.random() == np.random.default_rng(0).random()
