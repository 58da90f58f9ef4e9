"""The Document: everything a person can edit, in one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.document.asset import Asset
from convlab.document.drawing import BLANK_DRAWING, FIRST_BRUSH, Brush, Drawing
from convlab.document.kernel.model import KernelState, KernelViewing
from convlab.document.learning.model import LearningPage, LearningState, LearningViewing
from convlab.document.signal.model import SignalState, SignalViewing
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.stack.model import StackState, StackViewing, first_stack

# What moves and shows something at once where there is no camera.
FIRST_SOURCE = SourceSpec(SourceKind.PATTERN, "torch")


@dataclass(frozen=True, slots=True)
class Document:
    """The state of the program that can be edited, undone and saved."""

    source: SourceSpec = FIRST_SOURCE
    pattern: PatternOptions = field(default_factory=PatternOptions)
    kernel: KernelState = field(default_factory=KernelState)
    stack: StackState = field(default_factory=first_stack)
    signal: SignalState = field(default_factory=SignalState)
    learning: LearningState = field(default_factory=LearningState)
    drawing: Drawing = BLANK_DRAWING

    def assets(self) -> tuple[Asset, ...]:
        """Return the files that travel inside, each once."""
        held = (self.signal.f.held, self.signal.g.held)
        found = [self.source.asset, *(each.asset for each in held if each is not None)]
        return tuple(dict.fromkeys(asset for asset in found if asset is not None))


class Lab(StrEnum):
    """The labs of the window; the value is the name on the command line."""

    KERNEL = "kernel"
    STACK = "stack"
    SIGNAL = "signal"
    LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a person looks at just now; it changes with every move of the mouse and is not undone.

    Attributes:
        playing: New frames are shown as they come; False freezes the one there is.
        brush: What is painted with where the source is a drawing.
        lab: Which lab is on the screen: only that one is computed.
        kernel: What is looked at in the kernel lab.
        stack: What is looked at in the stack lab.
        signal: What is looked at in the signal lab.
        learning: What is looked at in the learning lab.
    """

    playing: bool = True
    brush: Brush = FIRST_BRUSH
    lab: Lab = Lab.KERNEL
    kernel: KernelViewing = field(default_factory=KernelViewing)
    stack: StackViewing = field(default_factory=StackViewing)
    signal: SignalViewing = field(default_factory=SignalViewing)
    learning: LearningViewing = field(default_factory=LearningViewing)

    @property
    def shows_source(self) -> bool:
        """What is on the screen is made of the source's picture."""
        if self.lab is Lab.LEARNING:
            return self.learning.page is not LearningPage.NETWORK
        return self.lab is not Lab.SIGNAL
