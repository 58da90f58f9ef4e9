"""Curves over the pixels of one line of a picture."""

from __future__ import annotations

import pyqtgraph as pg

from convlab.engine.arrays import AnyArray
from convlab.ui.theme import plane_color, theme

SYMBOLS_UP_TO = 40  # values; more would be a band


class _PixelAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks stand on whole pixels."""

    def tickSpacing(self, *args: float) -> list[tuple[float, float]]:
        spacings = [max(1.0, float(spacing)) for spacing, _ in super().tickSpacing(*args)]
        return [(spacing, 0.0) for spacing in dict.fromkeys(spacings)]


class LinePlot(pg.PlotWidget):  # type: ignore[misc]
    """One curve for each plane; a vertical line marks the pixel pointed at."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(axisItems={"bottom": _PixelAxis("bottom")})
        self.setObjectName(name)
        self.setAccessibleName(description)
        self.setMouseEnabled(x=True, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setAntialiasing(False)
        self.scene().contextMenu = []  # of "Export…", which knows nothing of the program
        self._curves: list[pg.PlotDataItem] = []
        self._cursor = pg.InfiniteLine(angle=90)
        self.addItem(self._cursor)
        self._cursor.hide()
        self.restyle()

    def restyle(self) -> None:
        """Take the palette's colours."""
        self.setBackground(theme().panel)
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(theme().line)
            self.getAxis(side).setTextPen(theme().quiet)
        self._cursor.setPen(pg.mkPen(theme().mark, width=1))
        self.showGrid(x=False, y=True, alpha=0.25)

    def clear_curves(self) -> None:
        """Show nothing."""
        self._cursor.hide()
        for curve in self._curves:
            curve.setData([], [])

    def set_curves(
        self, at: AnyArray, values: AnyArray, places: tuple[int, ...], cursor: float
    ) -> None:
        """Plot ``(C, N)`` values over ``(N,)`` pixels.

        Args:
            at: Where the values stand [px].
            values: One row a plane.
            places: The channel each plane is, for its colour.
            cursor: The pixel to be marked.
        """
        while len(self._curves) < len(values):
            self._curves.append(self.plot([], []))
        self.clear_curves()
        few = len(at) <= SYMBOLS_UP_TO
        for curve, line, place in zip(self._curves, values, places, strict=False):
            color = plane_color(place) if len(values) > 1 else theme().accent
            curve.setPen(pg.mkPen(color, width=1))
            curve.setSymbol("o" if few else None)
            curve.setSymbolSize(5)
            curve.setSymbolBrush(color)
            curve.setSymbolPen(color)
            curve.setData(at, line)
        self._cursor.setValue(cursor)
        self._cursor.show()
