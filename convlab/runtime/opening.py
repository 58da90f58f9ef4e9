"""From a SourceSpec to a running source: the one place that knows every kind."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from convlab.document.asset import Asset
from convlab.document.file_name import shown_name
from convlab.document.source import BLANK, PatternOptions, SourceKind, SourceSpec
from convlab.engine.arrays import ByteArray
from convlab.io import bounds
from convlab.io.images import ImageLoadError, decode_image, encode_png, read_image_file
from convlab.sources.base import Source, SourceError
from convlab.sources.camera import Camera
from convlab.sources.drawing import DrawingSource
from convlab.sources.pattern import PATTERNS, PatternSource
from convlab.sources.still import Still
from convlab.sources.video import VideoFile

PATTERN_FPS = 60.0
_MOST_WAITING = 2  # pasted pictures: one that is about to be opened, and a newer one

Open = Callable[[SourceSpec, PatternOptions], Source]


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

    def __call__(self, spec: SourceSpec, options: PatternOptions) -> Source:
        """Open a source.

        Raises:
            SourceError: One message why not, with the remedy.
        """
        match spec.kind:
            case SourceKind.PATTERN:
                return PatternSource(spec.name, options, fps=self._fps)
            case SourceKind.CAMERA:
                return Camera(spec.name)
            case SourceKind.VIDEO:
                return VideoFile(spec.name)
            case SourceKind.PICTURE:
                return _picture(spec)
            case SourceKind.CLIPBOARD:
                return self._clipboard(spec)
            case SourceKind.DRAWING:
                return _drawing(spec.name)

    def _clipboard(self, spec: SourceSpec) -> Source:
        if spec.asset is not None:
            return _inside(spec.asset, describe(spec))
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


def _picture(spec: SourceSpec) -> Source:
    """Open a picture, and keep its bytes: what is saved must be what is shown."""
    if spec.asset is not None:
        return _inside(spec.asset, describe(spec))
    path = Path(spec.name)
    try:
        data = read_image_file(path)
        pixels = decode_image(data, shown_name(path))
    except ImageLoadError as error:
        raise SourceError(str(error)) from error
    asset = Asset.of(data) if len(data) <= bounds.LARGEST_ATTACHMENT else None
    return Still(pixels, shown_name(path), asset=asset)


def _inside(asset: Asset, name: str) -> Source:
    """Open a picture that the document holds itself."""
    try:
        return Still(decode_image(asset.data, name), name, asset=asset)
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
