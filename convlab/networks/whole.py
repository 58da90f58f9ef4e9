"""The session that gives every wanted result of a graph at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np

from convlab.engine.algorithms.onnxruntime import session_options
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.buffers import Blocks
from convlab.layers import Conv2d
from convlab.layers.base import Layer, Shape
from convlab.layers.graph import Graph
from convlab.networks.foreign import OnnxNode
from convlab.networks.interrupt import NEVER, Interrupt
from convlab.networks.written import PICTURE, Written, result_name, steps_of, write

_BLOCK = 16  # channels at the most that ONNX Runtime lays out together
_PAGE = 1024  # values: results begin with a page of memory
_MOST_BINDINGS = 6  # blocks that are remembered
_SHARED = 1024  # arrays from here on are not written into the model of a session [bytes]


class WholeSession:
    """Runs a graph as a whole, again and again; it ends, and its threads with it, when let go.

    Args:
        graph: It.
        shape: Of its picture.
        wanted: uids of the nodes whose results are wanted.
        edited: uid of the node whose arrays enter with each run.
        blocks: Of a session before, in which results are written if they are as long.

    Attributes:
        blocks: In which results are written.

    Raises:
        NoOperator: A node has no operator.
    """

    def __init__(
        self,
        graph: Graph,
        shape: Shape,
        wanted: Sequence[int],
        edited: int | None = None,
        blocks: Blocks | None = None,
    ) -> None:
        import onnxruntime

        written, shapes = write(graph, shape, wanted, edited=edited), graph.shapes(shape)
        self.wanted, self.free = tuple(wanted), tuple(written.free)
        options, levels = session_options(), onnxruntime.GraphOptimizationLevel
        # All of it lays channels out in blocks: many are convolved faster, few slower.
        level = levels.ORT_ENABLE_ALL if _is_deep(graph, shapes) else levels.ORT_ENABLE_BASIC
        options.graph_optimization_level = level
        # Weights enter as they are: a model that holds them is written, copied and read again,
        # which takes as long as the session itself, and as much memory as they.
        self._weights = _shared(written)  # which it may go on reading
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(x) for x in self._weights.values()]
        options.add_external_initializers(list(self._weights), values)
        self._session = onnxruntime.InferenceSession(
            written.fill(apart=self._weights).SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._edited = edited
        self._before = () if edited is None else _before(graph, shapes, edited)
        self._kinds = None if edited is None else _kinds(graph[edited].layer, self._before)
        self._shapes = [shapes[uid] for uid in self.wanted]
        self._given = [_model_shape(graph, uid, shapes[uid]) for uid in self.wanted]
        self._starts = [0, *accumulate(-(-math.prod(s) // _PAGE) * _PAGE for s in self._shapes)]
        length = self._starts[-1]
        self.blocks = blocks if blocks is not None and blocks.length == length else Blocks(length)
        self._bindings: dict[int, Any] = {}

    def takes(self, layer: Layer) -> bool:
        """Tell whether the edited node may be another layer that fits where it stood."""
        return self._kinds is not None and self._kinds == _kinds(layer, self._before)

    def run(
        self, x: FloatArray, graph: Graph, interrupt: Interrupt = NEVER
    ) -> dict[int, FloatArray]:
        """Return the wanted results by uid, read-only arrays of one block that nobody else holds.

        Args:
            x: The picture, float32.
            graph: As that of which it was made, but for the arrays of the edited node.
            interrupt: Ends the run.

        Raises:
            Interrupted: It was set.
        """
        import onnxruntime

        edited = graph[self._edited].layer if self._edited is not None and self.free else None
        free = () if edited is None else _arrays(edited, self._before)
        block = self.blocks.take()
        binding = self._binding(block)
        # What is bound must live until the run has ended.
        inputs = [np.ascontiguousarray(x)[np.newaxis], *free]
        for name, array in zip((PICTURE, *self.free), inputs, strict=True):
            binding.bind_cpu_input(name, array)
        options = onnxruntime.RunOptions()
        with interrupt.ending(partial(setattr, options, "terminate", True)):
            self._session.run_with_iobinding(binding, options)
        frozen(block)
        return {
            uid: block[start : start + math.prod(shape)].reshape(shape)
            for uid, start, shape in zip(self.wanted, self._starts, self._shapes, strict=False)
        }

    def _binding(self, block: FloatArray) -> Any:
        """Return what writes each result to its place in a block of memory.

        To say so of 144 results takes as long as to paint them; few blocks take turns.
        """
        address = block.ctypes.data
        binding = self._bindings.get(address)
        if binding is None:
            if len(self._bindings) >= _MOST_BINDINGS:
                self._bindings.clear()
            binding = self._bindings[address] = self._session.io_binding()
            for uid, start, shape in zip(self.wanted, self._starts, self._given, strict=False):
                place = address + start * block.itemsize
                binding.bind_output(result_name(uid), "cpu", 0, np.float32, shape, place)
        return binding


def _kinds(layer: Layer, shape: Shape) -> object:
    """Return all of a layer but its numbers, by equality; None if it has no operators."""
    with suppress(ValueError):
        return [
            (step.operation, step.attributes, [(a.dtype, a.shape) for a in step.arrays])
            for step in steps_of(layer, shape)
        ]
    return None


def _shared(written: Written) -> dict[str, FloatArray]:
    """Return the arrays that a session takes as they are."""
    return {
        name: np.ascontiguousarray(array)
        for name, array in written.arrays.items()
        if array.nbytes >= _SHARED and array.dtype == np.float32
    }


def _arrays(layer: Layer, shape: Shape) -> tuple[AnyArray, ...]:
    return tuple(
        np.ascontiguousarray(array) for step in steps_of(layer, shape) for array in step.arrays
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
