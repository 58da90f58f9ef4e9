"""One node of a model of ONNX while it is read, and what flows between nodes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from convlab.engine.arrays import AnyArray
from convlab.layers.base import Layer, Shape

if TYPE_CHECKING:
    import onnx


class NotOurs(Exception):
    """There is no layer that computes a node."""


class Layout(StrEnum):
    """How a model lays out what is ``(C, H, W)``, ``(F,)`` or else here."""

    PLAIN = "(1, ...)"
    CHANNELS_LAST = "(1, H, W, C)"
    LINE = "(1, C, L)"  # here (C, 1, L)
    BARE = "without a batch"


class Value(NamedTuple):
    """A tensor that depends on the picture.

    Attributes:
        uid: Of the node whose result it is, or INPUT.
        shape: Here.
        layout: How the model lays it out.
    """

    uid: int
    shape: Shape
    layout: Layout = Layout.PLAIN

    @property
    def model_shape(self) -> Shape:
        """Its shape in the model."""
        match self.layout:
            case Layout.CHANNELS_LAST:
                return 1, *self.shape[1:], self.shape[0]
            case Layout.LINE:
                return 1, self.shape[0], self.shape[2]
            case Layout.BARE:
                return self.shape
        return 1, *self.shape


class Grows(Protocol):
    """What layers are appended to."""

    opset: int

    def add(self, layer: Layer, values: Sequence[Value], layout: Layout) -> Value:
        """Append a layer to the graph and return its result."""

    def uses(self, name: str) -> int:
        """Return how many nodes take a tensor, or answers give it."""

    def last_layer(self, name: str) -> Layer | None:
        """Return the layer appended last, if it gives this tensor, which only one node takes."""

    def replace_last(self, layer: Layer) -> None:
        """Put another layer in the place of the one appended last."""


class Call:
    """One node of a model, being read.

    Attributes:
        name: Of its operation.
        inputs: What is known without the picture, values of the graph, or None where left out.
        opset: Version of the operators.
    """

    def __init__(
        self, node: onnx.NodeProto, inputs: Sequence[AnyArray | Value | None], builder: Grows
    ) -> None:
        from onnx import helper

        self.node = node
        self.name = node.op_type
        self.inputs = tuple(inputs)
        self.opset = builder.opset
        self._builder = builder
        self._attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}

    def attribute(self, name: str, usual: Any = None) -> Any:
        """Return an attribute; texts as ``str``, numbers in a row as a tuple."""
        value = self._attributes.get(name, usual)
        if isinstance(value, bytes):
            return value.decode("utf-8", "replace")
        return tuple(value) if isinstance(value, list) else value

    def input(self, place: int) -> AnyArray | Value | None:
        """Return an input; None where it is left out."""
        return self.inputs[place] if place < len(self.inputs) else None

    def value(self, place: int = 0) -> Value:
        """Return an input that depends on the picture.

        Raises:
            NotOurs: It does not.
        """
        found = self.input(place)
        if not isinstance(found, Value):
            raise NotOurs
        return found

    def constant(self, place: int, usual: Any = None) -> Any:
        """Return an input that is known without the picture; ``usual`` where it is left out.

        Raises:
            NotOurs: It depends on the picture.
        """
        found = self.input(place)
        if isinstance(found, Value):
            raise NotOurs
        return usual if found is None else found

    def add(self, layer: Layer, *values: Value, layout: Layout | None = None) -> Value:
        """Append a layer to the graph and return its result."""
        return self._builder.add(layer, values, values[0].layout if layout is None else layout)

    def uses(self, place: int) -> int:
        """Return how many nodes take one of its results."""
        names = self.node.output
        return self._builder.uses(names[place]) if place < len(names) else 0

    def last_layer(self, place: int = 0) -> Layer | None:
        """Return the layer that gives an input, if this node is the only one to take it."""
        return self._builder.last_layer(self.node.input[place])

    def replace_last(self, value: Value, layer: Layer) -> Value:
        """Put another layer in the place of the last one, which gave a value; return its result."""
        self._builder.replace_last(layer)
        return value
