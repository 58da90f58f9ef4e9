"""What the steps of the algorithms take on a machine, and how that is found from measured times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.arrays import DoubleArray
from convlab.engine.steps import Steps


@dataclass(frozen=True, slots=True)
class Costs:
    """What one of each step takes [ns], of every algorithm."""

    tables: Mapping[Algorithm, Steps]

    def of(self, algorithm: Algorithm, steps: Steps) -> float:
        """Return what an algorithm takes that does so many steps [ns]."""
        return sum(count * cost for count, cost in zip(steps, self.tables[algorithm], strict=True))

    def scaled(self, factor: float) -> Costs:
        """Return the costs of a machine on which all takes so many times as long."""
        return Costs({way: _times(steps, factor) for way, steps in self.tables.items()})


def _times(steps: Steps, factor: float) -> Steps:
    return type(steps)(*(factor * cost for cost in steps))


class Sample(NamedTuple):
    """A time that was measured.

    Attributes:
        algorithm: What ran.
        steps: What it did.
        time: How long that took [ns].
        weight: How much the sample counts beside the others.
    """

    algorithm: Algorithm
    steps: Steps
    time: float
    weight: float = 1.0


_ROUNDS = 12
_USUAL_ERROR = 0.15  # of an estimate, in parts of it; what is further off counts less


def fit(samples: Sequence[Sample], start: Costs, trust: float, reach: float) -> Costs:
    """Return the costs that explain measured times best, each time counted in parts of itself.

    Args:
        samples: The times. Algorithms without any are as much dearer than before as the others.
        start: What is believed before; a whole machine may be slower or faster than that.
        trust: How much this counts, in samples for each step; more than 0.
        reach: How many times as dear as ``start`` a step may be, or as cheap, beside the others.
    """
    ratios = [sample.time / start.of(sample.algorithm, sample.steps) for sample in samples]
    typical = float(np.median(ratios))
    found = dict(start.scaled(typical).tables)
    for way, before in found.items():
        own = [sample for sample in samples if sample.algorithm is way]
        if own:
            found[way] = _fit(own, before, trust, reach)
    return Costs(found)


def _fit(own: Sequence[Sample], before: Steps, trust: float, reach: float) -> Steps:
    """Return one algorithm's costs: least squares, of logarithms nearly, within bounds."""
    times, weights = np.array([s.time for s in own]), np.array([s.weight for s in own])
    shares = np.array([s.steps for s in own]) * np.array(before) / times[:, np.newaxis]
    middle = np.clip(1.0 / np.median(shares.sum(axis=1)), 1.0 / reach, reach)
    factors = np.full(len(before), float(middle))
    for _ in range(_ROUNDS):
        guesses = shares @ factors
        errors = np.abs(np.log(guesses))
        counted = weights * np.minimum(1.0, _USUAL_ERROR / np.maximum(errors, 1e-9)) / guesses
        matrix = (shares * counted[:, np.newaxis]).T @ shares
        wanted = shares.T @ counted
        matrix[np.diag_indices_from(matrix)] += trust / middle**2
        wanted += trust / middle
        factors = _bounded(matrix, wanted, 1.0 / reach, reach)
    return type(before)(*(factors * before).tolist())


def _bounded(matrix: DoubleArray, wanted: DoubleArray, low: float, high: float) -> DoubleArray:
    """Solve for what lies within bounds: what goes beyond one stays there."""
    found, is_free = np.zeros(len(wanted)), np.ones(len(wanted), bool)
    while is_free.any():
        rest = wanted - matrix[:, ~is_free] @ found[~is_free]
        found[is_free] = np.linalg.solve(matrix[np.ix_(is_free, is_free)], rest[is_free])
        is_beyond = (found < low) | (found > high)
        if not is_beyond.any():
            break
        found = np.clip(found, low, high)
        is_free &= ~is_beyond
    return found
