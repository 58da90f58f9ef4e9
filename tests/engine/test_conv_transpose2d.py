from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import convlab
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_transpose2d import conv_transpose2d
from tests import slow
from tests.slow import noise

# Numbers worked out by hand.


def test_one_pixel_gives_a_copy_of_the_kernel() -> None:
    assert conv_transpose2d([[2]], [[1, 2], [3, 4]]).tolist() == [[2, 4], [6, 8]]


def test_overlapping_copies_are_summed() -> None:
    ones = np.ones((2, 2))
    assert conv_transpose2d(ones, ones).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    cut = conv_transpose2d(ones, ones, padding=1)
    assert cut.tolist() == [[4]]


def test_stride_spreads_them() -> None:
    out = conv_transpose2d([[1, 2]], [[1, 1, 1]], stride=(1, 2))
    assert out.tolist() == [[1, 1, 3, 2, 2]]
    longer = conv_transpose2d([[1, 2]], [[1, 1, 1]], stride=(1, 2), output_padding=(0, 1))
    assert longer.tolist() == [[1, 1, 3, 2, 2, 0]]


def test_dilation() -> None:
    assert conv_transpose2d([[1, 2]], [[1, 10]], dilation=2).tolist() == [[1, 2, 10, 20]]
    assert conv_transpose2d(
        [[1, 2]], [[1, 10]], stride=2, dilation=2, output_padding=1
    ).tolist() == [
        [1, 0, 12, 0, 20, 0],
        [0] * 6,
    ]


def test_bias_is_everywhere() -> None:
    out = conv_transpose2d([[1]], [[1]], 0.5, stride=3, output_padding=2)
    assert out.tolist() == [[1.5, 0.5, 0.5], [0.5] * 3, [0.5] * 3]


def test_public_name_and_ranks() -> None:
    weight = noise(3, 2, 4, 4)
    out = convlab.conv_transpose2d(noise(5, 3, 6, 7), weight, stride=2, padding=1)
    assert out.shape == (5, 2, 12, 14)
    one = conv_transpose2d(noise(5, 3, 6, 7)[1], weight, stride=2, padding=1)
    np.testing.assert_allclose(one, out[1], atol=1e-5)
    assert conv_transpose2d(np.full((1, 1), 255, np.uint8), [[3]]).tolist() == [[3]]


# Oracles.


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    groups = draw(st.integers(1, 3))
    depth, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    size = draw(st.tuples(*[st.integers(1, 8)] * 2))
    kernel = draw(st.tuples(*[st.integers(1, 6)] * 2))
    stride = draw(st.tuples(*[st.integers(1, 4)] * 2))
    dilation = draw(st.tuples(*[st.integers(1, 4)] * 2))
    extra = tuple(
        draw(st.integers(0, max(step, gap) - 1)) for step, gap in zip(stride, dilation, strict=True)
    )
    seed = draw(st.integers(0, 2**16))
    return {
        "x": noise(2, depth * groups, *size, seed=seed),
        "weight": noise(depth * groups, outputs, *kernel, seed=seed + 1),
        "bias": noise(outputs * groups, seed=seed + 2) if draw(st.booleans()) else None,
        "stride": stride,
        "padding": draw(st.tuples(*[st.integers(0, 5)] * 2)),
        "output_padding": extra,
        "dilation": dilation,
        "groups": groups,
    }


@settings(max_examples=400, deadline=None)
@given(case=cases())
def test_against_scattering_one_pixel_after_the_other(case: dict[str, Any]) -> None:
    exact: dict[str, Any] = {
        name: value.astype(float) if isinstance(value, np.ndarray) else value
        for name, value in case.items()
    }
    expected = slow.conv_transpose2d(**exact)
    try:
        out = conv_transpose2d(**case)
    except ValueError:
        assume(expected.size == 0)
        return
    assert out.shape == expected.shape
    assert out.dtype == np.float32
    assert out.flags.c_contiguous
    scale = np.abs(case["weight"]).sum(axis=(0, 2, 3)).max() * np.abs(case["x"]).max() + 4
    assert np.abs(out - expected).max() <= 2e-6 * scale


