"""The part of the Document that is one kernel on a picture, and what is looked at in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np

from convlab.document.comparison import CLOSED, Comparison
from convlab.document.kernel.analysis import Analysis, AnalysisPage
from convlab.document.kernel.counting import Counting
from convlab.document.kernel.design.model import Design, DesignPage
from convlab.document.kernel.generator import MAX_KERNEL_SIZE as MAX_KERNEL_SIZE
from convlab.document.kernel.generator import Generator
from convlab.document.kernel.geometry import FIRST_GEOMETRY
from convlab.document.kernel.geometry import Geometry as Geometry
from convlab.document.kernel.per_channel import PerChannel
from convlab.document.kernel.per_channel import Weights as Weights
from convlab.document.kernel.scaling import Scaling
from convlab.document.lab_part import LabState, LabViewing
from convlab.document.painted import FULL_RANGE, SCALE_CURVE, TORCH
from convlab.document.sight import Sight
from convlab.document.strokes import FIRST_BRUSH, Brush
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, ScaleCurve
from convlab.layers import Conv2d
from convlab.layers.parameters import choice, decimal


class Combine(StrEnum):
    """What happens to a picture of several channels."""

    EACH = "each"  # every channel is filtered on its own
    SUM = "sum"  # the channels' results are added up: one map, as in a layer of a network


@dataclass(frozen=True, slots=True)
class Channels:
    """Which planes of the picture the kernel runs over.

    Attributes:
        space: How the picture is split into planes.
        muted: Indices of the planes that are left out; never all of them.
        combine: What happens to several planes.
    """

    space: ColorSpace = field(
        default=ColorSpace.GREY,
        metadata=choice(
            "Channels",
            (
                (ColorSpace.GREY, "Grey"),
                (ColorSpace.RGB, "RGB"),
                (ColorSpace.HSV, "HSV"),
                (ColorSpace.LAB, "Lab"),
            ),
            "Which planes of the picture the kernel runs over. Several planes are painted as red, "
            "green and blue.",
        ),
    )
    muted: frozenset[int] = frozenset()
    combine: Combine = field(
        default=Combine.EACH,
        metadata=choice(
            "Combination",
            ((Combine.EACH, "each"), (Combine.SUM, "sum")),
            "<i>each</i>: every channel gets its own result.<br><i>sum</i>: the results "
            "are added to one map, as a layer of a network does.",
        ),
    )

    def settled(self, name: str) -> Channels:
        """Return the choice with none of the planes of another space muted."""
        return replace(self, muted=frozenset()) if name == "space" else self

    def active(self) -> tuple[int, ...]:
        """Indices of the planes that are not muted."""
        indices = range(len(self.space.channels))
        return tuple(i for i in indices if i not in self.muted) if self.muted else tuple(indices)


@dataclass(frozen=True, slots=True)
class Display:
    """How the output is painted.

    Attributes:
        mode: How values become colours.
        limit: The largest magnitude painted; None follows the picture.
        is_full: What follows the picture follows its largest value, so that nothing is clipped;
            else what 99.5 % of its values do not exceed.
        curve: How values are spread over the colours.
        torch: Of the input only what the kernel lies on is lit.
    """

    mode: DisplayMode = field(
        default=DisplayMode.AUTO,
        metadata=choice(
            "Colours of the output",
            (
                (DisplayMode.AUTO, "auto"),
                (DisplayMode.SIGNED, "signed"),
                (DisplayMode.RAW, "raw"),
                (DisplayMode.ABSOLUTE, "absolute"),
                (DisplayMode.CLIPPED, "clipped"),
                (DisplayMode.OFFSET, "+128"),
            ),
            "<i>auto</i>: what is a picture is shown as one, all else signed.<br>"
            "<i>signed</i>: blue below zero, red above, zero neutral.<br><i>raw</i>: lowest value "
            "black, highest white.<br><i>absolute</i>: magnitudes.<br><i>clipped</i>: what an "
            "8-bit program shows; negative values vanish.<br><i>+128</i>: zero is mid-grey.",
        ),
    )
    limit: float | None = field(
        default=None,
        metadata=decimal(
            "Range",
            0.01,
            100_000.0,
            0.5,
            "Largest magnitude painted. <i>auto</i> follows each picture: 99.5 % of its values lie "
            "inside. A number keeps it fixed.",
            digits=2,
            automatic="auto",
        ),
    )
    is_full: bool = field(default=False, metadata=FULL_RANGE)
    curve: ScaleCurve = field(default=ScaleCurve.LINEAR, metadata=SCALE_CURVE)
    torch: bool = field(default=False, metadata=TORCH)

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything: a fixed range does not follow what is painted."""
        return name != "is_full" or self.limit is None


