"""Labelled pictures: the training set a network learns from, the test set that it is judged by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.learn.losses import Labels

TEST_EVERY = 5
"""Of each class, every so many-th picture belongs to the test set."""


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Labelled pictures.

    Attributes:
        images: ``(N, C, H, W)`` float32, 0 to 1, read-only.
        labels: ``(N,)`` int64, read-only.
    """

    images: FloatArray
    labels: Labels

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Pictures to learn from, and others to see how well that went.

    Attributes:
        classes: How many there are, K.
        training: The training set.
        test: The test set, never learned from.
        names: What each class is called, K of them.
        note: What a person is to know of how they were read; empty: nothing.
    """

    classes: int
    training: Examples
    test: Examples
    names: tuple[str, ...]
    note: str = ""

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(C, H, W)`` of each picture."""
        channels, rows, columns = self.training.images.shape[1:]
        return channels, rows, columns


def split(images: FloatArray, labels: Labels, names: tuple[str, ...], is_test: AnyArray) -> Dataset:
    """Return a data set split into training set and test set.

    Args:
        images: ``(N, C, H, W)``, 0 to 1.
        labels: ``(N,)``, from 0 to the number of names − 1.
        names: What each class is called.
        is_test: ``(N,)`` bool.
    """
    training, test = (
        Examples(frozen(images[chosen]), frozen(labels[chosen].astype(np.int64)))
        for chosen in (~is_test, is_test)
    )
    return Dataset(len(names), training, test, names)


def choose_test(labels: Labels) -> NDArray[np.bool_]:
    """Return which pictures are the test set, ``(N,)``: a fifth of each class.

    The same labels choose the same.
    """
    order = np.random.default_rng(0).permutation(len(labels))
    chosen = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        chosen[order[labels[order] == label][::TEST_EVERY]] = True
    return chosen
