"""A picture with its controls in one line above it, and the axis of its values below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from convlab.document.kernel.job import Panel
from convlab.document.sight import Fields, Sight
from convlab.ui.kernel.header_line import HEIGHT, HeaderLine
from convlab.ui.kernel.plane_grid import MOST_PLANES, PlaneGrid
from convlab.ui.kernel.value_axis import ValueAxis
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, filled, tool_button

SPACING = 4  # [px]


class PicturePanel(QWidget):
    """Everything about one picture, live: of some colour spaces its planes, each for itself.

    Args:
        role: "input" or "output"; the object names begin with it.
        controls: Stand above the picture, the most important first.
    """

    def __init__(self, role: str, controls: Sequence[QWidget]) -> None:
        super().__init__()
        self.setObjectName(f"{role}_panel")
        self.planes = PlaneGrid(role)
        self._shown: Panel | None = None
        self.view = self.planes.views[0]
        self._axes = [ValueAxis(role, plane) for plane in range(MOST_PLANES)]
        for axis in self._axes[1:]:
            axis.hide()
        fit = tool_button(f"{role}_fit_button", "Fit", "Show the whole picture (Home).", "fit")
        tip = "One picture pixel on one screen pixel."
        pixels = describe(QToolButton(), f"{role}_pixels_button", "1:1", tip)
        pixels.setText("1:1")
        pixels.setFixedWidth(40)
        fit.setFixedWidth(28)
        fit.clicked.connect(self.view.fit)
        pixels.clicked.connect(self.view.zoom_to_pixels)
        self.header = HeaderLine(role, role.capitalize(), controls, [pixels, fit])
        axes = filled(QHBoxLayout(), *((axis, 1) for axis in self._axes), spacing=10)
        parts = self.header, (self.planes, 1), axes
        filled(QVBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=SPACING)

    @property
    def around(self) -> int:
        """Height of all but the picture [px]."""
        return px(HEIGHT) + self._axes[0].sizeHint().height() + 2 * px(SPACING)

    def show_panel(self, panel: Panel) -> None:
        """Paint a picture, and its figures where they have come with it."""
        if panel is self._shown:
            self.planes.show_again()
            return
        self._shown = panel
        panels = panel.parts or (panel,)
        self.planes.show_panels(panels)
        for number, axis in enumerate(self._axes):
            axis.setVisible(number < len(panels))
        for axis, each in zip(self._axes, panels, strict=False):
            axis.show_panel(each)
        if panel.figures is None:
            return
        count, height, width = panel.planes.shape
        size = f"{width} × {height}"
        planes = f", {count} channels" if count > 1 else ""
        self.header.set_size(f"{size}  (width × height{planes})", size, size.replace(" ", ""))

    def show_sight(self, sight: Sight | None, region: QRectF) -> None:
        """Show a part of the picture, or else a region that holds all of it."""
        self.planes.show_sight(sight, region)

    def set_lit(self, lit: Sequence[QRectF] | None) -> None:
        """Let all but some places be dark; None: all is lit."""
        self.planes.set_lit(lit)

    def set_frames(self, frames: Sequence[QRectF], marks: Sequence[QRectF] = ()) -> None:
        """Frame cells of the picture, and mark what they are linked with."""
        self.planes.set_frames(frames, marks)

    def set_fields(self, fields: Fields | None) -> None:
        """Outline where the outputs look."""
        self.planes.set_fields(fields)

    def set_covers(self, covers: Sequence[QRectF]) -> None:
        """Cover parts of the picture: nothing of them is known yet."""
        self.planes.set_covers(covers)
