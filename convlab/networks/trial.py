"""Trying a network before anybody relies on it: every node by itself, then all in one session."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from convlab.engine.algorithms.onnxruntime import is_installed
from convlab.engine.arrays import FloatArray, frozen
from convlab.layers.base import Layer
from convlab.layers.graph import INPUT
from convlab.layers.parameters import arrays
from convlab.networks.foreign import OnnxNode, check_memory
from convlab.networks.network import Network
from convlab.networks.whole import WholeSession
from convlab.networks.written import NoOperator


class Stage(StrEnum):
    """What of opening a network goes on."""

    READ = "reading"
    CHECKED = "checking"
    BUILT = "building"
    RUN = "running"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the opening of a network stands.

    Attributes:
        stage: What goes on.
        done: How many of its steps are done: bytes that are read, nodes that are built or run.
        total: How many there are; 0 where nobody knows.
        node: Which node is being built or run, as the file calls it; "" if none is.
        operation: Of that node.
    """

    stage: Stage
    done: int = 0
    total: int = 0
    node: str = ""
    operation: str = ""


Report: TypeAlias = Callable[[Progress], None]
WHOLE = "the whole"
"""What the node is called while all run in one session."""


def silent(_: Progress) -> None:
    """Report to nobody."""


def first_foreign(network: Network) -> tuple[str, str] | None:
    """Return name and operation of the first node without a layer of ours; None if all have one."""
    for node in network.graph:
        if isinstance(node.layer, OnnxNode):
            return node.name, node.layer.operation
    return None


def bytes_of(network: Network) -> int:
    """Return what all weights and all results of a network take together [bytes]."""
    shapes = network.graph.shapes(network.shape)
    results = 4 * sum(math.prod(shape) for shape in shapes.values())
    return results + sum(_weights(node.layer) for node in network.graph)


def run_nodes(network: Network, report: Report = silent) -> None:
    """Run every node by itself, on a picture of noise.

    Raises:
        ValueError: One fails; the message names it.
    """
    nodes = network.graph.active
    found: dict[int, FloatArray] = {INPUT: _picture(network)}
    for number, node in enumerate(nodes):
        layer = node.layer
        operation = layer.operation if isinstance(layer, OnnxNode) else type(layer).__name__
        report(Progress(Stage.RUN, number, 2 * len(nodes), node.name, operation))
        found[node.uid] = network.graph.result(node, found)


def run_whole(network: Network, report: Report = silent) -> bool:
    """Run all nodes in one session with every result as its output, on a picture of noise.

    Returns:
        Whether they can be run so; it fails where a node has no operator, or without ONNX Runtime.
    """
    if not is_installed():
        return False
    graph, count = network.graph, len(network.graph.active)
    report(Progress(Stage.RUN, count, 2 * count, WHOLE))
    try:
        session = WholeSession(graph, network.shape, [node.uid for node in graph.active])
        session.run(_picture(network), graph)
    except MemoryError:
        raise
    except NoOperator:
        return False
    except Exception as error:  # whatever ONNX Runtime raises
        check_memory(error)
        return False
    report(Progress(Stage.RUN, 2 * count, 2 * count))
    return True


def _weights(layer: Layer) -> int:
    if isinstance(layer, OnnxNode):
        return len(layer.model)
    values = (getattr(layer, name) for name in arrays(type(layer)))
    return sum(value.nbytes for value in values if isinstance(value, np.ndarray))


def _picture(network: Network) -> FloatArray:
    return frozen(np.random.default_rng(0).random(network.shape, np.float32))
