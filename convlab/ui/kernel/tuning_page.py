"""How strongly a kernel answers to a bar that turns, and one that moves across it."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from convlab.document.kernel.analysis import Analysis, TuningShown
from convlab.engine.tuning import STEP
from convlab.ui.kernel.analysis_words import tuning_words
from convlab.ui.numbers import show_number
from convlab.ui.theme import px
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    describe,
    filled,
    push_button,
    quiet_label,
    wrapped_label,
)
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.param_form import ParamForm
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Kind
from convlab.ui.widgets.plot_trace import Style, Trace, accent

PACE = 50  # between two angles of the bar that turns by itself [ms]
PICTURE = 92  # side of the stimulus [px]
FAINT = 0.35  # opacity of what the bar has not come to yet


class TuningPage(QWidget):
    """Shows the curve, draws it while the bar turns, and one angle of it at length.

    Signals:
        parameter_chosen: Name and value of what is wanted of the Analysis.
        angle_chosen: The angle of the bar that is wanted [degrees].
    """

    parameter_chosen = Signal(str, object)
    angle_chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._shown: TuningShown | None = None
        self._drawn_until: float | None = None  # of a curve in the making [degrees]
        self._form = ParamForm("analysis")
        self._picture = ImageView("analysis_stimulus_view", "The stimulus over the kernel")
        self._picture.setFixedSize(px(PICTURE), px(PICTURE))
        tip = "Where the line runs, counter-clockwise from the horizontal."
        self._angle = describe(
            QSlider(Qt.Orientation.Horizontal), "analysis_angle_slider", "Angle", tip
        )
        self._angle.setRange(0, round(360 / STEP) - 1)
        self._angle.valueChanged.connect(self._on_angle_moved)
        self._says = quiet_label(name="analysis_angle_words")
        tip = "Turn the stimulus once around; the curve is drawn as it turns."
        self._play = push_button("analysis_turn_button", "Turn it once around", tip, "Turn")
        self._play.clicked.connect(self._on_play_clicked)
        self._timer = QTimer(self, interval=PACE)
        self._timer.timeout.connect(self._on_step)
        self._curve = _plot("tuning_plot", "Strongest answer", "°")
        self._passage = _plot("passage_plot", "As it moves across", "px")
        self._words = wrapped_label("tuning_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._arrange()

    def _arrange(self) -> None:
        beside = filled(QVBoxLayout(), self._says, self._angle, self._play, STRETCH, spacing=6)
        top = filled(QHBoxLayout(), self._picture, (beside, 1), spacing=10)
        column = filled(QVBoxLayout(self), margins=(10, 8, 10, 8), spacing=6)
        filled(column, top, self._form, self._curve, self._passage, self._words, STRETCH)
        self._form.parameter_chosen.connect(self.parameter_chosen)

    def show_analysis(self, analysis: Analysis) -> None:
        """Show what is measured with."""
        self._form.show_record(analysis)

    def show_tuning(self, shown: TuningShown) -> None:
        """Show a curve, and the angle that is looked at."""
        if shown is self._shown:
            return
        self._shown = shown
        self._picture.show_painted(shown.picture)
        self._angle.blockSignals(True)
        self._angle.setValue(round(shown.angle / STEP))
        self._angle.blockSignals(False)
        strongest = max(float(shown.answers.max()), 0.0)
        self._says.setText(f"{shown.angle:.0f}°: {show_number(strongest)}")
        curve = shown.curve
        drawn = curve.angles <= (360.0 if self._drawn_until is None else self._drawn_until)
        line = partial(Trace, ink=accent, style=Style.LINE)
        self._curve.set_axes(Axis(0.0, 360.0, Kind.DEGREES))
        self._curve.fit_values(np.append(curve.answers, 0.0))
        self._curve.set_moving(
            [
                line(curve.angles, curve.answers, opacity=FAINT),
                line(curve.angles[drawn], curve.answers[drawn], width=2.2),
            ]
        )
        self._curve.set_mark(shown.angle)
        self._passage.set_axes(Axis(float(shown.places[0]), float(shown.places[-1])))
        self._passage.fit_values(shown.answers)
        self._passage.set_moving([line(shown.places, shown.answers)])
        self._passage.set_mark(shown.place)
        self._words.setText(tuning_words(shown))

    @property
    def drawn_to(self) -> float:
        """Up to which angle the curve is drawn in full [degrees]."""
        return 360.0 if self._drawn_until is None else self._drawn_until

    def _on_angle_moved(self, steps: int) -> None:
        self._stop()
        self.angle_chosen.emit(steps * STEP)

    def _on_play_clicked(self) -> None:
        if self._drawn_until is not None:
            self._stop()
            return
        self._drawn_until = 0.0
        self._play.setText("Stop")
        self._timer.start()
        self.angle_chosen.emit(0.0)

    def _on_step(self) -> None:
        """Turn the bar a little, once its last angle has been answered."""
        assert self._drawn_until is not None
        if self._shown is None or self._shown.angle != self._drawn_until:
            return
        self._drawn_until += STEP
        if self._drawn_until >= 360.0:
            self._stop()
            self.angle_chosen.emit(0.0)
        else:
            self.angle_chosen.emit(self._drawn_until)

    def _stop(self) -> None:
        self._timer.stop()
        self._drawn_until = None
        self._play.setText("Turn")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop()


def _plot(name: str, title: str, unit: str) -> Plot:
    plot = Plot(name, title, Look((44.0, 20.0, 10.0, 30.0), x_name=unit))
    plot.set_captions(title)
    plot.setFixedHeight(px(118))
    return plot
