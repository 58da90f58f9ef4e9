"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize

from convlab.document.kernel.job import KernelShown
from convlab.document.stack.arithmetic import total
from convlab.engine.display import DisplayMode
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme
from convlab.ui.widgets.number_grid import (
    LINE,
    Canvas,
    Grid,
    NumberPanel,
    fitting_text,
    signed_colors,
)
from convlab.ui.widgets.sum_tiles import InputColors, paint_equation
from convlab.ui.widgets.unit_text import MOST_TERMS, all_terms_text, place_text

HINT = (
    "Point at a pixel of either picture to see the sum behind it; click to pin it, "
    "then move it with the arrow keys."
)


class SumPanel(NumberPanel):
    """Paints the sums behind a pixel: grids for every plane, and the sums written out."""

    hint = HINT

    def __init__(self) -> None:
        super().__init__("sum_panel", "The sum behind the pixel pointed at")
        self._shown: KernelShown | None = None
        self._pinned = False

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def is_empty(self) -> bool:
        return self._shown is None or not self._shown.sums

    @property
    def place(self) -> tuple[int, int] | None:
        """The output pixel whose sum is shown, or None."""
        return None if self._shown is None else self._shown.job.viewing.probe

    @property
    def lines(self) -> list[str]:
        """The sums that are shown, written out."""
        return [] if self._shown is None else sum_lines(self._shown)

    def set_result(self, shown: KernelShown, pinned: bool) -> None:
        """Show the arithmetic of the pixel pointed at, or the hint."""
        if not shown.sums and self.is_empty:
            return
        self._shown, self._pinned = shown, pinned
        self.setAccessibleDescription("; ".join(sum_lines(shown)) if shown.sums else HINT)
        self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        shown = self._shown
        assert shown is not None
        text = fitting_text(
            lambda most: "\n".join(sum_lines(shown, most)),
            MOST_TERMS,
            lambda text: max(map(canvas.width_of, text.split("\n"))) <= self.width(),
        )
        lines = text.split("\n")
        top = self.height() - LINE * len(lines)
        equations = _equations(shown)
        width = self.width() / len(equations)
        for number, grids in enumerate(equations):  # planes stand side by side
            room = QRectF(number * width, 0, width, top - 4)
            sum_ = total(shown.sums[0].products) if len(equations) == 1 else None
            paint_equation(canvas, room, grids, sum_)
        for number, line in enumerate(lines):
            canvas.text(QRectF(0, top + LINE * number, self.width(), LINE), line, theme().text)
        if self._pinned:
            canvas.rule(top + 1, self.width())


def _equations(shown: KernelShown) -> list[list[Grid]]:
    """Return what is painted of each plane: patch, kernel and products, or patch and products."""
    source = shown.input  # the patch has its colours
    mode = DisplayMode.RAW if len(source.planes) > 1 else source.mode
    color_of = InputColors(mode, (source.scale,)).of(0, source.planes)
    planes = [(sum_, number) for sum_ in shown.sums for number in range(len(sum_.patch))]
    equations = []
    for (sum_, number), name in zip(planes, shown.job.names, strict=True):
        arrays = (sum_.patch, sum_.kernel, sum_.products)
        patch, kernel, products = (array[number] for array in arrays)
        at = place_text(*sum_.corner)
        if len(planes) > 1:
            partial = f"Σ = {show_number(float(sum_.partials[number]))}"
            grids = [
                Grid(f"{name} {at}", patch, color_of, "→", sum_.padded),
                Grid(partial, products, signed_colors(products)),
            ]
        else:
            caption = "kernel, flipped 180°" if sum_.flipped else "kernel"
            grids = [
                Grid(f"input at {at}", patch, color_of, "×", sum_.padded),
                Grid(caption, kernel, signed_colors(kernel), "="),
                Grid("products", products, signed_colors(products)),
            ]
        equations.append(grids)
    return equations


def sum_lines(shown: KernelShown, most: int = MOST_TERMS) -> list[str]:
    """The sum in words: one line for a map, or one per plane that is filtered on its own.

    At most so many terms are written out, those with a weight of zero last.
    """
    at = place_text(*(shown.job.viewing.probe or (0, 0)))
    names = shown.job.names if len(shown.sums) > 1 else ("output",)
    return [
        f"{name} {at} = {all_terms_text(sum_, most)}"
        for name, sum_ in zip(names, shown.sums, strict=True)
    ]
