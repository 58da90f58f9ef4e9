"""Layers as nodes of ONNX in files: more of them than sessions run, and of newer operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from convlab.engine.border import Border
from convlab.engine.shapes import pair
from convlab.engine.upsample import Upsampling
from convlab.layers import (
    GELU,
    AdaptiveAvgPool2d,
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    GlobalAvgPool2d,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Layer,
    LayerNorm2d,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    SiLU,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.base import Shape
from convlab.layers.channels import Affine, ChannelSlice
from convlab.networks.nodes import Node, nodes_of, windows_of

OPSET, IR_VERSION = 21, 10
"""Of the newest operator here, GroupNormalization; ONNX Runtime has them since 1.20."""


def file_nodes_of(layer: Layer, shape: Shape) -> tuple[Node, ...]:
    """Return what computes a layer's result.

    Args:
        layer: Any.
        shape: Of its input, ``(C, H, W)`` or ``(F,)``, which fits. The nodes take a batch.

    Raises:
        ValueError: If there are no such operators; the message says what would help.
    """
    make = _MAKERS.get(type(layer))
    return nodes_of(layer, shape) if make is None else make(layer, shape)


def depends_on_size(layer: Layer) -> bool:
    """Tell whether a layer's nodes are made for one size of its input."""
    return isinstance(layer, AdaptiveAvgPool2d) and pair(layer.output_size, "output_size") != (1, 1)


def _conv(layer: Conv2d, shape: Shape) -> tuple[Node, ...]:
    if layer.border == Border.CIRCULAR:
        raise ValueError("its border circular has no operator: choose zeros, replicate or reflect")
    *before, node = nodes_of(layer, shape)
    return *before, node if layer.offsets is not None else node._replace(arrays=node.arrays[:1])


def _conv_transpose(layer: ConvTranspose2d, shape: Shape) -> tuple[Node, ...]:
    sides = pair(layer.padding, "padding", 0)
    attributes = (
        ("strides", pair(layer.stride, "stride")),
        ("dilations", pair(layer.dilation, "dilation")),
        ("pads", (*sides, *sides)),
        ("output_padding", pair(layer.output_padding, "output_padding", 0)),
        ("group", layer.groups),
    )
    bias = () if layer.offsets is None else (layer.offsets,)
    return (Node("ConvTranspose", attributes, (layer.weight, *bias)),)


def _pool(layer: MaxPool2d | AvgPool2d, shape: Shape) -> tuple[Node, ...]:
    if not layer.ceil_mode:
        return nodes_of(layer, shape)
    if isinstance(layer, AvgPool2d):
        raise ValueError("ceil_mode is rounded differently by others: choose ceil_mode=False")
    dilations = ("dilations", pair(layer.dilation, "dilation"))
    return (Node("MaxPool", (*windows_of(layer), dilations, ("ceil_mode", 1))),)


def _adaptive_pool(layer: AdaptiveAvgPool2d, shape: Shape) -> tuple[Node, ...]:
    rows, columns = pair(layer.output_size, "output_size")
    if (rows, columns) == (1, 1):
        return (Node("GlobalAveragePool"),)
    if shape[1] % rows or shape[2] % columns:
        raise ValueError(
            f"an output of {rows} × {columns} of {shape[1]} × {shape[2]} pixels has no operator: "
            "choose an output that divides the size"
        )
    size = shape[1] // rows, shape[2] // columns
    return (Node("AveragePool", (("kernel_shape", size), ("strides", size))),)


def _upsample(layer: Upsample, shape: Shape) -> tuple[Node, ...]:
    factors = np.array([1, 1, *pair(layer.scale_factor, "scale_factor")], np.float32)
    if layer.mode == Upsampling.NEAREST:
        how = ("nearest", "asymmetric")
    else:
        how = ("linear", "align_corners" if layer.align_corners else "half_pixel")
    attributes = (
        ("mode", how[0]),
        ("coordinate_transformation_mode", how[1]),
        ("nearest_mode", "floor"),
    )
    return (Node("Resize", attributes, (np.zeros(0, np.float32), factors)),)


def _prelu(layer: PReLU, shape: Shape) -> tuple[Node, ...]:
    slopes = layer.weight[:, None, None] if len(shape) == 3 else layer.weight
    return (Node("PRelu", (), (slopes,)),)


def _group_norm(layer: GroupNorm, shape: Shape) -> tuple[Node, ...]:
    attributes = (("num_groups", layer.num_groups), ("epsilon", layer.eps))
    return (Node("GroupNormalization", attributes, (layer.weight, layer.bias)),)


def _layer_norm(layer: LayerNorm2d, shape: Shape) -> tuple[Node, ...]:
    attributes = (("axis", -1), ("epsilon", layer.eps))
    return (
        Node("Transpose", (("perm", (0, 2, 3, 1)),)),
        Node("LayerNormalization", attributes, (layer.weight, layer.bias)),
        Node("Transpose", (("perm", (0, 3, 1, 2)),)),
    )


def _response_norm(layer: LocalResponseNorm, shape: Shape) -> tuple[Node, ...]:
    if layer.size % 2 == 0:
        raise ValueError(f"its size {layer.size} is even, which has no operator: choose an odd one")
    attributes = (
        ("size", layer.size),
        ("alpha", float(layer.alpha)),
        ("beta", float(layer.beta)),
        ("bias", float(layer.k)),
    )
    return (Node("LRN", attributes),)


def _zero_pad(layer: ZeroPad2d, shape: Shape) -> tuple[Node, ...]:
    top, bottom, left, right = layer.sides
    sides = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
    return (Node("Pad", (("mode", "constant"),), (sides, np.array(0, np.float32))),)


def _pixel_shuffle(layer: PixelShuffle, shape: Shape) -> tuple[Node, ...]:
    return (Node("DepthToSpace", (("blocksize", layer.upscale_factor), ("mode", "CRD"))),)


def _affine(layer: Affine, shape: Shape) -> tuple[Node, ...]:
    spread = (-1, 1, 1) if len(shape) == 3 else (-1,)
    weight, bias = layer.weight.reshape(spread), layer.bias.reshape(spread)
    return Node("Mul", (), (weight,)), Node("Add", (), (bias,))


def _slice(layer: ChannelSlice, shape: Shape) -> tuple[Node, ...]:
    numbers = (layer.start, layer.stop, 1, layer.step)  # of the axis behind the batch
    return (Node("Slice", (), tuple(np.array([number], np.int64) for number in numbers)),)


_MAKERS: dict[type[Layer], Callable[[Any, Shape], tuple[Node, ...]]] = {
    Conv2d: _conv,
    ConvTranspose2d: _conv_transpose,
    MaxPool2d: _pool,
    AvgPool2d: _pool,
    Affine: _affine,
    ChannelSlice: _slice,
    GlobalAvgPool2d: lambda layer, shape: (Node("GlobalAveragePool"),),
    AdaptiveAvgPool2d: _adaptive_pool,
    Upsample: _upsample,
    PReLU: _prelu,
    GroupNorm: _group_norm,
    LayerNorm2d: _layer_norm,
    LocalResponseNorm: _response_norm,
    ZeroPad2d: _zero_pad,
    PixelShuffle: _pixel_shuffle,
    HardSigmoid: lambda layer, shape: (Node("HardSigmoid", (("alpha", 1 / 6), ("beta", 0.5))),),
    HardSwish: lambda layer, shape: (Node("HardSwish"),),
    SiLU: lambda layer, shape: (Node("Sigmoid"), Node("Mul", takes_input=True)),
    GELU: lambda layer, shape: (Node("Gelu", (("approximate", layer.approximate),)),),
}
