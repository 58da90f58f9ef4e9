"""The status bar: frames in, shown and dropped, what the time went to."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStatusBar

from convlab.document.job import AnyShown
from convlab.document.learning.job import LearningShown, LearningTiming
from convlab.document.learning.network_view import NetworkShown
from convlab.document.signal.job import SignalShown, SignalTiming
from convlab.document.stack.job import StackTiming
from convlab.engine.planner import Plan
from convlab.runtime.pump import Pump
from convlab.ui.widgets.forms import describe, quiet_label

INTERVAL = 500  # [ms]


_TIMING_TIP = (
    "Which algorithm convolved and how long it took, of all the work behind one picture; and how "
    "old the picture was when it was painted."
)
_STACK_TIP = (
    "What the layers took, of all the work behind one picture. Only what changed is computed "
    "again: the first changed layer and those after it, as far as they are in sight."
)
_SIGNAL_TIP = (
    "How the signals were convolved and how long that took, and all the work of the last step. "
    "Only what changed is computed again."
)

_LEARNING_TIP = "What the steps of learning took, with all that is painted of them."


class StatusLine(QStatusBar):
    """Asks the pump twice a second, while frames move."""

    def __init__(self, pump: Pump) -> None:
        super().__init__()
        self._pump = pump
        self._rate = describe(
            quiet_label(),
            "status_rate",
            "Rates",
            "Frames per second that the source gave, that were painted, and that were dropped "
            "because a newer one had come. Every frame is one or the other.",
        )
        self._timing = describe(
            quiet_label(),
            "status_timing",
            "Time",
            _TIMING_TIP,
        )
        self.addWidget(self._rate)
        self.addPermanentWidget(self._timing)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self._on_timeout)

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
        shown = self._pump.shown
        if shown is None:
            return False
        arriving, painted, dropped = self._pump.rates()
        moving = arriving > 1.5  # a still is one frame
        if not _is_of_source(shown):
            moving, rates = False, "source paused"
        elif not moving:
            rates = "still"
        else:
            rates = f"{arriving:.0f} fps in, {painted:.0f} shown, {dropped:.0f} dropped"
        self._rate.setText(f"{_size_text(shown)}    {rates}")
        self._timing.setText(self._timing_text(shown, moving))
        self._timing.setToolTip(_why(shown))
        return moving

    def _timing_text(self, shown: AnyShown, moving: bool) -> str:
        text = _times(shown)
        return f"{text}    latency {self._pump.latency:.0f} ms" if moving else text


def _is_of_source(shown: AnyShown) -> bool:
    """Tell whether it was made of the source's picture; else that is not captured either."""
    if isinstance(shown, LearningShown):
        return not isinstance(shown.page, NetworkShown)
    return not isinstance(shown, SignalShown)


def _size_text(shown: AnyShown) -> str:
    """Say how large the picture is, or how long the signals are."""
    rows, columns = shown.job.input_size
    if isinstance(shown, SignalShown):
        return f"{rows} signals of {columns} samples"
    if isinstance(shown, LearningShown) and isinstance(shown.page, NetworkShown):
        return _data_text(shown.page)
    return f"{columns} × {rows}"


def _data_text(page: NetworkShown) -> str:
    """Say how many pictures there are to learn from, and how large they are."""
    if page.training is None:
        return "no pictures yet"
    data = page.training.data
    rows, columns = data.shape[1:]
    count = len(data.training) + len(data.test)
    return f"{count} pictures of {columns} × {rows}"


def _times(shown: AnyShown) -> str:
    timing = shown.timing
    if isinstance(timing, StackTiming):
        if timing.ran == 0:
            return "no layers"
        layers = f"{timing.ran} layer{'s' * (timing.ran != 1)}"
        return f"{layers} {timing.layers:.1f} ms of {timing.total:.1f} ms"
    if isinstance(timing, SignalTiming):
        return f"{timing.algorithm} {timing.convolution:.1f} ms of {timing.total:.1f} ms"
    if isinstance(timing, LearningTiming):
        return f"{timing.total:.1f} ms"
    name = timing.plan.algorithm.value
    return f"{name} {timing.convolution:.1f} ms of {timing.total:.1f} ms"


def _why(shown: AnyShown) -> str:
    timing = shown.timing
    if isinstance(timing, StackTiming):
        return f"<b>Time</b><br>{_STACK_TIP}"
    if isinstance(timing, SignalTiming):
        return f"<b>Time</b><br>{_SIGNAL_TIP}"
    if isinstance(timing, LearningTiming):
        return f"<b>Time</b><br>{_LEARNING_TIP}"
    return _plan_text(timing.plan)


def _plan_text(plan: Plan) -> str:
    """Say why the algorithm was picked, and what the others were expected to take."""
    rows = "".join(
        f"<tr><td>{name.value}&nbsp;&nbsp;</td><td align='right'>{cost:.2f} ms</td></tr>"
        for name, cost in plan.others
    )
    return (
        f"<b>Time</b><br>{_TIMING_TIP}<br><br><b>Why {plan.algorithm.value}?</b> "
        f"{escape(plan.reason)}.<br>Expected of each that fits:<table>{rows}</table>"
    )
