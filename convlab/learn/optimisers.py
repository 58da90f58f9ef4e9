"""Gradient descent: SGD, SGD with momentum, and Adam.

An optimiser is a few settings and nothing else. Its state is handed in and out from step to step,
so the same weights, gradients and state give the same next weights, bit for bit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Self

import numpy as np

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.engine.numbers import positive
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
_NOTHING = frozen(np.zeros(1, np.float32))


@dataclass(frozen=True, slots=True)
class Optimiser(ABC):
    """A rule for the next weights.

    Attributes:
        rate: The learning rate η.

    Raises:
        ValueError: If a setting cannot be used.
    """

    rate: float

    def __post_init__(self) -> None:
        positive("rate", self.rate)

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
        _check_shapes(parameters, gradients, "gradients")
        for moments in (state.first, state.second):
            if moments:
                _check_shapes(parameters, moments, "state")
        # All parameters as one row: a call for each of the small ones costs more than its numbers.
        w, g, m, v = (_row(some) for some in (parameters, gradients, state.first, state.second))
        with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
            made = self._next(w, g, m, v, state.steps + 1)
        moved, *found = (_apart(row, parameters) for row in made)
        return moved, OptimiserState(state.steps + 1, *found)

    def with_scaled_rate(self, factor: float) -> Self:
        """Return the same rule with the learning rate times a factor above 0."""
        return replace(self, rate=self.rate * factor)

    @abstractmethod
    def _next(
        self, w: AnyArray, g: AnyArray, first: AnyArray, second: AnyArray, steps: int
    ) -> tuple[AnyArray, ...]:
        """Return the next parameters as one row, and what is kept of their gradients likewise."""


@dataclass(frozen=True, slots=True)
class Sgd(Optimiser):
    """Gradient descent: w ← w − η g (Robbins and Monro, "A stochastic approximation method", 1951).

    Attributes:
        rate: The learning rate η.
    """

    rate: float = 0.1

    def _next(
        self, w: AnyArray, g: AnyArray, first: AnyArray, second: AnyArray, steps: int
    ) -> tuple[AnyArray, ...]:
        return (w - np.float32(self.rate) * g,)


@dataclass(frozen=True, slots=True)
class Momentum(Optimiser):
    """Gradient descent with momentum: v ← μ v + g, w ← w − η v.

    Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; written with
    the rate outside of v, as in ``torch.optim.SGD``.

    Attributes:
        rate: The learning rate η.
        momentum: The part μ of the last velocity that is kept, from 0 to below 1.
    """

    rate: float = 0.01
    momentum: float = 0.9

    def __post_init__(self) -> None:
        Optimiser.__post_init__(self)
        _check_share("momentum", self.momentum)

    def _next(
        self, w: AnyArray, g: AnyArray, first: AnyArray, second: AnyArray, steps: int
    ) -> tuple[AnyArray, ...]:
        velocity = np.float32(self.momentum) * first + g
        return w - np.float32(self.rate) * velocity, velocity


@dataclass(frozen=True, slots=True)
class Adam(Optimiser):
    """Steps of about one size for each weight: w ← w − η m̂ / (√v̂ + ε).

    m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g²; m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo
    that both began at 0 (Kingma and Ba, "Adam: a method for stochastic optimization", 2015,
    algorithm 1).

    Attributes:
        rate: The learning rate η, about the size of a step.
        first_decay: β₁, from 0 to below 1.
        second_decay: β₂, from 0 to below 1.
        epsilon: ε, so that a weight without gradient is not divided by 0.
    """

    rate: float = 0.001
    first_decay: float = 0.9
    second_decay: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        Optimiser.__post_init__(self)
        _check_share("first_decay", self.first_decay)
        _check_share("second_decay", self.second_decay)
        positive("epsilon", self.epsilon)

    def _next(
        self, w: AnyArray, g: AnyArray, first: AnyArray, second: AnyArray, steps: int
    ) -> tuple[AnyArray, ...]:
        b1, b2 = np.float32(self.first_decay), np.float32(self.second_decay)
        mean = b1 * first + (1 - b1) * g
        square = b2 * second + (1 - b2) * np.square(g)
        rate = np.float32(self.rate / (1 - self.first_decay**steps))
        correction = np.float32(1 / (1 - self.second_decay**steps))
        moved = rate * mean / (np.sqrt(square * correction) + np.float32(self.epsilon))
        return w - moved, mean, square


def _row(arrays: Sequence[FloatArray]) -> AnyArray:
    """Return the numbers of all arrays one after the other, float32; a 0 for all if none is there.

    Before the first step no moments are.
    """
    if not arrays:
        return _NOTHING
    return np.concatenate([array.ravel() for array in arrays], dtype=np.float32)


def _apart(row: AnyArray, parameters: Sequence[FloatArray]) -> Parameters:
    """Return a row of numbers in the shapes of the parameters: read-only parts of it."""
    ends = accumulate(parameter.size for parameter in parameters)
    frozen(row)
    return tuple(
        row[end - parameter.size : end].reshape(parameter.shape)
        for end, parameter in zip(ends, parameters, strict=True)
    )


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


def _check_share(name: str, share: float) -> None:
    if not 0 <= share < 1:
        raise ValueError(f"{name} {share!r} cannot be used: give a number from 0 to below 1")
