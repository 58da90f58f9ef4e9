"""Pictures and labels among arrays with names, however they are called, laid out and scaled."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io import bounds
from convlab.io.rejection import Rejection
from convlab.learn.examples import Dataset, Examples, choose_test

_TRAINING = ("training", "train", "trn", "tr")
_TEST = ("testing", "test", "validation", "valid", "val", "heldout", "dev", "t10k")
_IMAGES = (
    *("x", "images", "image", "imgs", "img", "pictures", "data", "features", "inputs", "input"),
    *("pixels", "samples", "arr0"),
)
_LABELS = (
    *("y", "labels", "label", "targets", "target", "classes", "class", "outputs", "output"),
    "arr1",
)
_CLASS_NAMES = ("classnames", "labelnames", "targetnames", "names", "categories")
WANTED = "x_train, train_images, images or X, and their labels y_train, train_labels, labels or y"
"""The names that arrays may have, for a message."""

_LARGEST_LABEL = 2**31
_WHITES = (1.0, 255.0, 65_535.0)
_LOWEST_WHITE = 16  # of scanned digits

Read: TypeAlias = Callable[[], AnyArray]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Pictures and labels as they stand in a file.

    Attributes:
        images: ``(N, …)`` of any layout and scale.
        labels: ``(N,)``, or one-hot ``(N, K)``.
        test_images: Those of a test set of its own, or None.
        test_labels: Theirs.
        names: What the classes are called, in the order of their labels; None: as the labels.
        note: What a person is to know of how it was read.
    """

    images: AnyArray
    labels: AnyArray
    test_images: AnyArray | None = None
    test_labels: AnyArray | None = None
    names: tuple[str, ...] | None = None
    note: str = ""


def find(arrays: Mapping[str, Read]) -> Found:
    """Return the pictures and labels among arrays, by their names, else by their shapes.

    Args:
        arrays: Reads each array.

    Raises:
        Rejection: There are none; the message has the names that are there and those wanted.
    """
    by_role: dict[tuple[str, str], str] = {}
    for name in sorted(arrays, key=_rank):
        role = _role(name)
        if role is not None:
            by_role.setdefault(role, name)
    part = "train" if ("train", "images") in by_role else ""
    images, labels = by_role.get((part, "images")), by_role.get((part, "labels"))
    if images is None or labels is None:
        return _by_shape(arrays)
    test_images, test_labels = by_role.get(("test", "images")), by_role.get(("test", "labels"))
    has_test = test_images is not None and test_labels is not None
    names = next((by_role[role] for role in by_role if role[1] == "names"), "")
    return Found(
        arrays[images](),
        arrays[labels](),
        arrays[str(test_images)]() if has_test else None,
        arrays[str(test_labels)]() if has_test else None,
        _texts(arrays[names]()) if names else None,
    )


def names_dataset(names: Iterable[str]) -> bool:
    """Tell whether names are those of pictures and their labels, and not only places in a file."""
    roles = (_role(name) for name in names if not _bare(name)[1].startswith("arr"))
    kinds = {role[1] for role in roles if role is not None}
    return {"images", "labels"} <= kinds


def _rank(name: str) -> tuple[int, str]:
    """Sort by how usual a name is."""
    role, word = _role(name), _bare(name)[1]
    usual = _IMAGES if role is not None and role[1] == "images" else _LABELS
    return (usual.index(word) if word in usual else len(usual)), name


def _role(name: str) -> tuple[str, str] | None:
    """Return which part of the data an array is, and what it holds."""
    part, word = _bare(name)
    for words, kind in ((_IMAGES, "images"), (_LABELS, "labels"), (_CLASS_NAMES, "names")):
        if word in words:
            return part, kind
    return None


