from __future__ import annotations

import numpy as np
import pytest

from convlab.engine import by_blocks
from convlab.engine.arrays import FloatArray


@pytest.mark.parametrize("size", [1, 1000, 70_000, (1 << 19) + 1, 3 << 18])
def test_every_number_is_met_once(size: int) -> None:
    x = np.arange(size, dtype=np.float32)
    seen = np.zeros(size, np.int8)

    def work(values: FloatArray, out: FloatArray, some: FloatArray) -> None:
        assert values.shape == out.shape == some.shape
        np.multiply(values, np.float32(2), out=out)
        some += 1

    out = by_blocks.by_blocks(x, work, seen)
    np.testing.assert_array_equal(out, 2 * x)
    assert (seen == 1).all()


def test_the_exponential_keeps_what_is_no_plain_number() -> None:
    x = np.array([[np.nan, np.inf, -np.inf, 1000, -1000, 0, 1] * 5], np.float32)
    with np.errstate(over="ignore"):
        exact = np.exp(x.astype(float)).astype(np.float32)
        out = np.empty_like(x)
        by_blocks.exp(x, out)
    np.testing.assert_allclose(out, exact, rtol=3e-7)
