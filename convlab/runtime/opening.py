"""From a SourceSpec to a running source: the one place that knows every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from convlab.document.file_name import shown_name
from convlab.document.source import BLANK, PatternOptions, SourceKind, SourceSpec
from convlab.engine.arrays import ByteArray
from convlab.io.images import ImageLoadError, load_image
from convlab.sources.base import Source, SourceError
from convlab.sources.camera import Camera
from convlab.sources.drawing import DrawingSource
from convlab.sources.pattern import PATTERNS, PatternSource
from convlab.sources.still import Still
from convlab.sources.video import VideoFile

PATTERN_FPS = 60.0

Open = Callable[[SourceSpec, PatternOptions], Source]


class Opener:
    """Opens sources in the capture thread and keeps the pictures that were pasted.

    Args:
        throttled: False lets patterns deliver as fast as they are read, for measurements.
    """

    def __init__(self, throttled: bool = True) -> None:
        self._fps = PATTERN_FPS if throttled else None
        self._pasted: dict[str, QImage] = {}

    def keep_pasted(self, image: QImage) -> SourceSpec:
        """Store a picture from the clipboard; return the name under which it can be opened."""
        name = str(len(self._pasted) + 1)
        # A copy: the clipboard's own memory goes away with its owner.
        self._pasted[name] = image.copy()
        return SourceSpec(SourceKind.CLIPBOARD, name)

    def __call__(self, spec: SourceSpec, options: PatternOptions) -> Source:
        """Open a source.

        Raises:
            SourceError: One message why not, with the remedy.
        """
        match spec.kind:
            case SourceKind.PATTERN:
                return self._pattern(spec.name, options)
            case SourceKind.CAMERA:
                return Camera(spec.name)
            case SourceKind.VIDEO:
                return VideoFile(spec.name)
            case SourceKind.PICTURE:
                return _picture(spec.name)
            case SourceKind.CLIPBOARD:
                return self._clipboard(spec.name)
            case SourceKind.DRAWING:
                return _drawing(spec.name)

    def _pattern(self, name: str, options: PatternOptions) -> Source:
        if name not in PATTERNS:
            allowed = ", ".join(PATTERNS)
            raise SourceError(f"There is no pattern “{name}”: choose one of {allowed}.")
        return PatternSource(name, options, fps=self._fps)

    def _clipboard(self, name: str) -> Source:
        image = self._pasted.get(name)
        if image is None:
            raise SourceError("The pasted picture is gone: paste it again.")
        return Still(_pixels(image), "Pasted picture")


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


def _picture(path: str) -> Source:
    try:
        return Still(load_image(Path(path)), shown_name(path))
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
