"""What a model of ONNX may be: checked by what it says of itself, before anything is made of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import onnx

    Key: TypeAlias = tuple[str, str, str]

MOST_NODES = 2000
MOST_TENSORS = 20_000  # and names of inputs, of all nodes together
_DEEPEST = 100  # calls of functions in each other
MOST_NUMBERS = 1 << 20  # of all attributes together
LARGEST = 512 << 20  # of all weights as float32 [bytes]
LEAST_OPSET = 7
AGAIN = "export it again as ONNX, opset 17"
_STANDARD = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
_FLOAT32 = "export it again with float32 numbers, not quantised"
_DAMAGED = "it is damaged or cut off, so take a fresh copy"


class BuildError(ValueError):
    """A model cannot become a graph; the message names the node and says what helps."""


class NodeError(ValueError):
    """A node cannot be read; the message says what helps, and has yet to name the node."""


def check_model(model: onnx.ModelProto, most_bytes: int = LARGEST) -> None:
    """Reject a model that cannot become a graph, or should not be tried.

    Args:
        model: It; nothing of it is believed yet.
        most_bytes: What all weights may take as float32.

    Raises:
        BuildError: With what is wrong, the node and the operation where there is one, and what
            helps.
    """
    _check_opset(model)
    graph = model.graph
    functions = {_key(each): each for each in model.functions}
    if len(functions) > MOST_NODES or len(graph.node) > MOST_NODES:
        raise _too_many(len(graph.node))
    count = _Counter(functions).nodes(graph.node)
    if count > MOST_NODES:
        raise _too_many(count)
    _check_counts(model)
    _check_texts(model)
    for node in nodes_of(model):
        _check_node(node, functions)
    if graph.sparse_initializer:
        name = graph.sparse_initializer[0].values.name
        raise BuildError(f"its weights {name[:80]!r} are sparse: export it with dense ones")
    _check_names(graph)
    _check_tensors(model, most_bytes)


def nodes_of(model: onnx.ModelProto) -> Iterator[onnx.NodeProto]:
    """Give all nodes, those of functions too."""
    yield from model.graph.node
    for function in model.functions:
        yield from function.node


def tensors_of(model: onnx.ModelProto) -> Iterator[onnx.TensorProto]:
    """Give all arrays of a model without subgraphs: its weights, and those of attributes."""
    yield from model.graph.initializer
    for node in nodes_of(model):
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def bytes_of(tensor: onnx.TensorProto) -> int:
    """Return how many bytes the numbers of a tensor take, as they are stored.

    Raises:
        BuildError: They are no plain numbers.
    """
    return _count(tensor) * _stored_size(tensor)


def name_of(node: onnx.NodeProto) -> str:
    """Return what a message calls a node: its name, or that of its first result."""
    return (node.name or next(iter(node.output), ""))[:80]


def at(node: onnx.NodeProto, what: str) -> BuildError:
    """Return an error about a node."""
    return BuildError(f"node {name_of(node)!r} ({node.op_type[:40]}): {what}")


def too_heavy(most_bytes: int) -> BuildError:
    """Return an error about all weights together."""
    return BuildError(f"it has more than {most_bytes >> 20} MB of weights: take a smaller network")


def _check_opset(model: onnx.ModelProto) -> None:
    from onnx import defs

    versions = [each.version for each in model.opset_import if each.domain in ("", "ai.onnx")]
    newest = defs.onnx_opset_version()
    if not versions:
        raise BuildError(f"it does not say of which version its operators are: {AGAIN}")
    if not LEAST_OPSET <= versions[0] <= newest:
        raise BuildError(
            f"its operators are of version {versions[0]}, and those of {LEAST_OPSET} to {newest} "
            f"are known: {AGAIN}"
        )


def _too_many(count: int) -> BuildError:
    return BuildError(f"it has {count} nodes, and {MOST_NODES} are the most: take a smaller one")


def _key(function: onnx.FunctionProto) -> Key:
    return function.domain, function.name, function.overload


class _Counter:
    """Counts nodes as they will be once each function stands where it is called."""

    def __init__(self, functions: dict[Key, onnx.FunctionProto]) -> None:
        self._functions = functions
        self._known: dict[Key, int] = {}
        self._open: set[Key] = set()

    def nodes(self, nodes: Sequence[onnx.NodeProto]) -> int:
        """Return how many there are.

        Raises:
            BuildError: There would be no end.
        """
        return sum(self._of(node) for node in nodes)

    def _of(self, node: onnx.NodeProto) -> int:
        key = node.domain, node.op_type, node.overload
        if key not in self._functions:
            return 1
        if key in self._open:
            raise at(node, f"its function calls itself: {AGAIN}")
        if key not in self._known:
            self._open.add(key)
            if len(self._open) > _DEEPEST:
                raise at(node, f"its functions call each other too deeply: {AGAIN}")
            self._known[key] = self.nodes(self._functions[key].node)
            self._open.remove(key)
        return self._known[key]


def _check_counts(model: onnx.ModelProto) -> None:
    """Reject lists that are far too long for any network."""
    graph = model.graph
    names = sum(len(node.input) + len(node.output) for node in nodes_of(model))
    tensors = len(graph.initializer) + len(graph.input) + len(graph.output)
    if max(names, tensors, len(graph.sparse_initializer)) > MOST_TENSORS:
        raise BuildError(
            f"it has {max(names, tensors)} names of tensors, and {MOST_TENSORS} are the most: "
            "take a smaller one"
        )
    numbers = sum(
        len(each.ints) + len(each.floats) + len(each.strings)
        for node in nodes_of(model)
        for each in node.attribute
    )
    if numbers > MOST_NUMBERS:
        raise BuildError(f"its attributes hold {numbers} numbers: take a smaller one")


def _check_texts(model: onnx.ModelProto) -> None:
    """Reject names that are no UTF-8: they are read as bytes, which are no names elsewhere."""
    graph = model.graph
    names = [each.name for each in (*graph.initializer, *graph.input, *graph.output)]
    for node in nodes_of(model):
        names += [node.name, node.op_type, node.domain, node.overload, *node.input, *node.output]
        names += [attribute.name for attribute in node.attribute]
    for function in model.functions:
        names += [*_key(function), *function.input, *function.output]
    damaged = [name for name in names if not isinstance(name, str)]
    if damaged:
        raise BuildError(f"its name {damaged[0][:40]!r} is no text: {_DAMAGED}")


def _check_node(node: onnx.NodeProto, functions: dict[Key, onnx.FunctionProto]) -> None:
    for each in node.attribute:
        if each.HasField("g") or each.graphs:
            raise at(node, "it decides while it runs: export the network with a fixed size")
        if each.HasField("sparse_tensor") or each.sparse_tensors:
            raise at(node, "its numbers are sparse: export it with dense ones")
    is_known = node.domain in _STANDARD or (node.domain, node.op_type, node.overload) in functions
    if not is_known:
        raise at(
            node,
            f"its operation is of {node.domain[:40]!r}, which nobody knows here: "
            "export the network with operations of ONNX alone",
        )


def _check_names(graph: onnx.GraphProto) -> None:
    """Reject results that are given twice, and inputs that come from nowhere or from behind."""
    makers = {name: node for node in graph.node for name in node.output if name}
    known = {""}
    for given in (*graph.initializer, *graph.input):
        known.add(given.name)
    if len({each.name for each in graph.initializer}) < len(graph.initializer):
        raise BuildError(f"two of its weights have one name: {AGAIN}")
    for node in graph.node:
        for name in node.input:
            if name in known:
                continue
            if name in makers:
                raise at(
                    node,
                    f"it takes {name[:80]!r}, which only node {name_of(makers[name])!r} behind it "
                    f"makes: {AGAIN}",
                )
            raise at(node, f"its input {name[:80]!r} is made by no node before it: {AGAIN}")
        for name in filter(None, node.output):
            if name in known:
                raise at(node, f"another one gives a result {name[:80]!r}, too: {AGAIN}")
            known.add(name)


def _check_tensors(model: onnx.ModelProto, most_bytes: int) -> None:
    """Reject weights that are no plain numbers, not all there, or too many.

    Raises:
        BuildError: With both figures.
    """
    total = 0
    for tensor in tensors_of(model):
        count = _count(tensor)
        size = _stored_size(tensor)
        total += count * max(size, 4)
        if total > most_bytes:
            raise too_heavy(most_bytes)
        if tensor.data_location != tensor.EXTERNAL:
            _check_data(tensor, count, size)


def _count(tensor: onnx.TensorProto) -> int:
    if min(tensor.dims, default=0) < 0:
        raise BuildError(f"its weights {_called(tensor)} have a negative size: {_DAMAGED}")
    return math.prod(tensor.dims)


def _stored_size(tensor: onnx.TensorProto) -> int:
    """Return how many bytes one number of a tensor takes.

    Raises:
        BuildError: It holds others than plain numbers.
    """
    from onnx import TensorProto

    sizes: dict[int, int] = {
        TensorProto.BOOL: 1,
        TensorProto.INT8: 1,
        TensorProto.UINT8: 1,
        TensorProto.INT16: 2,
        TensorProto.UINT16: 2,
        TensorProto.FLOAT16: 2,
        TensorProto.BFLOAT16: 2,
        TensorProto.FLOAT: 4,
        TensorProto.INT32: 4,
        TensorProto.UINT32: 4,
        TensorProto.DOUBLE: 8,
        TensorProto.INT64: 8,
        TensorProto.UINT64: 8,
    }
    if tensor.data_type in sizes:
        return sizes[tensor.data_type]
    if tensor.data_type == TensorProto.STRING:
        raise BuildError(
            f"its weights {_called(tensor)} are texts: export it without what reads or writes words"
        )
    known = {kind: name.lower() for name, kind in TensorProto.DataType.items() if kind}
    kind = known.get(tensor.data_type, "no known kind")
    raise BuildError(f"its weights {_called(tensor)} are numbers of {kind}: {_FLOAT32}")


def _check_data(tensor: onnx.TensorProto, count: int, size: int) -> None:
    """Reject a tensor with more or fewer numbers than it says."""
    if tensor.HasField("segment"):
        raise BuildError(f"its weights {_called(tensor)} are in several pieces: {AGAIN}")
    if tensor.HasField("raw_data"):
        found = len(tensor.raw_data) / size
    else:
        fields = (tensor.float_data, tensor.int32_data, tensor.int64_data)
        found = sum(map(len, (*fields, tensor.double_data, tensor.uint64_data)))
    if found != count:
        raise BuildError(
            f"its weights {_called(tensor)} should be {count} numbers and are {found:g}: {_DAMAGED}"
        )


def _called(tensor: onnx.TensorProto) -> str:
    return repr(tensor.name[:80])
