"""A graph as one model of ONNX, and the session that gives every wanted result at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from convlab.engine.algorithms.onnxruntime import session_options
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.buffers import empty
from convlab.layers import Conv2d
from convlab.layers.base import Layer, Shape
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.networks.file_nodes import IR_VERSION, OPSET, file_nodes_of
from convlab.networks.foreign import OnnxNode
from convlab.networks.nodes import Node as Operation

if TYPE_CHECKING:
    import onnx

PICTURE = "x"
_BLOCK = 16  # channels at the most that ONNX Runtime lays out together
_MERGES: dict[type[Layer], str] = {Add: "Add", Subtract: "Sub", Multiply: "Mul"}


class NoOperator(ValueError):
    """A node has no operator that computes the very same: the graph cannot run as a whole."""


@dataclass(frozen=True)
class Whole:
    """A graph as a model.

    Attributes:
        model: It; its outputs are the wanted results, in their order.
        free: Names of the arrays that enter with each run, those of the node that is edited.
    """

    model: onnx.ModelProto
    free: tuple[str, ...]
    wanted: tuple[int, ...]


def to_model(
    graph: Graph,
    shape: Shape,
    wanted: Sequence[int],
    edited: int | None = None,
    names: Mapping[int, str] = MappingProxyType({}),
) -> Whole:
    """Return a graph as a model.

    Args:
        graph: It.
        shape: Of its picture.
        wanted: uids of the nodes that are on whose results are the model's outputs.
        edited: uid of the node whose arrays are inputs of the model; None: all are constants.
        names: What results are called, by uid; those without are called by it.

    Raises:
        NoOperator: A node has none.
        ValueError: A layer does not fit.
    """
    return _Writer(graph, shape, edited, names).write(tuple(wanted))


class _Writer:
    def __init__(
        self, graph: Graph, shape: Shape, edited: int | None, names: Mapping[int, str]
    ) -> None:
        self._graph = graph
        self._names = names
        self._shapes = graph.shapes(shape)
        self._edited = edited
        import onnx

        # Weights are written where they stay: each list that is made of them is a copy of them all.
        self._model = onnx.ModelProto(ir_version=IR_VERSION)
        self._nodes: list[onnx.NodeProto] = []
        self._free: list[onnx.ValueInfoProto] = []

    def write(self, wanted: tuple[int, ...]) -> Whole:
        """Return the model with some results as its outputs."""
        from onnx import TensorProto, helper

        for node in self._graph.active:
            self._add(node)
        outputs = [
            helper.make_tensor_value_info(self._result(uid), TensorProto.FLOAT, None)
            for uid in wanted
        ]
        picture = helper.make_tensor_value_info(
            PICTURE, TensorProto.FLOAT, (1, *self._shapes[INPUT])
        )
        graph = self._model.graph
        graph.name = "network"
        graph.node.extend(self._nodes)
        graph.input.extend([picture, *self._free])
        graph.output.extend(outputs)
        self._model.opset_import.append(helper.make_opsetid("", OPSET))
        return Whole(self._model, tuple(each.name for each in self._free), wanted)

    def _result(self, uid: int) -> str:
        return self._names.get(uid) or result_name(uid)

    def _add(self, node: Node) -> None:
        layer, inputs = node.layer, [self._result(uid) for uid in self._graph.sources(node)]
        if isinstance(layer, OnnxNode):
            self._copy(node, layer, inputs)
        elif isinstance(layer, Concat):
            self._append("Concat", inputs, self._result(node.uid), axis=1)
        elif type(layer) in _MERGES:
            self._fold(_MERGES[type(layer)], inputs, node.uid)
        else:
            self._chain(node, inputs[0])

    def _fold(self, operation: str, inputs: Sequence[str], uid: int) -> None:
        """Combine two at a time; a single one is what it is."""
        before, *others = inputs
        if not others:
            self._append("Identity", [before], self._result(uid))
        for number, other in enumerate(others, 1):
            result = self._result(uid) if number == len(others) else f"{self._result(uid)}_{number}"
            self._append(operation, [before, other], result)
            before = result

    def _chain(self, node: Node, before: str) -> None:
        """Append the operations of a layer with one input."""
        given = before
        steps = _steps(node.layer, self._shapes[self._graph.sources(node)[0]])
        for place, step in enumerate(steps):
            result = self._result(node.uid) if place == len(steps) - 1 else f"{node.uid}_{place}"
            names = [before, given] if step.takes_input else [before]
            for number, array in enumerate(step.arrays):
                names.append(self._array(node, f"w{node.uid}_{place}_{number}", array))
            self._append(step.operation, names, result, **dict(step.attributes))
            before = result

    def _array(self, node: Node, name: str, array: AnyArray) -> str:
        """Give an array a name in the model, as a constant or as an input."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        if node.uid == self._edited:
            self._free.append(helper.make_tensor_value_info(name, kind, array.shape))
        else:
            little = array.astype(array.dtype.newbyteorder("<"), copy=False)
            self._model.graph.initializer.add(
                name=name, data_type=kind, dims=array.shape, raw_data=little.tobytes()
            )
        return name

    def _copy(self, node: Node, layer: OnnxNode, inputs: Sequence[str]) -> None:
        """Append an operation as it stands in its file."""
        if layer.opset != OPSET:
            raise NoOperator(f"{layer.operation} is of opset {layer.opset}, and not {OPSET}")
        names = {f"x{number}": name for number, name in enumerate(inputs)}
        names["y"] = self._result(node.uid)
        for constant in layer.proto.graph.initializer:
            names[constant.name] = f"w{node.uid}_{constant.name}"
            copy = self._model.graph.initializer.add()
            copy.CopyFrom(constant)
            copy.name = names[constant.name]
        for operation in layer.proto.graph.node:
            whole = type(operation)()
            whole.CopyFrom(operation)
            for name in whole.output:
                names.setdefault(name, name and f"w{node.uid}_{name}")
            whole.input[:] = [names.get(name, "") for name in whole.input]
            whole.output[:] = [names[name] for name in whole.output]
            self._nodes.append(whole)

    def _append(self, operation: str, inputs: Sequence[str], result: str, **rest: Any) -> None:
        from onnx import helper

        self._nodes.append(helper.make_node(operation, inputs, [result], **rest))


