"""Projects with operations of strangers, which are tried before they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlab.document.document import Document
from convlab.document.stack.model import StackState
from convlab.io.project import ProjectError, save_project
from convlab.io.project_store import ProjectStore
from convlab.layers import ReLU
from convlab.layers.graph import Node
from convlab.networks.foreign import OnnxNode
from convlab.runtime import project_trial
from convlab.runtime.network_process import NetworkProcess


def test_what_is_missing_to_run_an_operation_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process is asked for what cannot be: it would call that an error inside the program."""
    monkeypatch.setattr(project_trial, "find_spec", lambda _: None)
    monkeypatch.setattr(NetworkProcess, "try_network", lambda *_: pytest.fail("it was asked"))
    slots = (
        Node(1, ReLU(), name="/relu"),
        Node(2, OnnxNode("Erf", b"model", (True,)), (1,), name="/erf"),
    )
    document = Document(stack=StackState(slots, next_uid=3))
    save_project(document, tmp_path / "own.convlab")
    with pytest.raises(ProjectError, match=r"'/erf' \(Erf\).*pip install onnx onnxruntime"):
        project_trial.read_tried(ProjectStore(), tmp_path / "own.convlab")
