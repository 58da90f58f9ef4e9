"""What a view shows, written to files or as text: its picture, and its true values."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from convlab.engine.arrays import AnyArray, ByteArray
from convlab.engine.cv import cv2
from convlab.io.images import encode_png
from convlab.io.safe_write import write_bytes

MOST_COPIED = 250_000  # values as text: more would fill any spreadsheet
_WHITE = 65_535


def write_picture(rgb: ByteArray, path: Path) -> None:
    """Write ``(H, W, 3)`` RGB as PNG.

    Raises:
        OSError: It cannot be written.
    """
    write_bytes(path, encode_png(rgb))


def write_npy(values: AnyArray, path: Path) -> None:
    """Write values as they are.

    Raises:
        OSError: They cannot be written.
    """
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    write_bytes(path, stream.getvalue())


def write_png16(values: AnyArray, path: Path) -> tuple[float, float]:
    """Write one plane ``(H, W)``, or one or three ``(C, H, W)``, as PNG of 16 bits.

    Returns:
        The values that 0 and 65,535 stand for: 0 and 1 where all lie between, else the least and
        the largest. NaN becomes 0.

    Raises:
        ValueError: There is another number of planes.
        OSError: It cannot be written.
    """
    planes = values.reshape(-1, *values.shape[-2:])
    if values.ndim < 2 or len(planes) not in (1, 3):
        raise ValueError(f"{len(planes)} planes do not fit into a PNG: save them as npy")
    finite = planes[np.isfinite(planes)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    span = high - low or 1.0
    shares = (np.nan_to_num(planes, nan=low, posinf=high, neginf=low) - low) / span
    pixels = np.round(shares * _WHITE).astype(np.uint16)
    packed = (
        pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels[::-1].transpose(1, 2, 0))
    )
    _, encoded = cv2.imencode(".png", packed)
    write_bytes(path, encoded.tobytes())
    return low, high


def values_text(values: AnyArray) -> str:
    """Return values as rows with tabs between, planes with an empty line between.

    Raises:
        ValueError: There are too many.
    """
    if values.size > MOST_COPIED:
        raise ValueError(
            f"{values.size:,} values are too many to copy (at most {MOST_COPIED:,}): "
            "save them as npy"
        )
    planes = np.atleast_2d(values)
    planes = planes.reshape(-1, *planes.shape[-2:])
    return "\n\n".join(
        "\n".join("\t".join(f"{value:.9g}" for value in row) for row in plane.tolist())
        for plane in planes
    )
