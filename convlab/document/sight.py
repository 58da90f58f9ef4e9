"""Which part of a picture is in sight: the same for pictures that are made of each other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from convlab.layers.parameters import decimal

FURTHEST = 1e6  # [px]


@dataclass(frozen=True, slots=True)
class Sight:
    """A place in a picture, and how large its pixels are.

    Attributes:
        row: In the middle of the view, from the upper edge of the first pixel [px].
        column: In the middle of the view, from the left edge of the first pixel [px].
        zoom: Width of a pixel on the screen [px of the screen, before its scaling].
    """

    row: float = field(
        default=0.0,
        metadata=decimal("Row", -FURTHEST, FURTHEST, 1.0, "In the middle.", unit="px", digits=1),
    )
    column: float = field(
        default=0.0,
        metadata=decimal("Column", -FURTHEST, FURTHEST, 1.0, "In the middle.", unit="px", digits=1),
    )
    zoom: float = field(
        default=1.0,
        metadata=decimal("Zoom", 1e-6, FURTHEST, 0.1, "Width of a pixel.", unit="px", is_wide=True),
    )

    def about(self, row: float, column: float, factor: float) -> Sight:
        """Return a larger or smaller view in which a place stays where it is on the screen.

        >>> Sight(10.0, 10.0, 1.0).about(20.0, 10.0, 2.0)
        Sight(row=15.0, column=10.0, zoom=2.0)
        """
        return Sight(
            row + (self.row - row) / factor,
            column + (self.column - column) / factor,
            self.zoom * factor,
        )

    def moved(self, rows: float, columns: float) -> Sight:
        """Return the view of what lies so many pixels of the picture further."""
        return replace(self, row=self.row + rows, column=self.column + columns)


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where the pixels of one picture lie in another: every so many, from a first one on.

    Attributes:
        first: (row, column) of the other picture's pixel that the first one lies over [px].
        step: Pixels of the other picture between two of this one [px].
    """

    first: tuple[int, int] = (0, 0)
    step: int = 1

    def outward(self, row: float, column: float) -> tuple[float, float]:
        """Return where a place of this picture lies in the other.

        >>> Sampling((1, 1), 2).outward(0.5, 1.5)
        (1.5, 3.5)
        """
        down, across = self.first
        return down + (row - 0.5) * self.step + 0.5, across + (column - 0.5) * self.step + 0.5

    def inward(self, row: float, column: float) -> tuple[float, float]:
        """Return where a place of the other picture lies in this one."""
        down, across = self.first
        return (row - 0.5 - down) / self.step + 0.5, (column - 0.5 - across) / self.step + 0.5

    def sight_outward(self, sight: Sight) -> Sight:
        """Return what a view of this picture shows as one of the other."""
        return Sight(*self.outward(sight.row, sight.column), sight.zoom / self.step)

    def sight_inward(self, sight: Sight) -> Sight:
        """Return what a view of the other picture shows as one of this."""
        return Sight(*self.inward(sight.row, sight.column), sight.zoom * self.step)


@dataclass(frozen=True, slots=True)
class Fields:
    """Where all pixels of one picture look in another: rectangles at equal distances.

    Attributes:
        first: (row, column) of the first one's upper left pixel; negative in the padding [px].
        step: From one to the next (down, to the right) [px].
        span: (rows, columns) that each covers [px].
        count: (rows, columns) of them.
    """

    first: tuple[int, int]
    step: tuple[int, int]
    span: tuple[int, int]
    count: tuple[int, int]
