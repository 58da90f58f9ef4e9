"""What the capture process and its parent say to each other, as bytes; nothing is pickled.

Child to parent: ``opened`` with the rate, then one ``arrived`` per frame, or ``failed`` with a
text. Parent to child: one byte, the number of the slot that may be written again.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SLOTS = 3
LARGEST_WIDTH, LARGEST_HEIGHT = 3840, 2160
SLOT_BYTES = LARGEST_WIDTH * LARGEST_HEIGHT * 3

_ARRIVED = struct.Struct("<cBHHQd")
_OPENED = struct.Struct("<cd")
_KIND_ARRIVED, _KIND_OPENED, _KIND_FAILED = b"a", b"o", b"f"


@dataclass(frozen=True, slots=True)
class CaptureSpec:
    """What the child shall open, and how; handed over once, when the process starts.

    Attributes:
        target: A device's number, or a file's path.
        live: True: at the device's (or file's) own pace, dropping what nobody takes. False: a
            file, as fast as it is taken, dropping nothing.
        width: Asked of a device [px].
        height: Asked of a device [px].
        same_after: A device that repeats the very same picture for so long is lost [s].
        hang_after: A child whose device blocks for so long ends itself [s]; the parent has given
            it up long before, or died.
    """

    target: int | str
    live: bool
    width: int = 1280
    height: int = 720
    same_after: float = 2.0
    hang_after: float = 30.0

    @property
    def is_device(self) -> bool:
        """Whether a device is captured, not a file."""
        return isinstance(self.target, int)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame lies in a slot, (H, W, 3) uint8 in RGB order."""

    slot: int
    height: int
    width: int
    index: int
    captured_at: float


@dataclass(frozen=True, slots=True)
class Opened:
    """The device or file is open and runs at this rate [1/s]."""

    fps: float


@dataclass(frozen=True, slots=True)
class Failed:
    """It is over; the text continues a sentence that begins with the source's title."""

    text: str


Message = Arrived | Opened | Failed


def pack(message: Message) -> bytes:
    """Turn a message into bytes."""
    match message:
        case Arrived(slot, height, width, index, captured_at):
            return _ARRIVED.pack(_KIND_ARRIVED, slot, height, width, index, captured_at)
        case Opened(fps):
            return _OPENED.pack(_KIND_OPENED, fps)
        case Failed(text):
            return _KIND_FAILED + text.encode()


def unpack(data: bytes) -> Message:
    """Turn bytes into the message they were made of."""
    kind = data[:1]
    if kind == _KIND_ARRIVED:
        return Arrived(*_ARRIVED.unpack(data)[1:])
    if kind == _KIND_OPENED:
        return Opened(_OPENED.unpack(data)[1])
    return Failed(data[1:].decode())
