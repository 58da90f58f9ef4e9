"""What the samples of a TIFF page mean: grey, colours, a palette, alpha, or several channels."""

from __future__ import annotations

import io
import struct

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.io.decoders.finish import as_engine_takes_it, over_white, upright
from convlab.io.decoders.pillow import from_pillow
from convlab.io.decoders.tiff_samples import BYTEWISE, FLOAT, samples
from convlab.io.headers.claim import UnreadableError, require
from convlab.io.headers.tiff import Page

_WHITE_IS_ZERO, _GREY, _RGB, _PALETTE, _MASK, _CMYK, _YCC = range(7)
_COLOURS = {_WHITE_IS_ZERO: 1, _GREY: 1, _RGB: 3, _PALETTE: 1, _MASK: 1, _CMYK: 4}
_ALPHA = (1, 2)
_MULTIPLIED = 1
_PICTURES = frozenset({2, 3, 4, 6, 7})
"""Schemes that pack a picture, not bytes: CCITT's three and JPEG's two. libtiff reads them."""
_UNKNOWN_MEANINGS = {
    8: "CIE Lab", 9: "ICC Lab", 10: "ITU Lab", 32844: "logarithmic grey",
    32845: "logarithmic colours", 32803: "raw data of a camera's sensor",
    34892: "raw data of a camera's sensor",
}  # fmt: skip
_UNKNOWN_SCHEMES = {
    32809: "ThunderScan", 32908: "Pixar's scheme", 32909: "Pixar's scheme", 34661: "JBIG",
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 34712: "JPEG 2000",
    34676: "SGI's logarithms", 34677: "SGI's logarithms", 34887: "LERC", 34892: "lossy JPEG",
    34933: "PNG", 34934: "JPEG XR", 22610: "JPEG XR", 50001: "WebP", 50002: "JPEG XL",
    52546: "JPEG XL",
}  # fmt: skip


def pictures_in(page: Page) -> int:
    """Return how many pictures a page holds: one, unless it has channels that are no colours."""
    if _is_packed_as_picture(page):
        return 1
    colours = _colours(page)
    return 1 + page.samples - colours - _has_alpha(page, colours)


def decode(data: bytes, page: Page, number: int = 0) -> AnyArray:
    """Decode a page, upright.

    Args:
        data: The file.
        page: Which.
        number: Which of its pictures (``pictures_in``).

    Returns:
        ``(H, W)`` or RGB ``(H, W, 3)``; uint8, uint16 or float32. Of whole numbers of fewer than 8
        or 16 bits the largest is white; signed ones and those of more bits keep their values.

    Raises:
        UnreadableError: It holds what is not read here.
        DamagedError: It is damaged, or bytes are missing.
        Exception: Whatever Pillow raises for a damaged file.
    """
    require_readable(page)
    if _is_packed_as_picture(page):
        return _by_pillow(data, page)
    return upright(as_engine_takes_it(_picture(data, page, number)), page.orientation)


def _is_packed_as_picture(page: Page) -> bool:
    """Tell whether its bytes mean nothing without libtiff: of YCbCr colours have fewer pixels."""
    return page.compression in _PICTURES or page.photometric == _YCC


def require_readable(page: Page) -> None:
    """Reject what a page says that is not read here.

    Raises:
        UnreadableError: With what it is.
    """
    if page.compression not in BYTEWISE | _PICTURES:
        scheme = _UNKNOWN_SCHEMES.get(page.compression, f"scheme {page.compression}")
        raise UnreadableError(f"is compressed with {scheme}: save it with LZW or deflate")
    if page.photometric in _UNKNOWN_MEANINGS or page.photometric not in {*_COLOURS, _YCC}:
        what = _UNKNOWN_MEANINGS.get(page.photometric, f"colours of kind {page.photometric}")
        raise UnreadableError(f"holds {what}: save it as grey or RGB")
    if _is_packed_as_picture(page) and max(page.bits) > 8:
        raise UnreadableError(f"is packed with {max(page.bits)} bits: save it with LZW or deflate")


