"""Stacks as ONNX: ONNX Runtime gives the same numbers, and they come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.io.project import ProjectError
from convlab.layers import (
    GELU,
    Abs,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    HardSigmoid,
    HardSwish,
    Layer,
    LayerNorm2d,
    LeakyReLU,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    PixelShuffle,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Stack,
    Tanh,
    Upsample,
    ZeroPad2d,
)
from convlab.layers.registry import KINDS
from tests.slow import noise

onnxruntime: Any = pytest.importorskip("onnxruntime", reason="the oracle is ONNX Runtime")
onnx: Any = pytest.importorskip("onnx", reason="it writes the files")

LAYERS: list[Layer] = [
    *(
        Conv2d(4, 4, (3, 2), padding="same", border=border, value=2.5, bias=noise(4))
        for border in ("zeros", "constant", "replicate", "reflect")
    ),
    Conv2d(4, 6, 3, stride=(2, 1), dilation=(1, 2), groups=2, bias=None, flip=True),
    ConvTranspose2d(4, 6, (3, 2), 2, 1, (1, 0), groups=2, bias=noise(6)),
    ConvTranspose2d(4, 3, 2, 3, bias=None),
    MaxPool2d(3, 2, 1),
    MaxPool2d((2, 3), dilation=(2, 1), ceil_mode=True),
    AvgPool2d(3, 2, 1),
    AvgPool2d(2, count_include_pad=False),
    GlobalAvgPool2d(),
    AdaptiveAvgPool2d(1),
    BatchNorm2d(4, 1e-3, noise(4), noise(4), noise(4), np.abs(noise(4))),
    GroupNorm(2, 4, 1e-3, noise(4), noise(4)),
    LayerNorm2d(4, 1e-3, noise(4), noise(4)),
    LocalResponseNorm(3, 0.5, 0.6, 2.0),
    ReLU(),
    LeakyReLU(0.3),
    PReLU(),
    PReLU(4, weight=noise(4)),
    Sigmoid(),
    Tanh(),
    ReLU6(),
    HardSigmoid(),
    HardSwish(),
    SiLU(),
    GELU(),
    GELU("tanh"),
    Abs(),
    Softmax(),
    Dropout(0.3),
    ZeroPad2d((1, 2, 0, 3)),
    PixelShuffle(2),
    Upsample(2),
    Upsample((3, 2), "bilinear"),
    Upsample(2, "bilinear", True),
]
NETWORK = Stack(
    [Conv2d(1, 4, 5), ReLU(), MaxPool2d(2), Flatten(), Linear(4 * 12 * 12, 10), Softmax()]
)


def run(path: Path, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": x})[0])


def test_every_kind_of_layer_is_tried() -> None:
    tried = {type(layer) for layer in [*LAYERS, *NETWORK]}
    assert tried == set(KINDS.values())


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_onnx_runtime_gives_the_same_numbers(layer: Layer, tmp_path: Path) -> None:
    stack = Stack([Conv2d(3, 4, 3, padding=1), layer])
    path = tmp_path / "layer.onnx"
    convlab.save_stack(stack, path)
    onnx.checker.check_model(str(path), full_check=True)
    for height, width in ((12, 17), (24, 24)):
        batch = noise(2, 3, height, width)
        np.testing.assert_allclose(run(path, batch), stack(batch), rtol=1e-4, atol=1e-5)
    again = convlab.load_stack(path)
    x = noise(3, 12, 17)
    np.testing.assert_array_equal(again(x), stack(x))
    assert [type(each) for each in again] == [type(each) for each in stack]


def test_a_network_takes_the_size_that_its_last_layers_need(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    convlab.save_stack(NETWORK, path)
    x = noise(5, 1, 28, 28)
    np.testing.assert_allclose(run(path, x), NETWORK(x), rtol=1e-4, atol=1e-6)
    again = convlab.load_stack(path)
    assert repr(again) == repr(NETWORK)
    np.testing.assert_array_equal(again(x), NETWORK(x))
    (given,) = onnx.load(path).graph.input
    assert [side.dim_value or side.dim_param for side in given.type.tensor_type.shape.dim] == [
        "batch",
        1,
        28,
        28,
    ]


def test_a_size_that_has_to_be_chosen_is_asked_for(tmp_path: Path) -> None:
    stack = Stack([AdaptiveAvgPool2d((2, 3)), Flatten(), Linear(18, 2)])
    path = tmp_path / "adaptive.onnx"
    with pytest.raises(
        ProjectError, match=r"does not follow from its layers: give shape=\(C, H, W"
    ):
        convlab.save_stack(stack, path)
    convlab.save_stack(stack, path, shape=(3, 8, 9))
    x = noise(1, 3, 8, 9)
    np.testing.assert_allclose(run(path, x), stack(x), rtol=1e-4, atol=1e-6)
    with pytest.raises(ProjectError, match=r"layer 1 .*2 × 3 of 9 × 9 pixels.*that divides"):
        convlab.save_stack(stack, path, shape=(3, 9, 9))


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (Conv2d(3, 2, 3, padding=1, border="circular"), "border circular has no operator: choose"),
        (LocalResponseNorm(4), "size 4 is even, which has no operator: choose an odd one"),
        (AvgPool2d(3, ceil_mode=True), "ceil_mode is rounded differently"),
    ],
)
def test_what_has_no_operator_is_named(layer: Layer, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=rf"a\.onnx is not saved, because layer 1 .*{reason}"):
        convlab.save_stack(Stack([layer]), tmp_path / "a.onnx")
    assert not (tmp_path / "a.onnx").exists()


def changed(path: Path, **changes: Any) -> Path:
    model = onnx.load(path)
    if "operation" in changes:
        model.graph.node[1].op_type = changes["operation"]
    if "note" in changes:
        model.metadata_props[0].value = changes["note"]
    if changes.get("is_foreign"):
        del model.metadata_props[:]
    if changes.get("is_cut"):
        model.graph.initializer[0].raw_data = b"123"
    if changes.get("is_external"):
        model.graph.initializer[0].data_location = onnx.TensorProto.EXTERNAL
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"operation": "Tanh"}, "another program has changed its graph"),
        ({"note": "{}"}, "what it says of its layers is damaged"),
        (
            {"is_cut": True},
            r"its weights '0.weight' should be \d+ numbers and are 0.75: it is damag",
        ),
        ({"is_external": True}, "it keeps its weights in another file: save it in one"),
    ],
)
def test_what_is_not_as_it_was_written_is_rejected(
    changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "network.onnx"
    convlab.save_stack(NETWORK, path)
    with pytest.raises(ProjectError, match=reason):
        convlab.load_stack(changed(path, **changes))


def test_what_is_no_model_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    with pytest.raises(ProjectError, match=r"no\.onnx cannot be opened as a stack.* is not there"):
        convlab.load_stack(path)
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(ProjectError, match="it is damaged or no ONNX file: export it again"):
        convlab.load_stack(path)


def test_a_chain_of_another_program_is_a_stack_too(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    convlab.save_stack(NETWORK, path)
    found = convlab.load_stack(changed(path, is_foreign=True))
    x = noise(1, 28, 28)
    np.testing.assert_allclose(found(x), NETWORK(x), rtol=1e-4, atol=1e-6)
    branched = Stack([Conv2d(3, 3, 3, padding=1), SiLU()])
    convlab.save_stack(branched, path)
    model = onnx.load(path)
    model.graph.node[2].input[1] = "x"
    del model.metadata_props[:]
    onnx.save(model, path)
    with pytest.raises(ProjectError, match=r"has branches.*: open it with load_network"):
        convlab.load_stack(path)
