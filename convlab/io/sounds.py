"""Sounds from and to WAV files.

The standard library's reader knows neither floating-point samples nor, before Python 3.12, the
extensible header that many programs write: so chunks are read here, and only written by it.
"""

from __future__ import annotations

import io
import os
import struct
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.io import bounds
from convlab.io.rejection import Rejection, raised_as
from convlab.io.safe_write import write_bytes

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_SUBFORMAT = 24  # where an extensible header has what the others begin with
_CONVERT = "convert it to a WAV file with 16 bits"
_SAVE_AGAIN = "save it again as a WAV file"


class SoundError(ValueError):
    """A sound cannot be had from a file; the text is one message with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound.

    Attributes:
        samples: ``(C, N)`` float32, read-only, from −1 to 1; C is 1 or 2, left and right.
        rate: Samples per second [Hz].
    """

    samples: FloatArray
    rate: int


@dataclass(frozen=True, slots=True)
class _Header:
    tag: int
    channels: int
    rate: int
    bits: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * self.bits // 8

    @property
    def stored_bits(self) -> int:
        """Bits of the whole numbers that are unpacked."""
        return 32 if self.bits == 24 else self.bits


def unpack_sound(data: bytes, name: str) -> Sound:
    """Read a WAV file: mono or stereo; 8, 16, 24 or 32 bits, or 32 bits floating-point.

    Args:
        data: The whole file.
        name: What to call it in an error.

    Raises:
        SoundError: It is no WAV file, damaged, cut off or empty, longer than 20 minutes, or holds
            what is not listed above.
    """
    with raised_as(SoundError, name, "gives no sound"):
        return _unpack(data)


def write_sound(path: str | os.PathLike[str], sound: Sound) -> None:
    """Write a WAV file with 16 bits.

    A sound that goes beyond −1 … 1, as with an echo, is made quieter as a whole: nothing is cut.

    Raises:
        ValueError: There are no samples, not one or two channels, or a sample is not finite.
        OSError: The file cannot be written.
    """
    write_bytes(path, pack_sound(sound))


def pack_sound(sound: Sound) -> bytes:
    """Return the bytes of a WAV file, as ``write_sound`` writes them."""
    shape = sound.samples.shape
    if sound.samples.ndim != 2 or shape[0] not in (1, 2) or not sound.samples.size:
        raise ValueError(f"samples of shape {shape} are no sound: give (1, N) or (2, N)")
    if not np.isfinite(sound.samples).all():
        raise ValueError("samples that are not finite are no sound: replace them by numbers")
    loudest = max(float(np.abs(sound.samples).max()), 1.0)
    whole = np.rint(sound.samples.astype(np.float64) * (32768 / loudest))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((shape[0], 2, sound.rate, shape[1], "NONE", "not compressed"))
        file.writeframes(np.clip(whole, -32768, 32767).astype("<i2").T.tobytes())
    return buffer.getvalue()


def _unpack(data: bytes) -> Sound:
    if not data:
        raise Rejection("it is empty", "choose another file")
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Rejection("it is no WAV file", _CONVERT)
    header: _Header | None = None
    for name, start, size in _chunks(data):
        if name == b"fmt ":
            header = _checked(_header(data[start : start + size]))
        elif name == b"data":
            if header is None:
                raise Rejection("its header is missing", _SAVE_AGAIN)
            return _sound(header, data, start, size)
    raise Rejection("it is cut off before its samples", _SAVE_AGAIN)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give the name, start and size of each chunk, as far as there are any."""
    place = 12
    for _ in range(bounds.MOST_SOUND_CHUNKS):
        if place + _CHUNK.size > len(data):
            return
        name, size = _CHUNK.unpack_from(data, place)
        place += _CHUNK.size
        yield name, place, size
        place += size + size % 2


def _header(chunk: bytes) -> _Header:
    if len(chunk) < _FORMAT.size:
        raise Rejection("its header is cut off", _SAVE_AGAIN)
    tag, channels, rate, _, _, bits = _FORMAT.unpack_from(chunk)
    if tag == _EXTENSIBLE and len(chunk) >= _SUBFORMAT + 2:
        (tag,) = struct.unpack_from("<H", chunk, _SUBFORMAT)
    return _Header(tag, channels, rate, bits)


def _checked(header: _Header) -> _Header:
    """Return a header of a sound that can be read here."""
    if (header.tag, header.bits) not in _DECODERS:
        kind = {_PCM: "whole numbers", _FLOAT: "floating-point numbers"}.get(header.tag)
        held = f"{kind} of {header.bits} bits" if kind else f"samples of kind {header.tag}"
        raise Rejection(f"it holds {held}", _CONVERT)
    if header.channels not in (1, 2):
        raise Rejection(f"it has {header.channels} channels", "mix it down to mono or stereo")
    if not 0 < header.rate <= bounds.HIGHEST_RATE:
        raise Rejection(f"its rate of {header.rate} Hz is none", _SAVE_AGAIN)
    return header


def _sound(header: _Header, data: bytes, start: int, size: int) -> Sound:
    """Return the samples of a data chunk, which must be all there."""
    if start + size > len(data) or size % header.frame:
        raise Rejection("it is cut off", _SAVE_AGAIN)
    if size == 0:
        raise Rejection("it holds no samples", "choose another file")
    count = size // header.frame
    if count > bounds.LONGEST_SOUND * header.rate:
        raise Rejection(f"it is longer than {bounds.LONGEST_SOUND // 60} minutes", "cut it shorter")
    numbers = _DECODERS[header.tag, header.bits](memoryview(data)[start : start + size])
    whole = 1.0 if header.tag == _FLOAT else float(1 << header.stored_bits - 1)
    samples = np.empty((header.channels, count), np.float32)
    for channel, row in enumerate(samples):  # no other array of this size is made
        np.multiply(numbers[channel :: header.channels], np.float32(1 / whole), out=row)
    if header.bits == 8:
        samples -= 1  # not signed: 128 is silence
    if not np.isfinite(samples).all():
        raise Rejection("it holds samples that are not finite", _SAVE_AGAIN)
    return Sound(frozen(samples), header.rate)


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
}
