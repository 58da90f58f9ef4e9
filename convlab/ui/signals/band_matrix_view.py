"""A convolution in one dimension as a matrix times a vector: a band of few different weights."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convlab.engine.weight_matrix import Sharing, WeightMatrix
from convlab.ui.numbers import show_exact, show_number, show_weight
from convlab.ui.widgets.arrows import Place
from convlab.ui.widgets.forms import as_panel, describe
from convlab.ui.widgets.matrix_grid import CAPTION, MatrixGrid
from convlab.ui.widgets.weight_matrix_view import caption, counts_text

STAGES = {
    Sharing.DENSE: (
        "Dense",
        "A fully connected layer: every c has a weight of its own for every value of f.",
    ),
    Sharing.CUT: (
        "Cut",
        "Each c keeps only the values of f that g reaches. The rest are zeros.",
    ),
    Sharing.TIED: (
        "Tied",
        "All rows share the values of g: the same numbers repeat along the diagonals. This is the "
        "convolution.",
    ),
}
HINT = "Click a weight: all its copies light up."


class BandGrid(MatrixGrid):
    """A matrix whose rows are values of the result and whose columns are values of f."""

    first = 0

    def weight_name(self, place: Place) -> str:
        """Name the value of g that stands in a cell: g(2)."""
        assert self._matrix is not None
        return f"g({int(self._matrix.cells[place])})"

    def result_name(self, row: int) -> str:
        """Name a value of the result: c(3); of a correlation by its lag, which may be negative."""
        return f"c({show_number(row + self.first)})"

    def tip(self, place: Place) -> str:
        row, column = place
        if not self.is_connected(place):
            return f"f({column}) has no part in {self.result_name(row)}"
        is_tied = self._sharing is Sharing.TIED
        name = self.weight_name(place) if is_tied else "weight"
        joined = f"f({column}) → {self.result_name(row)}"
        return f"<b>{name} = {show_exact(self.value(place))}</b><br>{joined}"

    def _paint_caption(self, painter: QPainter, matrix: WeightMatrix) -> None:
        rows, columns = matrix.cells.shape
        text = f"↓ {rows} values of the result   → {columns} values of f"
        elide = Qt.TextElideMode.ElideRight
        fitting = painter.fontMetrics().elidedText(text, elide, self.width())
        painter.drawText(QRectF(2, 0, self.width() - 2, CAPTION), fitting)


class BandMatrixView(QWidget):
    """Shows what a convolution is among all matrices: mostly zeros, and few different weights."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("band_matrix_view")
        self.setAccessibleName("The convolution as a matrix")
        as_panel(self)
        self.grid = BandGrid()
        self.grid.setObjectName("band_matrix_grid")
        self.setFocusProxy(self.grid)
        self._matrix: WeightMatrix | None = None
        self._difference, self._note = 0.0, ""
        self._stages = self._make_stages()
        self._counts = caption("band_matrix_caption", "")
        self._says = caption("band_matrix_stage_caption")
        self._selection = caption("band_matrix_selection")
        self._arrange()
        self._stages.buttonClicked.connect(self._show)
        self.grid.selection_changed.connect(self._show_captions)

    def _make_stages(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, (sharing, (title, tip)) in enumerate(STAGES.items()):
            button = describe(QPushButton(title), f"band_{sharing}_button", title, tip)
            button.setCheckable(True)
            button.setChecked(sharing is Sharing.TIED)
            group.addButton(button, number)
        return group

    def _arrange(self) -> None:
        header, captions, body = QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        header.setSpacing(4)
        for button in self._stages.buttons():
            header.addWidget(button)
        header.addStretch(1)
        captions.addLayout(header)
        for label in (self._counts, self._says, self._selection):
            captions.addWidget(label)
        captions.addStretch(1)
        body.setSpacing(12)
        body.addWidget(self.grid, 3)
        body.addLayout(captions, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        layout.addLayout(body, 1)

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
        self._matrix, self._difference = matrix, difference
        self.grid.first = first
        self._note = note
        self._show()

    def show_message(self, text: str) -> None:
        """Say in one message why there is no matrix."""
        self._matrix = None
        self.grid.show_message(text)

    @property
    def sharing(self) -> Sharing:
        """The stage that is shown."""
        return list(STAGES)[self._stages.checkedId()]

    def _show(self) -> None:
        if self._matrix is not None:
            self.grid.show_matrix(self._matrix, self.sharing)

    def _show_captions(self) -> None:
        if self._matrix is None:
            texts = ["", "", ""]
        else:
            texts = [
                counts_text(self._matrix, self.sharing),
                f"{stage_text(self.sharing, self._difference)} {self._note}".rstrip(),
                selection_text(self._matrix, self.sharing, self.grid),
            ]
        for label, text in zip((self._counts, self._says, self._selection), texts, strict=True):
            label.setText(text)
        self.grid.setAccessibleDescription(" ".join(texts))


def stage_text(sharing: Sharing, difference: float) -> str:
    """Say what the stage is; a convolution proves it."""
    if sharing is Sharing.DENSE:
        return "Every c sees all of f (weights drawn at random)."
    if sharing is Sharing.CUT:
        return "Every c sees its window only (weights drawn at random)."
    return f"matrix × f = the direct sum (largest difference {show_number(difference, 1)})."


def selection_text(matrix: WeightMatrix, sharing: Sharing, grid: BandGrid) -> str:
    """Say which weight is selected, what it joins, and how often it stands there."""
    place = grid.selected
    if place is None:
        return HINT
    row, column = place
    result = grid.result_name(row)
    if not grid.is_connected(place):
        return f"{result} does not see f({column}): a structural zero."
    weight, count = show_weight(grid.value(place)), len(grid.copies)
    if sharing is not Sharing.TIED:
        return f"This weight, {weight}, joins f({column}) to {result} and nothing else."
    times = "once" if count == 1 else f"{count} times"
    name = grid.weight_name(place)
    return f"{name} = {weight} joins f({column}) to {result}; it stands here {times}."
