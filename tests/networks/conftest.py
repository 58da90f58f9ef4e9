"""Networks are files of ONNX: where that has no wheel, these have nothing to read or to compare."""

from __future__ import annotations

from importlib.util import find_spec

_OF_ONNX = ["test_bounds.py", "test_building.py", "test_whole.py"]

collect_ignore = [] if find_spec("onnx") else _OF_ONNX