SOBEL_VERTICAL: Weights = ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0))


def to_weights(array: AnyArray) -> Weights:
    """Return the values of a 2-D array, rounded to float32."""
    return tuple(map(tuple, np.asarray(array, dtype=np.float32).tolist()))


@dataclass(frozen=True, slots=True)
class KernelState(LabState):
    """Everything that can be edited in the kernel lab.

    Attributes:
        weights: The rows of the kernel; of several those of the one that is edited.
        geometry: How it travels over the picture.
        channels: Over which planes.
        display: How the result is painted.
        scaling: What is done with its sums.
        generator: Dials of a formula; turning one makes the kernel.
        counting: Layers whose costs are counted beside it.
        per_channel: Whether each channel has a kernel of its own, and those not edited.
        design: How kernels are made by example and by spectrum, tested and undone.
        analysis: What it is measured with.
        comparison: How it is compared with what is held.
        held: What is held as A, which holds nothing itself; None: nothing is.
    """

    weights: Weights = SOBEL_VERTICAL
    geometry: Geometry = FIRST_GEOMETRY
    channels: Channels = Channels()
    display: Display = Display()
    scaling: Scaling = field(default_factory=Scaling)
    generator: Generator = field(default_factory=Generator)
    counting: Counting = field(default_factory=Counting)
    per_channel: PerChannel = field(default_factory=PerChannel)
    design: Design = field(default_factory=Design)
    analysis: Analysis = field(default_factory=Analysis)
    comparison: Comparison = CLOSED
    held: KernelState | None = None

    def settled(self, path: str) -> KernelState:
        """Return this with the kernel that the dials make, once one of them has moved."""
        return self.generated() if path.partition(".")[0] == "generator" else self

    @property
    def is_generated(self) -> bool:
        """The kernel is the one that the dials make."""
        return to_weights(self.generator.array()) == self.weights

    def generated(self) -> KernelState:
        """Return this with the kernel that the dials make."""
        return replace(self, weights=to_weights(self.generator.array()))

    def laid(self) -> FloatArray:
        """Return the kernel as it is laid on the picture, its divisor applied, ``(kh, kw)``."""
        weights = self.scaling.scaled(self.array()[None, None])[0, 0]
        return np.ascontiguousarray(weights[::-1, ::-1]) if self.geometry.flip else weights

    @property
    def rows(self) -> int:
        """Number of the kernel's rows [cells]."""
        return len(self.weights)

    @property
    def columns(self) -> int:
        """Number of the kernel's columns [cells]."""
        return len(self.weights[0])

    @property
    def lays_flipped(self) -> bool:
        """The kernel lies flipped on what an output sees, as copies of it do that are summed."""
        return self.geometry.flip is not self.geometry.transposed

    def array(self) -> FloatArray:
        """Return the kernel as a new float32 array ``(rows, columns)``."""
        return np.array(self.weights, dtype=np.float32)

    def bank(self) -> FloatArray:
        """Return the kernels as they are written: for each output, of each plane added up.

        ``(planes, 1, rows, columns)``, or ``(1, planes, rows, columns)`` for a sum of planes.
        """
        planes, edited = self.channels.active(), self.array()
        outputs = 1 if self.channels.combine is Combine.SUM else len(planes)
        shape = outputs, len(planes) // outputs, *edited.shape
        if not self.has_several:
            return np.broadcast_to(edited, shape)
        return np.stack([self.per_channel.array(at, edited) for at in planes]).reshape(shape)

    @property
    def has_several(self) -> bool:
        """Each channel of the picture has a kernel of its own."""
        return self.per_channel.is_on and len(self.channels.space.channels) > 1

    @property
    def place(self) -> int:
        """Which of the kernels applied is the edited one; the first if that is left out."""
        if not self.has_several:
            return 0
        active, at = self.channels.active(), self.per_channel.chosen
        return active.index(at) if at in active else 0

    def applied(self) -> FloatArray:
        """Return the kernels as they are applied: as ``bank``, divided."""
        return self.scaling.scaled(self.bank())

    def edited(self) -> FloatArray:
        """Return the edited kernel as it is applied ``(rows, columns)``."""
        applied = self.applied()
        kernel: FloatArray = applied.reshape(-1, *applied.shape[2:])[self.place]
        return kernel

    def layer(self) -> Conv2d:
        """Return the layer that the lab is: it filters each plane alone, or adds them all up."""
        bank, geometry, offset = self.applied(), self.geometry, self.scaling.offset
        outputs, planes = bank.shape[:2]
        return Conv2d(
            outputs * planes,
            outputs,
            bank.shape[2:],
            geometry.stride,
            geometry.padding,
            geometry.dilation,
            groups=outputs,
            bias=np.full(outputs, offset, np.float32) if offset else None,
            border=geometry.border,
            value=geometry.value,
            flip=geometry.flip,
            weight=bank,
        )


