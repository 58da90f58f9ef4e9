"""FITS, written by hand as its standard says: the lowest row first, numbers big-endian."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from convlab.engine.arrays import AnyArray
from convlab.io.frames import open_frames
from convlab.io.images import ImageLoadError, decode_image

RNG = np.random.default_rng(7)
BITS = {"u1": 8, "i2": 16, "i4": 32, "i8": 64, "f4": -32, "f8": -64}


def block(data: bytes, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % 2880)


def unit(pixels: AnyArray | None, first: str = "SIMPLE", **cards: object) -> bytes:
    """Write a header and an array whose first row is the lowest."""
    said: dict[str, object] = {first: "T" if first == "SIMPLE" else "'IMAGE   '"}
    sides = () if pixels is None else pixels.shape[::-1]
    said |= {"BITPIX": 8 if pixels is None else BITS[pixels.dtype.str[1:]], "NAXIS": len(sides)}
    said |= {f"NAXIS{k + 1}": side for k, side in enumerate(sides)} | cards
    lines = [f"{name:8}= {value:>20} / about it".ljust(80) for name, value in said.items()]
    head = block("".join([*lines, "END".ljust(80)]).encode("ascii"), b" ")
    if pixels is None:
        return head
    return head + block(pixels.astype(pixels.dtype.newbyteorder(">")).tobytes())


def numbers(kind: str, *shape: int) -> AnyArray:
    if kind[0] == "f":
        return RNG.normal(1000, 50, shape).astype(kind)
    ends = np.iinfo(kind)
    return RNG.integers(ends.min, ends.max, shape, kind, endpoint=True)


@pytest.mark.parametrize("kind", BITS)
def test_numbers_of_every_kind(kind: str) -> None:
    pixels = numbers(kind, 9, 14)
    found = decode_image(unit(pixels), "m31.fits")
    wanted = pixels[::-1] if kind == "u1" else pixels[::-1].astype(np.float32)
    np.testing.assert_array_equal(found, wanted, strict=True)


def test_sixteen_bits_without_sign_are_stored_with_a_zero() -> None:
    pixels = RNG.integers(0, 65536, (6, 5), np.uint16)
    stored = (pixels.astype(np.int32) - 32768).astype(np.int16)
    found = decode_image(unit(stored, BZERO=32768), "x.fits")
    np.testing.assert_array_equal(found, pixels[::-1], strict=True)


def test_scale_and_what_was_not_measured() -> None:
    stored = np.array([[-5, 0, 10], [100, 200, -99]], np.int16)
    found = decode_image(unit(stored, BSCALE="0.5", BZERO="1.0D1", BLANK=-99), "x.fits")
    np.testing.assert_array_equal(found, [[60, 110, 0], [7.5, 10, 15]])


def test_a_cube_is_stepped_through() -> None:
    cube = numbers("f4", 4, 6, 5)
    frames = open_frames(unit(cube), "x.fits")
    assert (frames.count, frames.noun) == (4, "page")
    for number in (3, 0):
        np.testing.assert_array_equal(frames.frame(number), cube[number, ::-1])


def test_the_picture_may_be_an_extension() -> None:
    pixels = numbers("i2", 6, 5)
    table = unit(numbers("u1", 3, 40), "XTENSION").replace(b"'IMAGE   '", b"'BINTABLE'")
    data = unit(None) + table + unit(pixels, "XTENSION")
    np.testing.assert_array_equal(decode_image(data, "x.fits"), pixels[::-1])
    with pytest.raises(ImageLoadError, match="holds tables and no picture: save its picture"):
        decode_image(unit(None) + table, "x.fits")
    packed = unit(numbers("u1", 3, 40), "XTENSION", ZIMAGE="T")
    with pytest.raises(ImageLoadError, match="compressed picture: unpack it with funpack"):
        decode_image(unit(None) + packed, "x.fits")


def test_pillow_reads_the_same() -> None:
    for kind in ("u1", "f4"):
        data = unit(numbers(kind, 8, 11))
        with Image.open(io.BytesIO(data)) as picture:
            np.testing.assert_array_equal(decode_image(data, "x"), np.asarray(picture))


def test_cut_and_lying_files_are_damaged() -> None:
    data = unit(numbers("f4", 40, 40))
    for cut in (10, 900, 2880, len(data) // 2):
        with pytest.raises(ImageLoadError, match="damaged or cut off"):
            decode_image(data[:cut], "x.fits")
    huge = data.replace(b"NAXIS1  =                   40", b"NAXIS1  =            400000000")
    with pytest.raises(ImageLoadError, match="damaged or cut off"):
        decode_image(huge, "x.fits")
