"""Small models of ONNX, and what ONNX Runtime makes of any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from convlab.engine.arrays import AnyArray, FloatArray

OPSET = 17


def one_node(
    operation: str,
    shape: tuple[int, ...],
    *constants: Any,
    opset: int = OPSET,
    outputs: int = 1,
    **attributes: Any,
) -> onnx.ModelProto:
    """Return a model whose first input is the picture; the others are constants or left out."""
    names, initializers = ["x"], []
    for number, constant in enumerate(constants):
        names.append("" if constant is None else f"c{number}")
        if constant is not None:
            initializers.append(numpy_helper.from_array(np.asarray(constant), f"c{number}"))
    results = [f"y{number}" for number in range(outputs)]
    node = helper.make_node(operation, names, results, name="the node", **attributes)
    return model_of([node], shape, initializers, results, opset)


def model_of(
    nodes: list[onnx.NodeProto],
    shape: tuple[int, ...],
    initializers: list[onnx.TensorProto] | None = None,
    results: list[str] | None = None,
    opset: int = OPSET,
) -> onnx.ModelProto:
    """Return a model of nodes that takes ``x``."""
    names = [nodes[-1].output[0]] if results is None else results
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names],
        initializers or [],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def light(name: str, seed: int) -> onnx.ModelProto:
    """Return a network that comes with the package onnx, its constants replaced by random ones.

    As they come all weights of a layer are equal, so that a flipped kernel would not be seen.
    """
    folder = Path(onnx.__file__).parent / "backend/test/data/light"
    model, rng = onnx.load(str(folder / f"light_{name}.onnx")), np.random.default_rng(seed)
    shapes = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    kept = []
    for node in model.graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        shape = tuple(int(size) for size in shapes[node.input[0]])
        array = _drawn(shape, rng)
        model.graph.initializer.append(numpy_helper.from_array(array, node.output[0]))
    for each in model.graph.initializer:
        if each.name in shapes and each.data_type == TensorProto.FLOAT:
            each.CopyFrom(numpy_helper.from_array(_drawn(tuple(each.dims), rng), each.name))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return model


def _drawn(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    if len(shape) < 2:  # a variance must be positive
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    scale = np.sqrt(2 / np.prod(shape[1:])).astype(np.float32)
    array: FloatArray = rng.standard_normal(shape, np.float32) * scale
    return array


def every_result(
    model: onnx.ModelProto, x: AnyArray, is_optimised: bool = False
) -> dict[str, FloatArray]:
    """Return all float32 tensors that ONNX Runtime computes, by their names.

    Args:
        model: Any.
        x: Its picture, a batch of one.
        is_optimised: As it runs where nobody says otherwise; else each node as it stands.
    """
    import onnxruntime

    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    known = {value.name for value in whole.graph.output}
    for node in whole.graph.node:
        for name in node.output:
            if name and name not in known:
                whole.graph.output.append(helper.make_empty_tensor_value_info(name))
    constant = {each.name for each in whole.graph.initializer}
    [picture] = [value.name for value in whole.graph.input if value.name not in constant]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if not is_optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        whole.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    names = [each.name for each in session.get_outputs()]
    results = dict(zip(names, session.run(None, {picture: x}), strict=True))
    return {name: array for name, array in results.items() if array.dtype == np.float32}
