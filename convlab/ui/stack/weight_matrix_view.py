"""A kernel as a matrix: all to all, cut to the window, and one set of weights for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from convlab.engine.arrays import FloatArray
from convlab.engine.errors import as_message
from convlab.engine.shapes import PaddingSpec
from convlab.engine.weight_matrix import Sharing, largest_difference, weight_matrix
from convlab.ui.widgets.forms import STRETCH, filled, quiet_label, spin_box
from convlab.ui.widgets.matrix_grid import MatrixGrid
from convlab.ui.widgets.staged_matrix import Stage, StagedMatrix

SMALLEST, LARGEST = 3, 8  # side of the input [px]
FIRST_SIDE = 6

STAGES = {
    Sharing.DENSE: Stage(
        "Dense",
        "A fully connected layer: every output has a weight of its own for every pixel.",
        "Every output sees every pixel (weights drawn at random)",
    ),
    Sharing.CUT: Stage(
        "Cut",
        "Each output keeps only the pixels in its window. The rest are zeros that nobody stores, "
        "learns or multiplies.",
        "Every output sees its window only (weights drawn at random)",
    ),
    Sharing.TIED: Stage(
        "Tied",
        "All outputs share the kernel's weights: the same numbers repeat along the diagonals. "
        "This is the convolution.",
        "matrix × picture = convolution",
    ),
}


class Steps(TypedDict):
    """How the kernel travels, as ``conv2d`` takes it."""

    stride: int | Sequence[int]
    padding: PaddingSpec
    dilation: int | Sequence[int]


class WeightMatrixView(StagedMatrix):
    """Shows what a convolution is among all matrices: mostly zeros, and few different weights."""

    def __init__(self) -> None:
        super().__init__(MatrixGrid("matrix_grid"), "matrix", "matrix", STAGES)
        self.setObjectName("weight_matrix_view")
        self.setAccessibleName("The kernel as a matrix")
        self._kernel: FloatArray = np.ones((1, 1), np.float32)
        self._steps = Steps(stride=1, padding=0, dilation=1)
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
        filled(self.header, 10, quiet_label("Input"), self._side, STRETCH)
        parts = self.header, (self.body, 1)
        filled(QVBoxLayout(self), *parts, margins=(10, 4, 10, 6), spacing=4)
        self._side.valueChanged.connect(self._rebuild)

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

    def _rebuild(self) -> None:
        size = self._side.value(), self._side.value()
        try:
            matrix = weight_matrix(self._kernel, size, **self._steps)
        except ValueError as error:
            self._matrix = None
            self.grid.show_message(as_message(error))
        else:
            self.show_staged(matrix, largest_difference(matrix, **self._steps))
