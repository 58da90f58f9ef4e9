"""The sum behind one output pixel: patch × kernel = products, added up, with the live numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from convlab.document.document import Combine
from convlab.document.job import SumDetail
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.theme import FONT_FAMILY, text_on, theme, value_color

CAPTION = 18  # [px]
TEXT_FROM = 25  # narrower cells show only their colour [px]
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
        self._pinned = False
        self._cells: list[tuple[QRectF, str]] = []

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    @property
    def detail(self) -> SumDetail | None:
        """What is shown."""
        return self._detail

    def set_detail(self, detail: SumDetail | None, pinned: bool) -> None:
        """Show the arithmetic of one pixel, or the hint."""
        if detail is None and self._detail is None:
            return
        self._detail, self._pinned = detail, pinned
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
        room = width - OPERATOR * (grids - 1) - TOTAL
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
            self._paint_grid(painter, grid, detail.padded if number == 0 else None, first)
            first = first.translated(columns * first.width(), 0)
            operator = QRectF(first.left(), first.top(), OPERATOR, rows * first.height())
            painter.setFont(self.font())
            painter.setPen(QColor(theme().quiet))
            painter.drawText(operator, Qt.AlignmentFlag.AlignCenter, sign)
        self._paint_total(painter, detail, plane, first.topLeft(), rows * first.height())

    def _paint_grid(
        self, painter: QPainter, grid: AnyArray, padded: AnyArray | None, first: QRectF
    ) -> None:
        largest = float(np.abs(grid).max()) or 1.0
        font = QFont(FONT_FAMILY)
        font.setPixelSize(max(8, round(min(13.0, first.height() * 0.62, first.width() * 0.28))))
        painter.setFont(font)
        for row in range(grid.shape[0]):
            for column in range(grid.shape[1]):
                rect = first.translated(column * first.width(), row * first.height())
                value = float(grid[row, column])
                self._paint_cell(painter, rect, value, largest)
                if padded is not None and padded[row, column]:
                    painter.fillRect(rect.adjusted(1, 1, -1, -1), QColor(150, 120, 190, 70))
                self._cells.append((rect, show_exact(value)))

    def _paint_cell(self, painter: QPainter, rect: QRectF, value: float, largest: float) -> None:
        color = value_color(value, largest)
        inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(inner, color)
        if rect.width() >= TEXT_FROM and rect.height() >= 12:
            painter.setPen(text_on(color))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, show_number(value, 2))

    def _paint_total(
        self, painter: QPainter, detail: SumDetail, plane: int, at: QPointF, height: float
    ) -> None:
        total = float(detail.products[plane].sum(dtype=np.float64))
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
        metrics = painter.fontMetrics()
        for number, line in enumerate(sum_lines(detail)):
            room = QRectF(0, top + LINE * number, self.width(), LINE)
            painter.setPen(QColor(theme().text))
            text = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, int(room.width()))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        if self._pinned:
            painter.setPen(QPen(QColor(theme().mark), 2))
            painter.drawLine(QPointF(0, top + 1), QPointF(self.width(), top + 1))

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


def _grids(detail: SumDetail, plane: int) -> list[tuple[str, AnyArray, str]]:
    """Caption, values and following sign of the grids painted for a plane."""
    row, column = (show_number(at) for at in detail.corner)
    kernel = "kernel, turned 180°" if detail.turned else "kernel"
    patch, products = detail.patch[plane], detail.products[plane]
    if len(detail.patch) > 1:
        name = detail.names[plane]
        return [(f"{name} at ({row}, {column})", patch, "→"), (f"× {kernel}", products, "")]
    return [
        (f"input at ({row}, {column})", patch, "×"),
        (kernel, detail.kernel, "="),
        ("products", products, ""),
    ]


def sum_lines(detail: SumDetail) -> list[str]:
    """The sum in words: one line for a map, or one per plane that is filtered on its own."""
    row, column = detail.cell
    if detail.combine is Combine.SUM or len(detail.results) == 1:
        terms = _terms(detail, range(len(detail.patch)))
        return [f"output ({row}, {column}) = {terms} = {show_number(detail.results[0])}"]
    return [
        f"{detail.names[plane]} ({row}, {column}) = {_terms(detail, range(plane, plane + 1))}"
        f" = {show_number(result)}"
        for plane, result in enumerate(detail.results)
    ]


def sum_text(detail: SumDetail) -> str:
    """The whole sum as one text, for reading aloud and for copying."""
    return "; ".join(sum_lines(detail))


def _terms(detail: SumDetail, planes: range) -> str:
    """``0.42×1 + 0.4×0 + …``; a long sum keeps its first terms and says how many there are."""
    patch, kernel = detail.patch[planes.start : planes.stop], detail.kernel
    pairs = [
        (float(value), float(weight))
        for plane in patch
        for value, weight in zip(plane.ravel(), kernel.ravel(), strict=True)
    ]
    shown = " + ".join(
        f"{_factor(value)}×{_factor(weight)}" for value, weight in pairs[:MOST_TERMS]
    )
    more = f" + … ({len(pairs)} terms)" if len(pairs) > MOST_TERMS else ""
    return shown + more


def _factor(value: float) -> str:
    text = show_number(value, 2)
    return f"({text})" if value < 0 and text != "0" else text