def _colours(page: Page) -> int:
    """Return how many samples are the colours of one picture."""
    colours = _COLOURS.get(page.photometric, 1)
    if page.photometric == _GREY and page.samples in (3, 4) and not _has_alpha(page, 1):
        return 3 if page.samples == 3 else 1  # three channels are shown as red, green and blue
    return min(colours, page.samples)


def _has_alpha(page: Page, colours: int) -> bool:
    """Tell whether the sample behind the colours is alpha; of RGB many do not say so."""
    if page.samples <= colours:
        return False
    if page.extra:
        return page.extra[0] in _ALPHA
    return page.photometric == _RGB and page.samples == 4


def _picture(data: bytes, page: Page, number: int) -> AnyArray:
    colours = _colours(page)
    has_alpha = _has_alpha(page, colours)
    if number:
        at = colours + has_alpha + number - 1
        return _full_depth(_channels(data, page, [at]), page)[..., 0]
    require(page.photometric == _GREY or colours == _COLOURS[page.photometric])
    read = _channels(data, page, list(range(colours + has_alpha)))
    shown = as_engine_takes_it(_meant(read[..., :colours], page))
    if not has_alpha or not (shown.dtype.kind == "u" or page.format == FLOAT):
        return shown
    alpha = as_engine_takes_it(_full_depth(read[..., colours], page))
    return over_white(shown, alpha, page.extra[:1] == (_MULTIPLIED,))


def _channels(data: bytes, page: Page, wanted: list[int]) -> AnyArray:
    """Return some channels ``(H, W, C)``."""
    if page.is_planar:
        return np.concatenate([samples(data, page, each) for each in wanted], axis=2)
    read = samples(data, page)
    return read if len(wanted) == page.samples else read[..., wanted]


def _meant(read: AnyArray, page: Page) -> AnyArray:
    """Return grey ``(H, W)`` or colours ``(H, W, 3)``."""
    if page.photometric == _PALETTE:
        return _from_palette(read[..., 0], page)
    full = _full_depth(read, page)
    if page.photometric == _CMYK:
        return _from_cmyk(full)
    if page.photometric == _WHITE_IS_ZERO and full.dtype in (np.uint8, np.uint16):
        full = np.invert(full)
    return full[..., 0] if full.shape[2] == 1 else full


def _full_depth(read: AnyArray, page: Page) -> AnyArray:
    """Return numbers of fewer than 8 or 16 bits spread over all of them, so that white is white."""
    bits = page.bits[0]
    if bits >= 16 or bits == 8:
        return read
    spread = np.linspace(0, 255 if bits < 8 else 65535, 1 << bits)
    return np.rint(spread).astype(read.dtype)[read]


def _from_palette(indices: AnyArray, page: Page) -> AnyArray:
    require(indices.dtype.kind == "u" and len(page.colours) >= 3 << page.bits[0])
    colours = page.colours.reshape(3, -1).T
    if colours.max() > 255:  # some writers fill 8 bits of the 16
        colours = colours >> 8
    return np.ascontiguousarray(colours.astype(np.uint8)[indices])


def _from_cmyk(inks: AnyArray) -> AnyArray:
    if inks.dtype not in (np.uint8, np.uint16):
        raise UnreadableError("holds inks as numbers of another kind: save it as RGB")
    white = np.iinfo(inks.dtype).max
    paper = (white - inks).astype(np.float32)
    return np.rint(paper[..., :3] * paper[..., 3:] / white).astype(inks.dtype)


def _by_pillow(data: bytes, page: Page) -> AnyArray:
    """Decode a page that is packed as a picture; Pillow sets it upright itself."""
    from PIL import Image  # takes 30 ms, and is not wanted at the start

    is_big = data[2:4] in (b"+\0", b"\0+")
    head = struct.pack(page.order + "Q", page.place) if is_big else b""
    head = data[:8] + head if is_big else data[:4] + struct.pack(page.order + "I", page.place)
    with Image.open(io.BytesIO(head + data[len(head) :]), formats=["tiff"]) as file:
        require(file.size in ((page.width, page.height), (page.height, page.width)))
        return from_pillow(file)
