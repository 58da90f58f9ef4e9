"""Two signals and what comes of them: g, flipped, slides over f; what they share; the result."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from convlab.document.signal.curves import Curve
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import SignalSpec, SignalState
from convlab.document.signal.scenes import Units, scene_of
from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.gains import drawn_gain, fitting_gain
from convlab.ui.signals.result_plot import ResultPlot, quiet
from convlab.ui.signals.signal_colors import (
    f_color,
    g_color,
    product_color,
    result_color,
    truth_color,
)
from convlab.ui.signals.signal_controls import MotionBar
from convlab.ui.signals.signal_handles import Handles
from convlab.ui.signals.signal_words import estimate_text, reason_text, sum_name, value_name
from convlab.ui.signals.slide_hands import SlideHands
from convlab.ui.signals.slide_plot import Flip, Overlap, SlidePlot
from convlab.ui.widgets.forms import as_panel, filled, wrapped_label
from convlab.ui.widgets.plot import Look
from convlab.ui.widgets.plot_frame import Axis, extremes
from convlab.ui.widgets.plot_trace import Ink, Style, Trace

FAINT = 0.28
ROW_GAP = 44  # from one line behind the signals to the next [px]
HEADROOM = 1.12  # for the handles and the factors on top
BESIDE = 3.0  # from a sample to the stem of f on its left and of g on its right [px]
LONGEST_DOTTED = 64  # values of the other result, each of which has a dot
LONGEST_OVERLAP = 2000  # samples of it that are shaded one by one

STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PAIR_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SignalView(QWidget):
    """Shows arrays as they are given, and reports what a person wants changed.

    Both plots have one axis of places. g is drawn where its own zero lies at the place c of the
    result that is looked at.

    Args:
        motion: The controls of the slide; they stand between the plots.

    Signals:
        place_chosen: The c of the result that is to be looked at.
        stepped: By so many samples from where g is wanted, which may not be shown yet.
        pair_pointed: The sample a of f whose pair is looked at, or None.
        painted: What was shown last is on the screen.
    """

    place_chosen = Signal(int)
    stepped = Signal(int)
    pair_pointed = Signal(object)
    painted = Signal()

    def __init__(self, motion: MotionBar) -> None:
        super().__init__()
        self.setObjectName("signal_view")
        self.setAccessibleName("f, the sliding g, what they share, and the result")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        as_panel(self)
        self.reason = wrapped_label("flip_reason", role="answer")
        look = Look(row_gap=ROW_GAP)
        self.signals = SlidePlot("signal_plot", "f, and g sliding over it", look)
        self.result = ResultPlot("result_plot", "The result", look)
        self.hands = SlideHands(self.signals)
        self._shown: SignalShown | None = None
        self._gain = 1.0  # how many times as high g is drawn
        self._product_gain = 1.0
        self._specs: dict[str, SignalSpec] = {}
        self._share = 1.0  # of the flip
        self._pair: int | None = None
        plots = ((self.signals, 5), motion, (self.result, 4))
        head = filled(QHBoxLayout(), (self.reason, 1), motion.flipping, spacing=8)
        filled(QVBoxLayout(self), head, *plots, margins=(4, 2, 4, 2), spacing=4)
        self._connect()

    def _connect(self) -> None:
        self.signals.pressed.connect(self._on_pressed)
        self.hands.slid.connect(self.place_chosen)
        self.hands.gesture_ended.connect(self._on_gesture_ended)
        self.hands.pair_pointed.connect(self.pair_pointed)
        self.result.pressed.connect(self._on_result_scrubbed)
        self.result.dragged.connect(self._on_result_scrubbed)
        self.result.hovered.connect(self._on_result_hovered)
        self.result.left.connect(self._on_result_left)
        self.signals.painted.connect(self.painted)

    # ---- what is shown ----

    def show_specs(self, f: SignalSpec, g: SignalSpec) -> None:
        """Show what the handles stand for."""
        self._specs = {"f": f, "g": g}
        self._show_moving()

    def show_flip(self, share: float) -> None:
        """Show g on its way from where it was, 0, to where the convolution wants it, 1."""
        if share != self._share:
            self._share = share
            self._show_moving()

    def show_pair(self, a: int | None) -> None:
        """Let the pair of a sample of f stand out."""
        if a != self._pair:
            self._pair = a
            self._show_moving()

    def show_result(self, shown: SignalShown) -> None:
        """Show both signals and g at its place; of another story in ranges of its own."""
        before, self._shown = self._shown, shown
        if before is None or is_another_story(before.job.state, shown.job.state):
            for plot in (self.signals, self.result):
                plot.forget_values()
        if before is None or before.curves is not shown.curves or before.kept != shown.kept:
            self._show_still(shown)
        self._show_moving()

    @property
    def is_flipping(self) -> bool:
        """Whether g is on its way: a correlation does not flip it."""
        shown = self._shown
        return shown is not None and shown.job.state.is_flipped and self._share < 1.0

    def _show_still(self, shown: SignalShown) -> None:
        """Show what stands still while g slides: the ranges, and faintly both results."""
        if not self.hands.is_holding:
            self._fit_times(shown)
        curves, units = shown.curves, _units(shown)
        f, g, result = curves.f.values, curves.g.values, curves.result.values
        if not self.hands.is_holding:  # else the axis would run away under the mouse
            self._gain = drawn_gain(f, g)
            self.signals.fit_values(HEADROOM * f, HEADROOM * self._gain * g)
        self._product_gain = fitting_gain(
            np.outer(extremes([f]), extremes([g])), self.signals.frame.y
        )
        style, others = _style(shown), []
        if shown.estimate is not None:
            self.result.fit_values(result, f)
        elif curves.other is not None:
            other = curves.other
            has_dots = len(other.times) <= LONGEST_DOTTED and not shown.job.state.is_continuous
            line = Trace(other.times, other.values, quiet, Style.LINE, width=1.2)
            others = [replace(line, has_dots=has_dots, opacity=0.45)]
            self.result.fit_values(result, other.values)
        else:
            self.result.fit_values(result)
        times = curves.result.times
        faint = Trace(times, result, result_color, style, opacity=FAINT)
        self.result.set_still([*others, *_track(shown), faint])
        self.signals.name_x(f"a [{units.place}]" if units.place else "a")
        self.result.name_x(f"c [{units.place}]" if units.place else "c")

    def _fit_times(self, shown: SignalShown) -> None:
        """Give both plots one axis: what g reaches on its way, and both results."""
        state = shown.job.state
        f_end, g_end = (_end(curve) for curve in (shown.curves.f, shown.curves.g))
        # In whole quarters, so that the axis stands still while a signal is made wider.
        quarter = (state.count - 1) * state.step / 4 or state.step
        reach = math.ceil(g_end / quarter) * quarter
        last = math.ceil((f_end + g_end) / quarter) * quarter
        first, last = -reach, max(last, (state.count - 1) * state.step)
        first = min(first, shown.window.c * state.step)
        last = max(last, shown.window.c * state.step)
        spare = 0.01 * (last - first) + state.step / 2
        for plot in (self.signals, self.result):
            plot.set_axes(Axis(first - spare, last + spare))

    @property
    def origin(self) -> float:
        """The place of the result that is looked at: there lies g's own zero."""
        shown = self._shown
        return 0.0 if shown is None else shown.window.c * shown.job.state.step

    def _show_moving(self) -> None:
        shown = self._shown
        if shown is None:
            return
        self.hands.know(shown, self._specs, self._gain)
        self.reason.setText(reason_text(shown, self.is_flipping))
        if self.is_flipping:
            self._show_flip(shown)
        else:
            self._show_slide(shown)
        self._show_drawn_part(shown)
        self._show_captions(shown)

    def _show_slide(self, shown: SignalShown) -> None:
        window, style = shown.window, _style(shown)
        slid, product = window.slid, window.product_curve
        curve = shown.curves.f
        f = Trace(curve.times, curve.values, f_color, style, shift=-BESIDE)
        g = Trace(slid.times, slid.values * self._gain, g_color, style, shift=BESIDE)
        overlap = self._overlap(shown)
        moving = [f, g]
        if overlap is None and len(window.indices):
            values = product.values * self._product_gain
            shade = Trace(product.times, values, product_color, style, is_shaded=True)
            moving = [f, shade, g]
        self.signals.show_flip(None)
        self.signals.set_moving(moving)
        self.signals.show_overlap(overlap, self._pointed_place(shown))
        self.signals.set_mark(self.origin, ink=quiet)
        self.signals.handles = self._handles(shown.job.state)

    def _overlap(self, shown: SignalShown) -> Overlap | None:
        window, state = shown.window, shown.job.state
        if not 0 < len(window.indices) <= LONGEST_OVERLAP:
            return None
        f = shown.f[window.indices]
        products = window.product * self._product_gain
        times = window.indices * state.step
        drawn = window.placed * self._gain
        return Overlap(times, f, window.placed, drawn, products, state.step, state.is_continuous)

    def _pointed_place(self, shown: SignalShown) -> int:
        """Return which sample of the overlap belongs to the pair that stands out; −1: none."""
        indices = shown.window.indices
        if self._pair is None or not len(indices):
            return -1
        place = self._pair - int(indices[0])
        return place if 0 <= place < len(indices) else -1

    def _show_flip(self, shown: SignalShown) -> None:
        curves, share, style = shown.curves, self._share, _style(shown)
        step, terms = shown.job.state.step, shown.window.terms
        turn = 1 - 2 * share

        def on_its_way(times: AnyArray) -> AnyArray:
            return share * self.origin + turn * times

        g = curves.g
        flip = Flip(
            share,
            Trace(curves.f.times, curves.f.values, f_color, style, shift=-BESIDE * share),
            Trace(on_its_way(g.times), g.values * self._gain, g_color, style, shift=BESIDE * share),
            list(zip((terms.a * step).tolist(), on_its_way(terms.b * step).tolist(), strict=True)),
            terms.place_of(self._pair),
        )
        self.signals.set_moving([])
        self.signals.show_overlap(None)
        self.signals.handles = []
        self.signals.set_mark(None)
        self.signals.show_flip(flip)

    def _handles(self, state: SignalState) -> list[tuple[Handles, Ink]]:
        if not self._specs:
            return []
        direction = -1 if state.is_flipped else 1
        return [
            (Handles("g", self._specs["g"], self.origin, direction, self._gain), g_color),
            (Handles("f", self._specs["f"]), f_color),
        ]

    def _show_drawn_part(self, shown: SignalShown) -> None:
        """Draw strongly what is kept of the result up to the dot, and pile up its terms."""
        kept, curve = shown.result_times[shown.kept], shown.curves.result
        slack = shown.job.state.step / 4
        last = min(float(kept[-1]), self.origin)
        inside = (curve.times >= float(kept[0]) - slack) & (curve.times <= last + slack)
        values = curve.values[..., inside]
        part = Trace(curve.times[inside], values, result_color, _style(shown))
        terms = shown.window.terms
        self.result.set_moving([part])
        self.result.show_dot(self.origin, shown.window.total)
        piled = np.zeros(0) if terms.left_out else terms.products
        self.result.show_terms(piled, terms.place_of(self._pair))

    def _show_captions(self, shown: SignalShown) -> None:
        state, window, units = shown.job.state, shown.window, _units(shown)
        c = show_number(self.origin)
        laid = f"g({c} − a)" if state.is_flipped else f"g(a − {c})"
        scales = [
            f"{name} × {show_number(gain, 6)}"
            for name, gain in (("g", self._gain), ("product", self._product_gain))
            if gain != 1.0
        ]
        scaled = f", drawn {', '.join(scales)}" if scales else ""
        self.signals.set_captions(
            "g on its way to c" if self.is_flipping else f"f(a), {laid}{scaled}",
            f"{sum_name(state)} {show_number(window.total)}",
        )
        drawn = " or ".join(self.hands.drawings())
        self.signals.setToolTip(f"Draw {drawn} with the mouse." if drawn else "")
        is_kept = shown.kept.start <= shown.index < shown.kept.stop
        unit = f" {units.result}" if units.result else ""
        left_out = "" if is_kept else ", left out by the mode"
        other = ""
        if shown.estimate is not None:
            other = f"; {estimate_text(shown.estimate, units)}"
        elif shown.other is not None:
            name = value_name(not state.is_flipped, self.origin)
            other = f"; grey {name} {show_number(shown.other_total)}"
        self.result.set_captions(
            f"{value_name(state.is_flipped, self.origin)}{left_out}{other}",
            f"{show_number(window.total)}{unit}",
        )

    # ---- mouse and keyboard ----

    def _on_gesture_ended(self) -> None:
        """Give what was dragged an axis that fits it."""
        if self._shown is not None:
            self._show_still(self._shown)
            self._show_moving()

    def _on_pressed(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _on_result_scrubbed(self, position: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._shown is not None:
            time = self.result.frame.x_at(position.x())
            self._go(round(time / self._shown.job.state.step))

    def _on_result_hovered(self, position: QPointF) -> None:
        place, shown = self.result.term_at(position), self._shown
        is_term = shown is not None and place >= 0
        self.pair_pointed.emit(int(shown.window.terms.a[place]) if is_term and shown else None)

    def _on_result_left(self) -> None:
        self.pair_pointed.emit(None)

    def _go(self, c: int) -> None:
        self.place_chosen.emit(c)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shown = Qt.Key(event.key()), self._shown
        if key in STEPS:
            self.stepped.emit(STEPS[key])
        elif key in PAIR_STEPS and shown is not None:
            self._point_beside(shown, PAIR_STEPS[key])
        elif key is Qt.Key.Key_Home and shown is not None:
            self._go(shown.job.state.own_places[0])
        elif key is Qt.Key.Key_End and shown is not None:
            self._go(shown.job.state.own_places[-1])
        else:
            super().keyPressEvent(event)

    def _point_beside(self, shown: SignalShown, step: int) -> None:
        """Point at the pair before or after the one that stands out."""
        terms = shown.window.terms
        count = len(terms.a)
        if count:
            place = terms.place_of(self._pair)
            at = place + step if place >= 0 else (0 if step > 0 else count - 1)
            self.pair_pointed.emit(int(terms.a[min(max(at, 0), count - 1)]))


def _track(shown: SignalShown) -> list[Trace]:
    """Return what a noisy track was, and how it was measured, to be seen beside the estimate."""
    if shown.estimate is None:
        return []
    measured = Trace(shown.times, shown.f, f_color, Style.LINE, opacity=0.35, width=1.0)
    truth = Trace(shown.times, shown.estimate.truth, truth_color, Style.LINE, width=1.8)
    return [measured, truth]


def is_another_story(before: SignalState, after: SignalState) -> bool:
    """Tell whether other signals are shown, and not the same ones with another figure."""
    is_other_scene = bool(after.scene) and after.scene != before.scene
    kinds = [(state.f.kind, state.g.kind) for state in (before, after)]
    return is_other_scene or kinds[0] != kinds[1]


def _units(shown: SignalShown) -> Units:
    scene = scene_of(shown.job.state)
    return Units() if scene is None else scene.units


def _style(shown: SignalShown) -> Style:
    return Style.AREA if shown.job.state.is_continuous else Style.STEMS


def _end(curve: Curve) -> float:
    """Return the last time at which a signal is not zero."""
    values = np.abs(curve.values).max(axis=0) if curve.values.ndim == 2 else np.abs(curve.values)
    places = np.flatnonzero(values > 0.002 * values.max(initial=0.0))
    return float(curve.times[places[-1]]) if len(places) else 0.0
