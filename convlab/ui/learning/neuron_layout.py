"""Where the parts of a neuron are painted: inputs, weights, body, sum, activation, output."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from convlab.document.learning.neuron import INPUTS, SIDE, Neuron
from convlab.document.learning.neuron_view import NeuronShown
from convlab.engine.value_range import nice_ceiling
from convlab.ui.theme import px
from convlab.ui.widgets.plot_frame import Axis

MARGIN = 16.0  # [px]
CAPTION = 24.0  # [px]
FOOT = 38.0  # numbers and names below the bars [px]
LARGEST_CELL = 48.0  # of the patch [px]
PILL = QRectF(-25, -9.5, 50, 19)  # a number that is dragged, around its middle [px]
GAP = 3.0  # at least between two of them [px]
HANDLE_AT = 0.26  # of the way from input to body
NARROWEST, ROOMY = 760.0, 1100.0  # widths between which everything moves together [px]
BODY = 33.0  # radius [px]
LAMP = 27.0  # radius [px]
SPARE = 0.06  # of the axis beyond its ends


def axis_of(neuron: Neuron, shown: NeuronShown) -> Axis:
    """Return an axis for every sum these weights can give, so that it stands still live."""
    low, high = min(shown.reach[0], neuron.threshold), max(shown.reach[1], neuron.threshold)
    low = -nice_ceiling(-low) if low < 0.0 else 0.0
    high = nice_ceiling(high) if high > 0.0 else 0.0
    if low == high:
        return Axis(-1.0, 1.0)
    spare = SPARE * (high - low)
    return Axis(low - spare, high + spare)


@dataclass(frozen=True, slots=True)
class NeuronLayout:
    """Places in a room of a width and a height [px]."""

    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height on which body, activation and output stand."""
        return px(CAPTION) + (self.height - px(CAPTION) - 6) / 2

    @property
    def patch(self) -> QRectF:
        """The 3×3 pixels."""
        cell = min(px(LARGEST_CELL), self.width * 0.04, (self.height - px(CAPTION)) / 5)
        return QRectF(px(MARGIN), self.middle - SIDE * cell / 2, SIDE * cell, SIDE * cell)

    def cell(self, index: int) -> QRectF:
        """One of the 3×3 pixels."""
        row, column = divmod(index, SIDE)
        side = self.patch.width() / SIDE
        return QRectF(self.patch.left() + column * side, self.patch.top() + row * side, side, side)

    @property
    def radius(self) -> float:
        """Of an input's circle."""
        return min(17.0, self._row * 0.44)

    def _tight(self, roomy: float, narrow: float) -> float:
        """Return what lies between two lengths, as the width does."""
        share = min(1.0, max(0.0, (ROOMY - self.width) / (ROOMY - NARROWEST)))
        return roomy + share * (narrow - roomy)

    @property
    def _row(self) -> float:
        return (self.height - px(CAPTION) - 6) / INPUTS

    def input(self, index: int) -> QPointF:
        """The middle of an input's circle."""
        x = self.patch.right() + self._tight(70, 50)
        return QPointF(x, px(CAPTION) + (index + 0.5) * self._row)

    @property
    def body(self) -> QPointF:
        """The middle of the cell body."""
        return QPointF(self.width * self._tight(0.42, 0.40), self.middle)

    def weight(self, index: int) -> QRectF:
        """The handle on an input's line."""
        start = self.input(index)
        return self._pill.translated(start + (self.body - start) * HANDLE_AT)

    @property
    def _pill(self) -> QRectF:
        """As high as there is room between two lines that come closer."""
        less = max(PILL.height() + GAP - self._row * (1 - HANDLE_AT), 0.0) / 2
        return PILL.adjusted(0, less, 0, -less)

    @property
    def bars(self) -> QRectF:
        """The room of the bars, whose height is the axis."""
        left = self.body.x() + px(BODY) + self._tight(56, 50)
        top = px(CAPTION) + 6
        return QRectF(left, top, self.width * self._tight(0.19, 0.17), self.height - top - px(FOOT))

    def bar(self, number: int) -> QRectF:
        """One of three bars: what excites, what inhibits, the sum."""
        wide = self.bars.width() / 3
        left = self.bars.left() + number * wide
        return QRectF(left + wide * 0.14, self.bars.top(), wide * 0.72, self.bars.height())

    def level(self, axis: Axis, value: float) -> float:
        """How high a value stands; beyond the axis it stands at its end [px]."""
        return self.bars.bottom() - min(1.0, max(0.0, axis.share(value))) * self.bars.height()

    def threshold(self, axis: Axis, value: float) -> QRectF:
        """The handle of the threshold."""
        return PILL.translated(self.bars.right() + 32, self.level(axis, value))

    @property
    def lamp(self) -> QPointF:
        """The middle of the output's lamp."""
        return QPointF(self.width - px(MARGIN) - px(LAMP) - 14, self.middle)

    @property
    def graph(self) -> QRectF:
        """The activation."""
        left, right = self.bars.right() + self._tight(84, 66), self.lamp.x() - px(LAMP) - 26
        high = min(self.bars.height() - 20, (right - left) * 1.1)  # its number stands below
        return QRectF(left, self.middle - high / 2, right - left, high)
