"""A picture with its controls in one line above it, and the axis of its values below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from convlab.document.kernel.job import Panel
from convlab.document.sight import Sight
from convlab.engine.display import Stats
from convlab.ui.kernel.header_line import HEIGHT, FittingLabel, HeaderLine
from convlab.ui.kernel.histogram_view import HistogramView
from convlab.ui.numbers import show_fixed
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import describe, filled, tool_button
from convlab.ui.widgets.image_view import ImageView

SPACING = 4  # [px]


class PicturePanel(QWidget):
    """Everything about one picture, live.

    Args:
        role: "input" or "output"; the object names begin with it.
        controls: Stand above the picture, the most important first.
    """

    def __init__(self, role: str, controls: Sequence[QWidget]) -> None:
        super().__init__()
        self.setObjectName(f"{role}_panel")
        self.view = ImageView(f"{role}_view", f"{role.capitalize()} picture", fills=True)
        self.histogram = HistogramView(role)
        self.color_bar = ColorBar(role)
        self._stats = FittingLabel(f"{role}_stats")
        fit = tool_button(f"{role}_fit_button", "Fit", "Show the whole picture (Home).", "fit")
        tip = "One picture pixel on one screen pixel."
        pixels = describe(QToolButton(), f"{role}_pixels_button", "1:1", tip)
        pixels.setText("1:1")
        pixels.setFixedWidth(40)
        fit.setFixedWidth(28)
        fit.clicked.connect(self.view.fit)
        pixels.clicked.connect(self.view.zoom_to_pixels)
        self.header = HeaderLine(role, role.capitalize(), controls, [pixels, fit])
        parts = self.header, (self.view, 1), self.color_bar, self.histogram, self._stats
        filled(QVBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=SPACING)

    @property
    def around(self) -> int:
        """Height of all but the picture [px]."""
        below = (self.color_bar, self.histogram, self._stats)
        heights = (max(part.sizeHint().height(), part.minimumHeight()) for part in below)
        return HEIGHT + sum(heights) + 4 * SPACING

    def show_panel(self, panel: Panel) -> None:
        """Paint a picture, and its figures where they have come with it."""
        self.view.show_painted(panel)
        self.color_bar.set_scale(panel.mode, panel.scale, several=len(panel.planes) > 1)
        if panel.figures is None:
            return
        count, height, width = panel.planes.shape
        size = f"{width} × {height}"
        planes = f", {count} channels" if count > 1 else ""
        self.header.set_size(f"{size}  (width × height{planes})", size)
        self._stats.show_texts(*stats_texts(panel.figures.stats))
        self.histogram.set_histogram(panel.figures.histogram, panel.mode, panel.places)

    def show_sight(self, sight: Sight | None, region: QRectF) -> None:
        """Show a part of the picture, or else a region that holds all of it."""
        self.view.set_region(region)
        self.view.show_sight(sight)

    def set_frames(self, frames: Sequence[QRectF]) -> None:
        """Frame cells of the picture."""
        self.view.set_frames(frames)


def stats_texts(stats: Stats) -> tuple[str, ...]:
    """Write statistics in a line whose length does not jump; then the same in fewer words."""
    beyond = f"{show_fixed(100 * stats.clipped, 1)} %" if stats.clipped > 0 else ""
    ends = [f"min {show_fixed(stats.minimum)}", f"max {show_fixed(stats.maximum)}"]
    middle = [f"mean {show_fixed(stats.mean, 3)}", f"std {show_fixed(stats.std, 3)}"]
    ways = (
        [*ends, *middle, f"beyond the range {beyond}"],
        [*ends, *middle, f"beyond {beyond}"],
        [*ends, middle[1], f"beyond {beyond}"],
        [*ends, f"beyond {beyond}"],
    )
    return tuple("  ".join(way if beyond else way[:-1]) for way in ways)
