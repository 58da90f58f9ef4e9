"""Curves: over the pixels of one line of a picture, or over the steps of learning."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

from convlab.engine.arrays import AnyArray
from convlab.ui.theme import plane_color, theme

SYMBOLS_UP_TO = 40  # values; more would be a band
LEAST_DECADE = 24  # room from tick to tick on a logarithmic axis [px]
LEAST = 1e-16  # what is less, and zero, stands at its lower end


class _PixelAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks stand on whole pixels."""

    def tickSpacing(self, *args: float) -> list[tuple[float, float]]:
        spacings = [max(1.0, float(spacing)) for spacing, _ in super().tickSpacing(*args)]
        return [(spacing, 0.0) for spacing in dict.fromkeys(spacings)]


class _DecadeAxis(pg.AxisItem):  # type: ignore[misc]
    """Of logarithms: ticks stand on whole powers of ten, few enough to be read."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        fitting = max(size / LEAST_DECADE, 1.0)
        return [(float(max(1, math.ceil((high - low) / fitting))), 0.0)]

    def tickStrings(self, values: Sequence[float], *_: float) -> list[str]:
        return [power_text(round(value)) for value in values]


class LinePlot(pg.PlotWidget):  # type: ignore[misc]
    """One curve for each plane; a vertical line marks the pixel pointed at.

    Args:
        name: Object name.
        description: What a screen reader says.
        is_logarithmic: Values stand on a logarithmic axis; those of 0 and below at its lower end.
    """

    def __init__(self, name: str, description: str, is_logarithmic: bool = False) -> None:
        axes = {"bottom": _PixelAxis("bottom")}
        if is_logarithmic:
            axes["left"] = _DecadeAxis("left")
        super().__init__(axisItems=axes)
        self._is_logarithmic = is_logarithmic
        self.setObjectName(name)
        self.setAccessibleName(description)
        self.setMouseEnabled(x=True, y=False)
        self.setMenuEnabled(False)
        menu = self.plotItem.ctrlMenu  # made all the same, and a window of its own
        menu.setParent(self, menu.windowFlags())
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
        self, at: AnyArray, values: AnyArray, places: tuple[int, ...], cursor: float | None
    ) -> None:
        """Plot ``(C, N)`` values over ``(N,)`` pixels.

        Args:
            at: Where the values stand [px].
            values: One row a plane.
            places: The channel each plane is, for its colour.
            cursor: The pixel to be marked; None marks none.
        """
        while len(self._curves) < len(values):
            self._curves.append(self.plot([], []))
        self.clear_curves()
        if self._is_logarithmic:
            values = np.log10(np.maximum(values, LEAST))
        few = len(at) <= SYMBOLS_UP_TO
        for curve, line, place in zip(self._curves, values, places, strict=False):
            color = plane_color(place) if len(values) > 1 else theme().accent
            curve.setPen(pg.mkPen(color, width=1))
            curve.setSymbol("o" if few else None)
            curve.setSymbolSize(5)
            curve.setSymbolBrush(color)
            curve.setSymbolPen(color)
            curve.setData(at, line)
        if cursor is not None:
            self._cursor.setValue(cursor)
            self._cursor.show()


def power_text(exponent: int) -> str:
    """Write a power of ten: ``10⁻³``."""
    return "10" + str(exponent).translate(_RAISED)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
