"""Damaged pictures: healthy ones of all kinds, what may happen to them, and what must not."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io import bounds
from convlab.io.frames import open_frames
from convlab.io.headers.claim import DamagedError, UnreadableError
from convlab.io.headers.survey import kind_of, survey
from convlab.io.images import ImageLoadError, decode_image
from tests.fuzz.kind import Kind, Outcome, measured
from tests.io.made import encoded
from tests.io.test_fits import unit
from tests.io.written import by_pillow, image, layouts, packed_tiff

FRAMES = 4
_LAYOUTS = 60
_BYTES = (0, 1, 0x7F, 0x80, 0xFF)
_WORDS = (0, 1, 2, 255, 256, 4096, 65535, 65536, 1 << 24, (1 << 31) - 1, (1 << 32) - 1)


def seeds() -> list[tuple[str, bytes]]:
    """Return healthy pictures of all kinds, always the same ones."""
    rng = np.random.default_rng(6)
    found = list(by_pillow())
    every = layouts()
    found += [
        (str(every[at]), every[at].write(every[at].pixels(rng)))
        for at in rng.permutation(len(every))[:_LAYOUTS]
    ]
    numbers = rng.integers(0, 1 << 12, (20, 30, 3))
    found += [(f"{bits} bits", packed_tiff(numbers >> (12 - bits), bits)) for bits in (3, 10, 12)]
    colours = rng.integers(0, 256, (20, 30, 3), np.uint8)
    found += [(ending, encoded(ending, colours.astype(np.float32))) for ending in (".hdr", ".pfm")]
    deep = rng.integers(0, 65536, (64, 64, 3), np.uint16)
    found += [("16-bit JPEG 2000", encoded(".jp2", deep))]
    found += [("PAM", b"P7\nWIDTH 30\nHEIGHT 20\nDEPTH 3\nMAXVAL 200\nENDHDR\n" + bytes(1800))]
    found += [("text", b"P3\n# of text\n3 2\n15\n" + b"1 2 3 4 5 6 7 8 9 " * 2)]
    found += [(f"moving {kind}", _moving(kind)) for kind in ("GIF", "PNG", "WEBP", "AVIF", "TIFF")]
    found += [("deep AVIF", encoded(".avif", deep >> 6, cv2.IMWRITE_AVIF_DEPTH, 10))]
    found += [("FITS", unit(numbers.astype(np.int16), BZERO=32768, BLANK=5))]
    found += [("FITS behind a table", unit(None) + unit(colours[..., 0], "XTENSION"))]
    return found + _openexr(colours)


def _moving(kind: str) -> bytes:
    first = image("RGB")
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=[first.rotate(90 * k) for k in (1, 2)])
    return file.getvalue()


def _openexr(colours: AnyArray) -> list[tuple[str, bytes]]:
    try:
        import OpenEXR
    except ImportError:
        return []
    from tempfile import TemporaryDirectory

    found = []
    with TemporaryDirectory() as folder:
        for scheme in ("NO", "RLE", "ZIP", "PIZ", "PXR24", "B44", "DWAA"):
            path = Path(folder) / "x.exr"
            how = getattr(OpenEXR, f"{scheme}_COMPRESSION")
            single = colours.astype(np.float32)
            planes: dict[str, AnyArray] = {"R": single[..., 0], "G": single[..., 1]}
            planes |= {"B": single[..., 2], "Z": np.ones(colours.shape[:2], np.float16)}
            with OpenEXR.File({"compression": how, "type": OpenEXR.scanlineimage}, planes) as file:
                file.write(str(path))
            found.append((f"OpenEXR {scheme}", path.read_bytes()))
    return found


def mutated(healthy: list[tuple[str, bytes]], number: int) -> tuple[str, bytes]:
    """Return a damaged file; each number is always the same one."""
    rng = Random(number)
    name, data = healthy[number % len(healthy)]
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        rng.choice(_DAMAGES)(rng, changed, healthy)
    if changed.startswith(b"\x89PNG") and rng.random() < 0.7:
        _check_again(changed)
    return name, bytes(changed)


def _check_again(png: bytearray) -> None:
    """Write the checksums of a PNG again: decoders would look no further."""
    place = 8
    while place + 12 <= len(png):
        end = place + 8 + int.from_bytes(png[place : place + 4], "big")
        if end + 4 > len(png):
            return
        png[end : end + 4] = crc32(png[place + 4 : end]).to_bytes(4, "big")
        place = end + 4


def _at(rng: Random, data: bytearray) -> int:
    """Return a place: half of them lie in the header."""
    end = len(data) if rng.random() < 0.5 else min(len(data), 256)
    return rng.randrange(max(end, 1))


def _set_byte(rng: Random, data: bytearray, _: object) -> None:
    if data:
        data[_at(rng, data)] = rng.choice((*_BYTES, rng.randrange(256)))


def _flip(rng: Random, data: bytearray, _: object) -> None:
    if data:
        data[_at(rng, data)] ^= 1 << rng.randrange(8)


def _set_word(rng: Random, data: bytearray, _: object) -> None:
    at, size = _at(rng, data), rng.choice((2, 4))
    word = rng.choice(_WORDS) & ((1 << 8 * size) - 1)
    data[at : at + size] = word.to_bytes(size, rng.choice(("little", "big")))


def _cut(rng: Random, data: bytearray, _: object) -> None:
    del data[_at(rng, data) :]


def _delete(rng: Random, data: bytearray, _: object) -> None:
    at = _at(rng, data)
    del data[at : at + rng.choice((1, 2, 4, 16, 100))]


def _repeat(rng: Random, data: bytearray, _: object) -> None:
    at, length = _at(rng, data), rng.choice((1, 4, 12, 64))
    data[at:at] = data[at : at + length] * rng.choice((1, 2, 50))


def _noise(rng: Random, data: bytearray, _: object) -> None:
    at, length = _at(rng, data), rng.choice((4, 16, 64))
    data[at : at + length] = rng.randbytes(length)


def _splice(rng: Random, data: bytearray, healthy: list[tuple[str, bytes]]) -> None:
    _, other = rng.choice(healthy)
    at = _at(rng, data)
    data[at:] = other[min(at, len(other)) :]


_DAMAGES: tuple[Callable[[Random, bytearray, list[tuple[str, bytes]]], None], ...] = (
    _set_byte, _flip, _set_word, _set_word, _cut, _delete, _repeat, _noise, _splice,
)  # fmt: skip


def _tried(number: int, name: str, data: bytes) -> Outcome:
    """Decode a picture and its first frames, and hold what comes of it against the limits."""
    return measured(_promised(data), lambda: _decoded(data))


def _promised(data: bytes) -> int:
    """Return what the header promises, as float32; 0 if it is rejected."""
    if kind_of(data) is None:
        return 0
    try:
        claim = survey(data)
    except (DamagedError, UnreadableError):
        return 0
    return 4 * claim.pixels * min(claim.channels, 3) if claim.pixels <= bounds.MOST_PIXELS else 0


def _decoded(data: bytes) -> tuple[str, str]:
    texts = []
    try:
        _check(decode_image(data, "x"))
    except ImageLoadError as error:
        texts.append(_foreseen(error))
    except Exception:
        return "unforeseen", traceback.format_exc()
    try:
        with open_frames(data, "x") as frames:
            for number in range(min(frames.count, FRAMES)):
                try:
                    _check(frames.frame(number))
                except ImageLoadError as error:
                    texts.append(_foreseen(error))
    except ImageLoadError as error:
        texts.append(_foreseen(error))
    except Exception:
        return "unforeseen", traceback.format_exc()
    unforeseen = next((text for text in texts if "\n" in text), "")
    if unforeseen:
        return "unforeseen", unforeseen
    return ("message", texts[0]) if texts else ("opened", "")


def _check(pixels: AnyArray) -> None:
    assert pixels.dtype in (np.uint8, np.uint16, np.float32)
    assert pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    assert pixels.size > 0
    assert not pixels.flags.writeable
    assert pixels.dtype != np.float32 or np.isfinite(pixels).all()


def _foreseen(error: ImageLoadError) -> str:
    """Return its message; with its origin, if that is a fault of our own code."""
    text, cause = str(error), error.__cause__
    if not (text.startswith("x ") and text.endswith(".") and ": " in text):
        return f"no message with a remedy:\n{text}"
    if cause is None or isinstance(cause, DamagedError | UnreadableError):
        return text
    frames = traceback.extract_tb(cause.__traceback__)
    if "/convlab/" not in frames[-1].filename.replace("\\", "/"):
        return text
    return "".join(traceback.format_exception(cause))


PICTURES = Kind(seeds, mutated, _tried)
