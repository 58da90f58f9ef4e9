"""A plot of signals over one time axis: quick to paint, and its range does not jump."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_trace import Frame, Trace, paint_trace
from convlab.ui.theme import theme

LEFT, RIGHT, TOP, BOTTOM = 50, 12, 19, 17  # around the room [px]
TICK_GAP = (70, 30)  # least room from tick to tick, sideways and upwards [px]
KEPT_SHARE = 0.4  # a range shrinks when less of it than this is used

Range = tuple[float, float]


class SignalPlot(QWidget):
    """Paints signals: those that stand still once, those that move each time.

    Signals:
        pressed: The left button went down there [px].
        dragged: The mouse moved while it is down [px].
        released: The button is up again.
        hovered: The mouse is there, no button down [px].
        painted: It was painted.
    """

    pressed = Signal(QPointF)
    dragged = Signal(QPointF)
    released = Signal()
    painted = Signal()
    hovered = Signal(QPointF)

    def __init__(self, name: str, description: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(description)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 60)
        self._times: Range = (0.0, 1.0)
        self._values: Range = (0.0, 1.0)
        self._is_reset = False  # the next values get a range of their own
        self._still: tuple[Trace, ...] = ()
        self._moving: tuple[Trace, ...] = ()
        self._captions = ("", "")
        self._bottom = BOTTOM
        self._back: QPixmap | None = None
        self._back_theme = theme()

    def sizeHint(self) -> QSize:
        return QSize(600, 150)

    @property
    def frame(self) -> Frame:
        """Where times and values lie."""
        room = QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -self._bottom)
        room.setSize(room.size().expandedTo(QSize(10, 10)))
        return Frame(room, self._times, self._values)

    def set_captions(self, left: str, right: str = "") -> None:
        """Say what is plotted, and a number that belongs to it."""
        if (left, right) != self._captions:
            self._captions = (left, right)
            self.setAccessibleDescription(f"{left} {right}".strip())
            self.update()

    def hide_times(self) -> None:
        """Leave the labels of the time axis to the plot below."""
        self._bottom = 5
        self.refresh()

    def set_times(self, first: float, last: float) -> None:
        """Choose the times between the axes."""
        if (first, last) != self._times:
            self._times = (first, last) if last > first else (first, first + 1.0)
            self.refresh()

    def fit_values(self, *arrays: AnyArray) -> None:
        """Take a range in which all values lie; it shrinks only when little of it is used."""
        low, high = extremes(arrays)
        is_reset = self._is_reset and low < high
        wanted = settled((0.0, 0.0) if is_reset else self._values, low, high)
        self._is_reset = self._is_reset and not is_reset
        if wanted != self._values:
            self._values = wanted
            self.refresh()

    def forget_values(self) -> None:
        """What comes next is another story: it gets a range of its own."""
        self._is_reset = True

    def set_still(self, traces: Sequence[Trace]) -> None:
        """Show signals that stay as they are for a while, below those that move."""
        self._still = tuple(traces)
        self.refresh()

    def set_moving(self, traces: Sequence[Trace]) -> None:
        """Show signals that change with each frame."""
        self._moving = tuple(traces)
        self.update()

    def refresh(self) -> None:
        """Paint all of it again."""
        self._back = None
        self.update()

    def tip(self, position: QPointF) -> str:
        """What the tooltip says: the sample nearest in time of every signal."""
        if not self.frame.room.contains(position):
            return ""
        time = self.frame.time_at(position.x())
        return "<br>".join(
            text for trace in (*self._still, *self._moving) if (text := _tip_of(trace, time))
        )

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.drawPixmap(0, 0, self._background())
            frame = self.frame
            for trace in self._moving:
                paint_trace(painter, frame, trace)
            self._paint_captions(painter)
            self.paint_over(painter, frame)
        finally:
            painter.end()
        self.painted.emit()

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        """Paint what lies over all signals: handles, a dot."""

    def _background(self) -> QPixmap:
        """Return axes and still signals, painted only when they changed."""
        size = self.size() * self.devicePixelRatio()
        if self._back is None or self._back.size() != size or self._back_theme is not theme():
            self._back_theme = theme()
            self._back = QPixmap(size)
            self._back.setDevicePixelRatio(self.devicePixelRatio())
            self._back.fill(QColor(theme().panel))
            painter = QPainter(self._back)
            painter.setFont(self._small())
            self._paint_axes(painter, self.frame)
            for trace in self._still:
                paint_trace(painter, self.frame, trace)
            painter.end()
        return self._back

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(11)
        return font

    def _paint_axes(self, painter: QPainter, frame: Frame) -> None:
        room = frame.room
        line, quiet = QPen(QColor(theme().line), 1), QPen(QColor(theme().quiet), 1)
        for value in ticks(*frame.values, most=int(room.height() / TICK_GAP[1])):
            y = frame.at(0, value).y()
            painter.setPen(quiet if value == 0 else line)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(quiet)
            label = QRectF(0, y - 8, LEFT - 6, 16)
            painter.drawText(label, _RIGHT, show_number(value))
        for time in ticks(*frame.times, most=int(room.width() / TICK_GAP[0])):
            x = frame.at(time, 0).x()
            painter.setPen(line)
            painter.drawLine(QPointF(x, room.bottom()), QPointF(x, room.bottom() + 3))
            if self._bottom < BOTTOM:
                continue
            painter.setPen(quiet)
            label = QRectF(x - 35, room.bottom() + 2, 70, BOTTOM - 2)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, show_number(time))

    def _paint_captions(self, painter: QPainter) -> None:
        left, right = self._captions
        room = QRectF(LEFT, 0, self.width() - LEFT - RIGHT, TOP - 1)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme().text))
        needed = painter.fontMetrics().horizontalAdvance(right)
        painter.drawText(room, _RIGHT, right)
        painter.setFont(self.font())
        painter.setPen(QColor(theme().quiet))
        width = max(room.width() - needed - 12, 0)
        elide = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(left, elide, int(width))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    # ---- mouse ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_down = bool(event.buttons() & Qt.MouseButton.LeftButton)
        (self.dragged if is_down else self.hovered).emit(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.released.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip(QPointF(event.pos())), self)
            return True
        return super().event(event)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5, 10, … by which a span has no more steps than ``most``."""
    least = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least * (1 - 1e-9))


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return the multiples of a nice step from low to high.

    >>> ticks(-1.0, 1.0, 4)
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    step = nice_step(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(place * step, digits) + 0.0 for place in range(first, last + 1)]


