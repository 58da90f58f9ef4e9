"""Weights of a layer from a file: NumPy's arrays, safetensors, or one kernel as text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.archive import Archive
from convlab.io.arrays import unpack_array
from convlab.io.kernel_files import kernel_in
from convlab.io.other_formats import reject_other
from convlab.io.rejection import Rejection, in_words, raised_as, read_regular_file
from convlab.io.tables import unpack_matrix
from convlab.io.tensors import unpack_tensors
from convlab.layers.banks import spread

STATE_DICTS = (".safetensors", ".npz")
"""Endings of files with the weights of a whole network."""
FIELDS = ("weight", "bias", "running_mean", "running_var")
"""What a layer's arrays may be called here."""

_FIELDS = (
    dict.fromkeys(("weight", "kernel", "gamma", "scale", "w"), "weight")
    | dict.fromkeys(("bias", "beta", "b"), "bias")
    | dict.fromkeys(("running_mean", "moving_mean", "mean"), "running_mean")
    | dict.fromkeys(("running_var", "moving_variance", "var"), "running_var")
)
_NAME = re.compile(
    rf"(?:(.*?)[./:_])?({'|'.join(sorted(_FIELDS, key=len, reverse=True))})(?::0)?", re.IGNORECASE
)
_COUNTER = "num_batches_tracked"  # of training; nothing is computed with it
_REMEDY = "choose a file of weights"


class WeightsError(ValueError):
    """Weights cannot be had from a file; the text is one message with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """The arrays of one layer in a file: those whose names begin alike.

    Attributes:
        prefix: What the names begin with: "features.0".
        arrays: By the name of a layer's field: "weight", "bias", "running_mean", "running_var".
        names: What each is called in the file, by the same.
    """

    prefix: str
    arrays: Mapping[str, AnyArray]
    names: Mapping[str, str]

    @property
    def names_text(self) -> str:
        """What its arrays are called, each without what the first begins with, too."""
        first, *others = (self.names[field][:80] for field in FIELDS if field in self.names)
        return " ".join([first, *(_short(self.prefix, name) for name in others)])


def _short(prefix: str, name: str) -> str:
    rest = name.removeprefix(prefix)
    return rest if prefix and rest[:1] in "._/:" else name


def read_weights(path: str | os.PathLike[str], shape: Sequence[int]) -> tuple[Bundle, ...]:
    """Read all arrays of a file, in its order; nothing is copied or converted yet.

    Args:
        path: ``.npy``, ``.npz`` or ``.safetensors`` (which has no order: names are sorted, 2 before
            10). ``.csv``, ``.tsv`` or ``.txt``: the weights of a dense layer as a table; else one
            kernel ``(kh, kw)`` for every filter, the same in each channel and divided by their
            number.
        shape: ``(O, C / groups, kh, kw)``, or what the layer's array has: how a text is spread.

    Raises:
        WeightsError: The file cannot be read.
    """
    path = Path(path)
    with named(path):
        return unpack_weights(path, shape)


def unpack_weights(path: Path, shape: Sequence[int] = ()) -> tuple[Bundle, ...]:
    """Read all arrays of a file, as ``read_weights``.

    Raises:
        Rejection: The file cannot be read.
    """
    reject_other(path)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        kinds = ", ".join(_READERS)
        raise Rejection(f"its kind {path.suffix[:20]!r} is unknown", f"choose one of {kinds}")
    return bundled(read(read_regular_file(path, bounds.LARGEST_WEIGHTS_FILE), tuple(shape)))


def named(path: Path) -> AbstractContextManager[None]:
    """Turn a Rejection into a WeightsError with the file's name."""
    return raised_as(WeightsError, path, "gives no weights")


def bundled(arrays: Mapping[str, AnyArray]) -> tuple[Bundle, ...]:
    """Put together what belongs to one layer: by name, else a vector to the array before it."""
    found: dict[str, Bundle] = {}
    before: Bundle | None = None  # without a telling name
    for name, array in arrays.items():
        if name.endswith(_COUNTER):
            continue
        prefix, field = _parted(name, array) or (name, "")
        if not field and before is not None and array.shape == before.arrays["weight"].shape[:1]:
            found[before.prefix] = _grown(before, "bias", name, array)
            before = None
            continue
        is_named, field = bool(field), field or "weight"
        if prefix in found and field in found[prefix].arrays:
            prefix, field = name, "weight"
        found[prefix] = _grown(found.get(prefix, Bundle(prefix, {}, {})), field, name, array)
        before = found[prefix] if not is_named and array.ndim > 1 else None
    return tuple(found.values())


def _parted(name: str, array: AnyArray) -> tuple[str, str] | None:
    """Return what a name begins with and the field it ends with; None if it ends otherwise."""
    match = _NAME.fullmatch(name)
    field = _FIELDS[match[2].lower()] if match else ""
    if match is None or (field != "weight" and array.ndim != 1):
        return None
    return match[1] or "", field


def _grown(bundle: Bundle, field: str, name: str, array: AnyArray) -> Bundle:
    return Bundle(bundle.prefix, {**bundle.arrays, field: array}, {**bundle.names, field: name})


def _from_npy(data: bytes, shape: tuple[int, ...]) -> dict[str, AnyArray]:
    return {"an array": unpack_array(data)}


def _from_npz(data: bytes, shape: tuple[int, ...]) -> dict[str, AnyArray]:
    archive = Archive(data, bounds.MOST_ARRAYS)
    if sum(map(archive.size, archive.names)) > bounds.LARGEST_WEIGHTS_FILE:
        raise Rejection(
            f"it would unpack to more than {in_words(bounds.LARGEST_WEIGHTS_FILE)}", _REMEDY
        )
    return {
        name.removesuffix(".npy"): unpack_array(archive.read(name, bounds.LARGEST_WEIGHTS_FILE))
        for name in archive.names
    }


def _from_safetensors(data: bytes, shape: tuple[int, ...]) -> dict[str, AnyArray]:
    arrays = unpack_tensors(data)
    if len(arrays) > bounds.MOST_ARRAYS:
        raise Rejection(
            f"it holds {len(arrays)} arrays where {bounds.MOST_ARRAYS} are the most", _REMEDY
        )
    return {name: arrays[name] for name in sorted(arrays, key=_natural)}


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort numbers in names as numbers."""
    parts = re.split(r"(\d{1,18})", name)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def _from_text(data: bytes, shape: tuple[int, ...]) -> dict[str, AnyArray]:
    if len(shape) == 2:
        return {"the table": unpack_matrix(data[: bounds.LARGEST_TABLE_FILE])}
    if len(shape) != 4:
        raise Rejection(f"text holds one kernel and not an array of shape {shape}", _REMEDY)
    filters, channels, rows, columns = shape
    kernel = kernel_in(data[: bounds.LARGEST_KERNEL_TEXT])
    try:
        return {"the kernel": spread([kernel], (filters, channels, rows, columns))}
    except ValueError as error:
        why, _, remedy = str(error).partition(": ")
        raise Rejection(why, remedy or _REMEDY) from None


_READERS: dict[str, Callable[[bytes, tuple[int, ...]], dict[str, AnyArray]]] = {
    ".npy": _from_npy,
    ".npz": _from_npz,
    ".safetensors": _from_safetensors,
    ".csv": _from_text,
    ".tsv": _from_text,
    ".txt": _from_text,
}
