"""Layers as nodes of ONNX: what a session computes in their place.

After the operators' specification, https://onnx.ai/onnx/operators/.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.border import Border
from convlab.engine.conv_arguments import fit_sizes
from convlab.engine.shapes import Pair, pair
from convlab.layers import (
    Abs,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
    Sigmoid,
    Softmax,
    Tanh,
)
from convlab.layers.base import Shape

Attribute: TypeAlias = int | float | str | tuple[int, ...]


class Kind(NamedTuple):
    """All of a node but its numbers: chains of equal kinds run in one session.

    Attributes:
        operation: Name of the operator.
        attributes: Names and values, in any order.
        inputs: Type and number of axes of its inputs behind the first.
    """

    operation: str
    attributes: tuple[tuple[str, Attribute], ...]
    inputs: tuple[tuple[str, int], ...]


class Node(NamedTuple):
    """One operation on what the node before gives.

    Attributes:
        operation: Name of the operator.
        attributes: Names and values, in any order.
        arrays: Its other inputs, in order. They enter with each run, so that a dragged weight
            needs no other session.
        takes_input: Its second input is what the layer is given; in files only.
    """

    operation: str
    attributes: tuple[tuple[str, Attribute], ...] = ()
    arrays: tuple[AnyArray, ...] = ()
    takes_input: bool = False

    @property
    def kind(self) -> Kind:
        """What a session must know of it."""
        inputs = tuple((array.dtype.str, array.ndim) for array in self.arrays)
        return Kind(self.operation, self.attributes, inputs)


_Maker: TypeAlias = Callable[[Any, Shape], tuple[Node, ...]]
_MODES = {Border.CONSTANT: "constant", Border.REPLICATE: "edge", Border.REFLECT: "reflect"}


def nodes_of(layer: Layer, shape: Shape) -> tuple[Node, ...]:
    """Return what computes a layer's result.

    Args:
        layer: Any.
        shape: Of its input, ``(C, H, W)`` or ``(F,)``, which fits. The nodes take a batch of one.

    Returns:
        Nodes one after another; none where there are no such operators, or no equal ones.
    """
    make = _MAKERS.get(type(layer))
    return () if make is None else make(layer, shape)


def _conv(layer: Conv2d, shape: Shape) -> tuple[Node, ...]:
    sizes = fit_sizes(
        shape,
        layer.weight.shape,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.groups,
        layer.border,
    )
    top, bottom, left, right = pads = sizes.padding
    nodes = []
    value = np.float32(layer.value if sizes.border is Border.CONSTANT else 0.0)
    if any(pads) and (value or sizes.border not in (Border.ZEROS, Border.CONSTANT)):
        if sizes.border not in _MODES:
            return ()
        sides = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
        nodes.append(Node("Pad", (("mode", _MODES[sizes.border]),), (sides, np.array(value))))
        top = bottom = left = right = 0
    weight = layer.weight[..., ::-1, ::-1] if layer.flip else layer.weight
    bias = np.zeros(sizes.outputs, np.float32) if layer.offsets is None else layer.offsets
    attributes: tuple[tuple[str, Attribute], ...] = (
        ("strides", tuple(sizes.stride)),
        ("dilations", tuple(sizes.dilation)),
        ("group", layer.groups),
        ("pads", (top, left, bottom, right)),
    )
    nodes.append(Node("Conv", attributes, (np.ascontiguousarray(weight), bias)))
    return tuple(nodes)


def _max_pool(layer: MaxPool2d, shape: Shape) -> tuple[Node, ...]:
    if layer.ceil_mode:
        return ()
    dilations = pair(layer.dilation, "dilation")
    return (Node("MaxPool", (*windows_of(layer), ("dilations", dilations))),)


def _avg_pool(layer: AvgPool2d, shape: Shape) -> tuple[Node, ...]:
    if layer.ceil_mode:
        return ()
    counts = ("count_include_pad", int(layer.count_include_pad))
    return (Node("AveragePool", (*windows_of(layer), counts)),)


def windows_of(layer: MaxPool2d | AvgPool2d) -> tuple[tuple[str, Attribute], ...]:
    """Return a pooling's windows as attributes."""
    kernel = pair(layer.kernel_size, "kernel_size")
    strides = kernel if layer.stride is None else pair(layer.stride, "stride")
    sides = _two(layer.padding)
    return ("kernel_shape", kernel), ("strides", strides), ("pads", (*sides, *sides))


def _two(sides: int | Sequence[int]) -> Pair:
    return pair(sides, "padding", 0)


def _batch_norm(layer: BatchNorm2d, shape: Shape) -> tuple[Node, ...]:
    arrays = layer.weight, layer.bias, layer.running_mean, layer.running_var
    return (Node("BatchNormalization", (("epsilon", layer.eps),), arrays),)


def _linear(layer: Linear, shape: Shape) -> tuple[Node, ...]:
    bias = np.zeros(layer.out_features, np.float32) if layer.offsets is None else layer.offsets
    return (Node("Gemm", (("transB", 1),), (layer.weight, bias)),)


def _leaky_relu(layer: LeakyReLU, shape: Shape) -> tuple[Node, ...]:
    return (Node("LeakyRelu", (("alpha", layer.negative_slope),)),)


def _relu6(layer: ReLU6, shape: Shape) -> tuple[Node, ...]:
    return (Node("Clip", (), (np.array(0, np.float32), np.array(6, np.float32))),)


def _plain(operation: str, *attributes: tuple[str, Attribute]) -> _Maker:
    return lambda layer, shape: (Node(operation, attributes),)


# By the very class: what is derived from it may compute something else.
_MAKERS: dict[type[Layer], _Maker] = {
    Abs: _plain("Abs"),
    AvgPool2d: _avg_pool,
    BatchNorm2d: _batch_norm,
    Conv2d: _conv,
    Dropout: _plain("Identity"),
    Flatten: _plain("Flatten", ("axis", 1)),
    LeakyReLU: _leaky_relu,
    Linear: _linear,
    MaxPool2d: _max_pool,
    ReLU: _plain("Relu"),
    ReLU6: _relu6,
    Sigmoid: _plain("Sigmoid"),
    Softmax: _plain("Softmax", ("axis", 1)),
    Tanh: _plain("Tanh"),
}
