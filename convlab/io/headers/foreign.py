"""Files that are pictures or like them, and not read here: what they are, and what would help."""

from __future__ import annotations

import re

from convlab.io.headers.boxes import brands

_AS_PICTURE = "save it as PNG or TIFF in the program that made it"
_RAW = "a camera's raw picture", "develop it in the camera's program and save it as TIFF"
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"8BPS", "a Photoshop document", _AS_PICTURE),
    (b"gimp xcf", "a GIMP document", "export it as PNG or TIFF in GIMP"),
    (b"%PDF", "a PDF document", "export the page as PNG, or take a screenshot of it"),
    (b"%!PS", "a PostScript document", "export it as PNG"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript document", "export it as PNG"),
    (b"\0\0\1\0", "an icon", "save it as PNG"),
    (b"icns", "an icon", "save it as PNG"),
    (b"qoif", "a QOI picture", "save it as PNG"),
    *((bytes((10, each, 1)), "a PCX picture", "save it as PNG") for each in (0, 2, 3, 4, 5)),
    (b"\x01\xda\0", "an SGI picture", "save it as PNG"),
    (b"\x01\xda\x01", "an SGI picture", "save it as PNG"),
    (b"\x59\xa6\x6a\x95", "a Sun raster picture", "save it as PNG"),
    (b"#define ", "an XBM bitmap", "save it as PNG"),
    (b"DDS ", "a DirectX texture", "save it as PNG"),
    (b"\xff\x0a", "a JPEG XL picture", "save it as PNG or JPEG"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture", "save it as PNG or JPEG"),
    (b"II\xbc\x01", "a JPEG XR picture", "save it as PNG or TIFF"),
    (b"BPG\xfb", "a BPG picture", "save it as PNG"),
    (b"\xff\x4f\xff\x51", "a bare JPEG 2000 codestream", "save it as .jp2"),
    (b"FUJIFILMCCD-RAW", *_RAW),
    (b"IIRO", *_RAW),
    (b"IIRS", *_RAW),
    (b"IIU\0", *_RAW),
    (b"FOVb", *_RAW),
    (b"\x89HDF\r\n", "an HDF5 file", "save its picture as TIFF"),
    (b"CDF\x01", "a NetCDF file", "save its picture as TIFF"),
    (b"\x93NUMPY", "a NumPy array", "save it as TIFF: tifffile.imwrite('picture.tif', array)"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it and choose a picture in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and choose a picture in it"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it and choose a picture in it"),
    (b"Rar!", "a RAR archive", "unpack it and choose a picture in it"),
)
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg\b"
)
_SEARCHED = 4096
_HEVC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"}
_DICOM = 128


def foreign_kind(data: bytes) -> tuple[str, str] | None:
    """Return what a file is by its first bytes, and what would help; None: nothing known."""
    for start, what, remedy in _STARTS:
        if data.startswith(start):
            return what, remedy
    if data[_DICOM : _DICOM + 4] == b"DICM":
        return "a DICOM file", "export its picture as TIFF with 16 bits"
    if _SVG.match(data[:_SEARCHED]):
        return "an SVG drawing", "export it as PNG"
    if brands(data) & _HEVC:
        return (
            "a HEIC picture, whose decoder is not free to come along",
            "on the phone choose “Most Compatible” in the settings of its camera, or send it as "
            "JPEG",
        )
    return _RAW if b"crx " in brands(data) else None
