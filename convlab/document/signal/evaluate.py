"""Run a SignalJob: the samples, their convolution, what stands at a position, the view below.

Each stage keeps its last answer, so that an edit recomputes only what it touches, and a move along
the result next to nothing.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.request import LabEvaluator, Request
from convlab.document.signal.curves import Curve, curve
from convlab.document.signal.estimate import estimate_of
from convlab.document.signal.job import SignalCurves, SignalJob, SignalShown, SignalTiming, TabData
from convlab.document.signal.model import Held, SignalSpec, SignalState, SignalTab
from convlab.document.signal.pair_neuron import neuron_of
from convlab.document.signal.samples import Read, held_of, samples
from convlab.document.signal.table import sides_at, table_of
from convlab.document.signal.tabs import ball_maps, copies_of, lag_origin, laws_of, matrix_of
from convlab.document.signal.window import extent, kept_part, look_at
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv1d import Signal, Way, conv1d, quicker_way

LONGEST_COMPARED = 4096
"""Samples of each signal up to which convolution and correlation are both made."""


class SignalEvaluator(LabEvaluator):
    """Runs jobs one after another; not thread-safe, one worker owns it.

    Args:
        read: Gives the program's own sounds.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._cached = StageCache()
        self._convolved = (Way.DIRECT, 0.0)

    def answer(self, request: Request) -> SignalShown:
        """Return what is painted of the signals of a document."""
        state, viewing = request.document.signal, request.viewing.signal
        return self.run(SignalJob(request.generation, request.frame, state, viewing))

    def run(self, job: SignalJob) -> SignalShown:
        """Return everything the window paints for a job.

        Raises:
            ValueError: The values overflow.
        """
        started = time.perf_counter()
        state = job.state
        f, g = self._signal("f", state.f, state), self._signal("g", state.g, state)
        kernel = g if state.is_flipped else frozen(g[::-1])
        times, lags = self._cached("times", _axis(state), lambda: _times(state))
        result = self._cached("result", _signals(state), lambda: self._convolve(f, kernel, state))
        other = self._cached("other", _signals(state), lambda: self._other(f, g, state))
        curves = self._cached(
            "curves",
            _signals(state),
            lambda: SignalCurves(
                curve(times, f), curve(times, g), curve(lags, result), _other_curve(other, state)
            ),
        )
        window = self._cached(
            "window",
            (_signals(state), job.viewing.c),
            lambda: look_at(job.viewing.c, f, g, state.step, state.is_continuous, state.is_flipped),
        )
        kept = self._cached(
            "kept", (_signals(state), state.mode), lambda: kept_part(state.mode, kernel)
        )
        tab_data = self._tab_data(job, f, g, kernel, result)
        timing = self._cached("timing", _signals(state), lambda: self._timing(started))
        files = self._files(state)
        estimate = self._cached(
            "estimate", _signals(state), lambda: estimate_of(f, g, result, state)
        )
        return SignalShown(
            job,
            f,
            g,
            files,
            times,
            result,
            lags,
            other,
            kept,
            curves,
            window,
            tab_data,
            timing,
            estimate,
        )

    def _timing(self, started: float) -> SignalTiming:
        """Time of the work since ``started``; kept until there is something to convolve again."""
        return SignalTiming(*self._convolved, (time.perf_counter() - started) * 1000)

    def _files(self, state: SignalState) -> dict[str, Held]:
        """Return what the files hold that the signals come from."""
        found = {"f": held_of(state.f, self._read), "g": held_of(state.g, self._read)}
        return {which: held for which, held in found.items() if held is not None}

    def _signal(self, which: str, spec: SignalSpec, state: SignalState) -> Signal:
        """Return the samples of one signal."""
        area = spec.is_normalised and state.is_continuous
        return self._cached(
            which,
            (spec, state.count, state.step, area),
            lambda: frozen(samples(spec, state.count, state.step, self._read, state.is_continuous)),
        )

    def _convolve(self, f: Signal, kernel: Signal, state: SignalState) -> FloatArray:
        """Return all of the result, ``(2 · count − 1,)``, and note what it took.

        Only what lies between the first and the last value is convolved: a short kernel on a long
        signal is quick, and where nothing meets, the result is exactly zero.
        """
        started = time.perf_counter()
        result = _convolved(f, kernel, state)
        if not np.isfinite(result).all():
            raise ValueError("The result overflows to inf or NaN: make f or g lower.")
        way = quicker_way(*(last - first + 1 for first, last in map(extent, (f, kernel))))
        self._convolved = way, (time.perf_counter() - started) * 1000
        return result

    def _other(self, f: Signal, g: Signal, state: SignalState) -> FloatArray | None:
        """Return the correlation beside a convolution, the convolution beside a correlation."""
        if state.count > LONGEST_COMPARED:
            return None
        return _convolved(f, frozen(g[::-1]) if state.is_flipped else g, state)

    def _tab_data(
        self, job: SignalJob, f: Signal, g: Signal, kernel: Signal, result: FloatArray
    ) -> TabData:
        """Return what the view in sight shows."""
        state, viewing = job.state, job.viewing
        signals = _signals(state)
        match viewing.tab:
            case SignalTab.TABLE:
                sides = sides_at(viewing.c, f, g, state)
                key = signals, sides
                return self._cached("table", key, lambda: table_of(sides, f, g, state))
            case SignalTab.COPIES:
                return self._cached("copies", signals, lambda: copies_of(f, kernel, result, state))
            case SignalTab.MATRIX:
                wanted = signals, state.mode
                return self._cached("matrix", wanted, lambda: matrix_of(f, g, state))
            case SignalTab.NEURON:
                tried = signals, state.neuron
                return self._cached("neuron", tried, lambda: neuron_of(f, state.neuron))
            case SignalTab.LAWS:
                return self._cached("laws", signals, lambda: laws_of(f, kernel))
            case SignalTab.BALL:
                cell = viewing.ball_cell
                return self._cached("ball", cell, lambda: ball_maps(cell))
            case _:
                return None


def _convolved(f: Signal, kernel: Signal, state: SignalState) -> FloatArray:
    """Return all of the result; beyond float32 it becomes infinite."""
    (f_first, f_last), (first, last) = extent(f), extent(kernel)
    result = np.zeros(2 * state.count - 1, np.float32)
    with np.errstate(over="ignore"):
        part = conv1d(f[f_first : f_last + 1], kernel[first : last + 1])
        if state.is_continuous:
            part = part * np.float32(state.step)
    result[f_first + first : f_last + last + 1] = part
    return frozen(result)


def _other_curve(other: FloatArray | None, state: SignalState) -> Curve | None:
    """Return the result that is not asked for, at its own places."""
    if other is None:
        return None
    origin = lag_origin(replace(state, is_flipped=not state.is_flipped))
    return curve((np.arange(len(other)) - origin) * state.step, other)


def _axis(state: SignalState) -> tuple[Any, ...]:
    """Return what the times depend on."""
    return state.count, state.step, state.is_flipped


def _signals(state: SignalState) -> tuple[Any, ...]:
    """Return what the result depends on, whatever part of it is kept."""
    return state.f, state.g, state.is_continuous, *_axis(state)


def _times(state: SignalState) -> tuple[Signal, Signal]:
    """Return the times of the samples and of the result."""
    times = np.arange(state.count) * state.step
    lags = (np.arange(2 * state.count - 1) - lag_origin(state)) * state.step
    return frozen(times), frozen(lags)
