"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics

from convlab.document.kernel.job import Panel, SumDetail
from convlab.document.kernel.model import Combine
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.display import DisplayMode
from convlab.ui.numbers import show_number
from convlab.ui.theme import painted_color, theme
from convlab.ui.widgets.number_grid import (
    CAPTION,
    HIGH_FROM,
    LINE,
    OPERATOR,
    TALLEST_CELL,
    TEXT_FROM,
    WIDEST_CELL,
    Canvas,
    ColorOf,
    Grid,
    NumberPanel,
    signed_colors,
    terms_text,
)

TOTAL = 100  # room for the sum [px]
MOST_TERMS = 12

HINT = (
    "Point at a pixel of either picture to see the sum behind it; click to pin it, "
    "then move it with the arrow keys."
)


class SumPanel(NumberPanel):
    """Paints a SumDetail: three grids for every plane, and the sum written out."""

    hint = HINT

    def __init__(self) -> None:
        super().__init__("sum_panel", "The sum behind the pixel pointed at")
        self._detail: SumDetail | None = None
        self._source: Panel | None = None
        self._pinned = False

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def detail(self) -> SumDetail | None:
        """What is shown."""
        return self._detail

    @property
    def is_empty(self) -> bool:
        return self._detail is None

    def set_detail(self, detail: SumDetail | None, source: Panel, pinned: bool) -> None:
        """Show the arithmetic of one pixel, or the hint.

        ``source`` is the input: the patch has its colours.
        """
        if detail is None and self._detail is None:
            return
        self._detail, self._source, self._pinned = detail, source, pinned
        self.setAccessibleDescription(HINT if detail is None else sum_text(detail))
        self.update()

    def paint_numbers(self, canvas: Canvas) -> None:
        """Planes stand side by side; a single one has room for the kernel between its grids."""
        detail = self._detail
        assert detail is not None
        count = len(detail.patch)
        text_top = self.height() - LINE * len(sum_lines(detail))
        width = self.width() / count
        rows, columns = detail.kernel.shape
        grids = 3 if count == 1 else 2
        total = TOTAL if count == 1 else OPERATOR
        room = width - OPERATOR * (grids - 1) - total
        cell_width = min(room / (grids * columns), WIDEST_CELL)
        cell_height = min((text_top - CAPTION - 4) / rows, TALLEST_CELL)
        if cell_width < TEXT_FROM or cell_height < HIGH_FROM:
            cell_width = cell_height = min(cell_width, cell_height)
        for plane in range(count):
            first = QRectF(plane * width, CAPTION, cell_width, cell_height)
            end = canvas.equation(_grids(detail, plane, self._patch_colors(detail, plane)), first)
            if count == 1:
                _paint_total(canvas, detail, end, rows * cell_height)
        self._paint_lines(canvas, detail, text_top)

    def _patch_colors(self, detail: SumDetail, plane: int) -> ColorOf:
        """The patch has the colours of the input."""
        source = self._source
        if source is None:
            return signed_colors(detail.patch[plane])
        mode = DisplayMode.RAW if len(source.planes) > 1 else source.mode
        return lambda value: painted_color(value, mode, source.scale)

    def _paint_lines(self, canvas: Canvas, detail: SumDetail, top: float) -> None:
        for number, line in enumerate(self._fitting_lines(detail)):
            room = QRectF(0, top + LINE * number, self.width(), LINE)
            canvas.text(room, line, theme().text)
        if self._pinned:
            canvas.rule(top + 1, self.width())

    def _fitting_lines(self, detail: SumDetail) -> list[str]:
        """Write as many terms as there is room for."""
        metrics = QFontMetrics(self.font())
        for terms in range(MOST_TERMS, 1, -1):
            lines = sum_lines(detail, terms)
            if max(metrics.horizontalAdvance(line) for line in lines) <= self.width():
                return lines
        return sum_lines(detail, 1)


def _paint_total(canvas: Canvas, detail: SumDetail, at: QPointF, height: float) -> None:
    total = float(detail.products.sum(dtype=np.float64))
    room = QRectF(at.x() + 10, at.y(), TOTAL - 10, height)
    text = f"Σ = {show_number(total)}"
    canvas.text(room, text, theme().text, font=canvas.sized(14, bold=True))


def _grids(detail: SumDetail, plane: int, patch_colors: ColorOf) -> list[Grid]:
    """Return what is painted for a plane: patch, kernel and products, or patch and products."""
    row, column = (show_number(at) for at in detail.corner)
    patch, products = detail.patch[plane], detail.products[plane]

    def signed(caption: str, values: AnyArray, sign: str = "") -> Grid:
        return Grid(caption, values, signed_colors(values), sign)

    if len(detail.patch) > 1:
        total = show_number(float(products.sum(dtype=np.float64)))
        caption = f"{detail.names[plane]} ({row}, {column})"
        return [
            Grid(caption, patch, patch_colors, "→", detail.padded),
            signed(f"Σ = {total}", products),
        ]
    return [
        Grid(f"input at ({row}, {column})", patch, patch_colors, "×", detail.padded),
        signed("kernel, flipped 180°" if detail.flipped else "kernel", detail.kernel, "="),
        signed("products", products),
    ]


def sum_lines(detail: SumDetail, most: int = MOST_TERMS) -> list[str]:
    """The sum in words: one line for a map, or one per plane that is filtered on its own.

    At most so many terms are written out, those with a weight of zero last.
    """
    row, column = detail.cell
    if detail.combine is Combine.SUM or len(detail.results) == 1:
        terms = _terms(detail.patch, detail.kernel, most)
        return [f"output ({row}, {column}) = {terms} = {show_number(detail.results[0])}"]
    return [
        f"{detail.names[plane]} ({row}, {column}) = "
        f"{_terms(detail.patch[plane : plane + 1], detail.kernel, most)} = {show_number(result)}"
        for plane, result in enumerate(detail.results)
    ]


def sum_text(detail: SumDetail) -> str:
    """The whole sum as one text, for reading aloud and for copying."""
    return "; ".join(sum_lines(detail))


def _terms(patch: FloatArray, kernel: FloatArray, most: int) -> str:
    pairs = [
        (float(value), float(weight))
        for plane in patch
        for value, weight in zip(plane.ravel(), kernel.ravel(), strict=True)
    ]
    return terms_text(pairs, most)
