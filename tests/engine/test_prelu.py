from __future__ import annotations

import numpy as np
import pytest

from convlab.engine.prelu import prelu
from tests.slow import noise

SLOPES = [noise(8, seed=1), np.zeros(8, np.float32), np.full(8, np.inf, np.float32), [0.25]]


@pytest.mark.parametrize("shape", [(8, 40, 40), (2, 8, 3, 5), (8,), (4, 8)])
@pytest.mark.parametrize("weight", SLOPES)
def test_each_value_is_chosen_by_its_sign(shape: tuple[int, ...], weight: list[float]) -> None:
    x = noise(*shape)
    x.flat[:4] = np.nan, np.inf, -np.inf, 0
    slopes = np.array(weight, np.float32)
    if len(shape) > 2 and len(slopes) > 1:
        slopes = slopes[:, None, None]
    with np.errstate(invalid="ignore"):  # 0 times an infinity
        expected = np.where(x > 0, x, x * slopes)
    np.testing.assert_array_equal(prelu(x, weight), expected)
