"""The trainer: how long a network learns, beside PyTorch."""

from __future__ import annotations

import convlab.bench.rivals as rivals
from convlab.bench.table import Row, Task, at_most, times_of
from convlab.io.datasets import load_digits
from convlab.learn.optimisers import Adam
from convlab.learn.starter import starter_network
from convlab.learn.trainer import Trainer, TrainingSettings

RATE = 0.003
BATCH = 32
REST = 0.05  # [s]: PyTorch's threads spin after its last step
_DIGIT = (1, 8, 8)


def measure(rounds: int = 9) -> list[Row]:
    """Return the time once through the digits that are learned from, in turns with PyTorch."""
    digits = load_digits()
    images, labels = digits.training.images, digits.training.labels
    stack = starter_network(_DIGIT, digits.classes, seed=0)
    # Without what PyTorch's loop does not do either.
    settings = TrainingSettings(1, BATCH, Adam(RATE), shift=0, cosine_decay=False)

    def learn() -> None:
        for _ in Trainer(stack, images, labels, settings):
            pass

    tasks: dict[str, Task | None] = {
        "convlab": learn,
        "PyTorch": rivals.pytorch_epoch(stack, images, labels, BATCH, RATE),
    }
    times = times_of(tasks, rounds, rest=REST)
    rows = [
        Row(f"{len(images)} digits learned from once, {who}", t, "ms") for who, t in times.items()
    ]
    if "PyTorch" in times:
        share = times["convlab"] / times["PyTorch"]
        rows.append(at_most("learning against PyTorch", share, "x", 2.0))
    return rows
