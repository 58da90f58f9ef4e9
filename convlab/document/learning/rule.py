"""How numbers follow their gradients: the optimisers that a person can choose from."""

from __future__ import annotations

from enum import StrEnum

from convlab.learn.optimisers import Adam, Momentum, Optimiser, Sgd


class Rule(StrEnum):
    """The optimisers; the value is the name used in files."""

    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAM = "adam"

    def at(self, rate: float) -> Optimiser:
        """Return the optimiser with a learning rate.

        Raises:
            ValueError: The rate is not a positive number.
        """
        return _OPTIMISERS[self](rate)


_OPTIMISERS: dict[Rule, type[Sgd] | type[Momentum] | type[Adam]] = {
    Rule.SGD: Sgd,
    Rule.MOMENTUM: Momentum,
    Rule.ADAM: Adam,
}
