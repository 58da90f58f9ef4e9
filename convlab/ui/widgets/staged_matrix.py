"""A convolution among all matrices: dense, cut to the window, and one set of weights for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from convlab.engine.weight_matrix import Sharing, WeightMatrix
from convlab.ui.numbers import show_number, show_weight
from convlab.ui.widgets.forms import STRETCH, as_panel, describe, filled, scrolled, wrapped_label
from convlab.ui.widgets.matrix_grid import MatrixGrid

CAPTIONS = (110, 340)  # least and largest width of the text [px]
HINT = "Click a weight: all its copies light up."


class Stage(NamedTuple):
    """A way to share weights: its button, what that teaches, and what is said of the matrix."""

    title: str
    tip: str
    says: str


class StagedMatrix(QWidget):
    """Shows a matrix in three stages, and says what a chosen weight joins.

    Args:
        grid: Names what its rows and columns are.
        name: The captions' object names begin with it.
        buttons: Those of the buttons do.
        stages: What each stage is.
    """

    def __init__(
        self, grid: MatrixGrid, name: str, buttons: str, stages: Mapping[Sharing, Stage]
    ) -> None:
        super().__init__()
        as_panel(self)
        self.grid = grid
        self.setFocusProxy(grid)
        self._stages = stages
        self._matrix: WeightMatrix | None = None
        self._difference, self._note = 0.0, ""
        self._title = _caption(f"{name}_title", "title")
        self._says = [
            _caption(f"{name}_caption", ""),
            _caption(f"{name}_stage_caption"),
            _caption(f"{name}_selection"),
        ]
        self._title.hide()
        self._buttons = QButtonGroup(self)
        captions = QWidget()
        as_panel(captions)
        self.header, self.captions, self.body = QHBoxLayout(), QVBoxLayout(captions), QHBoxLayout()
        self.captions.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(4)
        for number, (sharing, stage) in enumerate(stages.items()):
            text, tip, _ = stage
            button = describe(QPushButton(text), f"{buttons}_{sharing}_button", text, tip)
            button.setCheckable(True)
            button.setChecked(sharing is Sharing.TIED)
            self._buttons.addButton(button, number)
            self.header.addWidget(button)
        filled(self.captions, self._title, *self._says, STRETCH, spacing=5)
        words = scrolled(captions, "What the matrix is")
        filled(self.body, (grid, 3), (words, 2), spacing=12)
        self._buttons.buttonClicked.connect(self._show)
        grid.selection_changed.connect(self._show_captions)

    def show_staged(self, matrix: WeightMatrix, difference: float, note: str = "") -> None:
        """Show a matrix.

        Args:
            matrix: Its weights.
            difference: How far matrix × vector is from the convolution, at most.
            note: What else is to be said of it.
        """
        self._matrix, self._difference, self._note = matrix, difference, note
        self._show()

    def show_message(self, text: str) -> None:
        """Say in one message why there is no matrix."""
        self._matrix = None
        self._title.hide()
        self.grid.show_message(text)

    @property
    def sharing(self) -> Sharing:
        """The stage that is shown."""
        return list(self._stages)[self._buttons.checkedId()]

    def _show(self) -> None:
        if self._matrix is not None:
            self.grid.show_matrix(self._matrix, self.sharing)

    def _show_captions(self) -> None:
        texts = ["", "", ""]
        if self._matrix is not None:
            counts = counts_text(self._matrix, self.sharing)
            texts = [counts, self._stage_text(), selection_text(self.grid, self.sharing)]
        for label, text in zip(self._says, texts, strict=True):
            label.setText(text)
        self.grid.setAccessibleDescription(" ".join(texts))

    def _stage_text(self) -> str:
        """Say what the stage is; a convolution proves it."""
        says = self._stages[self.sharing].says
        if self.sharing is Sharing.TIED:
            says += f" (largest difference {show_number(self._difference, 1)})"
        return f"{says}. {self._note}".rstrip()


def _caption(name: str, role: str = "quiet") -> QLabel:
    """Return a label of several lines beside a matrix."""
    label = wrapped_label(name, role=role)
    label.setMinimumWidth(CAPTIONS[0])
    label.setMaximumWidth(CAPTIONS[1])
    return label


def counts_text(matrix: WeightMatrix, sharing: Sharing) -> str:
    """``16 × 36 = 576 connections: 432 zeros, 144 used, 9 different weights``."""
    outputs, inputs = matrix.cells.shape
    weights = matrix.weight_count(sharing)
    used = (
        "all used"
        if sharing is Sharing.DENSE
        else (f"{matrix.zeros:,} zeros, {matrix.connections:,} used")
    )
    noun = "weight" if weights == 1 else "different weights"
    product = f"{outputs:,} × {inputs:,} = {matrix.cells.size:,} connections"
    return f"{product}: {used}, {weights:,} {noun}"


def selection_text(grid: MatrixGrid, sharing: Sharing) -> str:
    """Say which weight is selected, what it joins, and how often it stands there."""
    place = grid.selected
    if place is None:
        return HINT
    if not grid.is_connected(place):
        return grid.apart(place)
    given, made = grid.ends(place)
    weight, count = show_weight(grid.value(place)), len(grid.copies)
    if sharing is not Sharing.TIED:
        return f"This weight, {weight}, joins {given} to {made} and nothing else."
    times = "once" if count == 1 else f"{count} times"
    return f"{grid.weight_name(place)} = {weight} joins {given} to {made}; it stands here {times}."
