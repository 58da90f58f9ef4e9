"""What is done with a sum of products: divided, and an offset added."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from convlab.engine.arrays import FloatArray
from convlab.layers.parameters import decimal, flag

LARGEST_SCALING = 100_000.0
ROUNDING = 1e-6
"""Weights rounded to float32 that should add up to 0 add up to less than this of their gain."""

ZERO_DIVISOR = "nothing can be divided by 0: give another divisor, 1 leaves the kernel as it is"


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the sum of the products becomes the output: divided by a number, plus an offset.

    Attributes:
        divisor: What the sum is divided by; never 0.
        normalise: It is divided by what the weights add up to instead, so that a flat area keeps
            its value; by nothing if they add up to 0.
        offset: What is added at last.

    Raises:
        ValueError: The divisor is 0.
    """

    divisor: float = field(
        default=1.0,
        metadata=decimal(
            "Divisor",
            -LARGEST_SCALING,
            LARGEST_SCALING,
            1.0,
            "The sum is divided by it: nine ones and 9 are a mean.",
            digits=6,
        ),
    )
    normalise: bool = field(
        default=False,
        metadata=flag(
            "normalise",
            "Divide by what the weights add up to: a flat area keeps its value. Where they add up "
            "to 0, as those of an edge kernel, there is nothing to divide by.",
            title="Normalise: divide by the sum",
        ),
    )
    offset: float = field(
        default=0.0,
        metadata=decimal(
            "Offset",
            -LARGEST_SCALING,
            LARGEST_SCALING,
            0.1,
            "Added at last, as the bias of a layer. 0.5 shows both signs of an edge as grey.",
            digits=6,
        ),
    )

    def __post_init__(self) -> None:
        if self.divisor == 0.0:
            raise ValueError(ZERO_DIVISOR)

    def divisors(self, bank: FloatArray) -> FloatArray:
        """Return what each kernel of a layer is divided by.

        >>> Scaling(normalise=True).divisors(np.ones((1, 1, 3, 3), np.float32)).tolist()
        [9.0]

        Args:
            bank: ``(O, C / groups, kh, kw)``; all that is added up for an output is one sum.

        Returns:
            ``(O,)`` float64.
        """
        if not self.normalise:
            return np.full(len(bank), self.divisor)
        totals = sums(bank)
        return np.where(totals == 0.0, 1.0, totals)

    def scaled(self, bank: FloatArray) -> FloatArray:
        """Return kernels ``(O, C / groups, kh, kw)`` divided, in float32."""
        divisors = self.divisors(bank)
        if (divisors == 1.0).all():
            return bank
        return np.asarray(bank / divisors[:, None, None, None], np.float32)


def sums(bank: FloatArray) -> FloatArray:
    """Return what the weights of each kernel add up to, ``(O,)`` float64; rounding is nothing.

    Args:
        bank: ``(O, C / groups, kh, kw)``.
    """
    exact = bank.astype(np.float64)
    totals, gains = exact.sum((1, 2, 3)), np.abs(exact).sum((1, 2, 3))
    return np.where(np.abs(totals) > ROUNDING * gains, totals, 0.0)
