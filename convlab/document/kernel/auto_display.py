"""How the output is painted of its own accord: as a picture or signed, and over which range."""

from __future__ import annotations

import math

import numpy as np

from convlab.document.kernel.job import KernelJob, Shown
from convlab.document.kernel.model import Display
from convlab.engine.arrays import FloatArray
from convlab.engine.color import ColorSpace
from convlab.engine.display import DisplayMode, ScaleCurve, extremes
from convlab.engine.value_range import (
    ROUNDING,
    RangeFollower,
    range_floor,
    typical_magnitude,
)

LEAST_MEAN = 0.04
"""A kernel whose weights sum to more than that share of their magnitudes makes a picture: the
sharpest of the presets has 1/17, one that finds edges has 0 but for rounding."""


LEAST_OFFSET = 0.25
"""An offset of that share of white makes a picture of whatever kernel: an emboss in grey."""


def painted_mode(job: KernelJob, planes: FloatArray) -> DisplayMode:
    """Return the mode in which the output is painted.

    Args:
        job: What is wanted.
        planes: What the kernel runs over.
    """
    if job.state.display.mode is not DisplayMode.AUTO:
        return job.state.display.mode
    is_raised = job.state.scaling.offset >= LEAST_OFFSET * job.frame.white
    is_picture = _is_mean(job) or is_raised
    is_plain = job.shows_planes or _is_plain(job, planes)
    return DisplayMode.CLIPPED if is_picture and is_plain else DisplayMode.SIGNED


def typical_output(job: KernelJob, output: FloatArray) -> float:
    """Return the magnitude that 99.5 % of the output inside the picture do not exceed.

    Where the kernel meets padding, a false edge would choose the range. 0 if all is rounding.
    """
    return typical_magnitude(_inside(job, output), _noise(job))


class OutputRange:
    """How the output of a live picture is painted; one worker owns it.

    Nothing of it changes under a hand, but what the hand itself turns.
    """

    def __init__(self) -> None:
        self._follower = RangeFollower()
        self._shown: Shown | None = None
        self._display: Display | None = None
        self._is_held_back = False
        self._measured: FloatArray | None = None  # the output that was looked at last
        self._is_unseen = False  # another has come since, too soon to be looked at

    @property
    def is_settled(self) -> bool:
        """Nothing is waited for."""
        return not (self._is_held_back or self._is_unseen) and self._follower.is_settled

    def choose(self, job: KernelJob, mode: DisplayMode, output: FloatArray, now: float) -> Shown:
        """Return how the output is painted.

        Args:
            job: What is wanted.
            mode: In which it would be painted by itself.
            output: Its planes.
            now: Of a clock that only rises [s].
        """
        wanted = Shown(mode, self._limit(job, mode, output, now))
        is_held = job.is_held and job.state.display == self._display
        if self._shown is None or not is_held:
            self._shown, self._display = wanted, job.state.display
        self._is_held_back = wanted != self._shown
        return self._shown

    def _limit(
        self, job: KernelJob, mode: DisplayMode, output: FloatArray, now: float
    ) -> float | None:
        display, white = job.state.display, _white(job)
        self._is_unseen = False
        if display.limit is not None:
            return display.limit
        is_picture = mode is DisplayMode.CLIPPED and display.mode is DisplayMode.AUTO
        if is_picture and white <= job.frame.white:  # a true mean
            return white
        follows = is_picture or mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE)
        if display.is_full or not follows:
            return None
        subject = (mode, job.state)
        if not self._follower.is_fresh(subject, now, job.is_held):
            wanted = self._wanted(job, output, white if is_picture else math.inf)
            self._follower.follow(wanted, subject, now, job.is_held)
            self._measured = output
        self._is_unseen = output is not self._measured
        followed = self._follower.limit
        return min(followed, white) if is_picture else followed

    @staticmethod
    def _wanted(job: KernelJob, output: FloatArray, white: float) -> float:
        """Return the limit that the output asks for; as a picture, its white if that is near."""
        typical, display = typical_output(job, output), job.state.display
        floor = range_floor(_noise(job), display.curve is ScaleCurve.ROOT)
        wanted = max(typical, floor) if typical else job.frame.white
        # Else the sums are no picture's, but those of an impulse.
        return white if math.isfinite(white) and wanted > white / 2 else wanted


def _is_mean(job: KernelJob) -> bool:
    """Tell whether each kernel adds up to a notable share of its gain, as that of a picture.

    Those that are 0 all over, of channels that are left out, say nothing.
    """
    totals, gains = _totals(job), _gains(job)
    says = gains > 0
    return bool(says.any() and (totals > LEAST_MEAN * gains)[says].all())


def _white(job: KernelJob) -> float:
    """Return what the kernel makes of the picture's white; an edge kernel leaves white as it is."""
    white, offset = job.frame.white, job.state.scaling.offset
    if offset and not _is_mean(job):
        return white
    total = float(f"{_totals(job).max():.6g}")  # nine ninths are one
    return white * total + offset


def _noise(job: KernelJob) -> float:
    """Return about how far off a sum in float32 is."""
    return ROUNDING * (job.frame.white * float(_gains(job).max()) + abs(job.state.scaling.offset))


def _totals(job: KernelJob) -> FloatArray:
    """Return what the weights behind each output plane add up to, ``(O,)`` float64."""
    totals: FloatArray = job.layer.weight.sum((1, 2, 3), dtype=np.float64)
    return totals


def _gains(job: KernelJob) -> FloatArray:
    """Return what their magnitudes add up to, ``(O,)`` float64."""
    gains: FloatArray = np.abs(job.layer.weight).sum((1, 2, 3), dtype=np.float64)
    return gains


def _is_plain(job: KernelJob, planes: FloatArray) -> bool:
    """Tell whether nothing is below zero, as in a picture."""
    is_whole = job.frame.pixels.dtype.kind == "u" and job.state.channels.space is not ColorSpace.LAB
    return is_whole or extremes(planes)[0] >= 0.0


def _inside(job: KernelJob, output: FloatArray) -> FloatArray:
    """Return the output where patches lie in the picture; all of it where none does."""
    spans = []
    for axis, size, count in zip(job.axes, job.input_size, output.shape[1:], strict=True):
        reach = axis.dilation * (axis.kernel - 1)
        first = -(-axis.before // axis.stride)
        last = min((size - 1 - reach + axis.before) // axis.stride, count - 1)
        if last < first:
            return output
        spans.append(slice(first, last + 1))
    return output[:, spans[0], spans[1]]
