"""Models of a single operation, for what has no layer of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from convlab.networks.call import Call, Layout, Value
from convlab.networks.file_nodes import OPSET
from convlab.networks.foreign import OnnxNode

if TYPE_CHECKING:
    import onnx


def single_node(
    call: Call, result: str, values: Sequence[Value], opsets: Iterable[onnx.OperatorSetIdProto]
) -> bytes:
    """Return a node as it stands in its file, on its own.

    Args:
        call: It.
        result: Which of its results is wanted, by its name there.
        values: Those of its inputs that depend on the picture, as the model lays them out.
        opsets: Of its model.
    """
    from onnx import TensorProto, helper, numpy_helper

    node = type(call.node)()
    node.CopyFrom(call.node)
    known, count = [], 0
    for place, found in enumerate(call.inputs):
        if isinstance(found, Value):
            node.input[place] = f"x{count}"
            count += 1
        elif found is not None:
            node.input[place] = f"c{place}"
            known.append(numpy_helper.from_array(np.asarray(found), f"c{place}"))
    for place, output in enumerate(call.node.output):
        node.output[place] = "y" if output == result else output and f"y{place}"
    inputs = [
        helper.make_tensor_value_info(f"x{number}", TensorProto.FLOAT, value.model_shape)
        for number, value in enumerate(values)
    ]
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], node.op_type, inputs, [y], known)
    return _renewed(helper.make_model(graph, opset_imports=[*opsets]))


def laying_out(value: Value) -> OnnxNode | None:
    """Return what lays a value out as its model has it; None if it lies so."""
    if value.layout in (Layout.PLAIN, Layout.BARE):
        return None
    from onnx import TensorProto, helper

    if value.layout is Layout.CHANNELS_LAST:
        node = helper.make_node("Transpose", ["x0"], ["y"], perm=(0, 2, 3, 1))
        known = []
    else:
        axes = helper.make_tensor("axes", TensorProto.INT64, [1], [2])
        node, known = helper.make_node("Squeeze", ["x0", "axes"], ["y"]), [axes]
    given = helper.make_tensor_value_info("x0", TensorProto.FLOAT, [1, *value.shape])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], node.op_type, [given], [result], known)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    return OnnxNode(node.op_type, model.SerializeToString(), (True,))


def _renewed(model: onnx.ModelProto) -> bytes:
    """Return a model of one node with the operators of today, if they can say the same."""
    from onnx import version_converter

    try:
        return bytes(version_converter.convert_version(model, OPSET).SerializeToString())
    except Exception:  # the converter raises errors of several kinds; it runs all the same
        return bytes(model.SerializeToString())
