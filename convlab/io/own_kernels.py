"""A person's own kernels: kept between sessions, and passed on as a line or a file.

A file holds one line (see ``share_line``) for each kernel; so does the one in which they are kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import ArrayLike

from convlab import paths
from convlab.document.file_name import shown_name
from convlab.document.kernel.model import MAX_KERNEL_SIZE
from convlab.document.kernel.scaling import LARGEST_SCALING, Scaling
from convlab.engine import kernels
from convlab.engine.arrays import FloatArray
from convlab.io import bounds, text
from convlab.io.kernel_files import kernel_in
from convlab.io.rejection import Rejection, raised_as, read_regular_file
from convlab.io.safe_write import write_bytes
from convlab.io.share_line import LONGEST, ShareError, is_line, pack, unpack

SUFFIX = ".kernel"
KIND = "kernel"
LONGEST_NAME = 60
MOST = 500
"""Kernels that are kept."""
_FILE = "own-kernels.txt"


class KernelFileError(ValueError):
    """A file of kernels cannot be read or written; the text is one message with its remedy."""


_PLAIN = Scaling()
_Finite = Annotated[float, Meta(ge=-LARGEST_SCALING, le=LARGEST_SCALING)]


@dataclass(frozen=True, slots=True, eq=False)
class OwnKernel:
    """A kernel with a name.

    Attributes:
        name: One line, 1 to 60 letters.
        weights: ``(kh, kw)`` float32, read-only.
        scaling: What its sums are divided by, and what is added to them.
    """

    name: str
    weights: FloatArray
    scaling: Scaling = _PLAIN


OwnKernels: TypeAlias = tuple[OwnKernel, ...]


class _Form(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=LONGEST_NAME)]
    columns: Annotated[int, Meta(ge=1, le=MAX_KERNEL_SIZE)]
    weights: Annotated[bytes, Meta(min_length=4, max_length=4 * MAX_KERNEL_SIZE**2)]
    """float32, little endian, row after row"""
    divisor: _Finite = 1.0
    normalise: bool = False
    offset: _Finite = 0.0


def own_kernel(name: str, weights: ArrayLike, scaling: Scaling = _PLAIN) -> OwnKernel:
    """Return a kernel with a name, whose blanks are tidied.

    Raises:
        ValueError: The name is empty, too long, or that of a ready kernel.
    """
    plain = _tidied(name)
    if not plain:
        raise ValueError("a kernel needs a name: type one")
    if len(plain) > LONGEST_NAME:
        raise ValueError(f"the name has {len(plain)} letters: give at most {LONGEST_NAME}")
    if plain.casefold() in (each.casefold() for each in kernels.names()):
        raise ValueError(f"a ready kernel is called “{plain}”: choose another name")
    values = np.array(weights, np.float32)
    values.flags.writeable = False
    return OwnKernel(plain, values, scaling)


def kernel_line(kernel: OwnKernel, longest: int = LONGEST) -> str:
    """Return the line that holds a kernel.

    Raises:
        ShareError: It would be longer.
    """
    data = np.ascontiguousarray(kernel.weights, "<f4").tobytes()
    scaling = kernel.scaling.divisor, kernel.scaling.normalise, kernel.scaling.offset
    return pack(KIND, _Form(kernel.name, kernel.weights.shape[1], data, *scaling), longest)


def read_kernel_line(text: str, longest: int = LONGEST) -> OwnKernel:
    """Return the kernel that a line holds; its name may be empty.

    Raises:
        ShareError: It is damaged, too long, of a newer version, or holds something else.
    """
    form: _Form = unpack(text, {KIND: _Form}, longest)
    values = np.frombuffer(form.weights[: len(form.weights) // 4 * 4], "<f4").astype(np.float32)
    rows = len(form.weights) // (4 * form.columns)
    fits = rows * form.columns * 4 == len(form.weights) and rows <= MAX_KERNEL_SIZE
    if not (fits and form.divisor and np.isfinite(values).all()):
        raise ShareError("The line holds no kernel that can be used: ask for another.")
    weights = values.reshape(rows, form.columns)
    weights.flags.writeable = False
    scaling = Scaling(form.divisor, form.normalise, form.offset)
    return OwnKernel(_tidied(form.name), weights, scaling)


def write_kernels(path: str | os.PathLike[str], made: OwnKernels) -> None:
    """Write kernels to a file.

    Raises:
        KernelFileError: It cannot be written.
    """
    try:
        write_bytes(path, _text(made, ()))
    except (OSError, ValueError) as error:
        raise KernelFileError(
            f"{shown_name(path)} cannot be written ({error}): choose another place."
        ) from error


def read_kernels(path: str | os.PathLike[str]) -> OwnKernels:
    """Read kernels from a file: lines to share, or one kernel in any form that can be pasted.

    Raises:
        KernelFileError: It is damaged, too large, or holds no kernel.
    """
    with raised_as(KernelFileError, path, "cannot be opened"):
        data = read_regular_file(Path(path), bounds.LARGEST_KERNEL_FILE)
        lines = text.decode(data)
        if not any(is_line(line) for line in lines.splitlines()):
            try:
                return (own_kernel(Path(path).stem[:LONGEST_NAME], kernel_in(data)),)
            except Rejection:
                raise
            except ValueError as error:
                raise Rejection(str(error).partition(":")[0], "rename the file") from error
        read, damaged = _read(lines)
    if damaged or len(read) > MOST:
        raise KernelFileError(f"{shown_name(path)} is damaged: ask for another copy.")
    name = Path(path).stem[:LONGEST_NAME]  # of what was written before it had one
    return tuple(each if each.name else replace(each, name=name) for each in read)


def change_kept(change: Callable[[OwnKernels], OwnKernels] | None = None) -> OwnKernels:
    """Change the kernels that are kept, as they are in the file now; return them.

    Lines that cannot be read are left as they stand, for another version may read them.

    Raises:
        KernelFileError: The file cannot be read or written.
        ValueError: The change cannot be, or there are too many.
    """
    path = paths.user_data_dir() / _FILE
    read: OwnKernels = ()
    damaged: tuple[str, ...] = ()
    if path.exists():
        with raised_as(KernelFileError, path, "cannot be read"):
            data = read_regular_file(path, bounds.LARGEST_KERNEL_FILE, may_be_empty=True)
            read, damaged = _read(text.decode(data))
    if change is None:
        return read
    changed = change(read)
    if len(changed) > MOST:
        raise ValueError(f"{MOST} kernels are kept at most: delete one first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, _text(changed, damaged))
    except OSError as error:
        raise KernelFileError(f"Own kernels cannot be kept ({error}): free that place.") from error
    return changed


def with_kernels(present: OwnKernels, added: OwnKernels) -> OwnKernels:
    """Return kernels with others, which take the place of those of the same name.

    What has the name of a ready kernel, or none, gets one.
    """
    found = {each.name: each for each in present}
    for each in added:
        try:
            kernel = own_kernel(each.name, each.weights, each.scaling)
        except ValueError:
            name = f"{each.name[: LONGEST_NAME - 6] or 'Kernel'} (own)"
            kernel = own_kernel(name, each.weights, each.scaling)
        found[kernel.name] = kernel
    return tuple(found.values())


def without_kernel(present: OwnKernels, name: str) -> OwnKernels:
    """Return kernels without one."""
    return tuple(each for each in present if each.name != name)


def renamed_kernel(present: OwnKernels, old: str, new: str) -> OwnKernels:
    """Return kernels with another name for one of them, in its place.

    Raises:
        ValueError: The name cannot be, or another kernel has it.
    """
    changed = tuple(
        own_kernel(new, each.weights, each.scaling) if each.name == old else each
        for each in present
    )
    if len({each.name for each in changed}) < len(changed):
        raise ValueError(f"an own kernel is called “{_tidied(new)}”: choose another name")
    return changed


def _tidied(name: str) -> str:
    """Return a name of one line without signs that nobody sees."""
    return " ".join("".join(each if each.isprintable() else " " for each in name).split())


def _text(made: OwnKernels, others: tuple[str, ...]) -> bytes:
    lines = [kernel_line(each, bounds.LONGEST_KERNEL_LINE) for each in made]
    return "\n".join(["# Kernels of ConvLab, one a line", *lines, *others, ""]).encode()


def _read(text: str) -> tuple[OwnKernels, tuple[str, ...]]:
    """Return the kernels in a text by their names, and the lines that are none."""
    read: dict[str, OwnKernel] = {}
    damaged = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        try:
            kernel = read_kernel_line(line, bounds.LONGEST_KERNEL_LINE)
        except ShareError:
            damaged.append(line)
        else:
            read[kernel.name] = kernel
    return tuple(read.values()), tuple(damaged)
