"""Small pictures of sources, each made once: nothing is opened that was not open before."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from convlab.document.file_name import shown_name
from convlab.document.frame import Frame, own_scale
from convlab.document.input_range import InputRange, in_range
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.thumbnail import frame_pixels
from convlab.engine.arrays import ByteArray
from convlab.io.images import ImageLoadError, decode_image, read_image_file
from convlab.runtime.thumbnails import Thumbnail, Thumbnails
from convlab.sources.pattern import PATTERNS

log = logging.getLogger(__name__)

_MOMENT = 1.0  # of a pattern that moves: its first one may be empty [s]


class SourceThumbnails:
    """Keeps what was made; one thread uses it."""

    def __init__(self) -> None:
        self._made: dict[object, ByteArray | None] = {}

    def make(self, specs: Sequence[SourceSpec], size: tuple[int, int]) -> Thumbnails:
        """Make the pictures of patterns and picture files, those kept first.

        Args:
            specs: Cameras and films among them are passed over: they would have to be opened.
            size: (rows, columns) into which a picture fits [px].
        """
        keys = {spec: key for spec in specs if (key := _key(spec, size)) is not None}
        for spec in sorted(keys, key=lambda spec: keys[spec] not in self._made):
            if keys[spec] not in self._made:
                self._made[keys[spec]] = _pixels(spec, size)
            yield str(spec), Thumbnail(self._made[keys[spec]])


def _key(spec: SourceSpec, size: tuple[int, int]) -> object:
    """Return what tells a picture from another; None: there is none without opening something."""
    if spec.kind is SourceKind.PATTERN and spec.name in PATTERNS:
        return str(spec), size
    if spec.kind is not SourceKind.PICTURE:
        return None
    try:
        return str(spec), size, Path(spec.name).stat().st_mtime_ns
    except (OSError, ValueError):
        return None


def _pixels(spec: SourceSpec, size: tuple[int, int]) -> ByteArray | None:
    """Return a source's colours; None if it cannot be read: choosing it says why."""
    if spec.kind is SourceKind.PATTERN:
        pattern = PATTERNS[spec.name]
        frame = Frame(pattern.render(_MOMENT, PatternOptions()), 0, 0.0, pattern.white)
        return frame_pixels(frame, size)
    try:
        path = Path(spec.name)
        pixels = decode_image(read_image_file(path), shown_name(path))
    except ImageLoadError:
        log.info("No picture of a listed file could be made")
        return None
    frame = Frame(pixels, 0, 0.0, scale=own_scale(pixels))
    return frame_pixels(in_range(frame, InputRange()), size)
