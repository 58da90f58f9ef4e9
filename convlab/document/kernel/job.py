"""What the worker is asked for of one kernel (KernelJob) and what it answers (KernelShown)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from convlab.document.comparison import CLOSED, Apart, CompareMode, Comparison
from convlab.document.frame import Frame
from convlab.document.kernel.model import Axis, Combine, KernelState, KernelViewing
from convlab.document.painted import Painted
from convlab.document.sight import Fields
from convlab.document.stack.arithmetic import Products
from convlab.document.stack.model import StackState
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.color import ColorSpace
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Histogram, Stats
from convlab.engine.planner import Plan
from convlab.engine.shapes import Padding
from convlab.engine.window import TransposedWindow, Window
from convlab.layers import Conv2d

Key: TypeAlias = tuple[Any, ...]
"""All that an answer depends on."""


@dataclass(frozen=True, slots=True, eq=False)
class KernelJob:
    """One picture to be run through one kernel, every choice resolved to numbers.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        frame: The pixels.
        state: What is wanted; of a grey picture there is but one channel. It holds nothing.
        viewing: What is looked at; its probe lies inside ``output_size``.
        layer: The convolution that it comes to.
        axes: Its windows along rows and columns, the padding in pixels.
        output_size: ``(rows, columns)`` of the result.
        palette: The colours of the signed map.
        is_held: A hand drags something: the range stays.
        comparison: How this is compared with what is held.
        held: The same picture through what is held; None: it is not to be seen.
        held_error: Why what is held cannot be computed.
        stack: That of the stack lab, where it is tested here; else None.
        copies: Of a transposed convolution, how the copies of the kernel lie along rows and
            columns; ``state`` is then that of the convolution that it comes to, and all planes and
            sizes are those of the frame with its pixels spread.
    """

    generation: int
    frame: Frame
    state: KernelState
    viewing: KernelViewing
    layer: Conv2d
    axes: tuple[Window, Window]
    output_size: tuple[int, int]
    palette: Palette = Palette.LIGHT
    is_held: bool = False
    comparison: Comparison = CLOSED
    held: KernelJob | None = None
    held_error: str = ""
    stack: StackState | None = None
    copies: tuple[TransposedWindow, TransposedWindow] | None = None

    @property
    def spread(self) -> int:
        """Distance of the frame's pixels in the planes; what is between them are zeros [px]."""
        return 1 if self.copies is None else self.copies[0].stride

    @property
    def input_size(self) -> tuple[int, int]:
        """(rows, columns) of the picture, its pixels spread."""
        distance, (rows, columns) = self.spread, self.frame.pixels.shape[:2]
        return (rows - 1) * distance + 1, (columns - 1) * distance + 1

    @property
    def source_size(self) -> tuple[int, int]:
        """(rows, columns) of the source's picture."""
        rows, columns = self.frame.pixels.shape[:2]
        return rows, columns

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the planes used."""
        channels = self.state.channels
        return tuple(channels.space.channels[index] for index in channels.active())

    @property
    def shows_planes(self) -> bool:
        """The planes used are no colours of one picture: each is shown in its own right."""
        is_color = self.state.channels.space in (ColorSpace.GREY, ColorSpace.RGB)
        return not is_color and len(self.names) > 1

    @property
    def has_parts(self) -> bool:
        """The output has several planes, each of them shown in its own right."""
        return self.shows_planes and self.state.channels.combine is Combine.EACH

    @property
    def padding(self) -> Padding:
        """The padding in pixels."""
        down, across = self.axes
        return Padding(down.before, down.after, across.before, across.after)


class Shown(NamedTuple):
    """The mode in which the output is painted, and the largest magnitude painted.

    Without a limit it is the picture's white, or the largest value there is.
    """

    mode: DisplayMode
    limit: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Convolved:
    """Output planes ``(C, H', W')``, the plan they were made by and how long it took [ms]."""

    planes: FloatArray
    plan: Plan
    milliseconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What the output's panel is made of, and the pages beside it.

    Attributes:
        job: What was asked for.
        key: All that the output depends on.
        own: The active planes in the picture's own type.
        planes: The same as float32.
        convolved: The output.
        painted: How it is painted by itself.
    """

    job: KernelJob
    key: Key
    own: AnyArray
    planes: FloatArray
    convolved: Convolved
    painted: Shown


Showing = Callable[[FloatArray], FloatArray]
"""Returns some of an output's values ``(C, ...)`` as the numbers that they are shown as."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What is said about a picture beside it: exact statistics and the counts of its values."""

    stats: Stats
    histogram: Histogram


