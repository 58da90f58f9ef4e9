"""Two signals and what comes of them: g, flipped, slides over f; the product; the result."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEasingCurve, QPointF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from convlab.document.signal.curves import Curve
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalKind, SignalSpec, SignalState
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import f_color, g_color, product_color, result_color
from convlab.ui.signals.signal_handles import DottedPlot, HandledPlot, Handles, quiet
from convlab.ui.widgets.forms import as_panel, filled
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, extremes
from convlab.ui.widgets.plot_trace import Ink, Style, Trace

FLIP_TIME = 600  # [ms]
FLIP_CAPTION = "c = a + b, so b = c − a: g is flipped"
PRODUCT_FROM = 250  # a lower view shades the product over f, without a plot of its own [px]
FAINT = 0.28
HEADROOM = 1.08  # for the handles on top
BESIDE = 3.0  # from a sample to the stem of f on its left and of g on its right [px]
NO_TIMES = Look((50.0, 19.0, 12.0, 5.0))  # the lowest plot has the texts of all axes

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}

MOST_APART = 4.0  # times that one signal is higher than the other, and both drawn alike


class SignalView(QWidget):
    """Shows arrays as they are given, and reports what a person wants changed.

    All three plots have one time axis. g is drawn where its own time zero lies at that of the
    result that is looked at.

    Signals:
        handle_dragged: Which signal ("f", "g"), which figure ("position", "width", "height"), and
            its new value.
        gesture_ended: A drag is over: its edits are one step of undo.
        drawn: Which signal, from (index, value) to (index, value).
        position_chosen: The n of the result that is to be looked at.
        stepped: By so many samples from where g is wanted, which may not be shown yet.
        painted: What was shown last is on the screen.
    """

    handle_dragged = Signal(str, str, float)
    gesture_ended = Signal()
    drawn = Signal(str, int, float, int, float)
    position_chosen = Signal(int)
    stepped = Signal(int)
    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("signal_view")
        self.setAccessibleName("f, the sliding g, their product and the result")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        as_panel(self)
        self.signals = HandledPlot("signal_plot", "f, and g sliding over it", NO_TIMES)
        self.product = Plot("product_plot", "The product of f and g", NO_TIMES)
        self.result = DottedPlot("result_plot", "The result")
        self._shown: SignalShown | None = None
        self._gain = 1.0  # how many times as high g is drawn
        self._specs: dict[str, SignalSpec] = {}
        self._held: tuple[str, str] | None = None
        self._last_drawn: tuple[int, float] | None = None
        self._scrub_from = 0.0
        self._flip = QVariantAnimation(self)
        self._flip.setDuration(FLIP_TIME)
        self._flip.setStartValue(1.0)
        self._flip.setEndValue(-1.0)
        self._flip.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        plots = ((self.signals, 4), (self.product, 3), (self.result, 4))
        filled(QVBoxLayout(self), *plots, margins=(4, 2, 4, 2), spacing=2)

    def _connect(self) -> None:
        self.signals.pressed.connect(self._on_signals_pressed)
        self.signals.dragged.connect(self._on_signals_dragged)
        self.signals.hovered.connect(self._on_signals_hovered)
        self.signals.released.connect(self._on_released)
        self.result.pressed.connect(self._on_result_scrubbed)
        self.result.dragged.connect(self._on_result_scrubbed)
        self._flip.valueChanged.connect(self._show_moving)
        self._flip.finished.connect(self._show_moving)
        self.signals.painted.connect(self.painted)

    # ---- what is shown ----

    def show_specs(self, f: SignalSpec, g: SignalSpec) -> None:
        """Show what the handles stand for."""
        self._specs = {"f": f, "g": g}
        self._show_moving()

    def show_result(self, shown: SignalShown) -> None:
        """Show both signals and g at its place; of another story in ranges of its own."""
        before, self._shown = self._shown, shown
        if before is not None and is_another_story(before.job.state, shown.job.state):
            for plot in (self.signals, self.product, self.result):
                plot.forget_values()
        if before is None or before.curves is not shown.curves or before.kept != shown.kept:
            self._show_still(shown)
        self._show_moving()

    def _show_still(self, shown: SignalShown) -> None:
        """Show what stands still while g slides: f, and faintly the result."""
        self._fit_times(shown)
        curves = shown.curves
        f, g, result = curves.f.values, curves.g.values, curves.result.values
        if self._held is None:  # else it would grow under the mouse that drags it
            self._gain = drawn_gain(f, g)
        self.signals.fit_values(HEADROOM * f, HEADROOM * self._gain * g)
        # Whatever g lies on, the product stays within this: its range stands still.
        self.product.fit_values(np.outer(extremes([f]), extremes([g])))
        self.result.fit_values(result)
        style = _style(shown)
        self.signals.set_still([Trace(curves.f.times, f, f_color, style, shift=-BESIDE)])
        times = curves.result.times
        self.result.set_still([Trace(times, result, result_color, style, opacity=FAINT)])

    def animate_flip(self) -> None:
        """Show how g is flipped about its own time zero."""
        self._flip.stop()
        self._flip.start()

    @property
    def is_flipping(self) -> bool:
        """Whether g is just being flipped."""
        return self._flip.state() is QVariantAnimation.State.Running

    def _fit_times(self, shown: SignalShown) -> None:
        """Give all plots one time axis, with room for the flipped g on its left."""
        state, times = shown.job.state, shown.times
        first = min(float(times[0]), float(shown.result_times[0]))
        last = max(float(times[-1]), float(shown.result_times[-1]))
        if state.is_flipped:
            # In whole quarters, so that the axis stands still while g is made wider.
            quarter = float(times[-1] - times[0]) / 4 or state.step
            first = min(first, -math.ceil(_end(shown.curves.g) / quarter) * quarter)
        spare = 0.01 * (last - first) + state.step / 2
        for plot in (self.signals, self.product, self.result):
            plot.set_axes(Axis(first - spare, last + spare))

    @property
    def origin(self) -> float:
        """The time of the result that is looked at: there lies g's own time zero."""
        shown = self._shown
        return 0.0 if shown is None else float(shown.result_times[shown.window.position])

    def _show_moving(self) -> None:
        shown = self._shown
        if shown is None:
            return
        if self.is_flipping:
            self._show_flip(shown)
            return
        window, style = shown.window, _style(shown)
        lone = not self.product.isVisibleTo(self)
        slid, product = window.slid, window.product_curve
        g = Trace(slid.times, slid.values * self._gain, g_color, style, shift=BESIDE)
        shaded = Trace(product.times, product.values, product_color, style, is_shaded=True)
        self.signals.set_moving([shaded, g] if lone else [g])
        self.product.set_moving([shaded])
        self.signals.set_mark(self.origin, ink=quiet)
        self.signals.handles = self._handles(shown.job.state)
        self._show_drawn_part(shown)
        self._show_captions(shown, lone)

    def _show_flip(self, shown: SignalShown) -> None:
        share, g = float(self._flip.currentValue()), shown.curves.g
        trace = Trace(g.times * share, g.values * self._gain, g_color, _style(shown))
        self.signals.set_moving([trace])
        self.signals.handles = []
        self.signals.set_mark(0.0, ink=quiet)
        self.signals.set_captions(FLIP_CAPTION)

    def _handles(self, state: SignalState) -> list[tuple[Handles, Ink]]:
        if not self._specs:
            return []
        direction = -1 if state.is_flipped else 1
        return [
            (Handles("g", self._specs["g"], self.origin, direction, self._gain), g_color),
            (Handles("f", self._specs["f"]), f_color),
        ]

    def _show_drawn_part(self, shown: SignalShown) -> None:
        """Draw strongly what is kept of the result up to the dot."""
        kept, curve = shown.result_times[shown.kept], shown.curves.result
        slack = shown.job.state.step / 4
        last = min(float(kept[-1]), self.origin)
        inside = (curve.times >= float(kept[0]) - slack) & (curve.times <= last + slack)
        values = curve.values[..., inside]
        part = Trace(curve.times[inside], values, result_color, _style(shown))
        self.result.set_moving([part])
        self.result.show_dot(self.origin, shown.window.total)

    def _show_captions(self, shown: SignalShown, lone: bool) -> None:
        state, window = shown.job.state, shown.window
        flipped = "g(c − a), flipped" if state.is_flipped else "g(a − c), not flipped"
        word = "area" if state.is_continuous else "sum"
        total = f"{word} {show_number(window.total)}"
        at = f"c = {show_number(self.origin)}"
        gain = "" if self._gain == 1.0 else f" (drawn × {show_number(self._gain, 6)})"
        drawn = " or ".join(self._drawings())
        hint = f": draw {drawn} with the mouse" if drawn else ""
        self.signals.set_captions(f"f(a) and {flipped}{gain}, at {at}{hint}", total if lone else "")
        self.product.set_captions("their product", total)
        name = "convolution" if state.is_flipped else "correlation"
        is_kept = shown.kept.start <= window.position < shown.kept.stop
        left_out = "" if is_kept else ", left out by the mode"
        self.result.set_captions(f"{name} at {at}{left_out}", show_number(window.total))

    # ---- mouse and keyboard ----

    def _drawings(self) -> list[str]:
        """Return the signals that can be drawn with the mouse."""
        kinds = {which: spec.kind for which, spec in self._specs.items()}
        return [which for which in "fg" if kinds.get(which) is SignalKind.DRAWING]

    def _drawing_at(self, position: QPointF) -> str | None:
        """Return the signal that is drawn from here: of two the one that is nearer."""
        shown = self._shown
        if shown is None:
            return None
        curves = {"f": (shown.curves.f, 1.0), "g": (shown.window.slid, self._gain)}
        found = {which: self._height_above(position, *curves[which]) for which in self._drawings()}
        return min(found, key=lambda which: found[which], default=None)

    def _height_above(self, position: QPointF, curve: Curve, gain: float) -> float:
        """Return how far a signal is from a place, upwards or downwards [px]."""
        assert self._shown is not None
        frame = self.signals.frame
        time = frame.x_at(position.x())
        nearest = int(np.abs(curve.times - time).argmin())
        if abs(float(curve.times[nearest]) - time) > self._shown.job.state.step:
            return math.inf
        value = float(np.mean(curve.values[..., nearest])) * gain
        return abs(frame.at(time, value).y() - position.y())

    def _handle_at(self, position: QPointF) -> tuple[Handles, str] | None:
        for handles, _ in self.signals.handles:
            name = handles.at(self.signals.frame, position)
            if name is not None:
                return handles, name
        return None

    def _on_signals_hovered(self, position: QPointF) -> None:
        is_hand = self._handle_at(position) is not None
        shapes = Qt.CursorShape
        idle = shapes.CrossCursor if self._drawings() else shapes.ArrowCursor
        self.signals.setCursor(shapes.PointingHandCursor if is_hand else idle)

    def _on_signals_pressed(self, position: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        found, drawing = self._handle_at(position), self._drawing_at(position)
        if found is not None:
            self._held = (found[0].which, found[1])
        elif drawing is not None:
            self._held = (drawing, "")
            self._last_drawn = None
            self._draw(drawing, position)
        else:
            self._held = None
            self._scrub_from = self.origin - self.signals.frame.x_at(position.x())

    def _on_signals_dragged(self, position: QPointF) -> None:
        frame = self.signals.frame
        if self._held is None:
            self._choose(self._scrub_from + frame.x_at(position.x()))
            return
        which, name = self._held
        if not name:
            self._draw(which, position)
            return
        for handles, _ in self.signals.handles:
            if handles.which == which:
                value = round(handles.value(frame, name, position), 4)
                self.handle_dragged.emit(which, name, value)

    def _on_released(self) -> None:
        if self._held is not None:
            self.gesture_ended.emit()
        self._held = self._last_drawn = None

    def _draw(self, which: str, position: QPointF) -> None:
        """Report a stroke from where the mouse was to where it is."""
        assert self._shown is not None
        frame, state = self.signals.frame, self._shown.job.state
        time = frame.x_at(position.x())
        if which == "g":
            time = self.origin - time if state.is_flipped else time - self.origin
        index = min(max(round(time / state.step), 0), state.count - 1)
        value = min(max(frame.y_at(position.y()), frame.y.low), frame.y.high)
        value = round(value / (self._gain if which == "g" else 1.0), 4)
        before = self._last_drawn or (index, value)
        self._last_drawn = (index, value)
        self.drawn.emit(which, *before, index, value)

    def _on_result_scrubbed(self, position: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(self.result.frame.x_at(position.x()))

    def _choose(self, time: float) -> None:
        if self._shown is not None:
            first = float(self._shown.result_times[0])
            self._go(round((time - first) / self._shown.job.state.step))

    def _last(self) -> int:
        return 0 if self._shown is None else len(self._shown.result) - 1

    def _go(self, position: int) -> None:
        self.position_chosen.emit(min(max(position, 0), self._last()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self.stepped.emit(STEPS[key])
        elif key is Qt.Key.Key_Home:
            self._go(0)
        elif key is Qt.Key.Key_End:
            self._go(self._last())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.product.setVisible(self.height() >= PRODUCT_FROM)
        self._show_moving()


def is_another_story(before: SignalState, after: SignalState) -> bool:
    """Tell whether other signals are shown, and not the same ones with another figure."""
    is_other_scene = bool(after.scene) and after.scene != before.scene
    kinds = [(state.f.kind, state.g.kind) for state in (before, after)]
    return is_other_scene or kinds[0] != kinds[1]


def _style(shown: SignalShown) -> Style:
    return Style.AREA if shown.job.state.is_continuous else Style.STEMS


def _end(curve: Curve) -> float:
    """Return the last time at which a signal is not zero."""
    values = np.abs(curve.values).max(axis=0) if curve.values.ndim == 2 else np.abs(curve.values)
    places = np.flatnonzero(values > 0.002 * values.max(initial=0.0))
    return float(curve.times[places[-1]]) if len(places) else 0.0


def drawn_gain(f: AnyArray, g: AnyArray) -> float:
    """Return how many times as high g is drawn, to be seen beside f: one of 1, 2, 5, 10 and so on.

    1 where both are of one size, to four times; less where g is the higher one.
    """
    highest_f, highest_g = (
        float(np.abs(signal[np.isfinite(signal)]).max(initial=0.0)) for signal in (f, g)
    )
    if highest_f == 0.0 or highest_g == 0.0:
        return 1.0
    ratio = highest_f / highest_g
    if 1 / MOST_APART <= ratio <= MOST_APART:
        return 1.0
    power = 10.0 ** math.floor(math.log10(ratio))
    return float(f"{max(power * step for step in (1, 2, 5) if power * step <= ratio):.6g}")
