"""Pictures with labels to learn from, from files that are checked before they are unpacked."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convlab import paths
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io.archive import Archive
from convlab.io.refusal import Refusal, read_regular_file

LARGEST_FILE = 4 << 20
_MOST_DIGITS = 10_000
_SIZE = 8  # px
_WHITE = 16
_CLASSES = 10
_NAMES = ("images", "labels", "is_held_out")
# What NumPy raises on damaged arrays.
_DAMAGE = (ValueError, TypeError, SyntaxError, EOFError, OSError, OverflowError, MemoryError)


class DatasetError(ValueError):
    """Pictures cannot be had from a file; the text is one sentence with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Labelled pictures.

    Attributes:
        images: ``(N, C, H, W)`` float32, 0 to 1, read-only.
        labels: ``(N,)`` int64, read-only.
    """

    images: FloatArray
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Pictures to learn from, and others to see how well that went.

    Attributes:
        classes: How many there are, K.
        training: To learn from.
        held_out: Never learned from.
    """

    classes: int
    training: Examples
    held_out: Examples


def load_digits(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Read the handwritten digits: 1,797 pictures of 8 × 8, a fifth of each class held out.

    Args:
        path: A file as ``tools/make_digits.py`` writes it; None for the one that comes with the
            program.

    Raises:
        DatasetError: It is missing, damaged or too large, or its arrays have other shapes, types
            or classes; the message has the numbers.
        FileNotFoundError: The program's own file is missing.
    """
    path = paths.resource("data", "digits.npz") if path is None else Path(path)
    try:
        archive = Archive(read_regular_file(path, LARGEST_FILE), len(_NAMES))
        images, labels, is_held_out = (_array(archive, name) for name in _NAMES)
        _check(images, labels, is_held_out)
    except Refusal as error:
        name = path.name[:80].encode("utf-8", "replace").decode("utf-8")
        raise DatasetError(
            f"{name} gives no digits, because {error.why}: {error.remedy}."
        ) from error
    chosen = is_held_out == 1
    return Dataset(
        _CLASSES,
        _examples(images[~chosen], labels[~chosen]),
        _examples(images[chosen], labels[chosen]),
    )


def _array(archive: Archive, name: str) -> AnyArray:
    """Return an array of bytes; nothing in the file is run."""
    data = archive.read(f"{name}.npy", LARGEST_FILE)
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except _DAMAGE:
        raise Refusal(f"{name} in it is damaged or holds no numbers") from None
    if array.dtype != np.uint8:
        raise Refusal(f"{name} in it holds {array.dtype} where uint8 belongs")
    return np.asarray(array)


def _check(images: AnyArray, labels: AnyArray, is_held_out: AnyArray) -> None:
    """Refuse what are no digits."""
    count = len(images) if images.ndim else 0
    if images.shape != (count, _SIZE, _SIZE) or not 0 < count <= _MOST_DIGITS:
        raise Refusal(
            f"its images have the shape {images.shape} where (N, {_SIZE}, {_SIZE}) belongs, with "
            f"N up to {_MOST_DIGITS}"
        )
    for name, array in (("labels", labels), ("is_held_out", is_held_out)):
        if array.shape != (count,):
            raise Refusal(f"its {name} have the shape {array.shape} where ({count},) belongs")
    for name, array, most in (
        ("images", images, _WHITE),
        ("labels", labels, _CLASSES - 1),
        ("is_held_out", is_held_out, 1),
    ):
        if array.max() > most:
            raise Refusal(f"its {name} go up to {array.max()} where {most} is the most")
    if len(np.unique(is_held_out)) != 2:
        raise Refusal("its digits are all held out, or none is")


def _examples(images: AnyArray, labels: AnyArray) -> Examples:
    pictures = images[:, np.newaxis] * np.float32(1 / _WHITE)
    return Examples(frozen(pictures), frozen(labels.astype(np.int64)))
