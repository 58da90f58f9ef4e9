"""A small CNN to begin with: it learns small pictures well, and fits on a screen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convlab.engine.shapes import check_whole
from convlab.layers import (
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Softmax,
    Stack,
)
from convlab.layers.weights import he_normal

_FIRST_MAPS, _MOST_MAPS = 16, 32
_KERNEL = 3
_SMALLEST_SIDE = 4  # px: below it, pooling would leave one pixel, or none
_DROPOUT = 0.25


def starter_network(shape: tuple[int, int, int], classes: int, seed: int) -> Stack:
    """Return a network for pictures of about 8 × 8 to 32 × 32 that has learnt nothing yet.

    Convolution of 3 × 3, batch normalisation, ReLU and pooling, again until 2 to 3 pixels are left
    along the shorter side; then all maps are flattened, some values dropped, and each class gets
    its score. Before the first pooling, which loses detail, there are two convolutions: two of
    3 × 3 see 5 × 5 (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition", 2015). Normalisation stands where Ioffe and Szegedy put it, 2015.

    >>> starter_network((1, 8, 8), 10, seed=0).shapes((1, 8, 8))[-4:]
    [(128,), (128,), (10,), (10,)]

    Args:
        shape: Of a picture, ``(C, H, W)``.
        classes: How many there are to tell apart.
        seed: Of the weights, drawn after He et al., 2015; the same gives the same.

    Raises:
        ValueError: If a number cannot be used.
    """
    for name, number in zip(("channels", "height", "width"), shape, strict=True):
        check_whole(name, number, 1)
    check_whole("classes", classes, 2)
    check_whole("seed", seed, 0)
    channels, height, width = shape
    seeds = _seeds(seed)
    layers: list[Layer] = []
    maps = _FIRST_MAPS
    while min(height, width) >= _SMALLEST_SIDE:
        if not layers:
            layers += _conv_block(channels, maps, next(seeds))
            channels = maps
        layers += [*_conv_block(channels, maps, next(seeds)), MaxPool2d(2)]
        channels, height, width = maps, height // 2, width // 2
        maps = min(2 * maps, _MOST_MAPS)
    features = channels * height * width
    scores = Linear(features, classes, weight=he_normal((classes, features), next(seeds)))
    return Stack([*layers, Flatten(), Dropout(_DROPOUT), scores, Softmax()])


def _conv_block(inputs: int, outputs: int, seed: int) -> list[Layer]:
    """Return a convolution that keeps the size, a normalisation with the offsets, and ReLU."""
    weight = he_normal((outputs, inputs, _KERNEL, _KERNEL), seed)
    convolution = Conv2d(inputs, outputs, _KERNEL, padding="same", bias=False, weight=weight)
    return [convolution, BatchNorm2d(outputs), ReLU()]


def _seeds(seed: int) -> Iterator[int]:
    """Return seeds that have nothing to do with each other, one for each layer."""
    return (int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(64))
