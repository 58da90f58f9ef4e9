"""The axis of a picture's values: its colours, how often each occurs, and the figures."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.document.kernel.job import Figures, Panel
from convlab.engine.display import Stats
from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.kernel.histogram_view import HistogramView
from convlab.ui.numbers import show_fixed
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import filled

SPACING = 3  # [px]


class ValueAxis(QWidget):
    """Colour bar, histogram and one line of statistics, on one axis.

    Args:
        role: The object names begin with it.
        plane: Which of several planes; the names of all but the first have its number.
    """

    def __init__(self, role: str, plane: int = 0) -> None:
        super().__init__()
        name, which = (f"{role}_{plane}", f", plane {plane + 1}") if plane else (role, "")
        self.color_bar = ColorBar(name)
        self.color_bar.setAccessibleName(f"Colours of the {role}{which}")
        self.histogram = HistogramView(name)
        self.histogram.setAccessibleName(f"Histogram of the {role}{which}")
        self._stats = FittingLabel(f"{name}_stats")
        self._figures: Figures | None = None
        parts = self.color_bar, self.histogram, self._stats
        filled(QVBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=SPACING)

    def show_panel(self, panel: Panel) -> None:
        """Show the range of a picture, and its figures where they have come with it."""
        self.color_bar.set_scale(panel.mode, panel.scale, several=len(panel.planes) > 1)
        if panel.figures is not None and panel.figures is not self._figures:
            self._figures = panel.figures
            self._stats.show_texts(*stats_texts(panel.figures.stats))
        if panel.figures is not None:
            self.histogram.set_histogram(panel.figures.histogram, panel.mode, panel.places)


def stats_texts(stats: Stats) -> tuple[str, ...]:
    """Write statistics in a line whose length does not jump; then the same in fewer words."""
    beyond = f"{show_fixed(100 * stats.clipped, 1)} %" if stats.clipped > 0 else ""
    low, high = show_fixed(stats.minimum), show_fixed(stats.maximum)
    ends = [f"min {low}", f"max {high}"]
    middle = [f"mean {show_fixed(stats.mean, 3)}", f"std {show_fixed(stats.std, 3)}"]
    ways = (
        [*ends, *middle, f"beyond the range {beyond}"],
        [*ends, *middle, f"beyond {beyond}"],
        [*ends, middle[1], f"beyond {beyond}"],
        [*ends, f"beyond {beyond}"],
        [*ends, ""],
        [f"{low} … {high}", ""],
        [f"{low}…{high}", ""],
        ["", ""],
    )
    return tuple(["  ".join(way if beyond else way[:-1]).strip() for way in ways])
