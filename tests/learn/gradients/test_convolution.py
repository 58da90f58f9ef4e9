from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convlab.engine.border import Border
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.learn.gradients.convolution import conv_transpose2d_gradient
from tests import slow
from tests.learn.gradients.differences import Array, assert_gradient, gradient_of_conv2d
from tests.slow import noise


def test_numbers_by_hand() -> None:
    # y = [a w0 + b w1, b w0 + c w1] and the loss is y0 + 10 y1.
    found = gradient_of_conv2d([[1, 10]], [[1, 2, 3]], [[5, 7]])
    assert found.x.tolist() == [[5, 57, 70]]
    assert found.weight.tolist() == [[21, 32]]
    assert found.bias.tolist() == [11]
    found = conv_transpose2d_gradient([[1, 10, 100]], [[2, 3]], [[5, 7]])
    assert found.x.tolist() == [[75, 750]]
    assert found.weight.tolist() == [[32, 320]]
    assert found.bias.tolist() == [111]


def test_a_copied_pixel_collects_from_its_copies() -> None:
    found = gradient_of_conv2d(
        [[1, 1, 1, 1, 1]], [[7]], [[1]], padding=(0, 0, 2, 2), border="replicate"
    )
    assert found.x.tolist() == [[5]]


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    groups = draw(st.integers(1, 2))
    size = draw(st.tuples(*[st.integers(1, 5)] * 2))
    border = draw(st.sampled_from(Border))
    limit = {Border.REFLECT: -1, Border.CIRCULAR: 0}.get(border, 2)
    return {
        "shape": (draw(st.integers(1, 2)), groups * draw(st.integers(1, 2)), *size),
        "outputs": groups * draw(st.integers(1, 2)),
        "kernel": draw(st.tuples(*[st.integers(1, 3)] * 2)),
        "seed": draw(st.integers(0, 2**16)),
        "options": {
            "stride": draw(st.tuples(*[st.integers(1, 3)] * 2)),
            "padding": draw(
                st.tuples(*[st.integers(0, min(n + limit, 4)) for n in size for _ in range(2)])
            ),
            "dilation": draw(st.tuples(*[st.integers(1, 2)] * 2)),
            "groups": groups,
            "border": border,
            "value": draw(st.sampled_from([0.0, 1.5])),
            "flip": draw(st.booleans()),
        },
    }


@settings(max_examples=200, deadline=None)
@given(case=convolutions())
def test_conv2d(case: dict[str, Any]) -> None:
    options, seed = case["options"], case["seed"]
    x = noise(*case["shape"], seed=seed)
    depth = x.shape[1] // options["groups"]
    weight = noise(case["outputs"], depth, *case["kernel"], seed=seed + 1)
    try:
        shape = conv2d(x, weight, **options).shape
    except ValueError:
        assume(False)
    gradient = noise(*shape, seed=seed + 2)
    found = gradient_of_conv2d(gradient, x, weight, **options)
    exact = x.astype(float), weight.astype(float)

    def loss(x: Array, weight: Array, bias: Array) -> float:
        return float((slow.conv2d(x, weight, bias, **options) * gradient).sum())

    zero = np.zeros(len(weight))
    assert_gradient(found.x, lambda x: loss(x, exact[1], zero), x)
    assert_gradient(found.weight, lambda weight: loss(exact[0], weight, zero), weight)
    assert_gradient(found.bias, lambda bias: loss(*exact, bias), zero)


@st.composite
def transposed(draw: st.DrawFn) -> dict[str, Any]:
    groups = draw(st.integers(1, 2))
    stride = draw(st.tuples(*[st.integers(1, 3)] * 2))
    dilation = draw(st.tuples(*[st.integers(1, 3)] * 2))
    limits = [max(*pair) - 1 for pair in zip(stride, dilation, strict=True)]
    return {
        "shape": (
            draw(st.integers(1, 2)),
            groups * draw(st.integers(1, 2)),
            *draw(st.tuples(*[st.integers(1, 4)] * 2)),
        ),
        "outputs": draw(st.integers(1, 2)),
        "kernel": draw(st.tuples(*[st.integers(1, 3)] * 2)),
        "seed": draw(st.integers(0, 2**16)),
        "options": {
            "stride": stride,
            "padding": draw(st.tuples(*[st.integers(0, 3)] * 2)),
            "output_padding": tuple(draw(st.integers(0, limit)) for limit in limits),
            "dilation": dilation,
            "groups": groups,
        },
    }


