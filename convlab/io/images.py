"""Pictures from files and from bytes: checked before they are decoded, kept as exact as they are.

What the file claims is read first (``headers``), because 40 kB may unpack to gigabytes, and 69
bytes may say that 4 GB follow; OpenCV has a limit of its own, set where it is imported.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np

from convlab.document.file_name import shown_name
from convlab.engine.arrays import AnyArray, ByteArray, frozen
from convlab.engine.cv import cv2
from convlab.io import bounds
from convlab.io.headers.claim import Claim, DamagedError, UnreadableError
from convlab.io.headers.orientation import orientation
from convlab.io.headers.survey import is_known, survey
from convlab.io.rejection import in_words

_KINDS = "PNG, JPEG, TIFF, BMP, GIF, WebP, AVIF, JPEG 2000, HDR, PFM or PNM"


class ImageLoadError(Exception):
    """A picture cannot be had; the text is one message with its remedy."""


def read_image_file(path: str | os.PathLike[str]) -> bytes:
    """Read the bytes of a picture file, encoded as they are.

    Raises:
        ImageLoadError: It is missing, not a regular file, too large, or not to be read.
    """
    path = Path(path)
    _require_regular_file(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageLoadError(
            f"{shown_name(path)} cannot be read: check its permissions."
        ) from error


def decode_image(data: bytes, name: str) -> AnyArray:
    """Decode a picture: rotated upright, its depth kept, transparency laid over white.

    Args:
        data: The file's bytes; of several pictures in one file (GIF, TIFF) the first is taken.
        name: What to call it in an error.

    Returns:
        Read-only, C-contiguous: (H, W) if grey, else (H, W, 3) in RGB order; uint8, uint16 or
        float32. Values of a float picture that are not finite are 0: instruments write NaN where
        they measured nothing, and one of them would spread over the whole result.

    Raises:
        ImageLoadError: It is empty, too large, of an unknown kind, damaged or cut off.
    """
    if not data:
        raise ImageLoadError(f"{name} is empty: choose another picture.")
    _require_sane_header(data, name)
    pixels = _decoded(data, name)
    pixels = _upright(pixels, orientation(data))
    return frozen(np.ascontiguousarray(_opaque_rgb(pixels, name)))


def encode_png(rgb: ByteArray) -> bytes:
    """Return ``(H, W, 3)`` RGB as PNG, packed lightly: a thread waits for it."""
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return encoded.tobytes()


def _require_regular_file(path: Path) -> None:
    """Reject what could block for ever when it is opened, before it is opened."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise ImageLoadError(f"{shown_name(path)} is not there: choose another picture.") from error
    if stat.S_ISDIR(status.st_mode):
        raise ImageLoadError(f"{shown_name(path)} is a folder: choose a picture in it.")
    if not stat.S_ISREG(status.st_mode):
        raise ImageLoadError(f"{shown_name(path)} is a device or pipe: choose a picture file.")
    if status.st_size > bounds.LARGEST_PICTURE_FILE:
        raise ImageLoadError(f"{shown_name(path)} is larger than 512 MB: save a smaller picture.")


def _require_sane_header(data: bytes, name: str) -> None:
    if not is_known(data):
        raise ImageLoadError(f"{name} is no picture of a known kind: save it as {_KINDS}.")
    try:
        claim = survey(data)
    except DamagedError as error:
        raise _damaged(name) from error
    except UnreadableError as error:
        raise ImageLoadError(f"{name} {error}.") from error
    if claim.width <= 0 or claim.height <= 0:
        raise _damaged(name)
    _require_room(claim, len(data), name)


def _require_room(claim: Claim, size: int, name: str) -> None:
    """Reject what would take too much memory, at all or for a file of so few bytes."""
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


def _decoded(data: bytes, name: str) -> AnyArray:
    """Decode without any conversion: other modes drop 16 bits or transparency."""
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except (cv2.error, MemoryError) as error:
        raise _damaged(name) from error
    if pixels is None or pixels.size == 0:
        raise _damaged(name)
    return pixels


def _upright(pixels: AnyArray, orientation: int) -> AnyArray:
    """Undo the rotation that a camera noted (EXIF 2.32, tag 274: 1 upright ... 8)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _opaque_rgb(pixels: AnyArray, name: str) -> AnyArray:
    """Turn BGR or BGRA into RGB; grey stays grey."""
    if pixels.dtype in (np.float32, np.float64):
        # Double precision is more than the engine computes with.
        with np.errstate(over="ignore"):
            pixels = pixels.astype(np.float32)
        pixels = np.nan_to_num(pixels, nan=0.0, posinf=0.0, neginf=0.0)
    if pixels.dtype not in (np.uint8, np.uint16, np.float32):
        raise ImageLoadError(f"{name} has {pixels.dtype} values: save it with 8 or 16 bits.")
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels == 1:
        return pixels.reshape(pixels.shape[:2])
    if channels == 3:  # six times faster than turning the last axis round
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2RGB))
    if channels == 4:
        return _over_white(pixels[..., 2::-1], pixels[..., 3])
    raise ImageLoadError(f"{name} has {channels} channels: save it as grey, RGB or RGBA.")


def _over_white(colours: AnyArray, alpha: AnyArray) -> AnyArray:
    """Lay a picture over a white ground, one channel at a time to keep memory low."""
    is_float = colours.dtype == np.float32
    white = np.float32(1.0 if is_float else np.iinfo(colours.dtype).max)
    share = alpha.astype(np.float32) / white
    result = np.empty(colours.shape, colours.dtype)
    for channel in range(3):
        mixed = white + (colours[..., channel].astype(np.float32) - white) * share
        result[..., channel] = mixed if is_float else np.rint(mixed)
    return result
