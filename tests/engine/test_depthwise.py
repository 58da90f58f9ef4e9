from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from convlab.engine.algorithms import depthwise
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_arguments import fit_sizes
from tests.slow import noise


@pytest.mark.parametrize("several", [1, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding": (2, 1, 0, 3), "stride": (2, 1)},
        {"padding": 2, "dilation": (1, 2), "border": "reflect"},
        {"padding": 1, "border": "constant", "value": 3.5, "flip": True},
    ],
)
def test_it_is_the_matrix_product(several: int, options: dict[str, Any]) -> None:
    x, weight = noise(2, 6, 9, 11), noise(6 * several, 1, 3, 4, seed=1)
    bias = noise(6 * several, seed=2)
    fast, slow = (
        conv2d(x, weight, bias, groups=6, algorithm=name, **options)
        for name in ("depthwise", "gemm")
    )
    np.testing.assert_allclose(fast, slow, atol=1e-5)


def test_rows_shared_among_threads_join() -> None:
    x, weight = noise(48, 130, 90), noise(48, 1, 3, 3)
    assert depthwise.is_shared(fit_sizes(x.shape, weight.shape, 1, 1, 1, 48, "zeros"))
    fast, slow = (
        conv2d(x, weight, padding=1, groups=48, algorithm=name) for name in ("depthwise", "gemm")
    )
    np.testing.assert_allclose(fast, slow, atol=1e-5)


@pytest.mark.parametrize(
    ("channels", "groups"), [(1, 1), (4, 1), (4, 2)], ids=["plane", "all", "two each"]
)
def test_kernels_that_see_several_channels_do_not_fit(channels: int, groups: int) -> None:
    x, weight = noise(channels, 8, 8), noise(4, channels // groups, 3, 3)
    with pytest.raises(ValueError, match="algorithm depthwise does not fit: it is for as many"):
        conv2d(x, weight, groups=groups, algorithm="depthwise")


def test_a_sum_that_overflows_on_the_way_is_left_to_others() -> None:
    x = np.full((2, 3, 3), 3e38, np.float32)
    weight = np.ones((2, 1, 1, 3), np.float32)
    weight[..., 2] = -1.0
    with pytest.raises(ValueError, match="choose auto or gemm"):
        conv2d(x, weight, groups=2, algorithm="depthwise")
    assert (conv2d(x, weight, groups=2) == np.float32(3e38)).all()
