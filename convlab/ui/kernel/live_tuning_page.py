"""The page that draws what a pinned output answers while the bar of the picture turns."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from convlab.document.kernel.job import KernelShown, LiveTuning
from convlab.document.kernel.live_tuning import HALF_TURN
from convlab.document.kernel.model import PixelPage
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.pace import Pace
from convlab.ui.numbers import show_number
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled, wrapped_label
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Kind
from convlab.ui.widgets.plot_trace import Style, Trace, accent

NEEDED, WANTED = 128, 190  # height that it needs, and is easily read with [px]
WORDS = 250  # width of what is said [px]
HINT = (
    "Choose <b>Bar</b> as the source, and turn it by its angle above the input; or <b>Rotating "
    "bar</b>, which turns by itself. The curve is drawn as it turns."
)
CELL = (
    "A sum of weights, strongest at its own angle and fading beside it: so a simple cell of the "
    "visual cortex answers."
)


class LiveTuningPage(CardPage):
    """Shows the curve as far as it was measured."""

    page, tab = PixelPage.TUNING, "Tuning"

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._shown: KernelShown | None = None
        self._plot = Plot(
            "live_tuning_plot",
            "Answer of the pixel at each angle of the bar",
            Look((44.0, 20.0, 10.0, 30.0), x_name="°"),
        )
        self._plot.set_axes(Axis(0.0, HALF_TURN, Kind.DEGREES))
        self._words = wrapped_label("live_tuning_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setMaximumWidth(px(WORDS))
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        row = filled(QHBoxLayout(self), margins=(12, 4, 12, 4), spacing=16)
        filled(row, (self._plot, 1), self._words)
        self._pace = Pace(self._draw, self)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show what a pixel has answered so far."""
        self._shown = shown
        self._pace.request()

    def _draw(self) -> None:
        tuned = None if self._shown is None else self._shown.tuned
        if tuned is None:
            self._plot.set_moving([])
            self._plot.set_mark(None)
            self._words.setText(HINT)
            return
        line = Trace(tuned.angles, tuned.answers, accent, Style.LINE, has_dots=True)
        self._plot.fit_values(np.append(tuned.answers, 0.0))
        self._plot.set_moving([line])
        self._plot.set_mark(tuned.angle)
        self._words.setText(tuned_words(tuned))


def tuned_words(tuned: LiveTuning) -> str:
    """Say what is answered now, and what was strongest so far."""
    best = tuned.best
    strongest = f"{show_number(float(tuned.answers[best]))} at {tuned.angles[best]:.0f}°"
    return (
        f"<p><b>{show_number(tuned.answer)} at {tuned.angle:.0f}°.</b> The strongest of "
        f"{len(tuned.angles)} angles so far: {strongest}.</p><p>{CELL}</p>"
    )
