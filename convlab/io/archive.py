"""Zip files in memory: written with the same bytes each time, checked before they are unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping

from convlab.io import bounds
from convlab.io.rejection import Rejection, in_words

_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can tell
_ENCRYPTED = 0x1
_END, _END_64_PLACE = b"PK\x05\x06", b"PK\x06\x07"  # APPNOTE 6.3.10, 4.3.15 and 4.3.16
# What ``zipfile`` raises on damaged files, beside its own error.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    MemoryError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def pack(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip file; the same entries give the same bytes.

    Nothing is compressed: packers differ, and numbers hardly shrink.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _FIRST_DATE)
            info.create_system = 3  # else the system it is written on
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


class Archive:
    """The entries of a zip file.

    Args:
        data: The whole file.
        most: Entries allowed.
        free: No entry that unpacks to this little is taken for a bomb [bytes].

    Raises:
        Rejection: It is no zip file, has too many entries, or one that is encrypted, has an unsafe
            name, occurs twice or is packed suspiciously small.
    """

    def __init__(self, data: bytes, most: int, free: int = bounds.FREE_ENTRY) -> None:
        if _directory_size(data) > bounds.LONGEST_LISTING * max(most, 16):
            raise Rejection(f"it holds more than {most} files")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _DAMAGE:
            raise Rejection("it is no zip file, or damaged or cut off") from None
        if len(infos) > most:
            raise Rejection(f"it holds {len(infos)} files where {most} are the most")
        for name, count in Counter(info.filename for info in infos).items():
            if count > 1:
                raise Rejection(f"it holds {name[:80]!r} {count} times")
        for info in infos:
            _check(info, free)
        in_all = sum(info.file_size for info in infos)
        if in_all > max(bounds.FREE_ARCHIVE, free, bounds.LARGEST_ARCHIVE_RATIO * len(data)):
            raise Rejection(f"it would unpack to {in_words(in_all)}")
        self._infos = {info.filename: info for info in infos}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the entries, in the file's order."""
        return tuple(self._infos)

    def size(self, name: str) -> int:
        """Return what an entry says it unpacks to [bytes]."""
        return self._infos[name].file_size

    def read(self, name: str, largest: int) -> bytes:
        """Return an entry, unpacked.

        Raises:
            Rejection: It is missing, larger than that or damaged.
        """
        if name not in self._infos:
            raise Rejection(f"{name} is missing in it")
        if self.size(name) > largest:
            raise Rejection(f"{name[:80]!r} in it is larger than {in_words(largest)}")
        try:
            return self._zip.read(name)
        except _DAMAGE:
            raise Rejection(f"{name[:80]!r} in it is damaged") from None


def _directory_size(data: bytes) -> int:
    """Return how long the list of entries says it is [bytes]; all of it would be read at once."""
    end = data.rfind(_END)
    if end < 0:
        return 0
    try:
        (size,) = struct.unpack_from("<I", data, end + 12)
        if data[end - 20 : end - 16] == _END_64_PLACE:
            (size,) = struct.unpack_from("<Q", data, end - 76 + 40)
    except struct.error:
        return 0
    return int(size)


def _check(info: zipfile.ZipInfo, free: int) -> None:
    """Reject an entry by what the directory says of it."""
    shown = repr(info.filename[:80])
    parts = info.filename.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in info.filename:
        raise Rejection(f"it holds a file with the unsafe name {shown}")
    if info.flag_bits & _ENCRYPTED:
        raise Rejection(f"{shown} in it is encrypted", "save it again without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Rejection(f"{shown} in it is packed in an unusual way", "pack it as an ordinary zip")
    if info.file_size > max(free, bounds.LARGEST_ARCHIVE_RATIO * info.compress_size):
        raise Rejection(f"{shown} in it would unpack to {in_words(info.file_size)}")
