"""What the worker is asked for of a stack (StackJob) and what it answers (StackShown)."""

from __future__ import annotations

from dataclasses import dataclass

from convlab.document.comparison import CLOSED, Apart, CompareMode, Comparison
from convlab.document.frame import Frame
from convlab.document.painted import SignedStyle
from convlab.document.stack.answer import Verdict
from convlab.document.stack.column import MapColumn
from convlab.document.stack.figures import LayerFigures
from convlab.document.stack.folding import NO_LAYERS, Folded
from convlab.document.stack.look import UnitLook
from convlab.document.stack.model import StackState, StackViewing
from convlab.document.stack.picture import shades_of
from convlab.document.stack.tiles import Shades
from convlab.engine.color_maps import Palette
from convlab.layers import LayerSummary
from convlab.layers.fitting import Remedy
from convlab.layers.shift_test import ShiftReport


@dataclass(frozen=True, slots=True, eq=False)
class StackJob:
    """One picture to be run through a stack.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        frame: The pixels.
        state: The stack. It holds nothing.
        viewing: What is looked at.
        palette: The colours of the maps.
        is_held: A hand drags something: ranges stay.
        comparison: How it is compared with what is held.
        held: What is held, if it is to be seen.
    """

    generation: int
    frame: Frame
    state: StackState
    viewing: StackViewing
    palette: Palette = Palette.LIGHT
    is_held: bool = False
    comparison: Comparison = CLOSED
    held: StackState | None = None

    @property
    def input_size(self) -> tuple[int, int]:
        """(rows, columns) of the picture."""
        rows, columns = self.frame.pixels.shape[:2]
        return rows, columns

    @property
    def style(self) -> SignedStyle:
        """How maps are painted."""
        return SignedStyle(self.state.colors.curve, self.palette)

    @property
    def shades(self) -> Shades:
        """How the input of the stack is painted."""
        return shades_of(self.frame, self.state.input)


@dataclass(frozen=True, slots=True)
class LayerError:
    """Why a layer, and all after it, have nothing new to show.

    Attributes:
        uid: Of the slot; INPUT if it concerns the whole stack.
        message: One message with the remedy.
        remedies: What fixes it for a click.
    """

    uid: int
    message: str
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StackTiming:
    """What the last pass took that had something to compute.

    Attributes:
        ran: How many layers were computed.
        layers: What they took [ms].
        total: What everything took [ms].
    """

    ran: int
    layers: float
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class StackCompared:
    """What is painted of a comparison.

    Attributes:
        held: What the window would paint of A alone.
        mode: How both are shown.
        columns: What stands in the places of B's maps.
        turns: A's maps in the places of B's, if they take turns with ``columns``.
        apart: How far the maps of the chosen layer of B, or of its last, are from those of A;
            None where A has none like them.
        has_range: There is one range that some maps of both can be painted over.
        unmatched: Layers of B of which A has none with as many maps of that size.
    """

    held: StackShown
    mode: CompareMode
    columns: tuple[MapColumn, ...]
    turns: tuple[MapColumn, ...]
    apart: Apart | None
    has_range: bool
    unmatched: int


@dataclass(frozen=True, slots=True, eq=False)
class StackShown:
    """Everything the window paints for one job.

    Attributes:
        job: What was asked for.
        columns: The picture, then each layer that is on and was computed.
        summaries: What each layer that is on is, as far as the layers fit; not the picture.
        error: Why there is nothing beyond, or None.
        look: What is behind the unit pointed at, or None.
        shifts: What the shift of the picture did to each layer's result; None unless wanted.
        timing: What it took.
        answer: What the last layer says the picture is; None where its values are no classes.
        is_complete: No range is about to follow its map, and all that is said of maps is of these.
        compared: The comparison with what is held; None: it is not to be seen.
        folded: Which layers stand for themselves, and which in a folded block.
        figures: Statistics of the maps of one layer; None unless wanted.
    """

    job: StackJob
    columns: tuple[MapColumn, ...]
    summaries: tuple[LayerSummary, ...]
    error: LayerError | None
    look: UnitLook | None
    shifts: tuple[ShiftReport, ...] | None
    timing: StackTiming
    answer: Verdict | None = None
    is_complete: bool = True
    compared: StackCompared | None = None
    folded: Folded = NO_LAYERS
    figures: LayerFigures | None = None

    @property
    def picture(self) -> MapColumn:
        """The input as it enters the stack."""
        return self.columns[0]

    def column(self, uid: int) -> MapColumn | None:
        """Return the maps of a slot, or None."""
        return next((column for column in self.columns if column.uid == uid), None)
