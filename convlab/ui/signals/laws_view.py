"""The laws of convolution, checked on the signals at hand: how far both sides are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_colors import f_color, g_color
from convlab.ui.widgets.forms import as_panel, filled, quiet_label
from convlab.ui.widgets.plot import Plot
from convlab.ui.widgets.plot_frame import Axis
from convlab.ui.widgets.plot_trace import Style, Trace

ROUNDING = 1e-5  # of the largest value; below it both sides are equal but for rounding
PLOT_HEIGHT = 96  # [px]
IN_FIRST_COLUMN = 2  # laws
HINT = "The laws are being checked."


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Two ways to the same result, or not.

    Attributes:
        title: Both sides, like ``f ∗ g = g ∗ f``.
        residual: Largest difference between them.
        largest: Largest value of either.
        why: Why it holds, or breaks; one sentence.
        times: ``(N,)``, of the sides, or None: no plot.
        left: ``(N,)``.
        right: ``(N,)``.
    """

    title: str
    residual: float
    largest: float
    why: str = ""
    times: AnyArray | None = None
    left: AnyArray | None = None
    right: AnyArray | None = None

    @property
    def holds(self) -> bool:
        """Whether both sides are equal but for rounding."""
        return self.residual <= ROUNDING * max(self.largest, 1e-30)


class LawRow(QWidget):
    """One law in words; beside it both sides, where they differ."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.setObjectName(f"law_{number}")
        as_panel(self)
        self.title = quiet_label(role="title")
        self.verdict = quiet_label()
        self.why = quiet_label(role="")
        self.plot = Plot(f"law_plot_{number}", "Both sides of the law")
        self.plot.setFixedHeight(PLOT_HEIGHT)
        words = filled(QVBoxLayout(), self.title, self.verdict, self.why, spacing=2)
        for label in (self.title, self.verdict, self.why):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addStretch(1)
        filled(QHBoxLayout(self), (words, 2), (self.plot, 3), margins=(10, 4, 10, 4))

    def show_law(self, law: Law) -> None:
        """Show a law, and where it breaks."""
        self.title.setText(law.title)
        self.verdict.setText(verdict_text(law))
        self.verdict.setProperty("role", "quiet" if law.holds else "warning")
        self.verdict.style().polish(self.verdict)
        self.why.setText(law.why)
        self.why.setVisible(bool(law.why))
        is_plotted = law.times is not None and not law.holds
        self.plot.setVisible(is_plotted)
        if is_plotted:
            self._plot(law)

    def _plot(self, law: Law) -> None:
        assert law.times is not None
        assert law.left is not None
        assert law.right is not None
        self.plot.set_axes(Axis(float(law.times[0]), float(law.times[-1])))
        self.plot.fit_values(law.left, law.right)
        sides = ((law.left, f_color), (law.right, g_color))
        self.plot.set_still([Trace(law.times, side, ink, Style.AREA) for side, ink in sides])
        apart = np.abs(law.left - law.right)
        at = show_number(float(law.times[int(np.nanargmax(apart))]))
        self.plot.set_captions(f"apart at {at}")


class LawsView(QScrollArea):
    """Shows each law with its residual."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("laws_view")
        self.setAccessibleName("The laws of convolution")
        self.setWidgetResizable(True)
        self._panel = QWidget()
        as_panel(self._panel)
        self._rows: list[LawRow] = []
        layout = filled(QHBoxLayout(self._panel), margins=(0, 2, 0, 2), spacing=0)
        self._columns = [QVBoxLayout(), QVBoxLayout()]  # those that hold, and one with its plot
        self._hint = QLabel(HINT)
        self._columns[0].addWidget(self._hint)
        for column, share in zip(self._columns, (2, 3), strict=True):
            column.addStretch(1)
            layout.addLayout(column, share)
        self.setWidget(self._panel)

    def show_laws(self, laws: Sequence[Law]) -> None:
        """Show laws: two below each other, the others beside them."""
        self._hint.setVisible(not laws)
        while len(self._rows) < len(laws):
            row = LawRow(len(self._rows))
            self._rows.append(row)
            column = self._columns[len(self._rows) > IN_FIRST_COLUMN]
            column.insertWidget(column.count() - 1, row)
        for row, law in zip(self._rows, laws, strict=False):
            row.show_law(law)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(laws))


def verdict_text(law: Law) -> str:
    """``Equal: at most 3e−8 apart, which is rounding``."""
    apart = show_number(law.residual)
    if law.residual == 0.0:
        return "Equal to the last digit."
    if law.holds:
        return f"Equal: at most {apart} apart, which is rounding."
    share = 100 * law.residual / law.largest if law.largest else 0.0
    return f"Not equal: up to {apart} apart, {show_number(share, 1)} % of the largest value."