class WholeSession:
    """Runs a graph as a whole, again and again; it ends, and its threads with it, when let go.

    Args:
        graph: It.
        shape: Of its picture.
        wanted: uids of the nodes whose results are wanted.
        edited: uid of the node whose arrays enter with each run.

    Raises:
        NoOperator: A node has no operator.
    """

    def __init__(
        self,
        graph: Graph,
        shape: Shape,
        wanted: Sequence[int],
        edited: int | None = None,
    ) -> None:
        import onnxruntime

        whole = to_model(graph, shape, wanted, edited)
        self.wanted, self.free = whole.wanted, whole.free
        shapes = graph.shapes(shape)
        options, levels = session_options(), onnxruntime.GraphOptimizationLevel
        # All of it lays channels out in blocks: many are convolved faster, few slower.
        level = levels.ORT_ENABLE_ALL if _is_deep(graph, shapes) else levels.ORT_ENABLE_BASIC
        options.graph_optimization_level = level
        data = whole.model.SerializeToString()
        del whole  # as large as all weights, of which the session makes two copies
        self._session = onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"]
        )
        self._edited = edited
        self._before = () if edited is None else _before(graph, shapes, edited)
        self._shapes = [_model_shape(graph, uid, shapes[uid]) for uid in self.wanted]
        self._lacks_batch = [not _has_batch(graph, uid) for uid in self.wanted]

    def run(self, x: FloatArray, graph: Graph) -> dict[int, FloatArray]:
        """Return the wanted results by uid, read-only arrays that nobody else holds.

        Args:
            x: The picture, float32.
            graph: As that of which it was made, but for the arrays of the edited node.
        """
        free = () if self._edited is None else _arrays(graph[self._edited].layer, self._before)
        binding = self._session.io_binding()
        # What is bound must live until the run has ended; results are written where they stay.
        inputs = [np.ascontiguousarray(x)[np.newaxis], *free]
        for name, array in zip((PICTURE, *self.free), inputs, strict=True):
            binding.bind_cpu_input(name, array)
        results = [empty(shape) for shape in self._shapes]
        for uid, result in zip(self.wanted, results, strict=True):
            address = result.ctypes.data
            binding.bind_output(result_name(uid), "cpu", 0, np.float32, result.shape, address)
        self._session.run_with_iobinding(binding)
        return {
            uid: frozen(result if is_bare else result[0])
            for uid, result, is_bare in zip(self.wanted, results, self._lacks_batch, strict=True)
        }


def free_kinds(graph: Graph, shape: Shape, uid: int) -> object:
    """Return what a session must know of an edited node, by equality: all but its numbers."""
    layer, before = graph[uid].layer, _before(graph, graph.shapes(shape), uid)
    return [
        (step.operation, step.attributes, [(a.dtype, a.shape) for a in step.arrays])
        for step in _steps(layer, before)
    ]


def _arrays(layer: Layer, shape: Shape) -> tuple[AnyArray, ...]:
    return tuple(
        np.ascontiguousarray(array) for step in _steps(layer, shape) for array in step.arrays
    )


def _before(graph: Graph, shapes: Mapping[int, Shape], uid: int) -> Shape:
    """Return the shape of what a node takes first."""
    return shapes[graph.sources(graph[uid])[0]]


def _is_deep(graph: Graph, shapes: Mapping[int, Shape]) -> bool:
    """Tell whether most products of its convolutions are of many channels.

    A network of 144 nodes took 48 ms with rows of channels and 31 with blocks, a stack of 3, 8 and
    16 channels 14 and 20.
    """
    many = all_ = 0
    for node in graph.active:
        if isinstance(node.layer, Conv2d):
            products = node.layer.cost(_before(graph, shapes, node.uid)).multiply_adds
            all_ += products
            many += products if node.layer.in_channels >= _BLOCK else 0
    return 2 * many > all_


def _has_batch(graph: Graph, uid: int) -> bool:
    layer = graph[uid].layer
    return layer.gives_batch if isinstance(layer, OnnxNode) else True


def _model_shape(graph: Graph, uid: int, shape: Shape) -> Shape:
    return (1, *shape) if _has_batch(graph, uid) else shape


def _steps(layer: Layer, shape: Shape) -> tuple[Operation, ...]:
    """Return the operations of a layer.

    Raises:
        NoOperator: It has none.
    """
    try:
        steps = file_nodes_of(layer, shape)
    except ValueError as error:
        raise NoOperator(str(error)) from None
    if not steps:
        raise NoOperator(f"{layer!r} has no operator of ONNX")
    return steps


def result_name(uid: int) -> str:
    """Return what the result of a node is called in a model that nobody reads."""
    return PICTURE if uid == INPUT else f"y{uid}"
