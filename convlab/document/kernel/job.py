"""What the worker is asked for of one kernel (KernelJob) and what it answers (KernelShown)."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.frame import Frame
from convlab.document.kernel.model import Axis, Channels, Combine, Display, Geometry
from convlab.document.painted import Painted
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.display import Histogram, Stats
from convlab.engine.planner import Plan
from convlab.engine.shapes import Padding


@dataclass(frozen=True, slots=True, eq=False)
class KernelJob:
    """One picture to be run through one kernel, every choice resolved to numbers.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        frame: The pixels.
        channels: Planes to be used; a grey picture has but one.
        weights: The kernel as edited, ``(kh, kw)``.
        geometry: Stride, dilation, border and flip.
        padding: The padding in pixels.
        output_size: ``(rows, columns)`` of the result.
        display: How the output is painted.
        probe: Output pixel whose sum is wanted, inside ``output_size``, or None.
        profile: Direction of the profile through the probe.
    """

    generation: int
    frame: Frame
    channels: Channels
    weights: FloatArray
    geometry: Geometry
    padding: Padding
    output_size: tuple[int, int]
    display: Display
    probe: tuple[int, int] | None
    profile: Axis

    @property
    def input_size(self) -> tuple[int, int]:
        """(rows, columns) of the picture."""
        rows, columns = self.frame.pixels.shape[:2]
        return rows, columns

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the planes used."""
        names = self.channels.space.channels
        return tuple(names[index] for index in self.channels.active())


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
    """

    names: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    figures: Figures | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SumDetail:
    """The arithmetic behind one output pixel, with the pipeline's own float32 numbers.

    Attributes:
        cell: (row, column) of the output pixel.
        corner: (row, column) of the patch's first cell in the picture; may be negative.
        step: Distance between the patch's cells (the dilation) [px].
        patch: Input values met, ``(C, kh, kw)``.
        padded: True where a patch cell lies in the padding, ``(kh, kw)``.
        kernel: The kernel as it is laid on the patch, ``(kh, kw)``.
        flipped: It is the edited kernel flipped by 180 degrees (true convolution).
        products: ``patch * kernel``, ``(C, kh, kw)``.
        names: Name of each input plane.
        results: Output values read from the pipeline: one, or one per plane.
        combine: Whether planes are added up or kept apart.
    """

    cell: tuple[int, int]
    corner: tuple[int, int]
    step: int
    patch: FloatArray
    padded: AnyArray
    kernel: FloatArray
    flipped: bool
    products: FloatArray
    names: tuple[str, ...]
    results: tuple[float, ...]
    combine: Combine


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Values along one line of the input and of the output, one curve per plane.

    Attributes:
        axis: Row or column.
        input_line: Number of the input row or column.
        output_line: Number of the output row or column.
        input_values: ``(C, N)``.
        output_values: ``(C', N')``.
        output_at: Input coordinate under each output value, ``(N',)`` [px].
    """

    axis: Axis
    input_line: int
    output_line: int
    input_values: FloatArray
    output_values: FloatArray
    output_at: AnyArray


@dataclass(frozen=True, slots=True)
class KernelTiming:
    """How long the last convolution took, and all the work with it [ms]; by which plan."""

    plan: Plan
    convolution: float
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class KernelShown:
    """Everything the window paints for one job."""

    job: KernelJob
    input: Panel
    output: Panel
    detail: SumDetail | None
    profile: Profile | None
    timing: KernelTiming

    @property
    def is_complete(self) -> bool:
        """Nothing is left to be said about this frame."""
        return self.output.figures is not None
