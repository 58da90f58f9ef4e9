"""One operation by the engine, by ONNX Runtime and by PyTorch: the same shapes, one thread each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

import numpy as np

from convlab.bench.network_shapes import NetworkShape
from convlab.bench.table import Task
from convlab.engine import activate, norm, pool, upsample
from convlab.engine.algorithms import onnxruntime
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv2d import conv2d
from convlab.engine.shapes import parse_padding

Options = Mapping[str, Any]
_OPSET, _IR_VERSION = 20, 9  # with Gelu

ACTIVATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "relu": activate.relu,
    "relu6": activate.relu6,
    "leaky_relu": activate.leaky_relu,
    "sigmoid": activate.sigmoid,
    "tanh": activate.tanh,
    "hard_sigmoid": activate.hard_sigmoid,
    "hard_swish": activate.hard_swish,
    "silu": activate.silu,
    "gelu": activate.gelu,
}
"""What an activation is called, and the engine's function of it."""


@contextmanager
def by_own_layers() -> Iterator[None]:
    """Let the planner believe that ONNX Runtime is not installed."""
    with patch.object(onnxruntime, "is_installed", lambda: False):
        yield


def contestants(shape: NetworkShape, seed: int = 0) -> dict[str, Task | None]:
    """Return who runs the operation: "convlab", "ONNX Runtime", "PyTorch"; None: not installed."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape.input, dtype=np.float32)
    weight = rng.standard_normal(shape.weight, dtype=np.float32)
    if shape.kind == "batch_norm2d":  # scale, offset, mean, variance of each channel
        weight = rng.uniform(0.5, 2.0, (4, shape.input[0])).astype(np.float32)
    options = dict(shape.options)
    has_session = find_spec("onnxruntime") is not None and find_spec("onnx") is not None
    return {
        "convlab": _ours(shape.kind, x, weight, options),
        "ONNX Runtime": _session(shape.kind, x, weight, options) if has_session else None,
        "PyTorch": _torch(shape.kind, x, weight, options) if find_spec("torch") else None,
    }


def _ours(kind: str, x: FloatArray, weight: FloatArray, options: Options) -> Task:
    match kind:
        case "conv2d":
            return partial(conv2d, x, weight, **options)
        case "batch_norm2d":
            scale, offset, mean, variance = weight
            return partial(norm.batch_norm2d, x, mean, variance, scale, offset)
        case "max_pool2d":
            return partial(pool.max_pool2d, x, **options)
        case "avg_pool2d":
            return partial(pool.avg_pool2d, x, **options)
        case "global_avg_pool2d":
            return partial(pool.global_avg_pool2d, x)
        case "upsample":
            return partial(upsample.upsample, x, **options)
    return partial(ACTIVATIONS[kind], x)


def _pads(options: Options, kernel: tuple[int, int]) -> list[int]:
    """Return top, left, bottom, right."""
    dilation = options.get("dilation", 1)
    sides = parse_padding(options.get("padding", 0), kernel, (dilation, dilation))
    return [sides.top, sides.left, sides.bottom, sides.right]


# ONNX Runtime.

_PLAIN_NODES: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "hard_swish": ("HardSwish", {}),
    "gelu": ("Gelu", {}),
    "global_avg_pool2d": ("GlobalAveragePool", {}),
}


def _nodes(
    kind: str, weight: FloatArray, options: Options
) -> tuple[list[Any], dict[str, AnyArray]]:
    """Return the nodes of the operation from "x" to "y", and their constants."""
    from onnx import helper

    make = helper.make_node
    stride = options.get("stride", 1)
    match kind:
        case "conv2d":
            dilation = options.get("dilation", 1)
            node = make(
                "Conv",
                ["x", "w"],
                ["y"],
                strides=[stride, stride],
                dilations=[dilation, dilation],
                group=options.get("groups", 1),
                pads=_pads(options, (weight.shape[2], weight.shape[3])),
            )
            return [node], {"w": weight}
        case "batch_norm2d":
            names = ["scale", "offset", "mean", "variance"]
            node = make("BatchNormalization", ["x", *names], ["y"])
            return [node], dict(zip(names, weight, strict=True))
        case "max_pool2d" | "avg_pool2d":
            side = options["kernel_size"]
            step = options.get("stride", side)
            pads = _pads(options, (side, side))
            form: dict[str, Any] = {
                "kernel_shape": [side, side],
                "strides": [step, step],
                "pads": pads,
            }
            if kind == "max_pool2d":
                return [make("MaxPool", ["x"], ["y"], **form)], {}
            return [make("AveragePool", ["x"], ["y"], count_include_pad=1, **form)], {}
        case "upsample":
            scales = np.array([1, 1, options["scale"], options["scale"]], np.float32)
            mode = "linear" if options.get("mode") == "bilinear" else "nearest"
            place = "half_pixel" if mode == "linear" else "asymmetric"
            how = {"mode": mode, "coordinate_transformation_mode": place, "nearest_mode": "floor"}
            return [make("Resize", ["x", "", "s"], ["y"], **how)], {"s": scales}
        case "relu6":
            limits = {"low": np.float32(0), "high": np.float32(6)}
            return [make("Clip", ["x", "low", "high"], ["y"])], {
                name: np.array(value) for name, value in limits.items()
            }
        case "silu":
            return [make("Sigmoid", ["x"], ["s"]), make("Mul", ["x", "s"], ["y"])], {}
    name, attributes = _PLAIN_NODES[kind]
    return [make(name, ["x"], ["y"], **attributes)], {}


def _session(kind: str, x: FloatArray, weight: FloatArray, options: Options) -> Task:
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime import InferenceSession, SessionOptions

    nodes, constants = _nodes(kind, weight, options)
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, *x.shape])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    tensors = [numpy_helper.from_array(np.ascontiguousarray(v), n) for n, v in constants.items()]
    graph = helper.make_graph(nodes, "rival", [picture], [result], tensors)
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    settings = SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 3
    session = InferenceSession(
        model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
    )
    batch = x[np.newaxis]
    return lambda: session.run(None, {"x": batch})


# PyTorch.


def _torch(kind: str, x: FloatArray, weight: FloatArray, options: Options) -> Task:
    import torch

    torch.set_num_threads(1)
    work = _torch_work(kind, torch.from_numpy(x)[None], torch.from_numpy(weight), options)

    def run() -> object:
        with torch.inference_mode():
            return work()

    return run


def _torch_work(kind: str, x: Any, weight: Any, options: Options) -> Task:
    import torch

    functional = torch.nn.functional
    match kind:
        case "conv2d":
            top, left, bottom, right = _pads(options, tuple(weight.shape[2:]))
            others = {name: value for name, value in options.items() if name != "padding"}
            if (top, left) == (bottom, right):
                return partial(functional.conv2d, x, weight, padding=(top, left), **others)
            sides = left, right, top, bottom
            return lambda: functional.conv2d(functional.pad(x, sides), weight, **others)
        case "batch_norm2d":
            scale, offset, mean, variance = weight
            return partial(functional.batch_norm, x, mean, variance, scale, offset)
        case "max_pool2d" | "avg_pool2d":
            return partial(getattr(functional, kind), x, **options)
        case "global_avg_pool2d":
            return partial(functional.adaptive_avg_pool2d, x, 1)
        case "upsample":
            mode = options.get("mode", "nearest")
            return partial(functional.interpolate, x, scale_factor=options["scale"], mode=mode)
    names = {"sigmoid": torch.sigmoid, "tanh": torch.tanh}
    found = names.get(kind) or getattr(functional, kind.replace("hard_", "hard"))
    return partial(found, x)