@dataclass(frozen=True, slots=True, eq=False)
class Panel(Painted):
    """One picture ready to be painted, with its numbers.

    Attributes:
        names: Name of each plane.
        places: Which of its space's channels each plane is: 0, 1 or 2.
        figures: Statistics and histogram of ``planes``; None where they were not asked for.
        parts: Each plane in its own right; () where the planes are one picture, in its colours.
    """

    names: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    figures: Figures | None = None
    parts: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Values along one line of the input and of the output, one curve per plane.

    Attributes:
        axis: Row or column.
        input_line: Number of the input row or column.
        output_line: Number of the output row or column.
        input_values: ``(C, N)``.
        output_values: As they are shown, ``(C', N')``.
        output_at: Input coordinate under each output value, ``(N',)`` [px].
    """

    axis: Axis
    input_line: int
    output_line: int
    input_values: FloatArray
    output_values: FloatArray
    output_at: AnyArray


@dataclass(frozen=True, slots=True, eq=False)
class Slide:
    """The part of picture and output that a window slides over on a grid of numbers.

    Attributes:
        corner: (row, column) in the picture of the first number; negative in the padding [px].
        values: Of the picture and its padding, ``(C, n, m)``.
        padded: True where a number lies in the padding, ``(n, m)``.
        window: (row, column) in ``values`` of the window's first cell.
        first: (row, column) in the output of the first of ``outputs``.
        outputs: What those places give, as it is shown, ``(C', p, q)``.
        waiting: True where the window has not been yet, ``(p, q)``.
    """

    corner: tuple[int, int]
    values: FloatArray
    padded: AnyArray
    window: tuple[int, int]
    first: tuple[int, int]
    outputs: FloatArray
    waiting: AnyArray


@dataclass(frozen=True, slots=True)
class Usage:
    """What the outputs see of a picture; padding, and a border that repeats pixels, is no pixel.

    Attributes:
        tally: (times, pixels): how many pixels are used so often; the most often used first.
        shared: (rows, columns) of the pixels that two neighbouring outputs both see.
        fields: Where all outputs look.
    """

    tally: tuple[tuple[int, int], ...]
    shared: tuple[int, int]
    fields: Fields


@dataclass(frozen=True, slots=True)
class KernelTiming:
    """How long the last convolution took, and all the work with it [ms]; by which plan."""

    plan: Plan
    convolution: float
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """What is painted of a comparison.

    Attributes:
        panel: What stands in the output's place.
        mode: How both are shown; None: B is alone, for they cannot lie on each other.
        held: A's output where it lies over B's, if it takes turns with the panel.
        apart: Numbers; None where they were not asked for, or cannot be.
        message: Why something cannot be shown.
        has_range: There is one range that both can be painted over.
    """

    panel: Panel
    mode: CompareMode | None = None
    held: Panel | None = None
    apart: Apart | None = None
    message: str = ""
    has_range: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LiveTuning:
    """What an output answered while a bar rotated.

    Attributes:
        angles: 0 to 179, whole, rising, ``(N,)`` [degrees].
        answers: The output at each, ``(N,)``.
        angle: Of the bar now [degrees].
        answer: The output now.
    """

    angles: FloatArray
    answers: FloatArray
    angle: float
    answer: float

    @property
    def best(self) -> int:
        """Place of the strongest answer so far."""
        return int(self.answers.argmax())


@dataclass(frozen=True, slots=True, eq=False)
class KernelShown:
    """Everything the window paints for one job, but for the pages: those take their time.

    Attributes:
        found: What was asked for, and what this is made of.
        input: The picture as it goes in.
        output: The result.
        sums: How the value at the probe came about: of the map, or of each plane that is filtered
            on its own; none without a probe.
        profile: The line through the probe; None where that is not looked at.
        slide: The numbers that a window slides over; None where none does.
        usage: How the outputs share the picture; None where that is not looked at.
        timing: What it took.
        is_settled: The range of the output is not about to follow the picture.
        compared: The comparison with what is held; None: it is not to be seen.
        tuned: What the probe answered while a bar rotated; None where that is not looked at.
    """

    found: Prepared
    input: Panel
    output: Panel
    sums: tuple[Products, ...]
    profile: Profile | None
    slide: Slide | None
    usage: Usage | None
    timing: KernelTiming
    is_settled: bool = True
    compared: Compared | None = None
    tuned: LiveTuning | None = None

    @property
    def job(self) -> KernelJob:
        """What was asked for."""
        return self.found.job

    @property
    def is_complete(self) -> bool:
        """Nothing is left to be said about this frame."""
        return self.output.figures is not None and self.is_settled
