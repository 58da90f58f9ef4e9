"""Two signals and what comes of them: g, flipped, slides over f; the product; the result."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEasingCurve, QPointF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from convlab.document.signal.model import SignalKind, SignalSpec
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import f_color, g_color, product_color, result_color
from convlab.ui.signals.signal_handles import DottedPlot, HandledPlot, Handles, quiet
from convlab.ui.widgets.forms import as_panel
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, extremes
from convlab.ui.widgets.plot_trace import Ink, Style, Trace

FLIP_TIME = 600  # [ms]
FLIP_CAPTION = "c = a + b, so b = c − a: g is flipped"
PRODUCT_FROM = 250  # a lower view shades the product over f, without a plot of its own [px]
FAINT = 0.28
HEADROOM = 1.08  # for the handles on top
BESIDE = 3.0  # from a sample to the stem of f on its left and of g on its right [px]
NONE: AnyArray = np.zeros(0)
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
        self._times, self._f, self._g = NONE, NONE, NONE
        self._result_times, self._result = NONE, NONE
        self._window: tuple[AnyArray, AnyArray, AnyArray] = (NONE, NONE, NONE)
        self._slid: tuple[AnyArray, AnyArray] = (NONE, NONE)
        self._gain = 1.0  # how many times as high g is drawn
        self._specs: dict[str, SignalSpec] = {}
        self._valid_part = (0, 0)
        self._position, self._step, self._total = 0, 1.0, 0.0
        self._is_continuous, self._is_flipped = False, True
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.setSpacing(2)
        for plot, share in ((self.signals, 4), (self.product, 3), (self.result, 4)):
            layout.addWidget(plot, share)

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

    def forget_values(self) -> None:
        """What comes next has ranges of its own, and not those that were wide enough before."""
        for plot in (self.signals, self.product, self.result):
            plot.forget_values()

    def show_signals(
        self,
        times: AnyArray,
        f: AnyArray,
        g: AnyArray,
        is_continuous: bool,
        is_flipped: bool,
        step: float | None = None,
    ) -> None:
        """Show the two signals.

        Args:
            times: ``(N,)``, evenly spaced.
            f: ``(N,)``; or ``(2, N)``, the least and largest of many samples each.
            g: Likewise.
            is_continuous: They are curves.
            is_flipped: g is flipped before it slides.
            step: From one sample to the next, where it is not that of ``times``.
        """
        self._times, self._f, self._g = times, f, g
        self._is_continuous, self._is_flipped = is_continuous, is_flipped
        between = float(times[1] - times[0]) if len(times) > 1 else 1.0
        self._step = step or between
        self._fit_times()
        if self._held is None:  # else it would grow under the mouse that drags it
            self._gain = drawn_gain(f, g)
        self.signals.fit_values(HEADROOM * f, HEADROOM * self._gain * g)
        # Whatever g lies on, the product stays within this: its range stands still.
        self.product.fit_values(np.outer(extremes([f]), extremes([g])))
        self._show_f()
        self._show_moving()

    def _show_f(self) -> None:
        f = self._trace(self._times, self._f, f_color)
        self.signals.set_still([replace(f, shift=-BESIDE)])

    def show_specs(self, f: SignalSpec, g: SignalSpec) -> None:
        """Show what the handles stand for."""
        self._specs = {"f": f, "g": g}
        self._show_moving()

    def show_result(
        self, times: AnyArray, result: AnyArray, kept_first: int, kept_last: int
    ) -> None:
        """Show all of the result, faintly.

        Args:
            times: ``(M,)``, of the first to the last value of the full result.
            result: ``(M,)``, or ``(2, M)``.
            kept_first: First n that the mode keeps.
            kept_last: Last n that it keeps.
        """
        self._result_times, self._result = times, result
        self._valid_part = (kept_first, kept_last)
        self._fit_times()
        self.result.fit_values(result)
        self.result.set_still([self._trace(times, result, result_color, FAINT)])
        self._show_moving()

    def show_window(
        self,
        position: int,
        indices: AnyArray,
        placed_g: AnyArray,
        product: AnyArray,
        total: float,
        slid: tuple[AnyArray, AnyArray] | None = None,
    ) -> None:
        """Show g at one place over f.

        Args:
            position: The n of the full result.
            indices: ``(K,)``, sample numbers of f at which g is given; they may lie beyond f.
            placed_g: ``(K,)`` or ``(2, K)``, as it lies there.
            product: ``(K,)`` or ``(2, K)``, with f.
            total: Sum or area of the product: the result at n.
            slid: Times and values of all of g where it lies, also beyond f; None: ``placed_g``.
        """
        self._position, self._total = position, total
        times = np.asarray(indices) * self._step
        self._window = (times, placed_g, product)
        self._slid = slid or (times, placed_g)
        self._show_moving()

    def animate_flip(self) -> None:
        """Show how g is flipped about its own time zero."""
        self._flip.stop()
        self._flip.start()

    @property
    def is_flipping(self) -> bool:
        """Whether g is just being flipped."""
        return self._flip.state() is QVariantAnimation.State.Running

    def _trace(self, times: AnyArray, values: AnyArray, ink: Ink, opacity: float = 1.0) -> Trace:
        return Trace(times, values, ink, self._style, opacity=opacity)

    @property
    def _style(self) -> Style:
        return Style.AREA if self._is_continuous else Style.STEMS

    def _fit_times(self) -> None:
        """Give all plots one time axis, with room for the flipped g on its left."""
        if len(self._times) == 0:
            return
        ends = [
            float(times[end])
            for times in (self._times, self._result_times)
            if len(times)
            for end in (0, -1)
        ]
        first, last = min(ends), max(ends)
        if self._is_flipped:
            # In whole quarters, so that the axis stands still while g is made wider.
            quarter = float(self._times[-1] - self._times[0]) / 4 or self._step
            first = min(first, -math.ceil(self._g_end() / quarter) * quarter)
        spare = 0.01 * (last - first) + self._step / 2
        for plot in (self.signals, self.product, self.result):
            plot.set_axes(Axis(first - spare, last + spare))

    def _g_end(self) -> float:
        """Return the last time at which g is not zero."""
        values = np.abs(self._g).max(axis=0) if self._g.ndim == 2 else np.abs(self._g)
        places = np.flatnonzero(values > 0.002 * values.max(initial=0.0))
        return float(self._times[places[-1]]) if len(places) else 0.0

    @property
    def origin(self) -> float:
        """The time of the result that is looked at: there lies g's own time zero."""
        first = float(self._result_times[0]) if len(self._result_times) else 0.0
        return first + self._position * self._step

    def _show_moving(self) -> None:
        if len(self._times) == 0:
            return
        if self.is_flipping:
            self._show_flip()
            return
        times, _, product = self._window
        lone = not self.product.isVisibleTo(self)
        slid_times, slid = self._slid
        g = Trace(slid_times, slid * self._gain, g_color, self._style, shift=BESIDE)
        shaded = Trace(times, product, product_color, self._style, is_shaded=True)
        self.signals.set_moving([shaded, g] if lone else [g])
        self.product.set_moving([shaded])
        self.signals.set_mark(self.origin, ink=quiet)
        self.signals.handles = self._handles()
        self._show_drawn_part()
        self._show_captions(lone)

    def _show_flip(self) -> None:
        share = float(self._flip.currentValue())
        g = self._trace(self._times * share, self._g * self._gain, g_color)
        self.signals.set_moving([g])
        self.signals.handles = []
        self.signals.set_mark(0.0, ink=quiet)
        self.signals.set_captions(FLIP_CAPTION)

    def _handles(self) -> list[tuple[Handles, Ink]]:
        if not self._specs:
            return []
        direction = -1 if self._is_flipped else 1
        return [
            (Handles("g", self._specs["g"], self.origin, direction, self._gain), g_color),
            (Handles("f", self._specs["f"]), f_color),
        ]

    def _show_drawn_part(self) -> None:
        """Draw strongly what is kept of the result up to the dot."""
        first = float(self._result_times[0]) if len(self._result_times) else 0.0
        start, end = (first + place * self._step for place in self._valid_part)
        end = min(end, self.origin)
        slack = self._step / 4
        inside = (self._result_times >= start - slack) & (self._result_times <= end + slack)
        part = self._result[..., inside]
        self.result.set_moving([self._trace(self._result_times[inside], part, result_color)])
        self.result.show_dot(self.origin, self._total)

    def _show_captions(self, lone: bool) -> None:
        flipped = "g(c − a), flipped" if self._is_flipped else "g(a − c), not flipped"
        word = "area" if self._is_continuous else "sum"
        total = f"{word} {show_number(self._total)}"
        at = f"c = {show_number(self.origin)}"
        gain = "" if self._gain == 1.0 else f" (drawn × {show_number(self._gain, 6)})"
        drawn = " or ".join(self._drawings())
        hint = f": draw {drawn} with the mouse" if drawn else ""
        self.signals.set_captions(f"f(a) and {flipped}{gain}, at {at}{hint}", total if lone else "")
        self.product.set_captions("their product", total)
        name = "convolution" if self._is_flipped else "correlation"
        is_kept = self._valid_part[0] <= self._position <= self._valid_part[1]
        left_out = "" if is_kept else ", left out by the mode"
        self.result.set_captions(f"{name} at {at}{left_out}", show_number(self._total))

    # ---- mouse and keyboard ----

    def _drawings(self) -> list[str]:
        """Return the signals that can be drawn with the mouse."""
        kinds = {which: spec.kind for which, spec in self._specs.items()}
        return [which for which in "fg" if kinds.get(which) is SignalKind.DRAWING]

    def _drawing_at(self, position: QPointF) -> str | None:
        """Return the signal that is drawn from here: of two the one that is nearer."""
        slid_times, slid = self._slid
        signals = {"f": (self._times, self._f), "g": (slid_times, slid * self._gain)}
        found = {which: self._height_above(position, *signals[which]) for which in self._drawings()}
        return min(found, key=lambda which: found[which], default=None)

    def _height_above(self, position: QPointF, times: AnyArray, values: AnyArray) -> float:
        """Return how far a signal is from a place, upwards or downwards [px]."""
        frame = self.signals.frame
        time = frame.x_at(position.x())
        if len(times) == 0:
            return math.inf
        nearest = int(np.abs(times - time).argmin())
        if abs(float(times[nearest]) - time) > self._step:
            return math.inf
        value = float(np.mean(values[..., nearest]))
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
        frame = self.signals.frame
        time = frame.x_at(position.x())
        if which == "g":
            time = self.origin - time if self._is_flipped else time - self.origin
        last = round((float(self._times[-1]) - float(self._times[0])) / self._step)
        index = min(max(round(time / self._step), 0), last)
        value = min(max(frame.y_at(position.y()), frame.y.low), frame.y.high)
        value = round(value / (self._gain if which == "g" else 1.0), 4)
        before = self._last_drawn or (index, value)
        self._last_drawn = (index, value)
        self.drawn.emit(which, *before, index, value)

    def _on_result_scrubbed(self, position: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(self.result.frame.x_at(position.x()))

    def _choose(self, time: float) -> None:
        first = float(self._result_times[0]) if len(self._result_times) else 0.0
        self._go(round((time - first) / self._step))

    def _last(self) -> int:
        if len(self._result_times) == 0:
            return 0
        span = float(self._result_times[-1]) - float(self._result_times[0])
        return round(span / self._step)

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
