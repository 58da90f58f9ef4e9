from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convlab.engine.activate import (
    absolute,
    gelu,
    hard_sigmoid,
    hard_swish,
    leaky_relu,
    relu,
    relu6,
    sigmoid,
    silu,
    softmax,
    step,
    tanh,
)
from convlab.engine.arrays import FloatArray
from tests.slow import noise

ROW = [-2.0, -0.5, 0.0, 0.5, 2.0]
EXACT: dict[Callable[[Any], FloatArray], Callable[[Any], Any]] = {
    step: lambda x: np.where(x > 0, 1, 0),
    relu: lambda x: np.where(x > 0, x, 0),
    leaky_relu: lambda x: np.where(x > 0, x, 0.01 * x),
    sigmoid: scipy.special.expit,
    tanh: np.tanh,
    absolute: np.abs,
    relu6: lambda x: np.clip(x, 0, 6),
    hard_sigmoid: lambda x: np.clip(x / 6 + 0.5, 0, 1),
    hard_swish: lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    silu: lambda x: x * scipy.special.expit(x),
    gelu: lambda x: x * scipy.special.ndtr(x),
}
ALL = [*EXACT, softmax]


def test_numbers_by_hand() -> None:
    assert step(ROW).tolist() == [0, 0, 0, 1, 1]
    assert relu(ROW).tolist() == [0, 0, 0, 0.5, 2]
    assert leaky_relu(ROW, 0.5).tolist() == [-1, -0.25, 0, 0.5, 2]
    assert leaky_relu(ROW, 2).tolist() == [-4, -1, 0, 0.5, 2]
    assert leaky_relu(ROW, -1).tolist() == [2, 0.5, 0, 0.5, 2]
    assert absolute(ROW).tolist() == [2, 0.5, 0, 0.5, 2]
    assert sigmoid([0.0, np.log(3)]).tolist() == pytest.approx([0.5, 0.75])
    assert tanh([0.0, np.log(2)]).tolist() == pytest.approx([0, 0.6])
    assert softmax([0.0, np.log(3)]).tolist() == pytest.approx([0.25, 0.75])


@settings(max_examples=100, deadline=None)
@given(x=arrays.arrays(np.float32, arrays.array_shapes(), elements=st.floats(-200, 200, width=32)))
@pytest.mark.parametrize("function", list(EXACT))
def test_agrees_with_float64(function: Any, x: FloatArray) -> None:
    out = function(x)
    assert out.dtype == np.float32
    np.testing.assert_allclose(out, EXACT[function](x.astype(float)), rtol=2e-6, atol=1e-36)


@pytest.mark.parametrize(
    ("shape", "axis", "meant"),
    [((5,), None, 0), ((4, 5), None, 1), ((3, 4, 5), None, 0), ((2, 3, 4, 5), None, 1)]
    + [((2, 3, 4), axis, axis) for axis in (0, 1, 2, -1)],
)
def test_softmax_along_an_axis(shape: tuple[int, ...], axis: int | None, meant: int) -> None:
    x = 10 * noise(*shape)
    expected = scipy.special.softmax(x.astype(float), meant)
    np.testing.assert_allclose(softmax(x, axis), expected, rtol=3e-6)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("shape", [(7,), (5, 7), (3, 5, 7)])
def test_nan_stays_nan_and_the_rest_is_right(function: Any, shape: tuple[int, ...]) -> None:
    for place in (0, -1):
        x = noise(*shape)
        x.flat[place] = np.nan
        out = function(x)
        assert np.isnan(out.flat[place])
        if function is not softmax:
            assert np.isnan(out).sum() == 1
            x.flat[place] = 0
            out.flat[place] = function(x).flat[place]
            np.testing.assert_array_equal(out, function(x))


@pytest.mark.parametrize("function", list(EXACT))
def test_more_than_fits_a_block_or_a_thread(function: Any) -> None:
    x = np.linspace(-13, 13, 600_001, dtype=np.float32)
    expected = np.asarray(EXACT[function](x.astype(float)), float)
    x[::100_001] = expected[::100_001] = np.nan
    np.testing.assert_allclose(function(x), expected, rtol=2e-6, atol=1e-36)


def test_gelu_at_the_ends_of_the_line() -> None:
    ends = np.array([np.inf, 3e38, 1e20, 1e10, 50, -50, -1e20, -3e38, 1e-40], np.float32)
    for approximate in ("none", "tanh"):
        out = gelu(ends, approximate)
        np.testing.assert_array_equal(out[:5], ends[:5])
        assert (out[5:8] == 0).all()
        assert out[8] == ends[8] / 2
        assert np.isnan(gelu([-np.inf], approximate)).all()  # as PyTorch's


@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_gelu_against_its_formula(approximate: str) -> None:
    x = np.linspace(-6, 6, 100_001, dtype=np.float32)
    exact = x.astype(float)
    bent = np.sqrt(2 / np.pi) * (exact + 0.044715 * exact**3)
    share = scipy.special.expit(2 * bent) if approximate == "tanh" else scipy.special.ndtr(exact)
    np.testing.assert_allclose(gelu(x, approximate), exact * share, rtol=4e-6)


def test_the_ends_of_the_line() -> None:
    ends = np.array([[-np.inf, np.inf, -1e38, 1e38]], np.float32)
    assert relu(ends).tolist() == [[0, np.inf, 0, ends[0, 3]]]
    assert leaky_relu(ends, 0.5)[0, :2].tolist() == [-np.inf, np.inf]
    assert leaky_relu(ends, 0)[0, 1:].tolist() == [np.inf, 0, ends[0, 3]]
    assert sigmoid(ends).tolist() == tanh(relu(ends)).tolist() == [[0, 1, 0, 1]]
    assert softmax(ends[:, 2:]).tolist() == [[0, 1]]
    assert np.isnan(softmax([-np.inf, -np.inf])).all()


@pytest.mark.parametrize("function", ALL)
def test_every_memory_layout_gives_the_same_and_none_is_changed(function: Any) -> None:
    x = noise(3, 6, 8)
    expected = function(x)
    frozen = x.copy()
    frozen.flags.writeable = False
    flipped = x[:, ::-1, ::-1].copy()[:, ::-1, ::-1]
    for values in (np.asfortranarray(x), flipped, frozen, x.astype(float), x.tolist()):
        before = np.array(values)
        out = function(values)
        np.testing.assert_array_equal(out, expected)
        np.testing.assert_array_equal(values, before)
        assert out.flags.writeable
    assert not np.shares_memory(function(frozen), frozen)


def test_pictures_of_whole_numbers() -> None:
    assert relu(np.full((2, 2), 255, np.uint8)).tolist() == [[1, 1], [1, 1]]
    assert absolute(np.array([-3, 3])).tolist() == [3, 3]


@pytest.mark.parametrize("function", ALL)
def test_what_is_no_array_of_numbers_is_rejected(function: Any) -> None:
    with pytest.raises(ValueError, match="single number 3"):
        function(3)
    with pytest.raises(ValueError, match="is empty"):
        function([])
    with pytest.raises(ValueError, match="complex"):
        function([1j])


@pytest.mark.parametrize("axis", [3, -4, 1.0, True])
def test_other_axes_are_rejected(axis: Any) -> None:
    with pytest.raises(ValueError, match=f"axis {axis} does not exist in an array of 3 axes"):
        softmax(noise(1, 2, 3), axis)


@pytest.mark.parametrize("slope", [np.nan, np.inf, "steep", None])
def test_other_slopes_are_rejected(slope: Any) -> None:
    with pytest.raises(ValueError, match="negative_slope"):
        leaky_relu(ROW, slope)
