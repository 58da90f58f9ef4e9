"""The part of the Document that is a stack of layers, and what is looked at in it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from convlab.document.comparison import CLOSED, Comparison
from convlab.document.lab_part import LabState, LabViewing
from convlab.document.painted import FULL_RANGE, SCALE_CURVE, TORCH
from convlab.document.stack.folding import AS_AT_FIRST, Folds
from convlab.engine.display import ScaleCurve
from convlab.layers import Conv2d, Layer, MaxPool2d, ReLU, Stack
from convlab.layers.banks import oriented_edges
from convlab.layers.fitting import check
from convlab.layers.graph import INPUT, Graph, Node, chain
from convlab.layers.parameters import choice, decimal
from convlab.networks.stack_input import AS_IT_IS
from convlab.networks.stack_input import LARGEST_SIDE as LARGEST_SIDE
from convlab.networks.stack_input import InputSpace as InputSpace
from convlab.networks.stack_input import StackInput as StackInput

MAX_LAYERS = 2000


class MapRange(StrEnum):
    """Which values have the strongest colours; the value is the name used in files."""

    MAP = "map"  # each map has its own range
    LAYER = "layer"  # all maps of a layer share one
    FIXED = "fixed"  # one for all, chosen by hand


@dataclass(frozen=True, slots=True)
class MapColors:
    """How the values of the maps become colours of the signed map.

    Attributes:
        range: What the range follows.
        limit: The largest magnitude painted where it is fixed.
        is_full: The range follows the largest value, so that nothing is clipped; else what 99.5 %
            of the values do not exceed.
        curve: How values are spread over the colours.
        torch: Of the input only what the unit pointed at sees is lit.
    """

    range: MapRange = field(
        default=MapRange.LAYER,
        metadata=choice(
            "Range of the colours",
            (
                (MapRange.LAYER, "per layer"),
                (MapRange.MAP, "per map"),
                (MapRange.FIXED, "fixed"),
            ),
            "Blue is negative, red positive, zero neutral. The strongest colour stands for what "
            "99.5 % of the values of the <i>layer</i>, or of each <i>map</i>, do not exceed, or "
            "for a <i>fixed</i> magnitude.",
            noun="map range",
        ),
    )
    limit: float = field(
        default=1.0,
        metadata=decimal(
            "Largest magnitude",
            0.001,
            1e6,
            0.1,
            "What has the strongest colour.",
            needs=("range", MapRange.FIXED),
            digits=3,
        ),
    )
    is_full: bool = field(default=False, metadata=FULL_RANGE)
    curve: ScaleCurve = field(default=ScaleCurve.ROOT, metadata=SCALE_CURVE)
    torch: bool = field(default=False, metadata=TORCH)

    def uses(self, name: str) -> bool:
        """Tell whether a field says anything: a fixed range does not follow what is painted."""
        return name != "is_full" or self.range is not MapRange.FIXED


@dataclass(frozen=True, slots=True)
class Marks:
    """Which map finds something that is marked on the picture.

    Attributes:
        uid: Of its layer; INPUT: nothing is marked.
        channel: Its number.
        threshold: What it must exceed.
        offsets: uid of the layer whose four maps say how far each side of a box lies off, in parts
            of its size; INPUT: none does.
    """

    uid: int = INPUT
    channel: int = 0
    threshold: float = field(
        default=0.95,
        metadata=decimal(
            "Boxes from",
            0.0,
            1.0,
            0.01,
            "What the map of what is looked for must exceed for a box to be drawn on the input.",
            noun="threshold of the boxes",
            digits=3,
        ),
    )
    offsets: int = INPUT


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class StackState(LabState):
    """Everything that can be edited in the stack lab.

    Attributes:
        slots: The layers, each behind all that it takes.
        input: How the picture enters.
        colors: How maps are painted.
        title: What a person calls it.
        next_uid: The uid of the next new slot.
        classes: Names of the classes of the last layer, one for each of its values; empty: none.
        comparison: How it is compared with what is held.
        held: What is held as A, which holds nothing itself; None: nothing is.
        runs_whole: It may run as a whole in a session: a network of a stranger only if that was
            tried and went well.
        reasons: Why its input was guessed to be as it was when its file was opened, a line each.
        marks: What is marked on the picture.
    """

    slots: tuple[Node, ...] = ()
    input: StackInput = AS_IT_IS
    colors: MapColors = MapColors()
    title: str = "Untitled"
    next_uid: int = 1
    classes: tuple[str, ...] = ()
    comparison: Comparison = CLOSED
    held: StackState | None = None
    runs_whole: bool = True
    reasons: tuple[str, ...] = ()
    marks: Marks = NO_MARKS

    @property
    def graph(self) -> Graph:
        """The layers and how they hang together."""
        return Graph(self.slots)

    @property
    def active(self) -> tuple[Node, ...]:
        """The slots that are switched on."""
        return tuple([slot for slot in self.slots if slot.is_on])

    def slot(self, uid: int) -> Node | None:
        """Return the slot with a uid, or None."""
        for slot in self.slots:
            if slot.uid == uid:
                return slot
        return None

    def index(self, uid: int) -> int:
        """Return the place of a slot.

        Raises:
            ValueError: There is none.
        """
        for index, slot in enumerate(self.slots):
            if slot.uid == uid:
                return index
        raise ValueError(f"There is no layer with uid {uid}.")

    @property
    def can_be_named(self) -> bool:
        """There is a class for each value; layers that do not fit yet may still."""
        if not self.classes:
            return True
        size = self.input.size or (LARGEST_SIDE, LARGEST_SIDE)
        graph = self.graph
        shapes, misfit = check(graph, (self.input.space.channels, *size))
        return misfit is not None or shapes[graph.last] == (len(self.classes),)

    def settled(self, name: str) -> StackState:
        """Take the classes away when the last layer gives another number of values."""
        return self if self.can_be_named else replace(self, classes=())

    def stack(self) -> Stack:
        """Return the layers that are switched on, one behind the other.

        Raises:
            ValueError: There are branches.
        """
        if not self.graph.is_chain():
            raise ValueError(
                f"“{self.title}” has branches: choose a stack whose layers stand one behind the "
                "other."
            )
        return Stack(slot.layer for slot in self.active)

    @classmethod
    def of(cls, layers: tuple[Layer, ...], title: str, input: StackInput) -> StackState:
        """Number layers from 1."""
        slots = chain(layers)
        return cls(slots, input, title=title, next_uid=len(slots) + 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One value of a layer's result.

    Attributes:
        uid: Of the slot, or INPUT.
        channel: Which map; behind a flattening layer which value of the vector.
        row: In the map [px]; 0 for a vector.
        column: In the map [px]; 0 for a vector.
    """

    uid: int
    channel: int
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """Which maps of a layer are on the screen, and how large.

    Attributes:
        width: Of a map [screen px].
        first: Number of the first.
        count: How many; None: all.
    """

    width: int
    first: int = 0
    count: int | None = None

    @property
    def seen(self) -> slice:
        """Which maps are seen."""
        return slice(self.first, None if self.count is None else self.first + self.count)


