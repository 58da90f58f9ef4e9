"""Small films of every kind that the player's own library writes, and what it decodes in order."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2

FRAMES = 60
FPS = 25.0
KINDS = {
    "avi": "MJPG",
    "mp4": "mp4v",
    "wmv": "WMV2",
    "3gp": "mp4v",
    "ts": "mp4v",
    "flv": "FLV1",
    "mpg": "mpg2",
    "m4v": "mp4v",
    "ogv": "VP80",
    "webm": "VP90",
    "mkv": "XVID",
    "mov": "mp4v",
    "mjpeg": "MJPG",
    "mts": "mpg2",
    "vob": "mpg2",
    "mxf": "mpg2",
    "asf": "WMV2",
    "nut": "mp4v",
}
"""Ending and code of each kind."""


def write_film(path: Path, frames: int = FRAMES, fps: float = FPS, code: str = "") -> Path:
    """Write a film of 64x48 whose frames are told apart by how bright they are."""
    fourcc = cv2.VideoWriter.fourcc(*(code or KINDS[path.suffix[1:]]))
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, fourcc, fps, (64, 48))
    assert writer.isOpened()
    for number in range(frames):
        writer.write(np.full((48, 64, 3), 5 * number % 256, np.uint8))
    writer.release()
    return path


def in_order(path: Path) -> list[float]:
    """Return how bright each frame is, as the player decodes them one after another."""
    capture, found = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG), []
    while (read := capture.read())[0]:
        found.append(brightness(read[1]))
    capture.release()
    return found


def brightness(picture: AnyArray) -> float:
    """Return the mean, which tells the frames of these films apart."""
    return round(float(picture.mean()), 3)


def with_durations(path: Path, durations: Sequence[int]) -> None:
    """Give each frame of an MP4 a duration of its own, in units of what one lasted before."""
    data = path.read_bytes().replace(b"edts", b"free")  # it would cut off what is longer now
    at = data.index(b"stts") - 4
    (size,) = struct.unpack_from(">I", data, at)
    ((count, unit),) = struct.iter_unpack(">II", data[at + 16 : at + size])
    assert count == len(durations)
    entries = b"".join(struct.pack(">II", 1, unit * each) for each in durations)
    body = struct.pack(">II", 0, len(durations)) + entries
    table = struct.pack(">I4s", 8 + len(body), b"stts") + body
    grown = len(table) - size
    parents = [data.index(name) - 4 for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl")]
    assert all(data.index(b"mdat") < parent < at for parent in parents), "places of frames stay"
    changed = bytearray(data[:at] + table + data[at + size :])
    for parent in parents:
        (before,) = struct.unpack_from(">I", changed, parent)
        struct.pack_into(">I", changed, parent, before + grown)
    path.write_bytes(changed)


def with_stated_count(path: Path, count: int) -> None:
    """Let the header of an AVI say another number of frames."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"avih") + 8 + 16, count)
    struct.pack_into("<I", data, data.index(b"strh") + 8 + 32, count)
    path.write_bytes(data)


class Album:
    """Pictures in memory; those in ``damaged`` cannot be decoded."""

    def __init__(
        self, durations: Sequence[float], noun: str = "frame", damaged: Sequence[int] = ()
    ) -> None:
        self.durations, self.noun = durations, noun
        self._damaged = damaged
        self.is_closed = False

    def frame(self, number: int) -> AnyArray:
        if number in self._damaged:
            raise ValueError(f"picture {number} is damaged.")
        return np.full((2, 2), number, np.uint8)

    def close(self) -> None:
        self.is_closed = True
