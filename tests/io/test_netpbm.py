"""PBM, PGM, PPM and PAM: the maximum is white, in text and in bytes."""

from __future__ import annotations

import numpy as np
import pytest

from convlab.io.images import ImageLoadError, decode_image

HEADER = b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH %d\nMAXVAL %d\nTUPLTYPE %s\nENDHDR\n"


@pytest.mark.parametrize("data", [b"P5\n4 1\n15\n\x00\x05\x0a\x0f", b"P2\n4 1\n15\n0 5 10 15\n"])
def test_fifteen_of_fifteen_is_white(data: bytes) -> None:
    assert decode_image(data, "x.pgm").tolist() == [[0, 85, 170, 255]]


@pytest.mark.parametrize("maximum", [1, 7, 100, 254, 255, 256, 1023, 4095, 65535])
@pytest.mark.parametrize("kind", [2, 3, 5, 6])
def test_any_maximum(kind: int, maximum: int) -> None:
    channels = 3 if kind in (3, 6) else 1
    numbers = np.random.default_rng(maximum).integers(0, maximum + 1, (5, 7, channels))
    head = b"P%d # hand-made\n7 5\n%d\n" % (kind, maximum)
    if kind < 4:
        body = b" ".join(b"%d" % number for number in numbers.ravel().tolist())
    else:
        body = numbers.astype(">u2" if maximum > 255 else np.uint8).tobytes()
    found = decode_image(head + body, "x")
    white = 65535 if maximum > 255 else 255
    assert found.dtype == (np.uint16 if maximum > 255 else np.uint8)
    np.testing.assert_array_equal(found, np.rint(numbers * (white / maximum)).squeeze())


def test_bits_as_digits_and_as_bits() -> None:
    white = [[255, 0, 255], [0, 255, 0]]
    assert decode_image(b"P1\n3 2\n010\n1 0 1\n", "x").tolist() == white
    assert decode_image(b"P4\n3 2\n\x40\xa0", "x").tolist() == white


def test_pam_with_transparency_and_without() -> None:
    rgba = HEADER % (4, 255, b"RGB_ALPHA") + b"\xff\0\0\x80" + b"\0\xff\0\xff"
    assert decode_image(rgba, "x").tolist() == [[[255, 127, 127], [0, 255, 0]]]
    grey = HEADER % (2, 15, b"GRAYSCALE_ALPHA") + b"\x00\x00" + b"\x0f\x0f"
    assert decode_image(grey, "x").tolist() == [[255, 255]]
    assert decode_image(HEADER % (1, 1, b"BLACKANDWHITE") + b"\1\0", "x").tolist() == [[255, 0]]


@pytest.mark.parametrize(
    "data",
    [
        b"P5\n4 1\n15\n\x00\x05\x0a\x10",  # above its maximum
        b"P5\n4 1\n0\n\x00\x00\x00\x00",
        b"P5\n4 1\n70000\n" + bytes(8),
        b"P2\n4 1\n15\n0 5 x 15",
        b"P2\n9 9\n15\n0 5 1 15",
        HEADER % (9, 255, b"NINE") + bytes(18),
    ],
)
def test_what_contradicts_itself_is_damaged(data: bytes) -> None:
    with pytest.raises(ImageLoadError, match="damaged or cut off"):
        decode_image(data, "x.pgm")