def _bare(name: str) -> tuple[str, str]:
    """Return "train", "test" or "", and the name without that."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    for words, part in ((_TRAINING, "train"), (_TEST, "test")):
        for word in words:
            for rest in (plain.removeprefix(word), plain.removesuffix(word)):
                if rest != plain:
                    return part, rest
    return "", plain


def _by_shape(arrays: Mapping[str, Read]) -> Found:
    """Take the only pictures and the only labels, whatever they are called."""
    read = {name: array() for name, array in arrays.items()}
    pictures = [
        array for array in read.values() if array.ndim in (3, 4) and array.dtype.kind in "fiu"
    ]
    if len(pictures) == 1:
        count = len(pictures[0])
        labels = [array for array in read.values() if array.shape == (count,)]
        if len(labels) == 1:
            return Found(pictures[0], labels[0])
    listed = ", ".join(f"{name[:40]} {array.shape}" for name, array in list(read.items())[:8])
    raise Rejection(
        f"its arrays are {listed}" if listed else "it holds no arrays",
        f"call the pictures {WANTED}",
    )


def _texts(array: AnyArray) -> tuple[str, ...] | None:
    if array.ndim != 1 or array.dtype.kind not in "US":
        return None
    return tuple(_text(each) for each in array)


def _text(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(text.split())[:60] or "?"


# ---- pictures and labels as they are learned from ----


def dataset(found: Found) -> Dataset:
    """Return what can be learned from.

    Raises:
        Rejection: Shapes, numbers or classes are none that can be; the message has the numbers.
    """
    images, labels = _planes(found.images), _flat_labels(found.labels, len(found.images))
    test_images = test_labels = None
    if found.test_images is not None and found.test_labels is not None:
        test_images = _planes(found.test_images)
        test_labels = _flat_labels(found.test_labels, len(test_images))
        if test_images.shape[1:] != images.shape[1:]:
            raise Rejection(
                f"its pictures have the shape {images.shape[1:]} and those of its test set "
                f"{test_images.shape[1:]}",
                "give both the same",
            )
    images, labels, note = _few_enough(images, labels)
    low, factor = _scale(images)
    numbers, names = _classes([labels] if test_labels is None else [labels, test_labels])
    names = found.names if found.names and len(found.names) == len(names) else names
    if test_images is None:
        is_test = choose_test(numbers[0])
        images, test_images = images[~is_test], images[is_test]
        numbers = [numbers[0][~is_test], numbers[0][is_test]]
    else:
        test_images, numbers[1], _ = _few_enough(test_images, numbers[1])
    parts = [
        Examples(_scaled(pictures, low, factor), frozen(classes))
        for pictures, classes in zip((images, test_images), numbers, strict=True)
    ]
    notes = " ".join(each for each in (found.note, note) if each)
    return Dataset(len(names), parts[0], parts[1], names, notes)


def _planes(array: AnyArray) -> AnyArray:
    """Return pictures ``(N, C, H, W)`` as they are, whatever the order of their axes."""
    images = array
    if images.ndim == 2 and images.shape[1]:
        images = _unflattened(images)
    if images.ndim == 3:
        images = images[:, np.newaxis]
    if images.ndim == 4 and images.shape[1] not in (1, 3) and images.shape[3] in (1, 3, 4):
        images = images.transpose(0, 3, 1, 2)
    if images.ndim == 4 and images.shape[1] == 4 and _is_opaque(images[:, 3]):
        images = images[:, :3]
    sizes, side = images.shape, bounds.LARGEST_DATASET_SIDE
    if images.ndim != 4 or not all(sizes) or sizes[1] not in (1, 3) or max(sizes[2:]) > side:
        raise Rejection(
            f"its images have the shape {array.shape}",
            "give (N, H, W), (N, C, H, W), (N, H, W, C) or (N, H·W), with C of 1 or 3, and H and W "
            f"up to {side}",
        )
    if images.dtype.kind not in "fiub":
        raise Rejection(f"its images hold {images.dtype}", "give uint8, or float from 0 to 1")
    return images


def _is_opaque(alpha: AnyArray) -> bool:
    return bool(alpha.size and (alpha == alpha.max()).all())


def _unflattened(images: AnyArray) -> AnyArray:
    """Return rows as square pictures; three planes as CIFAR-10 stores them."""
    count, length = images.shape
    for channels in (1, 3):
        side = math.isqrt(length // channels)
        if side > 1 and side * side * channels == length:
            return images.reshape(count, channels, side, side)
    return images


def _few_enough(images: AnyArray, labels: AnyArray) -> tuple[AnyArray, AnyArray, str]:
    """Return as many pictures as can be, evenly from all of them, and what is said of it."""
    values = math.prod(images.shape[1:])
    most = min(bounds.MOST_DATASET_PICTURES, bounds.MOST_DATASET_VALUES // values)
    count = len(images)
    if count <= most:
        return images, labels, ""
    chosen = np.sort(np.random.default_rng(0).permutation(count)[:most])
    return images[chosen], labels[chosen], f"{most:,} of its {count:,} pictures are taken."


def _scale(images: AnyArray) -> tuple[float, float]:
    """Return what black is, and what takes it and white to 0 and 1.

    Raises:
        Rejection: The numbers are none of a usual scale.
    """
    low, high = float(images.min()), float(images.max())
    if low < 0 and low >= -1 and high <= 1:
        return -1.0, 0.5
    white = next((each for each in _WHITES if 0 <= low <= high <= each), None)
    if white is None:  # also if one is no number
        raise Rejection(
            f"its images go from {low:g} to {high:g}",
            "give uint8, or float from 0, black, to 1, white",
        )
    is_byte = images.dtype == np.uint8 and high > _LOWEST_WHITE
    if white > 1 and 2 * high < white and not is_byte:
        white = high  # no pixel is half as bright: white is another, as 16 or 4095
    return 0.0, 1 / white


def _scaled(images: AnyArray, low: float, factor: float) -> FloatArray:
    values = np.multiply(images, np.float32(factor), dtype=np.float32, casting="unsafe")
    if low:
        values -= np.float32(low * factor)
    return frozen(np.ascontiguousarray(values))


def _flat_labels(labels: AnyArray, count: int) -> AnyArray:
    """Return labels ``(N,)`` of any values; of one-hot rows their places."""
    flat = labels.reshape(len(labels)) if labels.ndim == 2 and labels.shape[1] == 1 else labels
    if flat.ndim == 2 and flat.dtype.kind in "fiub" and _is_one_hot(flat):
        flat = flat.argmax(axis=1)
    is_whole = flat.dtype.kind != "f" or bool(
        (flat == np.floor(flat)).all() and (np.abs(flat) < _LARGEST_LABEL).all()
    )
    if flat.shape != (count,) or flat.dtype.kind not in "fiubUS" or not is_whole:
        raise Rejection(
            f"its labels have the shape {labels.shape} and the type {labels.dtype}",
            f"give ({count},) whole numbers, one for each picture, or one-hot rows",
        )
    return flat.astype(np.int64) if flat.dtype.kind == "f" else flat


def _is_one_hot(rows: AnyArray) -> bool:
    is_one = rows == 1
    return bool((is_one.sum(axis=1) == 1).all() and (is_one | (rows == 0)).all())


def _classes(labels: Sequence[AnyArray]) -> tuple[list[AnyArray], tuple[str, ...]]:
    """Return the number of each picture's class, of both sets, and what the classes are called.

    Raises:
        Rejection: There is one class, too many, or one with too few pictures.
    """
    values, numbers = np.unique(np.concatenate(labels), return_inverse=True)
    first = len(labels[0])
    if not 2 <= len(values) <= bounds.MOST_DATASET_CLASSES:
        raise Rejection(
            f"its {len(values)} labels go from {_text(values[0])} to {_text(values[-1])}",
            f"give 2 to {bounds.MOST_DATASET_CLASSES} classes",
        )
    counts = np.bincount(numbers[:first], minlength=len(values))
    least = 3 - len(labels)  # without a test set, one of each is taken for that
    names = tuple(map(_text, values))
    if counts.min() < least:
        name, count = names[int(counts.argmin())], int(counts.min())
        raise Rejection(
            f"its class {name} has only {count} of {first} pictures",
            f"give at least {least} of each"
            + (": one to learn from and one for the test set" if least > 1 else ""),
        )
    parts = np.split(numbers.astype(np.int64), [first])
    return parts[: len(labels)], names
