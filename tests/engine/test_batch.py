from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.algorithms import batch
from convlab.engine.arrays import lies_pictures_last, pictures_first, pictures_last
from convlab.engine.border import Border
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import build_problem
from convlab.engine.norm import batch_norm2d, batch_statistics
from convlab.engine.pool import max_pool2d, max_pool2d_winners
from tests.engine.winners import winning_pixels
from tests.slow import noise


@pytest.mark.parametrize("scratch", [1 << 20, 300, 1])
@pytest.mark.parametrize("stride", [1, (2, 3)])
@pytest.mark.parametrize("border", Border)
def test_it_agrees_with_the_reference(
    border: Border, stride: int | tuple[int, int], scratch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_SCRATCH_FLOATS", scratch)
    x, weight, bias = noise(3, 4, 6, 7), noise(6, 2, 3, 2, seed=1), noise(6, seed=2)
    problem, _ = build_problem(
        x, weight, bias, stride, (1, 2, 2, 1), (1, 2), 2, border, 0.5, True, as_it_lies=True
    )
    found = batch.run(problem)
    assert lies_pictures_last(found)
    expected = conv2d(
        x,
        weight,
        bias,
        stride=stride,
        padding=(1, 2, 2, 1),
        dilation=(1, 2),
        groups=2,
        border=border,
        value=0.5,
        flip=True,
        algorithm="reference",
    )
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_by_hand() -> None:
    x = np.array([[[[1, 2, 3]]], [[[4, 5, 6]]]], np.float32)
    problem, _ = build_problem(x, [[[[1, -1]]]], [10], 1, 0, 1, 1, "zeros", 0, False)
    assert batch.run(problem).tolist() == [[[[9, 9]]], [[[9, 9]]]]


def test_what_lies_pictures_last_stays_so_and_gives_the_same() -> None:
    x = noise(5, 3, 6, 4)
    strided = pictures_first(pictures_last(x))
    assert lies_pictures_last(strided)
    assert not lies_pictures_last(x)
    assert pictures_last(strided).base is not None  # no copy
    statistics = batch_statistics(strided)
    np.testing.assert_allclose(statistics, batch_statistics(x), rtol=1e-6)
    normal = batch_norm2d(strided, *statistics)
    assert lies_pictures_last(normal)
    np.testing.assert_array_equal(normal, batch_norm2d(x, *statistics))
    for padding in (0, 1):
        winners = max_pool2d_winners(strided, 2, padding=padding)
        assert lies_pictures_last(winners.cells)
        np.testing.assert_array_equal(winners.values, max_pool2d(x, 2, padding=padding))
        np.testing.assert_array_equal(
            winning_pixels(strided, 2, padding=padding),
            winning_pixels(x, 2, padding=padding),
        )
