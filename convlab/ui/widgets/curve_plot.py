"""Figures over the epochs of a training: curves that grow to the right, named where they end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.engine.arrays import AnyArray
from convlab.engine.value_range import nice_ceiling
from convlab.ui.numbers import show_number
from convlab.ui.theme import theme

LEFT, RIGHT, TOP, BOTTOM = 46, 10, 30, 20  # around the room [px]
BASE = 15  # of the names over the room [px]
ALL_EPOCHS = 60  # so many are given their room at once
FEW_POINTS = 30  # are marked
USUAL = -2.0, 1.0  # powers of ten that a log axis has at least: it seldom jumps then
LOWEST = 1e-6  # of a figure on a log axis


@dataclass(frozen=True, slots=True, eq=False)
class PlotLine:
    """A curve.

    Attributes:
        name: What it is.
        at: When, ``(n,)`` [epochs].
        values: ``(n,)``.
        is_strong: It is what counts.
    """

    name: str
    at: AnyArray
    values: AnyArray
    is_strong: bool


class CurvePlot(QWidget):
    """Paints a few curves; holds no state of the program.

    Args:
        name: Object name.
        title: What is plotted.
        tip: What it teaches.
        is_log: The axis is logarithmic, else it goes from 0 to 1 and is written in percent.
    """

    def __init__(self, name: str, title: str, tip: str, is_log: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(f"<b>{title}</b><br>{tip}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(180, 96)
        self._title, self._is_log = title, is_log
        self._lines: tuple[PlotLine, ...] = ()
        self._last = 1.0
        self._ends = USUAL if is_log else (0.0, 1.0)

    def show_lines(self, lines: Sequence[PlotLine], epochs: int) -> None:
        """Plot curves of a training that takes so many epochs."""
        self._lines = tuple(lines)
        now = max((float(line.at[-1]) for line in lines if len(line.at)), default=0.0)
        self._last = float(epochs if epochs <= ALL_EPOCHS else min(nice_ceiling(now + 10), epochs))
        if self._is_log:
            low, high = decades([line.values for line in lines])
            self._ends = min(low, USUAL[0]), max(high, USUAL[1])
        self.setAccessibleDescription(self._spoken())
        self.update()

    def at(self, epoch: float, value: float) -> QPointF:
        """Return where a figure is painted."""
        room, (low, high) = self._room(), self._ends
        height = math.log10(max(value, LOWEST)) if self._is_log else value
        up = min(max((height - low) / (high - low), 0.0), 1.0)
        return QPointF(
            room.left() + epoch / self._last * room.width(), room.bottom() - up * room.height()
        )

    def _spoken(self) -> str:
        ends = [
            f"{line.name} {self._text(float(line.values[-1]))}"
            for line in self._lines
            if len(line.values)
        ]
        return f"{self._title}: {', '.join(ends)}" if ends else self._title

    def _text(self, value: float) -> str:
        return show_number(value, 2) if self._is_log else f"{100 * value:.1f} %"

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_head(painter)
        self._paint_levels(painter)
        self._paint_epochs(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._lines:
            self._paint_line(painter, line)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        """Name the figure, and each curve in its colour with its last value."""
        painter.setPen(QColor(theme().text))
        metrics = painter.fontMetrics()
        painter.drawText(QPointF(2, BASE), self._title)
        right = self.width() - RIGHT + 4.0
        for line in reversed(self._lines):
            last = self._text(float(line.values[-1])) if len(line.values) else ""
            text = f"{line.name} {last}".rstrip()
            right -= metrics.horizontalAdvance(text) + 10
            if right < metrics.horizontalAdvance(self._title) + 8:
                return
            painter.setPen(_pen(line))
            painter.drawText(QPointF(right, BASE), text)

    def _paint_levels(self, painter: QPainter) -> None:
        room, (low, high) = self._room(), self._ends
        if self._is_log:
            levels = [10.0**power for power in range(round(low), round(high) + 1)]
        else:
            levels = [0.0, 0.5, 1.0]
        for level in levels:
            y = self.at(0.0, level).y()
            painter.setPen(QColor(theme().line))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(QColor(theme().quiet))
            text = f"{level:g}" if self._is_log else f"{100 * level:.0f} %"
            painter.drawText(QRectF(0, y - 8, LEFT - 6, 16), _RIGHT, text)

    def _paint_epochs(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme().quiet))
        room = self._room()
        step = max(round(nice_ceiling(self._last / 5)), 1)
        label = "epochs"
        wide = painter.fontMetrics().horizontalAdvance(label)
        painter.drawText(QRectF(room.right() - wide, room.bottom() + 2, wide, 16), _RIGHT, label)
        for epoch in range(0, int(self._last) + 1, step):
            x = self.at(epoch, 1.0).x()
            if x + 14 < room.right() - wide:
                painter.drawText(
                    QRectF(x - 20, room.bottom() + 2, 40, 16),
                    Qt.AlignmentFlag.AlignCenter,
                    str(epoch),
                )

    def _paint_line(self, painter: QPainter, line: PlotLine) -> None:
        points = [
            self.at(float(at), float(value))
            for at, value in zip(line.at, line.values, strict=True)
            if math.isfinite(value)
        ]
        painter.setPen(_pen(line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if line.is_strong and len(points) <= FEW_POINTS:
            painter.setBrush(QColor(theme().accent))
            for point in points:
                painter.drawEllipse(point, 2.5, 2.5)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def decades(values: Sequence[AnyArray]) -> tuple[float, float]:
    """Return the powers of ten around all values."""
    everything = np.concatenate([np.zeros(0), *values])
    usable = everything[np.isfinite(everything) & (everything > 0)]
    if not usable.size:
        return (-1.0, 1.0)
    low = math.floor(math.log10(max(float(usable.min()), LOWEST)))
    high = math.ceil(math.log10(max(float(usable.max()), LOWEST)))
    return float(low), float(max(high, low + 1))


def _pen(line: PlotLine) -> QPen:
    return QPen(
        QColor(theme().accent if line.is_strong else theme().mark), 2 if line.is_strong else 1.3
    )
