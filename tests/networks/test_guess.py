"""What picture each family of networks wants, beside the family's own formula on a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from convlab.document.frame import Frame
from convlab.document.stack.picture import prepare
from convlab.engine.arrays import AnyArray
from convlab.networks.building import build
from convlab.networks.guess import count_of_classes, guess_input
from convlab.networks.network import Network
from convlab.networks.stack_input import Fitting, InputSpace, StackInput

onnx = pytest.importorskip("onnx", reason="the networks are models of ONNX")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

RNG = np.random.default_rng(0)
SIDE = 96
PIXELS = RNG.integers(256, size=(SIDE, SIDE, 3), dtype=np.uint8)


def network(
    classes: int = 10,
    picture: str = "input",
    producer: str = "",
    channels: int = 3,
    is_last: bool = False,
    first: tuple[str, list[AnyArray]] | None = None,
    side: int | str = SIDE,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> Network:
    """Return a network that averages each channel and has an answer for each class."""
    nodes, arrays, x = [], [], picture
    if is_last:
        nodes.append(helper.make_node("Transpose", [x], ["planes"], perm=[0, 3, 1, 2]))
        x = "planes"
    if first is not None:
        names = [f"first{number}" for number in range(len(first[1]))]
        arrays += list(zip(names, first[1], strict=True))
        nodes.append(helper.make_node(first[0], [x, *names], ["first"]))
        x = "first"
    weight = RNG.standard_normal((classes, channels), np.float32)
    arrays.append(("weight", weight))
    nodes += [
        helper.make_node("GlobalAveragePool", [x], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weight"], ["answer"], transB=1),
    ]
    size = (1, side, side, channels) if is_last else (1, channels, side, side)
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(picture, TensorProto.FLOAT, size)],
        [helper.make_tensor_value_info("answer", TensorProto.FLOAT, (1, classes))],
        [numpy_helper.from_array(array, name) for name, array in arrays],
    )
    model = helper.make_model(graph, producer_name=producer, ir_version=8)
    model.opset_import[0].version = 17
    helper.set_model_props(model, dict(notes))
    return Network.of(build(model))


def floats(*numbers: float) -> AnyArray:
    return np.array(numbers, np.float32)


def torch(x: AnyArray) -> AnyArray:
    return (x / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)


def caffe(x: AnyArray) -> AnyArray:
    return x[:, :, ::-1] - (104.0, 117.0, 123.0)


DIVIDES = ("Mul", [floats(1 / 255)])
SUBTRACTS = ("Sub", [floats(123.675, 116.28, 103.53).reshape(1, 3, 1, 1)])
NORMALISES = ("BatchNormalization", [floats(1, 1, 1), floats(0, 0, 0), floats(120, 115, 100)])
NORMALISES[1].append(floats(5000, 5000, 5000))
BGR = {"Image.BitmapPixelFormat": "Bgr8", "Image.NominalPixelRange": "NominalRange_0_255"}
MINUS_ONE = {"Image.BitmapPixelFormat": "Rgb8", "Image.NominalPixelRange": "Normalized_1_1"}
YOLO = {"stride": "32", "names": "{0: 'cat', 1: 'dog'}", "task": "detect"}
OWN = {"convlab.mean": json.dumps([0.1, 0.2, 0.3]), "convlab.std": "[0.5]"}

FAMILIES: dict[str, tuple[dict[str, Any], Callable[[AnyArray], AnyArray], str]] = {
    "torchvision": ({"classes": 1000, "producer": "pytorch"}, torch, "1,000 classes"),
    "trained further": ({"producer": "pytorch"}, torch, "PyTorch"),
    "gluon": ({"classes": 1000, "producer": "mxnet", "picture": "data"}, torch, "1,000"),
    "caffe": ({"producer": "onnx-caffe2"}, caffe, "by Caffe"),
    "model zoo": ({"classes": 1000, "picture": "data_0"}, caffe, "data_0"),
    "keras": ({"is_last": True, "producer": "tf2onnx"}, lambda x: (x - 127.5) / 127.5, "Keras"),
    "channels last": ({"is_last": True}, lambda x: (x - 127.5) / 127.5, "channels last"),
    "lite": ({"is_last": True, "picture": "images:0"}, lambda x: (x - 127) / 128, "Lite"),
    "divides": ({"first": DIVIDES}, lambda x: x, "first layer"),
    "subtracts": ({"first": SUBTRACTS, "classes": 1000}, lambda x: x, "first layer"),
    "normalises": ({"first": NORMALISES}, lambda x: x, "first layer"),
    "image metadata": ({"notes": BGR}, lambda x: x[:, :, ::-1], "metadata of images"),
    "signed metadata": ({"notes": MINUS_ONE}, lambda x: x / 127.5 - 1, "metadata of images"),
    "ultralytics": ({"notes": YOLO}, lambda x: x / 255, "Ultralytics"),
    "own": ({"notes": OWN}, lambda x: (x / 255 - (0.1, 0.2, 0.3)) / 0.5, "metadata names them"),
    "unknown": ({}, lambda x: x / 255, "nothing in the file"),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_enters_is_what_the_family_was_trained_on(family: str) -> None:
    made, formula, why = FAMILIES[family]
    wanted, reasons = guess_input(network(**made))
    assert wanted.size == (SIDE, SIDE)
    found = prepare(Frame(PIXELS, 0, 0.0), wanted, (0, 0))
    expected = formula(PIXELS.astype(np.float64)).transpose(2, 0, 1)
    assert np.abs(found - expected).max() <= 2e-5 * max(np.abs(expected).max(), 1.0)
    assert any(why in reason for reason in reasons)


def test_a_picture_of_bytes_is_cast_and_gives_what_the_runtime_does() -> None:
    runtime = pytest.importorskip("onnxruntime", reason="ONNX Runtime is the oracle")
    weight = RNG.standard_normal((4, 3, 3, 3), np.float32)
    nodes = [
        helper.make_node("Cast", ["x"], ["whole"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["whole", "scale"], ["scaled"]),
        helper.make_node("Transpose", ["scaled"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "w"], ["y"]),
    ]
    arrays = {"scale": floats(1 / 127.5), "w": weight}
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, (1, SIDE, SIDE, 3))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    opened = Network.of(build(model))
    wanted, reasons = guess_input(opened)
    found = opened(prepare(Frame(PIXELS, 0, 0.0), wanted, (0, 0)))
    session = runtime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    [expected] = session.run(None, {"x": PIXELS[np.newaxis]})
    assert np.abs(found - expected[0]).max() <= 1e-5 * np.abs(expected).max()
    assert [node.kind for node in opened.nodes] == ["affine", "conv2d"]
    assert any("bytes" in reason for reason in reasons)


def test_a_detector_sees_all_of_the_picture() -> None:
    assert guess_input(network(notes=YOLO)).input.fitting is Fitting.LETTERBOX
    classifier = YOLO | {"task": "classify"}
    assert guess_input(network(notes=classifier)).input.fitting is Fitting.CROP


def test_one_channel_is_grey() -> None:
    wanted, reasons = guess_input(network(channels=1))
    assert wanted == StackInput(InputSpace.GREY, (SIDE, SIDE))
    assert "grey" in reasons[0].lower()


def test_an_open_size_is_that_of_the_metadata_or_a_usual_one() -> None:
    assert guess_input(network(side="n")).input.size == (224, 224)
    named = network(side="n", notes={"imgsz": "[160, 320]"})
    assert guess_input(named).input.size == (160, 320)
    assert guess_input(network(notes={"imgsz": "[160, 320]"})).input.size == (SIDE, SIDE)


@pytest.mark.parametrize("text", ["[1, 2", "NaN", "[NaN, 1, 1]", "[1e999]", '["a"]', "[" * 350, ""])
def test_broken_notes_say_nothing(text: str) -> None:
    notes = {"convlab.mean": text, "convlab.std": text, "imgsz": text}
    assert guess_input(network(side="n", notes=notes)).input == StackInput(size=(224, 224))


def test_what_is_no_picture_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"4 × 96 × 96 numbers.*: choose a network"):
        guess_input(network(channels=4))


def test_classes_are_the_values_of_the_answer() -> None:
    assert count_of_classes(network(classes=37)) == 37
