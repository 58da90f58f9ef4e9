"""Sounds from files of many kinds, and to WAV.

What a file claims is checked first (``sound_parts``), then libsndfile reads it, through soundfile.
Where that cannot be had, plain WAV files are read here (``plain_wave``).
"""

from __future__ import annotations

import io
import os
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from convlab.engine.arrays import FloatArray, frozen
from convlab.io import bounds
from convlab.io.mp3_length import with_length
from convlab.io.plain_wave import CONVERT, SAVE_AGAIN, ends_within_sample, header_of, unpack_plain
from convlab.io.reading import go_on
from convlab.io.rejection import Rejection, raised_as
from convlab.io.safe_write import write_bytes
from convlab.io.sound_parts import (
    MP3,
    is_cut,
    kind_of,
    other_kind_of,
    with_size,
)

SUFFIXES = (
    *(".wav", ".wave", ".bwf", ".rf64", ".w64", ".flac", ".ogg", ".oga", ".opus"),
    *(".mp3", ".mp2", ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd"),
)
"""Endings of the sounds that are read."""

OTHERS = (".m4a", ".aac", ".wma", ".amr", ".mid", ".midi", ".ra", ".wv", ".ape", ".mka")
"""Endings of sounds that are not: the message says what they are."""

_KINDS = "convert it to WAV, FLAC, OGG or MP3"
_SHORTER, _COPY = "cut it shorter", "copy it again, or save it again"
_DAMAGED = "it is damaged or cut off"
_BLOCK = 1 << 17  # numbers of all channels that are decoded at once
_INSTALL = f"{CONVERT}, or install soundfile with pip"
_UNKNOWN = 1 << 60  # samples: what was written into a pipe does not say how many it has
_SAID_IN_FRONT = ("FLAC", "MP3")  # how long they are, and nowhere how many bytes that takes
# What libsndfile 1.2.2 writes so it does not read again as it was: noise comes of noise.
_WRONG = ("ALAC_20", "ALAC_24", "ALAC_32")
_UNREAD = re.compile("unimplemented|unsupported|not supported", re.IGNORECASE)


class SoundError(ValueError):
    """A sound cannot be had from a file; the text is one message with its remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound.

    Attributes:
        samples: ``(C, N)`` float32, read-only, from −1 to 1; of two channels left and right.
        rate: Samples per second [Hz].
    """

    samples: FloatArray
    rate: int


def unpack_sound(data: bytes, name: str) -> Sound:
    """Read a whole sound.

    Args:
        data: The file: WAV in all its kinds, FLAC, Ogg (Vorbis, Opus), MP3, AIFF, CAF, W64 or AU.
        name: What to call it in an error.

    Raises:
        SoundError: It is no sound, damaged, cut off or empty, longer than 20 minutes, has too many
            channels, or is of a kind that is not read.
    """
    sound, length = unpack_beginning(data, name, bounds.MOST_SOUND_NUMBERS)
    if sound.samples.shape[1] < length:
        with raised_as(SoundError, name, "gives no sound"):
            raise Rejection(f"it has {length:,} samples in {len(sound.samples)} channels", _SHORTER)
    return sound


def unpack_beginning(data: bytes, name: str, most: int) -> tuple[Sound, int]:
    """Read the beginning of a sound, no more than so many samples of each channel.

    Returns:
        It, and how many samples of each channel the file has.

    Raises:
        SoundError: As ``unpack_sound``.
    """
    with raised_as(SoundError, name, "gives no sound"):
        return _unpack(data, most)


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


def _unpack(data: bytes, most: int) -> tuple[Sound, int]:
    if not data:
        raise Rejection("it is empty", "choose another file")
    kind = kind_of(data)
    if not kind:
        other = other_kind_of(data)
        raise Rejection(f"it is {other}" if other else "it is no sound of a known kind", _KINDS)
    if is_cut(data) or ends_within_sample(data):
        raise Rejection("it is cut off", _COPY)
    library = _library()
    if library is not None:
        sound, length = _read(library, data, kind, most)
    elif data[:4] == b"RIFF":
        sound, length = _read_plain(data, most)
    else:
        raise Rejection(f"it is {kind}, and libsndfile, which reads that, is not here", _INSTALL)
    if not length:
        raise Rejection("it holds no samples", "choose another file")
    if not np.isfinite(sound.samples).all():
        raise Rejection("it holds samples that are not finite", SAVE_AGAIN)
    return sound, length


def _read_plain(data: bytes, most: int) -> tuple[Sound, int]:
    header = header_of(data)
    _check(header.channels, header.rate)
    samples, length = unpack_plain(data, min(most, bounds.MOST_SOUND_NUMBERS // header.channels))
    _check_length(length, header.rate)
    return Sound(frozen(samples), header.rate), length


def _read(library: Any, data: bytes, kind: str, most: int) -> tuple[Sound, int]:
    """Have libsndfile decode the beginning."""
    said = with_length(data) if kind == MP3 else with_size(data)
    try:
        with library.SoundFile(_Memory(said)) as file:
            return _read_open(file, most)
    except (RuntimeError, MemoryError) as error:
        if data[:4] == b"RIFF":  # what is wrong is said more exactly here, or nothing is
            return _read_plain(data, most)
        is_unread = _UNREAD.search(str(error)) is not None
        why = "it holds samples of a kind that is not read" if is_unread else _DAMAGED
        raise Rejection(why, CONVERT if is_unread else _COPY) from None


def _read_open(file: Any, most: int) -> tuple[Sound, int]:
    if file.subtype in _WRONG:
        raise Rejection("it holds ALAC of more than 16 bits, which is not read rightly", CONVERT)
    channels, length = file.channels, file.frames
    rate = file.samplerate % (1 << 32)  # it has no sign in files
    _check(channels, rate)
    is_known = length < _UNKNOWN
    if is_known:
        _check_length(length, rate)
    file.seekable = lambda: False  # soundfile would seek again after each block
    most = min(most, bounds.MOST_SOUND_NUMBERS // channels)
    blocks = [np.zeros((0, channels), np.float32), *_decoded(file, most)]
    samples = np.concatenate(blocks).T
    there = samples.shape[1]
    if not is_known or there < most:
        there = _counted(file, there, rate)
    elif there < length:
        # Of others the last sample need not be looked for: ``is_cut`` has found all there.
        ends = file.format in _SAID_IN_FRONT
        there = file.seek(length - 1) + len(file.read(1)) if ends else length
    if is_known and there < length:
        raise Rejection("it is cut off", _COPY)
    return Sound(frozen(np.ascontiguousarray(samples)), rate), there


def _decoded(file: Any, most: int) -> Iterator[FloatArray]:
    """Give the samples ``(n, C)`` from where a file stands, no more than there are."""
    at_once = max(_BLOCK // file.channels, 1)
    while most > 0:
        go_on()
        block = file.read(min(at_once, most), "float32", always_2d=True)
        yield block
        if len(block) < min(at_once, most):
            return
        most -= len(block)


def _counted(file: Any, count: int, rate: int) -> int:
    """Return how many samples there are in all, of a file that does not say so."""
    for block in _decoded(file, bounds.LONGEST_SOUND * rate - count + 1):
        count += len(block)
    _check_length(count, rate)
    return count


def _check(channels: int, rate: int) -> None:
    if not 1 <= channels <= bounds.MOST_SOUND_CHANNELS:
        raise Rejection(f"it has {channels} channels", "mix it down to mono or stereo")
    if not 0 < rate <= bounds.HIGHEST_RATE:
        raise Rejection(f"its rate of {rate} Hz is none", SAVE_AGAIN)


def _check_length(length: int, rate: int) -> None:
    if length > bounds.LONGEST_SOUND * rate:
        raise Rejection(f"it is longer than {bounds.LONGEST_SOUND // 60} minutes", _SHORTER)


@cache
def _library() -> Any:
    """Return soundfile, which is imported when a sound is first read; None where it is missing."""
    try:
        import soundfile
    except (ImportError, OSError):  # it is not installed, or finds no libsndfile
        return None
    return soundfile


class _Memory(io.BytesIO):
    """The bytes of a file, for a library that may look in front of their beginning."""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere; what is no place is the beginning."""
        try:
            return super().seek(offset, whence)
        except (ValueError, OverflowError):
            return super().seek(0)
