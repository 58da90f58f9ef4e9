"""Random convolutions that the planner is judged by, the same on every run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from convlab.engine.algorithms.problem import Problem
from convlab.engine.conv_arguments import build_problem
from convlab.engine.shapes import Pair

MOST_CHANNELS, LONGEST_SIDE = 1280, 720
_KERNELS = (1, 1, 2, 3, 3, 3, 4, 5, 5, 7, 9, 11, 15, 21, 31)
_MOST_PRODUCTS = 2e8  # more take the same decisions, and seconds
_MOST_NUMBERS = 4e6  # of the picture, the result, the kernels


class Case(NamedTuple):
    """The shape of a convolution, and how its kernels are made."""

    pictures: int
    channels: int
    outputs: int
    picture: Pair
    kernel: Pair
    stride: int
    dilation: int
    groups: int
    padding: str
    is_separable: bool

    @property
    def title(self) -> str:
        """Return it in words."""
        (height, width), (rows, columns) = self.picture, self.kernel
        words = [f"{self.channels} to {self.outputs}", f"{rows}x{columns}", f"{width}x{height}"]
        for name in ("stride", "dilation", "groups", "pictures"):
            if getattr(self, name) > 1:
                words.append(f"{name} {getattr(self, name)}")
        return ", ".join(words + ["separable"] * self.is_separable + [self.padding])

    def build(self, rng: np.random.Generator) -> Problem:
        """Return the convolution, filled with noise."""
        shape = (self.outputs, self.channels // self.groups, *self.kernel)
        weight = rng.standard_normal(shape, dtype=np.float32)
        if self.is_separable:
            weight = weight[..., :1] * weight[..., :1, :]
        x_shape = (self.pictures, self.channels, *self.picture)
        x = rng.standard_normal(x_shape, dtype=np.float32)
        return build_problem(
            x,
            weight,
            None,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            "zeros",
            0.0,
            False,
        )[0]


def usual_cases(count: int, seed: int) -> Iterator[Case]:
    """Return so many convolutions of all kinds that a person may ask for in the window."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        depth = int(rng.choice([1, 1, 1, 3, 8, 16, 32]))
        outputs = 1 if depth == 1 and rng.random() < 0.7 else int(rng.choice([1, 4, 8, 16, 32]))
        height = int(rng.choice([60, 120, 240, 480] if depth > 3 else [120, 240, 480, 720]))
        sizes = [1, 2, 3, 3, 5, 7, 9] if depth > 3 else [2, 3, 5, 7, 9, 11, 15, 21, 31]
        side = int(rng.choice(sizes))
        stride, dilation = int(rng.choice([1, 1, 1, 2])), int(rng.choice([1, 1, 1, 2]))
        groups = depth if rng.random() < 0.25 else 1
        outputs = depth if groups > 1 else outputs
        picture, is_separable = (height, height * 4 // 3), rng.random() < 0.3
        yield Case(
            1, depth, outputs, picture, (side, side), stride, dilation, groups, "same", is_separable
        )


def wide_cases(count: int, seed: int) -> Iterator[Case]:
    """Return so many convolutions: all channels, sides and kernels on a scale of ratios."""
    rng = np.random.default_rng(seed)
    while count:
        case = _draw(rng)
        if _fits(case):
            yield case
            count -= 1


def _draw(rng: np.random.Generator) -> Case:
    def between(most: int) -> int:
        return round(math.exp(rng.uniform(0.0, math.log(most))))

    channels, outputs = between(MOST_CHANNELS), between(MOST_CHANNELS)
    kind = rng.random()
    groups = 1
    if kind < 0.25:  # depthwise
        groups = channels
        outputs = channels
    elif kind < 0.4:
        groups = 2 ** int(rng.integers(1, 5))
        channels, outputs = (max(size // groups, 1) * groups for size in (channels, outputs))
    elif kind < 0.55:  # pictures as a person has them
        channels = int(rng.choice([1, 1, 3]))
        outputs = 1 if rng.random() < 0.5 else min(outputs, 32)
    side = int(rng.choice(_KERNELS))
    kernel = (
        (side, side) if rng.random() < 0.9 else ((side, 1) if rng.random() < 0.5 else (1, side))
    )
    height = between(LONGEST_SIDE)
    width = min(max(round(height * math.exp(rng.normal(0.0, 0.3))), 1), 2 * LONGEST_SIDE)
    return Case(
        pictures=1 if rng.random() < 0.9 else int(rng.integers(2, 9)),
        channels=channels,
        outputs=outputs,
        picture=(height, width),
        kernel=kernel,
        stride=int(rng.choice([1, 1, 1, 2, 3])),
        dilation=int(rng.choice([1, 1, 1, 1, 2, 3])),
        groups=groups,
        padding=str(rng.choice(["same", "same", "valid"])),
        is_separable=bool(rng.random() < 0.25),
    )


def _fits(case: Case) -> bool:
    spans = [(cells - 1) * case.dilation + 1 for cells in case.kernel]
    room = 1 if case.padding == "valid" else 2
    if any(span > room * side for span, side in zip(spans, case.picture, strict=True)):
        return False
    inside, outside = (
        case.pictures * count * math.prod(case.picture) for count in (case.channels, case.outputs)
    )
    weights = case.outputs * case.channels // case.groups * math.prod(case.kernel)
    products = case.pictures * math.prod(case.picture) * weights / case.stride**2
    return max(inside, outside, weights) <= _MOST_NUMBERS and products <= _MOST_PRODUCTS
