"""From a SourceSpec to a running source: the one place that knows every kind."""

from __future__ import annotations

import stat
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtGui import QImage

from convlab.document.asset import Asset
from convlab.document.camera import USUAL_CAMERA, CameraOptions
from convlab.document.file_name import shown_name
from convlab.document.source import BLANK, PatternOptions, SourceKind, SourceSpec
from convlab.engine.arrays import ByteArray
from convlab.io import bounds
from convlab.io.frames import open_frames
from convlab.io.headers.foreign import foreign_kind
from convlab.io.headers.survey import kind_of
from convlab.io.images import ImageLoadError, decode_image, encode_png, read_image_file
from convlab.io.sound_parts import named_by
from convlab.sources.base import Source, SourceError
from convlab.sources.camera import Camera
from convlab.sources.drawing import DrawingSource
from convlab.sources.pages import PageSource
from convlab.sources.pattern import PATTERNS, PatternSource
from convlab.sources.still import Still
from convlab.sources.video import VideoFile

PATTERN_FPS = 60.0
_START = 4096  # what tells the kind of a file [bytes]
# In no text; the player would show one as it types itself.
_CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r\x1b"})
_OF_JPEGS = (".mjpeg", ".mjpg")  # begin as one picture does
_NEITHER = (
    "is neither a picture nor a film of a known kind: save it as PNG, or convert it to MP4 first."
)
_MOST_WAITING = 2  # pasted pictures: one that is about to be opened, and a newer one


class Open(Protocol):
    """Opens a source."""

    def __call__(
        self, spec: SourceSpec, options: PatternOptions, camera: CameraOptions = ..., /
    ) -> Source:
        """Return a running source; raises SourceError."""


class Opener:
    """Opens sources in the capture thread, and takes pictures there that are pasted.

    Args:
        throttled: False lets patterns deliver as fast as they are read, for measurements.
    """

    def __init__(self, throttled: bool = True) -> None:
        self._fps = PATTERN_FPS if throttled else None
        self._pasted: OrderedDict[str, QImage] = OrderedDict()
        self._pastes = 0

    def keep_pasted(self, image: QImage) -> SourceSpec:
        """Take a picture from the clipboard; return the name under which it can be opened.

        Once it is open the document has it, encoded, and nobody else.
        """
        self._pastes += 1
        name = str(self._pastes)
        # A copy: the clipboard's own memory goes away with its owner.
        self._pasted[name] = image.copy()
        while len(self._pasted) > _MOST_WAITING:
            self._pasted.popitem(last=False)
        return SourceSpec(SourceKind.CLIPBOARD, name)

    def __call__(
        self,
        spec: SourceSpec,
        options: PatternOptions,
        camera: CameraOptions = USUAL_CAMERA,
        /,
    ) -> Source:
        """Open a source; what a file is, its first bytes say, and its name only beside them.

        Raises:
            SourceError: One message why not, with the remedy.
        """
        match spec.kind:
            case SourceKind.PATTERN:
                return PatternSource(spec.name, options, fps=self._fps)
            case SourceKind.CAMERA:
                return Camera(spec.name, camera)
            case SourceKind.PICTURE | SourceKind.VIDEO:
                return _file(spec)
            case SourceKind.CLIPBOARD:
                return self._clipboard(spec)
            case SourceKind.DRAWING:
                return _drawing(spec.name)

    def _clipboard(self, spec: SourceSpec) -> Source:
        if spec.asset is not None:
            return _pictures(spec.asset.data, describe(spec), spec.asset)
        image = self._pasted.pop(spec.name, None)
        if image is None:
            raise SourceError("The pasted picture is gone: paste it again.")
        pixels = _pixels(image)
        return Still(pixels, describe(spec), asset=Asset.of(encode_png(pixels)))


def describe(spec: SourceSpec) -> str:
    """Return the name a person knows a source by."""
    match spec.kind:
        case SourceKind.PATTERN:
            return PATTERNS[spec.name].title if spec.name in PATTERNS else spec.name
        case SourceKind.CAMERA:
            number = spec.name.isdigit()
            return f"Camera {spec.name}" if number else f"{shown_name(spec.name)} (as a camera)"
        case SourceKind.DRAWING:
            return DrawingSource.title
        case SourceKind.CLIPBOARD:
            return f"Pasted picture {spec.name}"
        case SourceKind.PICTURE | SourceKind.VIDEO:
            return shown_name(spec.name)


def _drawing(name: str) -> Source:
    """Return the source of the document's drawing; the capture worker tells it what that is."""
    if name != BLANK:
        raise SourceError(f"There is no drawing “{name}”: choose drawing:{BLANK}.")
    return DrawingSource()


def _file(spec: SourceSpec) -> Source:
    """Open a picture or a film, whatever its name says."""
    if spec.asset is not None:
        return _pictures(spec.asset.data, describe(spec), spec.asset)
    path = Path(spec.name)
    start = _start_of(path)
    if spec.kind is SourceKind.VIDEO:
        is_picture = kind_of(start) is not None and path.suffix.lower() not in _OF_JPEGS
        return _picture_file(path) if is_picture else VideoFile(path)
    if kind_of(start) or foreign_kind(start) or _is_text(start):
        return _picture_file(path)
    sound = named_by(start)
    if sound is not None:
        raise SourceError(f"{shown_name(path)} is {sound[0]}: let its name end in {sound[1]}.")
    return VideoFile(path, _NEITHER)


def _start_of(path: Path) -> bytes:
    """Return the first bytes of a file; none of what is no file, or cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(_START)
    except (OSError, ValueError):
        return b""


def _is_text(start: bytes) -> bool:
    return len(start.translate(None, _CONTROLS)) == len(start)


def _picture_file(path: Path) -> Source:
    """Open a picture, and keep its bytes: what is saved must be what is shown."""
    try:
        data = read_image_file(path)
    except ImageLoadError as error:
        raise SourceError(str(error)) from error
    asset = Asset.of(data) if len(data) <= bounds.LARGEST_ATTACHMENT else None
    return _pictures(data, shown_name(path), asset)


def _pictures(data: bytes, name: str, asset: Asset | None) -> Source:
    """Open what the bytes of a file hold: one picture, or several with a time line."""
    try:
        pictures = open_frames(data, name)
        if pictures.count > 1:
            return PageSource(pictures, name, asset, ImageLoadError)
        return Still(decode_image(data, name), name, asset)
    except ImageLoadError as error:
        raise SourceError(str(error)) from error


def _pixels(image: QImage) -> ByteArray:
    """Copy a QImage into RGB, transparent parts over white."""
    opaque = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = opaque.height(), opaque.width()
    flat = np.frombuffer(opaque.constBits(), np.uint8).reshape(height, opaque.bytesPerLine())
    rgba = flat[:, : width * 4].reshape(height, width, 4)
    alpha = rgba[:, :, 3:].astype(np.uint16)
    over_white = (rgba[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255
    return np.ascontiguousarray(over_white, dtype=np.uint8)
