"""Signals as stems, curves and bands, drawn in the coordinates of a plot."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.engine.arrays import AnyArray
from convlab.ui.signals.polygons import polygon
from convlab.ui.theme import plane_color, theme

DOTS_FROM = 5.0  # stems closer to each other have no dots [px]
STEMS_FROM = 2.5  # stems closer to each other are a band [px]
FAR = 20_000.0  # nothing is drawn farther away than this [px]
FILLING = 0.22  # opacity of what is below a curve


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One signal as it is drawn.

    Attributes:
        times: ``(N,)``, growing or falling evenly.
        values: ``(N,)``; or ``(2, N)``, the least and the largest of many samples each.
        color: As a name or ``#rrggbb``.
        is_continuous: A filled curve; else stems.
        opacity: 1 for what matters, less for what steps back.
        is_shaded: What lies between it and zero is strongly filled.
        shift: How far stems stand beside their times, so that two signals are both seen [px].
    """

    times: AnyArray
    values: AnyArray
    color: str
    is_continuous: bool = False
    opacity: float = 1.0
    is_shaded: bool = False
    shift: float = 0.0

    @property
    def is_band(self) -> bool:
        """Whether each value stands for many."""
        return self.values.ndim == 2


@dataclass(frozen=True, slots=True)
class Frame:
    """Where times and values lie on a plot.

    Attributes:
        room: The rectangle between the axes [px].
        times: First and last.
        values: Lowest and highest.
    """

    room: QRectF
    times: tuple[float, float]
    values: tuple[float, float]

    @property
    def per_time(self) -> float:
        """Pixels for one unit of time."""
        return self.room.width() / (self.times[1] - self.times[0])

    @property
    def per_value(self) -> float:
        """Pixels for one unit of value."""
        return self.room.height() / (self.values[1] - self.values[0])

    def at(self, time: float, value: float) -> QPointF:
        """Return where a value at a time is painted."""
        x = self.room.left() + (time - self.times[0]) * self.per_time
        return QPointF(x, self.room.bottom() - (value - self.values[0]) * self.per_value)

    def time_at(self, x: float) -> float:
        """Return the time below a pixel."""
        return self.times[0] + (x - self.room.left()) / self.per_time

    def value_at(self, y: float) -> float:
        """Return the value beside a pixel."""
        return self.values[0] + (self.room.bottom() - y) / self.per_value

    def places(self, times: AnyArray, values: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return ``at`` of arrays; what is not finite lies on zero."""
        x = self.room.left() + (times - self.times[0]) * self.per_time
        shown = np.nan_to_num(values, nan=0.0, posinf=1e30, neginf=-1e30)
        y = self.room.bottom() - (shown - self.values[0]) * self.per_value
        return np.clip(x, -FAR, FAR), np.clip(y, -FAR, FAR)


def f_color() -> str:
    """Return the colour of the signal that stays."""
    return theme().accent


def g_color() -> str:
    """Return the colour of the signal that slides."""
    return theme().text if theme().accent == theme().mark else theme().warning


def product_color() -> str:
    """Return the colour of the product of both."""
    return theme().mark


def result_color() -> str:
    """Return the colour of what comes of it."""
    is_dark = QColor(theme().panel).lightnessF() < 0.5
    return "#62d491" if is_dark else plane_color(1)


def paint_trace(painter: QPainter, frame: Frame, trace: Trace) -> None:
    """Draw a signal; only what lies between the axes is seen."""
    seen = _seen(frame, trace)
    if len(seen.times) == 0:
        return
    painter.save()
    painter.setClipRect(frame.room.adjusted(-1, -1, 1, 1))
    painter.setOpacity(trace.opacity)
    gap = _gap(frame, seen)
    if seen.is_band:
        _paint_band(painter, frame, seen)
    elif trace.is_continuous or gap < STEMS_FROM:
        _paint_curve(painter, frame, seen)
    else:
        _paint_stems(painter, frame, seen, gap)
    painter.restore()


def _seen(frame: Frame, trace: Trace) -> Trace:
    """Return the part of a signal between the axes, and one sample more on each side."""
    times, count = trace.times, len(trace.times)
    gap = abs(float(times[1] - times[0])) if count > 1 else 0.0
    inside = np.flatnonzero((times >= frame.times[0] - gap) & (times <= frame.times[1] + gap))
    part = slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
    return replace(trace, times=times[part], values=trace.values[..., part])


def _gap(frame: Frame, trace: Trace) -> float:
    """Return how far one sample is from the next [px]."""
    if len(trace.times) < 2:
        return DOTS_FROM
    return abs(float(trace.times[1] - trace.times[0])) * frame.per_time


def _paint_stems(painter: QPainter, frame: Frame, trace: Trace, gap: float) -> None:
    zero = frame.at(0.0, 0.0).y()
    x, y = frame.places(trace.times, trace.values)
    x = x + math.copysign(min(abs(trace.shift), gap / 4), trace.shift)
    ends = list(zip(x.tolist(), y.tolist(), strict=True))
    wide = max(min(gap * 0.6, 9.0), 1.0) if trace.is_shaded else min(2.0, gap / 3)
    painter.setPen(QPen(QColor(trace.color), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLines([QLineF(at, zero, at, end) for at, end in ends])
    if gap >= DOTS_FROM and not trace.is_shaded:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(gap * 0.7, 6.0)
        painter.setPen(QPen(QColor(trace.color), side, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints([QPointF(at, end) for at, end in ends])


def _paint_curve(painter: QPainter, frame: Frame, trace: Trace) -> None:
    x, y = frame.places(trace.times, trace.values)
    _fill(painter, frame, trace, x, y)
    if len(x) <= 512:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(trace.color), 0 if len(x) > 512 else 1.6))
    painter.drawPolyline(polygon(x, y))


def _paint_band(painter: QPainter, frame: Frame, trace: Trace) -> None:
    """Fill from the least to the largest, and faintly from there to zero."""
    x, low = frame.places(trace.times, trace.values[0])
    _, high = frame.places(trace.times, trace.values[1])
    _fill(painter, frame, trace, x, high)
    painter.setPen(QPen(QColor(trace.color), 0))
    painter.setBrush(QColor(trace.color))
    painter.drawPolygon(polygon(np.append(x, x[::-1]), np.append(high, low[::-1])))


def _fill(painter: QPainter, frame: Frame, trace: Trace, x: AnyArray, y: AnyArray) -> None:
    """Fill what lies between a line and zero."""
    color = QColor(trace.color)
    color.setAlphaF(0.75 if trace.is_shaded else FILLING)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    zero = frame.at(0.0, 0.0).y()
    painter.drawPolygon(polygon(np.append(x, (x[-1], x[0])), np.append(y, (zero, zero))))