class Axis(StrEnum):
    """The line along which a profile is taken."""

    ROW = "row"
    COLUMN = "column"


class PixelPage(StrEnum):
    """What is shown of the pixel pointed at; only that is computed."""

    SUM = "sum"
    PROFILE = "profile"
    SLIDE = "slide"  # the kernel's way over the picture, up to this pixel
    FORMULA = "formula"  # its sum in symbols and numbers
    MIX = "mix"  # its sum as a recipe for mixing
    DISPLAYS = "displays"  # of no pixel: the output as four programs would show it
    USAGE = "usage"  # how often each pixel of the picture is used
    TUNING = "tuning"  # what it answers while a bar turns
    COUNT = "count"  # of no pixel: what layers cost

    @property
    def stays(self) -> bool:
        """It is read at length: a pixel is pinned for it."""
        return self not in (PixelPage.SUM, PixelPage.PROFILE, PixelPage.SLIDE, PixelPage.MIX)


@dataclass(frozen=True, slots=True)
class KernelViewing(LabViewing):
    """What a person looks at in the kernel lab; it changes with every move of the mouse.

    Attributes:
        probe: The output pixel pointed at, (row, column), or None.
        pinned: The probe stays when the mouse leaves.
        pixel: The input pixel pointed at, (row, column), or None: the outputs it feeds are marked.
        cell: The kernel's cell pointed at, (row, column) as it is written, or None: the input that
            it meets is marked.
        page: What is shown of the probe.
        profile: The line through the probe whose values are plotted.
        is_playing: The window slides on by itself, pixel after pixel of the output.
        speed: Pixels of the output per second while it slides.
        slide_room: (rows, columns) of numbers that the sliding window's grids have room for.
        slide_plane: Number of the plane whose numbers these are, of those used.
        turn: How far the kernel is rotated before one's eyes, 0 to 1 of 180 degrees; None: it is
            not.
        sight: Which part of the input is in sight, and the same of the output; None is all.
        design: The design page that is looked at.
        design_brush: What is painted with there.
        analysis: What of the kernel by itself is looked at.
        analysis_angle: Of the bar that turns there [degrees].
        filling: "input" or "output": that picture fills the lab; "": none does.
        room: (rows, columns) of the screen for each picture [px of the device]; (0, 0) is unknown.
        density: Pixels of the device in a pixel of ``sight``'s zoom.
    """

    probe: tuple[int, int] | None = None
    pinned: bool = False
    pixel: tuple[int, int] | None = None
    cell: tuple[int, int] | None = None
    page: PixelPage = PixelPage.SUM
    profile: Axis = Axis.ROW
    is_playing: bool = False
    speed: float = 4.0
    slide_room: tuple[int, int] = (8, 24)
    slide_plane: int = 0
    turn: float | None = None
    sight: Sight | None = None
    design: DesignPage = DesignPage.CLOSED
    design_brush: Brush = FIRST_BRUSH
    analysis: AnalysisPage = AnalysisPage.CLOSED
    analysis_angle: float = 0.0
    filling: str = ""
    room: tuple[int, int] = (0, 0)
    density: float = 1.0

    @property
    def is_sliding(self) -> bool:
        """The output is filled up to the probe only, as the kernel slides."""
        return self.page is PixelPage.SLIDE and self.pinned

    @property
    def shows_usage(self) -> bool:
        """The picture stands for how often its pixels are used."""
        return self.page is PixelPage.USAGE and self.pinned

    @property
    def shows_displays(self) -> bool:
        """The output stands in four displays."""
        return self.page is PixelPage.DISPLAYS and self.probe is not None

    @property
    def shows_pages(self) -> bool:
        """A page beside the picture is open."""
        pages = self.design is not DesignPage.CLOSED, self.analysis is not AnalysisPage.CLOSED
        return any(pages) or self.shows_displays

    def released(self) -> KernelViewing:
        """Return this without a probe, and with nothing that goes on at one."""
        ends = self.page is PixelPage.SLIDE or self.page.stays
        page = PixelPage.SUM if ends else self.page
        return replace(self, probe=None, pinned=False, page=page, is_playing=False)

    def recalled(self, remembered: Mapping[str, Any], state: KernelState) -> KernelViewing:
        """Return this without a probe and with all in sight: another picture may be smaller."""
        del remembered, state
        return replace(self.released(), pixel=None, cell=None, turn=None, sight=None, filling="")
