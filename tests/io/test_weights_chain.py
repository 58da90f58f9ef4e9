"""New chains from weights alone: what names tell, what is assumed, and what is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.stack_files import load_stack, save_stack
from convlab.io.tensors import pack_tensors
from convlab.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    PReLU,
    ReLU,
    Stack,
)
from tests.slow import noise


def norm(name: str, channels: int) -> dict[str, FloatArray]:
    """The arrays of a batch normalisation, and the counter that PyTorch keeps beside them."""
    arrays = {f"{name}.{field}": noise(channels) for field in ("weight", "bias", "running_mean")}
    counter = np.zeros((), np.float32)
    variance = np.abs(noise(channels)) + np.float32(0.5)
    return arrays | {f"{name}.running_var": variance, f"{name}.num_batches_tracked": counter}


def read(path: Path, arrays: Mapping[str, AnyArray]) -> tuple[Stack, str]:
    """Return the chain of a file and what is said of it."""
    path.write_bytes(pack_tensors(arrays))
    with pytest.warns(UserWarning, match="Assumed") as said:
        stack = load_stack(path)
    return stack, str(said[0].message)


def same(stack: Stack, expected: list[Layer], shape: tuple[int, ...]) -> bool:
    x = noise(*shape)
    results = zip(stack.forward(x), Stack(expected).forward(x), strict=True)
    return [repr(layer) for layer in stack] == [repr(layer) for layer in expected] and all(
        np.array_equal(result, other) for result, other in results
    )


def test_gaps_among_the_numbers_of_a_sequential_are_told(tmp_path: Path) -> None:
    a = {
        "module.features.0.weight": noise(4, 3, 3, 3),
        "module.features.0.bias": noise(4),
        "module.features.2.weight": noise(4, 1, 5, 3),
        **norm("module.features.3", 4),
        "module.features.6.weight": noise(6, 4, 1, 1),
        "module.classifier.1.weight": noise(7, 54),
        "module.classifier.1.bias": noise(7),
        "module.classifier.4.weight": noise(2, 7),
    }
    stack, said = read(tmp_path / "net.safetensors", a)
    b = {name.removeprefix("module."): array for name, array in a.items()}
    fields = ("weight", "bias", "running_mean", "running_var")
    given: dict[str, Any] = {name: b[f"features.3.{name}"] for name in fields}
    weights = [b[f"features.{number}.weight"] for number in (0, 2, 6)]
    bias = b["features.0.bias"]
    assert same(
        stack,
        [
            Conv2d(3, 4, (3, 3), padding=(1, 1), weight=weights[0], bias=bias),
            ReLU(),
            Conv2d(4, 4, (5, 3), padding=(2, 1), groups=4, weight=weights[1], bias=None),
            BatchNorm2d(4, **given),
            ReLU(),
            MaxPool2d(2),
            Conv2d(4, 6, (1, 1), padding=(0, 0), weight=weights[2], bias=None),
            ReLU(),
            Dropout(),
            AdaptiveAvgPool2d(3),
            Flatten(),
            Linear(54, 7, weight=b["classifier.1.weight"], bias=b["classifier.1.bias"]),
            ReLU(),
            Dropout(),
            Linear(7, 2, weight=b["classifier.4.weight"], bias=None),
        ],
        (3, 12, 14),
    )  # fmt: skip
    for words in (
        "net.safetensors: ", "stride 1 and as much padding", "ReLU (4 times)", "max pooling 2 × 2",
        "means over 3 × 3 areas", "ε 1e-5", "dropout (2 times)", "torch.onnx.export",
    ):  # fmt: skip
        assert words in said


def test_names_with_numbers_tell_the_order_that_the_file_has_not(tmp_path: Path) -> None:
    arrays = {
        "conv1.weight": noise(4, 1, 3, 3),
        "conv10.weight": noise(6, 4, 3, 3),
        "conv2.weight": noise(4, 4, 3, 3),
        "prelu2.weight": noise(1),
        "fc1.weight": noise(5, 6),
        "fc2.weight": noise(2, 5),
        **norm("bn1", 4),
    }
    stack, said = read(tmp_path / "net.safetensors", arrays)
    kinds = [
        Conv2d, BatchNorm2d, ReLU, Conv2d, PReLU, Conv2d, ReLU, GlobalAvgPool2d, Flatten, Linear,
        ReLU, Linear,
    ]  # fmt: skip
    assert [type(layer) for layer in stack] == kinds
    tenth = stack[5]
    assert isinstance(tenth, Conv2d)
    np.testing.assert_array_equal(tenth.weight, arrays["conv10.weight"])
    assert "ReLU behind each layer but the last (3 times)" in said


def test_what_this_program_saves_it_reads_and_vectors_begin_with_a_picture(tmp_path: Path) -> None:
    layers = [Flatten(), Linear(12, 5, bias=True), ReLU(), Linear(5, 2, bias=False)]
    save_stack(Stack(layers), tmp_path / "mlp.safetensors")
    with pytest.warns(UserWarning, match="flattening of a square picture"):
        assert same(load_stack(tmp_path / "mlp.safetensors"), layers, (3, 2, 2))


def test_other_numbers_are_read_as_they_are(tmp_path: Path) -> None:
    weight = np.arange(72, dtype=np.float32).reshape(8, 1, 3, 3) / 8
    for dtype in ("<f2", "<f4", "<f8"):
        path = tmp_path / "net.npz"
        np.savez(path, **{"0.weight": weight.astype(dtype)})  # type: ignore[arg-type]
        with pytest.warns(UserWarning, match="Assumed"):
            [layer] = load_stack(path)
        assert isinstance(layer, Conv2d)
        np.testing.assert_array_equal(layer.weight, weight)


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({}, "it holds no weights"),
        ({"layer1.0.conv1.weight": noise(4, 3, 3, 3), "fc.weight": noise(2, 4)}, "of a block"),
        ({"0.weight": noise(4, 3, 3, 3), "2.weight": noise(4, 2, 3, 3)}, "grouped, transposed"),
        ({"0.weight": noise(4, 3, 3, 3), "0.bias": noise(3)}, "whether 0.bias is transposed"),
        ({"0.weight": noise(4, 3, 16, 16)}, "which stride goes with the 16 × 16 kernels"),
        ({"0.weight": noise(4, 3, 3, 3), "5.weight": noise(4, 4, 3, 3)}, "what the 4 layers"),
        ({"2.weight": noise(4, 3, 3, 3)}, "what stands before 2.weight"),
        ({"0.weight": noise(4, 3, 3, 3), "4.weight": noise(2, 20)}, "no square areas"),
        ({"0.weight": noise(4, 3), "2.weight": noise(4, 5)}, "takes 5 values where 4 come"),
        ({"0.weight": noise(4, 3, 3, 3), "1.weight": noise(4), "1.bias": noise(4)}, "'1' in it"),
        ({"a.0.weight": noise(4, 3, 3, 3), "b.0.weight": noise(4, 4, 3, 3)}, "'a' and 'b'"),
        ({"conv.weight": noise(4, 3, 3, 3), "conv1.weight": noise(4, 4, 3, 3)}, "comes first"),
        ({"lstm.weight_ih_l0": noise(4, 3)}, "tells no layer"),
        ({"layer1.0.conv1.weight": noise(4, 3, 3, 3)}, "'layer1.0.conv1.weight' in it tells no p"),
        ({"stem.weight": noise(4, 3, 3, 3)}, "tells no place"),
        ({"conv1.weight": noise(4, 3)}, r"conv1.weight \(4 × 3\) in it is no layer of that name"),
        ({"0.weight": np.full((4, 3, 1, 1), np.inf, np.float32)}, "not finite"),
        ({"0.weight": np.ones((4, 3, 1, 1), np.uint8)}, "uint8 numbers, whose scale"),
    ],
)
def test_where_too_little_is_known_there_is_no_chain(
    tmp_path: Path, arrays: dict[str, AnyArray], why: str
) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(pack_tensors(arrays))
    with pytest.raises(ValueError, match=rf"net\.safetensors cannot be opened.*{why}") as caught:
        load_stack(path)
    remedies = "torch.onnx.export", "choose another file", "finite numbers", "as float32"
    assert any(remedy in str(caught.value) for remedy in remedies)


@pytest.mark.parametrize("kind", ["pt", "pth", "ckpt", "pkl", "h5", "keras", "tflite", "yaml"])
def test_files_of_programs_are_rejected_with_a_recipe(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"net.{kind}").write_bytes(b"PK")
    with pytest.raises(ValueError, match=rf"it is a \.{kind} file: .*network\.onnx"):
        load_stack(tmp_path / f"net.{kind}")
