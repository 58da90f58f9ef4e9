"""A picture ready to be painted: its colours, and the numbers they stand for."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from convlab.engine.arrays import ByteArray, FloatArray, frozen
from convlab.engine.color_maps import Palette
from convlab.engine.display import DisplayMode, Scale, ScaleCurve, colorize, displayed, levels
from convlab.engine.window import IndexArray
from convlab.layers.parameters import choice, flag

FULL_RANGE = flag(
    "full",
    "Let the range follow the largest value: nothing is clipped, and small values are hardly seen.",
    noun="full range",
    title="Full range",
)
"""Metadata of a field: whether a range follows the largest value."""

SCALE_CURVE = choice(
    "Scale",
    ((ScaleCurve.LINEAR, "linear"), (ScaleCurve.ROOT, "root")),
    "<i>linear</i>: twice the value, twice the colour.<br><i>root</i>: square roots of the "
    "magnitudes, so that small values are seen.",
)
"""Metadata of a field: how values are spread over the colours."""

TORCH = flag(
    "torch",
    "The input is a dark room: only what the pixel pointed at is made from is lit, as by a torch. "
    "Point at a pixel of the output or of a map, and move it with the arrow keys.",
    title="Torch",
)
"""Metadata of a field: whether of the input only the receptive field is lit."""

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Shown = TypeVar("Shown", bound=DataclassInstance)


@dataclass(frozen=True, slots=True, eq=False)
class Rim:
    """What stands in the cells drawn around a picture.

    Attributes:
        rows: The row whose values each drawn row shows, from the first one on; -1: it has its own.
        columns: Likewise.
        value: Of the cells with one of their own.
    """

    rows: IndexArray
    columns: IndexArray
    value: float

    def values(self, planes: FloatArray, row: int, column: int) -> list[float]:
        """Return what stands in a cell of each plane.

        Args:
            planes: Of the picture, ``(C, H, W)``.
            row: Of the cell, from the first one drawn on.
            column: Likewise.
        """
        found = self.block(planes, range(row, row + 1), range(column, column + 1))
        values: list[float] = found[:, 0, 0].tolist()
        return values

    def block(self, planes: FloatArray, rows: range, columns: range) -> FloatArray:
        """Return what stands in neighbouring cells, ``(C, rows, columns)``; ranges as above."""
        down, across = self.rows[rows.start : rows.stop], self.columns[columns.start : columns.stop]
        found = planes[:, down[:, np.newaxis], across]
        found[:, down < 0] = self.value
        found[:, :, across < 0] = self.value
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A picture for the screen.

    Attributes:
        bgra: Contiguous read-only uint8 BGRA ``(H', W', 4)``, opaque; smaller than what it shows
            where the screen has no room for each pixel.
        planes: The exact values, float32 ``(C, H, W)``, read-only, without padding.
        mode: How values became colours.
        scale: Values of the first and last colour.
        origin: (row, column) of ``bgra[0, 0]`` in the picture: negative where padding is drawn,
            positive where only a part is painted.
        covered: (rows, columns) of the picture that ``bgra`` shows, padding included; None where it
            has a pixel for each.
        rim: Of the cells drawn around the picture; None where there are none with numbers.
        raw: Of an output its values ``(C, H, W)``, whatever they are shown as: as numbers the
            picture has what its display makes of them. None: it has ``planes``.
    """

    bgra: ByteArray
    planes: FloatArray
    mode: DisplayMode
    scale: Scale
    origin: tuple[int, int] = (0, 0)
    covered: tuple[int, int] | None = None
    rim: Rim | None = None
    raw: FloatArray | None = None

    @property
    def values(self) -> FloatArray:
        """The values that became colours, ``(C, H, W)``."""
        return self.planes if self.raw is None else self.raw

    def shown(self, values: FloatArray) -> FloatArray:
        """Return the numbers that some of ``values`` are shown as."""
        return values if self.raw is None else displayed(self.mode, values, self.scale)

    @property
    def extent(self) -> tuple[int, int]:
        """(rows, columns) of the picture that are painted."""
        rows, columns = self.covered or self.bgra.shape[:2]
        return rows, columns


class SignedStyle(NamedTuple):
    """How signed maps are painted: over which curve, in which colours."""

    curve: ScaleCurve = ScaleCurve.LINEAR
    palette: Palette = Palette.LIGHT


DEFAULT_STYLE = SignedStyle()


def in_palette(shown: Shown, palette: Palette) -> Shown:
    """Return a record whose signed pictures, painted for a light ground, are in other colours."""
    if palette is Palette.LIGHT:
        return shown
    held = ((field.name, getattr(shown, field.name)) for field in fields(shown))
    changed = {
        name: replace(paint(old.planes, old.mode, old.scale, palette), origin=old.origin)
        for name, old in held
        if isinstance(old, Painted) and old.mode is DisplayMode.SIGNED
    }
    return replace(shown, **changed)


def paint(
    planes: FloatArray, mode: DisplayMode, scale: Scale, palette: Palette = Palette.LIGHT
) -> Painted:
    """Return planes ``(C, H, W)`` in the colours of a scale."""
    colors = frozen(colorize(levels(planes, scale), mode, palette=palette))
    return Painted(colors, frozen(planes), mode, scale)
