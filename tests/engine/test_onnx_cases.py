"""Models that PyTorch wrote, with the outputs it computed: they come with the onnx package.

Each runs node by node through the engine. Signals with one axis of pixels become pictures one
pixel high; what has three axes of pixels is left out, except where the operation does not look at
neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper
import pytest

from convlab.engine.activate import absolute, leaky_relu, relu, sigmoid, softmax, tanh
from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border, pad
from convlab.engine.conv2d import conv2d
from convlab.engine.conv_transpose2d import conv_transpose2d
from convlab.engine.dense import flatten, linear
from convlab.engine.norm import batch_norm2d
from convlab.engine.pool import avg_pool2d, max_pool2d
from convlab.engine.shapes import Padding

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
Attributes: TypeAlias = dict[str, Any]

# Convolution and pooling over three axes of pixels are not among ours.
NEIGHBOURS = {"Conv", "ConvTranspose", "MaxPool", "AveragePool"}


def as_picture(x: AnyArray) -> AnyArray:
    return x[:, :, None] if x.ndim == 3 else x


def sized(attributes: Attributes, name: str, default: int = 1) -> tuple[int, int]:
    """An attribute as (rows, columns); one number is for a signal, one pixel high."""
    numbers = attributes.get(name, [default, default])
    return (default, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])


def sides(attributes: Attributes) -> tuple[int, int, int, int]:
    """ONNX names the sides before all axes first, then those behind."""
    pads = attributes.get("pads", [0, 0, 0, 0])
    top, left, bottom, right = pads if len(pads) == 4 else (0, pads[0], 0, pads[1])
    return top, bottom, left, right


def symmetric(attributes: Attributes) -> tuple[int, int]:
    top, bottom, left, right = sides(attributes)
    assert (top, left) == (bottom, right)
    return top, left


def conv(a: Attributes, x: AnyArray, weight: AnyArray, bias: AnyArray | None = None) -> AnyArray:
    out = conv2d(
        as_picture(x),
        as_picture(weight),
        bias,
        stride=sized(a, "strides"),
        padding=sides(a),
        dilation=sized(a, "dilations"),
        groups=a.get("group", 1),
    )
    return out if x.ndim == 4 else out[:, :, 0]


def conv_transpose(
    a: Attributes, x: AnyArray, weight: AnyArray, bias: AnyArray | None = None
) -> AnyArray:
    return conv_transpose2d(
        x,
        weight,
        bias,
        stride=sized(a, "strides"),
        padding=symmetric(a),
        output_padding=sized(a, "output_padding", 0),
        dilation=sized(a, "dilations"),
        groups=a.get("group", 1),
    )


def max_pool(a: Attributes, x: AnyArray) -> AnyArray:
    out = max_pool2d(
        as_picture(x),
        sized(a, "kernel_shape"),
        stride=sized(a, "strides"),
        padding=symmetric(a),
        dilation=sized(a, "dilations"),
        ceil_mode=bool(a.get("ceil_mode", 0)),
    )
    return out if x.ndim == 4 else out[:, :, 0]


def average_pool(a: Attributes, x: AnyArray) -> AnyArray:
    out = avg_pool2d(
        as_picture(x),
        sized(a, "kernel_shape"),
        stride=sized(a, "strides"),
        padding=symmetric(a),
        count_include_pad=bool(a.get("count_include_pad", 0)),
    )
    return out if x.ndim == 4 else out[:, :, 0]


def batch_norm(
    a: Attributes, x: AnyArray, weight: AnyArray, bias: AnyArray, mean: AnyArray, variance: AnyArray
) -> AnyArray:
    """It does not look at neighbours, so pixels of any number of axes may stand in one row."""
    rows = x.reshape(len(x), x.shape[1], 1, -1)
    out = batch_norm2d(rows, mean, variance, weight, bias, eps=a["epsilon"])
    return out.reshape(x.shape)


def gemm(a: Attributes, x: AnyArray, weight: AnyArray, bias: AnyArray) -> AnyArray:
    """A bias that is a matrix is added here: no layer of ours has one."""
    assert (a.get("alpha", 1), a.get("transA", 0)) == (1, 0)
    matrix = weight if a.get("transB", 0) else weight.T
    if a.get("beta", 1) == 1 and bias.ndim == 1:
        return linear(x, matrix, bias)
    return linear(x, matrix) + np.float32(a.get("beta", 1)) * bias


def prelu(_: Attributes, x: AnyArray, slopes: AnyArray) -> AnyArray:
    """A leaky ReLU with a slope of its own for each channel, or one for all."""
    each = np.broadcast_to(slopes.ravel(), x.shape[1])
    return np.stack([leaky_relu(x[:, c], slope) for c, slope in enumerate(each)], axis=1)


def pad_picture(a: Attributes, x: AnyArray) -> AnyArray:
    top, left, bottom, right = (a["pads"][place] for place in (2, 3, 6, 7))
    border = {"constant": Border.CONSTANT, "reflect": Border.REFLECT, "edge": Border.REPLICATE}
    kind = border[a.get("mode", b"constant").decode()]
    return pad(x, Padding(top, bottom, left, right), kind, a.get("value", 0.0))


def constant(a: Attributes) -> AnyArray:
    return np.asarray(onnx.numpy_helper.to_array(a["value"]))


OPERATIONS: dict[str, Callable[..., Any]] = {
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Flatten": lambda _, x: flatten(x),
    "Gemm": gemm,
    "LeakyRelu": lambda a, x: leaky_relu(x, a["alpha"]),
    "LogSoftmax": lambda a, x: np.log(softmax(x, a["axis"])),
    "MatMul": lambda _, x, matrix: linear(x, matrix.T),
    "MaxPool": max_pool,
    "PRelu": prelu,
    "Pad": pad_picture,
    "Relu": lambda _, x: relu(x),
    "Sigmoid": lambda _, x: sigmoid(x),
    "Softmax": lambda a, x: softmax(x, a["axis"]),
    "Tanh": lambda _, x: tanh(x),
    "Abs": lambda _, x: absolute(x),
}
# What stands between them and is no layer.
GLUE: dict[str, Callable[..., Any]] = {
    "Add": lambda _, x, y: x + y,
    "Constant": constant,
    "Div": lambda _, x, y: x / y,
    "Mul": lambda _, x, y: x * y,
    "Neg": lambda _, x: -x,
    "Split": lambda a, x: np.split(x, 2, a["axis"]),
    "Squeeze": lambda a, x: np.squeeze(x, tuple(a["axes"])),
    "Transpose": lambda a, x: x.transpose(a["perm"]),
    "Unsqueeze": lambda a, x: np.expand_dims(x, tuple(a["axes"])),
}


def is_ours(path: Path) -> bool:
    """Tell whether a model has a layer of ours, and nothing that is neither ours nor glue."""
    graph = onnx.load(path / "model.onnx").graph
    used = {node.op_type for node in graph.node}
    if not used <= OPERATIONS.keys() | GLUE.keys() or not used & OPERATIONS.keys():
        return False
    rank = len(graph.input[0].type.tensor_type.shape.dim)
    return rank < 5 or not used & NEIGHBOURS


# It flattens a single number.
LEFT_OUT = {"test_operator_view"}
CASES = [
    path for path in sorted(DATA.glob("pytorch-*/*")) if path.name not in LEFT_OUT and is_ours(path)
]


def load_tensors(folder: Path, kind: str) -> list[AnyArray]:
    files = sorted(folder.glob(f"{kind}_*.pb"), key=lambda file: int(file.stem.split("_")[1]))
    return [np.asarray(onnx.numpy_helper.to_array(onnx.load_tensor(file))) for file in files]


def run_graph(graph: Any, inputs: list[AnyArray]) -> list[AnyArray]:
    """Compute the graph's outputs, one node after the other."""
    values = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    names = [entry.name for entry in graph.input if entry.name not in values]
    values |= dict(zip(names, inputs, strict=True))
    for node in graph.node:
        attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        out = (OPERATIONS | GLUE)[node.op_type](attributes, *(values[name] for name in node.input))
        values |= zip(node.output, out if isinstance(out, list) else [out], strict=True)
    return [values[entry.name] for entry in graph.output]


def test_none_is_lost() -> None:
    """All that these operations can compute must be found; a newer onnx may bring more."""
    of_modules = [path for path in CASES if path.parent.name == "pytorch-converted"]
    assert len(of_modules) >= 62
    assert len(CASES) >= 71


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removeprefix("test_"))
def test_it_computes_what_pytorch_computed(path: Path) -> None:
    graph = onnx.load(path / "model.onnx").graph
    folders = sorted(path.glob("test_data_set_*"))
    assert folders
    for folder in folders:
        expected = load_tensors(folder, "output")
        for out, wanted in zip(
            run_graph(graph, load_tensors(folder, "input")), expected, strict=True
        ):
            assert out.dtype == np.float32
            assert out.shape == wanted.shape
            np.testing.assert_allclose(out, wanted, rtol=1e-5, atol=2e-6)
