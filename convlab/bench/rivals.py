"""The same convolution by other libraries, as their users call them; padding is "same"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from convlab.bench.table import Task
from convlab.engine.arrays import FloatArray
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
    Stack,
)
from convlab.learn.losses import Labels


def onnx_runtime(x: FloatArray, weight: FloatArray) -> Task | None:
    """Return ONNX Runtime's convolution of ``(C, H, W)`` by ``(O, C, kh, kw)``, if installed."""
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        return None
    from onnx import helper

    rows, columns = weight.shape[2:]
    pads = [(rows - 1) // 2, (columns - 1) // 2, rows // 2, columns // 2]
    node = helper.make_node("Conv", ["x", "w"], ["y"], pads=pads)
    return _session_task([node], [_constant("w", weight)], x)


def pytorch(x: FloatArray, weight: FloatArray) -> Task | None:
    """Return PyTorch's convolution of ``(C, H, W)`` by ``(O, C, kh, kw)``, if installed."""
    if find_spec("torch") is None:
        return None
    import torch

    picture, kernels = torch.from_numpy(x)[None], torch.from_numpy(weight)

    def convolve() -> object:
        with torch.inference_mode():
            return torch.nn.functional.conv2d(picture, kernels, padding="same")

    return convolve


def scipy_fft(x: FloatArray, weight: FloatArray) -> Task | None:
    """Return SciPy's convolution of a plane ``(H, W)`` through Fourier, if installed."""
    if find_spec("scipy") is None:
        return None
    from scipy.signal import fftconvolve

    flipped = weight[::-1, ::-1]
    return lambda: fftconvolve(x, flipped, mode="same")


def scipy_sound(x: FloatArray, response: FloatArray) -> Task | None:
    """Return SciPy's convolution of each channel ``(C, N)`` by ``(C, K)``, if installed."""
    if find_spec("scipy") is None:
        return None
    from scipy.signal import fftconvolve

    return lambda: fftconvolve(x, response, axes=1)


def onnx_stack(x: FloatArray, layers: Sequence[Layer]) -> Task | None:
    """Return ONNX Runtime's pass through convolutions (padding 1), ReLU and pooling (2 by 2).

    Every map is an output of the model, and so is kept.
    """
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        return None
    from onnx import helper

    nodes, constants, name = [], [], "x"
    for number, layer in enumerate(layers):
        inputs, result = [name], f"y{number}"
        if isinstance(layer, Conv2d):
            for part, values in (("w", layer.weight), ("b", layer.offsets)):
                assert values is not None
                constants.append(_constant(f"{part}{number}", values))
                inputs.append(f"{part}{number}")
            nodes.append(helper.make_node("Conv", inputs, [result], pads=[1, 1, 1, 1]))
        elif isinstance(layer, ReLU):
            nodes.append(helper.make_node("Relu", inputs, [result]))
        else:
            pool = partial(helper.make_node, "MaxPool", kernel_shape=[2, 2], strides=[2, 2])
            nodes.append(pool(inputs, [result]))
        name = result
    return _session_task(nodes, constants, x)


def onnx_file(x: FloatArray, path: Path) -> Task | None:
    """Return ONNX Runtime's pass through the network of a file; every node's result is kept."""
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        return None
    import onnx

    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    kind = onnx.TensorProto.FLOAT
    there = {value.name for value in model.graph.output}
    for value in model.graph.value_info:
        if value.type.tensor_type.elem_type == kind and value.name not in there:
            model.graph.output.append(value)
    return _session_of(model, model.graph.input[0].name, x)


def pytorch_stack(x: FloatArray, layers: Sequence[Layer]) -> Task | None:
    """Return PyTorch's pass through the same layers, every map kept; None if not installed."""
    if find_spec("torch") is None:
        return None
    import torch

    functional = torch.nn.functional
    picture = torch.from_numpy(x)[None]
    steps: list[Callable[[Any], Any]] = []
    for layer in layers:
        if isinstance(layer, Conv2d):
            weight = torch.from_numpy(layer.weight.copy())
            bias = None if layer.offsets is None else torch.from_numpy(layer.offsets.copy())
            steps.append(partial(functional.conv2d, weight=weight, bias=bias, padding=1))
        elif isinstance(layer, ReLU):
            steps.append(functional.relu)
        else:
            steps.append(partial(functional.max_pool2d, kernel_size=2))

    def forward() -> object:
        maps = [picture]
        with torch.inference_mode():
            for step in steps:
                maps.append(step(maps[-1]))
        return maps

    return forward


def pytorch_epoch(
    stack: Stack, images: FloatArray, labels: Labels, batch: int, rate: float
) -> Task | None:
    """Return PyTorch's way once through all pictures, learning; None if it is not installed.

    Args:
        stack: Of layers that ``starter_network`` uses; a softmax at the end belongs to the loss.
        images: ``(N, C, H, W)``.
        labels: ``(N,)``.
        batch: Pictures seen together.
        rate: Learning rate of Adam.
    """
    if find_spec("torch") is None:
        return None
    import torch

    pictures, classes = torch.from_numpy(images.copy()), torch.from_numpy(labels.copy())
    steps = [_torch_layer(layer) for layer in stack.layers if not isinstance(layer, Softmax)]
    network = torch.nn.Sequential(*steps)
    judge, optimiser = torch.nn.CrossEntropyLoss(), torch.optim.Adam(network.parameters(), lr=rate)

    def learn() -> None:
        for chosen in torch.randperm(len(pictures)).split(batch):
            optimiser.zero_grad()
            judge(network(pictures[chosen]), classes[chosen]).backward()
            optimiser.step()

    return learn


def _torch_layer(layer: Layer) -> Any:
    """Return PyTorch's layer of the same sizes; its weights are its own."""
    import torch

    kinds = torch.nn
    match layer:
        case Conv2d():
            return kinds.Conv2d(
                layer.in_channels,
                layer.out_channels,
                layer.kernel_size,
                padding=layer.padding,
                bias=layer.offsets is not None,
            )
        case BatchNorm2d():
            return kinds.BatchNorm2d(layer.num_features)
        case MaxPool2d():
            return kinds.MaxPool2d(layer.kernel_size)
        case Linear():
            return kinds.Linear(layer.in_features, layer.out_features)
        case Dropout():
            return kinds.Dropout(layer.p)
        case ReLU():
            return kinds.ReLU()
        case Flatten():
            return kinds.Flatten()
    raise ValueError(f"{layer.title} has no counterpart here: add it to the table")


def _constant(name: str, values: FloatArray) -> Any:
    """Return numbers as a constant of an ONNX graph."""
    from onnx import TensorProto, helper

    data = np.ascontiguousarray(values).tobytes()
    return helper.make_tensor(name, TensorProto.FLOAT, values.shape, data, raw=True)


def _session_task(nodes: Sequence[Any], constants: Sequence[Any], x: FloatArray) -> Task:
    """Return a run of ONNX's operations on a picture; what each gives is a result."""
    from onnx import TensorProto, helper

    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, *x.shape])
    results = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        for node in nodes
        for name in node.output
    ]
    graph = helper.make_graph(nodes, "rival", [picture], results, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return _session_of(model, "x", x)


def _session_of(model: Any, name: str, x: FloatArray) -> Task:
    """Return a run of a model on a picture that it calls so."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Else its threads spin for a while after each run, and slow down whoever is measured next.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    batch = x[np.newaxis]
    return lambda: session.run(None, {name: batch})
