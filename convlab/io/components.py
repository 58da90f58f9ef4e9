"""What the program is made of: each library with its licence, and the version installed here."""

from __future__ import annotations

import importlib.metadata
from typing import NamedTuple

PROGRAM = "convlab-studio"
LICENCES = {
    "pyside6-essentials": "LGPL 3.0",
    "pyqtgraph": "MIT",
    "numpy": "BSD 3-Clause",
    "opencv-python": "Apache 2.0",
    "pillow": "MIT-CMU",
    "openexr": "BSD 3-Clause",
    "soundfile": "BSD 3-Clause, with libsndfile (LGPL 2.1)",
    "cv2-enumerate-cameras": "MIT",
    "platformdirs": "MIT",
    "msgspec": "BSD 3-Clause",
    "safetensors": "Apache 2.0",
    "threadpoolctl": "BSD 3-Clause",
    "onnxruntime": "MIT",
    "onnx": "Apache 2.0",
}
"""By the name of the package."""
SPARED = {
    "onnxruntime": "networks run slower",
    "onnx": "networks run slower",
    "openexr": "OpenEXR pictures do not open",
    "soundfile": "of sounds only plain WAV files open",
}
"""Those without which the program runs, and how: there is no wheel for every machine."""


class Component(NamedTuple):
    """A library; its version is empty where it is not installed."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """Look up all libraries; reads their files."""
    return [Component(name, version(name), licence) for name, licence in LICENCES.items()]


def version(package: str) -> str:
    """Return the version of an installed package; empty if there is none."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
