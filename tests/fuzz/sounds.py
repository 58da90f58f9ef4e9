"""Damaged sounds: healthy ones of all kinds, what may happen to them, and what must not."""

from __future__ import annotations

import io
import struct
import traceback
from functools import cache

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.io import bounds
from convlab.io.rejection import Rejection
from convlab.io.sounds import (
    Sound,
    SoundError,
    _Memory,
    pack_sound,
    unpack_beginning,
    unpack_sound,
)
from tests.fuzz.kind import Kind, Outcome, measured
from tests.fuzz.pictures import mutated as damaged
from tests.slow import noise

soundfile = pytest.importorskip("soundfile")

CONTAINERS = ("WAV", "WAVEX", "RF64", "W64", "FLAC", "OGG", "MP3", "AIFF", "CAF", "AU")
_RATES = {"OPUS": 48_000, "GSM610": 8000}
_SAMPLES = 1500


def seeds() -> list[tuple[str, bytes]]:
    """Return healthy sounds of all kinds, always the same ones."""
    samples: AnyArray = np.clip(noise(3, _SAMPLES) / np.float32(4), -0.99, 0.99)
    found = [("our own", pack_sound(Sound(samples[:2], 8000)))]
    for container in CONTAINERS:
        for subtype in soundfile.available_subtypes(container):
            for channels in (1, 2, 3):
                buffer = io.BytesIO()
                rate = _RATES.get(subtype, 44_100)
                try:
                    soundfile.write(
                        buffer, samples[:channels].T, rate, format=container, subtype=subtype
                    )
                except (soundfile.LibsndfileError, ValueError):
                    continue
                found.append((f"{container} {subtype} {channels}", buffer.getvalue()))
    own = found[0][1]
    found.append(("into a pipe", own[:40] + b"\xff\xff\xff\xff" + own[44:]))
    found.append(("never closed", own[:4] + bytes(4) + own[8:40] + bytes(4) + own[44:]))
    return found


def mutated(healthy: list[tuple[str, bytes]], number: int) -> tuple[str, bytes]:
    """Return a damaged file; each number is always the same one."""
    name, data = damaged(healthy, number)
    return name, _checked_again(data) if data[:4] == b"OggS" and number % 10 < 7 else data


def _tried(number: int, name: str, data: bytes) -> Outcome:
    """Decode a sound, and hold what comes of it against the limits."""
    return measured(_promised(data), lambda: _decoded(data))


def _promised(data: bytes) -> int:
    """Return what the header promises, as float32; 0 if it is rejected."""
    try:
        info = soundfile.info(_Memory(data))
    except (RuntimeError, TypeError, ValueError):
        return 0
    numbers = int(info.frames * info.channels)
    return 4 * numbers if numbers <= bounds.MOST_SOUND_NUMBERS else 0


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        sound = unpack_sound(data, "x")
        beginning, length = unpack_beginning(data, "x", 100)
    except SoundError as error:
        return _foreseen(error)
    except Exception:
        return "unforeseen", traceback.format_exc()
    assert sound.samples.dtype == np.float32
    assert sound.samples.size > 0
    assert np.isfinite(sound.samples).all()
    assert 0 < sound.rate <= bounds.HIGHEST_RATE
    assert length >= beginning.samples.shape[1]
    return "opened", ""


def _foreseen(error: SoundError) -> tuple[str, str]:
    text = str(error)
    is_message = text.startswith("x gives no sound, because ") and text.count(": ") == 1
    if is_message and isinstance(error.__cause__, Rejection):
        return "message", text
    return "unforeseen", f"no message with a remedy:\n{text}"


SOUNDS = Kind(seeds, mutated, _tried)

# ---- the checksums of Ogg: decoders would look no further ----


def _checked_again(ogg: bytes) -> bytes:
    changed, place = bytearray(ogg), 0
    while changed[place : place + 4] == b"OggS" and place + 27 <= len(changed):
        body = place + 27 + changed[place + 26]
        end = body + sum(changed[place + 27 : body])
        changed[place + 22 : place + 26] = bytes(4)
        changed[place + 22 : place + 26] = struct.pack("<I", _crc(changed[place:end]))
        place = end
    return bytes(changed)


def _crc(page: bytearray) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _table()[value >> 24 ^ byte]
    return value


@cache
def _table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if value >> 31 else 0)
        table.append(value)
    return table
