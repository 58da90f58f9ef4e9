"""PNG of every kind of colours and depth, with transparency, by hand-made numbers."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.io.images import decode_image
from tests.io.made import exif, png

HEIGHT, WIDTH = 5, 7
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
KINDS = [
    *((GREY, depth) for depth in (1, 2, 4, 8, 16)),
    *((PALETTE, depth) for depth in (1, 2, 4, 8)),
    *((kind, depth) for kind in (RGB, GREY_ALPHA, RGBA) for depth in (8, 16)),
]


def samples(kind: int, depth: int) -> AnyArray:
    rng = np.random.default_rng(depth + 20 * kind)
    return rng.integers(0, 1 << depth, (HEIGHT, WIDTH, CHANNELS[kind]))


def written(numbers: AnyArray, kind: int, depth: int, *chunks: tuple[bytes, bytes]) -> bytes:
    bits = (numbers[..., np.newaxis] >> np.arange(depth - 1, -1, -1) & 1).astype(np.uint8)
    rows = np.packbits(bits.reshape(HEIGHT, -1), axis=1)
    return png(WIDTH, HEIGHT, depth, kind, b"".join(b"\0" + row.tobytes() for row in rows), *chunks)


def palette(depth: int) -> AnyArray:
    return np.random.default_rng(depth).integers(0, 256, (1 << depth, 3))


def over_white(colours: AnyArray, share: AnyArray, white: int) -> AnyArray:
    mixed: AnyArray = np.rint(white + (colours - white) * share)
    return mixed


@pytest.mark.parametrize("is_clear", [False, True], ids=["opaque", "tRNS"])
@pytest.mark.parametrize(("kind", "depth"), KINDS)
def test_every_kind_of_colours(kind: int, depth: int, is_clear: bool) -> None:
    if is_clear and kind in (GREY_ALPHA, RGBA):
        return  # it may not be there
    numbers, white = samples(kind, depth), 65535 if depth == 16 else 255
    chunks = [(b"PLTE", palette(depth).astype(np.uint8).tobytes())] if kind == PALETTE else []
    colours = numbers * (white / ((1 << depth) - 1))
    share = np.ones((HEIGHT, WIDTH, 1))
    if kind == PALETTE:
        colours = palette(depth)[numbers[..., 0]].astype(float)
    elif kind in (GREY_ALPHA, RGBA):
        colours, share = colours[..., :-1], colours[..., -1:] / white
    if is_clear and kind == PALETTE:
        chunks.append((b"tRNS", bytes((0, 128))))
        alpha = np.append([0, 128 / 255], np.ones(1 << depth))
        share = alpha[numbers]
    elif is_clear:
        clear = numbers[2, 3]
        chunks.append((b"tRNS", struct.pack(f">{len(clear)}H", *clear)))
        share = 1.0 - (numbers == clear).all(axis=2, keepdims=True)
    found = decode_image(written(numbers, kind, depth, *chunks), "x.png").astype(float)
    wanted = over_white(colours, share, white)
    if found.ndim == 2:
        wanted = wanted[..., 0]
    np.testing.assert_allclose(found, np.broadcast_to(wanted, found.shape), atol=1)
    if is_clear and kind == GREY:
        assert found[2, 3] == white


def test_transparent_grey_is_set_upright() -> None:
    numbers = samples(GREY, 8)
    chunks = (b"eXIf", exif(6)), (b"tRNS", struct.pack(">H", int(numbers[0, 0, 0])))
    found = decode_image(written(numbers, GREY, 8, *chunks), "x.png")
    assert found.shape == (WIDTH, HEIGHT)
    assert found[0, -1] == 255


def test_black_that_is_declared_transparent_is_white() -> None:
    numbers = np.array([0, 100, 200]).reshape(1, 3, 1)
    rows = b"\0" + bytes(numbers.ravel().tolist())
    data = png(3, 1, 8, GREY, rows, (b"tRNS", b"\0\0"))
    assert decode_image(data, "x.png").tolist() == [[255, 100, 200]]
