"""From the first bytes of a picture file to its kind and to what it claims."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from convlab.io.headers import boxes, exr, fits, gif, jpeg, netpbm, plain, png, riff, tiff
from convlab.io.headers.claim import Claim, DamagedError, damage_found


class Kind(Enum):
    """The families of files that are told apart by their first bytes."""

    PNG = "PNG"
    JPEG = "JPEG"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    WEBP = "WebP"
    AVIF = "AVIF"
    JPEG_2000 = "JPEG 2000"
    EXR = "OpenEXR"
    FITS = "FITS"
    HDR = "HDR"
    PFM = "PFM"
    PNM = "PNM"


_BY_START = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"GIF8", Kind.GIF),
    (b"BM", Kind.BMP),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"\x00\x00\x00\x0cjP  ", Kind.JPEG_2000),
    (exr.MAGIC, Kind.EXR),
    (fits.MAGIC, Kind.FITS),
    (b"#?RADIANCE", Kind.HDR),
    (b"#?RGBE", Kind.HDR),
)
_CLAIMS: dict[Kind, Callable[[bytes], Claim]] = {
    Kind.PNG: png.claim,
    Kind.JPEG: jpeg.claim,
    Kind.GIF: gif.claim,
    Kind.BMP: plain.bmp,
    Kind.TIFF: tiff.claim,
    Kind.WEBP: riff.claim,
    Kind.AVIF: boxes.avif,
    Kind.JPEG_2000: boxes.jpeg_2000,
    Kind.EXR: exr.claim,
    Kind.FITS: fits.claim,
    Kind.HDR: plain.hdr,
    Kind.PFM: plain.pfm,
    Kind.PNM: netpbm.claim,
}


def kind_of(data: bytes) -> Kind | None:
    """Return which kind of picture the bytes begin like; None: none that can be decoded."""
    for start, kind in _BY_START:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if boxes.is_avif(data):
        return Kind.AVIF
    if plain.PFM.match(data):
        return Kind.PFM
    if netpbm.is_netpbm(data):
        return Kind.PNM
    return None


def survey(data: bytes) -> Claim:
    """Read what a picture claims, without decoding it.

    Raises:
        DamagedError: It is of no known kind, or a part of it does not lie inside the file.
        UnreadableError: It is healthy, but cannot be read.
    """
    kind = kind_of(data)
    if kind is None:
        raise DamagedError
    with damage_found():
        return _CLAIMS[kind](data)
