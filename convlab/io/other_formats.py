"""Kinds of files that hold networks or weights and are not opened, and how to make one that is."""

from __future__ import annotations

from pathlib import Path

from convlab.io.rejection import Rejection, check_regular_file

AS_ONNX = "torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'network.onnx')"
"""What makes a whole network readable, in PyTorch."""

_TORCH = (
    f"in PyTorch write {AS_ONNX} for the whole network, or "
    "safetensors.torch.save_file(model.state_dict(), 'weights.safetensors') for its weights, and "
    "open that"
)
_PROGRAM = f"such files can run programs when they are opened. I{_TORCH[1:]}"
_TEXT = f"such files hold no weights. I{_TORCH[1:]}"
_KERAS = "in Keras write model.export('network.onnx', format='onnx') and open that"
_TENSORFLOW = "run python -m tf2onnx.convert {} --output network.onnx and open that"

_RECIPES = (
    dict.fromkeys((".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin", ".joblib"), _PROGRAM)
    | dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS)
    | dict.fromkeys((".yaml", ".yml", ".json"), _TEXT)
    | {
        ".pb": _TENSORFLOW.format("--saved-model FOLDER"),
        ".tflite": _TENSORFLOW.format("--tflite FILE"),
    }
)
OTHERS = tuple(_RECIPES)
"""Their endings."""


def reject_other(path: Path) -> None:
    """Reject a file by its ending, before anything of it is read.

    Raises:
        Rejection: With what makes an ONNX or safetensors file of it; or it is not there.
    """
    kind = path.suffix.lower()
    if kind in _RECIPES:
        check_regular_file(path)
        raise Rejection(f"it is a {kind} file", _RECIPES[kind])
