"""What the window wants of the capture thread, and what that tells of a source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from convlab.document.camera import USUAL_CAMERA, CameraOptions
from convlab.document.document import FIRST_SOURCE
from convlab.document.drawing import BLANK_DRAWING, Drawing
from convlab.document.playback import USUAL_PLAYBACK, Playback
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.sources.base import Source
from convlab.sources.pages import PageSource
from convlab.sources.still import Still
from convlab.sources.video import VideoFile


class Change(Enum):
    """What happened to a source."""

    OPENED = auto()
    FAILED = auto()  # it cannot be opened; the one before goes on
    LOST = auto()  # a camera does not answer; a pattern is shown meanwhile
    BACK = auto()  # the camera answers again
    REMARK = auto()  # something is to be said of what is shown; it goes on


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """News of a source.

    Attributes:
        change: What happened.
        spec: The source that was wanted.
        message: What is wrong, if anything.
        shown: The same source as it was found to be: with the bytes of its picture, or a film.
        stands: It does not play by itself: pages wait for a hand.
    """

    change: Change
    spec: SourceSpec
    message: str = ""
    shown: SourceSpec | None = None
    stands: bool = False


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """What the window wants of the capture thread."""

    spec: SourceSpec = FIRST_SOURCE
    options: PatternOptions = field(default_factory=PatternOptions)
    playing: bool = True
    drawing: Drawing = BLANK_DRAWING
    playback: Playback = USUAL_PLAYBACK
    camera: CameraOptions = USUAL_CAMERA
    opening: int = 0  # counts what a person opens: what is shown already is told of once more


def as_shown(spec: SourceSpec, source: Source | None) -> SourceSpec:
    """Return a source as it was found to be.

    Whoever has the bytes of its picture needs no file any more.
    """
    if isinstance(source, VideoFile):
        return replace(spec, kind=SourceKind.VIDEO)
    if not isinstance(source, Still | PageSource):
        return spec
    kind = SourceKind.PICTURE if spec.kind is SourceKind.VIDEO else spec.kind
    return replace(spec, kind=kind, asset=source.asset or spec.asset)
