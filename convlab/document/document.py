"""The Document: everything a person can edit, in one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from convlab.document.camera import USUAL_CAMERA, CameraOptions
from convlab.document.drawing import BLANK_DRAWING, FIRST_BRUSH, Brush, Drawing
from convlab.document.input_range import InputRange
from convlab.document.kernel.model import KernelState, KernelViewing
from convlab.document.lab_part import LabState, LabViewing
from convlab.document.learning.model import LearningState, LearningViewing
from convlab.document.playback import USUAL_PLAYBACK, Playback
from convlab.document.signal.model import SignalState, SignalViewing
from convlab.document.signal.scenes import first_signals
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.stack.model import StackState, StackViewing, first_stack
from convlab.engine.color_maps import Palette

# What moves and shows something at once where there is no camera.
FIRST_SOURCE = SourceSpec(SourceKind.PATTERN, "torch")


@dataclass(frozen=True, slots=True)
class Document:
    """The state of the program that can be edited, undone and saved."""

    source: SourceSpec = FIRST_SOURCE
    pattern: PatternOptions = field(default_factory=PatternOptions)
    kernel: KernelState = field(default_factory=KernelState)
    stack: StackState = field(default_factory=first_stack)
    signal: SignalState = field(default_factory=first_signals)
    learning: LearningState = field(default_factory=LearningState)
    drawing: Drawing = BLANK_DRAWING
    playback: Playback = USUAL_PLAYBACK
    camera: CameraOptions = USUAL_CAMERA
    input_range: InputRange = field(default_factory=InputRange)

    def part(self, lab: Lab) -> LabState:
        """Return what can be edited in a lab."""
        part: LabState = getattr(self, lab.value)
        return part


class Lab(StrEnum):
    """The labs of the window.

    The value is the name on the command line, and of a lab's part of the document and the viewing.
    """

    KERNEL = "kernel"
    STACK = "stack"
    SIGNAL = "signal"
    LEARNING = "learning"

    @classmethod
    def _missing_(cls, value: object) -> Lab:
        raise ValueError(f"there is no lab {value!r}: choose one of {', '.join(cls)}")


def changed_labs(before: Document, after: Document) -> tuple[Lab, ...]:
    """Return the labs whose parts are not the same in two documents."""
    return tuple(lab for lab in Lab if before.part(lab) is not after.part(lab))


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a person looks at just now; it changes with every move of the mouse and is not undone.

    Attributes:
        playing: New frames are shown as they come; False freezes the one there is.
        brush: What is painted with where the source is a drawing.
        lab: Which lab is on the screen: only that one is computed.
        palette: The colours of signed maps: those of the window's theme.
        kernel: What is looked at in the kernel lab.
        stack: What is looked at in the stack lab.
        signal: What is looked at in the signal lab.
        learning: What is looked at in the learning lab.
    """

    playing: bool = True
    brush: Brush = FIRST_BRUSH
    lab: Lab = Lab.KERNEL
    palette: Palette = Palette.LIGHT
    kernel: KernelViewing = field(default_factory=KernelViewing)
    stack: StackViewing = field(default_factory=StackViewing)
    signal: SignalViewing = field(default_factory=SignalViewing)
    learning: LearningViewing = field(default_factory=LearningViewing)

    def part(self, lab: Lab) -> LabViewing:
        """Return what is looked at in a lab."""
        part: LabViewing = getattr(self, lab.value)
        return part

    def with_part(self, lab: Lab, part: LabViewing) -> Viewing:
        """Return this with something else looked at in a lab."""
        return replace(self, **{lab.value: part})  # type: ignore[arg-type]

    @property
    def shown_part(self) -> LabViewing:
        """What is looked at in the lab on the screen."""
        return self.part(self.lab)
