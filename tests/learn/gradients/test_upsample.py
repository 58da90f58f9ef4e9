from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlab.learn.gradients.upsample import upsample_gradient
from tests import slow
from tests.learn.gradients.differences import Array, assert_gradient
from tests.slow import noise


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(*[st.integers(1, 5)] * 2),
    scale=st.tuples(*[st.integers(1, 4)] * 2),
    kind=st.sampled_from([("nearest", False), ("bilinear", False), ("bilinear", True)]),
)
def test_upsample(size: tuple[int, int], scale: tuple[int, int], kind: tuple[str, bool]) -> None:
    x, g = noise(2, *size), noise(2, size[0] * scale[0], size[1] * scale[1], seed=1)
    found = upsample_gradient(g, x.shape, scale, *kind)

    def loss(x: Array) -> float:
        large = (
            np.kron(x, np.ones(scale))
            if kind[0] == "nearest"
            else slow.bilinear(x[None], scale, kind[1])[0]
        )
        return float((large * g).sum())

    assert_gradient(found, loss, x)


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"gradient of shape \(4,\) does not fit"):
        upsample_gradient(noise(4), (1, 3), 1)
    with pytest.raises(ValueError, match="mode 'cubic'"):
        upsample_gradient(noise(1, 3), (1, 3), 1, "cubic")
