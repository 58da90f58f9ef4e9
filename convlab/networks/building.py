"""From a model of ONNX to a graph of layers.

Each tensor of the model is either known without the picture, and folded, or a value of the graph. A
value has no batch axis, and always its channels first: how the model lays it out is remembered, so
that a transposition that only reorders axes costs nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.errors import counted
from convlab.layers.base import ChannelLayer, Layer, Shape, WeightedLayer
from convlab.layers.graph import INPUT, Graph, Node
from convlab.layers.memory import largest_allowed
from convlab.networks.bounds import (
    AGAIN,
    LARGEST,
    BuildError,
    NodeError,
    at,
    check_model,
    name_of,
    too_heavy,
)
from convlab.networks.call import Call, Layout, NotOurs, Value
from convlab.networks.constants import fold
from convlab.networks.file_facts import NO_FACTS, FileFacts, facts_of
from convlab.networks.foreign import OnnxNode
from convlab.networks.foreign_models import laying_out, single_node
from convlab.networks.operators import READERS
from convlab.networks.operators.common import Reader

if TYPE_CHECKING:
    import onnx

USUAL_SIDE = 224  # of a picture whose size a model leaves open [px]
_CHANNELS = (1, 3, 4)  # of a picture: what tells in which order its axes stand
_FIELDS = ("weight", "bias")  # what PyTorch calls the arrays of a layer
_ONLY_TRAINING = ("Identity",)
# FLOAT, FLOAT16, DOUBLE and BFLOAT16 of TensorProto; onnx is imported where a model is read. Here
# all of them are float32: what half precision rounds away is kept.
_FLOATS = (1, 10, 11, 16)
_BYTE = 2  # UINT8
# Beside what no layer computes: numbers where a list belongs, and the like. A model may give any
# operation anything; whether that is right, whoever runs it says.
_UNREADABLE = (NotOurs, ArithmeticError, AttributeError, LookupError, TypeError)
_QUANTISED = ("QuantizeLinear", "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger")


Watch: TypeAlias = Callable[[int, int, str, str], None]


def _nobody(done: int, total: int, name: str, operation: str) -> None:
    """Watch nothing."""


class Built(NamedTuple):
    """A network that was read.

    Attributes:
        graph: Its nodes, by the names of their results.
        shape: Of its picture, ``(C, H, W)``.
        outputs: uids of what it answers, in its order.
        facts: What the file says besides.
    """

    graph: Graph
    shape: Shape
    outputs: tuple[int, ...]
    facts: FileFacts = NO_FACTS


def build(
    model: onnx.ModelProto,
    size: tuple[int, int] | None = None,
    watch: Watch = _nobody,
    own_only: bool = False,
    most_bytes: int = LARGEST,
) -> Built:
    """Return a model as a graph.

    Args:
        model: It, checked.
        size: (rows, columns) of the picture where the model leaves them open [px].
        watch: Told of each node before it is read: how many were, how many there are, its name and
            operation.
        own_only: Nodes without a layer of ours are rejected, and nothing is run.
        most_bytes: What all weights may take, those that are computed from others too.

    Raises:
        BuildError: It takes more than one picture, has operations that cannot be read, or is too
            large.
    """
    size = size or (USUAL_SIDE, USUAL_SIDE)
    try:
        return Builder(model, size, watch, own_only, most_bytes).build()
    except BuildError:
        raise
    except ValueError as error:  # about no single node
        raise BuildError(str(error)) from error


class Builder:
    """Reads one model."""

    def __init__(
        self,
        model: onnx.ModelProto,
        size: tuple[int, int],
        watch: Watch = _nobody,
        own_only: bool = False,
        most_bytes: int = LARGEST,
    ) -> None:
        self._model = model
        self._size = size
        self._watch = watch
        self._own_only = own_only
        self.opset = next((each.version for each in model.opset_import if not each.domain), 1)
        self._known: dict[str, AnyArray] = {}
        self._values: dict[str, Value] = {}
        self._nodes: list[Node] = []
        self._shapes: dict[int, Shape] = {}
        self._most = self._left = most_bytes
        self._room = self._most_results = largest_allowed()
        outputs = [value.name for value in model.graph.output]
        self._uses = Counter(name for node in model.graph.node for name in node.input) + Counter(
            outputs
        )

    def build(self) -> Built:
        """Return the graph; see ``build``."""
        from onnx import numpy_helper

        graph = self._model.graph
        check_model(self._model, self._most)
        for tensor in graph.initializer:
            self._know(tensor.name, numpy_helper.to_array(tensor))
        picture = self._picture()
        for number, node in enumerate(graph.node):
            self._watch(number, len(graph.node), name_of(node), node.op_type)
            with _named(node):
                self._read(node)
        self._name_values()
        outputs = [
            self._values[each.name].uid for each in graph.output if each.name in self._values
        ]
        if not outputs:
            raise BuildError("its answer does not depend on its picture: choose another network")
        is_last = picture.layout is Layout.CHANNELS_LAST
        [taken] = [value for value in graph.input if value.name not in self._known]
        facts = facts_of(self._model, taken, is_last)
        return Built(Graph(self._nodes), picture.shape, tuple(outputs), facts)

    def add(self, layer: Layer, values: Sequence[Value], layout: Layout) -> Value:
        """Append a layer to the graph and return its result.

        Raises:
            ValueError: It does not fit.
        """
        uid = len(self._nodes) + 1
        shape = layer.shape_of([value.shape for value in values])
        self._take_room(shape, "with its result")
        self._nodes.append(Node(uid, layer, tuple(value.uid for value in values)))
        self._shapes[uid] = shape
        return Value(uid, shape, layout)

    def uses(self, name: str) -> int:
        """Return how many nodes take a tensor, or answers give it."""
        return self._uses[name] if name else 0

    def last_layer(self, name: str) -> Layer | None:
        """Return the layer appended last, if it gives this tensor, which only one node takes."""
        is_last = bool(self._nodes) and self._nodes[-1].uid == self._values[name].uid
        return self._nodes[-1].layer if is_last and self._uses[name] == 1 else None

    def replace_last(self, layer: Layer) -> None:
        """Put another layer in the place of the one appended last."""
        last = self._nodes[-1]
        self._nodes[-1] = replace(last, layer=layer)
        # What it gave before has no node any more.
        self._values = {name: v for name, v in self._values.items() if v.uid != last.uid}

    def _take_room(self, shape: Shape, what: str) -> None:
        """Note how much memory a result will take.

        Raises:
            ValueError: All together would take too much.
        """
        self._room -= 4 * math.prod(shape)
        if self._room < 0:
            raise NodeError(
                f"{what} of {' × '.join(map(str, shape))} all would take more than "
                f"{self._most_results >> 20} MB: choose a smaller network or picture"
            )

    def _picture(self) -> Value:
        """Return the only input that is not known."""
        graph = self._model.graph
        names = [value.name for value in graph.input if value.name not in self._known]
        if len(names) != 1:
            found = ", ".join(names[:4]) or "none"
            raise BuildError(
                f"it takes {counted(len(names), 'input')} ({found}): choose a network that takes "
                "one picture"
            )
        [value] = [value for value in graph.input if value.name == names[0]]
        self._values[names[0]] = picture = self._placed(value)
        self._take_room(picture.shape, "with its picture")
        self._shapes[INPUT] = picture.shape
        return picture

    def _placed(self, value: onnx.ValueInfoProto) -> Value:
        from onnx import TensorProto

        tensor = value.type.tensor_type
        sizes = [max(d.dim_value, 0) if d.HasField("dim_value") else 0 for d in tensor.shape.dim]
        if tensor.elem_type not in (*_FLOATS, _BYTE) or not 2 <= len(sizes) <= 4:
            kinds = {kind: name.lower() for name, kind in TensorProto.DataType.items() if kind}
            kind = kinds.get(tensor.elem_type, "of no known kind")
            raise BuildError(
                f"its input {value.name} is {kind} with {len(sizes)} dimensions: choose a network "
                "that takes one picture of floating-point numbers or bytes, (1, C, H, W)"
            )
        if sizes[0] > 1:
            raise BuildError(
                f"it takes {sizes[0]} pictures at once: export it with a batch of 1, or an open one"
            )
        if len(sizes) == 2:
            return Value(INPUT, (sizes[1] or 1,))
        if len(sizes) == 3:
            return Value(INPUT, (sizes[1] or 1, 1, sizes[2] or self._size[1]), Layout.LINE)
        if sizes[3] in _CHANNELS and not set(sizes[1:3]) & set(_CHANNELS):
            rows, columns, channels = sizes[1:]
            layout = Layout.CHANNELS_LAST
        else:
            channels, rows, columns = sizes[1:]
            layout = Layout.PLAIN
        return Value(
            INPUT, (channels or 3, rows or self._size[0], columns or self._size[1]), layout
        )

    def _read(self, node: onnx.NodeProto) -> None:
        """Fold a node, or append what computes it to the graph."""
        inputs = [self._input(name) for name in node.input]
        if node.op_type == "Shape":
            self._know(node.output[0], self._shape(node, inputs[0]))
        elif not any(isinstance(each, Value) for each in inputs):
            results = fold(node, inputs, self.opset, self._left)  # type: ignore[arg-type]
            for name, array in zip([name for name in node.output if name], results, strict=True):
                self._know(name, array)
        elif _hands_on(node) and isinstance(inputs[0], Value):
            self._values[node.output[0]] = inputs[0]
        else:
            self._append(Call(node, inputs, self))

    def _append(self, call: Call) -> None:
        """Append the layers that compute a node; where there are none, the node itself.

        Raises:
            ValueError: Nothing computes it.
        """
        if call.name in _QUANTISED or call.name.startswith("QLinear"):
            raise NodeError(
                "it computes with whole numbers: export the network as it was before it was "
                "quantised, with float32 numbers"
            )
        misfit: ValueError | None = None
        read = READERS.get(call.name) if call.node.domain in ("", "ai.onnx") else None
        if read is not None:
            try:
                self._read_with(read, call)
                return
            except NodeError:
                raise
            except ValueError as error:  # a layer of ours may not go so far; or nothing does
                if self._own_only:
                    raise
                misfit = error
            except _UNREADABLE:
                pass
        for name in call.node.output:
            if name and self._uses[name]:
                self._values[name] = value = self._foreign(call, name)
                if misfit is not None:
                    self._try(value, misfit)

    def _read_with(self, read: Reader, call: Call) -> None:
        """Append the layers that compute a node, or whatever the reader raises and no layer."""
        count, room = len(self._nodes), self._room
        try:
            found = read(call)
            values = [found] if isinstance(found, Value) else list(found)
        except Exception:
            del self._nodes[count:]
            self._room = room
            raise
        self._values.update(zip(call.node.output, values, strict=False))
        self._note_origin(call.node, count)

    def _note_origin(self, node: onnx.NodeProto, count: int) -> None:
        """Note what the names of a node's weights begin with, for the layers behind so many."""
        names = (name.rpartition(".") for name in node.input if name in self._known)
        origin = next((prefix for prefix, _, field in names if field in _FIELDS), "")
        for place, made in enumerate(self._nodes[count:], count):
            if isinstance(made.layer, WeightedLayer | ChannelLayer):
                self._nodes[place] = replace(made, origin=origin)

    def _foreign(self, call: Call, name: str) -> Value:
        """Append one result of a node as it stands in the file.

        Raises:
            ValueError: It does not fit, or only layers of ours are wanted.
        """
        if self._own_only:
            raise NodeError("it has no layer of ours: export the network without it")
        values = [self._plain(each) for each in call.inputs if isinstance(each, Value)]
        model = single_node(call, name, values, self._model.opset_import)
        has_batch = tuple(value.layout is not Layout.BARE for value in values)
        bare = OnnxNode(call.name, model, has_batch, gives_batch=False)
        whole = bare.shape_of([value.shape for value in values])
        if len(whole) > 1 and whole[0] == 1:
            return self.add(OnnxNode(call.name, model, has_batch), values, Layout.PLAIN)
        return self.add(bare, values, Layout.BARE)

    def _try(self, value: Value, misfit: ValueError) -> None:
        """Run the node appended last, which its layer rejected.

        Raises:
            ValueError: The layer was right.
        """
        node = self._nodes[-1]
        zeros = [np.zeros(self._shapes[uid], np.float32) for uid in node.inputs]
        try:
            fits = node.layer.result_of(zeros).shape == value.shape
        except ValueError:
            fits = False
        if not fits:
            raise misfit

    def _plain(self, value: Value) -> Value:
        """Return a value as the model lays it out."""
        layer = laying_out(value)
        return value if layer is None else self.add(layer, [value], Layout.PLAIN)

    def _input(self, name: str) -> AnyArray | Value | None:
        if not name:
            return None
        if name in self._values:
            return self._values[name]
        if name in self._known:
            return self._known[name]
        raise ValueError(f"its input {name} is made by no node before it: export it again")

    def _shape(self, node: onnx.NodeProto, found: AnyArray | Value | None) -> AnyArray:
        shape = found.model_shape if isinstance(found, Value) else np.shape(found)  # type: ignore[arg-type]
        ends = {each.name: each.i for each in node.attribute}
        return np.array(shape[slice(ends.get("start"), ends.get("end"))], np.int64)

    def _know(self, name: str, array: AnyArray) -> None:
        if _is_other_float(array):
            array = array.astype(np.float32)
        self._left -= array.nbytes
        if self._left < 0:
            raise too_heavy(self._most)
        self._known[name] = array

    def _name_values(self) -> None:
        """Call each node by the tensor that it computes; those in between by the one they serve."""
        names = {value.uid: name for name, value in reversed(self._values.items())}
        named = []
        following = ""
        for node in reversed(self._nodes):
            name = names.get(node.uid)
            following = name or following
            name = name or f"{following} ({node.layer.short})"
            named.append(replace(node, name=name))
        self._nodes = named[::-1]


def _hands_on(node: onnx.NodeProto) -> bool:
    """Tell whether a node's result are the numbers that it takes: here all are float32."""
    if node.op_type != "Cast":
        return node.op_type in _ONLY_TRAINING
    return any(each.name == "to" and each.i in _FLOATS for each in node.attribute)


def _is_other_float(array: AnyArray) -> bool:
    """Tell whether an array holds floating-point numbers that are not float32."""
    kind = array.dtype  # bfloat16 is of a package of its own, which NumPy takes for bytes
    return kind != np.float32 and (kind.kind == "f" or kind.name == "bfloat16")


@contextmanager
def _named(node: onnx.NodeProto) -> Iterator[None]:
    """Say in an error which node of a model it is about."""
    try:
        yield
    except BuildError:  # about all of it
        raise
    except NodeError as error:
        raise at(node, str(error)) from error
    except ValueError as error:  # a layer's remedy is for those who make one
        why = str(error).rstrip(".").replace(": ", ", ")
        raise at(node, f"{why}: {AGAIN}") from error
