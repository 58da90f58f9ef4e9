"""A convolution in one dimension as a matrix times a vector: a band of few different weights."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from convlab.engine.weight_matrix import Sharing, WeightMatrix
from convlab.ui.numbers import show_number
from convlab.ui.theme import px
from convlab.ui.widgets.arrows import Place
from convlab.ui.widgets.forms import filled
from convlab.ui.widgets.matrix_grid import MatrixGrid
from convlab.ui.widgets.staged_matrix import Stage, StagedMatrix

BESIDE_FROM, TALL_FROM = 460, 260  # narrower and taller views have their words below [px]
STAGES = {
    Sharing.DENSE: Stage(
        "Dense",
        "A fully connected layer: every c has a weight of its own for every value of f.",
        "Every c sees all of f (weights drawn at random)",
    ),
    Sharing.CUT: Stage(
        "Cut",
        "Each c keeps only the values of f that g reaches. The rest are zeros.",
        "Every c sees its window only (weights drawn at random)",
    ),
    Sharing.TIED: Stage(
        "Tied",
        "All rows share the values of g: the same numbers repeat along the diagonals. This is the "
        "convolution.",
        "matrix × f = the direct sum",
    ),
}


class BandGrid(MatrixGrid):
    """A matrix whose rows are values of the result and whose columns are values of f."""

    first = 0

    def axes_text(self, matrix: WeightMatrix) -> str:
        rows, columns = matrix.cells.shape
        return f"↓ {rows} values of the result   → {columns} values of f"

    def weight_name(self, place: Place) -> str:
        """Name the value of g that stands in a cell: g(2)."""
        assert self._matrix is not None
        return f"g({int(self._matrix.cells[place])})"

    def ends(self, place: Place) -> tuple[str, str]:
        """Name f(2) and c(3); of a correlation this by its lag, which may be negative."""
        return f"f({place[1]})", f"c({show_number(place[0] + self.first)})"

    def apart(self, place: Place) -> str:
        given, made = self.ends(place)
        return f"{made} does not see {given}: a structural zero."


class BandMatrixView(StagedMatrix):
    """Shows what a convolution is among all matrices: mostly zeros, and few different weights."""

    def __init__(self) -> None:
        self._grid = BandGrid("band_matrix_grid")
        super().__init__(self._grid, "band_matrix", "band", STAGES)
        self.setObjectName("band_matrix_view")
        self.setAccessibleName("The convolution as a matrix")
        self.header.addStretch(1)
        self.captions.insertLayout(0, self.header)
        filled(QVBoxLayout(self), (self.body, 1), margins=(10, 4, 10, 6))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the words stand below the matrix where there is no room beside it."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_narrow = self.width() < px(BESIDE_FROM) and self.height() > px(TALL_FROM)
        wanted = directions.TopToBottom if is_narrow else directions.LeftToRight
        if wanted != self.body.direction():
            self.body.setDirection(wanted)
            for place, share in enumerate((1, 1) if is_narrow else (3, 2)):
                self.body.setStretch(place, share)

    def show_matrix(
        self, matrix: WeightMatrix, difference: float, first: int = 0, note: str = ""
    ) -> None:
        """Show a matrix.

        Args:
            matrix: As ``signal_matrix`` makes it: its cells are indices into g.
            difference: How far matrix × f is from the direct sum, at most.
            first: The c of the first row.
            note: Another message that is to be said of it.
        """
        self._grid.first = first
        self.show_staged(matrix, difference, note)
