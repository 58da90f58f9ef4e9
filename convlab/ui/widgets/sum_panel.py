"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from convlab.document.document import Combine
from convlab.document.job import Panel, SumDetail
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.display import DisplayMode
from convlab.ui.numbers import MINUS, show_exact, show_fixed, show_number, show_weight
from convlab.ui.theme import FONT_FAMILY, painted_color, text_on, theme, value_color

CAPTION = 18  # [px]
TEXT_FROM = 25  # narrower cells show only their colour [px]
WIDE_FROM = 44  # these have room for three decimals [px]
WIDEST_CELL = 58  # [px]
TALLEST_CELL = 27  # [px]
OPERATOR = 30  # room for × and = [px]
TOTAL = 100  # room for the sum [px]
LINE = 21  # [px]
MOST_TERMS = 12

HINT = (
    "Point at a pixel of either picture to see the sum behind it; click to pin it, "
    "then move it with the arrow keys."
)


class SumPanel(QWidget):
    """Paints a SumDetail: three grids for every plane, and the sum written out."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sum_panel")
        self.setAccessibleName("The sum behind the pixel pointed at")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(116)
        self._detail: SumDetail | None = None
        self._source: Panel | None = None
        self._pinned = False
        self._cells: list[tuple[QRectF, str]] = []

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def detail(self) -> SumDetail | None:
        """What is shown."""
        return self._detail

    def set_detail(self, detail: SumDetail | None, source: Panel, pinned: bool) -> None:
        """Show the arithmetic of one pixel, or the hint.

        ``source`` is the input: the patch has its colours.
        """
        if detail is None and self._detail is None:
            return
        self._detail, self._source, self._pinned = detail, source, pinned
        self.setAccessibleDescription(HINT if detail is None else sum_text(detail))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._cells = []
        if self._detail is None:
            painter.setPen(QColor(theme().quiet))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), int(flags), HINT)
        else:
            self._paint_detail(painter, self._detail)
        painter.end()

    def _paint_detail(self, painter: QPainter, detail: SumDetail) -> None:
        """Planes stand side by side; a single one has room for the kernel between its grids."""
        count = len(detail.patch)
        text_top = self.height() - LINE * len(sum_lines(detail))
        width = self.width() / count
        rows, columns = detail.kernel.shape
        grids = 3 if count == 1 else 2
        total = TOTAL if count == 1 else OPERATOR
        room = width - OPERATOR * (grids - 1) - total
        cell_width = min(room / (grids * columns), WIDEST_CELL)
        cell_height = min((text_top - CAPTION - 4) / rows, TALLEST_CELL)
        if cell_width < TEXT_FROM or cell_height < 12:
            cell_width = cell_height = min(cell_width, cell_height)
        for plane in range(count):
            first = QRectF(plane * width, CAPTION, cell_width, cell_height)
            self._paint_plane(painter, detail, plane, first)
        self._paint_lines(painter, detail, text_top)

    def _paint_plane(self, painter: QPainter, detail: SumDetail, plane: int, first: QRectF) -> None:
        """Paint patch, kernel and products (or patch and products), and their sum."""
        rows, columns = detail.kernel.shape
        for number, (caption, grid, sign) in enumerate(_grids(detail, plane)):
            if number:
                first = first.translated(OPERATOR, 0)
            self._paint_caption(painter, caption, first.left(), columns * first.width())
            is_patch = number == 0
            self._paint_grid(painter, grid, self._colors_of(grid, is_patch), first)
            if is_patch:
                self._paint_padded(painter, detail, first)
            first = first.translated(columns * first.width(), 0)
            operator = QRectF(first.left(), first.top(), OPERATOR, rows * first.height())
            painter.setFont(self.font())
            painter.setPen(QColor(theme().quiet))
            painter.drawText(operator, Qt.AlignmentFlag.AlignCenter, sign)
        if len(detail.patch) == 1:
            self._paint_total(painter, detail, first.topLeft(), rows * first.height())

    def _colors_of(self, grid: AnyArray, is_patch: bool) -> Callable[[float], QColor]:
        """The patch has the colours of the input, all else those of the signed map."""
        source = self._source
        if is_patch and source is not None:
            several = len(source.planes) > 1
            mode = DisplayMode.RAW if several else source.mode
            return lambda value: painted_color(value, mode, source.scale)
        largest = float(np.abs(grid).max()) or 1.0
        return lambda value: value_color(value, largest)

    def _paint_grid(
        self, painter: QPainter, grid: AnyArray, color_of: Callable[[float], QColor], first: QRectF
    ) -> None:
        font = QFont(FONT_FAMILY)
        font.setPixelSize(max(8, round(min(13.0, first.height() * 0.62, first.width() * 0.26))))
        painter.setFont(font)
        for row in range(grid.shape[0]):
            for column in range(grid.shape[1]):
                rect = first.translated(column * first.width(), row * first.height())
                value = float(grid[row, column])
                _paint_cell(painter, rect, value, color_of(value))
                self._cells.append((rect, show_exact(value)))

    def _paint_padded(self, painter: QPainter, detail: SumDetail, first: QRectF) -> None:
        """Tint the cells of the patch that lie in the padding."""
        for row, column in np.argwhere(detail.padded):
            rect = first.translated(column * first.width(), row * first.height())
            painter.fillRect(rect.adjusted(1, 1, -1, -1), QColor(150, 120, 190, 90))

    def _paint_total(
        self, painter: QPainter, detail: SumDetail, at: QPointF, height: float
    ) -> None:
        total = float(detail.products.sum(dtype=np.float64))
        font = QFont(self.font())
        font.setPixelSize(14)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme().text))
        room = QRectF(at.x() + 10, at.y(), TOTAL - 10, height)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(flags), f"Σ = {show_number(total)}")

    def _paint_caption(self, painter: QPainter, caption: str, left: float, width: float) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(theme().quiet))
        room = QRectF(left, 0, max(width, 60.0) + OPERATOR - 4, CAPTION)
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(caption, elide, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, text)

    def _paint_lines(self, painter: QPainter, detail: SumDetail, top: float) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(theme().text))
        for number, line in enumerate(self._fitting_lines(painter, detail)):
            room = QRectF(0, top + LINE * number, self.width(), LINE)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), line)
        if self._pinned:
            painter.setPen(QPen(QColor(theme().mark), 2))
            painter.drawLine(QPointF(0, top + 1), QPointF(self.width(), top + 1))

    def _fitting_lines(self, painter: QPainter, detail: SumDetail) -> list[str]:
        """Write as many terms as there is room for."""
        metrics = painter.fontMetrics()
        for terms in range(MOST_TERMS, 1, -1):
            lines = sum_lines(detail, terms)
            if max(metrics.horizontalAdvance(line) for line in lines) <= self.width():
                return lines
        return sum_lines(detail, 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = QPointF(event.pos())
            for rect, text in self._cells:
                if rect.contains(position):
                    QToolTip.showText(event.globalPos(), text, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)


def _paint_cell(painter: QPainter, rect: QRectF, value: float, color: QColor) -> None:
    inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.fillRect(inner, color)
    if rect.width() >= TEXT_FROM:
        painter.setPen(QColor(theme().line))  # white cells have an edge on a white panel, too
        painter.drawRect(inner)
    if rect.width() >= TEXT_FROM and rect.height() >= 12:
        painter.setPen(text_on(color))
        digits = 3 if rect.width() >= WIDE_FROM else 2
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, _rounded(value, digits))


def _grids(detail: SumDetail, plane: int) -> list[tuple[str, AnyArray, str]]:
    """Caption, values and following sign of the grids painted for a plane."""
    row, column = (show_number(at) for at in detail.corner)
    patch, products = detail.patch[plane], detail.products[plane]
    if len(detail.patch) > 1:
        total = show_number(float(products.sum(dtype=np.float64)))
        return [
            (f"{detail.names[plane]} ({row}, {column})", patch, "→"),
            (f"Σ = {total}", products, ""),
        ]
    return [
        (f"input at ({row}, {column})", patch, "×"),
        ("kernel, turned 180°" if detail.turned else "kernel", detail.kernel, "="),
        ("products", products, ""),
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
    """``0.42×1 + 0.4×0 + …``; a long sum leaves out zero weights first, and says how long it is."""
    pairs = [
        (float(value), float(weight))
        for plane in patch
        for value, weight in zip(plane.ravel(), kernel.ravel(), strict=True)
    ]
    written = pairs if len(pairs) <= most else [pair for pair in pairs if pair[1] != 0.0]
    texts = [
        f"{_factor(_rounded(value, 3))}×{_factor(show_weight(weight))}"
        for value, weight in written[:most]
    ]
    if len(written) > most or not written:
        texts.append(f"… ({len(pairs)} terms)")
    return " + ".join(texts)


def _rounded(value: float, digits: int) -> str:
    """Round to so many decimals; what is smaller than the last of them is written as zero."""
    text = show_fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _factor(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text
