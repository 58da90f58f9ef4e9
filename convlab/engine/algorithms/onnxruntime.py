"""The convolution of ONNX Runtime, where it is installed (the extra ``fast``)."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from convlab.engine.algorithms.problem import Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.shapes import Padding, Pair

if TYPE_CHECKING:
    import onnxruntime

_OPSET, _IR_VERSION = 13, 8  # old enough for every release in use
_KEPT = 64  # sessions; one for each layer of a large stack


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Tell whether both packages that this needs can be found."""
    return find_spec("onnxruntime") is not None and find_spec("onnx") is not None


def refusal(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    if is_installed():
        return None
    return 'ONNX Runtime is not installed: pip install "convlab-studio[fast]", or choose auto'


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32, contiguous."""
    sizes, planes, padding = problem.sizes, problem.x, problem.sizes.padding
    has_value = sizes.border is Border.CONSTANT and problem.value != 0.0
    if any(padding) and (has_value or sizes.border not in (Border.ZEROS, Border.CONSTANT)):
        planes = pad(planes, padding, sizes.border, problem.value)
        padding = Padding(0, 0, 0, 0)
    bias = None if problem.bias is None else problem.bias.tobytes()
    session = _session(
        problem.weight.tobytes(),
        problem.weight.shape,
        bias,
        sizes.stride,
        padding,
        sizes.dilation,
        sizes.groups,
    )
    return np.asarray(session.run(None, {"x": planes})[0])


@lru_cache(maxsize=_KEPT)
def _session(
    weight: bytes,
    shape: tuple[int, ...],
    bias: bytes | None,
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
) -> onnxruntime.InferenceSession:
    """Return a session with one Conv node; its weights are constants, so it may rearrange them."""
    import onnxruntime
    from onnx import TensorProto, helper

    constants = [helper.make_tensor("w", TensorProto.FLOAT, shape, weight, raw=True)]
    if bias is not None:
        constants.append(helper.make_tensor("b", TensorProto.FLOAT, shape[:1], bias, raw=True))
    node = helper.make_node(
        "Conv",
        ["x", *(constant.name for constant in constants)],
        ["y"],
        strides=stride,
        dilations=dilation,
        group=groups,
        pads=[padding.top, padding.left, padding.bottom, padding.right],
    )
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, None, None])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "conv", [picture], [result], constants)
    opset = helper.make_opsetid("", _OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)
    options = onnxruntime.SessionOptions()
    # Threads that spin after a run, waiting for the next, would take the processor from the window.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
