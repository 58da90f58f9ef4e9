from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from convlab.learn.losses import accuracy, confusion_matrix, cross_entropy, mean_squared_error
from tests.learn.gradients.differences import Array, assert_gradient
from tests.slow import noise


def test_numbers_by_hand() -> None:
    squared = mean_squared_error([[3, 1]], [[1, 2]])
    assert squared.value == 2.5
    assert squared.gradient.tolist() == [[2, -1]]
    # Odds of 1 to 3: shares of 1/4 and 3/4.
    entropy = cross_entropy(np.log([[1, 3], [1, 1]]), [1, 0])
    assert entropy.value == pytest.approx((math.log(4 / 3) + math.log(2)) / 2, rel=1e-6)
    np.testing.assert_allclose(entropy.gradient, [[0.125, -0.125], [-0.25, 0.25]], atol=1e-7)


def test_gradients_agree_with_differences() -> None:
    prediction, target = noise(3, 4), noise(3, 4, seed=1)
    found = mean_squared_error(prediction, target)
    assert_gradient(
        found.gradient, lambda at: float(((at - target.astype(float)) ** 2).mean()), prediction
    )
    labels = np.array([0, 3, 3])

    def slow_entropy(logits: Array) -> float:
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return float(-np.log(shares[[0, 1, 2], labels]).mean())

    entropy = cross_entropy(prediction, labels)
    assert_gradient(entropy.gradient, slow_entropy, prediction)
    assert entropy.value == pytest.approx(slow_entropy(prediction.astype(float)))


def test_large_scores_do_not_overflow() -> None:
    found = cross_entropy([[1000, -1000], [-1000, 1000]], [0, 0])
    assert found.value == 1000
    assert found.gradient.tolist() == [[0, 0], [-0.5, 0.5]]


def test_what_is_not_finite_makes_a_loss_that_is_not() -> None:
    assert math.isnan(cross_entropy([[math.nan, 0]], [0]).value)
    assert math.isnan(cross_entropy([[math.inf, 0]], [0]).value)
    assert math.isinf(mean_squared_error([math.inf], [0]).value)


def test_right_and_wrong_answers_are_counted() -> None:
    scores, labels = [[3, 1, 2], [1, 2, 3], [1, 3, 2], [1, 2, 3]], [0, 2, 2, 2]
    assert accuracy(scores, labels) == 0.75
    assert confusion_matrix(scores, labels).tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 2]]


@pytest.mark.parametrize(
    ("logits", "labels", "words"),
    [
        ([1, 2], [0], r"logits of shape \(2,\)"),
        ([[1, 2]], [0, 1], r"labels of shape \(2,\) .* do not fit 1 rows"),
        ([[1, 2]], [0.5], "type float64"),
        ([[1, 2]], [2], "labels from 2 to 2 do not fit 2 classes"),
        ([[1, 2]], [-1], "labels from -1 to -1"),
    ],
)
def test_what_does_not_fit_is_rejected(logits: Any, labels: Any, words: str) -> None:
    for judge in (cross_entropy, accuracy, confusion_matrix):
        with pytest.raises(ValueError, match=words):
            judge(logits, labels)


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\) .* shape \(3,\)"):
        mean_squared_error([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="at least one value"):
        mean_squared_error([], [])
