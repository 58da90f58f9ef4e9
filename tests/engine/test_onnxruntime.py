"""A second oracle, written by others: ONNX Runtime on random arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from convlab.engine.arrays import AnyArray
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.engine.pool import avg_pool2d, max_pool2d
from convlab.engine.upsample import upsample
from tests.engine.winners import winning_pixels
from tests.slow import noise


def compute(operation: str, inputs: dict[str, AnyArray], outputs: str, **options: Any) -> Any:
    """Run one operation; ``outputs`` has a letter for each: f for floats, i for integers."""
    kinds = {"f": TensorProto.FLOAT, "i": TensorProto.INT64}
    names = [f"out{place}" for place in range(len(outputs))]
    options = {name: list(v) if isinstance(v, tuple) else v for name, v in options.items()}
    graph = helper.make_graph(
        [helper.make_node(operation, list(inputs), names, **options)],
        "one",
        [helper.make_tensor_value_info(name, kinds["f"], None) for name in inputs if name],
        [
            helper.make_tensor_value_info(name, kinds[kind], None)
            for name, kind in zip(names, outputs, strict=True)
        ],
    )
    # Average pooling rounds up as PyTorch does from opset 19 on.
    opset = helper.make_opsetid("", 19)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {name: value for name, value in inputs.items() if name})


def pairs(least: int, most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(*[st.integers(least, most)] * 2)


@st.composite
def poolings(draw: st.DrawFn) -> dict[str, Any]:
    kernel = draw(pairs(1, 5))
    return {
        "kernel_size": kernel,
        "stride": draw(pairs(1, 4)),
        "padding": tuple(draw(st.integers(0, cells // 2)) for cells in kernel),
        "ceil_mode": draw(st.booleans()),
    }


def names_of_onnx(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "kernel_shape": case["kernel_size"],
        "strides": case["stride"],
        "pads": case["padding"] * 2,
        "ceil_mode": int(case["ceil_mode"]),
    }


@settings(max_examples=100, deadline=None)
@given(size=pairs(1, 14), case=poolings(), dilation=pairs(1, 2))
def test_largest_values(size: tuple[int, int], case: dict[str, Any], dilation: Any) -> None:
    x = np.round(3 * noise(1, 2, *size))  # whole numbers make ties
    try:
        out = max_pool2d(x, **case, dilation=dilation)
    except ValueError:
        assume(False)
    assume(np.isfinite(out).all())  # a window of padding only has no place in ONNX
    options = names_of_onnx(case) | {"dilations": dilation}
    expected, places = compute("MaxPool", {"x": x}, "fi", **options)
    np.testing.assert_array_equal(out, expected)
    index = winning_pixels(x, **case, dilation=dilation)
    planes = np.arange(2)[:, None, None] * (size[0] * size[1])
    np.testing.assert_array_equal(index + planes, places)


@settings(max_examples=100, deadline=None)
@given(size=pairs(1, 14), case=poolings(), include=st.booleans())
def test_means(size: tuple[int, int], case: dict[str, Any], include: bool) -> None:
    x = noise(1, 2, *size)
    try:
        out = avg_pool2d(x, **case, count_include_pad=include)
    except ValueError:
        assume(False)
    options = names_of_onnx(case) | {"count_include_pad": int(include)}
    (expected,) = compute("AveragePool", {"x": x}, "f", **options)
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(
    size=pairs(1, 9),
    kernel=pairs(1, 5),
    stride=pairs(1, 4),
    padding=pairs(0, 3),
    dilation=pairs(1, 3),
    groups=st.integers(1, 2),
    share=st.floats(0, 0.99),
)
def test_transposed_convolution(
    size: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, groups: int, share: float
) -> None:
    # ONNX Runtime wants less output padding than stride; PyTorch takes the dilation as well.
    extra = tuple(int(share * step) for step in stride)
    x, weight = noise(1, 2 * groups, *size), noise(2 * groups, 3, *kernel, seed=1)
    bias = noise(3 * groups, seed=2)
    try:
        out = conv_transpose2d(
            x,
            weight,
            bias,
            stride=stride,
            padding=padding,
            output_padding=extra,
            dilation=dilation,
            groups=groups,
        )
    except ValueError:
        assume(False)
    (expected,) = compute(
        "ConvTranspose",
        {"x": x, "weight": weight, "bias": bias},
        "f",
        strides=stride,
        pads=padding * 2,
        output_padding=extra,
        dilations=dilation,
        group=groups,
    )
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        (
            ("nearest", False),
            {
                "mode": "nearest",
                "coordinate_transformation_mode": "asymmetric",
                "nearest_mode": "floor",
            },
        ),
        (
            ("bilinear", False),
            {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
        ),
        (
            ("bilinear", True),
            {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
        ),
    ],
)
@settings(max_examples=30, deadline=None)
@given(size=pairs(1, 9), scale=pairs(1, 4))
def test_upsampling(mode: tuple[str, bool], options: Any, size: Any, scale: Any) -> None:
    x = noise(1, 2, *size)
    scales = np.array([1, 1, *scale], np.float32)
    (expected,) = compute("Resize", {"x": x, "": x, "scales": scales}, "f", **options)
    np.testing.assert_allclose(upsample(x, scale, *mode), expected, atol=1e-5)
