"""Healthy files of all kinds, by other programs' hands: what they claim fits them and opens."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.io.headers.claim import DamagedError
from convlab.io.headers.survey import survey
from convlab.io.images import ImageLoadError, decode_image
from tests.io.made import chunk, encoded, png

PIXELS = np.random.default_rng(0).integers(0, 256, (37, 53, 4), np.uint8)
SIZE = (53, 37)

PILLOW: dict[str, tuple[str, str, dict[str, Any]]] = {
    "PNG of 1 bit": ("1", "png", {}),
    "PNG with a palette": ("P", "png", {"transparency": 3}),
    "PNG of grey and transparency": ("LA", "png", {}),
    "PNG of 16 bits": ("I;16", "png", {}),
    "interlaced": ("RGB", "png", {"interlace": 1}),
    "APNG": ("RGBA", "png", {"save_all": True}),
    "baseline JPEG": ("RGB", "jpeg", {"restart_marker_blocks": 2}),
    "progressive JPEG": ("RGB", "jpeg", {"progressive": True}),
    "grey progressive JPEG": ("L", "jpeg", {"progressive": True}),
    "CMYK JPEG": ("CMYK", "jpeg", {}),
    "JPEG with a large profile": ("RGB", "jpeg", {"icc_profile": bytes(70_000)}),
    "GIF": ("P", "gif", {}),
    "moving GIF": ("L", "gif", {"save_all": True}),
    "BMP with a palette": ("P", "bmp", {}),
    "BMP of 1 bit": ("1", "bmp", {}),
    "BMP of 32 bits": ("RGBA", "bmp", {}),
    "WebP": ("RGB", "webp", {"icc_profile": bytes(70)}),
    "lossless WebP": ("RGBA", "webp", {"lossless": True}),
    "moving WebP": ("RGB", "webp", {"save_all": True}),
    "AVIF": ("RGBA", "avif", {}),
    "moving AVIF": ("RGB", "avif", {"save_all": True}),
    "JPEG 2000": ("RGB", "jpeg2000", {"irreversible": True, "tile_size": (16, 16)}),
    "PBM": ("1", "ppm", {}),
    "PGM": ("L", "ppm", {}),
    "PPM": ("RGB", "ppm", {}),
    "fax": ("1", "tiff", {"compression": "group4"}),
    "LZW": ("RGB", "tiff", {"compression": "tiff_lzw"}),
    "JPEG in TIFF": ("RGB", "tiff", {"compression": "jpeg"}),
    "pages": ("L", "tiff", {"save_all": True}),
}
TIFFS: dict[str, tuple[AnyArray, dict[str, Any]]] = {
    "tiles": (PIXELS[..., 0].astype("u2"), {"tile": (16, 16)}),
    "big": (PIXELS[..., 0], {"bigtiff": True}),
    "big-endian": (PIXELS[..., 0].astype("u2"), {"byteorder": ">"}),
    "strips": (PIXELS[..., :3].copy(), {"rowsperstrip": 5}),
    "planes": (np.moveaxis(PIXELS[..., :3], -1, 0), {"planarconfig": "separate"}),
    "predictor": (PIXELS[..., 0].astype("u2"), {"compression": "zlib", "predictor": True}),
}
NETPBM = {
    "PBM with a comment": b"P1\n# hi\n3 2\n0 1 0\n1 0 1\n",
    "PBM without blanks": b"P1 3 2 010101",
    "PGM of 4 bits": b"P2\n#a b\n#c\n3 2\n15\n1 2 3 4 5 6\n",
    "PGM with comments": b"P5 # c\n3 #x\n2\n# y\n255\nabcdef",
}


FLOATS = (".pfm", ".hdr")
HEALTHY = (*PILLOW, *TIFFS, *FLOATS)


def healthy(name: str) -> bytes:
    if name in FLOATS:
        return encoded(name, PIXELS[..., :3].astype(np.float32))
    file = io.BytesIO()
    if name in TIFFS:
        pixels, how = TIFFS[name]
        kind = "rgb" if pixels.ndim == 3 else "minisblack"
        tifffile.imwrite(file, pixels, photometric=kind, **how)
        return file.getvalue()
    mode, ending, how = PILLOW[name]
    picture = Image.fromarray(PIXELS[..., 0].astype(np.uint16) * 200)
    if mode != "I;16":
        base = Image.fromarray(PIXELS)
        picture = (base if mode == "RGBA" else base.convert("RGB")).convert(mode)
    more = {"append_images": [picture.rotate(180)]} if "save_all" in how else {}
    picture.save(file, ending, **how, **more)
    return file.getvalue()


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_files_open_as_the_decoder_gives_them(name: str) -> None:
    data = healthy(name)
    claim = survey(data)
    assert (claim.width, claim.height) == SIZE
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    assert claim.pixels * claim.channels * claim.sample >= decoded.nbytes
    pixels = decode_image(data, name)
    if decoded.ndim == 3 and decoded.shape[2] == 4:
        assert pixels.shape == (37, 53, 3)
    else:
        np.testing.assert_array_equal(pixels, decoded[..., ::-1] if decoded.ndim == 3 else decoded)


@pytest.mark.parametrize(
    ("pixels", "how", "message"),
    [
        (np.zeros((8, 8), np.complex64), {}, "holds complex numbers: save their magnitude."),
        (
            np.zeros((8, 8, 3), np.uint8),
            {"compression": "jpegxl", "photometric": "rgb"},
            "is compressed with JPEG XL: save it with LZW or deflate.",
        ),
        (
            np.zeros((8, 8, 3), np.uint8),
            {"photometric": "cielab"},
            "holds CIE Lab: save it as grey or RGB.",
        ),
        (
            np.zeros((8, 8), np.uint16),
            {"photometric": "cfa", "extratags": [(33421, 3, 2, (2, 2), True)]},
            "holds raw data of a camera's sensor: save it as grey or RGB.",
        ),
    ],
    ids=["complex", "JPEG XL", "Lab", "raw"],
)
def test_what_is_not_read_says_what_it_is(
    pixels: AnyArray, how: dict[str, Any], message: str
) -> None:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **how)
    with pytest.raises(ImageLoadError) as caught:
        decode_image(file.getvalue(), "x.tif")
    assert str(caught.value) == f"x.tif {message}"


def test_a_gif_is_as_large_as_its_frames_reach() -> None:
    data = healthy("moving GIF")
    small = data[:6] + struct.pack("<HH", 2, 3) + data[10:]
    assert (survey(small).width, survey(small).height) == SIZE
    assert decode_image(small, "x.gif").shape == (37, 53, 3)


def test_a_tile_may_be_larger_than_its_picture_but_not_without_end() -> None:
    file = io.BytesIO()
    tifffile.imwrite(file, PIXELS[..., 0], tile=(512, 512), compression="zlib")
    np.testing.assert_array_equal(decode_image(file.getvalue(), "x"), PIXELS[..., 0])
    tall = file.getvalue().replace(
        struct.pack("<HHII", 323, 4, 1, 512), struct.pack("<HHII", 323, 4, 1, 65536)
    )
    assert tall != file.getvalue()
    with pytest.raises(DamagedError):
        survey(tall)


@pytest.mark.parametrize("name", NETPBM)
def test_pictures_written_as_text_open(name: str) -> None:
    assert decode_image(NETPBM[name], name).shape == (2, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_rotated_avif_is_set_upright(orientation: int) -> None:
    corner = np.zeros((24, 40, 3), np.uint8)
    corner[:12, :20] = 255
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x112] = orientation
    Image.fromarray(corner).save(file, "avif", exif=exif, quality=100)
    pixels = decode_image(file.getvalue(), "x.avif")
    assert pixels.shape[:2] == ((40, 24) if orientation > 4 else (24, 40))
    bottom, right = pixels[-6:].mean() > 64, pixels[:, -6:].mean() > 64
    assert (bottom, right) == (orientation in (3, 4, 7, 8), orientation in (2, 3, 6, 7))


def test_what_follows_the_last_chunk_is_nobodys_business() -> None:
    whole = png(2, 1, 8, 0, b"\x00\x01\x02")
    assert decode_image(whole + chunk(b"junk", b"")[:-3] + b"\xff" * 9, "x").tolist() == [[1, 2]]


@pytest.mark.parametrize("name", HEALTHY)
def test_lengths_beyond_the_file_are_found(name: str) -> None:
    """Cut anywhere in its first half, a file is rejected or claims no more than the whole does."""
    data = healthy(name)
    whole = survey(data)
    for cut in range(0, len(data) // 2, max(len(data) // 100, 1)):
        try:
            claim = survey(data[:cut])
        except DamagedError:
            continue
        assert claim.memory <= whole.memory
