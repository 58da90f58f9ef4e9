"""One ONNX Runtime session for a chain of layers, with the result of each as an output."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from convlab.engine.algorithms.onnxruntime import IR_VERSION, OPSET, session_options
from convlab.engine.arrays import FloatArray
from convlab.layers.base import Shape
from convlab.networks.nodes import Kind, Node

if TYPE_CHECKING:
    import onnxruntime

_KEPT = 2  # sessions: each has threads of its own


Kinds: TypeAlias = tuple[tuple[Kind, ...], ...]
"""Of the nodes of each layer."""


def kinds_of(nodes: Sequence[Sequence[Node]]) -> Kinds:
    """Return what a session must know of the nodes of each layer."""
    return tuple(tuple(node.kind for node in layer) for layer in nodes)


def run_chain(
    nodes: Sequence[Sequence[Node]], x: FloatArray, shapes: Sequence[Shape]
) -> tuple[FloatArray, ...]:
    """Return the result of every layer of a chain.

    Args:
        nodes: Those of each layer, at least one.
        x: The first layer's input, ``(C, H, W)`` or ``(F,)``.
        shapes: Of the results.

    Returns:
        float32 arrays that nobody else holds.
    """
    session = make_session(kinds_of(nodes))
    binding = session.io_binding()
    # What is bound must live until the run has ended; results are written where they stay.
    inputs = [np.ascontiguousarray(x)[np.newaxis]]
    inputs += [array for layer in nodes for node in layer for array in node.arrays]
    results = tuple(np.empty(shape, np.float32) for shape in shapes)
    for number, array in enumerate(inputs):
        binding.bind_cpu_input(_input(number), array)
    for number, result in enumerate(results):
        shape = 1, *result.shape
        binding.bind_output(_output(number), "cpu", 0, np.float32, shape, result.ctypes.data)
    session.run_with_iobinding(binding)
    return results


def make_session(kinds: Kinds) -> onnxruntime.InferenceSession:
    """Return the session of a chain, a kept one where there is one."""
    with _lock:  # or two threads would make two sessions of one kind
        return _session(kinds)


_lock = threading.Lock()


@lru_cache(maxsize=_KEPT)
def _session(kinds: Kinds) -> onnxruntime.InferenceSession:
    """Return a session for pictures of any size, whose nodes' arrays are inputs.

    A session ends, and its threads with it, when nobody holds it any more.
    """
    import onnxruntime
    from onnx import TensorProto, helper

    # Before a run nobody knows whether the first input is a picture or a vector.
    inputs = [helper.make_tensor_value_info(_input(0), TensorProto.FLOAT, None)]
    outputs = [
        helper.make_tensor_value_info(_output(number), TensorProto.FLOAT, None)
        for number in range(len(kinds))
    ]
    nodes, before = [], _input(0)
    for number, layer in enumerate(kinds):
        for place, kind in enumerate(layer):
            names = [_input(len(inputs) + other) for other in range(len(kind.inputs))]
            for name, (numbers, axes) in zip(names, kind.inputs, strict=True):
                element = helper.np_dtype_to_tensor_dtype(np.dtype(numbers))
                inputs.append(helper.make_tensor_value_info(name, element, [None] * axes))
            is_last = place == len(layer) - 1
            result = _output(number) if is_last else f"{_output(number)}_{place}"
            attributes: dict[str, Any] = dict(kind.attributes)
            nodes.append(helper.make_node(kind.operation, [before, *names], [result], **attributes))
            before = result
    graph = helper.make_graph(nodes, "chain", inputs, outputs)
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )


def _input(number: int) -> str:
    return f"x{number}"


def _output(number: int) -> str:
    return f"y{number}"
