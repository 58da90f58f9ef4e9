"""The direct sum against the Fourier transform: times on this machine over the length."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from convlab.engine.arrays import AnyArray
from convlab.ui.numbers import show_number
from convlab.ui.signals.signal_trace import f_color, g_color
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import as_panel, describe, quiet_label

LEFT, RIGHT, TOP, BOTTOM = 62, 76, 8, 34  # around the room [px]
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (0.0, "ns"))
HINT = "Start: both ways convolve two signals of n samples each, for growing n."


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """What was measured so far.

    Attributes:
        lengths: ``(K,)``, samples of each signal.
        direct: ``(K,)`` [s]; NaN where it was not run.
        fourier: ``(K,)`` [s].
        crossover: From this length on the transform is faster; None: not found.
        difference: Largest relative difference between both results.
    """

    lengths: AnyArray
    direct: AnyArray
    fourier: AnyArray
    crossover: float | None = None
    difference: float = 0.0


class RacePlot(QWidget):
    """Both times over the length; both axes are logarithmic, so a power is a straight line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("race_plot")
        self.setAccessibleName("Times of both ways over the length")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 100)
        self._race: Race | None = None
        self._decades = ((0.0, 1.0), (-6.0, 0.0))

    def show_race(self, race: Race | None) -> None:
        """Show times, or a hint."""
        self._race = race if race is not None and len(race.lengths) else None
        if self._race is not None:
            times = np.concatenate([self._race.direct, self._race.fourier])
            self._decades = (_decades(self._race.lengths), _decades(times))
        self.update()

    def at(self, length: float, seconds: float) -> QPointF:
        """Return where a time is painted."""
        room, (across, up) = self._room(), self._decades
        x = (math.log10(length) - across[0]) / (across[1] - across[0])
        y = (math.log10(seconds) - up[0]) / (up[1] - up[0])
        return QPointF(room.left() + x * room.width(), room.bottom() - y * room.height())

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._race is None:
            painter.setPen(QColor(theme().quiet))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()), int(flags), HINT)
        else:
            self._paint_axes(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_crossover(painter, self._race)
            self._paint_line(painter, self._race.direct, f_color(), "direct", False)
            self._paint_line(painter, self._race.fourier, g_color(), "transform", True)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        room, (across, up) = self._room(), self._decades
        line, quiet = QColor(theme().line), QColor(theme().quiet)
        rows = max(1, round(22 * (up[1] - up[0]) / max(room.height(), 1)))
        for decade in range(round(up[0]), round(up[1]) + 1, rows):
            y = self.at(10.0 ** across[0], 10.0**decade).y()
            painter.setPen(line)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(quiet)
            label = QRectF(0, y - 9, LEFT - 12, 18)
            painter.drawText(label, _RIGHT, time_text(10.0**decade))
        for decade in range(round(across[0]), round(across[1]) + 1):
            x = self.at(10.0**decade, 10.0 ** up[0]).x()
            painter.setPen(line)
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
            painter.setPen(quiet)
            label = QRectF(x - 40, room.bottom() + 3, 80, 15)
            painter.drawText(
                label, Qt.AlignmentFlag.AlignCenter, f"{10**decade:,}".replace(",", " ")
            )
        label = QRectF(room.left(), room.bottom() + 18, room.width(), 16)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, "n, samples of each signal")

    def _paint_line(
        self, painter: QPainter, times: AnyArray, color: str, name: str, is_transform: bool
    ) -> None:
        assert self._race is not None
        points = [
            self.at(float(length), float(seconds))
            for length, seconds in zip(self._race.lengths, times, strict=True)
            if math.isfinite(seconds) and seconds > 0
        ]
        if not points:
            return
        painter.setPen(QPen(QColor(color), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(color))
        for point in points:
            painter.drawEllipse(point, 3, 3)
        shift = 9 if is_transform and self._ends_close() else 0
        label = QRectF(points[-1].x() + 7, points[-1].y() - 9 + shift, RIGHT, 18)
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, name)

    def _ends_close(self) -> bool:
        """Tell whether the names of both lines would lie on each other."""
        assert self._race is not None
        last = self._race.direct[-1], self._race.fourier[-1]
        if not all(math.isfinite(each) and each > 0 for each in last):
            return False
        heights = [self.at(float(self._race.lengths[-1]), float(each)).y() for each in last]
        return 0 <= heights[1] - heights[0] < 18

    def _paint_crossover(self, painter: QPainter, race: Race) -> None:
        if race.crossover is None:
            return
        room = self._room()
        x = self.at(race.crossover, 1.0).x()
        painter.setPen(QPen(QColor(theme().mark), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        text = f"n = {show_number(race.crossover, 0)}"
        wide = painter.fontMetrics().horizontalAdvance(text) + 8
        is_right = x + wide < room.right()
        label = QRectF(x + 5 if is_right else x - wide - 5, room.top(), wide, 18)
        painter.setPen(QColor(theme().text))
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, text)


class RaceView(QWidget):
    """The race, how far it is, and what it showed.

    Signals:
        started: The race is to be run.
        cancelled: It is to stop; what was measured stays.
    """

    started = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("race_view")
        self.setAccessibleName("Direct against Fourier transform")
        as_panel(self)
        self.plot = RacePlot()
        self._is_running = False
        self._button = describe(
            QPushButton("Start"),
            "race_button",
            "Race",
            "Times both ways on this machine. The direct sum takes n² products; the transform "
            "about n log n.",
        )
        self._progress = describe(
            QProgressBar(), "race_progress", "Progress", "How much of the race is run."
        )
        self._progress.setRange(0, 100)
        self._progress.setFixedHeight(18)
        self._progress.setTextVisible(False)
        self._says = quiet_label(HINT)
        self._says.setObjectName("race_caption")
        self._says.setWordWrap(True)
        self._arrange()
        self.set_running(False)
        self._button.clicked.connect(self._on_clicked)

    def _arrange(self) -> None:
        header = QHBoxLayout()
        header.addWidget(self._button)
        header.addWidget(self._progress, 1)
        header.addWidget(self._says, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 2)
        layout.setSpacing(4)
        layout.addLayout(header)
        layout.addWidget(self.plot, 1)

    def set_running(self, is_running: bool) -> None:
        """Show whether it is run just now."""
        self._is_running = is_running
        self._button.setText("Cancel" if is_running else "Start")
        self._progress.setVisible(is_running)

    def set_progress(self, share: float) -> None:
        """Show how much is done, from 0 to 1."""
        self._progress.setValue(round(100 * share))

    def show_race(self, race: Race | None) -> None:
        """Show what was measured so far, or a hint."""
        self.plot.show_race(race)
        text = HINT if race is None else race_text(race)
        self._says.setText(text)
        self.plot.setAccessibleDescription(text)

    def _on_clicked(self) -> None:
        (self.cancelled if self._is_running else self.started).emit()


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def race_text(race: Race) -> str:
    """Say who wins from where on, and that both come to the same."""
    equal = f"Both agree to {show_number(race.difference, 1)} of the largest value."
    if race.crossover is None:
        return f"The lines have not crossed yet. {equal}"
    at = show_number(race.crossover, 0)
    return f"On this machine the transform is faster from n = {at} on. {equal}"


def time_text(seconds: float) -> str:
    """``10 µs``."""
    size, unit = next((each for each in UNITS if seconds >= each[0] * 0.999), UNITS[-1])
    return f"{show_number(seconds / (size or 1e-9), 1)} {unit}"


def _decades(values: AnyArray) -> tuple[float, float]:
    """Return whole powers of ten around all values that are above zero."""
    usable = values[np.isfinite(values) & (values > 0)]
    if not usable.size:
        return (0.0, 1.0)
    low = float(math.floor(math.log10(float(usable.min()))))
    return low, max(float(math.ceil(math.log10(float(usable.max())))), low + 1.0)
