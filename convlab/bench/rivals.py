"""The same convolution by other libraries, as their users call them; padding is "same"."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np

from convlab.engine.arrays import FloatArray

Task: TypeAlias = Callable[[], Any]


def onnx_runtime(x: FloatArray, weight: FloatArray) -> Task | None:
    """Return ONNX Runtime's convolution of ``(C, H, W)`` by ``(O, C, kh, kw)``, if installed."""
    if find_spec("onnxruntime") is None or find_spec("onnx") is None:
        return None
    import onnxruntime
    from onnx import TensorProto, helper

    rows, columns = weight.shape[2:]
    constant = helper.make_tensor(
        "w", TensorProto.FLOAT, weight.shape, np.ascontiguousarray(weight).tobytes(), raw=True
    )
    pads = [(rows - 1) // 2, (columns - 1) // 2, rows // 2, columns // 2]
    node = helper.make_node("Conv", ["x", "w"], ["y"], pads=pads)
    picture = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, *x.shape])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "conv", [picture], [result], [constant])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    options = onnxruntime.SessionOptions()
    # Else its threads spin for a while after each run, and slow down whoever is measured next.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    batch = x[np.newaxis]
    return lambda: session.run(None, {"x": batch})


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

    turned = weight[::-1, ::-1]
    return lambda: fftconvolve(x, turned, mode="same")
