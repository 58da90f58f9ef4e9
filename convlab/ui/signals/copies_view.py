"""The same result seen otherwise: copies of g, shifted and scaled by the values of f, added up."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.document.signal.tabs import Copies
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import result_color
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import as_panel, filled
from convlab.ui.widgets.plot import Plot
from convlab.ui.widgets.plot_frame import Axis, Frame
from convlab.ui.widgets.plot_trace import Style, Trace, polygon

HUES = 11  # copies until a colour comes again
BAR_SHARE = 0.8  # of the room of a sample
SELDOM = 4.0  # bars narrower than this are an area [px]
HINT = "Copies of g, one for each value of f: shifted to its place and scaled by it."


class StackPlot(Plot):
    """Paints copies one on another: positive ones upwards, negative ones downwards from zero."""

    def __init__(self) -> None:
        super().__init__("copies_plot", "Copies of g, added up")
        self._copies: AnyArray = np.zeros((0, 0))
        self._sums: list[tuple[AnyArray, AnyArray]] = []
        self._at: AnyArray = np.zeros(0)
        self._has_rest = False
        self.set_captions(HINT)

    def show_stack(self, times: AnyArray, copies: AnyArray, has_rest: bool = False) -> None:
        """Show copies ``(K, M)`` at times ``(M,)``; the first may be all others together."""
        self._at, self._copies, self._has_rest = times, copies, has_rest
        self._sums = list(stacked(copies))
        self.refresh()

    def paint_over(self, painter: QPainter, frame: Frame) -> None:
        painter.setClipRect(frame.room)
        painter.setPen(Qt.PenStyle.NoPen)
        gap = frame.per_x * float(self._at[1] - self._at[0]) if len(self._at) > 1 else 20.0
        for number, (low, high) in enumerate(self._sums):
            is_rest = self._has_rest and number == 0
            painter.setBrush(QColor(theme().line) if is_rest else copy_color(number))
            places = np.flatnonzero(high != low)
            if len(places):
                self._paint_copy(painter, frame, places, (low, high), gap)
        painter.setClipping(False)

    def _paint_copy(
        self,
        painter: QPainter,
        frame: Frame,
        places: AnyArray,
        ends: tuple[AnyArray, AnyArray],
        gap: float,
    ) -> None:
        if gap < SELDOM:
            places = np.arange(places[0], places[-1] + 1)
        x, low = frame.places(self._at[places], ends[0][places])
        _, high = frame.places(self._at[places], ends[1][places])
        if gap < SELDOM:
            painter.drawPolygon(polygon(np.append(x, x[::-1]), np.append(high, low[::-1])))
            return
        wide = min(gap * BAR_SHARE, 24.0)
        ends_of_bars = zip(x.tolist(), low.tolist(), high.tolist(), strict=True)
        painter.drawRects(
            [
                QRectF(at - wide / 2, min(bottom, top), wide, abs(top - bottom))
                for at, bottom, top in ends_of_bars
            ]
        )


class CopiesView(QWidget):
    """Shows how the result is built of copies of g."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("copies_view")
        self.setAccessibleName("Copies of g, shifted and scaled by f, added up")
        as_panel(self)
        self.plot = StackPlot()
        filled(QVBoxLayout(self), self.plot, margins=(4, 2, 4, 2))

    def show_copies(self, made: Copies, is_continuous: bool = False) -> None:
        """Show copies and what they add up to, which may be a curve."""
        times, copies, total, hidden = made.times, made.values, made.total, made.left_out
        count = len(copies)
        if hidden:  # in grey, so that the stack reaches the result
            copies = np.vstack([total - copies.sum(axis=0), copies])
        self.plot.set_axes(_axis(times))
        ends = [np.clip(copies, 0, None).sum(axis=0), np.clip(copies, None, 0).sum(axis=0)]
        self.plot.fit_values(total, *ends)
        self.plot.show_stack(times, copies, bool(hidden))
        style = Style.AREA if is_continuous else Style.STEMS
        self.plot.set_moving([Trace(times, total, result_color, style)])
        noun = "copy" if count == 1 else "copies"
        more = f", {hidden} in grey" if hidden else ""
        self.plot.set_captions(f"{show_number(count)} {noun} of g, times f(a){more}")


def stacked(copies: AnyArray) -> Iterator[tuple[AnyArray, AnyArray]]:
    """Give for each row where its bars begin and end, on the bars of the rows before it.

    >>> [[low.tolist(), high.tolist()] for low, high in stacked(np.array([[1, -1], [2, -3]]))]
    [[[0.0, 0.0], [1.0, -1.0]], [[1.0, -1.0], [3.0, -4.0]]]
    """
    size = copies.shape[1] if copies.ndim == 2 else 0
    above, below = np.zeros(size), np.zeros(size)
    for row in copies:
        begins = np.where(row >= 0, above, below)
        above, below = above + np.clip(row, 0, None), below + np.clip(row, None, 0)
        yield begins, begins + row


def copy_color(number: int) -> QColor:
    """Return a light colour for a copy, unlike that of its neighbours."""
    hue = (0.58 + number * 5 / HUES) % 1.0
    is_dark = QColor(theme().panel).lightnessF() < 0.5
    return QColor.fromHslF(hue, 0.45, 0.38 if is_dark else 0.78)


def _axis(times: AnyArray) -> Axis:
    if len(times) == 0:
        return Axis()
    half = float(times[1] - times[0]) / 2 if len(times) > 1 else 0.5
    return Axis(float(times[0]) - half, float(times[-1]) + half)
