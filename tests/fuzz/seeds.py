"""Healthy files, which are damaged afterwards."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from convlab.engine.arrays import FloatArray
from convlab.io.tensors import pack_tensors
from convlab.layers import BatchNorm2d, Conv2d, Flatten, Layer, Linear, ReLU
from tests.networks.models import model_of, one_node
from tests.slow import noise

FIXTURE = Path(__file__).parents[1] / "fixtures" / "pytorch_networks.zip"
PICTURE = (1, 3, 12, 10)
LAYERS: tuple[Layer, ...] = (
    Conv2d(3, 4, 3), BatchNorm2d(4), ReLU(), Conv2d(4, 4, 3), ReLU(), Flatten(), Linear(192, 5),
)  # fmt: skip
"""What the weights of safetensors and npz are for, with the picture below."""
EXTERNAL = "weights.bin"
"""A file beside the others, with what some keep there."""


class Seed(NamedTuple):
    """A healthy file."""

    name: str
    suffix: str
    data: bytes


@cache
def seeds(operators: bool = False) -> tuple[Seed, ...]:
    """Return all of them.

    Args:
        operators: With the cases of every operator that come with the package onnx.
    """
    found = [*_small(), *_exported(), *_weights()]
    return (*found, *_operators()) if operators else tuple(found)


def _small() -> Iterator[Seed]:
    models = {
        "branches": _branches(),
        "function": _function(),
        "shapes": _shape_arithmetic(),
        "external": _external(),
        "erf": one_node("Erf", PICTURE),
        "elu": one_node("Elu", PICTURE),
        "resize": one_node("Resize", PICTURE, None, np.array([1, 1, 2, 2], np.float32)),
        "pad": one_node("Pad", PICTURE, np.array([0, 0, 1, 1, 0, 0, 1, 1]), mode="reflect"),
        "transposed": one_node("ConvTranspose", PICTURE, noise(3, 4, 3, 3), strides=(2, 2)),
        "pool": one_node("MaxPool", PICTURE, kernel_shape=(3, 3), strides=(2, 2), ceil_mode=1),
        "average": one_node("AveragePool", PICTURE, kernel_shape=(2, 2), pads=(1, 0, 1, 0)),
        "tile": one_node("Tile", PICTURE, np.array([1, 2, 1, 1])),
        "gather": one_node("Gather", PICTURE, np.array([2, 0]), axis=1),
        "space": one_node("SpaceToDepth", PICTURE, blocksize=2),
        "einsum": one_node("Einsum", PICTURE, noise(3, 3), equation="nchw,cd->ndhw"),
        "softmax": one_node("Softmax", PICTURE, axis=3),
        "lp": one_node("LpPool", PICTURE, kernel_shape=(3, 3)),
        "trilu": one_node("Trilu", PICTURE),
        "cumsum": one_node("CumSum", PICTURE, np.array(2)),
        "line": one_node("Conv", (1, 5, 17), noise(4, 5, 3), pads=(1, 2)),
    }
    for name, model in models.items():
        yield Seed(name, ".onnx", model.SerializeToString())


def _branches() -> onnx.ModelProto:
    """A skip connection, a gate and an answer, with weights in initialisers and constants."""
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="conv", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("Constant", [], ["k"], value=_tensor(noise(3, 1, 1), "k")),
        helper.make_node("Mul", ["r", "k"], ["m"], name="gate"),
        helper.make_node("Add", ["m", "x"], ["a"], name="skip"),
        helper.make_node("Concat", ["a", "x"], ["cat"], name="cat", axis=1),
        helper.make_node("GlobalAveragePool", ["cat"], ["g"], name="pool"),
        helper.make_node("Flatten", ["g"], ["f"], name="flatten"),
        helper.make_node("Gemm", ["f", "d"], ["y"], name="dense", transB=1),
    ]
    weights = {"w": noise(3, 3, 3, 3), "b": noise(3), "d": noise(5, 6)}
    return model_of(nodes, PICTURE, [_tensor(array, name) for name, array in weights.items()])


def _function() -> onnx.ModelProto:
    model = model_of([helper.make_node("Twice", ["x"], ["y"], domain="own")], PICTURE)
    model.opset_import.append(helper.make_opsetid("own", 1))
    body = [
        helper.make_node("Add", ["a", "a"], ["t"]), helper.make_node("Tanh", ["t"], ["b"]),
    ]  # fmt: skip
    opsets = [helper.make_opsetid("", 17)]
    model.functions.append(helper.make_function("own", "Twice", ["a"], ["b"], body, opsets))
    return model


def _shape_arithmetic() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Unsqueeze", ["batch", "axes"], ["row"]),
        helper.make_node("Concat", ["row", "rest"], ["wanted"], axis=0),
        helper.make_node("Reshape", ["x", "wanted"], ["flat"]),
        helper.make_node("ConstantOfShape", ["two"], ["zeros"]),
        helper.make_node("MatMul", ["flat", "zeros"], ["y"]),
    ]
    numbers = {"zero": [0], "axes": [0], "rest": [-1], "two": [360, 4]}
    arrays = {name: np.array(each, np.int64) for name, each in numbers.items()}
    arrays["zero"] = arrays["zero"].reshape(())
    return model_of(nodes, PICTURE, [_tensor(array, name) for name, array in arrays.items()])


def _external() -> onnx.ModelProto:
    model = one_node("Conv", PICTURE, noise(2, 3, 3, 3))
    [tensor] = model.graph.initializer
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": EXTERNAL, "offset": "0", "length": "216"}.items():
        tensor.external_data.add(key=key, value=value)
    return model


def external_weights() -> bytes:
    """Return what lies in the file beside the others."""
    return noise(2, 3, 3, 3).tobytes()


def _tensor(array: object, name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(array), name)


def _exported() -> Iterator[Seed]:
    with zipfile.ZipFile(FIXTURE) as archive:
        for name in archive.namelist():
            if name.endswith(".onnx"):
                yield Seed(name.removesuffix(".onnx"), ".onnx", archive.read(name))


def _weights() -> Iterator[Seed]:
    arrays: dict[str, FloatArray] = {
        "features.0.weight": noise(4, 3, 3, 3), "features.0.bias": noise(4),
        "features.1.weight": noise(4), "features.1.bias": noise(4),
        "features.1.running_mean": noise(4), "features.1.running_var": noise(4) ** 2,
        "features.3.weight": noise(4, 4, 3, 3), "features.3.bias": noise(4),
        "head.weight": noise(5, 192), "head.bias": noise(5),
    }  # fmt: skip
    yield Seed("state dict", ".safetensors", pack_tensors(arrays))
    plain, packed = io.BytesIO(), io.BytesIO()
    np.savez(plain, allow_pickle=False, **arrays)
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    yield Seed("plain", ".npz", plain.getvalue())
    yield Seed("packed", ".npz", packed.getvalue())


def _operators() -> Iterator[Seed]:
    """Give a model of each case whose first input is a picture; the others become constants."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = collect_testcases(None)
    for case in cases:
        model, given = case.model, case.data_sets[0][0] if case.data_sets else []
        assert model is not None
        first = given[0] if given else None
        is_picture = isinstance(first, np.ndarray) and first.dtype == np.float32
        if not is_picture or not all(isinstance(each, np.ndarray) for each in given):
            continue
        for value, array in list(zip(model.graph.input, given, strict=False))[1:]:
            model.graph.initializer.append(_tensor(array, value.name))
        del model.graph.input[1:]
        yield Seed(case.name, ".onnx", model.SerializeToString())