@dataclass(frozen=True, slots=True)
class StackViewing(LabViewing):
    """What a person looks at in the stack lab; not undone.

    Attributes:
        unit: The unit pointed at, or None.
        pinned: It stays when the mouse leaves: its map is selected.
        chosen: uid of the layer whose parameters are shown, or None.
        kernel: (output, input) of the kernel shown in the grid.
        in_sight: uids whose maps are on the screen; the others are computed only as far as needed.
        cell_width: Width of a map on the screen, where ``cells`` says nothing [screen px].
        cells: What is seen of a layer, by its uid.
        folds: Which blocks of layers a person folded and opened.
        shift: (rows, columns) by which the picture is moved before it enters, wrapping around [px].
        wants_shift: Measure what a shift of the picture does to each layer's result.
        wants_gradient: Compute the gradient of the pinned unit with respect to the input.
        wants_figures: Measure every map of the layer that is looked at, or else of the last.
        channels: Maps that come into that of the pinned unit, and are shown beside it; none: the
            first few.
    """

    unit: Unit | None = None
    pinned: bool = False
    chosen: int | None = None
    kernel: tuple[int, int] = (0, 0)
    in_sight: frozenset[int] = frozenset({INPUT})
    cell_width: int = 64
    cells: Mapping[int, Cells] = field(default_factory=dict)
    folds: Folds = AS_AT_FIRST
    shift: tuple[int, int] = (0, 0)
    wants_shift: bool = False
    wants_gradient: bool = False
    wants_figures: bool = False
    channels: tuple[int, ...] = ()

    def cells_of(self, uid: int) -> Cells:
        """Return what is seen of a layer that is in sight."""
        return self.cells.get(uid) or Cells(self.cell_width)

    def figured(self, uids: Container[int]) -> int | None:
        """Return the uid of the layer whose maps are measured; None: the last one.

        Args:
            uids: Of the picture and the layers that there are: what is chosen may be of a stack
                that has gone.
        """
        pinned = self.unit.uid if self.unit is not None and self.pinned else None
        return next((uid for uid in (pinned, self.chosen) if uid in uids), None)

    def remembered(self) -> dict[str, Any]:
        """Return what a project remembers."""
        folds = self.folds
        return {
            "layer": self.chosen,
            "folded": tuple(sorted(folds.folded)),
            "opened": tuple(sorted(folds.opened)),
        }

    def recalled(self, remembered: Mapping[str, Any], state: StackState) -> StackViewing:
        """Return this with what was remembered, as far as the state has it."""
        uid = remembered.get("layer")
        chosen = None if uid is None or state.slot(uid) is None else uid
        folds = Folds(*(frozenset(remembered.get(name, ())) for name in ("folded", "opened")))
        return replace(self, chosen=chosen, kernel=(0, 0), unit=None, pinned=False, folds=folds)


@cache
def first_stack() -> StackState:
    """Return what the stack lab begins with: small enough to be taken in at a glance.

    Always the same layers, because those with weights are equal only if they are the same.
    """
    layers = (
        # Zeros around the picture would be the strongest edge of all.
        Conv2d(3, 8, 5, padding="same", border="replicate", weight=oriented_edges((8, 3, 5, 5))),
        ReLU(),
        MaxPool2d(2),
        Conv2d(8, 8, 3, padding="same", border="replicate"),
        ReLU(),
        MaxPool2d(2),
    )
    return StackState.of(layers, "First steps", StackInput(InputSpace.RGB, (240, 320)))
