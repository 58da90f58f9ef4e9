"""The views below the signals: each is shown what the worker made for it."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget

from convlab.document.signal.job import SignalShown, TabData
from convlab.document.signal.model import SignalTab
from convlab.document.signal.pair_neuron import NeuronLayer
from convlab.document.signal.tabs import BallMaps, BandMatrix, Copies, Laws
from convlab.engine.conv1d import Mode
from convlab.engine.race import Measurement, crossover
from convlab.ui.signals.ball_view import BallView
from convlab.ui.signals.band_matrix_view import BandMatrixView
from convlab.ui.signals.copies_view import CopiesView
from convlab.ui.signals.laws_view import Law, LawsView
from convlab.ui.signals.pair_neuron_view import PairNeuronView
from convlab.ui.signals.race_view import Race, RaceView
from convlab.ui.signals.terms_view import TermsView
from convlab.ui.widgets.forms import describe, flatten_tabs, padded

TERMS_EVERY = 0.08  # while it plays: terms that change faster cannot be read [s]
TITLES = {
    SignalTab.TERMS: "Terms",
    SignalTab.COPIES: "Copies",
    SignalTab.MATRIX: "Matrix",
    SignalTab.NEURON: "Neuron",
    SignalTab.LAWS: "Laws",
    SignalTab.RACE: "Direct or Fourier",
    SignalTab.BALL: "Ball in 2-D",
}


class SignalTabs(QTabWidget):
    """One view at a time.

    Signals:
        tab_chosen: Another one is looked at.
    """

    tab_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        describe(self, "signal_tabs", "What comes of it", "The same sum, seen from another side.")
        self._data: TabData = None  # what the view in sight shows
        self._terms_due = 0.0
        flatten_tabs(self, "What comes of it")
        self.terms = TermsView()
        self.copies = CopiesView()
        self.matrix = BandMatrixView()
        self.neuron = PairNeuronView()
        self.laws = LawsView()
        self.race = RaceView()
        self.ball = BallView()
        views = (self.terms, self.copies, self.matrix, self.neuron, self.laws, self.race, self.ball)
        for view, title in zip(views, TITLES.values(), strict=True):
            self.addTab(padded(view), title)
        self.currentChanged.connect(self.tab_chosen)

    @property
    def tab(self) -> SignalTab:
        """The view that is looked at."""
        return list(SignalTab)[self.currentIndex()]

    def show_tab(self, tab: SignalTab) -> None:
        """Bring a view to the front."""
        self.setCurrentIndex(list(SignalTab).index(tab))

    def show_result(self, shown: SignalShown) -> None:
        """Show what was made for the view in sight, unless it is there already."""
        if shown.tab_data is None:
            self._show_terms(shown)
        elif shown.tab_data is not self._data:
            self._show_data(shown)
        self._data = shown.tab_data

    def _show_terms(self, shown: SignalShown) -> None:
        now = time.monotonic()
        is_late = now >= self._terms_due or not shown.job.viewing.is_playing
        if self.tab is SignalTab.TERMS and is_late:
            self._terms_due = now + TERMS_EVERY
            self.terms.show_terms(shown.window.terms)

    def _show_data(self, shown: SignalShown) -> None:
        match shown.tab_data:
            case Copies():
                self.copies.show_copies(shown.tab_data, shown.job.state.is_continuous)
            case BandMatrix():
                self._show_matrix(shown, shown.tab_data)
            case NeuronLayer():
                self.neuron.show_layer(shown.tab_data)
            case Laws():
                self.laws.show_laws(laws(shown.tab_data, shown.job.state.is_flipped))
            case BallMaps():
                self.ball.show_ball(shown.tab_data)

    def show_race(self, measurements: list[Measurement]) -> None:
        """Plot what has been measured so far."""
        lengths = np.array([m.count for m in measurements])
        direct = np.array([np.nan if m.direct_ms is None else m.direct_ms for m in measurements])
        fourier = np.array([m.fourier_ms for m in measurements])
        found = max((m.difference or 0.0 for m in measurements), default=0.0)
        self.race.show_race(
            Race(lengths, direct / 1000, fourier / 1000, crossover(measurements), found)
        )

    def _show_matrix(self, shown: SignalShown, made: BandMatrix) -> None:
        if made.matrix is None:
            self.matrix.show_message("g is zero everywhere: there is nothing to connect.")
            return
        mode, count = shown.job.state.mode, shown.job.state.count
        part = "" if mode is Mode.FULL else f"Only the rows that “{mode}” keeps."
        note = "" if made.count == count else f"Of the first {made.count} samples."
        self.matrix.show_matrix(made.matrix, made.residual, made.first, f"{part} {note}".strip())


def laws(made: Laws, is_flipped: bool = True) -> list[Law]:
    """Return both laws, and the second one where a border breaks it."""
    g, why = ("g", "") if is_flipped else ("g′", "g′ is g flipped: correlation is f ∗ g′")
    swapped, bracketed = (float(np.abs(each).max()) for each in (made.swapped, made.bracketed))
    return [
        Law(f"f ∗ {g} = {g} ∗ f", swapped, made.largest, why),
        Law(f"(f ∗ {g}) ∗ h = f ∗ ({g} ∗ h)", bracketed, made.largest),
        Law(
            "the same, each step cut to “same”",
            float(np.abs(made.bracketed_same).max()),
            made.largest,
            "what the first step cut off is missing in the second, near the borders",
            np.arange(len(made.bracketed_same)),
            made.bracketed_same,
            np.zeros(len(made.bracketed_same)),
        ),
    ]
