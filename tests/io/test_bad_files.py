"""What is no file, or not the one it says it is: one true message, whatever reads it."""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from convlab.document.document import Document
from convlab.document.file_name import shown_name
from convlab.document.kernel.scaling import Scaling
from convlab.io import bounds, reading
from convlab.io.class_names import read_class_names
from convlab.io.datasets import load_own
from convlab.io.images import ImageLoadError, decode_image, read_image_file
from convlab.io.networks import load_network
from convlab.io.own_kernels import own_kernel, read_kernels, write_kernels
from convlab.io.project import load_project, save_project
from convlab.io.reading import followed
from convlab.io.signal_files import read_signal
from convlab.io.sounds import Sound, pack_sound
from convlab.io.stack_files import save_stack
from convlab.io.tensors import pack_tensors
from convlab.io.weights import read_weights
from convlab.layers import Conv2d, Stack
from tests.pictures import save_png

KERNEL = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)


class Reader(NamedTuple):
    """A reader, and what it reads.

    Attributes:
        name: Of its files.
        read: Reads one.
        make: Writes a healthy one.
        largest: Of what it takes [bytes].
    """

    name: str
    read: Callable[[Path], object]
    make: Callable[[Path], object]
    largest: int


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def dataset() -> bytes:
    return npz(images=np.zeros((20, 8, 8), np.uint8), labels=np.arange(20) % 2)


def picture(path: Path) -> object:
    return decode_image(read_image_file(path), shown_name(path))


READERS = (
    Reader(
        "picture.png",
        picture,
        lambda path: save_png(path, np.full((40, 60, 3), 90, np.uint8)),
        bounds.LARGEST_PICTURE_FILE,
    ),
    Reader(
        "sound.wav",
        read_signal,
        lambda path: path.write_bytes(
            pack_sound(Sound(KERNEL.reshape(1, 9) / np.float32(9), 8000))
        ),
        bounds.LARGEST_SOUND_FILE,
    ),
    Reader(
        "table.csv",
        read_signal,
        lambda path: path.write_text("1\n2\n3\n"),
        bounds.LARGEST_TABLE_FILE,
    ),
    Reader(
        "data.npz",
        load_own,
        lambda path: path.write_bytes(dataset()),
        bounds.LARGEST_DATASET_FILE,
    ),
    Reader(
        "weights.npz",
        lambda path: read_weights(path, KERNEL.shape),
        lambda path: path.write_bytes(npz(weight=KERNEL)),
        bounds.LARGEST_WEIGHTS_FILE,
    ),
    Reader(
        "weights.safetensors",
        lambda path: read_weights(path, KERNEL.shape),
        lambda path: path.write_bytes(pack_tensors({"weight": KERNEL})),
        bounds.LARGEST_WEIGHTS_FILE,
    ),
    Reader(
        "net.onnx",
        load_network,
        lambda path: save_stack(Stack([Conv2d(1, 1, 3)]), path),
        bounds.LARGEST_NETWORK_FILE,
    ),
    Reader(
        "work.convlab",
        load_project,
        lambda path: save_project(Document(), path),
        bounds.LARGEST_PROJECT_FILE,
    ),
    Reader(
        "mine.kernel",
        read_kernels,
        lambda path: write_kernels(path, (own_kernel("Mine", KERNEL[0, 0], Scaling()),)),
        bounds.LARGEST_KERNEL_FILE,
    ),
    Reader(
        "names.txt",
        read_class_names,
        lambda path: path.write_text("cat\ndog\n"),
        bounds.LARGEST_CLASS_FILE,
    ),
)
ZIPPED = tuple(each for each in READERS if each.name.endswith((".npz", ".convlab")))
TEXTS = (".csv", ".txt")

everything = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


@cache
def healthy(reader: Reader) -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / reader.name
        reader.make(path)
        reader.read(path)
        return path.read_bytes()


def reason(reader: Reader, path: Path) -> str:
    """Return the one message that a reader has for a file."""
    with pytest.raises((ValueError, ImageLoadError)) as caught:
        reader.read(path)
    text = str(caught.value)
    assert text.encode(), "it can be shown"
    assert text.endswith(".")
    assert text.count(": ") >= 1, f"it has no remedy: {text}"
    assert path.suffix in text
    return text


@everything
def test_what_is_no_regular_file(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / reader.name
    assert "it is not there" in reason(reader, path)
    path.mkdir()
    # Folders of pictures are data sets.
    assert ("folders in it" if reader.read is load_own else "it is a folder") in reason(
        reader, path
    )
    if not hasattr(os, "mkfifo"):
        return
    path.rmdir()
    os.mkfifo(path)
    assert "it is a device or pipe" in reason(reader, path)
    path.unlink()
    path.symlink_to("/dev/zero")
    assert "it is a device or pipe" in reason(reader, path)
    path.unlink()
    monkeypatch.chdir(tmp_path)  # names of sockets are short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(reader.name)
        assert "it is a device or pipe" in reason(reader, path)


@everything
def test_what_has_not_what_its_name_says(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / reader.name
    path.write_bytes(b"")
    assert "it is empty: choose another file." in reason(reader, path)
    rng = np.random.default_rng(0)
    for rubbish in (rng.bytes(5000), b"\0" * 5000):
        path.write_bytes(rubbish)
        reason(reader, path)
    if path.suffix not in TEXTS:
        for end in (0.2, 0.5, 0.95):
            data = healthy(reader)
            path.write_bytes(data[: int(len(data) * end)])
            reason(reader, path)


@everything
def test_a_name_that_is_no_text(tmp_path: Path, reader: Reader) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xe9" + reader.name.encode()))
    try:
        path.write_bytes(healthy(reader))
    except OSError:
        pytest.skip("there are no such names here")
    reader.read(path)
    path.write_bytes(b"")
    reason(reader, path)


@everything
def test_what_is_larger_than_allowed_is_not_read(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / reader.name
    with path.open("wb") as file:
        file.truncate(reader.largest + 1)  # sparse: no disk is filled
    assert "it is larger than" in reason(reader, path)


@everything
def test_what_changes_while_it_is_read(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / reader.name
    path.write_bytes(healthy(reader))

    def grow(done: int, total: int) -> None:
        with path.open("ab") as file:
            file.write(b"\n")

    with followed(grow):
        assert "it changes while it is read" in reason(reader, path)


@everything
def test_a_disk_that_fails(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / reader.name
    path.write_bytes(healthy(reader))

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(reading, "_read", fail)
    assert "reading it fails (Input/output error)" in reason(reader, path)


@pytest.mark.parametrize("reader", ZIPPED, ids=lambda reader: reader.name)
def test_what_is_encrypted(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / reader.name
    data = bytearray(healthy(reader))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
        directory = archive.start_dir
    for start in starts:
        data[start + 6] |= 1
    while data[directory : directory + 4] == b"PK\x01\x02":
        data[directory + 8] |= 1
        lengths = struct.unpack_from("<3H", data, directory + 28)
        directory += 46 + sum(lengths)
    path.write_bytes(data)
    text = reason(reader, path)
    assert "is encrypted: save it again without a password" in text
