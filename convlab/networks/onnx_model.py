"""A stack as a model of ONNX, which other programs run, with its weights inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.layers import Conv2d, Layer, Stack
from convlab.layers.base import Shape
from convlab.layers.graph import Graph, Node
from convlab.layers.parameters import arrays
from convlab.networks.file_nodes import depends_on_size
from convlab.networks.nodes import Node as Operation
from convlab.networks.written import PICTURE, Written, write

_MOST_SIDE = 1024  # of the sizes that are tried [px]
_USUAL_CHANNELS = 3


class PictureSize(NamedTuple):
    """What pictures a stack takes.

    Attributes:
        shape: ``(C, H, W)`` of one.
        is_free: Height and width may be others.
    """

    shape: Shape
    is_free: bool


def picture_size(stack: Stack) -> PictureSize:
    """Return what pictures a stack takes, squares if there is a choice.

    Raises:
        ValueError: If none is found, or one size has to be chosen.
    """
    known = (getattr(layer, layer.channels_field) for layer in stack if layer.channels_field)
    channels = next(known, _USUAL_CHANNELS)
    fitting = (n for n in range(1, _MOST_SIDE) if _fits(stack, (channels, n, n)))
    side = next(fitting, 0)
    # A fully connected layer takes what few sizes become.
    is_free = _fits(stack, (channels, _MOST_SIDE, _MOST_SIDE))
    if not side or (is_free and any(map(depends_on_size, stack))):
        raise ValueError("its input's size does not follow from its layers: give shape=(C, H, W)")
    return PictureSize((channels, side, side), is_free)


def _fits(stack: Stack, shape: Shape) -> bool:
    try:
        stack.shapes(shape)
    except ValueError:
        return False
    return True


def as_exported(stack: Stack) -> Stack:
    """Return the stack as files have it: the same numbers, no kernel flipped by the layer."""
    return Stack(_unflipped(layer) for layer in stack)


def _unflipped(layer: Layer) -> Layer:
    if not isinstance(layer, Conv2d) or not layer.flip:
        return layer
    return dataclasses.replace(layer, flip=False, weight=layer.weight[..., ::-1, ::-1].copy())


def model_of(stack: Stack, size: PictureSize, notes: dict[str, str]) -> bytes:
    """Return a model with one input "x", a batch of pictures, and one output "y".

    Args:
        stack: As ``as_exported`` gives it.
        size: What pictures it takes.
        notes: What the model is to say of itself.

    Raises:
        ValueError: If a layer has no operators; the message names it.
        ImportError: If the package ``onnx`` is not installed.
    """
    from onnx import helper

    model = _written(stack, size.shape).fill()
    last = (size.shape, *stack.shapes(size.shape))[-1]
    for info, shape in ((model.graph.input[0], size.shape), (model.graph.output[0], last)):
        sizes = info.type.tensor_type.shape
        sizes.ClearField("dim")
        for side in _dimensions(info.name, shape, size):
            sizes.dim.add(**{"dim_value" if isinstance(side, int) else "dim_param": side})
    helper.set_model_props(model, notes)
    found: bytes = model.SerializeToString()
    return found


def operations_of(stack: Stack, shape: Shape) -> list[str]:
    """Return the operators of a stack's model, in order.

    Raises:
        ValueError: If a layer does not fit, or has no operators; the message names it.
    """
    return [node.op_type for node in _written(stack, shape).model.graph.node]


def _written(stack: Stack, shape: Shape) -> Written:
    """Return a stack as a model whose arrays are called as in a state_dict of PyTorch's."""
    from onnx import TensorProto, helper

    nodes = (Node(n, layer, (n - 1,), name=f"layer {n}") for n, layer in enumerate(stack, 1))
    graph = Graph(nodes)
    names = {node.uid: f"{node.uid - 1}" for node in graph}
    written = write(graph, shape, (), names=names, name_arrays=_array_names)
    before = names.get(graph.last, PICTURE)
    written.model.graph.node.append(helper.make_node("Identity", [before], ["y"]))
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ())
    written.model.graph.output.append(y)
    return written


def _dimensions(name: str, shape: Shape, size: PictureSize) -> list[int | str]:
    """Return the sizes of a batch; those that may be others have names."""
    sides = shape[1:]
    if size.is_free and sides:
        return ["batch", shape[0], f"{name}_height", f"{name}_width"]
    return ["batch", *shape]


def _array_names(node: Node, operation: Operation, place: int) -> Iterator[str]:
    """Give the name of each array of a node: that of the layer's field where it is one of those."""
    layer, prefix = node.layer, node.uid - 1
    fields = [name for name in arrays(type(layer)) if getattr(layer, name) is not None]
    for number, array in enumerate(operation.arrays):
        same = (name for name in fields if _is_same(array, getattr(layer, name)))
        name = next(same, None)
        if name is not None:
            fields.remove(name)
        yield f"{prefix}.{name or f'constant_{place}_{number}'}"


def _is_same(array: AnyArray, field: AnyArray) -> bool:
    return array.size == field.size and np.array_equal(array.ravel(), field.ravel())
