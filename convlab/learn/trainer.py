"""Training of a classifier: a generator of steps that a caller may leave at any time.

Stochastic gradient descent on the cross entropy of shuffled batches. Nothing here knows of time or
threads: a worker takes the next step when it likes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.conv_arguments import to_array, to_picture
from convlab.engine.numbers import not_negative
from convlab.engine.parallel import single_threaded_blas
from convlab.engine.shapes import check_whole
from convlab.layers import Layer, Softmax, Stack
from convlab.learn.augment import shifted
from convlab.learn.backward import backward, forward, with_running_statistics
from convlab.learn.losses import Labels, accuracy, confusion_matrix, cross_entropy, to_labels
from convlab.learn.optimisers import NO_STATE, Adam, Optimiser, OptimiserState
from convlab.learn.parameters import Parameters, parameters_of, with_parameters

_EVALUATION_BATCH = 256  # pictures
_DEFAULT_OPTIMISER = Adam(0.003)


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a stack is trained.

    Attributes:
        epochs: How often every picture is seen.
        batch: The batch size: pictures whose mean gradient makes one step.
        optimiser: How the weights follow their gradients.
        seed: Of the shuffling, the shifts and the dropout masks; the same gives the same weights.
        shift: How far each picture is moved at random, at most, whenever it is seen [px]; see
            ``shifted``. 0 shows it as it is.
        cosine_decay: Whether the learning rate falls along half a cosine, to 0 at the end, so that
            the last batches leave no mark of their own (Loshchilov and Hutter, "SGDR: stochastic
            gradient descent with warm restarts", 2017, without the restarts).
        weight_decay: λ: each step first multiplies the weights, not the biases, with 1 − ηλ, so
            that what the loss does not need fades (Loshchilov and Hutter, "Decoupled weight decay
            regularization", 2019).

    Raises:
        ValueError: If a number cannot be used.
    """

    epochs: int = 20
    batch: int = 32
    optimiser: Optimiser = _DEFAULT_OPTIMISER
    seed: int = 0
    shift: float = 0.25
    cosine_decay: bool = True
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        check_whole("epochs", self.epochs, 1)
        check_whole("batch", self.batch, 1)
        check_whole("seed", self.seed, 0)
        not_negative("shift", self.shift)
        not_negative("weight decay", self.weight_decay)

    def optimiser_at(self, share: float) -> Optimiser:
        """Return the optimiser with the learning rate it has at some point.

        Args:
            share: Of all steps, how many were taken, from 0 to below 1.
        """
        if not self.cosine_decay:
            return self.optimiser
        return self.optimiser.with_scaled_rate((1 + math.cos(math.pi * share)) / 2)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSnapshot:
    """Where learning stands after a step.

    Attributes:
        epoch: Counted from 1.
        step: Of all epochs, counted from 1.
        loss: Mean cross entropy of the batch, before its step.
        accuracy: Fraction of the batch that was classified correctly, before its step.
        stack: What was learned up to here; of the last finite weights where training stopped.
        stopped: Why training stopped here, one message with its remedy; else empty.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    stack: Stack
    stopped: str = ""


class Evaluation(NamedTuple):
    """How well a stack classifies pictures.

    Attributes:
        loss: Mean cross entropy.
        accuracy: Fraction classified correctly, 0 to 1.
        confusion: How many of each class (row) were taken for each class (column), ``(K, K)``.
        predictions: The predicted class of each picture, ``(N,)``.
    """

    loss: float
    accuracy: float
    confusion: Labels
    predictions: Labels


class Trainer:
    """Trains a stack on labelled pictures; iterate over it to take steps.

    Each iteration starts again, and the same settings give the same weights, bit for bit. A softmax
    at the end is kept, but the loss is taken from the scores before it.

    Args:
        stack: The layers; the last gives one score for each class. Their weights are the start.
        images: ``(N, C, H, W)``. uint8 is divided by 255 and uint16 by 65535.
        labels: The right class of each, ``(N,)``, from 0 to the number of scores − 1.
        settings: How to learn.

    Raises:
        ValueError: If the pictures do not fit the first layer, the labels not the pictures or the
            scores, a picture is not finite, or nothing in the stack can learn; with the numbers.
    """

    def __init__(
        self,
        stack: Stack,
        images: ArrayLike,
        labels: ArrayLike,
        settings: TrainingSettings | None = None,
    ) -> None:
        self.settings = settings or TrainingSettings()
        self._images, self._labels = _checked(stack, images, labels)
        if not parameters_of(stack):
            raise ValueError("no layer has weights to learn: add a convolution or Linear")
        self._stack, self._end = _split(stack)

    @property
    def steps_per_epoch(self) -> int:
        """How many batches show every picture once; the last may be smaller."""
        return -(-len(self._images) // self.settings.batch)

    def __iter__(self) -> Iterator[TrainingSnapshot]:
        """Take one step after the other and tell of each.

        A loss or weights that are not finite end it: the last snapshot then says why and has the
        stack whose loss was last finite.
        """
        rng = np.random.default_rng(self.settings.seed)
        now = good = _Weights(self._stack, NO_STATE)
        steps = self.settings.epochs * self.steps_per_epoch
        for index, batch in enumerate(self._batches(rng)):
            epoch = 1 + index // self.steps_per_epoch
            optimiser = self.settings.optimiser_at(index / steps)
            after, loss, share = self._step(now, batch, optimiser, rng)
            if math.isfinite(loss):
                good = now
            weights = parameters_of(after.stack)
            if not (math.isfinite(loss) and all(np.isfinite(each).all() for each in weights)):
                yield self._stopped(epoch, index + 1, loss, share, good)
                return
            now = after
            yield TrainingSnapshot(epoch, index + 1, loss, share, self._whole(now))

    def _batches(self, rng: np.random.Generator) -> Iterator[Labels]:
        """Return the batches as indices, shuffled again in every epoch."""
        for _ in range(self.settings.epochs):
            order = rng.permutation(len(self._images))
            for first in range(0, len(order), self.settings.batch):
                yield order[first : first + self.settings.batch]

    def _step(
        self, now: _Weights, batch: Labels, optimiser: Optimiser, rng: np.random.Generator
    ) -> tuple[_Weights, float, float]:
        """Return the next weights, and the loss and the accuracy before."""
        labels, decay = self._labels[batch], optimiser.rate * self.settings.weight_decay
        with single_threaded_blas():  # on products this small, its threads wait for each other
            images = shifted(self._images[batch], self.settings.shift, rng)
            passed = forward(now.stack, images, rng)
            loss = cross_entropy(passed.output, labels)
            found = backward(passed, loss.gradient)
            weights = _decayed(parameters_of(now.stack), decay)
            moved, state = optimiser.step(weights, found.parameters, now.state)
            stack = with_running_statistics(with_parameters(now.stack, moved), passed)
            return _Weights(stack, state), loss.value, accuracy(passed.output, labels)

    def _stopped(
        self, epoch: int, step: int, loss: float, share: float, good: _Weights
    ) -> TrainingSnapshot:
        why = (
            f"Training diverged in step {step} of epoch {epoch}: numbers overflowed to inf or NaN. "
            "It stopped, and the last finite weights are kept: lower the learning rate."
        )
        return TrainingSnapshot(epoch, step, loss, share, self._whole(good), why)

    def _whole(self, weights: _Weights) -> Stack:
        return Stack((*weights.stack.layers, *self._end))


def evaluate(stack: Stack, images: ArrayLike, labels: ArrayLike) -> Evaluation:
    """Return how well a stack classifies pictures, in inference.

    Args:
        stack: As in ``Trainer``.
        images: As in ``Trainer``.
        labels: As in ``Trainer``.

    Raises:
        ValueError: As ``Trainer``.
    """
    pictures, classes = _checked(stack, images, labels)
    scoring = _split(stack)[0]
    scores: FloatArray = np.concatenate(
        [
            forward(scoring, pictures[first : first + _EVALUATION_BATCH]).output
            for first in range(0, len(pictures), _EVALUATION_BATCH)
        ]
    )
    return Evaluation(
        cross_entropy(scores, classes).value,
        accuracy(scores, classes),
        confusion_matrix(scores, classes),
        scores.argmax(axis=1),
    )


class _Weights(NamedTuple):
    stack: Stack
    state: OptimiserState


def _split(stack: Stack) -> tuple[Stack, tuple[Layer, ...]]:
    """Return the layers up to the scores, and the softmax behind them if there is one."""
    if stack.layers and isinstance(stack.layers[-1], Softmax):
        return Stack(stack.layers[:-1]), stack.layers[-1:]
    return stack, ()


def _checked(stack: Stack, images: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, Labels]:
    """Return pictures and labels that fit the stack and each other."""
    shape = to_array(images, "images").shape
    if len(shape) != 4 or not all(shape):
        raise ValueError(
            f"images of shape {shape} cannot be learned from: give (N, C, H, W), at least one"
        )
    pictures = to_picture(images)
    if not np.isfinite(pictures).all():
        raise ValueError("images hold numbers that are not finite: replace them by finite ones")
    scores = [shape[1:], *stack.shapes(shape[1:])][-1]
    if len(scores) != 1:
        raise ValueError(
            f"the stack gives maps of shape {scores} where one score for each class belongs: "
            "end it with Flatten and Linear"
        )
    return pictures, to_labels(labels, len(pictures), scores[0])


def _decayed(parameters: Parameters, share: float) -> Parameters:
    """Return the parameters, of the weights without a share of themselves."""
    if not share:
        return parameters
    return tuple(
        frozen(each * np.float32(1 - share)) if each.ndim > 1 else each for each in parameters
    )
