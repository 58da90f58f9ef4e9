"""Weights beside a model are read, and nothing that lies anywhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from convlab import load_network
from convlab.io.networks import NetworkError
from tests.networks.models import one_node

WEIGHT = np.random.default_rng(0).standard_normal((4, 3, 3, 3), np.float32)
BEFORE = b"0123456789abcdef"  # what else lies in that file


def keep(folder: Path, location: str, **entries: object) -> Path:
    """Write a model that says where its weights are."""
    model = one_node("Conv", (1, 3, 8, 9), WEIGHT)
    [tensor] = model.graph.initializer
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": len(BEFORE), **entries}.items():
        tensor.external_data.add(key=key, value=str(value))
    path = folder / "n.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def store(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(BEFORE + WEIGHT.tobytes())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store(tmp_path / "secret.bin")
    made = tmp_path / "mine"
    made.mkdir()
    return made


@pytest.mark.parametrize("location", ["n.onnx.data", "weights/n.data", "./n data ä.bin"])
def test_weights_in_its_own_folder_are_read(folder: Path, location: str) -> None:
    store(folder / location)
    [node] = load_network(keep(folder, location)).graph
    assert np.array_equal(node.layer.weight, WEIGHT)  # type: ignore[attr-defined]


def test_in_an_attribute_too(folder: Path) -> None:
    store(folder / "n.data")
    path = keep(folder, "n.data")
    model = onnx.load(path, load_external_data=False)
    value = model.graph.initializer.pop()
    model.graph.node.insert(0, onnx.helper.make_node("Constant", [], ["c0"], value=value))
    path.write_bytes(model.SerializeToString())
    [node] = load_network(path).graph
    assert np.array_equal(node.layer.weight, WEIGHT)  # type: ignore[attr-defined]


def link_out(folder: Path) -> str:
    (folder / "n.data").symlink_to(folder.parent / "secret.bin")
    return "n.data"


def folder_out(folder: Path) -> str:
    (folder / "link").symlink_to(folder.parent)
    return "link/secret.bin"


OUTSIDE: dict[str, Callable[[Path], str]] = {
    "above": lambda folder: "../secret.bin",
    "above, from below": lambda folder: "below/../../secret.bin",
    "absolute": lambda folder: str(folder.parent / "secret.bin"),
    "of Windows": lambda folder: r"..\secret.bin",
    "of a drive": lambda folder: r"C:secret.bin",
    "of a share": lambda folder: r"\\host\share\secret.bin",
    "link": link_out,
    "link of a folder": folder_out,
    "nothing": lambda folder: "",
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_lies_outside_is_not_read(folder: Path, kind: str) -> None:
    location = OUTSIDE[kind](folder)
    with pytest.raises(NetworkError, match="outside of its own folder: save all in one: onnx"):
        load_network(keep(folder, location))


def test_a_link_that_stays_inside_is_followed(folder: Path) -> None:
    store(folder / "blob")
    (folder / "n.data").symlink_to("blob")
    assert len(load_network(keep(folder, "n.data"))) == 1


@pytest.mark.parametrize(
    ("location", "entries", "message"),
    [
        ("absent", {}, "it keeps its weights in 'absent', which is not there: put the file"),
        ("a\0b", {}, "which is not there: put the file with its weights beside it"),
        ("pipe", {}, "in 'pipe', which is no file"),
        ("below", {}, "in 'below', which is no"),
        ("n.data", {"offset": 17}, "'n.data' does not hold its weights: put the file"),
        ("n.data", {"offset": -1}, "'n.data' does not hold its weights"),
        ("n.data", {"offset": "one"}, "'n.data' does not hold its weights"),
        ("n.data", {"offset": 1 << 70}, "'n.data' does not hold its weights"),
        ("n.data", {"length": 1 << 40}, "'n.data' does not hold its weights"),
    ],
)
def test_what_does_not_hold_the_weights_is_named(
    folder: Path, location: str, entries: dict[str, object], message: str
) -> None:
    store(folder / "n.data")
    (folder / "below").mkdir()
    os.mkfifo(folder / "pipe")
    with pytest.raises(NetworkError, match=re.escape(message)):
        load_network(keep(folder, location, **entries))
