"""Networks that PyTorch's exporters wrote, as graphs."""

from __future__ import annotations

import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

from convlab import load_network
from convlab.layers.graph import Graph

FIXTURE = Path(__file__).parents[1] / "fixtures" / "pytorch_networks.zip"


@cache
def exported(name: str) -> Graph:
    """Return the graph of ``NAME.EXPORTER``; where nothing reads ONNX the test is skipped."""
    pytest.importorskip("onnx", reason="the networks are files of ONNX")
    with zipfile.ZipFile(FIXTURE) as archive, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "network.onnx")
        path.write_bytes(archive.read(f"{name}.onnx"))
        return load_network(path).graph
