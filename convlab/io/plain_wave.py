"""Plain WAV files, where the library that reads all others is not to be had.

Also what their header says: the library rejects a kind of samples without naming it.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.io.rejection import Rejection
from convlab.io.sound_parts import chunks_of, samples_of

CONVERT = "convert it to a WAV file with 16 bits"
SAVE_AGAIN = "save it again as a WAV file"
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_FORMAT = struct.Struct("<HHIIHH")
_SUBFORMAT = 24  # where an extensible header has what the others begin with


@dataclass(frozen=True, slots=True)
class Header:
    """What a WAV file says of its samples.

    Attributes:
        tag: Their kind: 1 whole numbers, 3 floating-point.
        channels: How many each sample has.
        rate: Samples per second [Hz].
        bits: Of one number.
    """

    tag: int
    channels: int
    rate: int
    bits: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * self.stored_bits // 8

    @property
    def stored_bits(self) -> int:
        """Bits that a number takes: of 12 they are the upper ones of 16."""
        return self.bits + -self.bits % 8

    @property
    def words(self) -> str:
        """What the file holds."""
        kind = {_PCM: "whole numbers", _FLOAT: "floating-point numbers"}.get(self.tag)
        return f"{kind} of {self.bits} bits" if kind else f"samples of kind {self.tag}"


def header_of(data: bytes) -> Header:
    """Return the header of a WAV file.

    Raises:
        Rejection: It has none, or is cut off in it.
    """
    found = next((each for each in chunks_of(data) if each.name in (b"fmt ", b"data")), None)
    if found is None:
        raise Rejection("it is cut off before its samples", SAVE_AGAIN)
    if found.name == b"data":
        raise Rejection("its header is missing", SAVE_AGAIN)
    chunk = data[found.start : found.start + found.size]
    if len(chunk) < _FORMAT.size:
        raise Rejection("its header is cut off", SAVE_AGAIN)
    tag, channels, rate, _, _, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _SUBFORMAT + 2:
        (tag,) = struct.unpack_from("<H", chunk, _SUBFORMAT)
    return Header(tag, channels, rate, bits)


def ends_within_sample(data: bytes) -> bool:
    """Tell whether a WAV file says that it has some whole samples and a part of one."""
    chunk = samples_of(data)
    if data[:4] != b"RIFF" or chunk is None or chunk.is_open:
        return False
    header = header_of(data)
    is_plain = (header.tag, header.stored_bits) in _DECODERS
    return is_plain and header.channels > 0 and chunk.size % header.frame != 0


def unpack_plain(data: bytes, most: int) -> tuple[FloatArray, int]:
    """Return the first samples ``(C, n)`` of a plain WAV file, and how many it has of each channel.

    Raises:
        Rejection: It is damaged, or holds other samples than plain ones.
    """
    header = header_of(data)
    decode = _DECODERS.get((header.tag, header.stored_bits))
    if decode is None:
        raise Rejection(f"it holds {header.words}", CONVERT)
    chunk = samples_of(data)
    if chunk is None:
        raise Rejection("it is cut off before its samples", SAVE_AGAIN)
    length = chunk.size // header.frame
    count = min(length, most)
    numbers = decode(memoryview(data)[chunk.start : chunk.start + count * header.frame])
    bits = max(header.stored_bits, numbers.dtype.itemsize * 8)  # 24 become 32
    whole = 1.0 if header.tag == _FLOAT else float(1 << bits - 1)
    samples = np.empty((header.channels, count), np.float32)
    with np.errstate(over="ignore"):  # what fits no float32 is infinite, and rejected as that
        for channel, row in enumerate(samples):  # no other array of this size is made
            np.multiply(numbers[channel :: header.channels], np.float32(1 / whole), out=row)
    if numbers.dtype == np.uint8:
        samples -= 1  # not signed: 128 is silence
    return samples, length


def _from_24(data: memoryview) -> AnyArray:
    """Return samples of three bytes, which are the upper three of four."""
    upper = np.zeros((len(data) // 3, 4), np.uint8)
    upper[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return upper.view("<i4").ravel()


_DECODERS: dict[tuple[int, int], Callable[[memoryview], AnyArray]] = {
    (_PCM, 8): partial(np.frombuffer, dtype=np.uint8),
    (_PCM, 16): partial(np.frombuffer, dtype="<i2"),
    (_PCM, 24): _from_24,
    (_PCM, 32): partial(np.frombuffer, dtype="<i4"),
    (_FLOAT, 32): partial(np.frombuffer, dtype="<f4"),
    (_FLOAT, 64): partial(np.frombuffer, dtype="<f8"),
}
