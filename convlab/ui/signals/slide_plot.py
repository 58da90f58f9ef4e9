"""The plot of f, and of g that slides over it: what they share is shaded, and pairs are joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import product_color
from convlab.ui.signals.signal_handles import Handles, paint_handles
from convlab.ui.theme import STRONG, px, theme
from convlab.ui.widgets.number_grid import factor
from convlab.ui.widgets.plot import Plot
from convlab.ui.widgets.plot_frame import Frame
from convlab.ui.widgets.plot_trace import STEMS_FROM, Ink, Trace, paint_trace, polygon

LABEL_SIZE = 12  # [px]
LABELS_FROM = 18.0  # samples closer to each other have no factors written above them [px]
SHARED = 0.24  # opacity of what both have
LANES_FROM = 0.85  # of the flip: from here on g rises onto f
MOST_JOINED = 64  # pairs


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Where f and g meet; ``(K,)`` each.

    Attributes:
        times: Where on the axis.
        f: The values of f there.
        g: The values of g there.
        drawn_g: How high g is drawn.
        drawn_products: How high their products are drawn.
        step: From one to the next.
        is_area: They are curves.
    """

    times: AnyArray
    f: AnyArray
    g: AnyArray
    drawn_g: AnyArray
    drawn_products: AnyArray
    step: float
    is_area: bool

    @property
    def shared(self) -> AnyArray:
        """What lies below both as they are drawn, above it where both are negative."""
        low, high = np.minimum(self.f, self.drawn_g), np.maximum(self.f, self.drawn_g)
        return np.where(low > 0, low, np.where(high < 0, high, 0.0))

    def text(self, place: int) -> str:
        """``0.4 × 0.3``."""
        f, g = (show_number(float(each[place])) for each in (self.f, self.g))
        return f"{factor(f)} × {factor(g)}"


@dataclass(frozen=True, slots=True, eq=False)
class Flip:
    """g on its way from where it was to where the convolution wants it.

    Attributes:
        share: How far it is, 0 to 1.
        f: f, which stays.
        g: g at its places now.
        pairs: (time of f's sample, time of g's now) of each pair that meets in the end.
        marked: Which pair is pointed at; −1: none.
    """

    share: float
    f: Trace
    g: Trace
    pairs: Sequence[tuple[float, float]]
    marked: int = -1


