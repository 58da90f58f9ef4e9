"""Random operations of which it is known whether they are convolutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from convlab import conv2d, kernels
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.border import Border
from convlab.engine.cv import cv2

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)
Operation = Callable[[FloatArray], AnyArray]


@dataclass(frozen=True)
class Case:
    name: str
    operation: Operation
    shape: tuple[int, int]
    is_linear: bool
    is_equivariant: bool


def random_case(number: int) -> Case:
    """Every other one on 16x16."""
    rng = np.random.default_rng(number)
    rows, columns = (16, 16) if number % 2 else rng.integers(17, 49, 2).tolist()
    name = str(rng.choice(list(_MAKERS)))
    operation = _MAKERS[name](rng)
    is_placed = name in ("mirror", "every second row")
    is_linear = is_placed or name in _KERNELS
    return Case(name, operation, (rows, columns), is_linear, not is_placed)


def _correlation(kernel: FloatArray, rng: np.random.Generator, bias: float = 0) -> Operation:
    padding, border = str(rng.choice(["same", "valid"])), str(rng.choice(list(Border)))
    value = rng.normal()
    return lambda x: conv2d(x, kernel, bias, padding=padding, border=border, value=value)


def _random(rng: np.random.Generator) -> FloatArray:
    return rng.standard_normal(rng.integers(1, 16, 2), np.float32)


def _gabor(rng: np.random.Generator) -> FloatArray:
    size = int(rng.choice([3, 5, 7, 9, 11, 13, 15]))
    return kernels.gabor(size, rng.uniform(3, 8), rng.uniform(0, 180), size / 5)


def _affine(rng: np.random.Generator) -> Operation:
    return _correlation(_random(rng), rng, rng.uniform(0.01, 2) * rng.choice([-1, 1]))


def _median(rng: np.random.Generator) -> Operation:
    size = int(rng.choice([3, 5]))
    return lambda x: cv2.medianBlur(x, size)


def _erosion(rng: np.random.Generator) -> Operation:
    shape = np.ones(rng.integers(2, 8, 2), np.uint8)
    return lambda x: cv2.erode(x, shape)


def _bilateral(rng: np.random.Generator) -> Operation:
    size, of_value, of_place = int(rng.choice([3, 5, 9])), rng.uniform(0.02, 0.5), rng.uniform(1, 4)
    return lambda x: cv2.bilateralFilter(x, size, of_value, of_place)


def _gamma(rng: np.random.Generator) -> Operation:
    power = float(rng.choice([0.45, 0.5, 0.8, 1.2, 1.8, 2, 2.2, 3]))
    ways: list[Operation] = [
        lambda x: x**power,
        lambda x: np.clip(x, 0, 1) ** power,
        lambda x: np.sign(x) * np.abs(x) ** power,
    ]
    return ways[rng.integers(3)]


def _mirror(rng: np.random.Generator) -> Operation:
    axes = [(-1,), (-2,), (-2, -1)][rng.integers(3)]
    return lambda x: np.flip(x, axes)


def _every_second_row(rng: np.random.Generator) -> Operation:
    first = int(rng.integers(2))
    dark = np.arange(64) % 2 == first
    ways: list[Operation] = [
        lambda x: x[first::2],
        lambda x: np.where(dark[: len(x), np.newaxis], 0, x),
    ]
    return ways[rng.integers(2)]


_KERNELS = ("box", "sobel", "gabor", "random")
_MAKERS: dict[str, Callable[[np.random.Generator], Operation]] = {
    "box": lambda rng: _correlation(kernels.box(rng.integers(1, 16, 2).tolist()), rng),
    "sobel": lambda rng: _correlation(SOBEL, rng),
    "gabor": lambda rng: _correlation(_gabor(rng), rng),
    "random": lambda rng: _correlation(_random(rng), rng),
    "affine": _affine,
    "median": _median,
    "erosion": _erosion,
    "bilateral": _bilateral,
    "relu": lambda rng: lambda x: np.maximum(x, 0),
    "abs": lambda rng: np.abs,
    "gamma": _gamma,
    "mirror": _mirror,
    "every second row": _every_second_row,
}
