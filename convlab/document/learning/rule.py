"""How numbers follow their gradients: the optimisers that a person can choose from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from convlab.layers.parameters import Parameter, choice, decimal, whole
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


_OPTIMISERS: dict[Rule, type[Optimiser]] = {Rule.SGD: Sgd, Rule.MOMENTUM: Momentum, Rule.ADAM: Adam}


def optimiser_choice(tip: str) -> Mapping[str, Parameter]:
    """Describe the choice of an optimiser, as metadata of its field."""
    titles = ((Rule.SGD, "SGD"), (Rule.MOMENTUM, "Momentum"), (Rule.ADAM, "Adam"))
    return choice("Optimiser", titles, tip)


def learning_rate(tip: str) -> Mapping[str, Parameter]:
    """Describe a learning rate, as metadata of its field."""
    return decimal("Rate η", 1e-6, 1e3, 1e-6, tip, noun="learning rate", is_wide=True)


def random_seed(tip: str) -> Mapping[str, Parameter]:
    """Describe the seed of random numbers, as metadata of its field."""
    return whole("Seed", 0, 2**31 - 1, tip, is_wide=True)
