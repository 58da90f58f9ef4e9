"""What a network computes without its picture: folded once, when it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.networks.bounds import NodeError

if TYPE_CHECKING:
    import onnx


def fold(
    node: onnx.NodeProto, inputs: Sequence[AnyArray | None], opset: int, most: int
) -> list[AnyArray]:
    """Return the results of a node whose inputs are all known.

    Args:
        node: It.
        inputs: In its order; None where one is left out.
        opset: Version of the operators.
        most: What the results may take [bytes].

    Raises:
        ValueError: If the results would take more, or their size is not known beforehand, or the
            operation fails.
        MemoryError: There is not enough.
    """
    import onnx
    from onnx import helper, numpy_helper
    from onnx.reference import ReferenceEvaluator

    given = [
        numpy_helper.from_array(np.asarray(array), name)
        for name, array in zip(node.input, inputs, strict=True)
        if array is not None and name
    ]
    outputs = [onnx.ValueInfoProto(name=name) for name in node.output if name]
    graph = helper.make_graph([node], "constants", [], outputs, given)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    try:
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        for value in inferred.graph.output:
            _check_size(value, most)
        results = ReferenceEvaluator(model).run(None, {})
    except (ValueError, MemoryError):
        raise
    except Exception as error:  # whatever inference or the reference raises
        raise ValueError(f"it cannot be computed ({str(error).strip()[:200]})") from error
    return [np.asarray(result) for result in results]


def _check_size(value: onnx.ValueInfoProto, most: int) -> None:
    tensor = value.type.tensor_type
    sizes = [d.dim_value if d.HasField("dim_value") else -1 for d in tensor.shape.dim]
    if not tensor.HasField("shape") or min(sizes, default=0) < 0:
        raise NodeError(
            "the size of its result is not known beforehand: export the network with a fixed size"
        )
    if 8 * math.prod(sizes) > most:
        raise NodeError(
            f"its result {tuple(sizes)} would take more than {most >> 20} MB: choose a smaller one"
        )
