"""What the mouse does over f and g: it drags handles, draws, points at pairs, slides g."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal

from convlab.document.signal.curves import Curve
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec
from convlab.ui.signals.signal_handles import HEIGHT, Handles
from convlab.ui.signals.slide_plot import SlidePlot

SNAP = 2.0  # a time that is nearer to a sample is that of the sample [px]


class SlideHands(QObject):
    """Turns presses, drags and moves of the mouse into intents.

    Signals:
        handle_dragged: Which signal ("f", "g"), which figure ("position", "width", "height"), and
            its new value.
        gesture_ended: A drag is over: its edits are one step of undo.
        drawn: Which signal, from (index, value) to (index, value).
        slid: The place c to which g was taken along.
        pair_pointed: The sample a of f whose pair lies under the mouse, or None.
    """

    handle_dragged = Signal(str, str, float)
    gesture_ended = Signal()
    drawn = Signal(str, int, float, int, float)
    slid = Signal(int)
    pair_pointed = Signal(object)

    def __init__(self, plot: SlidePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._shown: SignalShown | None = None
        self._specs: dict[str, SignalSpec] = {}
        self._gain = 1.0
        self._held: tuple[str, str] | None = None
        self._last_drawn: tuple[int, float] | None = None
        self._slide_from = 0.0
        plot.pressed.connect(self._on_pressed)
        plot.dragged.connect(self._on_dragged)
        plot.hovered.connect(self._on_hovered)
        plot.left.connect(self._on_left)
        plot.released.connect(self._on_released)

    @property
    def is_holding(self) -> bool:
        """Whether a handle or a pencil is held."""
        return self._held is not None

    def know(self, shown: SignalShown, specs: dict[str, SignalSpec], gain: float) -> None:
        """Learn what is shown, what the signals are, and how many times as high g is drawn."""
        self._shown, self._specs, self._gain = shown, specs, gain

    def drawings(self) -> list[str]:
        """Return the signals that can be drawn with the mouse."""
        kinds = {which: spec.kind for which, spec in self._specs.items()}
        return [which for which in "fg" if kinds.get(which) is SignalKind.DRAWING]

    def _on_pressed(self, position: QPointF) -> None:
        if self._shown is None or self._plot.flip is not None:
            return
        found, drawing = self._handle_at(position), self._drawing_at(position)
        if found is not None:
            self._held = (found[0].which, found[1])
        elif drawing is not None:
            self._held = (drawing, "")
            self._last_drawn = None
            self._draw(drawing, position)
        else:
            self._held = None
            self._slide_from = self._origin - self._plot.frame.x_at(position.x())

    def _on_dragged(self, position: QPointF) -> None:
        if self._shown is None or self._plot.flip is not None:
            return
        frame = self._plot.frame
        if self._held is None:
            time = self._slide_from + frame.x_at(position.x())
            self.slid.emit(round(time / self._shown.job.state.step))
            return
        which, name = self._held
        if not name:
            self._draw(which, position)
            return
        for handles, _ in self._plot.handles:
            if handles.which == which:
                value = self._snapped(name, handles.value(frame, name, position))
                self.handle_dragged.emit(which, name, value)

    def _on_released(self) -> None:
        is_held, self._held, self._last_drawn = self._held is not None, None, None
        if is_held:
            self.gesture_ended.emit()

    def _on_hovered(self, position: QPointF) -> None:
        is_hand = self._handle_at(position) is not None
        shapes = Qt.CursorShape
        idle = shapes.CrossCursor if self.drawings() else shapes.ArrowCursor
        self._plot.setCursor(shapes.PointingHandCursor if is_hand else idle)
        self.pair_pointed.emit(self._pair_at(position))

    def _on_left(self) -> None:
        self.pair_pointed.emit(None)

    def _snapped(self, name: str, value: float) -> float:
        """Let times stop at a sample that is near, and keep all digits that a pixel tells."""
        assert self._shown is not None
        frame, step = self._plot.frame, self._shown.job.state.step
        per_pixel = 1 / frame.per_x
        if name == HEIGHT:
            per_pixel = (frame.y.high - frame.y.low) / frame.room.height()
        nearest = round(value / step) * step
        if name != HEIGHT and abs(nearest - value) <= SNAP * per_pixel:
            return nearest
        return round(value, max(1 - math.floor(math.log10(per_pixel)), 0))

    @property
    def _origin(self) -> float:
        assert self._shown is not None
        return self._shown.window.c * self._shown.job.state.step

    def _pair_at(self, position: QPointF) -> int | None:
        """Return the sample of f whose pair stands at a place."""
        if self._shown is None or not self._plot.frame.room.contains(position):
            return None
        a = round(self._plot.frame.x_at(position.x()) / self._shown.job.state.step)
        terms = self._shown.window.terms
        return a if len(terms.a) and terms.a[0] <= a <= terms.a[-1] else None

    def _handle_at(self, position: QPointF) -> tuple[Handles, str] | None:
        for handles, _ in self._plot.handles:
            name = handles.at(self._plot.frame, position)
            if name is not None:
                return handles, name
        return None

    def _drawing_at(self, position: QPointF) -> str | None:
        """Return the signal that is drawn from here: of two the one that is nearer."""
        shown = self._shown
        if shown is None:
            return None
        curves = {"f": (shown.curves.f, 1.0), "g": (shown.window.slid, self._gain)}
        found = {which: self._height_above(position, *curves[which]) for which in self.drawings()}
        return min(found, key=lambda which: found[which], default=None)

    def _height_above(self, position: QPointF, curve: Curve, gain: float) -> float:
        """Return how far a signal is from a place, upwards or downwards [px]."""
        assert self._shown is not None
        frame = self._plot.frame
        time = frame.x_at(position.x())
        nearest = int(np.abs(curve.times - time).argmin())
        if abs(float(curve.times[nearest]) - time) > self._shown.job.state.step:
            return math.inf
        value = float(np.mean(curve.values[..., nearest])) * gain
        return abs(frame.at(time, value).y() - position.y())

    def _draw(self, which: str, position: QPointF) -> None:
        """Report a stroke from where the mouse was to where it is."""
        assert self._shown is not None
        frame, state = self._plot.frame, self._shown.job.state
        time = frame.x_at(position.x())
        if which == "g":
            time = self._origin - time if state.is_flipped else time - self._origin
        index = min(max(round(time / state.step), 0), state.count - 1)
        span = frame.y.high - frame.y.low  # beyond the axis, too: so it is drawn below zero
        value = min(max(frame.y_at(position.y()), frame.y.low - span), frame.y.high + span)
        value = round(value / (self._gain if which == "g" else 1.0), 4)
        before = self._last_drawn or (index, value)
        self._last_drawn = (index, value)
        self.drawn.emit(which, *before, index, value)
