"""How the cells of a kernel are painted: colours, numbers, and the marks of its anchor."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.document.kernel.model import Weights
from convlab.ui.cell_texts import WrittenCells
from convlab.ui.theme import text_on, theme, value_color

EDGE_FROM = 22  # smaller cells have no edge [px]
MARKS_FROM = 30  # smaller cells have no room for the marks of the anchor [px]


def paint_weights(
    painter: QPainter, weights: Weights, first: QRectF, written: WrittenCells | None
) -> None:
    """Paint the cells of a kernel.

    Args:
        painter: Paints.
        weights: Their numbers.
        first: Where the first of them is; the others follow at its size [px].
        written: What is written into them; None where they have no room.
    """
    largest = max(max(map(abs, row)) for row in weights)
    side = first.width()
    gap = 1.5 if side >= MARKS_FROM else 0.5
    first = first.adjusted(gap, gap, -gap, -gap)
    edge = QPen(QColor(theme().line), 1)
    if written is not None:
        painter.setFont(written.font)
    for row, column in np.ndindex(len(weights), len(weights[0])):
        rect = first.translated(column * side, row * side)
        color = value_color(weights[row][column], largest)
        painter.fillRect(rect, color)
        if side >= EDGE_FROM:
            painter.setPen(edge)
            painter.drawRect(rect)
        if written is not None:
            painter.setPen(text_on(color))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, written.texts[row][column])


def paint_anchor(painter: QPainter, cell: QRectF) -> None:
    """Put ticks into the corners of the cell that lies over the output pixel."""
    anchor = cell.adjusted(4, 4, -4, -4)
    painter.setPen(QPen(QColor(theme().accent), 2))
    tick = min(7.0, anchor.width() / 3)
    for x, toward_x in ((anchor.left(), tick), (anchor.right(), -tick)):
        for y, toward_y in ((anchor.top(), tick), (anchor.bottom(), -tick)):
            painter.drawLine(QPointF(x, y), QPointF(x + toward_x, y))
            painter.drawLine(QPointF(x, y), QPointF(x, y + toward_y))
