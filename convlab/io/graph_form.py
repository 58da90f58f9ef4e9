"""A network as bytes, from one process to another: what it is as a form, its arrays apart.

Nothing is pickled: each layer is made again of what its fields declare, and checks them itself.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import msgspec
import numpy as np

from convlab.engine.arrays import AnyArray, frozen
from convlab.layers import Layer
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import Graph, Node
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.layers.registry import KINDS
from convlab.networks.file_facts import FileFacts
from convlab.networks.foreign import OnnxNode
from convlab.networks.network import Network

_ALSO = (Add, Affine, ChannelSlice, Concat, Multiply, OnnxNode, Subtract)
GRAPH_KINDS: dict[str, type[Layer]] = KINDS | {each.kind: each for each in _ALSO}
"""Every kind of layer of an opened network."""

Part: TypeAlias = "AnyArray | bytes"
_BYTES = "bytes"


class PartForm(msgspec.Struct, frozen=True):
    """What is sent beside a form.

    Attributes:
        dtype: Of an array, as NumPy writes it; "bytes" of none.
        shape: Of an array; of bytes their number.
    """

    dtype: str
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """How many bytes it has."""
        each = 1 if self.dtype == _BYTES else np.dtype(self.dtype).itemsize
        return each * math.prod(self.shape)

    def made(self, data: AnyArray) -> Part:
        """Return it, of its bytes ``(nbytes,)`` uint8, whose memory an array keeps."""
        if self.dtype == _BYTES:
            return data.tobytes()
        return frozen(data.view(self.dtype).reshape(self.shape))


class _NodeForm(msgspec.Struct, frozen=True):
    uid: int
    kind: str
    values: dict[str, Any]
    parts: dict[str, int]  # numbers of fields that are arrays or bytes
    inputs: tuple[int, ...]
    is_on: bool
    name: str
    # Of the operation of a stranger: what it makes of which shapes, which only ONNX can tell.
    results: list[tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]] = []
    origin: str = ""


class NetworkForm(msgspec.Struct, frozen=True):
    """A network without its arrays."""

    nodes: list[_NodeForm]
    shape: tuple[int, ...]
    outputs: tuple[str, ...]
    facts: FileFacts
    parts: list[PartForm]


def to_form(network: Network) -> tuple[NetworkForm, list[Part]]:
    """Return a network as a form, and what is sent beside it, in its order."""
    parts: list[Part] = []
    nodes = [_node_form(node, parts) for node in network.graph]
    forms = [_part_form(part) for part in parts]
    facts = network.facts._replace(notes=dict(network.facts.notes))
    return NetworkForm(nodes, network.shape, network.outputs, facts, forms), parts


def from_form(form: NetworkForm, parts: Sequence[Part]) -> Network:
    """Return the network of a form.

    Raises:
        ValueError: It is none.
    """
    nodes = []
    for each in form.nodes:
        if each.kind not in GRAPH_KINDS:
            raise ValueError(f"kind {each.kind!r} is unknown")
        given = {name: _tuples(value) for name, value in each.values.items()}
        given |= {name: parts[number] for name, number in each.parts.items()}
        layer = GRAPH_KINDS[each.kind](**given)
        if isinstance(layer, OnnxNode):
            layer.expect(dict(each.results))
        nodes.append(Node(each.uid, layer, each.inputs, each.is_on, each.name, each.origin))
    return Network(Graph(nodes), form.shape, form.outputs, form.facts)


def pieces(part: Part, size: int) -> Iterator[memoryview]:
    """Give the bytes of a part, so many at once."""
    flat: Any = part if isinstance(part, bytes) else np.ascontiguousarray(part).ravel().view("u1")
    view = memoryview(flat)
    for start in range(0, len(view), size):
        yield view[start : start + size]


def _node_form(node: Node, parts: list[Part]) -> _NodeForm:
    values, numbers = {}, {}
    for field in dataclasses.fields(node.layer):  # type: ignore[arg-type]
        if not field.init:
            continue
        value = getattr(node.layer, field.name)
        if isinstance(value, np.ndarray | bytes):
            numbers[field.name] = len(parts)
            parts.append(value)
        else:
            values[field.name] = value
    layer = node.layer
    results = list(layer.known_shapes.items()) if isinstance(layer, OnnxNode) else []
    return _NodeForm(
        node.uid,
        layer.kind,
        values,
        numbers,
        node.inputs,
        node.is_on,
        node.name,
        results,
        node.origin,
    )


def _part_form(part: Part) -> PartForm:
    if isinstance(part, bytes):
        return PartForm(_BYTES, (len(part),))
    return PartForm(part.dtype.str, part.shape)


def _tuples(value: Any) -> Any:
    """Return what was written with its lists as the tuples they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
