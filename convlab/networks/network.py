"""A network that was opened: its nodes, its picture, every result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import to_picture
from convlab.engine.counts import Cost
from convlab.layers.base import Shape
from convlab.layers.graph import INPUT, Graph
from convlab.layers.summary import StackSummary
from convlab.networks.building import Built
from convlab.networks.file_facts import NO_FACTS, FileFacts
from convlab.networks.written import write


class NetworkNode(NamedTuple):
    """One node of a network on its usual picture.

    Attributes:
        name: Of its result, as the file calls it.
        kind: Of its layer; "onnx" is an operation without a layer of ours.
        inputs: Names of the nodes whose results it takes; "" is the picture.
        shape: Of its result.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    shape: Shape


class Network:
    """A graph of layers with names; it cannot be changed.

    Attributes:
        graph: Its nodes.
        shape: Of the picture it wants, ``(C, H, W)``.
        outputs: Names of its answers.
        facts: What its file says besides.
    """

    def __init__(
        self, graph: Graph, shape: Shape, outputs: Sequence[str], facts: FileFacts = NO_FACTS
    ) -> None:
        self.graph = graph
        self.shape = tuple(shape)
        self.outputs = tuple(outputs)
        self.facts = facts

    @classmethod
    def of(cls, built: Built) -> Self:
        """Return what was read of a file."""
        outputs = [built.graph[uid].name if uid else "" for uid in built.outputs]
        return cls(built.graph, built.shape, outputs, built.facts)

    @property
    def nodes(self) -> tuple[NetworkNode, ...]:
        """Its nodes, in an order in which they can be computed."""
        shapes, names = self.graph.shapes(self.shape), self._names
        return tuple(
            NetworkNode(
                node.name,
                node.layer.kind,
                tuple(names[uid] for uid in node.inputs),
                shapes[node.uid],
            )
            for node in self.graph
        )

    def __len__(self) -> int:
        return len(self.graph)

    def __repr__(self) -> str:
        size = " × ".join(map(str, self.shape))
        return f"<Network of {len(self)} nodes for a picture of {size}>"

    def forward(self, x: ArrayLike) -> dict[str, FloatArray]:
        """Return the result of every node by its name, read-only.

        Args:
            x: ``(C, H, W)`` or a vector ``(F,)``: numbers as the network was trained with. uint8 is
                divided by 255.

        Raises:
            ValueError: If the picture does not fit; the message names the node.
        """
        picture = to_picture(x)
        if picture.ndim != len(self.shape) or picture.shape[0] != self.shape[0]:
            wanted = "(C, H, W)" if len(self.shape) == 3 else "(F,)"
            raise ValueError(
                f"the picture has shape {picture.shape}: this network takes {wanted} like "
                f"{self.shape}"
            )
        results = self.graph.forward(picture)
        return {self._names[uid]: result for uid, result in results.items() if uid != INPUT}

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Return its first answer; ``forward`` has the result of every node.

        Raises:
            ValueError: As ``forward``.
        """
        return self.forward(x)[self.outputs[0]]

    def summary(self) -> StackSummary:
        """Return what each node is on its usual picture: a list that prints as a table."""
        return StackSummary(self.graph.summary(self.shape).values())

    def cost(self) -> Cost:
        """Return the parameters and operations of all nodes together, on its usual picture."""
        return sum((row.cost for row in self.summary()), Cost())

    def as_onnx(self) -> bytes:
        """Return it as a model of ONNX, its results called as here, its answers as outputs.

        Raises:
            ValueError: A node has no operator that computes the same; the message names it.
            ImportError: If the package ``onnx`` is not installed.
        """
        names = {uid: name for uid, name in self._names.items() if uid != INPUT}
        by_name = {name: uid for uid, name in names.items()}
        wanted = [by_name[name] for name in self.outputs]
        written = write(self.graph, self.shape, wanted, names=names)
        data: bytes = written.fill().SerializeToString()
        return data

    @property
    def _names(self) -> dict[int, str]:
        return {INPUT: "", **{node.uid: node.name for node in self.graph}}
