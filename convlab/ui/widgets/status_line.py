"""The status bar: frames in, shown and dropped, what the mouse points at, what the time went to.

It never asks for more room than the window has: where that is short, words are left out, those of
the value under the mouse last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStatusBar

from convlab.runtime.pump import Pump
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, quiet_label

INTERVAL = 500  # [ms]
AROUND = 66  # width that the bar keeps around its texts and between them [px]


class LabStatus(NamedTuple):
    """What is said of a result.

    Attributes:
        size: How large the picture is, or how long the signals are.
        time: What the time went to.
        tip: What that means, as HTML.
        is_of_source: It was made of the source's picture; else that is not captured either.
    """

    size: str
    time: str
    tip: str
    is_of_source: bool = True


class StatusLine(QStatusBar):
    """Asks twice a second, while frames move.

    Args:
        pump: Knows the rates.
        describe_shown: Returns what is said of the last result; None before the first.
    """

    def __init__(self, pump: Pump, describe_shown: Callable[[], LabStatus | None]) -> None:
        super().__init__()
        self.setAccessibleName("Status bar")
        self._pump = pump
        self._describe_shown = describe_shown
        self._rate = describe(
            quiet_label(),
            "status_rate",
            "Rates",
            "Frames per second that the source gave, that were painted, and that were dropped "
            "because a newer one had come. Every frame is one or the other.",
        )
        self._timing = describe(quiet_label(), "status_timing", "Time", "What the work took.")
        self._value = describe(
            quiet_label(),
            "status_value",
            "Under the mouse",
            "The values of the pixel or cell pointed at; places are (row, column).",
        )
        self.addWidget(self._rate)
        self._value.setContentsMargins(14, 0, 0, 0)
        self.addWidget(self._value)
        for label in (self._rate, self._value, self._timing):
            label.setMinimumWidth(1)  # the window need not grow for it
        self._pointed = ""
        self._held = 0  # width that the value took at most while the mouse was on a view [px]
        self._texts: tuple[tuple[str, str], ...] = ()  # rates and times, in fewer and fewer words
        self.addPermanentWidget(self._timing)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_timeout)

    def show_value(self, text: str) -> None:
        """Say what stands under the mouse."""
        self._pointed = text
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._held = 0
        self._fit()

    def _fit(self) -> None:
        """Write what there is room for."""
        metrics, room = self._value.fontMetrics(), self.width() - px(AROUND)
        width = metrics.horizontalAdvance
        value = metrics.elidedText(self._pointed, Qt.TextElideMode.ElideRight, room)
        self._held = max(self._held, width(value)) if value else 0
        fits = (
            (rate, timing)
            for rate, timing in self._texts
            if width(rate) + width(timing) + self._held <= room
        )
        rate, timing = next(fits, ("", ""))
        self._rate.setText(rate)
        self._value.setText(value)
        self._timing.setText(timing)

    def wake(self) -> None:
        """A result was shown: keep the figures fresh until nothing moves any more."""
        if not self._timer.isActive():
            self._timer.start()
            self._write()

    def _on_timeout(self) -> None:
        if not self._write():
            self._timer.stop()

    def _write(self) -> bool:
        """Write the figures; return whether frames still come."""
        said = self._describe_shown()
        if said is None:
            return False
        arriving, painted, dropped = self._pump.rates()
        moving = arriving > 1.5  # a still is one frame
        if not said.is_of_source:
            moving, rates = False, "source paused"
        elif not moving:
            rates = "still"
        else:
            rates = f"{arriving:.0f} fps in, {painted:.0f} shown, {dropped:.0f} dropped"
        long = f"{said.size}    {rates}"
        short = f"{said.size}    {painted:.0f} fps" if moving else long
        late = f"{said.time}    latency {self._pump.latency:.0f} ms" if moving else said.time
        self._texts = (long, late), (short, late), (short, said.time), (short, ""), (said.size, "")
        self._fit()
        self._timing.setToolTip(f"<b>Time</b><br>{said.tip}")
        return moving
