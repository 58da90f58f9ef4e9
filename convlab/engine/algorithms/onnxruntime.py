"""The convolution of ONNX Runtime, where it is installed: it has no wheel for every machine."""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from convlab.engine.algorithms.problem import UNTAMED, Problem
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border, pad
from convlab.engine.parallel import cores
from convlab.engine.shapes import Padding, Pair

if TYPE_CHECKING:
    import onnxruntime

OPSET, IR_VERSION = 13, 8  # old enough for every release in use
_KEPT = 2  # sessions: each has threads of its own, and a new one takes a third of a millisecond
_MOST_THREADS = 4  # of a session, whoever calls it included


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Tell whether both packages that this needs can be found."""
    return find_spec("onnxruntime") is not None and find_spec("onnx") is not None


def rejection(problem: Problem) -> str | None:
    """Return why the problem cannot be run like this, or None if it can."""
    if is_installed():
        return None if problem.is_tame else UNTAMED
    return "ONNX Runtime is not installed: pip install onnxruntime onnx, or choose auto"


def run(problem: Problem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32, contiguous. May be called in several threads at once."""
    sizes, planes, padding = problem.sizes, problem.x, problem.sizes.padding
    has_value = sizes.border is Border.CONSTANT and problem.value != 0.0
    if any(padding) and (has_value or sizes.border not in (Border.ZEROS, Border.CONSTANT)):
        planes = pad(planes, padding, sizes.border, problem.value)
        padding = Padding(0, 0, 0, 0)
    bias = problem.bias
    if bias is None:
        bias = np.zeros(sizes.outputs, np.float32)
    with _lock:  # or two threads would make two sessions of one kind
        session = _session(sizes.stride, padding, sizes.dilation, sizes.groups)
    result = np.empty(sizes.out_shape, np.float32)
    binding = session.io_binding()
    for name, numbers in (("x", planes), ("w", problem.weight), ("b", bias)):
        binding.bind_cpu_input(name, numbers)
    # Written where it stays: handed over, it would be copied, and both left holes in the heap.
    binding.bind_output("y", "cpu", 0, np.float32, result.shape, result.ctypes.data)
    session.run_with_iobinding(binding)
    return result


_lock = threading.Lock()


@lru_cache(maxsize=_KEPT)
def _session(
    stride: Pair, padding: Padding, dilation: Pair, groups: int
) -> onnxruntime.InferenceSession:
    """Return a session with one Conv node for pictures and kernels of any size.

    The kernels enter with the pictures. As constants they could be rearranged beforehand, which
    saves up to a third of the time of a deep layer, but each change of a weight would take a
    session of its own. A session ends, and its threads with it, when nobody holds it any more.
    """
    import onnxruntime
    from onnx import TensorProto, helper

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * dimensions)
        for name, dimensions in (("x", 4), ("w", 4), ("b", 1))
    ]
    node = helper.make_node(
        "Conv",
        ["x", "w", "b"],
        ["y"],
        strides=stride,
        dilations=dilation,
        group=groups,
        pads=[padding.top, padding.left, padding.bottom, padding.right],
    )
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "conv", inputs, [result])
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), session_options(), providers=["CPUExecutionProvider"]
    )


def session_options(threads: int = _MOST_THREADS) -> onnxruntime.SessionOptions:
    """Return how every session of the program runs: on few threads, which sleep between runs.

    Args:
        threads: The most it may have, whoever calls it included.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(cores(), threads)
    # Threads that spin after a run, waiting for the next, would take the processor from the window.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False  # it never gives back what the largest picture took
    # Of a single operation there is nothing to gain: without trying, a session is there twice as
    # soon.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # what goes wrong is raised: nothing is printed
    return options
