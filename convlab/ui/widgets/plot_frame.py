"""Where values lie on a plot: its axes, their ticks, and ranges that do not jump."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from convlab.engine.arrays import AnyArray

KEPT_SHARE = 0.4  # a range shrinks when less of it than this is used
TURNS = (15.0, 30.0, 45.0, 90.0, 180.0, 360.0)  # between ticks [degrees]
LEAST = 1e-16  # what is less, and zero, stands at the lower end of a logarithmic axis
FAR = 20_000.0  # nothing is drawn farther away than this [px]


class Kind(Enum):
    """How values are spread over an axis."""

    LINEAR = "linear"
    WHOLE = "whole"
    """Linear, with ticks on whole numbers only."""
    DEGREES = "degrees"
    """Linear, with ticks on parts of a full turn."""
    LOG = "log"
    """Equal steps for equal factors, with ticks on powers of ten; its ends are above zero."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values at the two ends of a side of a plot."""

    low: float = 0.0
    high: float = 1.0
    kind: Kind = Kind.LINEAR

    @property
    def ends(self) -> tuple[float, float]:
        """Both values."""
        return self.low, self.high

    def share(self, value: float) -> float:
        """Return how far along the axis a value lies: 0 at its low end, 1 at its high end."""
        return float(self.shares(np.asarray(value)))

    def shares(self, values: AnyArray) -> AnyArray:
        """Return the same of an array."""
        values = np.asarray(values, np.float64)  # float32 ends where some outputs still are
        if self.kind is not Kind.LOG:
            return np.asarray((values - self.low) / (self.high - self.low))
        powers = np.log10(np.maximum(values, self.low))
        return np.asarray((powers - self._powers[0]) / (self._powers[1] - self._powers[0]))

    def value_at(self, share: float) -> float:
        """Return the value that lies so far along the axis."""
        if self.kind is Kind.LOG:
            return self.low * math.pow(self.high / self.low, share)
        return self.low + share * (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """Return round values on the axis, with at most so many steps between them.

        >>> Axis(-1.0, 1.0).ticks(4)
        [-1.0, -0.5, 0.0, 0.5, 1.0]
        >>> Axis(0.0, 360.0, Kind.DEGREES).ticks(4)
        [0.0, 90.0, 180.0, 270.0, 360.0]
        >>> Axis(1e-5, 10.0, Kind.LOG).ticks(3)
        [1e-05, 0.001, 0.1, 10.0]
        """
        low, high = self._powers if self.kind is Kind.LOG else self.ends
        step = nice_step(high - low, most)
        if self.kind is Kind.LOG:
            step = float(math.ceil((high - low) / max(most, 1) - 1e-9))
        elif self.kind is Kind.WHOLE:
            step = max(step, 1.0)
        elif self.kind is Kind.DEGREES:
            step = next((turn for turn in TURNS if high - low <= most * turn), TURNS[-1])
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if self.kind is Kind.LOG:
            count = math.floor((high - low) / step + 1e-9) + 1
            return [math.pow(10.0, round(low) + number * step) for number in range(count)]
        digits = max(0, 2 - math.floor(math.log10(step)))
        return [round(place * step, digits) + 0.0 for place in range(first, last + 1)]

    @property
    def _powers(self) -> tuple[float, float]:
        return math.log10(self.low), math.log10(self.high)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where values lie in a room on the screen.

    Attributes:
        room: The rectangle between the axes [px].
        x: Along its lower side.
        y: Along its left side, upwards.
    """

    room: QRectF
    x: Axis
    y: Axis

    @property
    def per_x(self) -> float:
        """Pixels for one unit along a linear x."""
        return self.room.width() / (self.x.high - self.x.low)

    def at(self, x: float, y: float) -> QPointF:
        """Return where a point is painted."""
        across, up = self.x.share(x), self.y.share(y)
        room = self.room
        return QPointF(room.left() + across * room.width(), room.bottom() - up * room.height())

    def inside(self, x: float, y: float) -> QPointF:
        """Return where a point is painted; one beyond the axes is at their edge."""
        point, room = self.at(x, y), self.room
        point.setX(min(max(point.x(), room.left()), room.right()))
        point.setY(min(max(point.y(), room.top()), room.bottom()))
        return point

    def x_at(self, pixel: float) -> float:
        """Return the x below a pixel."""
        return self.x.value_at((pixel - self.room.left()) / self.room.width())

    def y_at(self, pixel: float) -> float:
        """Return the y beside a pixel."""
        return self.y.value_at((self.room.bottom() - pixel) / self.room.height())

    def places(self, x: AnyArray, y: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Return ``at`` of arrays; what is not finite lies on zero."""
        shown = np.nan_to_num(y, nan=0.0, posinf=1e30, neginf=-1e30)
        across = self.room.left() + self.x.shares(x) * self.room.width()
        up = self.room.bottom() - self.y.shares(shown) * self.room.height()
        return np.clip(across, -FAR, FAR), np.clip(up, -FAR, FAR)


def nice_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5, 10, … by which a span has no more steps than ``most``."""
    least = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least * (1 - 1e-9))


def extremes(arrays: Sequence[AnyArray]) -> tuple[float, float]:
    """Return the least and the largest finite value of all, and at least (0, 0)."""
    low = high = 0.0
    for values in arrays:
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return low, high


def settled(before: Axis, low: float, high: float) -> Axis:
    """Return an axis around values from low to high: the one before as long as it serves."""
    if low == high:
        return before
    spare = 1.04
    is_inside = before.low <= low and high <= before.high
    if is_inside and (high - low) >= KEPT_SHARE * (before.high - before.low):
        return before
    step = nice_step((high - low) * spare, 4) / 2
    return Axis(math.floor(low * spare / step) * step, math.ceil(high * spare / step) * step)


def decades(*arrays: AnyArray, least: float = LEAST, span: int = 1) -> Axis:
    """Return a logarithmic axis of whole powers of ten around all values.

    Args:
        arrays: What is to lie on it; what is not finite is left out.
        least: What is lower stands at the lower end; zero, too.
        span: At least so many powers.
    """
    values = np.concatenate([np.ravel(each) for each in arrays] or [np.zeros(0)])
    values = np.maximum(values[np.isfinite(values)], least)
    if not values.size:
        return Axis(0.1, 10.0, Kind.LOG)
    high = math.ceil(math.log10(float(values.max())))
    low = min(math.floor(math.log10(float(values.min()))), high - span)
    return Axis(math.pow(10.0, low), math.pow(10.0, high), Kind.LOG)
