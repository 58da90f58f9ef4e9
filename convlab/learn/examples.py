"""Labelled pictures: those a network learns from, and those it is judged by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convlab.engine.arrays import AnyArray, FloatArray, frozen
from convlab.learn.losses import Labels

HELD_OUT = 5
"""Of each class, every so many-th picture is held out."""


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
        training: To learn from.
        held_out: Never learned from.
        names: What each class is called, K of them.
    """

    classes: int
    training: Examples
    held_out: Examples
    names: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(C, H, W)`` of each picture."""
        channels, rows, columns = self.training.images.shape[1:]
        return channels, rows, columns


def split(
    images: FloatArray, labels: Labels, names: tuple[str, ...], is_held_out: AnyArray
) -> Dataset:
    """Return a data set; what is held out is in no other part.

    Args:
        images: ``(N, C, H, W)``, 0 to 1.
        labels: ``(N,)``, from 0 to the number of names − 1.
        names: What each class is called.
        is_held_out: ``(N,)`` bool.
    """
    training, held_out = (
        Examples(frozen(images[chosen]), frozen(labels[chosen].astype(np.int64)))
        for chosen in (~is_held_out, is_held_out)
    )
    return Dataset(len(names), training, held_out, names)


def hold_out(labels: Labels, seed: int = 0) -> NDArray[np.bool_]:
    """Return which pictures are not learned from, ``(N,)``: a fifth of each class.

    The same labels and seed choose the same.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        chosen[order[labels[order] == label][::HELD_OUT]] = True
    return chosen
