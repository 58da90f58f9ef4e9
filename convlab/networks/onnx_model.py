"""A stack as a model of ONNX, which other programs run, with its weights inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.layers import Conv2d, Layer, Stack
from convlab.layers.base import Shape
from convlab.layers.parameters import arrays
from convlab.layers.stack import named
from convlab.networks.file_nodes import IR_VERSION, OPSET, depends_on_size, file_nodes_of
from convlab.networks.nodes import Node

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


def nodes_by_layer(stack: Stack, shape: Shape) -> list[tuple[Node, ...]]:
    """Return the nodes of each layer.

    Raises:
        ValueError: If a layer does not fit, or has no operators; the message names it.
    """
    before = [shape, *stack.shapes(shape)]
    found = []
    for number, (layer, given) in enumerate(zip(stack, before, strict=False), 1):
        with named(number, layer):
            found.append(file_nodes_of(layer, given))
    return found


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
    from onnx import TensorProto, helper, numpy_helper

    nodes, tensors, before = [], [], "x"
    for number, (layer, made) in enumerate(
        zip(stack, nodes_by_layer(stack, size.shape), strict=True)
    ):
        given = before
        for place, node in enumerate(made):
            names = [f"{number}.{name}" for name in array_names(layer, node, place)]
            tensors += [
                numpy_helper.from_array(np.ascontiguousarray(array), name)
                for name, array in zip(names, node.arrays, strict=True)
            ]
            result = f"{number}.{place}"
            inputs = [before, *([given] if node.takes_input else []), *names]
            attributes: dict[str, Any] = dict(node.attributes)
            nodes.append(helper.make_node(node.operation, inputs, [result], **attributes))
            before = result
    nodes.append(helper.make_node("Identity", [before], ["y"]))
    last = (size.shape, *stack.shapes(size.shape))[-1]
    x, y = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, _dimensions(name, shape, size))
        for name, shape in (("x", size.shape), ("y", last))
    )
    graph = helper.make_graph(nodes, "stack", [x], [y], tensors)
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    helper.set_model_props(model, notes)
    found: bytes = model.SerializeToString()
    return found


def _dimensions(name: str, shape: Shape, size: PictureSize) -> list[int | str]:
    """Return the sizes of a batch; those that may be others have names."""
    sides = shape[1:]
    if size.is_free and sides:
        return ["batch", shape[0], f"{name}_height", f"{name}_width"]
    return ["batch", *shape]


def operations_of(stack: Stack, shape: Shape) -> list[str]:
    """Return the operators of a stack's model, in order."""
    made = nodes_by_layer(stack, shape)
    return [*(node.operation for layer in made for node in layer), "Identity"]


def array_names(layer: Layer, node: Node, place: int) -> Iterator[str]:
    """Give the name of each array of a node: that of the layer's field where it is one of those."""
    fields = [name for name in arrays(type(layer)) if getattr(layer, name) is not None]
    for number, array in enumerate(node.arrays):
        same = (name for name in fields if _is_same(array, getattr(layer, name)))
        name = next(same, None)
        if name is not None:
            fields.remove(name)
        yield name or f"constant_{place}_{number}"


def _is_same(array: AnyArray, field: AnyArray) -> bool:
    return array.size == field.size and np.array_equal(array.ravel(), field.ravel())
