"""The values along a line of a picture."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPointF
from PySide6.QtGui import QMouseEvent, QWheelEvent

from convlab.engine.arrays import AnyArray
from convlab.ui.theme import plane_color
from convlab.ui.widgets.plot import Look, Plot
from convlab.ui.widgets.plot_frame import Axis, Kind
from convlab.ui.widgets.plot_trace import Ink, Style, Trace, accent

FEW_PIXELS = 40  # are marked; more would be a band
LEAST_PIXELS = 4.0  # are in sight
ZOOM_STEP = 1.2  # factor of a notch


class LinePlot(Plot):
    """One curve a plane along a line of pixels; the wheel zooms, a drag pans, a double click fits.

    Args:
        name: Object name.
        title: What a screen reader says.
    """

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title, Look((50.0, 8.0, 30.0, 17.0), x_name="px"))
        self._whole = Axis(kind=Kind.WHOLE)
        self._is_fitted = True
        self._grabbed = 0.0  # the pixel of the picture that is dragged
        self.pressed.connect(self._on_pressed)
        self.dragged.connect(self._on_dragged)

    def clear(self) -> None:
        """Show nothing."""
        self.set_mark(None)
        self.set_moving([])

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
        self._whole = Axis(float(at[0]), float(at[-1]), Kind.WHOLE)
        self._look_at(self._whole if self._is_fitted else self.frame.x)
        self.fit_values(values)
        inks: list[Ink] = [partial(plane_color, place) for place in places]
        inks = inks if len(values) > 1 else [accent]
        has_dots = len(at) <= FEW_PIXELS
        self.set_moving(
            [
                Trace(at, line, ink, Style.LINE, width=1.2, has_dots=has_dots)
                for line, ink in zip(values, inks, strict=False)
            ]
        )
        self.set_mark(cursor)

    def _look_at(self, wanted: Axis) -> None:
        """Show a part of the line, as far as there is one."""
        low, high = self._whole.ends
        span = min(max(wanted.high - wanted.low, LEAST_PIXELS), high - low)
        first = min(max(wanted.low, low), high - span)
        self.set_axes(Axis(first, first + span, Kind.WHOLE))

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if not notches:
            event.ignore()
            return
        shrink = ZOOM_STEP**-notches
        about, (low, high) = self.frame.x_at(event.position().x()), self.frame.x.ends
        self._is_fitted = False
        self._look_at(Axis(about + (low - about) * shrink, about + (high - about) * shrink))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._is_fitted = True
        self._look_at(self._whole)

    def _on_pressed(self, position: QPointF) -> None:
        self._grabbed = self.frame.x_at(position.x())

    def _on_dragged(self, position: QPointF) -> None:
        moved = self._grabbed - self.frame.x_at(position.x())
        self._is_fitted = False
        self._look_at(Axis(self.frame.x.low + moved, self.frame.x.high + moved))
