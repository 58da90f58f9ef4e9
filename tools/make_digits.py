"""Pack the handwritten digits that come with the program: ``python tools/make_digits.py``.

Writes ``resources/data/digits.npz`` from the data of scikit-learn, which has to be importable but
is no dependency of the program. The same data give the same bytes.
"""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from convlab.io.archive import pack  # noqa: E402
from convlab.io.safe_write import write_bytes  # noqa: E402

FILE = ROOT / "resources" / "data" / "digits.npz"
CLASSES = 10
TEST_EVERY = 5  # of each class every fifth digit, in a shuffled order
SEED = 0

_Array = NDArray[Any]


def packed(images: _Array, labels: _Array) -> bytes:
    """Return the file: ``images``, ``labels`` and ``is_held_out``.

    Args:
        images: ``(N, 8, 8)``, whole numbers from 0 to 16.
        labels: ``(N,)``, from 0 to 9.
    """
    arrays = {
        "images": images.astype(np.uint8),
        "labels": labels.astype(np.uint8),
        "is_held_out": choose_test(labels).astype(np.uint8),
    }
    return pack(_as_files(arrays))


def choose_test(labels: _Array) -> _Array:
    """Return which digits are the test set, ``(N,)`` bool: a fifth of each class."""
    order = np.random.default_rng(SEED).permutation(len(labels))
    chosen = np.zeros(len(labels), bool)
    for digit in range(CLASSES):
        chosen[order[labels[order] == digit][::TEST_EVERY]] = True
    return chosen


def _as_files(arrays: Mapping[str, _Array]) -> dict[str, bytes]:
    files = {}
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, array, (1, 0), allow_pickle=False)
        files[f"{name}.npy"] = buffer.getvalue()
    return files


def main(file: Path = FILE) -> None:
    """Write the file."""
    digits = importlib.import_module("sklearn.datasets").load_digits()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, packed(digits.images, digits.target))


if __name__ == "__main__":
    main()
