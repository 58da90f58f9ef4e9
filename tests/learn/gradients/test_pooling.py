from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.engine.pool import avg_pool2d, max_pool2d
from convlab.learn.gradients.pooling import (
    avg_pool2d_gradient,
    global_avg_pool2d_gradient,
)
from tests import slow
from tests.learn.gradients.differences import assert_gradient, gradient_of_max_pool2d
from tests.slow import noise


def test_numbers_by_hand() -> None:
    x = [[1, 5, 2], [4, 3, 0]]
    assert gradient_of_max_pool2d([[7, 10]], x, 2, stride=1).tolist() == [[0, 17, 0], [0, 0, 0]]
    shares = avg_pool2d_gradient([[4, 8]], (2, 3), 2, stride=1)
    assert shares.tolist() == [[1, 3, 2], [1, 3, 2]]
    assert global_avg_pool2d_gradient([[[12]]], (1, 2, 3)).tolist() == [[[2] * 3] * 2]


def test_of_equal_values_the_first_gets_it_all() -> None:
    assert gradient_of_max_pool2d([[1]], np.ones((2, 2)), 2).tolist() == [[1, 0], [0, 0]]


def test_a_window_of_padding_gives_nothing() -> None:
    found = gradient_of_max_pool2d([[1]], [[7]], 2, padding=1, dilation=2, stride=1)
    assert found.tolist() == [[0]]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    kernel = draw(st.tuples(*[st.integers(1, 4)] * 2))
    return {
        "shape": (draw(st.integers(1, 2)), 2, *draw(st.tuples(*[st.integers(1, 7)] * 2))),
        "kernel": kernel,
        "stride": draw(st.tuples(*[st.integers(1, 4)] * 2)),
        "padding": tuple(draw(st.integers(0, cells // 2)) for cells in kernel),
        "dilation": draw(st.tuples(*[st.integers(1, 2)] * 2)),
        "ceil": draw(st.booleans()),
        "seed": draw(st.integers(0, 2**16)),
    }


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_largest(case: dict[str, Any]) -> None:
    # Whole numbers, all different: no step of the differences changes which is the largest.
    x = np.random.default_rng(case["seed"]).permutation(np.prod(case["shape"]))
    x = x.reshape(case["shape"]).astype(np.float32)
    names = ("kernel", "stride", "padding", "dilation", "ceil")
    arguments = [case[name] for name in names]
    options = dict(zip(("stride", "padding", "dilation", "ceil_mode"), arguments[1:], strict=True))
    try:
        out = max_pool2d(x, case["kernel"], **options)
    except ValueError:
        assume(False)
    gradient = noise(*out.shape, seed=case["seed"])
    reached = np.isfinite(out)  # else a window of padding: minus infinity, which has no slope
    weights = np.where(reached, gradient, 0)
    found = gradient_of_max_pool2d(gradient, x, case["kernel"], **options)

    def loss(x: Any) -> float:
        pooled = slow.max_pool2d(x, *arguments)
        return float((np.where(reached, pooled, 0) * weights).sum())

    assert_gradient(found, loss, x)


@settings(max_examples=100, deadline=None)
@given(case=cases(), include=st.booleans())
def test_means(case: dict[str, Any], include: bool) -> None:
    x = noise(*case["shape"], seed=case["seed"])
    options = {
        "stride": case["stride"],
        "padding": case["padding"],
        "ceil_mode": case["ceil"],
        "count_include_pad": include,
    }
    try:
        out = avg_pool2d(x, case["kernel"], **options)
    except ValueError:
        assume(False)
    gradient = noise(*out.shape, seed=case["seed"])
    found = avg_pool2d_gradient(gradient, x.shape, case["kernel"], **options)

    def loss(x: Any) -> float:
        pooled = slow.avg_pool2d(
            x, case["kernel"], case["stride"], case["padding"], case["ceil"], include
        )
        return float((pooled * gradient).sum())

    assert_gradient(found, loss, x)


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 3, 4, 5)])
def test_global_mean(shape: tuple[int, ...]) -> None:
    gradient = noise(*shape[:-2], 1, 1)
    found = global_avg_pool2d_gradient(gradient, shape)
    x = noise(*shape, seed=1)
    assert_gradient(found, lambda x: float((x.mean((-2, -1), keepdims=True) * gradient).sum()), x)


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 2\) .* shape \(2, 3\)"):
        gradient_of_max_pool2d(noise(2, 2), noise(4, 6), 2)
    with pytest.raises(ValueError, match=r"shape \(2, 2\) .* shape \(2, 3\)"):
        avg_pool2d_gradient(noise(2, 2), (4, 6), 2)
    with pytest.raises(ValueError, match=r"shape \(2,\) .* shape \(2, 1, 1\)"):
        global_avg_pool2d_gradient(noise(2), (2, 4, 6))
