"""The Document: everything a person can edit, in one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from convlab.document.asset import Asset
from convlab.document.drawing import BLANK_DRAWING, FIRST_BRUSH, Brush, Drawing
from convlab.document.learning.model import LearningPage, LearningState, LearningViewing
from convlab.document.signal.model import SignalState, SignalViewing
from convlab.document.source import PatternOptions, SourceKind, SourceSpec
from convlab.document.stack.model import StackState, StackViewing, first_stack
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode
from convlab.engine.shapes import Padding

MAX_KERNEL_SIZE = 31

# What moves and shows something at once where there is no camera.
FIRST_SOURCE = SourceSpec(SourceKind.PATTERN, "torch")

Weights = tuple[tuple[float, ...], ...]


class Combine(StrEnum):
    """What happens to a picture of several channels."""

    EACH = "each"  # every channel is filtered on its own
    SUM = "sum"  # the channels' results are added up: one map, as in a layer of a network


@dataclass(frozen=True, slots=True)
class Kernel:
    """The kernel a person edits; rows of float values exact in float32."""

    weights: Weights

    @classmethod
    def of(cls, array: AnyArray) -> Kernel:
        """Take the values of a 2-D array."""
        rows = np.asarray(array, dtype=np.float32).tolist()
        return cls(tuple(tuple(row) for row in rows))

    @property
    def rows(self) -> int:
        """Number of rows [px]."""
        return len(self.weights)

    @property
    def columns(self) -> int:
        """Number of columns [px]."""
        return len(self.weights[0])

    def array(self) -> FloatArray:
        """Return a new float32 array ``(rows, columns)``."""
        return np.array(self.weights, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the kernel travels over the picture.

    Attributes:
        padding: ``"valid"``, ``"same"``, ``"full"`` or the four sides [px].
        stride: Step between outputs [px].
        dilation: Distance between the kernel's cells [px].
        border: What stands in the padded cells.
        value: Their value when the border is constant.
        flip: True for convolution (kernel flipped 180 degrees), False for correlation.
    """

    padding: str | Padding = "same"
    stride: int = 1
    dilation: int = 1
    border: Border = Border.ZEROS
    value: float = 0.0
    flip: bool = False


@dataclass(frozen=True, slots=True)
class Channels:
    """Which planes of the picture the kernel runs over."""

    space: ColorSpace = ColorSpace.GREY
    muted: frozenset[int] = frozenset()
    combine: Combine = Combine.EACH

    def active(self) -> tuple[int, ...]:
        """Indices of the planes that are not muted."""
        return tuple(i for i in range(len(self.space.channels)) if i not in self.muted)


@dataclass(frozen=True, slots=True)
class Display:
    """How the output is painted; ``limit`` fixes the range, None follows the picture."""

    mode: DisplayMode = DisplayMode.SIGNED
    limit: float | None = None


def _sobel_vertical() -> Kernel:
    return Kernel(((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0)))


@dataclass(frozen=True, slots=True)
class Document:
    """The state of the program that can be edited, undone and saved."""

    source: SourceSpec = FIRST_SOURCE
    pattern: PatternOptions = field(default_factory=PatternOptions)
    kernel: Kernel = field(default_factory=_sobel_vertical)
    geometry: Geometry = Geometry()
    channels: Channels = Channels()
    display: Display = Display()
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


class Axis(StrEnum):
    """The line along which a profile is taken."""

    ROW = "row"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Viewing:
    """What a person looks at just now; it changes with every move of the mouse and is not undone.

    Attributes:
        probe: The output pixel pointed at, (row, column), or None.
        pinned: The probe stays when the mouse leaves.
        profile: The line through the probe whose values are plotted.
        playing: New frames are shown as they come; False freezes the one there is.
        brush: What is painted with where the source is a drawing.
        lab: Which lab is on the screen: only that one is computed.
        stack: What is looked at in the stack lab.
        signal: What is looked at in the signal lab.
        learning: What is looked at in the learning lab.
    """

    probe: tuple[int, int] | None = None
    pinned: bool = False
    profile: Axis = Axis.ROW
    playing: bool = True
    brush: Brush = FIRST_BRUSH
    lab: Lab = Lab.KERNEL
    stack: StackViewing = field(default_factory=StackViewing)
    signal: SignalViewing = field(default_factory=SignalViewing)
    learning: LearningViewing = field(default_factory=LearningViewing)

    @property
    def shows_source(self) -> bool:
        """What is on the screen is made of the source's picture."""
        if self.lab is Lab.LEARNING:
            return self.learning.page is not LearningPage.NETWORK
        return self.lab is not Lab.SIGNAL
