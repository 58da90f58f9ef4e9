"""The views below the signals: each is shown what the worker made for it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QWidget

from convlab.document.signal.job import SignalShown, TabData
from convlab.document.signal.model import SignalTab
from convlab.document.signal.pair_neuron import NeuronLayer
from convlab.document.signal.table import Table
from convlab.document.signal.tabs import BallMaps, BandMatrix, Copies, Laws
from convlab.engine.conv1d import Mode
from convlab.engine.race import Measurement, crossover
from convlab.ui.signals.ball_view import BallView
from convlab.ui.signals.band_matrix_view import BandMatrixView
from convlab.ui.signals.copies_view import CopiesView
from convlab.ui.signals.laws_view import Law, LawsView
from convlab.ui.signals.pair_neuron_view import PairNeuronView
from convlab.ui.signals.race_view import Race, RaceView
from convlab.ui.signals.table_view import TableView
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, flatten_tabs, padded

NARROWEST, LOWEST = 300, 160  # no view is so large that the signals would have no room [px]
TITLES = {
    SignalTab.TABLE: "Table",
    SignalTab.COPIES: "Copies",
    SignalTab.MATRIX: "Matrix",
    SignalTab.NEURON: "Neuron",
    SignalTab.LAWS: "Laws",
    SignalTab.RACE: "Fourier",
    SignalTab.BALL: "2-D",
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
        flatten_tabs(self, "What comes of it")
        self.setProperty("role", "tight")
        self.table = TableView()
        self.copies = CopiesView()
        self.matrix = BandMatrixView()
        self.neuron = PairNeuronView()
        self.laws = LawsView()
        self.race = RaceView()
        self.ball = BallView()
        views = (
            self.table,
            self.copies,
            self.matrix,
            self.neuron,
            self.laws,
            self.race,
            self.ball,
        )
        self._pages = {
            tab: padded(view) for (tab, _), view in zip(TITLES.items(), views, strict=True)
        }
        for tab, page in self._pages.items():
            page.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            self.addTab(page, TITLES[tab])
        self._tab = SignalTab.TABLE
        self.setMinimumSize(px(NARROWEST), px(LOWEST))
        self.currentChanged.connect(self._on_changed)

    @property
    def tab(self) -> SignalTab:
        """The view that is looked at, be it behind the terms."""
        return self._tab

    def show_tab(self, tab: SignalTab) -> None:
        """Bring a view to the front, unless it is there already."""
        if tab is not self._tab:
            self.setCurrentWidget(self._pages[tab])

    def take_in(self, page: QWidget, title: str) -> None:
        """Show something else among the views, right after the first of them."""
        self.insertTab(1, page, title)

    def _on_changed(self) -> None:
        found = [tab for tab, page in self._pages.items() if page is self.currentWidget()]
        if found and found[0] is not self._tab:
            self._tab = found[0]
            self.tab_chosen.emit()

    def show_result(self, shown: SignalShown) -> None:
        """Show what was made for the view in sight, unless it is there already."""
        if isinstance(shown.tab_data, Table):
            self.table.show_table(shown.tab_data, shown.window.c)
        elif shown.tab_data is not None and shown.tab_data is not self._data:
            self._show_data(shown)
        self._data = shown.tab_data

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
