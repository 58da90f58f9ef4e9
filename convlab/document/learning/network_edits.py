"""Every edit of what a network learns from, and how: Document -> Document.

An edit that cannot be raises ValueError with a message for the person.
"""

from __future__ import annotations

from dataclasses import replace

from convlab.document.document import Document
from convlab.document.learning.network import (
    LARGEST_RATE,
    LARGEST_SEED,
    LEAST_RATE,
    MOST_BATCH,
    MOST_EPOCHS,
    OWN_DATA,
    USUAL_RATES,
    Architecture,
    NetworkTask,
    Start,
)
from convlab.document.learning.network_fit import as_learned
from convlab.document.learning.rule import Rule
from convlab.document.learning.training import Training
from convlab.document.stack.edits import replace_stack
from convlab.engine.naming import parse_name


def set_data(document: Document, name: str) -> Document:
    """Choose a data set that comes with the program."""
    return _changed(document, data=name, path="")


def set_own_data(document: Document, path: str) -> Document:
    """Choose a file of one's own.

    Raises:
        ValueError: There is no path.
    """
    if not path:
        raise ValueError("There is no file to learn from: choose one.")
    return _changed(document, data=OWN_DATA, path=path)


def set_architecture(document: Document, name: str) -> Document:
    """Choose where the layers come from.

    Raises:
        ValueError: There is no such choice.
    """
    return _changed(document, architecture=parse_name(Architecture, name, "architecture"))


def set_start(document: Document, name: str) -> Document:
    """Choose the initial weights.

    Raises:
        ValueError: There is no such choice.
    """
    return _changed(document, start=parse_name(Start, name, "start"))


def set_epochs(document: Document, epochs: int) -> Document:
    """Choose how often every picture is seen.

    Raises:
        ValueError: Not 1 to MOST_EPOCHS.
    """
    return _changed(document, epochs=_bounded(epochs, 1, MOST_EPOCHS, "epochs"))


def set_batch(document: Document, batch: int) -> Document:
    """Choose the batch size.

    Raises:
        ValueError: Not 1 to MOST_BATCH.
    """
    return _changed(document, batch=_bounded(batch, 1, MOST_BATCH, "pictures in a batch"))


def set_rule(document: Document, name: str) -> Document:
    """Choose the optimiser; the learning rate becomes one that is usual for it.

    Raises:
        ValueError: There is no such optimiser.
    """
    rule = parse_name(Rule, name, "optimiser")
    return _changed(document, rule=rule, rate=USUAL_RATES[rule])


def set_rate(document: Document, rate: float) -> Document:
    """Choose the learning rate.

    Raises:
        ValueError: It is not finite, or out of bounds.
    """
    if not LEAST_RATE <= rate <= LARGEST_RATE:
        raise ValueError(
            f"A learning rate of {rate:g} is out of bounds: choose one from {LEAST_RATE:g} to "
            f"{LARGEST_RATE:g}."
        )
    return _changed(document, rate=float(rate))


def set_seed(document: Document, seed: int) -> Document:
    """Choose the seed of the random numbers.

    Raises:
        ValueError: Not 0 to LARGEST_SEED.
    """
    return _changed(document, seed=_bounded(seed, 0, LARGEST_SEED, "as seed"))


def open_in_stack_lab(document: Document, training: Training) -> Document:
    """Put what was learned into the stack lab, with the pictures' size.

    Raises:
        ValueError: It has more layers than the stack lab shows.
    """
    return replace(document, stack=replace_stack(document.stack, as_learned(training)))


def _changed(document: Document, **changes: object) -> Document:
    task: NetworkTask = replace(document.learning.network, **changes)  # type: ignore[arg-type]
    return replace(document, learning=replace(document.learning, network=task))


def _bounded(number: int, least: int, most: int, what: str) -> int:
    if not least <= number <= most:
        raise ValueError(f"{number} {what} is out of bounds: choose {least} to {most}.")
    return number
