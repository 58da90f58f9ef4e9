"""Curves over pixels: the profile along a row or column of input and output."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from convlab.document.job import Profile
from convlab.ui.theme import theme

CURVES = ("#c0392b", "#27884a", "#2f5bd0")


class _PixelAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks stand on whole pixels."""

    def tickSpacing(self, *args: float) -> list[tuple[float, float]]:
        spacings = [max(1.0, float(spacing)) for spacing, _ in super().tickSpacing(*args)]
        return [(spacing, 0.0) for spacing in dict.fromkeys(spacings)]


class ProfileView(pg.PlotWidget):  # type: ignore[misc]
    """Two plots over one axis of pixels: the input above, the output below it in time."""

    def __init__(self) -> None:
        super().__init__(axisItems={"bottom": _PixelAxis("bottom")})
        self.setObjectName("profile_view")
        self.setAccessibleName("Values along the line through the pixel pointed at")
        self.setMouseEnabled(x=True, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.scene().contextMenu = []  # of "Export…", which knows nothing of the program
        self._legend = self.addLegend(offset=(-8, 6))
        self._curves: dict[str, pg.PlotDataItem] = {}
        self._cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme().mark, width=1.5))
        self.addItem(self._cursor)
        self._cursor.hide()
        self.restyle()

    def restyle(self) -> None:
        """Take the palette's colours."""
        self.setBackground(theme().panel)
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(theme().line)
            self.getAxis(side).setTextPen(theme().quiet)
        self.showGrid(x=False, y=True, alpha=0.25)

    def set_profile(self, profile: Profile | None, names: tuple[str, ...], position: int) -> None:
        """Plot a profile; ``position`` is the input pixel marked by a line."""
        for curve in self._curves.values():
            curve.setData([], [])
        self._cursor.setVisible(profile is not None)
        if profile is None:
            return
        self._cursor.setValue(position)
        at = np.arange(profile.input_values.shape[1])
        for index, values in enumerate(profile.input_values):
            self._curve(f"input {names[index]}", index, dashed=True).setData(at, values)
        for index, values in enumerate(profile.output_values):
            name = names[index] if len(profile.output_values) == len(names) else "sum"
            self._curve(f"output {name}", index, dashed=False).setData(profile.output_at, values)

    def _curve(self, name: str, index: int, dashed: bool) -> pg.PlotDataItem:
        """Return the curve of a name, made at its first use."""
        if name not in self._curves:
            color = theme().quiet if dashed else CURVES[index % len(CURVES)]
            style = pg.QtCore.Qt.PenStyle.DashLine if dashed else pg.QtCore.Qt.PenStyle.SolidLine
            pen = pg.mkPen(color, width=1.6, style=style)
            self._curves[name] = self.plot([], [], pen=pen, name=name)
        return self._curves[name]
