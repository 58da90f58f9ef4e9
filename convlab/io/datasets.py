"""Pictures with labels to learn from, from files that are checked before they are unpacked."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from convlab import paths
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io import bounds
from convlab.io.archive import Archive
from convlab.io.arrays import unpack_array
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
    """Read a person's own pictures; a fifth of each class is the test set, always the same.

    Args:
        path: An ``.npz`` file with ``images``, ``(N, H, W)`` or ``(N, C, H, W)`` with C of 1 or 3,
            uint8, or float from 0 to 1; and ``labels``, ``(N,)`` whole numbers from 0 on.

    Raises:
        DatasetError: It is missing, damaged or too large, or its arrays have other shapes, types
            or classes; the message has the numbers.
    """
    with raised_as(DatasetError, path, "gives nothing to learn from"):
        archive = Archive(
            read_regular_file(Path(path), bounds.LARGEST_DATASET_FILE), bounds.MOST_DATASET_ENTRIES
        )
        images = _own_images(_unpacked(archive, "images", bounds.LARGEST_DATASET_FILE))
        labels = _own_labels(_unpacked(archive, "labels", bounds.LARGEST_DATASET_FILE), len(images))
    return split(images, labels, _numbered(int(labels.max()) + 1), choose_test(labels))


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


def _own_images(array: AnyArray) -> FloatArray:
    """Return pictures ``(N, C, H, W)``, 0 to 1."""
    images = array[:, np.newaxis] if array.ndim == 3 else array
    sizes = images.shape
    fits = len(sizes) == 4 and sizes[1] in (1, 3) and max(sizes[2:]) <= bounds.LARGEST_DATASET_SIDE
    if not fits or not all(sizes) or sizes[0] > bounds.MOST_DATASET_PICTURES:
        raise Rejection(
            f"its images have the shape {array.shape}",
            f"give (N, H, W) or (N, C, H, W) with N up to {bounds.MOST_DATASET_PICTURES}, C of 1 "
            f"or 3, and H and W up to {bounds.LARGEST_DATASET_SIDE}",
        )
    if images.dtype == np.uint8:
        return np.asarray(images * np.float32(1 / 255), np.float32)
    if images.dtype.kind != "f":
        raise Rejection(f"its images hold {images.dtype}", "give uint8, or float from 0 to 1")
    low, high = float(images.min()), float(images.max())
    if not (low >= 0 and high <= 1):  # also if they are not numbers
        raise Rejection(
            f"its images go from {low:g} to {high:g}",
            "give uint8, or float from 0, black, to 1, white",
        )
    return images.astype(np.float32)


def _own_labels(labels: AnyArray, count: int) -> AnyArray:
    """Return labels ``(N,)`` of which every class is there often enough for a test set."""
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        raise Rejection(
            f"its labels have the shape {labels.shape} and the type {labels.dtype}",
            f"give ({count},) whole numbers, one for each picture",
        )
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or not 1 <= high < bounds.MOST_DATASET_CLASSES:
        raise Rejection(
            f"its labels go from {low} to {high}",
            f"give 2 to {bounds.MOST_DATASET_CLASSES} classes, counted from 0",
        )
    counts = np.bincount(labels.astype(np.int64), minlength=high + 1)
    if counts.min() < 2:
        raise Rejection(
            f"its class {int(counts.argmin())} has only {int(counts.min())} of {count} pictures",
            "give at least 2 of each: one to learn from and one for the test set",
        )
    return labels.astype(np.int64)


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
