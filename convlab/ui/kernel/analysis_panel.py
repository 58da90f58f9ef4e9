"""The panel that takes a kernel apart: its waves, its columns and rows, its tuning."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.analysis import Analysed, AnalysisPage, Waves
from convlab.engine.rank_one import RankOne
from convlab.runtime.session import Session
from convlab.ui.kernel.analysis_words import part_words, wave_words
from convlab.ui.kernel.frequency_map import FrequencyMap
from convlab.ui.kernel.tuning_page import TuningPage
from convlab.ui.numbers import show_number
from convlab.ui.theme import plane_color, px
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    describe,
    filled,
    flatten_tabs,
    scrolled,
    wrapped_label,
)
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis
from convlab.ui.widgets.plot_trace import Style, Trace

WIDTH = 220  # at least [px]
PAGES = (AnalysisPage.FREQUENCY, AnalysisPage.RANK, AnalysisPage.TUNING)
TITLES = ("Frequency", "Rank", "Tuning")


class AnalysisPanel(QWidget):
    """Shows one page of what the worker has found.

    Signals:
        page_chosen: The AnalysisPage that is looked at.
    """

    page_chosen = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("analysis_panel")
        self.setMinimumWidth(px(WIDTH))
        self._session = session
        self.tabs = describe(
            QTabWidget(), "analysis_tabs", "Analysis", "What the kernel does by itself."
        )
        flatten_tabs(self.tabs, "Analysis of the kernel")
        self.waves, self.rank, self.tuning = _WavesPage(), _RankPage(), TuningPage()
        for title, page in zip(TITLES, (self.waves, self.rank, self.tuning), strict=True):
            self.tabs.addTab(scrolled(page, title), title)
        filled(QVBoxLayout(self), self.tabs, margins=(0, 0, 0, 0))
        self.tabs.currentChanged.connect(self._on_page_changed)
        session.watch("document.kernel.analysis", self._show_analysis, Lab.KERNEL)
        self._show_analysis()

    @property
    def page(self) -> AnalysisPage:
        """The page in front."""
        return PAGES[self.tabs.currentIndex()]

    def show_analysed(self, found: Analysed) -> None:
        """Show what has been found of the page in front."""
        if found.waves is not None:
            self.waves.show_waves(found.waves)
        if found.parts is not None:
            self.rank.show_parts(found.parts)
        if found.tuning is not None:
            self.tuning.show_tuning(found.tuning)

    def _on_page_changed(self) -> None:
        self.page_chosen.emit(self.page)

    def _show_analysis(self) -> None:
        self.tuning.show_analysis(self._session.document.kernel.analysis)


class _WavesPage(QWidget):
    """The map of all waves, and two lines through it."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._waves: Waves | None = None
        self._map, self._bar = FrequencyMap(), ColorBar("frequency")
        self._bar.setAccessibleName("Factor of each wave")
        look = Look(
            (44.0, 20.0, 10.0, 30.0),
            value_text=lambda value: show_number(value, 2),
            x_name="cycles per pixel",
        )
        self._plot = Plot("frequency_plot", "Factor of waves", look)
        self._plot.setFixedHeight(px(140))
        self._words = wrapped_label("frequency_words")
        parts = self._map, self._bar, self._plot, self._words, STRETCH
        filled(QVBoxLayout(self), *parts, margins=(10, 8, 10, 8), spacing=8)

    def show_waves(self, waves: Waves) -> None:
        """Show what a kernel does to waves."""
        if waves is self._waves:
            return
        self._waves = waves
        self._map.show_map(waves.map)
        self._bar.set_scale(waves.map.mode, waves.map.scale, several=False)
        self._plot.set_axes(Axis(0.0, 0.5))
        self._plot.fit_values(np.append(waves.across, 0.0), waves.down)
        self._plot.set_moving(
            [
                Trace(waves.cycles, line, partial(plane_color, place), Style.LINE, name)
                for place, (name, line) in enumerate(
                    (("across", waves.across), ("down", waves.down))
                )
            ]
        )
        self._words.setText(wave_words(waves))


class _RankPage(QWidget):
    """The columns and rows that make a kernel."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._parts: tuple[RankOne, ...] | None = None
        self._words = wrapped_label("rank_words")
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        filled(QVBoxLayout(self), self._words, STRETCH, margins=(12, 10, 12, 8))

    def show_parts(self, parts: tuple[RankOne, ...]) -> None:
        """Show the parts, the strongest first."""
        if parts is not self._parts:
            self._parts = parts
            self._words.setText("".join(f"<p>{text}</p>" for text in part_words(parts)))
