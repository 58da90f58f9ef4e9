"""How wrong an answer is, and how that changes with each of its numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.conv_arguments import to_array, to_numbers

Labels = NDArray[np.int64]


class Loss(NamedTuple):
    """A loss, and its gradient with respect to what was judged.

    Attributes:
        value: The loss, summed up in float64; not finite where the numbers judged are not.
        gradient: float32, of the shape of what was judged.
    """

    value: float
    gradient: FloatArray


def mean_squared_error(prediction: ArrayLike, target: ArrayLike) -> Loss:
    """Return the mean of (prediction − target)², and 2 (prediction − target) / count.

    >>> mean_squared_error([1, 4], [1, 2])
    Loss(value=2.0, gradient=array([0., 2.], dtype=float32))

    Args:
        prediction: Of any shape, with at least one number.
        target: Of the same shape.

    Raises:
        ValueError: If the shapes differ, or there are no numbers.
    """
    found, wanted = to_numbers(prediction, "prediction"), to_numbers(target, "target")
    if found.shape != wanted.shape:
        raise ValueError(
            f"prediction of shape {found.shape} cannot be compared with a target of shape "
            f"{wanted.shape}: give two of one shape"
        )
    with np.errstate(all="ignore"):  # training that diverges makes infinities, then NaN
        error = found.astype(np.float64) - wanted
        gradient = np.asarray(error * (2 / error.size), np.float32)
        return Loss(float(np.square(error).mean()), gradient)


def cross_entropy(logits: ArrayLike, labels: ArrayLike) -> Loss:
    """Return the mean of −log softmax(logits)[label], and (softmax − one-hot) / N.

    The largest logit of each row is subtracted first: log softmax is z − log Σ exp z, and nothing
    overflows (Goodfellow, Bengio and Courville, "Deep learning", 2016, sections 4.1 and 6.2.2.3).

    >>> cross_entropy([[0, 0]], [1])
    Loss(value=0.6931471805599453, gradient=array([[ 0.5, -0.5]], dtype=float32))

    Args:
        logits: Scores ``(N, K)``, before softmax.
        labels: The right class of each, ``(N,)``, whole numbers from 0 to K − 1.

    Raises:
        ValueError: If the shapes do not fit each other, or a label is no class.
    """
    scores = _to_logits(logits)
    classes = to_labels(labels, len(scores), scores.shape[1])
    right = np.arange(len(scores)), classes
    with np.errstate(all="ignore"):  # infinities make NaN by right
        shifted = scores.astype(np.float64) - scores.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        slopes = np.exp(logs)
        slopes[right] -= 1
        gradient = np.asarray(slopes / len(scores), np.float32)
        return Loss(float(-logs[right].mean()), gradient)


def accuracy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of rows whose largest score is that of the right class, 0 to 1.

    >>> accuracy([[1, 2], [2, 1]], [1, 1])
    0.5

    Args:
        logits: As in ``cross_entropy``; probabilities after softmax do as well.
        labels: As in ``cross_entropy``.

    Raises:
        ValueError: As ``cross_entropy``.
    """
    scores = _to_logits(logits)
    classes = to_labels(labels, len(scores), scores.shape[1])
    return float((scores.argmax(axis=1) == classes).mean())


def confusion_matrix(logits: ArrayLike, labels: ArrayLike) -> Labels:
    """Return how many of each class (row) were taken for each class (column), ``(K, K)``.

    >>> confusion_matrix([[1, 2], [2, 1]], [1, 1]).tolist()
    [[0, 0], [1, 1]]

    Args:
        logits: As in ``accuracy``.
        labels: As in ``accuracy``.

    Raises:
        ValueError: As ``cross_entropy``.
    """
    scores = _to_logits(logits)
    count = scores.shape[1]
    classes = to_labels(labels, len(scores), count)
    pairs = classes * count + scores.argmax(axis=1)
    return np.bincount(pairs, minlength=count * count).reshape(count, count)


def to_labels(labels: ArrayLike, pictures: int, classes: int) -> Labels:
    """Return labels as whole numbers, ``(N,)``.

    Args:
        labels: What the caller gave.
        pictures: How many there are to be, N.
        classes: How many classes there are, K.

    Raises:
        ValueError: If they are of another shape or kind, or one lies outside 0 to K − 1.
    """
    found: AnyArray = to_array(labels, "labels")
    if found.shape != (pictures,) or found.dtype.kind not in "iu":
        raise ValueError(
            f"labels of shape {found.shape} and type {found.dtype} do not fit {pictures} rows: "
            f"give {pictures} whole numbers"
        )
    if found.size and not 0 <= int(found.min()) <= int(found.max()) < classes:
        raise ValueError(
            f"labels from {found.min()} to {found.max()} do not fit {classes} classes: "
            f"give whole numbers from 0 to {classes - 1}, or one score for each class"
        )
    return found.astype(np.int64)


def _to_logits(logits: ArrayLike) -> FloatArray:
    scores = to_numbers(logits, "logits")
    if scores.ndim != 2:
        raise ValueError(
            f"logits of shape {scores.shape} cannot be judged: give (N, K), one score per class"
        )
    return scores
