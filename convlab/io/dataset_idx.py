"""Data sets in IDX files, as MNIST has them, plain or packed by gzip."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import Path

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.dataset_arrays import Found
from convlab.io.rejection import Rejection, in_words, read_regular_file

_GZIP = b"\x1f\x8b"
_LONGEST_HEADER = 20  # bytes: four axes
_KINDS = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_TEST_NAMES = ("t10k", "test")
_COUNTERPARTS = (("images", "labels"), ("idx3", "idx1"))


def is_idx(data: bytes) -> bool:
    """Tell an IDX file by its first bytes; one that is packed may hold something else."""
    if data.startswith(_GZIP):
        return True
    return data[:2] == b"\0\0" and len(data) > 4 and data[2] in _KINDS and 1 <= data[3] <= 4


def read_idx(path: Path, data: bytes) -> Found:
    """Read pictures or labels, what belongs to them, and the test set that lies beside them.

    Args:
        path: Of the file that was chosen.
        data: The whole file.

    Raises:
        Rejection: It is damaged, too large, or nothing lies beside it.
    """
    first = _unpacked(data)
    is_labels = first.ndim == 1
    partner = _partner(path, is_labels)
    if partner is None:
        wanted, there = ("images", "labels") if is_labels else ("labels", "images")
        raise Rejection(
            f"it holds only {there}",
            f"put the file with the {wanted} beside it, named alike: train-images-idx3-ubyte and "
            "train-labels-idx1-ubyte",
        )
    second = _read(partner)
    images, labels = (second, first) if is_labels else (first, second)
    return Found(images, labels, *_test_set(partner if is_labels else path))


def _test_set(path: Path) -> tuple[AnyArray, AnyArray] | tuple[None, None]:
    """Return the pictures and labels of the test set that lies beside those of the training."""
    if "train" in path.name:
        for name in _TEST_NAMES:
            images = path.with_name(path.name.replace("train", name))
            labels = _partner(images, False)
            if images.is_file() and labels is not None:
                return _read(images), _read(labels)
    return None, None


def _partner(path: Path, is_labels: bool) -> Path | None:
    """Return the file with the labels of pictures, or the other way round."""
    name = path.name
    for pair in _COUNTERPARTS:
        old, new = pair[::-1] if is_labels else pair
        name = name.replace(old, new)
    plain = name.removesuffix(".gz")
    for each in (name, plain, f"{plain}.gz"):
        if each != path.name and path.with_name(each).is_file():
            return path.with_name(each)
    return None


def _read(path: Path) -> AnyArray:
    return _unpacked(read_regular_file(path, bounds.LARGEST_DATASET_FILE))


def _unpacked(data: bytes) -> AnyArray:
    """Return the array of an IDX file, which may be packed."""
    if data.startswith(_GZIP):
        data = _inflated(data, _size(_inflated(data, _LONGEST_HEADER)))
    if len(data) < _size(data):
        raise Rejection("it is cut off")
    kind, axes = np.dtype(_KINDS[data[2]]), data[3]
    shape = struct.unpack_from(f">{axes}I", data, 4)
    return np.frombuffer(data, kind, math.prod(shape), 4 + 4 * axes).reshape(shape)


def _size(head: bytes) -> int:
    """Return how long an IDX file says it is [bytes]."""
    if head.startswith(_GZIP) or not is_idx(head) or len(head) < 4 + 4 * head[3]:
        raise Rejection("it is no IDX file", "choose one such as train-images-idx3-ubyte")
    sizes = struct.unpack_from(f">{head[3]}I", head, 4)
    size = 4 + 4 * head[3] + math.prod(sizes) * np.dtype(_KINDS[head[2]]).itemsize
    if size > bounds.LARGEST_DATASET_FILE:
        raise Rejection(f"it would unpack to {in_words(size)}", "choose a smaller file")
    return int(size)


def _inflated(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, size)
    except zlib.error:
        raise Rejection("it is damaged") from None