class SlidePlot(Plot):
    """Paints the two signals with handles, what they share, and the flip of g."""

    handles: Sequence[tuple[Handles, Ink]] = ()
    _overlap: Overlap | None = None
    _flip: Flip | None = None
    _pointed = -1

    @property
    def overlap(self) -> Overlap | None:
        """What is painted where f and g meet."""
        return self._overlap

    @property
    def pointed(self) -> int:
        """Which pair of the overlap is framed; −1: none."""
        return self._pointed

    def show_overlap(self, overlap: Overlap | None, pointed: int = -1) -> None:
        """Shade where f and g meet, and frame one pair."""
        self._overlap, self._pointed = overlap, pointed
        self.update()

    def show_flip(self, flip: Flip | None) -> None:
        """Show g on its way, in a lane of its own; None: it lies on f."""
        is_other = (flip is None) is not (self._flip is None)
        self._flip = flip
        if is_other:
            self.refresh()
        self.update()

    @property
    def flip(self) -> Flip | None:
        """How g is flipped just now."""
        return self._flip

    def gap(self) -> float:
        """Return how far one sample is from the next [px]."""
        return 0.0 if self._overlap is None else self._overlap.step * self.frame.per_x

    # ---- painting ----

    def paint_axes(self, painter: QPainter, frame: Frame) -> None:
        if self._flip is None:
            self.paint_rows(painter, frame)
        self.paint_columns(painter, frame)

    def paint_under(self, painter: QPainter, frame: Frame) -> None:
        overlap = self._overlap
        if overlap is None or self._flip is not None or not len(overlap.times):
            return
        painter.save()
        painter.setClipRect(frame.room)
        painter.setPen(Qt.PenStyle.NoPen)
        light, strong = QColor(product_color()), QColor(product_color())
        light.setAlphaF(SHARED)
        for values, color in ((overlap.shared, light), (overlap.drawn_products, strong)):
            painter.setBrush(color)
            if overlap.is_area or self.gap() < STEMS_FROM:
                _paint_area(painter, frame, overlap.times, values)
            else:
                painter.drawRects(_bars(frame, overlap.times, values, self.gap()))
        painter.restore()

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        if self._flip is not None:
            self._paint_flip(painter, frame, self._flip)
            return
        if self._overlap is not None:
            self._paint_pairs(painter, frame, self._overlap)
        for handles, ink in self.handles:
            paint_handles(painter, frame, handles, ink)

    def _paint_pairs(self, painter: QPainter, frame: Frame, overlap: Overlap) -> None:
        """Write the factors above their stems where there is room, and frame what is pointed at."""
        bold, plain = _label_font(self.font(), True), _label_font(self.font(), False)
        taken: list[QRectF] = []
        if 0 <= self._pointed < len(overlap.times):
            self._paint_frame(painter, frame)
            taken.append(self._write(painter, frame, self._pointed, bold, theme().text, taken))
        if self.gap() < px(LABELS_FROM):
            return
        for place in np.flatnonzero(overlap.drawn_products).tolist():
            if place != self._pointed:
                taken.append(self._write(painter, frame, place, plain, theme().quiet, taken))

    def _paint_frame(self, painter: QPainter, frame: Frame) -> None:
        """Frame the pair that is pointed at."""
        assert self._overlap is not None
        x = frame.at(float(self._overlap.times[self._pointed]), 0.0).x()
        half, room = max(min(self.gap() / 2, px(30.0)), px(7.0)), frame.room
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme().mark), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x - half, room.top(), 2 * half, room.height()), 6, 6)

    def _write(
        self,
        painter: QPainter,
        frame: Frame,
        place: int,
        font: QFont,
        color: str,
        taken: list[QRectF],
    ) -> QRectF:
        """Write the factors above the higher of two stems, unless others stand there."""
        assert self._overlap is not None
        overlap, room = self._overlap, frame.room
        text = overlap.text(place)
        top = max(float(overlap.f[place]), float(overlap.drawn_g[place]), 0.0)
        at = frame.inside(float(overlap.times[place]), top)
        painter.setFont(font)
        wide, high = painter.fontMetrics().horizontalAdvance(text) + 4.0, px(LABEL_SIZE + 4.0)
        left = min(max(at.x() - wide / 2, room.left()), room.right() - wide)
        lower = max(at.y() - px(6.0), room.top() + high)
        label = QRectF(left, lower - high, wide, high)
        if any(label.intersects(other) for other in taken):
            return QRectF()
        painter.setPen(QColor(color))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
        return label

    def _paint_flip(self, painter: QPainter, frame: Frame, flip: Flip) -> None:
        """Paint f above and g below it, with lines from each sample to its partner."""
        apart = min((1 - flip.share) / (1 - LANES_FROM), 1.0)
        upper, lower = _lanes(frame, apart * apart * (3 - 2 * apart))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lane in (upper, lower):
            painter.setPen(QPen(QColor(theme().quiet), 1))
            zero = lane.at(lane.x.low, 0.0).y()
            painter.drawLine(QPointF(lane.room.left(), zero), QPointF(lane.room.right(), zero))
        for number, (of_f, of_g) in enumerate(flip.pairs[:MOST_JOINED]):
            is_marked = number == flip.marked
            color = QColor(product_color())
            color.setAlphaF(1.0 if is_marked or len(flip.pairs) <= 12 else 0.5)
            painter.setPen(QPen(color, 3.0 if is_marked else 1.4))
            height = _value_at(flip.g, of_g)
            painter.drawLine(upper.at(of_f, 0.0), lower.at(of_g, height))
        paint_trace(painter, upper, flip.f)
        paint_trace(painter, lower, flip.g)


def _lanes(frame: Frame, apart: float) -> tuple[Frame, Frame]:
    """Return where f and where g is painted: from one room to two, one above the other."""
    room = frame.room
    high = room.height() * (1 - 0.55 * apart)
    upper = QRectF(room.left(), room.top(), room.width(), high)
    lower = QRectF(room.left(), room.bottom() - high, room.width(), high)
    return Frame(upper, frame.x, frame.y), Frame(lower, frame.x, frame.y)


def _value_at(trace: Trace, time: float) -> float:
    """Return the value at a time, of a band the larger one."""
    if not len(trace.x):
        return 0.0
    values = np.atleast_2d(trace.y)[-1]
    return float(values[int(np.abs(trace.x - time).argmin())])


def _bars(frame: Frame, times: AnyArray, values: AnyArray, gap: float) -> list[QRectF]:
    """Return a bar for each value, as wide as the room of its sample."""
    zero = frame.at(0.0, 0.0).y()
    x, y = frame.places(times, values)
    wide = gap * 0.94
    ends = zip(x.tolist(), y.tolist(), strict=True)
    return [QRectF(at - wide / 2, min(end, zero), wide, abs(end - zero)) for at, end in ends]


def _paint_area(painter: QPainter, frame: Frame, times: AnyArray, values: AnyArray) -> None:
    zero = frame.at(0.0, 0.0).y()
    x, y = frame.places(times, values)
    painter.drawPolygon(polygon(np.append(x, (x[-1], x[0])), np.append(y, (zero, zero))))


def _label_font(font: QFont, bold: bool) -> QFont:
    label = QFont(font)
    label.setPixelSize(px(LABEL_SIZE))
    label.setWeight(STRONG if bold else QFont.Weight.Normal)
    return label
