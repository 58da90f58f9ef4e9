"""Curves, stems and bands, drawn in the coordinates of a plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise, zip_longest
from typing import TypeAlias

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from convlab.engine.arrays import AnyArray
from convlab.ui.theme import theme
from convlab.ui.widgets.plot_frame import Frame

DOTS_FROM = 5.0  # stems closer to each other have no dots [px]
STEMS_FROM = 2.5  # stems closer to each other are a band [px]
FILLING = 0.22  # opacity of what is below a curve
FINE_FROM = 512  # a curve of more points is drawn fine, and quickly
_POINT = 2  # doubles, x and y: the memory of a QPointF

Ink: TypeAlias = Callable[[], str]
"""Returns a colour as ``#rrggbb``; asked at each paint, so that it follows the palette."""


class Style(Enum):
    """How values are drawn."""

    STEMS = "stems"
    """A stem each; what lies too close is an area."""
    AREA = "area"
    """A curve, faintly filled down to zero."""
    LINE = "line"
    """A curve; values that are not finite are left out."""


def accent() -> str:
    """Return the colour of what counts."""
    return theme().accent


def mark() -> str:
    """Return the colour of what steps back beside it."""
    return theme().mark


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Values as they are drawn.

    Attributes:
        x: ``(N,)``, growing or falling; evenly but for lines.
        y: ``(N,)``; or ``(2, N)``, the least and the largest of many samples each.
        ink: Its colour.
        style: How it is drawn.
        name: What it is called in the legend, which has named ones only.
        width: Of a line [px].
        has_dots: Each point of a line is marked.
        opacity: 1 for what matters, less for what steps back.
        is_shaded: What lies between it and zero is strongly filled.
        shift: How far stems stand beside their x, so that two traces are both seen [px].
    """

    x: AnyArray
    y: AnyArray
    ink: Ink
    style: Style = Style.STEMS
    name: str = ""
    width: float = 1.6
    has_dots: bool = False
    opacity: float = 1.0
    is_shaded: bool = False
    shift: float = 0.0

    @property
    def last(self) -> float | None:
        """The last finite value, if there is one."""
        finite = self.y[np.isfinite(self.y)]
        return float(finite[-1]) if finite.size else None


def table_text(traces: Sequence[Trace]) -> str:
    """Return traces as columns with tabs between, x and y (or least and largest) of each."""
    columns: list[list[str]] = []
    for number, trace in enumerate(traces, 1):
        name = trace.name or f"trace {number}"
        for title, values in ((f"x of {name}", trace.x), *_named(name, trace.y)):
            columns.append([title, *(f"{value:.9g}" for value in values.tolist())])
    return "\n".join("\t".join(row) for row in zip_longest(*columns, fillvalue=""))


def _named(name: str, y: AnyArray) -> list[tuple[str, AnyArray]]:
    return [(name, y)] if y.ndim == 1 else [(f"{name}, least", y[0]), (f"{name}, largest", y[1])]


def paint_trace(painter: QPainter, frame: Frame, trace: Trace) -> None:
    """Draw values; only what lies between the axes is seen."""
    seen = _seen(frame, trace)
    if len(seen.x) == 0:
        return
    painter.save()
    painter.setClipRect(frame.room.adjusted(-1, -1, 1, 1))
    painter.setOpacity(trace.opacity)
    gap = _gap(frame, seen)
    if seen.y.ndim == 2:
        _paint_band(painter, frame, seen)
    elif trace.style is Style.LINE:
        painter.setClipRect(frame.room.adjusted(-4, -4, 4, 4))  # a dot on an edge is seen whole
        _paint_line(painter, frame, seen)
    elif trace.style is Style.AREA or gap < STEMS_FROM:
        x, y = frame.places(seen.x, seen.y)
        _fill(painter, frame, seen, x, y)
        _draw(painter, seen, x, y)
    else:
        _paint_stems(painter, frame, seen, gap)
    painter.restore()


def _seen(frame: Frame, trace: Trace) -> Trace:
    """Return the part between the axes, and one value more on each side."""
    x, count = trace.x, len(trace.x)
    gap = abs(float(x[1] - x[0])) if count > 1 else 0.0
    inside = np.flatnonzero((x >= frame.x.low - gap) & (x <= frame.x.high + gap))
    part = slice(int(inside[0]), int(inside[-1]) + 1) if len(inside) else slice(0, 0)
    return replace(trace, x=x[part], y=trace.y[..., part])


def _gap(frame: Frame, trace: Trace) -> float:
    """Return how far one value is from the next [px]."""
    if len(trace.x) < 2:
        return DOTS_FROM
    return abs(float(trace.x[1] - trace.x[0])) * frame.per_x


def _paint_stems(painter: QPainter, frame: Frame, trace: Trace, gap: float) -> None:
    zero = frame.at(0.0, 0.0).y()
    x, y = frame.places(trace.x, trace.y)
    x = x + math.copysign(min(abs(trace.shift), gap / 4), trace.shift)
    ends = list(zip(x.tolist(), y.tolist(), strict=True))
    wide = max(min(gap * 0.6, 9.0), 1.0) if trace.is_shaded else min(2.0, gap / 3)
    color = QColor(trace.ink())
    painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLines([QLineF(at, zero, at, end) for at, end in ends])
    if gap >= DOTS_FROM and not trace.is_shaded:
        _dot(painter, trace, x, y, min(gap * 0.7, 6.0))


def _paint_line(painter: QPainter, frame: Frame, trace: Trace) -> None:
    known = np.isfinite(trace.y)
    x, y = frame.places(trace.x[known], trace.y[known])
    if len(x) > FINE_FROM:
        _draw(painter, trace, x, y)
    else:  # line by line: twenty times as quick as one line with joins, if it is noisy
        ends = [QPointF(*end) for end in zip(x.tolist(), y.tolist(), strict=True)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(trace.ink()), trace.width))
        painter.drawLines([QLineF(*pair) for pair in pairwise(ends)])
    if trace.has_dots or len(x) == 1:  # of a single value there is no line
        _dot(painter, trace, x, y, 5.0)


def _draw(painter: QPainter, trace: Trace, x: AnyArray, y: AnyArray) -> None:
    is_fine = len(x) > FINE_FROM
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_fine)
    painter.setPen(QPen(QColor(trace.ink()), 0 if is_fine else trace.width))
    painter.drawPolyline(polygon(x, y))


def _dot(painter: QPainter, trace: Trace, x: AnyArray, y: AnyArray, side: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(trace.ink()), side, c=Qt.PenCapStyle.RoundCap))
    painter.drawPoints([QPointF(*end) for end in zip(x.tolist(), y.tolist(), strict=True)])


def _paint_band(painter: QPainter, frame: Frame, trace: Trace) -> None:
    """Fill from the least to the largest, and faintly from there to zero."""
    x, low = frame.places(trace.x, trace.y[0])
    _, high = frame.places(trace.x, trace.y[1])
    _fill(painter, frame, trace, x, high)
    painter.setPen(QPen(QColor(trace.ink()), 0))
    painter.setBrush(QColor(trace.ink()))
    painter.drawPolygon(polygon(np.append(x, x[::-1]), np.append(high, low[::-1])))


def _fill(painter: QPainter, frame: Frame, trace: Trace, x: AnyArray, y: AnyArray) -> None:
    """Fill what lies between a line and zero."""
    color = QColor(trace.ink())
    color.setAlphaF(0.75 if trace.is_shaded else FILLING)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    zero = frame.at(0.0, 0.0).y()
    painter.drawPolygon(polygon(np.append(x, (x[-1], x[0])), np.append(y, (zero, zero))))


def polygon(x: AnyArray, y: AnyArray) -> QPolygonF:
    """Return the points ``(N,)``, ``(N,)`` as Qt's own polygon.

    Filled at once: a point at a time takes longer than painting them.
    """
    made = QPolygonF()
    made.resize(len(x))
    if len(x) == 0:
        return made
    size = len(x) * _POINT * np.dtype(np.float64).itemsize
    # Its stubs know only the first argument of three.
    memory = shiboken6.VoidPtr(made.data(), size, True)  # type: ignore[arg-type, call-arg]
    points = np.frombuffer(memory, np.float64).reshape(-1, _POINT)  # type: ignore[call-overload]
    points[:, 0], points[:, 1] = x, y
    return made
