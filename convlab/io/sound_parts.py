"""What kind of sound a file is, where its samples are, and whether all of them are there.

Libraries play what is left of a sound that was cut off, and say nothing: so what the containers
claim is held against the file before anything is decoded.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from convlab.io import bounds

WAV, MP3 = "a WAV file", "an MP3 file"
_OPEN = 0x7FFF0000  # programs that write into a pipe put this or more where a size belongs
_OGG_HEAD = 27  # of a page, before the lengths of its parts (RFC 3533) [bytes]
_AU = {b".snd": struct.Struct(">II"), b"dns.": struct.Struct("<II")}  # where, how many [bytes]
_OFTEN = (b"data", b"fmt ", b"LIST", b"fact")


class _Magic(NamedTuple):
    """A kind of sound.

    Attributes:
        pattern: How its files begin.
        kind: What one is called.
        ending: Of a name that tells it; "" of what may be no sound.
    """

    pattern: bytes
    kind: str
    ending: str = ""


_READABLE = (
    _Magic(rb"(RIFF|RIFX|RF64|BW64)....WAVE", WAV, ".wav"),
    _Magic(rb"riff\x2e\x91\xcf\x11", "a W64 file", ".w64"),
    _Magic(rb"FORM....AIF[FC]", "an AIFF file", ".aiff"),
    _Magic(rb"caff", "a CAF file", ".caf"),
    _Magic(rb"fLaC", "a FLAC file", ".flac"),
    _Magic(rb"OggS", "an Ogg file"),
    _Magic(rb"\.snd|dns\.", "an AU file", ".au"),
    _Magic(rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfd]", MP3, ".mp3"),
)
_OTHERS = (
    _Magic(rb"....ftypM4[AB]", "an M4A file (AAC)"),
    _Magic(rb"....ftyp", "an MP4 file"),
    _Magic(rb"\xff[\xf0\xf1\xf8\xf9]", "an AAC file"),
    _Magic(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a WMA file"),
    _Magic(rb"\x1a\x45\xdf\xa3", "a Matroska or WebM file"),
    _Magic(rb"RIFF....AVI ", "an AVI film"),
    _Magic(rb"MThd", "a MIDI file, which holds notes and no sound"),
    _Magic(rb"#!AMR", "an AMR file"),
    _Magic(rb"\.ra\xfd|\.RMF", "a RealAudio file"),
    _Magic(rb"wvpk", "a WavPack file"),
    _Magic(rb"MAC ", "a file of Monkey's Audio"),
)


def kind_of(data: bytes) -> str:
    """Return what a file is by how it begins: a kind that can be read; "" is none."""
    found = _found(data, _READABLE)
    return "" if found is None else found.kind


def other_kind_of(data: bytes) -> str:
    """Return what a file is of the kinds that nobody reads here; "" is none of them either."""
    found = _found(data, _OTHERS)
    return "" if found is None else found.kind


def named_by(start: bytes) -> tuple[str, str] | None:
    """Return what a file is whose name does not tell it, and the ending that would.

    None: it is no sound that is read, or may be a film, as Ogg can.
    """
    found = _found(start, _READABLE)
    return (found.kind, found.ending) if found is not None and found.ending else None


def _found(data: bytes, kinds: tuple[_Magic, ...]) -> _Magic | None:
    head = data[:32]
    return next((each for each in kinds if re.match(each.pattern, head, re.DOTALL)), None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One part of a file.

    Attributes:
        name: Its kind.
        start: Where its content begins [bytes].
        size: Of the content, as the file says [bytes].
        is_open: The file does not say it: it was written into a pipe.
    """

    name: bytes
    start: int
    size: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a container is made of chunks.

    Attributes:
        head: A chunk's name and size.
        first: Where the first one begins.
        align: Chunks begin at multiples of it.
        samples: The name of the chunk with the samples.
        counts_head: Whether sizes hold the name and the size, too.
    """

    head: struct.Struct
    first: int
    align: int
    samples: bytes
    counts_head: bool = False


_LITTLE, _BIG = struct.Struct("<4sI"), struct.Struct(">4sI")
_LAYOUTS = {
    b"RIFF": _Layout(_LITTLE, 12, 2, b"data"),
    b"RF64": _Layout(_LITTLE, 12, 2, b"data"),
    b"BW64": _Layout(_LITTLE, 12, 2, b"data"),
    b"RIFX": _Layout(_BIG, 12, 2, b"data"),
    b"FORM": _Layout(_BIG, 12, 2, b"SSND"),
    b"caff": _Layout(struct.Struct(">4sq"), 8, 1, b"data"),
    # Its chunks have names of 16 bytes, whose first four are those of WAV.
    b"riff": _Layout(struct.Struct("<4s12xQ"), 40, 8, b"data", counts_head=True),
}


def samples_of(data: bytes) -> Chunk | None:
    """Return the chunk with the samples; None if there is none, or the file has no chunks.

    What was written into a pipe has no true size: its samples go on to the end.
    """
    layout = _LAYOUTS.get(data[:4])
    long_size = None
    for chunk in chunks_of(data):
        if chunk.name == b"ds64" and len(data) >= chunk.start + 16:
            (long_size,) = struct.unpack_from("<Q", data, chunk.start + 8)
        if layout is not None and chunk.name == layout.samples:
            if long_size is not None and chunk.size == 0xFFFFFFFF:
                chunk = replace(chunk, size=long_size)
            is_open = chunk.size < 0 or chunk.size >= _OPEN or _is_unfinished(data, chunk)
            rest = len(data) - chunk.start
            return replace(chunk, size=rest, is_open=True) if is_open else chunk
    return None


def with_size(data: bytes) -> bytes:
    """Return a sound of WAV whose header says that it has no samples, and that goes on, repaired.

    The library takes what is larger than the file for what the file has, but not 0.
    """
    chunk = samples_of(data)
    if data[:4] != b"RIFF" or chunk is None or data[chunk.start - 4 : chunk.start] != bytes(4):
        return data
    return data[: chunk.start - 4] + struct.pack("<I", chunk.size) + data[chunk.start :]


def is_cut(data: bytes) -> bool:
    """Tell whether a file ends before the samples do that it says it has."""
    if data[:4] == b"OggS":
        return _is_ogg_cut(data)
    if data[:4] in _AU and len(data) >= 12:
        start, size = _AU[data[:4]].unpack_from(data, 4)
        return bool(size != 0xFFFFFFFF and start + size > len(data))
    chunk = samples_of(data)
    return chunk is not None and chunk.start + chunk.size > len(data)


def chunks_of(data: bytes) -> Iterator[Chunk]:
    """Give the chunks of a container, as far as there are any."""
    layout = _LAYOUTS.get(data[:4])
    if layout is None:
        return
    place, head = layout.first, layout.head
    for _ in range(bounds.MOST_SOUND_CHUNKS):
        if place + head.size > len(data):
            return
        name, size = head.unpack_from(data, place)
        place += head.size
        chunk = Chunk(name, place, size - head.size if layout.counts_head else size)
        yield chunk
        if chunk.size < 0:
            return
        place = _behind(data, place + chunk.size, layout.align)


def _behind(data: bytes, end: int, align: int) -> int:
    """Return where the next chunk begins; some programs leave out the byte that fills it up."""
    is_bare = align == 2 and end % 2 and data[end : end + 4] in _OFTEN
    return end if is_bare else end + -end % align


def _is_unfinished(data: bytes, chunk: Chunk) -> bool:
    """Tell whether a WAV was never closed: it has sizes of 0, or those of no samples."""
    if chunk.size or data[:4] != b"RIFF":
        return False
    (size,) = struct.unpack_from("<I", data, 4)
    return (size + 8 <= chunk.start or size >= _OPEN) and len(data) > chunk.start


def _is_ogg_cut(data: bytes) -> bool:
    """Tell whether the last page of a stream is not all there."""
    place = 0
    while data[place : place + 4] == b"OggS":
        if place + _OGG_HEAD > len(data):
            return True
        body = place + _OGG_HEAD + data[place + _OGG_HEAD - 1]
        place = body + sum(data[place + _OGG_HEAD : body])
    return place > len(data)
