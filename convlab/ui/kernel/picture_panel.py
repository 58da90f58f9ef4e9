"""A picture with its title, its controls, its statistics, its histogram and its colour bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from convlab.document.kernel.job import Panel
from convlab.engine.display import Stats
from convlab.ui.kernel.histogram_view import HistogramView
from convlab.ui.numbers import show_fixed
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label, tool_button
from convlab.ui.widgets.image_view import ImageView


class PicturePanel(QWidget):
    """Everything about one picture, live.

    Args:
        role: "input" or "output"; the object names begin with it.
        controls: Widgets shown above the picture, left of the zoom buttons.

    Signals:
        titled: Role and size of the picture have changed.
    """

    titled = Signal(str)

    def __init__(self, role: str, controls: list[QWidget]) -> None:
        super().__init__()
        as_panel(self)
        self.view = ImageView(f"{role}_view", f"{role.capitalize()} picture")
        self.histogram = HistogramView(role)
        self.color_bar = ColorBar(role)
        self._role = role
        self._stats = quiet_label(name=f"{role}_stats")
        # Its length follows the numbers; the panel's width must not.
        self._stats.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit = tool_button(f"{role}_fit_button", "Fit", "Show the whole picture.", "fit")
        self._pixels = describe(
            QToolButton(), f"{role}_pixels_button", "1:1", "One picture pixel on one screen pixel."
        )
        self._pixels.setText("1:1")
        self._fit.clicked.connect(self.view.fit)
        self._pixels.clicked.connect(self.view.zoom_to_pixels)
        self._arrange(controls)

    def _arrange(self, controls: list[QWidget]) -> None:
        self._pixels.setFixedWidth(36)
        self._fit.setFixedWidth(30)
        header = filled(QHBoxLayout(), *controls, spacing=4)
        header.addStretch(1)
        filled(header, self._pixels, self._fit)
        layout = filled(QVBoxLayout(self), margins=(10, 4, 10, 8), spacing=5)
        filled(layout, header, (self.view, 1), self.color_bar, self.histogram, self._stats)

    def show_panel(self, panel: Panel) -> None:
        """Paint a picture, and its figures where they have come with it."""
        self.view.show_painted(panel)
        self.color_bar.set_scale(panel.mode, panel.scale, several=len(panel.planes) > 1)
        if panel.figures is None:
            return
        count, height, width = panel.planes.shape
        channels = f" × {count}" if count > 1 else ""
        self.titled.emit(f"{self._role.capitalize()}   {width} × {height}{channels}")
        self._stats.setText(stats_text(panel.figures.stats))
        self.histogram.set_histogram(panel.figures.histogram, panel.mode, panel.places)


def stats_text(stats: Stats) -> str:
    """Write statistics in a line whose length does not jump."""
    parts = [
        f"min {show_fixed(stats.minimum)}",
        f"max {show_fixed(stats.maximum)}",
        f"mean {show_fixed(stats.mean, 3)}",
        f"std {show_fixed(stats.std, 3)}",
    ]
    if stats.clipped > 0:
        parts.append(f"clipped {show_fixed(100 * stats.clipped, 1)} %")
    return "  ".join(parts)
