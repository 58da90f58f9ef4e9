"""The kernel that learns beside its target, in one colour scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize

from convlab.engine.arrays import FloatArray
from convlab.ui.theme import px, theme
from convlab.ui.widgets.number_grid import CAPTION, CENTER, Canvas, Grid, NumberPanel, signed_colors

LARGEST_CELL = 88.0  # [px]
BETWEEN = 34.0  # room between both, for the arrow [px]


class KernelPair(NumberPanel):
    """Paints both kernels; nothing can be edited, for training moves the cells."""

    hint = "The kernel that learns, and its target."

    def __init__(self, name: str) -> None:
        super().__init__(name, "The kernel that learns, and its target")
        self.setToolTip(f"<b>{self.accessibleName()}</b><br>A cell tells its exact value.")
        self._kernel: FloatArray | None = None
        self._target: FloatArray | None = None
        self._is_flipped = False

    def sizeHint(self) -> QSize:
        return QSize(420, 230)

    @property
    def is_empty(self) -> bool:
        return self._kernel is None

    def show_kernels(
        self, kernel: FloatArray, target: FloatArray | None, is_flipped: bool = False
    ) -> None:
        """Show cells ``(k, k)`` and, where it is known, their target.

        Args:
            kernel: What was learned so far.
            target: Of the same shape.
            is_flipped: The target was flipped by 180 degrees.
        """
        self._kernel, self._target, self._is_flipped = kernel, target, is_flipped
        self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        assert self._kernel is not None
        side = self._kernel.shape[0]
        scale = self._kernel if self._target is None else self._target
        colors = signed_colors(scale if scale.any() else self._kernel)
        # Room for two even if there is only one: the grid must not jump when the target changes.
        across = (self.width() - px(BETWEEN) - 8) / (2 * side)
        cell = max(4.0, min(px(LARGEST_CELL), across, (self.height() - px(CAPTION) - 8) / side))
        wide = cell * side
        left = (self.width() - 2 * wide - px(BETWEEN)) / 2
        first = QRectF(left, px(CAPTION) + 2, cell, cell)
        size = f"{side}×{side}"
        canvas.equation([Grid(f"Learned {size}", self._kernel, colors)], first)
        room = QRectF(left + wide, px(CAPTION) + 2, px(BETWEEN), wide)
        canvas.text(room, "→", theme().quiet, CENTER, canvas.sized(px(18)))
        second = first.translated(wide + px(BETWEEN), 0)
        if self._target is None:
            none = QRectF(second.left(), second.top(), wide, wide)
            canvas.text(none, "no kernel known", theme().quiet, CENTER)
            return
        flipped = ", flipped" if self._is_flipped else ""
        canvas.equation([Grid(f"Target{flipped}", self._target, colors)], second)
