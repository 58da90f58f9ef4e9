"""Direct sums against products of spectra, timed on this machine for longer and longer signals.

Sums take n² products, transforms about n log n steps, but many more for each: so there is a length
from which on transforms are faster (Cooley and Tukey, "An algorithm for the machine calculation of
complex Fourier series", 1965).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from convlab.engine.conv1d import Signal, convolve_direct, convolve_fourier
from convlab.engine.parallel import single_threaded_blas

COUNTS = tuple(1 << exponent for exponent in range(4, 18))
"""Values of each of the two signals: 16 … 131,072."""

LONGEST_DIRECT = 0.3  # s
_MOST_RUNS = 50
_TIMED = 0.05  # s; short runs are repeated until they took so long together


@dataclass(frozen=True, slots=True)
class Measurement:
    """How long two signals took to convolve.

    Attributes:
        count: Values of each.
        direct_ms: By sums of products [ms]; None if that had already taken too long.
        fourier_ms: Through spectra [ms].
        difference: Largest difference of the two results, in parts of the largest value; None if
            there is but one result.
    """

    count: int
    direct_ms: float | None
    fourier_ms: float
    difference: float | None


def race(
    counts: Sequence[int] = COUNTS, longest_direct: float = LONGEST_DIRECT
) -> Generator[Measurement, None, None]:
    """Measure one length after the other; the caller may stop at any time.

    Args:
        counts: Values of each signal, growing.
        longest_direct: The direct way runs no more after it took longer than this [s].

    Raises:
        ValueError: If a length is below 1.
    """
    if min(counts, default=1) < 1:
        raise ValueError(f"{min(counts)} values cannot be convolved: give at least 1")
    rng = np.random.default_rng(0)
    is_direct_running = True
    for count in counts:
        f, g = rng.standard_normal((2, count))
        with single_threaded_blas():  # else the sums of long signals wait for other programs
            measured = _measure(f, g, is_direct_running)
        yield measured
        took = measured.direct_ms
        is_direct_running = took is not None and took <= 1000 * longest_direct


def crossover(measurements: Iterable[Measurement]) -> float | None:
    """Return the length from which on spectra are faster; None if that was not seen.

    Between the last length at which sums were no slower and the next, the ratio of the times is
    taken as straight on log-log paper.
    """
    ratios = [
        (math.log(one.count), math.log(one.direct_ms / one.fourier_ms))
        for one in measurements
        if one.direct_ms is not None
    ]
    crossings = [
        math.exp(n0 - r0 * (n1 - n0) / (r1 - r0))
        for (n0, r0), (n1, r1) in pairwise(ratios)
        if r0 <= 0 < r1
    ]
    return crossings[-1] if crossings else None


def _measure(f: Signal, g: Signal, is_direct_running: bool) -> Measurement:
    through_spectra, fourier_ms = _timed(lambda: convolve_fourier(f, g))
    if not is_direct_running:
        return Measurement(len(f), None, fourier_ms, None)
    summed, direct_ms = _timed(lambda: convolve_direct(f, g))
    difference = float(np.abs(summed - through_spectra).max() / np.abs(summed).max())
    return Measurement(len(f), direct_ms, fourier_ms, difference)


def _timed(work: Callable[[], Signal]) -> tuple[Signal, float]:
    """Return a result and the shortest time it took [ms]: others were in the way of the rest."""
    best, spent, runs = math.inf, 0.0, 0
    while not runs or (spent < _TIMED and runs < _MOST_RUNS):
        started = time.perf_counter()
        result = work()
        taken = time.perf_counter() - started
        best, spent, runs = min(best, taken), spent + taken, runs + 1
    return result, 1000 * best
