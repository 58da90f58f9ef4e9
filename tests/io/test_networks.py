from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from convlab import load_network
from convlab.document.document import Document
from convlab.document.stack.model import StackState, first_stack
from convlab.document.stack.opened import opened
from convlab.io.networks import NetworkError
from convlab.io.project import save_project
from convlab.layers import Conv2d
from tests.networks.models import every_result, model_of, one_node

FIXTURE = Path(__file__).parents[1] / "fixtures" / "pytorch_networks.zip"
with zipfile.ZipFile(FIXTURE) as _archive:
    EXPORTED = [name for name in _archive.namelist() if name.endswith(".onnx")]
TOLERANCE = 1e-5  # of a tensor's largest magnitude


def member(name: str) -> bytes:
    with zipfile.ZipFile(FIXTURE) as archive:
        return archive.read(name)


@pytest.mark.parametrize("name", EXPORTED)
def test_what_pytorch_exports_gives_what_pytorch_and_the_runtime_do(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(member(name))
    network = load_network(path)
    stored = np.load(io.BytesIO(member(name.partition(".")[0] + ".npz")))
    x, y = stored["x"], stored["y"]
    assert network.shape == x.shape
    results = network.forward(x)
    [answer] = network.outputs
    assert np.abs(results[answer].reshape(y.shape) - y).max() <= TOLERANCE * np.abs(y).max()
    pytest.importorskip("onnxruntime", reason="the oracle of what lies between")
    expected = every_result(onnx.load(path), x[np.newaxis])
    for node in results.keys() & expected.keys():
        whole = expected[node]
        assert (
            np.abs(results[node].ravel() - whole.ravel()).max() <= TOLERANCE * np.abs(whole).max()
        )
    assert len(results.keys() & expected.keys()) >= len(results) - 1
    again = tmp_path / "again.onnx"
    network.save(again)
    saved = every_result(onnx.load(again), x[np.newaxis])
    for node in saved.keys() & results.keys():
        whole = saved[node]
        assert (
            np.abs(results[node].ravel() - whole.ravel()).max() <= TOLERANCE * np.abs(whole).max()
        )
    assert saved.keys() >= results.keys()


def test_a_network_is_kept_in_a_project_and_told_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(member(EXPORTED[0]))
    network = load_network(path)
    network.save(tmp_path / "kept.convlab")
    again = load_network(tmp_path / "kept.convlab")
    x = np.random.default_rng(0).random(network.shape, np.float32)
    np.testing.assert_array_equal(again(x), network(x))
    table = str(network.summary())
    assert f"{network.cost().parameters:,}" in table
    assert len(table.splitlines()) == 2 + len(network)
    with pytest.raises(NetworkError, match=r"gives? a name that ends in \.convlab or \.onnx"):
        network.save(tmp_path / "network.txt")


def test_a_project_is_a_network_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.convlab"
    save_project(Document(stack=first_stack()), path)
    network = load_network(path)
    assert network.shape == (3, 240, 320)
    assert [node.kind for node in network.nodes][:3] == ["conv2d", "relu", "max_pool2d"]
    x = np.random.default_rng(0).random(network.shape, np.float32)
    expected = first_stack().stack().forward(x)
    for result, other in zip(network.forward(x).values(), expected, strict=True):
        assert np.array_equal(result, other)


def test_a_picture_of_the_wrong_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "n.onnx"
    onnx.save(one_node("Relu", (1, 3, 8, 9)), path)
    network = load_network(path)
    assert repr(network) == "<Network of 1 nodes for a picture of 3 × 8 × 9>"
    with pytest.raises(ValueError, match=r"\(8, 9, 3\): this network takes \(C, H, W\) like"):
        network(np.zeros((8, 9, 3), np.float32))


def saved(model: onnx.ModelProto) -> bytes:
    data: bytes = model.SerializeToString()
    return data


def outside() -> bytes:
    model = one_node("Conv", (1, 2, 5, 5), np.ones((1, 2, 3, 3), np.float32))
    [weight] = model.graph.initializer
    weight.ClearField("raw_data")
    weight.data_location = onnx.TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../secret.bin")
    return saved(model)


def looping() -> bytes:
    body = helper.make_graph([], "body", [], [])
    node = helper.make_node("If", ["x"], ["y"], name="choice", then_branch=body, else_branch=body)
    return saved(model_of([node], (1, 3, 4, 4)))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("n.pt", b"", r"it is a \.pt file: such files can run programs .* torch\.onnx\.export"),
        ("n.pkl", b"", r"it is a \.pkl file: such files can run programs"),
        ("n.h5", b"", r"it is a \.h5 file: in Keras write model\.export"),
        ("n.txt", b"", r"its kind '\.txt' is unknown: choose an \.onnx or \.convlab file"),
        ("n.onnx", b"\x00\x01", "it is damaged or no ONNX file"),
        ("n.onnx", b"", "it is empty: choose another file"),
        (
            "n.onnx",
            outside(),
            r"its weights in '\.\./secret\.bin', outside of its own folder: save",
        ),
        ("n.onnx", looping(), r"node 'choice' \(If\): it decides while it runs: export|ONNX rej"),
        ("n.onnx", saved(one_node("Relu", (1, 3, 4, 4), opset=6)), "operators are of version 6"),
        ("n.onnx", saved(one_node("Relu", (7, 3, 4, 4))), "7 pictures at once: export it with"),
        ("n.onnx", saved(one_node("Nonsense", (1, 3, 4, 4))), "ONNX rejects it .*Nonsense"),
    ],
)
def test_what_cannot_be_opened_says_why_and_what_helps(
    name: str, data: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(
        NetworkError, match=rf"(?s){name} cannot be opened as a network, .*{message}"
    ):
        load_network(path)


def test_a_missing_file_and_an_empty_project_are_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="it is not there: choose another file"):
        load_network(tmp_path / "n.onnx")
    path = tmp_path / "empty.convlab"
    save_project(Document(stack=StackState()), path)
    with pytest.raises(NetworkError, match="holds no layers"):
        load_network(path)


def test_the_size_of_the_picture_can_be_chosen_where_it_is_open(tmp_path: Path) -> None:
    path = tmp_path / "open.convlab"
    save_project(Document(stack=StackState.of((Conv2d(3, 2, 3),), "t", StackState().input)), path)
    assert load_network(path, (30, 40)).shape == (3, 30, 40)


@pytest.mark.parametrize(
    ("count", "notes", "first"),
    [(1000, {}, "tench"), (1000, {"names": json.dumps(["x"] * 1000)}, "x"), (999, {}, None)],
)
def test_a_network_of_a_thousand_classes_without_names_has_those_of_imagenet(
    tmp_path: Path, count: int, notes: dict[str, str], first: str | None
) -> None:
    weight = np.zeros((count, 3, 4, 4), np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["conv"]),
        helper.make_node("Flatten", ["conv"], ["y"]),
    ]
    model = model_of(nodes, (1, 3, 4, 4), [numpy_helper.from_array(weight, "w")])
    helper.set_model_props(model, notes)
    path = tmp_path / "n.onnx"
    path.write_bytes(model.SerializeToString())
    found = opened(load_network(path), "n")
    assert next(iter(found.classes), None) == first
    said = [reason for reason in found.reasons if reason.startswith("Classes:")]
    assert len(said) == (first is not None)
    assert not said or ("ImageNet" in said[0]) == (first == "tench")
