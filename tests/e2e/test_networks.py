"""Networks of other programs in the window: dropped, looked into, edited, and taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from convlab.document.document import Lab
from convlab.document.stack.arithmetic import Steps
from convlab.document.stack.model import Unit
from convlab.layers.graph import INPUT
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import Driver
from tests.e2e.stack_driver import StackDriver

onnx = pytest.importorskip("onnx", reason="networks are files of ONNX")
models = pytest.importorskip("tests.networks.models")


def residual(path: Path) -> Path:
    """Write a network of one block with a skip, which tells three classes."""
    rng, helper = np.random.default_rng(0), onnx.helper

    def array(name: str, *shape: int) -> object:
        values = rng.normal(0, 0.4, shape).astype(np.float32)
        return onnx.numpy_helper.from_array(values, name)

    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["/stem/Conv"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["/stem/Conv"], ["/stem/Relu"]),
        helper.make_node("Conv", ["/stem/Relu", "w2"], ["/block/Conv"], pads=[1, 1, 1, 1]),
        helper.make_node("Add", ["/block/Conv", "/stem/Relu"], ["/block/Add"]),
        helper.make_node("GlobalAveragePool", ["/block/Add"], ["/pool"]),
        helper.make_node("Flatten", ["/pool"], ["/flat"]),
        helper.make_node("Gemm", ["/flat", "w3", "b3"], ["scores"], transB=1),
        helper.make_node("Softmax", ["scores"], ["probabilities"]),
    ]
    weights = [array("w1", 4, 3, 3, 3), array("b1", 4), array("w2", 4, 4, 3, 3)]
    weights += [array("w3", 3, 4), array("b3", 3)]
    model = models.model_of(nodes, (1, 3, 24, 32), weights)
    onnx.helper.set_model_props(model, {"classes": '["cat", "dog", "cup"]'})
    onnx.save(model, path)
    return path


@pytest.fixture
def user(open_window: OpenWindow) -> Driver:
    return open_window("--source", "pattern:zone-plate", "--size", "1440x900")


def test_a_network_is_dropped_looked_into_edited_and_taken_back(
    user: Driver, tmp_path: Path
) -> None:
    before = user.document
    user.drop_file(tmp_path / "other.png", residual(tmp_path / "my block.onnx"))
    user.until(lambda: user.document.stack.title == "my block")
    assert user.window.session.viewing.lab is Lab.STACK
    stack = user.document.stack
    assert [slot.name for slot in stack.slots][-1] == "probabilities"
    assert stack.input.size == (24, 32)
    assert stack.classes == ("cat", "dog", "cup")
    user.until(lambda: "Input and classes" in user.message)
    user.press("source_message_action_0")
    assert user.message == "Only my block.onnx is opened: drop one file at a time."
    reasons = user.find(QLabel, "input_reasons")
    user.until(lambda: "24" in reasons.text())
    lab = StackDriver(user)
    lab.until_shown(lambda shown: shown.job.state is stack and shown.answer is not None)
    total = stack.slots[3]
    maps = {column.uid: column.maps for column in lab.shown.columns}
    branches = [maps[uid] for uid in total.inputs]
    np.testing.assert_allclose(maps[total.uid], branches[0] + branches[1], atol=1e-5)
    assert str(tmp_path / "my block.onnx") in user.window.settings.recent_files()

    lab.click(Unit(total.uid, 2, 5, 6))
    lab.until_shown(lambda shown: shown.look is not None and shown.look.incoming is not None)
    look = lab.shown.look
    assert look is not None
    assert isinstance(look.detail, Steps)
    assert look.value == pytest.approx(sum(look.detail.formula.numbers), abs=1e-5)
    assert {INPUT, *total.inputs} < set(look.boxes)
    title = user.find(QLabel, "below_title")
    user.until(lambda: title.text() == "3 Conv 3×3 and 2 ReLU")
    lab.click(Unit(total.inputs[0], 1, 5, 6))
    user.until(lambda: title.text() == "2 ReLU")

    user.undo()
    assert user.document.stack == before.stack
    user.redo()
    assert user.document.stack is stack


def test_what_cannot_be_opened_says_why_and_leaves_the_network(
    user: Driver, tmp_path: Path
) -> None:
    user.drop_file(residual(tmp_path / "good.onnx"))
    user.until(lambda: user.document.stack.title == "good")
    stack = user.document.stack
    broken, pickled = tmp_path / "broken.onnx", tmp_path / "weights.pt"
    broken.write_bytes((tmp_path / "good.onnx").read_bytes()[:300])
    pickled.write_bytes(b"PK\x03\x04")
    for path, words in ((broken, "broken.onnx"), (pickled, "torch.onnx.export")):
        user.drop_file(path)
        user.until(lambda words=words: words in user.message)  # type: ignore[misc]
        assert user.document.stack is stack
    assert user.window.settings.recent_files() == [str(tmp_path / "good.onnx")]


def test_a_project_keeps_an_opened_network(user: Driver, tmp_path: Path) -> None:
    user.drop_file(residual(tmp_path / "kept.onnx"))
    user.until(lambda: user.document.stack.title == "kept")
    stack = user.document.stack
    user.window.projects.save_to(tmp_path / "kept.convlab")
    user.until(lambda: not user.window.projects.is_unsaved)
    assert "Input and classes" in user.message
    user.undo()
    assert "Input and classes" not in user.message, "it spoke of what has gone"
    user.drop_file(tmp_path / "kept.convlab")
    user.until(lambda: user.document.stack.title == "kept")
    again = user.document.stack
    wires = [(slot.inputs, slot.name, type(slot.layer)) for slot in again.slots]
    assert wires == [(slot.inputs, slot.name, type(slot.layer)) for slot in stack.slots]
    lab = StackDriver(user)
    lab.until_shown(lambda shown: shown.job.state is again and shown.error is None)