@settings(max_examples=200, deadline=None)
@given(case=transposed())
def test_conv_transpose2d(case: dict[str, Any]) -> None:
    options, seed = case["options"], case["seed"]
    x = noise(*case["shape"], seed=seed)
    weight = noise(x.shape[1], case["outputs"], *case["kernel"], seed=seed + 1)
    try:
        shape = conv_transpose2d(x, weight, **options).shape
    except ValueError:
        assume(False)
    gradient = noise(*shape, seed=seed + 2)
    found = conv_transpose2d_gradient(gradient, x, weight, **options)
    exact = x.astype(float), weight.astype(float)

    def loss(x: Array, weight: Array, bias: Array) -> float:
        return float((slow.conv_transpose2d(x, weight, bias, **options) * gradient).sum())

    zero = np.zeros(shape[1])
    assert_gradient(found.x, lambda x: loss(x, exact[1], zero), x)
    assert_gradient(found.weight, lambda weight: loss(exact[0], weight, zero), weight)
    assert_gradient(found.bias, lambda bias: loss(*exact, bias), zero)


@pytest.mark.parametrize("padding", ["same", "full", "valid", 1])
def test_names_of_padding_and_ranks(padding: Any) -> None:
    x, weight = noise(3, 6, 7), noise(4, 3, 3, 2, seed=1)
    gradient = noise(*conv2d(x, weight, padding=padding).shape, seed=2)
    single = gradient_of_conv2d(gradient, x, weight, padding=padding)
    batch = gradient_of_conv2d(gradient[None], x[None], weight, padding=padding)
    for one, many, like in zip(single, batch, (x, weight, weight[:, 0, 0, 0]), strict=True):
        assert one.shape == like.shape
        np.testing.assert_array_equal(one, many.reshape(one.shape))
    plane = gradient_of_conv2d(gradient[0], x[0], weight[0, 0], padding=padding)
    assert plane.x.shape == x[0].shape
    assert plane.weight.shape == (3, 2)


def test_strips_add_up() -> None:
    """Pictures so large and so many that their patches are laid out in several goes."""
    for shape in ((1, 8, 200, 300), (300, 2, 28, 28)):
        x, gradient = noise(*shape), noise(shape[0], 4, *shape[2:], seed=1)
        found = gradient_of_conv2d(gradient, x, noise(4, shape[1], 3, 3, seed=2), padding=1)
        padded = np.pad(x.astype(float), ((0, 0), (0, 0), (1, 1), (1, 1)))
        corner = padded[:, :, 2 : 2 + shape[2], 0 : shape[3]]
        expected = np.einsum("nohw,nchw->oc", gradient.astype(float), corner)
        np.testing.assert_allclose(found.weight[:, :, 2, 0], expected, atol=1e-2, rtol=1e-4)


def test_inputs_are_not_changed_in_any_layout() -> None:
    x, weight, gradient = noise(2, 5, 6), noise(3, 2, 3, 3, seed=1), noise(3, 3, 4, seed=2)
    expected = gradient_of_conv2d(gradient, x, weight)
    for layout in (np.asfortranarray, lambda a: a[..., ::-1].copy()[..., ::-1], np.float64):
        arrays = [layout(array) for array in (gradient, x, weight)]
        for array in arrays:
            array.flags.writeable = False
        found = gradient_of_conv2d(*arrays)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)
            assert one.flags.writeable
            assert not any(np.shares_memory(one, array) for array in arrays)


def test_what_does_not_fit_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"shape \(1, 1, 3, 3\) .* shape \(1, 2, 3, 3\)"):
        gradient_of_conv2d(noise(1, 3, 3), noise(1, 5, 5), noise(2, 1, 3, 3))
    with pytest.raises(ValueError, match=r"gradient of shape \(5, 5\) .* shape \(7, 7\)"):
        conv_transpose2d_gradient(noise(5, 5), noise(5, 5), noise(3, 3))
    with pytest.raises(ValueError, match="3 channels"):
        gradient_of_conv2d(noise(2, 3, 3), noise(3, 5, 5), noise(2, 1, 3, 3))
