"""What the worker is asked for of two signals (SignalJob) and what it answers (SignalShown)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from convlab.document.frame import Frame
from convlab.document.signal.curves import Curve
from convlab.document.signal.estimate import Estimate
from convlab.document.signal.model import Held, SignalState, SignalViewing
from convlab.document.signal.pair_neuron import NeuronLayer
from convlab.document.signal.table import Table
from convlab.document.signal.tabs import BallMaps, BandMatrix, Copies, Laws
from convlab.document.signal.window import SignalWindow
from convlab.engine.arrays import FloatArray
from convlab.engine.conv1d import Signal, Way

TabData: TypeAlias = Table | Copies | BandMatrix | NeuronLayer | Laws | BallMaps | None


@dataclass(frozen=True, slots=True, eq=False)
class SignalJob:
    """Two signals to be convolved.

    Attributes:
        generation: Number of the request; a later one has seen later edits.
        frame: The newest picture: nothing is made of it, but the books are kept by frames.
        state: The signals.
        viewing: What is looked at.
    """

    generation: int
    frame: Frame
    state: SignalState
    viewing: SignalViewing

    @property
    def input_size(self) -> tuple[int, int]:
        """(signals, samples of each)."""
        return 2, self.state.count


@dataclass(frozen=True, slots=True)
class SignalTiming:
    """What it took.

    Attributes:
        algorithm: The way taken by the last convolution.
        convolution: What that took [ms].
        total: What everything took with it [ms].
    """

    algorithm: Way
    convolution: float
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class SignalCurves:
    """The signals as they are painted: envelopes where they are long (see ``curves.thinned``).

    ``other`` is the correlation beside a convolution, the convolution beside a correlation.
    """

    f: Curve
    g: Curve
    result: Curve
    other: Curve | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SignalShown:
    """Everything the window paints for one job; all arrays are read-only.

    Attributes:
        job: What was asked for.
        f: Samples ``(count,)``.
        g: Samples ``(count,)``, as edited: not flipped.
        files: What the files hold that f or g come from, by the signal's name.
        times: Of both, ``(count,)`` [time].
        result: All of the convolution or correlation, ``(2 · count − 1,)``.
        result_times: Its times; of a correlation the lags, from −(count − 1) steps on.
        other: All of the correlation where the result is a convolution, and the other way round;
            None of signals too long to be compared.
        kept: The part of the result that the mode keeps.
        estimate: How well a noisy track is followed; None of other signals.
        curves: f, g and the result as they are painted.
        window: What stands at the present position.
        tab_data: What the view below shows; None for those that need no more.
        timing: What it took.
    """

    job: SignalJob
    f: Signal
    g: Signal
    files: Mapping[str, Held]
    times: Signal
    result: FloatArray
    result_times: Signal
    other: FloatArray | None
    kept: slice
    curves: SignalCurves
    window: SignalWindow
    tab_data: TabData
    timing: SignalTiming
    estimate: Estimate | None = None

    is_complete = True

    @property
    def index(self) -> int:
        """Where in the result the place lies that is looked at; it may lie beyond its ends."""
        return self.window.c - self.job.state.own_places[0]

    @property
    def other_total(self) -> float:
        """What the other of convolution and correlation has at the place that is looked at."""
        state, c = self.job.state, self.window.c
        index = c + state.count - 1 if state.is_flipped else c
        has_value = self.other is not None and 0 <= index < len(self.other)
        return float(self.other[index]) if has_value else 0.0  # type: ignore[index]
