"""Networks with branches, and operations without a layer, in project files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import convlab
from convlab.document.document import Document
from convlab.document.frame import Frame
from convlab.document.stack.model import InputSpace, Marks, StackInput, StackState
from convlab.document.thumbnail import stack_pixels
from convlab.engine.color_maps import Palette
from convlab.io.foreign_form import foreign_parameters, foreign_tensors, make_foreign
from convlab.io.project import ProjectError, load_project, save_project
from convlab.io.rejection import Rejection
from convlab.layers import Conv2d, ReLU
from convlab.layers.channels import Affine, ChannelSlice
from convlab.layers.graph import INPUT, Node
from convlab.layers.merge import Add, Concat, Multiply, Subtract
from convlab.networks.foreign import OnnxNode
from convlab.networks.stack_input import ChannelOrder, Fitting, Levels
from tests.io.documents import comparable, edited, stacked

BLOCK = Document(
    stack=StackState(
        (
            Node(2, Conv2d(3, 4, 3, padding=1), name="/layer1/conv1/Conv"),
            Node(3, ReLU(), (2,), is_on=False),
            Node(5, Add(), (3, 2)),
            Node(6, Subtract(), (5, 2)),
            Node(7, Multiply(), (6, 6)),
            Node(8, ChannelSlice(1, 3), (7,)),
            Node(9, Affine(2), (8,)),
            Node(11, Concat(), (9, INPUT), name="Ende"),
        ),
        next_uid=12,
    )
)


def test_branches_and_names_come_back(tmp_path: Path) -> None:
    save_project(BLOCK, tmp_path / "block.convlab")
    again = load_project(tmp_path / "block.convlab")
    assert comparable(again) == comparable(BLOCK)
    wires = [(slot.inputs, slot.name) for slot in again.stack.slots]
    assert wires == [(slot.inputs, slot.name) for slot in BLOCK.stack.slots]


def test_a_saved_network_with_branches_is_none_of_stacks(tmp_path: Path) -> None:
    path = tmp_path / "block.convlab"
    save_project(BLOCK, path)
    with pytest.raises(ProjectError, match="it has branches: open it with load_network"):
        convlab.load_stack(path)
    network = convlab.load_network(path)
    assert [node.name for node in network.nodes][:2] == ["/layer1/conv1/Conv", "2 add"]
    x = np.random.default_rng(0).normal(size=(3, 6, 5)).astype(np.float32)
    found, expected = network.forward(x), BLOCK.stack.graph.forward(x)
    np.testing.assert_array_equal(found["Ende"], expected[11])


def test_a_network_has_a_thumbnail() -> None:
    frame = Frame(np.full((12, 16, 3), 90, np.uint8), 0, 0.0)
    whole = stack_pixels(BLOCK.stack, frame, (64, 48), Palette.LIGHT)  # rows, columns
    assert whole.shape == (64, 48, 4)
    assert len(np.unique(whole[..., :3])) > 1, "something is painted"


@pytest.mark.parametrize(
    ("place", "inputs", "message"),
    [
        (0, [3], "its input 3 does not stand before it"),
        (2, [3, 99], "its input 99 does not stand before it"),
        (1, [2, 2], "it takes 1 input, not 2"),
        (1, [], "length >= 1"),
    ],
)
def test_wires_that_lead_nowhere_are_rejected(
    tmp_path: Path, place: int, inputs: list[int], message: str
) -> None:
    def rewire(plain: dict[str, Any]) -> None:
        plain["stack"]["layers"][place]["inputs"] = inputs

    with pytest.raises(ProjectError, match=message):
        load_project(edited(tmp_path / "bad.convlab", rewire, BLOCK))


@pytest.fixture
def foreign() -> Document:
    onnx = pytest.importorskip("onnx", reason="the operation is one of ONNX")
    kind = onnx.TensorProto.FLOAT
    values = [onnx.helper.make_tensor_value_info(name, kind, None) for name in ("x0", "y")]
    node = onnx.helper.make_node("Erf", ["x0"], ["y"])
    graph = onnx.helper.make_graph([node], "one", values[:1], values[1:])
    opset = onnx.helper.make_opsetid("", 17)
    model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString()
    layers = (OnnxNode("Erf", model, (True,)), OnnxNode("Erf", model, (True,)))
    slots = Node(1, layers[0], name="one"), Node(2, layers[1], (1,), name="two")
    return Document(stack=StackState(slots, next_uid=3))


def test_an_operation_without_a_layer_is_kept_once(foreign: Document, tmp_path: Path) -> None:
    save_project(foreign, tmp_path / "own.convlab")
    again = load_project(tmp_path / "own.convlab")
    first, second = (slot.layer for slot in again.stack.slots)
    assert isinstance(first, OnnxNode)
    assert isinstance(second, OnnxNode)
    assert first.model == second.model
    x = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 2, 2)
    expected = foreign.stack.slots[0].layer.forward(x)
    np.testing.assert_array_equal(first.forward(x), expected)
    model = first.model
    assert (tmp_path / "own.convlab").read_bytes().count(model[:40]) <= 1, "once by content"


def test_a_damaged_operation_is_named(foreign: Document, tmp_path: Path) -> None:
    def rename(plain: dict[str, Any]) -> None:
        plain["stack"]["layers"][1]["parameters"]["model"] = "0" * 64

    with pytest.raises(ProjectError, match=r"layer 2 lacks its operation 'Erf'"):
        load_project(edited(tmp_path / "bad.convlab", rename, foreign))


def test_what_a_network_wants_and_marks_comes_back(tmp_path: Path) -> None:
    wanted = StackInput(
        *(InputSpace.GREY, (60, 80), True, Fitting.LETTERBOX, ChannelOrder.BGR, Levels.BYTE),
        *(0.485, -1.5, 1e-7, 104.0, 0.229, 1 / 3, 1000.0, 0.0001),
    )
    state = replace(
        StackState.of((ReLU(), ReLU()), "Net", wanted),
        reasons=("Größe: 犬.", ""),
        marks=Marks(2, 1, 0.125, 1),
    )
    save_project(Document(stack=state), tmp_path / "net.convlab")
    assert load_project(tmp_path / "net.convlab").stack == state


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("input", "std_red"), 0.0),
        (("input", "mean_blue"), 1e9),
        (("input", "fitting"), "squeeze"),
        (("reasons",), ["x"] * 9),
        (("marks",), {"uid": -1, "channel": 0, "offsets": 0}),
        (("marks",), {"uid": 1, "channel": 0, "offsets": 0, "threshold": 2.0}),
    ],
)
def test_what_a_network_cannot_want_is_rejected(
    tmp_path: Path, place: tuple[str, ...], value: object
) -> None:
    def spoil(form: dict[str, Any]) -> None:
        part = form["stack"]
        for name in place[:-1]:
            part = part[name]
        part[place[-1]] = value

    path = edited(tmp_path / "net.convlab", spoil, stacked(ReLU()))
    with pytest.raises(ProjectError, match=place[-1]):
        load_project(path)


def test_the_bytes_of_an_operation_are_held_against_their_name(foreign: Document) -> None:
    layer = foreign.stack.slots[0].layer
    assert isinstance(layer, OnnxNode)
    [(name, stored)] = foreign_tensors(layer).items()
    damaged = stored.copy()
    damaged[-1] ^= 1
    with pytest.raises(Rejection, match="has a damaged operation 'Erf'"):
        make_foreign(foreign_parameters(layer), {name: damaged})
