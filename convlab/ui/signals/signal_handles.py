"""Where a signal is taken hold of: its position, its width and its height."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from convlab.document.signal.model import SignalKind, SignalSpec
from convlab.ui.theme import px, theme
from convlab.ui.widgets.plot_frame import Frame
from convlab.ui.widgets.plot_trace import Ink

REACH = 9.0  # a handle is taken hold of from here [px]
SIDE = 9.0  # of a handle [px]

POSITION, WIDTH, HEIGHT = "position", "width", "height"
HALVED = (SignalKind.BOX, SignalKind.TRIANGLE)
"""Kinds whose width reaches half to either side of their position."""


@dataclass(frozen=True, slots=True)
class Handles:
    """A signal's handles in a plot.

    Attributes:
        which: "f" or "g".
        spec: The signal.
        origin: The time at which the signal's own time is zero.
        direction: −1 where it is flipped, else 1.
        gain: How many times as high it is drawn.
    """

    which: str
    spec: SignalSpec
    origin: float = 0.0
    direction: int = 1
    gain: float = 1.0

    def places(self) -> dict[str, tuple[float, float]]:
        """Return (time, value) of each handle in the plot."""
        spec = self.spec
        if not spec.uses(POSITION):
            return {}
        height = spec.height * self.gain if spec.uses(HEIGHT) and not spec.is_normalised else 0.0
        places = {POSITION: (self._time(spec.position), 0.0)}
        if spec.uses(WIDTH):
            places[WIDTH] = (self._time(spec.position + self._reach), height / 2)
        if height:
            places[HEIGHT] = (self._time(spec.position), height)
        return places

    def at(self, frame: Frame, position: QPointF) -> str | None:
        """Return the nearest handle within reach, or None."""
        found = {
            name: (frame.at(*place) - position).manhattanLength()
            for name, place in self.places().items()
        }
        name = min(found, key=lambda each: found[each], default=None)
        return name if name is not None and found[name] <= 2 * px(REACH) else None

    def value(self, frame: Frame, name: str, position: QPointF) -> float:
        """Return what a signal's figure becomes with its handle at a position."""
        if name == HEIGHT:
            return frame.y_at(position.y()) / self.gain
        own = self.direction * (frame.x_at(position.x()) - self.origin)
        if name == POSITION:
            return own
        return max(own - self.spec.position, 0.0) * self._share

    @property
    def _share(self) -> float:
        return 2.0 if self.spec.kind in HALVED else 1.0

    @property
    def _reach(self) -> float:
        """How far the handle of the width is from the position [time]."""
        return self.spec.width / self._share

    def _time(self, own: float) -> float:
        return self.origin + self.direction * own


def paint_handles(painter: QPainter, frame: Frame, handles: Handles, ink: Ink) -> None:
    """Paint small squares to take hold of."""
    painter.save()
    painter.setPen(QPen(QColor(ink()), 1.6))
    painter.setBrush(QColor(theme().panel))
    for place in handles.places().values():
        rect = QRectF(0, 0, px(SIDE), px(SIDE))
        rect.moveCenter(frame.at(*place))
        if frame.room.adjusted(-px(SIDE), -px(SIDE), px(SIDE), px(SIDE)).contains(rect.center()):
            painter.drawRoundedRect(rect, 2, 2)
    painter.restore()
