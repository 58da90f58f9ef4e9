"""Weights of a layer from a file: NumPy's arrays, safetensors, or one kernel as text."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from convlab.engine import kernels
from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io.archive import Archive
from convlab.io.arrays import unpack_array
from convlab.io.refusal import Refusal, in_words, read_regular_file
from convlab.io.tensors import unpack_tensors
from convlab.layers.banks import spread

LARGEST_FILE = 512 << 20
_LARGEST_TEXT = 1 << 20
_MOST_ARRAYS = 4096
_SHOWN = 6  # shapes named in an error
_REMEDY = "choose a file of weights"


class WeightsError(ValueError):
    """Weights cannot be had from a file; the text is one message with its remedy."""


def load_weights(path: str | os.PathLike[str], shape: Sequence[int]) -> FloatArray:
    """Read the weights of a layer.

    Args:
        path: ``.npy``, ``.npz`` or ``.safetensors``: the first array of that shape is taken (of
            a ``.safetensors`` file by name: it has no order).
            ``.csv`` or ``.txt``: one kernel ``(kh, kw)`` for every filter, as ``kernels.parse``
            reads it, the same in each channel and divided by their number.
        shape: ``(O, C / groups, kh, kw)``, or what the layer's array has.

    Returns:
        float32, read-only; wider numbers are rounded.

    Raises:
        WeightsError: The file cannot be read, or no array in it has that shape; the message lists
            those it has.
    """
    path = Path(path)
    name = path.name[:80].encode("utf-8", "replace").decode("utf-8")
    try:
        read = _READERS.get(path.suffix.lower())
        if read is None:
            kinds = ", ".join(_READERS)
            raise Refusal(f"its kind {path.suffix[:20]!r} is unknown", f"choose one of {kinds}")
        data = read_regular_file(path, LARGEST_FILE)
        return _finite(read(data, tuple(shape)))
    except Refusal as error:
        raise WeightsError(
            f"{name} gives no weights, because {error.why}: {error.remedy}."
        ) from error


def _finite(array: AnyArray) -> FloatArray:
    with np.errstate(over="ignore"):  # said in words just below
        weights = np.array(array, dtype=np.float32, order="C")
    if not np.isfinite(weights).all():
        raise Refusal("it has weights that are not finite", "replace them by finite numbers")
    return frozen(weights)


def _chosen(arrays: Mapping[str, AnyArray], shape: tuple[int, ...]) -> AnyArray:
    """Return the first array of a shape."""
    for array in arrays.values():
        if array.shape == shape:
            return array
    found = [f"{name[:40]} {array.shape}" for name, array in arrays.items()]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    listed = ", ".join(found[:_SHOWN]) or "nothing"
    raise Refusal(
        f"none of its arrays has the shape {shape}, it holds {listed}{more}",
        "give the layer such a shape or choose another file",
    )


def _from_npy(data: bytes, shape: tuple[int, ...]) -> AnyArray:
    return _chosen({"an array": unpack_array(data)}, shape)


def _from_npz(data: bytes, shape: tuple[int, ...]) -> AnyArray:
    archive = Archive(data, _MOST_ARRAYS)
    if sum(map(archive.size, archive.names)) > LARGEST_FILE:
        raise Refusal(f"it would unpack to more than {in_words(LARGEST_FILE)}", _REMEDY)
    arrays = {
        name.removesuffix(".npy"): unpack_array(archive.read(name, LARGEST_FILE))
        for name in archive.names
    }
    return _chosen(arrays, shape)


def _from_safetensors(data: bytes, shape: tuple[int, ...]) -> AnyArray:
    return _chosen(unpack_tensors(data), shape)


def _from_text(data: bytes, shape: tuple[int, ...]) -> AnyArray:
    if len(shape) != 4:
        raise Refusal(f"text holds one kernel and not an array of shape {shape}", _REMEDY)
    filters, channels, rows, columns = shape
    try:
        kernel = kernels.parse(data[:_LARGEST_TEXT].decode("utf-8-sig"))
        return spread([kernel], (filters, channels, rows, columns))
    except UnicodeDecodeError:
        raise Refusal("it is no text", "save it as UTF-8") from None
    except ValueError as error:
        why, _, remedy = str(error).partition(": ")
        raise Refusal(why, remedy or _REMEDY) from None


_READERS: dict[str, Callable[[bytes, tuple[int, ...]], AnyArray]] = {
    ".npy": _from_npy,
    ".npz": _from_npz,
    ".safetensors": _from_safetensors,
    ".csv": _from_text,
    ".txt": _from_text,
}
