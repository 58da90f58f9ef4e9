"""Pictures from files and from bytes: checked before they are decoded, kept as exact as they are.

What the file claims is read first (``headers``), because 40 kB may unpack to gigabytes, and 69
bytes may say that 4 GB follow; OpenCV has a limit of its own, set where it is imported. By the same
header the decoder is chosen (``decoders``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray, frozen
from convlab.engine.cv import cv2
from convlab.io import bounds
from convlab.io.decoders import avif, exr, fits, netpbm, opencv, pillow, png, tiff
from convlab.io.headers import tiff as tiff_header
from convlab.io.headers.boxes import is_plain_jpeg_2000
from convlab.io.headers.claim import Claim, DamagedError, UnreadableError
from convlab.io.headers.foreign import foreign_kind
from convlab.io.headers.survey import Kind, kind_of, survey
from convlab.io.rejection import in_words, raised_as, read_regular_file

log = logging.getLogger(__name__)

_NO_PICTURE = (
    "no picture of a known kind",
    "save it as PNG, JPEG, TIFF, BMP, GIF, WebP, AVIF, JPEG 2000, OpenEXR, FITS, HDR, PFM or PNM",
)


class ImageLoadError(Exception):
    """A picture cannot be had; the text is one message with its remedy."""


def read_image_file(path: str | os.PathLike[str]) -> bytes:
    """Read the bytes of a picture file, encoded as they are.

    Raises:
        ImageLoadError: It is missing, not a regular file, too large, or not to be read.
    """
    with raised_as(ImageLoadError, path, "cannot be read"):
        return read_regular_file(Path(path), bounds.LARGEST_PICTURE_FILE)


def decode_image(data: bytes, name: str) -> AnyArray:
    """Decode a picture: rotated upright, its depth kept, transparency laid over white.

    Args:
        data: The file's bytes; of several pictures in one file the first is taken (all:
            ``frames``).
        name: What to call it in an error.

    Returns:
        Read-only, C-contiguous: (H, W) if grey, else (H, W, 3) in RGB order; uint8, uint16 or
        float32. Values of a float picture that are not finite are 0: instruments write NaN where
        they measured nothing, and one of them would spread over the whole result.

    Raises:
        ImageLoadError: It is empty, too large, of an unknown kind, damaged or cut off, or holds
            what is not read.
    """
    check_image(data, name)
    kind = kind_of(data)
    assert kind is not None
    with user_facing(name):
        return frozen(np.ascontiguousarray(_DECODERS[kind](data)))


def check_image(data: bytes, name: str) -> Claim:
    """Return what a picture claims; nothing is decoded.

    Raises:
        ImageLoadError: As of ``decode_image``, as far as its header tells.
    """
    if not data:
        raise ImageLoadError(f"{name} is empty: choose another picture.")
    if kind_of(data) is None:
        what, remedy = foreign_kind(data) or _NO_PICTURE
        raise ImageLoadError(f"{name} is {what}: {remedy}.")
    with user_facing(name):
        claim = survey(data)
    check_claim(claim, len(data), name)
    return claim


@contextmanager
def user_facing(name: str) -> Iterator[None]:
    """Turn whatever a header or a decoder raises into an ImageLoadError that names the file."""
    try:
        yield
    except ImageLoadError:
        raise
    except UnreadableError as error:
        raise ImageLoadError(f"{name} {error}.") from error
    except DamagedError as error:
        raise _damaged(name) from error
    except MemoryError as error:
        raise ImageLoadError(
            f"{name} does not fit into the memory that is free: reduce it."
        ) from error
    except Exception as error:  # decoders of others raise what they like for damaged bytes
        log.info("A decoder gave up", exc_info=True)
        raise _damaged(name) from error


def encode_png(rgb: ByteArray) -> bytes:
    """Return ``(H, W, 3)`` RGB as PNG, packed lightly: a thread waits for it."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return encoded.tobytes()


def check_claim(claim: Claim, size: int, name: str) -> None:
    """Reject what would take too much memory, at all or for a file of so few bytes.

    Args:
        claim: Of the picture.
        size: Of the file [bytes].
        name: What to call it.

    Raises:
        ImageLoadError: It would.
    """
    if min(claim.width, claim.height) <= 0:
        raise _damaged(name)
    if claim.pixels > bounds.MOST_PIXELS:
        raise ImageLoadError(
            f"{name} has {claim.width}×{claim.height} pixels: reduce it to 64 million or fewer."
        )
    if claim.memory > bounds.LARGEST_PICTURE_MEMORY:
        raise ImageLoadError(
            f"{name} would take {in_words(claim.memory)} of memory where "
            f"{in_words(bounds.LARGEST_PICTURE_MEMORY)} are the most: reduce it, or save it with "
            "8 bits."
        )
    if claim.memory > max(bounds.FREE_PICTURE_MEMORY, bounds.LARGEST_PICTURE_RATIO * size):
        raise ImageLoadError(
            f"{name} would unpack from {max(size >> 10, 1)} kB to {in_words(claim.memory)}: "
            "reduce it, or save it as BMP."
        )


def _damaged(name: str) -> ImageLoadError:
    return ImageLoadError(f"{name} is damaged or cut off: copy or save it again.")


def _decode_tiff(data: bytes) -> AnyArray:
    return tiff.decode(data, tiff_header.page(data, next(tiff_header.places(data))))


def _decode_jpeg(data: bytes) -> AnyArray:
    return opencv.decode_rgb(data) if survey(data).channels == 3 else opencv.decode(data)


def _decode_jpeg_2000(data: bytes) -> AnyArray:
    """Decode by OpenCV, which keeps 16 bits; it does not know what Pillow takes from 8."""
    return opencv.decode(data) if is_plain_jpeg_2000(data) else pillow.decode(data, "JPEG2000")


_DECODERS: dict[Kind, Callable[[bytes], AnyArray]] = {
    Kind.PNG: png.decode,
    Kind.JPEG: _decode_jpeg,
    Kind.GIF: lambda data: pillow.decode(data, "GIF"),
    Kind.BMP: lambda data: pillow.decode(data, "BMP"),
    Kind.TIFF: _decode_tiff,
    Kind.WEBP: opencv.decode,
    Kind.AVIF: avif.decode,
    Kind.JPEG_2000: _decode_jpeg_2000,
    Kind.EXR: exr.decode,
    Kind.FITS: fits.decode,
    Kind.HDR: opencv.decode,
    Kind.PFM: opencv.decode,
    Kind.PNM: netpbm.decode,
}
