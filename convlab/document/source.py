"""What the picture comes from, as data: a camera, a file, a pattern and its dials, a drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.document.asset import Asset
from convlab.layers.parameters import decimal, whole


class SourceKind(StrEnum):
    """The kinds of source; the value is the prefix of a SPEC."""

    CAMERA = "camera"
    PICTURE = "picture"
    VIDEO = "video"
    PATTERN = "pattern"
    CLIPBOARD = "clipboard"
    DRAWING = "drawing"


BLANK = "blank"
"""The name of the one drawing there is: the document's, blank at first."""

PROJECT_SUFFIX = ".convlab"
PICTURE_SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".tif", ".tiff"),
    *(".webp", ".gif", ".avif", ".jp2", ".exr", ".hdr", ".pfm"),
    *(".fits", ".fit", ".fts"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".pam"),
)
VIDEO_SUFFIXES = (
    *(".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".asf", ".3gp"),
    *(".3g2", ".ts", ".mts", ".m2ts", ".vob", ".flv", ".ogv", ".mjpeg", ".mjpg", ".mxf", ".y4m"),
)
"""What dialogs offer and lists mark as films; any other file is told by what is in it."""

MOST_FRAMES = 1 << 31


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Names a source.

    Attributes:
        kind: What it is.
        name: A camera's number or a video file to be played through the camera's path, a file's
            path, a pattern's name, the clipboard picture's number, or BLANK. Of a picture from a
            project the file's name alone: it is a title, and nothing is read there.
        asset: The encoded picture, once it has been shown: from then on no file is needed.
        frame: At which frame of a film or page of a file it opens, from 0. Wherever it stands, it
            is the same source: two that differ in this alone are equal.
    """

    kind: SourceKind
    name: str
    asset: Asset | None = None
    frame: int = field(
        default=0,
        compare=False,
        metadata=whole("Frame", 0, MOST_FRAMES, "Where the film or file opens."),
    )

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> SourceSpec:
        """Read ``camera:0``, ``camera:VIDEOFILE``, ``pattern:NAME``, ``drawing:blank`` or a path.

        Raises:
            ValueError: The text is empty.
        """
        if not text.strip():
            raise ValueError("The source is empty: name a camera:N, a pattern:NAME or a file.")
        prefix, colon, name = text.partition(":")
        if colon and name and prefix in tuple(SourceKind):
            return cls(SourceKind(prefix), name)
        return cls.of_file(text)

    @classmethod
    def of_file(cls, path: str) -> SourceSpec:
        """Choose between video and picture by the file's ending."""
        is_video = path.lower().endswith(VIDEO_SUFFIXES)
        return cls(SourceKind.VIDEO if is_video else SourceKind.PICTURE, path)


@dataclass(frozen=True, slots=True)
class PatternOptions:
    """The dials of a pattern.

    Attributes:
        angle: Direction of the bar or grating, counter-clockwise from the x axis [degrees].
        position: Centre of the object to drag, (row, column) as fractions of the picture.
        width: Of the bar [px].
    """

    angle: float = 45.0
    position: tuple[float, float] = (0.5, 0.5)
    width: float = field(
        default=24.0,
        metadata=decimal(
            "Bar",
            1.0,
            200.0,
            1.0,
            "Width of the bar. To a bar that is wider than it a kernel is blind in its middle: it "
            "sees nothing but white.",
            unit="px",
            title="Width of the bar",
            noun="width of the bar",
        ),
    )
