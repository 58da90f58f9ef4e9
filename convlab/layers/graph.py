"""A network with branches: layers that take the results of any layers before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv_arguments import to_picture
from convlab.layers.base import Layer, Shape
from convlab.layers.spans import PICTURE, Spans, fields_of, spans_after
from convlab.layers.stack import Stack
from convlab.layers.summary import LayerSummary

INPUT = 0
"""The uid of the picture, as if it were a node in front of the first."""


@dataclass(frozen=True, slots=True)
class Node:
    """A layer's place in a graph.

    Attributes:
        uid: Stays with the node through every edit; above 0, never given twice.
        layer: What it computes. Layers with weights are equal only if they are the same object.
        inputs: uids of what it takes, in order; INPUT is the picture.
        is_on: A node that is switched off hands its first input on.
        name: What a person or a file calls it.
        origin: What the names of its weights in its file begin with: "layer1.0.conv1".
    """

    uid: int
    layer: Layer
    inputs: tuple[int, ...] = (INPUT,)
    is_on: bool = True
    name: str = ""
    origin: str = ""


class Graph:
    """Nodes in an order in which they can be computed; it cannot be changed.

    Args:
        nodes: Each behind all that it takes.

    Raises:
        ValueError: If a uid is given twice, or a node takes what is not before it, or a number of
            inputs that its layer does not.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)
        self._nodes: dict[int, Node] = {}
        for node in self.nodes:
            with called(node):
                _check(node, self._nodes)
            self._nodes[node.uid] = node

    @classmethod
    def of(cls, stack: Stack) -> Graph:
        """Return the layers of a chain, numbered from 1, and named by number and kind."""
        return cls(
            Node(uid, layer, (uid - 1,), name=f"{uid} {layer.kind}")
            for uid, layer in enumerate(stack, 1)
        )

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __getitem__(self, uid: int) -> Node:
        """Return a node.

        Raises:
            KeyError: There is none with that uid.
        """
        return self._nodes[uid]

    @property
    def ends(self) -> tuple[int, ...]:
        """Uids of what no node takes: the answers."""
        taken = {uid for node in self.nodes for uid in node.inputs}
        return tuple(node.uid for node in self.nodes if node.uid not in taken)

    @property
    def last(self) -> int:
        """Uid of the node that gives the last one's result, or INPUT: of one answer, if any."""
        return self._source(self.nodes[-1].uid) if self.nodes else INPUT

    def above(self, uid: int) -> tuple[Node, ...]:
        """Return the nodes that take the result of one, or the picture."""
        return tuple([node for node in self.nodes if uid in node.inputs])

    def path(self, uid: int) -> tuple[Node, ...]:
        """Return the nodes from the picture to one, itself last, along their first inputs."""
        found: list[Node] = []
        while uid != INPUT:
            found.append(self._nodes[uid])
            uid = found[-1].inputs[0]
        return tuple(reversed(found))

    def resolved(self) -> Graph:
        """Return the nodes that are on, each taking what the others hand on to it."""
        return Graph(replace(node, inputs=self.sources(node)) for node in self.active)

    def is_chain(self) -> bool:
        """Tell whether each node takes the one before, and nothing else."""
        before = INPUT
        for node in self.nodes:
            if node.inputs != (before,):
                return False
            before = node.uid
        return True

    def sources(self, node: Node) -> tuple[int, ...]:
        """Return uids of the nodes that are on, or INPUT, whose results a node takes."""
        return self._sources[node.uid]

    def shapes(self, shape: Shape) -> dict[int, Shape]:
        """Return the shape of each node that is on, by its uid, and of the picture.

        Args:
            shape: ``(C, H, W)`` of the picture.

        Raises:
            ValueError: If a layer does not fit; the message names it.
        """
        found = {INPUT: tuple(shape)}
        for node in self.active:
            with called(node):
                found[node.uid] = node.layer.shape_of([found[uid] for uid in self.sources(node)])
        return found

    def summary(self, shape: Shape) -> dict[int, LayerSummary]:
        """Return what each node that is on is on a picture ``(C, H, W)``, by its uid.

        Raises:
            ValueError: If a layer does not fit; the message names it.
        """
        shapes, found = self.shapes(shape), {}
        spans: dict[int, Spans] = {INPUT: PICTURE}
        for node in self.active:
            sources = self.sources(node)
            given = [shapes[uid] for uid in sources]
            spans[node.uid] = spans_after(node.layer, given, [spans[uid] for uid in sources])
            found[node.uid] = LayerSummary(
                node.layer.kind,
                shapes[node.uid],
                node.layer.cost(given[0]),
                fields_of(spans[node.uid]),
                given[0],
            )
        return found

    def forward(self, x: ArrayLike) -> dict[int, FloatArray]:
        """Return the result of each node that is on, by its uid, and the picture; read-only.

        Args:
            x: ``(C, H, W)`` or ``(N, C, H, W)``. uint8 is divided by 255 and uint16 by 65535.

        Raises:
            ValueError: If a layer does not fit; the message names it.
        """
        found: dict[int, FloatArray] = {INPUT: frozen(to_picture(x).copy())}
        for node in self.active:
            found[node.uid] = self.result(node, found)
        return found

    def result(self, node: Node, found: Mapping[int, FloatArray]) -> FloatArray:
        """Return what one node makes of what was found before it, read-only.

        Raises:
            ValueError: If its layer does not fit; the message names it.
        """
        with called(node):
            return frozen(node.layer.result_of([found[uid] for uid in self.sources(node)]))

    @cached_property
    def active(self) -> tuple[Node, ...]:
        """The nodes that are on."""
        return tuple([node for node in self.nodes if node.is_on])

    @cached_property
    def _sources(self) -> dict[int, tuple[int, ...]]:
        return {node.uid: tuple(map(self._source, node.inputs)) for node in self.nodes}

    def _source(self, uid: int) -> int:
        while uid != INPUT and not self._nodes[uid].is_on:
            uid = self._nodes[uid].inputs[0]
        return uid


def chain(layers: Iterable[Layer], first: int = 1) -> tuple[Node, ...]:
    """Return nodes that each take the one before, with uids from ``first`` on."""
    nodes: list[Node] = []
    for uid, layer in enumerate(layers, first):
        nodes.append(Node(uid, layer, (nodes[-1].uid if nodes else INPUT,)))
    return tuple(nodes)


@contextmanager
def called(node: Node) -> Iterator[None]:
    """Say in an error which node of a graph it came from."""
    try:
        yield
    except ValueError as error:
        what = f"{node.name} ({type(node.layer).__name__})" if node.name else repr(node.layer)
        raise ValueError(f"{what}: {error}") from None


def _check(node: Node, before: Mapping[int, Node]) -> None:
    """Reject a node that cannot follow those before it.

    Raises:
        ValueError: With the numbers.
    """
    if node.uid <= INPUT or node.uid in before:
        raise ValueError(f"uid {node.uid} cannot be used: give each node one of its own, above 0")
    for uid in node.inputs:
        if uid != INPUT and uid not in before:
            raise ValueError(f"its input {uid} does not stand before it: put it in front")
    most, count = node.layer.most_inputs, len(node.inputs)
    if count < 1 or (most is not None and count > most):
        wanted = "at least one" if most is None else str(most)
        raise ValueError(f"it takes {wanted} input, not {count}")
