"""The sum from its sides: one of the views above, and its terms one by one below."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter

from convlab.document.signal.job import SignalShown
from convlab.ui.signals.signal_tabs import SignalTabs
from convlab.ui.signals.terms_view import TermsView
from convlab.ui.widgets.forms import padded

TERMS_EVERY = 0.08  # while it plays: terms that change faster cannot be read [s]


class SumSide(QSplitter):
    """Holds the views and the terms: below each other, or all as tabs in a low panel.

    Signals:
        pair_pointed: The sample a of f whose pair is looked at, or None.
    """

    pair_pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("sum_side")
        self.setChildrenCollapsible(False)
        self.tabs = SignalTabs()
        self.terms = TermsView()
        self._due = 0.0
        self._terms_page = padded(self.terms)
        self.addWidget(self.tabs)
        self.addWidget(self._terms_page)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.terms.pair_pointed.connect(self.pair_pointed)
        self.tabs.table.pair_pointed.connect(self.pair_pointed)

    def show_result(self, shown: SignalShown) -> None:
        """Show what was made for the view in sight, and the terms."""
        self.tabs.show_result(shown)
        now = time.monotonic()
        if now >= self._due or not shown.job.viewing.is_playing:
            self._due = now + TERMS_EVERY
            self.terms.show_terms(shown.window.terms)

    def show_pair(self, a: int | None) -> None:
        """Let the pair of a sample of f stand out."""
        self.terms.show_pair(a)
        self.tabs.table.show_pair(a)

    def settle(self, is_low: bool) -> None:
        """Let the terms stand among the views in a low panel, else below them."""
        is_inside = self.tabs.indexOf(self._terms_page) >= 0
        if is_low and not is_inside:
            self.tabs.take_in(self._terms_page, "Terms")
        elif is_inside and not is_low:
            self.tabs.removeTab(self.tabs.indexOf(self._terms_page))
            self.addWidget(self._terms_page)
            self._terms_page.show()
            self.setSizes([550, 450])  # shared out in this proportion
