from __future__ import annotations

from importlib.util import find_spec

# These have ONNX Runtime, or models that come with onnx, as their oracle: there is no wheel of
# either for some machines.
collect_ignore = [
    file
    for file, package in (
        ("test_onnxruntime.py", "onnxruntime"),
        ("test_onnx_cases.py", "onnx"),
    )
    if find_spec(package) is None
]
