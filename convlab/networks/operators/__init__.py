"""The operators of ONNX that layers of ours compute, by their names."""

from __future__ import annotations

from convlab.networks.operators import shapes, values, windows
from convlab.networks.operators.common import Reader

READERS: dict[str, Reader] = windows.READERS | values.READERS | shapes.READERS
