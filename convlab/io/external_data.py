"""Weights that a model of ONNX keeps in files beside it, as PyTorch writes it by default.

What a model names is read only if it is a regular file in the model's own folder, or below.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, BinaryIO

from convlab.document.file_name import shown_text
from convlab.io.rejection import Rejection
from convlab.networks.bounds import bytes_of, tensors_of

if TYPE_CHECKING:
    import onnx

_ONE_FILE = "save all in one: onnx.save(onnx.load('network.onnx'), 'one.onnx')"
_BESIDE = "put the file with its weights beside it, under the name it had"


def has_external(model: onnx.ModelProto) -> bool:
    """Tell whether a model keeps weights elsewhere."""
    return any(_is_external(tensor) for tensor in tensors_of(model))


def take_in(model: onnx.ModelProto, folder: Path, report: Callable[[int, int], None]) -> None:
    """Read what a model keeps beside it into the model.

    Args:
        model: It, whose sizes were checked.
        folder: In which it lies.
        report: Told how many bytes were read, and how many there are.

    Raises:
        Rejection: A file lies elsewhere, or is missing, no regular one or too short.
    """
    tensors = [tensor for tensor in tensors_of(model) if _is_external(tensor)]
    total, done = sum(map(bytes_of, tensors)), 0
    for tensor in tensors:
        report(done, total)
        entries = {each.key: each.value for each in tensor.external_data}
        wanted = bytes_of(tensor)
        with _opened(folder, entries.get("location", "")) as file:
            tensor.raw_data = _read(file, entries, wanted)
        tensor.ClearField("external_data")
        tensor.ClearField("data_location")
        done += wanted


def _is_external(tensor: onnx.TensorProto) -> bool:
    return bool(tensor.data_location == tensor.EXTERNAL)


def _read(file: BinaryIO, entries: dict[str, str], wanted: int) -> bytes:
    """Return the bytes of one tensor.

    Raises:
        Rejection: They are not there.
    """
    try:
        start, length = int(entries.get("offset", 0)), int(entries.get("length", wanted))
        if start < 0 or length != wanted:
            raise ValueError
        file.seek(start)
        data = file.read(wanted)
    except (ValueError, OverflowError, OSError):
        data = b""
    if len(data) != wanted:
        raise Rejection(f"{shown_text(entries['location'])!r} does not hold its weights", _BESIDE)
    return data


@contextmanager
def _opened(folder: Path, location: str) -> Iterator[BinaryIO]:
    """Open a file in a folder.

    Raises:
        Rejection: It is not in it, or is no regular file.
    """
    shown = repr(shown_text(location))
    try:
        path = _inside(folder, location)
        # A pipe would wait for a writer, and a link may have come in the meantime.
        number = os.open(path, os.O_RDONLY | _flag("O_NONBLOCK", "O_NOFOLLOW", "O_BINARY"))
    except Rejection:
        raise
    except (OSError, ValueError):
        raise Rejection(f"it keeps its weights in {shown}, which is not there", _BESIDE) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise Rejection(f"it keeps its weights in {shown}, which is no file", _BESIDE)
    with open(number, "rb") as file:
        yield file


def _inside(folder: Path, location: str) -> Path:
    """Return where a file lies, every link resolved.

    Raises:
        OSError, ValueError: It is not there.
        Rejection: It lies outside of the folder.
    """
    ways = PurePosixPath(location), PureWindowsPath(location)
    is_elsewhere = any(way.anchor or ".." in way.parts for way in ways)
    root = folder.resolve()
    if location and not is_elsewhere:
        path = (root / location).resolve(strict=True)
        if path.is_relative_to(root):
            return path
    raise Rejection(
        f"it keeps its weights in {shown_text(location)!r}, outside of its own folder", _ONE_FILE
    )


def _flag(*names: str) -> int:
    """Return flags of ``os.open``, as far as the system has them."""
    found = 0
    for name in names:
        found |= getattr(os, name, 0)
    return found
