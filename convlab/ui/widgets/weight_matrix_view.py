"""A kernel as a matrix: all to all, cut to the window, and one set of weights for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from convlab.engine.arrays import FloatArray
from convlab.engine.errors import as_message
from convlab.engine.shapes import PaddingSpec
from convlab.engine.weight_matrix import (
    Sharing,
    WeightMatrix,
    largest_difference,
    weight_matrix,
)
from convlab.ui.numbers import show_number, show_weight
from convlab.ui.widgets.forms import as_panel, describe, quiet_label, spin_box
from convlab.ui.widgets.matrix_grid import MatrixGrid, joined, weight_name

SMALLEST, LARGEST = 3, 8  # side of the input [px]
FIRST_SIDE = 6
CAPTIONS = (190, 340)  # least and largest width of the text [px]

STAGES = {
    Sharing.DENSE: (
        "Dense",
        "A fully connected layer: every output has a weight of its own for every pixel.",
    ),
    Sharing.CUT: (
        "Cut",
        "Each output keeps only the pixels in its window. The rest are zeros that nobody stores, "
        "learns or multiplies.",
    ),
    Sharing.TIED: (
        "Tied",
        "All outputs share the kernel's weights: the same numbers repeat along the diagonals. "
        "This is the convolution.",
    ),
}
HINT = "Click a weight: all its copies light up."


class Steps(TypedDict):
    """How the kernel travels, as ``conv2d`` takes it."""

    stride: int | Sequence[int]
    padding: PaddingSpec
    dilation: int | Sequence[int]


class WeightMatrixView(QWidget):
    """Shows what a convolution is among all matrices: mostly zeros, and few different weights."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("weight_matrix_view")
        self.setAccessibleName("The kernel as a matrix")
        as_panel(self)
        self.grid = MatrixGrid()
        self.setFocusProxy(self.grid)
        self._kernel: FloatArray = np.ones((1, 1), np.float32)
        self._steps = Steps(stride=1, padding=0, dilation=1)
        self._matrix: WeightMatrix | None = None
        self._difference = 0.0
        self._stages = self._make_stages()
        self._side = spin_box(
            "matrix_size_spin",
            "Side of the input",
            "Rows and columns of the small picture that the matrix multiplies. The matrix has a "
            "column for each of its pixels.",
            SMALLEST,
            LARGEST,
        )
        self._side.setSuffix(" px")
        self._side.setValue(FIRST_SIDE)
        self._title = caption("matrix_title", "title")
        self._counts = caption("matrix_caption", "")
        self._says = caption("matrix_stage_caption")
        self._selection = caption("matrix_selection")
        self._arrange()
        self._side.valueChanged.connect(self._rebuild)
        self._stages.buttonClicked.connect(self._show)
        self.grid.selection_changed.connect(self._show_captions)

    def _make_stages(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, (sharing, (title, tip)) in enumerate(STAGES.items()):
            button = describe(QPushButton(title), f"matrix_{sharing}_button", title, tip)
            button.setCheckable(True)
            button.setChecked(sharing is Sharing.TIED)
            group.addButton(button, number)
        return group

    def _arrange(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(4)
        for button in self._stages.buttons():
            header.addWidget(button)
        header.addSpacing(10)
        header.addWidget(quiet_label("Input"))
        header.addWidget(self._side)
        header.addStretch(1)
        captions = QVBoxLayout()
        captions.setSpacing(5)
        for label in (self._title, self._counts, self._says, self._selection):
            captions.addWidget(label)
        captions.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(12)
        body.addWidget(self.grid, 3)
        body.addLayout(captions, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addLayout(body, 1)

    def set_kernel(
        self,
        kernel: FloatArray,
        stride: int | Sequence[int] = 1,
        padding: PaddingSpec = 0,
        dilation: int | Sequence[int] = 1,
        title: str = "",
    ) -> None:
        """Show a kernel.

        Args:
            kernel: ``(kh, kw)``, not flipped: as the correlation takes it.
            stride: As in ``conv2d`` [px].
            padding: As in ``conv2d`` [px]; beyond the edge are zeros.
            dilation: As in ``conv2d`` [px].
            title: What a person calls it.
        """
        self._kernel = np.array(kernel, np.float32)
        self._steps = Steps(stride=stride, padding=padding, dilation=dilation)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._rebuild()

    def show_message(self, text: str) -> None:
        """Say why there is no matrix."""
        self._matrix = None
        self._title.hide()
        self.grid.show_message(text)

    @property
    def sharing(self) -> Sharing:
        """The stage that is shown."""
        return list(STAGES)[self._stages.checkedId()]

    def _rebuild(self) -> None:
        size = self._side.value(), self._side.value()
        try:
            self._matrix = weight_matrix(self._kernel, size, **self._steps)
        except ValueError as error:
            self._matrix = None
            self.grid.show_message(as_message(error))
            return
        self._difference = largest_difference(self._matrix, **self._steps)
        self._show()

    def _show(self) -> None:
        if self._matrix is not None:
            self.grid.show_matrix(self._matrix, self.sharing)

    def _show_captions(self) -> None:
        if self._matrix is None:
            texts = ["", "", ""]
        else:
            texts = [
                counts_text(self._matrix, self.sharing),
                stage_text(self.sharing, self._difference),
                selection_text(self._matrix, self.sharing, self.grid),
            ]
        for label, text in zip((self._counts, self._says, self._selection), texts, strict=True):
            label.setText(text)
        self.grid.setAccessibleDescription(" ".join(texts))


def caption(name: str, role: str = "quiet") -> QLabel:
    """Return a label of several lines beside a matrix."""
    label = quiet_label(role=role)
    label.setObjectName(name)
    label.setWordWrap(True)
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
        else (f"{matrix.zeros} zeros, {matrix.connections} used")
    )
    noun = "weight" if weights == 1 else "different weights"
    return f"{outputs} × {inputs} = {matrix.cells.size} connections: {used}, {weights} {noun}"


def stage_text(sharing: Sharing, difference: float) -> str:
    """Say what the stage is; a convolution proves it."""
    if sharing is Sharing.DENSE:
        return "Every output sees every pixel (weights drawn at random)."
    if sharing is Sharing.CUT:
        return "Every output sees its window only (weights drawn at random)."
    shown = show_number(difference, 1)
    return f"matrix × picture = convolution (largest difference {shown})"


def selection_text(matrix: WeightMatrix, sharing: Sharing, grid: MatrixGrid) -> str:
    """Say which weight is selected, what it joins, and how often it stands there."""
    place = grid.selected
    if place is None:
        return HINT
    given, made = joined(matrix, place)
    if not grid.is_connected(place):
        return f"Output {made} does not see input {given}: no connection."
    weight, count = show_weight(grid.value(place)), len(grid.copies)
    if sharing is not Sharing.TIED:
        return f"This weight, {weight}, joins input {given} to output {made} and nothing else."
    times = "once" if count == 1 else f"{count} times"
    name = weight_name(matrix, place)
    return f"{name} = {weight} joins input {given} to output {made}; it stands here {times}."
