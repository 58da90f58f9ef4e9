"""What the worker is asked for of two signals (SignalJob) and what it answers (SignalShown)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from convlab.document.frame import Frame
from convlab.document.signal.curves import Curve
from convlab.document.signal.model import Held, SignalState, SignalViewing
from convlab.document.signal.pair_neuron import NeuronLayer
from convlab.document.signal.tabs import BallMaps, BandMatrix, Copies, Laws
from convlab.document.signal.window import SignalWindow
from convlab.engine.arrays import FloatArray
from convlab.engine.conv1d import Signal, Way

TabData: TypeAlias = Copies | BandMatrix | NeuronLayer | Laws | BallMaps | None


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
    """The signals as they are painted: envelopes where they are long (see ``curves.thinned``)."""

    f: Curve
    g: Curve
    result: Curve


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
        kept: The part of the result that the mode keeps.
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
    kept: slice
    curves: SignalCurves
    window: SignalWindow
    tab_data: TabData
    timing: SignalTiming

    is_complete = True
