"""The direct sum against the Fourier transform: times on this machine over the length."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import f_color, g_color
from convlab.ui.widgets.forms import as_panel, filled, progress_bar, push_button, wrapped_label
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import decades
from convlab.ui.widgets.plot_trace import Style, Trace

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (0.0, "ns"))
HINT = "Start: both ways convolve two signals of n samples each, for growing n."


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """What was measured so far.

    Attributes:
        lengths: ``(K,)``, samples of each signal.
        direct: ``(K,)`` [s]; NaN where it was not run.
        fourier: ``(K,)`` [s].
        crossover: From this length on the transform is faster; None: not found.
        difference: Largest relative difference between both results.
    """

    lengths: AnyArray
    direct: AnyArray
    fourier: AnyArray
    crossover: float | None = None
    difference: float = 0.0


class RaceView(QWidget):
    """The race, how far it is, and what it showed.

    Signals:
        started: The race is to be run.
        cancelled: It is to stop; what was measured stays.
    """

    started = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("race_view")
        self.setAccessibleName("Direct against Fourier transform")
        as_panel(self)
        look = Look(
            (62.0, 19.0, 26.0, 17.0),
            x_text=lambda length: f"{length:,.0f}",
            y_text=time_text,
            value_text=time_text,
            x_name="n",
            has_columns=True,
            hint=HINT,
        )
        self.plot = Plot("race_plot", "Times of both ways over the length", look)
        self.plot.setMinimumSize(260, 100)
        self._is_running = False
        self._button = push_button(
            "race_button",
            "Race",
            "Times both ways on this machine. The direct sum takes n² products; the transform "
            "about n log n.",
        )
        self._progress = progress_bar("race_progress", "How much of the race is run.", 100)
        self._says = wrapped_label("race_caption")
        self._arrange()
        self.set_running(False)
        self._button.clicked.connect(self._on_clicked)

    def _arrange(self) -> None:
        header = filled(QHBoxLayout(), self._button, (self._progress, 1), (self._says, 4))
        filled(QVBoxLayout(self), header, (self.plot, 1), margins=(10, 4, 10, 2), spacing=4)

    def set_running(self, is_running: bool) -> None:
        """Show whether it is run just now."""
        self._is_running = is_running
        self._button.setText("Cancel" if is_running else "Start")
        self._progress.setVisible(is_running)

    def set_progress(self, share: float) -> None:
        """Show how much is done, from 0 to 1."""
        self._progress.setValue(round(100 * share))

    def show_race(self, race: Race | None) -> None:
        """Show what was measured so far, or a hint."""
        self._plot(race if race is not None and len(race.lengths) else None)
        text = "" if race is None else race_text(race)
        self._says.setText(text)
        self.plot.setAccessibleDescription(text or HINT)

    def _plot(self, race: Race | None) -> None:
        """Both axes are logarithmic, so a power is a straight line."""
        traces = []
        if race is not None:
            self.plot.set_axes(decades(race.lengths), decades(race.direct, race.fourier))
            self.plot.set_captions("time over n, the samples of each signal")
            sides = (("direct", race.direct, f_color), ("transform", race.fourier, g_color))
            traces = [
                Trace(race.lengths, times, ink, Style.LINE, name, 2.0, has_dots=True)
                for name, times, ink in sides
            ]
        self.plot.set_still(traces)
        crossover = None if race is None else race.crossover
        self.plot.set_mark(crossover, f"n = {show_number(crossover or 0.0, 0)}")

    def _on_clicked(self) -> None:
        (self.cancelled if self._is_running else self.started).emit()


def race_text(race: Race) -> str:
    """Say who wins from where on, and that both come to the same."""
    equal = f"Both agree to {show_number(race.difference, 1)} of the largest value."
    if race.crossover is None:
        return f"The lines have not crossed yet. {equal}"
    at = show_number(race.crossover, 0)
    return f"On this machine the transform is faster from n = {at} on. {equal}"


def time_text(seconds: float) -> str:
    """``10 µs``."""
    size, unit = next((each for each in UNITS if seconds >= each[0] * 0.999), UNITS[-1])
    return f"{show_number(seconds / (size or 1e-9), 1)} {unit}"
