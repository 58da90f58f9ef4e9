"""Pictures with labels to learn from, from files that are checked before they are unpacked."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from convlab import paths
from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.archive import Archive
from convlab.io.arrays import unpack_array
from convlab.io.dataset_arrays import dataset
from convlab.io.dataset_files import open_dataset
from convlab.io.rejection import Rejection, raised_as, read_regular_file
from convlab.learn import shapes
from convlab.learn.examples import Dataset, choose_test, split

DATASET_NAMES = ("digits", "shapes")
"""Those that come with the program."""

_SIZE = 8  # px
_WHITE = 16
_CLASSES = 10
_NAMES = ("images", "labels", "is_held_out")
_SHAPES = 2000


class DatasetError(ValueError):
    """Pictures cannot be had from a file; the text is one message with its remedy."""


def load_dataset(name: str) -> Dataset:
    """Return a data set that comes with the program.

    Args:
        name: One of DATASET_NAMES.

    Raises:
        DatasetError: There is none of that name.
        FileNotFoundError: The program's own file is missing.
    """
    if name == "digits":
        return load_digits()
    if name == "shapes":
        images, labels = shapes.draw_shapes(_SHAPES)
        return split(images, labels, shapes.NAMES, choose_test(labels))
    raise DatasetError(
        f"There are no data called {name[:80]!r}: choose one of {', '.join(DATASET_NAMES)}."
    )


def load_own(path: str | os.PathLike[str]) -> Dataset:
    """Read a person's own pictures; where they have no test set, a fifth of each class is that.

    Args:
        path: ``.npz`` or ``.npy`` with arrays called as usual (``x_train``, ``images``, ``X`` …),
            or the only ones of their shapes: ``(N, H, W)``, ``(N, C, H, W)``, ``(N, H, W, C)`` or
            flat, from 0 to 1, −1 to 1 or 0 to 255; labels as numbers, names or one-hot. MNIST's
            IDX files; a table of pixels, or of pictures beside it; a folder with one for each
            class.

    Raises:
        DatasetError: It is missing, damaged or too large, or its arrays have other shapes, types
            or classes; the message has the numbers, or the names that are there and those wanted.
    """
    with raised_as(DatasetError, path, "gives nothing to learn from"):
        return dataset(open_dataset(Path(path)))


def load_digits(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Read the handwritten digits: 1,797 pictures of 8 × 8, a fifth of each class is the test set.

    Args:
        path: A file as ``tools/make_digits.py`` writes it; None for the one that comes with the
            program.

    Raises:
        DatasetError: It is missing, damaged or too large, or its arrays have other shapes, types
            or classes; the message has the numbers.
        FileNotFoundError: The program's own file is missing.
    """
    path = paths.resource("data", "digits.npz") if path is None else Path(path)
    with raised_as(DatasetError, path, "gives no digits"):
        archive = Archive(read_regular_file(path, bounds.LARGEST_DIGITS_FILE), len(_NAMES))
        images, labels, is_test = (_array(archive, name) for name in _NAMES)
        _check(images, labels, is_test)
    pictures = images[:, np.newaxis] * np.float32(1 / _WHITE)
    return split(pictures, labels, _numbered(_CLASSES), is_test == 1)


def _numbered(classes: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(classes))


def _array(archive: Archive, name: str) -> AnyArray:
    """Return an array of bytes."""
    array = _unpacked(archive, name, bounds.LARGEST_DIGITS_FILE)
    if array.dtype != np.uint8:
        raise Rejection(f"{name} in it holds {array.dtype} where uint8 belongs")
    return array


def _unpacked(archive: Archive, name: str, largest: int) -> AnyArray:
    """Return an array of numbers; nothing in the file is run."""
    try:
        return unpack_array(archive.read(f"{name}.npy", largest))
    except Rejection as error:
        raise Rejection(
            error.why.replace("an array in it", f"{name} in it"), error.remedy
        ) from None


def _check(images: AnyArray, labels: AnyArray, is_test: AnyArray) -> None:
    """Reject what are no digits."""
    count = len(images) if images.ndim else 0
    if images.shape != (count, _SIZE, _SIZE) or not 0 < count <= bounds.MOST_DIGITS:
        raise Rejection(
            f"its images have the shape {images.shape} where (N, {_SIZE}, {_SIZE}) belongs, with "
            f"N up to {bounds.MOST_DIGITS}"
        )
    for name, array in (("labels", labels), ("is_held_out", is_test)):
        if array.shape != (count,):
            raise Rejection(f"its {name} have the shape {array.shape} where ({count},) belongs")
    for name, array, most in (
        ("images", images, _WHITE),
        ("labels", labels, _CLASSES - 1),
        ("is_held_out", is_test, 1),
    ):
        if array.max() > most:
            raise Rejection(f"its {name} go up to {array.max()} where {most} is the most")
    if len(np.unique(is_test)) != 2:
        raise Rejection("its digits are all in the test set, or none is")
