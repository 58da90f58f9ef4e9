"""Pictures made on the spot, byte by byte where no encoder would make them."""

import struct
import zlib

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2


def encoded(ending: str, picture: AnyArray, *parameters: int) -> bytes:
    """Encode a grey, BGR or BGRA picture."""
    done, data = cv2.imencode(ending, picture, list(parameters))
    assert done
    return data.tobytes()


def chunk(kind: bytes, payload: bytes) -> bytes:
    """One chunk of a PNG."""
    checked = kind + payload
    return struct.pack(">I", len(payload)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(
    width: int, height: int, depth: int, colour: int, rows: bytes, *extra: tuple[bytes, bytes]
) -> bytes:
    """A PNG of raw rows, each with its leading filter byte."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(chunk(kind, payload) for kind, payload in extra)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def exif(orientation: int, order: str = "<") -> bytes:
    """The TIFF structure with nothing but a turn in it."""
    start = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return start + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def turned_jpeg(picture: AnyArray, orientation: int, order: str = "<") -> bytes:
    """A JPEG with a note that the camera was rotated."""
    data = encoded(".jpg", picture, cv2.IMWRITE_JPEG_QUALITY, 100)
    block = b"Exif\x00\x00" + exif(orientation, order)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def colourful(height: int = 24, width: int = 40) -> AnyArray:
    """A BGR picture whose four quarters have four colours."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = (200, 30, 20)
    picture[: height // 2, width // 2 :] = (30, 200, 20)
    picture[height // 2 :, : width // 2] = (20, 30, 200)
    picture[height // 2 :, width // 2 :] = (200, 200, 200)
    return picture