@pytest.mark.parametrize("options", [{}, {"stride": 2, "padding": 1}, {"dilation": 2, "stride": 3}])
def test_it_is_the_adjoint_of_conv2d(options: dict[str, Any]) -> None:
    """<conv2d(x), y> = <x, conv_transpose2d(y)> where no pixel is left over."""
    x, weight = noise(2, 13, 13), noise(3, 2, 3, 3, seed=1)
    forward = conv2d(x, weight, **options)
    y = noise(*forward.shape, seed=2)
    back = conv_transpose2d(y, weight, **options)
    height, width = back.shape[1:]
    assert np.vdot(forward, y) == pytest.approx(np.vdot(x[:, :height, :width], back), rel=1e-4)


# Inputs.


def test_every_memory_layout_gives_the_same_and_none_is_changed() -> None:
    x, weight, bias = noise(2, 5, 6), noise(2, 3, 4, 3, seed=1), noise(3, seed=2)
    expected = conv_transpose2d(x, weight, bias, stride=2)
    frozen = x.copy()
    frozen.flags.writeable = False
    layouts: list[tuple[Any, Any]] = [
        (np.asfortranarray(x), np.asfortranarray(weight)),
        (x[:, ::-1, ::-1].copy()[:, ::-1, ::-1], weight[..., ::-1].copy()[..., ::-1]),
        (frozen, weight.astype(float)),
        (x.tolist(), weight.tolist()),
    ]
    for picture, kernel in layouts:
        before = np.array(picture), np.array(kernel)
        np.testing.assert_array_equal(conv_transpose2d(picture, kernel, bias, stride=2), expected)
        np.testing.assert_array_equal(picture, before[0])
        np.testing.assert_array_equal(kernel, before[1])


def test_a_kernel_of_one_cell_does_not_return_the_input() -> None:
    x = noise(1, 4, 4)
    out = conv_transpose2d(x, np.ones((1, 1, 1, 1)))
    assert not np.shares_memory(out, x)
    assert out.flags.writeable


def test_nan_reaches_as_far_as_its_copy_of_the_kernel() -> None:
    x = np.zeros((9, 9))
    x[4, 4] = np.nan
    out = conv_transpose2d(x, np.ones((4, 4)), stride=3)
    assert np.isnan(out).sum() == 16


# Rejections.

REJECTED: list[tuple[Any, Any, dict[str, Any], str]] = [
    (noise(5, 5), noise(1, 1, 3, 3), {}, r"do not go together.*\(C, O / groups, kh, kw\)"),
    (noise(3, 5, 5), noise(2, 3, 3, 3), {}, r"3 channels .* \(2, 3, 3, 3\) takes 2"),
    (noise(3, 5, 5), noise(3, 1, 3, 3), {"groups": 2}, "3 channels .* 2 groups"),
    (noise(1, 5, 5), noise(1, 1, 3, 3), {"groups": 0}, "groups 0"),
    (noise(1, 5, 5), noise(1, 2, 3, 3), {"bias": [1]}, "give 2 numbers"),
    (noise(5, 5), noise(3, 3), {"stride": 0}, "stride 0"),
    (noise(5, 5), noise(3, 3), {"padding": -1}, "padding -1 .* at least 0"),
    (noise(5, 5), noise(3, 3), {"padding": "same"}, "padding 'same'"),
    (noise(5, 5), noise(3, 3), {"output_padding": 1}, "output padding 1 .* from 0 to 0"),
    (noise(2, 2), noise(2, 2), {"padding": 2}, "makes 3 px of 2 px, and padding 2 .* at most 2 px"),
    (noise(5, 5) * 1j, noise(3, 3), {}, "x holds complex"),
    (noise(5, 5), np.zeros((3, 0)), {}, r"weight of shape \(3, 0\) is empty"),
]


@pytest.mark.parametrize(("x", "weight", "options", "message"), REJECTED)
def test_what_does_not_fit_is_rejected(
    x: Any, weight: Any, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        conv_transpose2d(x, weight, **options)


def test_a_stride_far_beyond_the_kernel_costs_nothing() -> None:
    out = conv_transpose2d([[1.0]], np.ones((3, 3)), stride=1_000_000)
    assert out.tolist() == np.ones((3, 3)).tolist()
