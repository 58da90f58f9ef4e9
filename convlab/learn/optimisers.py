"""Gradient descent: SGD, SGD with momentum, and Adam.

An optimiser is a few settings and nothing else. Its state is handed in and out from step to step,
so the same weights, gradients and state give the same next weights, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.learn.parameters import Parameters


@dataclass(frozen=True, slots=True, eq=False)
class OptimiserState:
    """The state of an optimiser; empty before the first step.

    Attributes:
        steps: How many were made.
        first: For each parameter a mean (Adam) or sum (momentum) of its gradients, float32.
        second: For each parameter a mean of its squared gradients (Adam), float32.
    """

    steps: int = 0
    first: Parameters = ()
    second: Parameters = ()


NO_STATE = OptimiserState()


class Optimiser(Protocol):
    """A rule for the next weights."""

    @property
    def rate(self) -> float:
        """The learning rate η."""

    def step(
        self,
        parameters: Sequence[FloatArray],
        gradients: Sequence[FloatArray],
        state: OptimiserState,
    ) -> tuple[Parameters, OptimiserState]:
        """Return the next parameters, read-only, and what to hand in with the next step.

        Args:
            parameters: float32, of any shapes.
            gradients: Of the loss, one of the same shape for each parameter.
            state: ``NO_STATE`` at first, then what the last step returned.

        Raises:
            ValueError: If gradients or state do not fit the parameters.
        """

    def with_scaled_rate(self, factor: float) -> Optimiser:
        """Return the same rule with the learning rate times a factor above 0."""


@dataclass(frozen=True, slots=True)
class Sgd:
    """Gradient descent: w ← w − η g (Robbins and Monro, "A stochastic approximation method", 1951).

    Attributes:
        rate: The learning rate η.

    Raises:
        ValueError: If the rate is not a positive number.
    """

    rate: float = 0.1

    def __post_init__(self) -> None:
        _check_rate(self.rate)

    def step(
        self,
        parameters: Sequence[FloatArray],
        gradients: Sequence[FloatArray],
        state: OptimiserState,
    ) -> tuple[Parameters, OptimiserState]:
        """Go downhill, as far as it is steep; see ``Optimiser.step``."""
        _check_shapes(parameters, gradients, "gradients")
        rate = np.float32(self.rate)
        moved = _each(lambda w, g: w - rate * g, parameters, gradients)
        return moved, OptimiserState(state.steps + 1)

    def with_scaled_rate(self, factor: float) -> Sgd:
        """Return the same with the rate times a factor; see ``Optimiser.with_scaled_rate``."""
        return replace(self, rate=self.rate * factor)


@dataclass(frozen=True, slots=True)
class Momentum:
    """Gradient descent with momentum: v ← μ v + g, w ← w − η v.

    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; written with
    the rate outside of v, as in ``torch.optim.SGD``.

    Attributes:
        rate: The learning rate η.
        momentum: The part μ of the last velocity that is kept, from 0 to below 1.

    Raises:
        ValueError: If a setting is outside.
    """

    rate: float = 0.01
    momentum: float = 0.9

    def __post_init__(self) -> None:
        _check_rate(self.rate)
        _check_share("momentum", self.momentum)

    def step(
        self,
        parameters: Sequence[FloatArray],
        gradients: Sequence[FloatArray],
        state: OptimiserState,
    ) -> tuple[Parameters, OptimiserState]:
        """Roll on while it goes downhill; see ``Optimiser.step``."""
        _check_shapes(parameters, gradients, "gradients")
        before = _moments(parameters, state.first)
        kept, rate = np.float32(self.momentum), np.float32(self.rate)
        velocity = _each(lambda v, g: kept * v + g, before, gradients)
        moved = _each(lambda w, v: w - rate * v, parameters, velocity)
        return moved, OptimiserState(state.steps + 1, velocity)

    def with_scaled_rate(self, factor: float) -> Momentum:
        """Return the same with the rate times a factor; see ``Optimiser.with_scaled_rate``."""
        return replace(self, rate=self.rate * factor)


@dataclass(frozen=True, slots=True)
class Adam:
    """Steps of about one size for each weight: w ← w − η m̂ / (√v̂ + ε).

    m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g²; m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo
    that both began at 0 (Kingma and Ba, "Adam: a method for stochastic optimization", 2015,
    algorithm 1).

    Attributes:
        rate: The learning rate η, about the size of a step.
        first_decay: β₁, from 0 to below 1.
        second_decay: β₂, from 0 to below 1.
        epsilon: ε, so that a weight without gradient is not divided by 0.

    Raises:
        ValueError: If a setting is outside.
    """

    rate: float = 0.001
    first_decay: float = 0.9
    second_decay: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _check_rate(self.rate)
        _check_share("first_decay", self.first_decay)
        _check_share("second_decay", self.second_decay)
        _check_rate(self.epsilon, "epsilon")

    def step(
        self,
        parameters: Sequence[FloatArray],
        gradients: Sequence[FloatArray],
        state: OptimiserState,
    ) -> tuple[Parameters, OptimiserState]:
        """Go a measured step; see ``Optimiser.step``."""
        _check_shapes(parameters, gradients, "gradients")
        means = _moments(parameters, state.first)
        squares = _moments(parameters, state.second)
        # All parameters as one row: a call for each of the small ones costs more than its numbers.
        w, g, m, v = (_row(some) for some in (parameters, gradients, means, squares))
        b1, b2 = np.float32(self.first_decay), np.float32(self.second_decay)
        steps = state.steps + 1
        with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * np.square(g)
            w = w - self._move(m, v, steps)
        moved, means, squares = (_apart(row, parameters) for row in (w, m, v))
        return moved, OptimiserState(steps, means, squares)

    def with_scaled_rate(self, factor: float) -> Adam:
        """Return the same with the rate times a factor; see ``Optimiser.with_scaled_rate``."""
        return replace(self, rate=self.rate * factor)

    def _move(self, mean: AnyArray, square: AnyArray, steps: int) -> AnyArray:
        """Return how far each parameter moves."""
        rate = np.float32(self.rate / (1 - self.first_decay**steps))
        correction = np.float32(1 / (1 - self.second_decay**steps))
        return np.asarray(rate * mean / (np.sqrt(square * correction) + np.float32(self.epsilon)))


def _each(
    rule: Callable[[FloatArray, FloatArray], AnyArray],
    some: Sequence[FloatArray],
    others: Sequence[FloatArray],
) -> Parameters:
    """Return what a rule makes of each pair, float32 and read-only."""
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        made = (rule(one, other) for one, other in zip(some, others, strict=True))
        return tuple(frozen(np.asarray(array, np.float32)) for array in made)


def _row(arrays: Sequence[FloatArray]) -> AnyArray:
    """Return the numbers of all arrays one after the other, float32."""
    if not arrays:
        return np.empty(0, np.float32)
    return np.concatenate([array.ravel() for array in arrays], dtype=np.float32)


def _apart(row: AnyArray, parameters: Sequence[FloatArray]) -> Parameters:
    """Return a row of numbers in the shapes of the parameters: read-only parts of it."""
    ends = accumulate(parameter.size for parameter in parameters)
    frozen(row)
    return tuple(
        row[end - parameter.size : end].reshape(parameter.shape)
        for end, parameter in zip(ends, parameters, strict=True)
    )


def _moments(parameters: Sequence[FloatArray], state: Parameters) -> Parameters:
    """Return the state of each parameter: zeros before the first step."""
    if not state:
        return tuple(np.zeros(parameter.shape, np.float32) for parameter in parameters)
    _check_shapes(parameters, state, "state")
    return state


def _check_shapes(
    parameters: Sequence[FloatArray], others: Sequence[FloatArray], name: str
) -> None:
    wanted = [parameter.shape for parameter in parameters]
    found = [other.shape for other in others]
    if wanted != found:
        raise ValueError(
            f"{name} of shapes {found} do not fit parameters of shapes {wanted}: "
            "give one of the same shape for each"
        )


def _check_rate(rate: float, name: str = "rate") -> None:
    if not (math.isfinite(rate) and rate > 0):
        raise ValueError(f"{name} {rate!r} cannot be used: give a number above 0")


def _check_share(name: str, share: float) -> None:
    if not 0 <= share < 1:
        raise ValueError(f"{name} {share!r} cannot be used: give a number from 0 to below 1")