def extremes(arrays: Sequence[AnyArray]) -> Range:
    """Return the least and the largest finite value of all, and at least (0, 0)."""
    low = high = 0.0
    for values in arrays:
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return low, high


def settled(before: Range, low: float, high: float) -> Range:
    """Return a range around values from low to high: the one before as long as it serves."""
    if low == high:
        return before
    spare = 1.04
    is_inside = before[0] <= low and high <= before[1]
    if is_inside and (high - low) >= KEPT_SHARE * (before[1] - before[0]):
        return before
    step = nice_step((high - low) * spare, 4) / 2
    floor, ceiling = math.floor(low * spare / step) * step, math.ceil(high * spare / step) * step
    return (floor, ceiling)


def _tip_of(trace: Trace, time: float) -> str:
    """Return ``t = 3: 0.42`` in the signal's colour, or nothing beside it."""
    if len(trace.times) == 0:
        return ""
    gap = abs(float(trace.times[1] - trace.times[0])) if len(trace.times) > 1 else 1.0
    nearest = int(np.abs(trace.times - time).argmin())
    if abs(float(trace.times[nearest]) - time) > gap / 2:
        return ""
    values = np.atleast_1d(trace.values[..., nearest])
    shown = " … ".join(show_number(float(value), 6) for value in values)
    at = show_number(float(trace.times[nearest]), 6)
    return f'<span style="color:{trace.color}">■</span> t = {at}: {shown}'
