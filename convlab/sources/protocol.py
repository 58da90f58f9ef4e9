"""What the capture process and its parent say to each other, as bytes; nothing is pickled.

Child to parent: ``opened`` with the rate, then one ``arrived`` per frame, or ``failed`` with a
text; of a film each frame with its place, ``ended`` behind the last one, and ``working`` while many
are decoded for one. Parent to child: ``release`` of a slot that may be written again, and of a
film ``seek``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

SLOTS = 3
LARGEST_WIDTH, LARGEST_HEIGHT = 3840, 2160
SLOT_BYTES = LARGEST_WIDTH * LARGEST_HEIGHT * 3

UNPLAYABLE = "cannot be played: convert it to MP4 or WebM first."

_ARRIVED = struct.Struct("<cBHHQd")
_PLACE = struct.Struct("<IQdqd")
_OPENED = struct.Struct("<cd")
_ENDED = struct.Struct("<cIq")
_RELEASE = struct.Struct("<cB")
_SEEK = struct.Struct("<cIQ")
_UNKNOWN = -1


class _Kind:
    """First byte of each."""

    ARRIVED, OPENED, FAILED = b"a", b"o", b"f"
    ENDED, WORKING, REMARK = b"e", b"w", b"r"
    RELEASE, SEEK = b"l", b"s"


@dataclass(frozen=True, slots=True)
class CaptureSpec:
    """What the child shall open, and how; handed over once, when the process starts.

    Attributes:
        target: A device's number, or a file's path.
        live: True: at the device's (or file's) own pace, dropping what nobody takes. False: a
            file, as fast as it is taken, dropping nothing.
        width: Asked of a device [px].
        height: Asked of a device [px].
        fps: Asked of a device [1/s]; None: its own.
        same_after: A device that repeats the very same picture for so long is lost [s].
        unplayable: Said of a file that is no film; continues a sentence that begins with its name.
        hang_after: A child whose device blocks for so long ends itself [s]; the parent has given
            it up long before, or died.
    """

    target: int | str
    live: bool
    width: int = 1280
    height: int = 720
    fps: float | None = None
    same_after: float = 2.0
    unplayable: str = UNPLAYABLE
    hang_after: float = 30.0

    @property
    def is_device(self) -> bool:
        """Whether a device is captured, not a file."""
        return isinstance(self.target, int)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame stands in its film.

    Attributes:
        order: Number of the last seek that the child knew of.
        number: Of the frame, from 0.
        time: When it comes [s].
        count: How many frames there are; None: nobody knows.
        duration: Of the film [s]; None: nobody knows.
    """

    order: int
    number: int
    time: float
    count: int | None
    duration: float | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame lies in a slot, (H, W, 3) uint8 in RGB order; of a film with its place."""

    slot: int
    height: int
    width: int
    index: int
    captured_at: float
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The device or file is open and runs at this rate [1/s]."""

    fps: float


@dataclass(frozen=True, slots=True)
class Failed:
    """It is over; the text continues a sentence that begins with the source's title."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Behind the last frame there is none; the child waits for a seek.

    Attributes:
        order: Number of the last seek that the child knew of.
        count: How many frames there are; None: nobody knows.
    """

    order: int
    count: int | None


@dataclass(frozen=True, slots=True)
class Working:
    """The child is busy with one frame."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something is to be said of a film; the text is as that of ``Failed``."""

    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """A slot may be written again."""

    slot: int


@dataclass(frozen=True, slots=True)
class Seek:
    """Go on with a frame of a film.

    Attributes:
        order: Counts the seeks.
        number: Of the frame, from 0.
    """

    order: int
    number: int


Message = Arrived | Opened | Failed | Ended | Working | Remark
Command = Release | Seek


def pack(message: Message | Command) -> bytes:
    """Turn a message or command into bytes."""
    match message:
        case Arrived(slot, height, width, index, captured_at, place):
            head = _ARRIVED.pack(_Kind.ARRIVED, slot, height, width, index, captured_at)
            return head if place is None else head + _pack_place(place)
        case Opened(fps):
            return _OPENED.pack(_Kind.OPENED, fps)
        case Ended(order, count):
            return _ENDED.pack(_Kind.ENDED, order, _UNKNOWN if count is None else count)
        case Working():
            return _Kind.WORKING
        case Failed(text):
            return _Kind.FAILED + text.encode()
        case Remark(text):
            return _Kind.REMARK + text.encode()
        case Release(slot):
            return _RELEASE.pack(_Kind.RELEASE, slot)
        case Seek(order, number):
            return _SEEK.pack(_Kind.SEEK, order, number)


def unpack(data: bytes) -> Message:
    """Turn bytes into the message they were made of."""
    match data[:1]:
        case _Kind.ARRIVED:
            head, place = data[: _ARRIVED.size], data[_ARRIVED.size :]
            arrived = Arrived(*_ARRIVED.unpack(head)[1:])
            return replace(arrived, place=_unpack_place(place)) if place else arrived
        case _Kind.OPENED:
            return Opened(_OPENED.unpack(data)[1])
        case _Kind.ENDED:
            _, order, count = _ENDED.unpack(data)
            return Ended(order, None if count == _UNKNOWN else count)
        case _Kind.WORKING:
            return Working()
        case _Kind.REMARK:
            return Remark(data[1:].decode())
    return Failed(data[1:].decode())


def unpack_command(data: bytes) -> Command:
    """Turn bytes into the command they were made of."""
    if data[:1] == _Kind.SEEK:
        return Seek(*_SEEK.unpack(data)[1:])
    return Release(*_RELEASE.unpack(data)[1:])


def _pack_place(place: Place) -> bytes:
    count = _UNKNOWN if place.count is None else place.count
    duration = float(_UNKNOWN) if place.duration is None else place.duration
    return _PLACE.pack(place.order, place.number, place.time, count, duration)


def _unpack_place(data: bytes) -> Place:
    order, number, time, count, duration = _PLACE.unpack(data)
    known = None if count == _UNKNOWN else count
    return Place(order, number, time, known, None if duration < 0 else duration)
