"""A graph as a model of ONNX: what files are made of, and sessions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from convlab.engine.arrays import AnyArray
from convlab.layers.base import Layer, Shape
from convlab.layers.graph import INPUT, Graph, Node, called
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.networks.file_nodes import IR_VERSION, OPSET, file_nodes_of
from convlab.networks.foreign import OnnxNode
from convlab.networks.nodes import Node as Operation

if TYPE_CHECKING:
    import onnx

PICTURE = "x"
_MERGES: dict[type[Layer], str] = {Add: "Add", Subtract: "Sub", Multiply: "Mul"}

NameArrays: TypeAlias = Callable[[Node, Operation, int], Iterable[str]]
"""Returns what the arrays of one of a node's operations are called: the node, it, its place."""


class NoOperator(ValueError):
    """A node has no operator that computes the very same: the graph cannot run as a whole."""


@dataclass(frozen=True)
class Written:
    """A graph as a model.

    Attributes:
        model: It, without the arrays of its layers; its outputs are the wanted results.
        arrays: Those that are constants, by their names in the model.
        free: Those that enter with each run, of the node that is edited.
    """

    model: onnx.ModelProto
    arrays: dict[str, AnyArray] = field(default_factory=dict)
    free: dict[str, AnyArray] = field(default_factory=dict)

    def fill(self, apart: Collection[str] = ()) -> onnx.ModelProto:
        """Write the arrays into the model, and return it.

        Weights are written where they stay: each list that is made of them is a copy of them all.

        Args:
            apart: Names of arrays that it only mentions, as if they were in another file.
        """
        from onnx import TensorProto, helper

        tensors = self.model.graph.initializer
        for name, array in self.arrays.items():
            kind = helper.np_dtype_to_tensor_dtype(array.dtype)
            tensor = tensors.add(name=name, data_type=kind, dims=array.shape)
            if name in apart:
                tensor.data_location = TensorProto.EXTERNAL
                tensor.external_data.add(key="location", value="apart")
            else:
                little = array.astype(array.dtype.newbyteorder("<"), copy=False)
                tensor.raw_data = little.tobytes()
        return self.model


def by_uid(node: Node, operation: Operation, place: int) -> list[str]:
    """Name the arrays of an operation so that no two have one name."""
    return [f"w{node.uid}_{place}_{number}" for number in range(len(operation.arrays))]


def result_name(uid: int) -> str:
    """Return what the result of a node is called in a model that nobody reads."""
    return PICTURE if uid == INPUT else f"y{uid}"


def write(
    graph: Graph,
    shape: Shape,
    wanted: Sequence[int],
    *,
    edited: int | None = None,
    names: Mapping[int, str] = MappingProxyType({}),
    name_arrays: NameArrays = by_uid,
) -> Written:
    """Return a graph as a model.

    Args:
        graph: It.
        shape: Of its picture.
        wanted: uids of the nodes that are on whose results are the model's outputs.
        edited: uid of the node whose arrays are inputs of the model; None: all are constants.
        names: What results are called, by uid; those without are called by it.
        name_arrays: What the arrays of layers are called.

    Raises:
        NoOperator: A node has none; the message names it.
        ValueError: A layer does not fit.
    """
    return _Writer(graph, shape, edited, names, name_arrays).write(wanted)


class _Writer:
    def __init__(
        self,
        graph: Graph,
        shape: Shape,
        edited: int | None,
        names: Mapping[int, str],
        name_arrays: NameArrays,
    ) -> None:
        import onnx

        self._graph = graph
        self._names, self._name_arrays = names, name_arrays
        self._shapes = graph.shapes(shape)
        self._edited = edited
        self._found = Written(onnx.ModelProto(ir_version=IR_VERSION))
        self._nodes: list[onnx.NodeProto] = []

    def write(self, wanted: Sequence[int]) -> Written:
        """Return the model with some results as its outputs."""
        from onnx import TensorProto, helper

        for node in self._graph.active:
            try:
                with called(node):
                    self._add(node)
            except ValueError as error:
                raise NoOperator(str(error)) from None
        picture = (1, *self._shapes[INPUT])
        graph = self._found.model.graph
        graph.name = "network"
        graph.node.extend(self._nodes)
        graph.input.append(helper.make_tensor_value_info(PICTURE, TensorProto.FLOAT, picture))
        for name, array in self._found.free.items():
            kind = helper.np_dtype_to_tensor_dtype(array.dtype)
            graph.input.append(helper.make_tensor_value_info(name, kind, array.shape))
        for uid in wanted:
            info = helper.make_tensor_value_info(self._result(uid), TensorProto.FLOAT, None)
            graph.output.append(info)
        self._found.model.opset_import.append(helper.make_opsetid("", OPSET))
        return self._found

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
        steps = steps_of(node.layer, self._shapes[self._graph.sources(node)[0]])
        arrays = self._found.free if node.uid == self._edited else self._found.arrays
        for place, step in enumerate(steps):
            result = self._result(node.uid) if place == len(steps) - 1 else f"{node.uid}_{place}"
            named = dict(zip(self._name_arrays(node, step, place), step.arrays, strict=True))
            arrays.update(named)
            inputs = [before, *([given] if step.takes_input else []), *named]
            self._append(step.operation, inputs, result, **dict(step.attributes))
            before = result

    def _copy(self, node: Node, layer: OnnxNode, inputs: Sequence[str]) -> None:
        """Append an operation as it stands in its file."""
        if layer.opset != OPSET:
            raise NoOperator(f"{layer.operation} is of opset {layer.opset}, and not {OPSET}")
        names = {f"x{number}": name for number, name in enumerate(inputs)}
        names["y"] = self._result(node.uid)
        for constant in layer.proto.graph.initializer:
            names[constant.name] = f"w{node.uid}_{constant.name}"
            copy = self._found.model.graph.initializer.add()
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


def steps_of(layer: Layer, shape: Shape) -> tuple[Operation, ...]:
    """Return the operations of a layer, one after another.

    Args:
        layer: With one input.
        shape: Of that.

    Raises:
        ValueError: It has none; the message says why.
    """
    steps = file_nodes_of(layer, shape)
    if not steps:
        raise ValueError(f"{layer!r} has no operator of ONNX: choose another layer")
    return steps
