"""One answer, whichever algorithm gives it: over pictures, kernels and borders that are hard.

Each sum is held against float64, by the sum of the magnitudes of its own products: what is bright
elsewhere in the picture is no excuse. A NaN or an infinity is exactly where the exact answer has
one, and where there are but zeros, there is zero.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

import convlab
from convlab.engine.algorithms.problem import Algorithm
from convlab.engine.arrays import AnyArray
from tests.engine.float64_reference import conv2d_and_scale

TAKE_ALL = {Algorithm.AUTO, Algorithm.GEMM, Algorithm.REFERENCE}
BORDERS = ("zeros", "constant", "replicate", "reflect", "circular")
ALLOWED = 2e-5
MOST_REFERENCE_PRODUCTS = 2_000  # plain loops in Python
# Below a float32 has fewer digits; so much may be lost of each product.
TINY = 1e-37


def halves(rng: Generator, shape: tuple[int, ...], bright: float, dark: float) -> AnyArray:
    x = rng.random(shape) * dark
    x[..., : shape[-1] // 2] = bright
    return x


def sprinkled(rng: Generator, shape: tuple[int, ...], values: list[float]) -> AnyArray:
    x = rng.standard_normal(shape)
    x[..., rng.random(shape[-2:]) < 0.5] = 0.0
    for value in values:
        x[..., rng.integers(shape[-2]), rng.integers(shape[-1])] = value
    return x


PICTURES: dict[str, Callable[[Generator, tuple[int, ...]], AnyArray]] = {
    "noise": lambda rng, shape: rng.standard_normal(shape),
    "middle": lambda rng, shape: rng.random(shape) * 0.6 + 0.2,
    "bright beside dark": lambda rng, shape: halves(rng, shape, 60_000.0, 1.0),
    "bright beside black": lambda rng, shape: halves(rng, shape, 255.0, 0.0),
    "bright beside next to nothing": lambda rng, shape: halves(rng, shape, 1e4, 1e-12),
    "stars": lambda rng, shape: rng.random(shape) * (rng.random(shape) < 0.003) * 1e5,
    "photo": lambda rng, shape: np.round(255 * rng.random(shape) ** 6) / 255,
    "black": lambda rng, shape: np.zeros(shape),
    "tiny": lambda rng, shape: rng.standard_normal(shape) * 1e-30,
    "large": lambda rng, shape: rng.standard_normal(shape) * 1e33,
    "too large": lambda rng, shape: rng.uniform(-3e38, 3e38, shape),
    "NaN": lambda rng, shape: sprinkled(rng, shape, [np.nan]),
    "infinities": lambda rng, shape: sprinkled(rng, shape, [np.inf, np.inf, -np.inf]),
}


def rank_one(rng: Generator, size: tuple[int, ...]) -> AnyArray:
    return rng.standard_normal((*size[:-1], 1)) * rng.standard_normal((*size[:-2], 1, size[-1]))


def faint_rows(rng: Generator, size: tuple[int, ...]) -> AnyArray:
    kernel = rank_one(rng, size)
    kernel[..., 1:, :] *= 1e-8
    return kernel


def zero_sum(rng: Generator, size: tuple[int, ...]) -> AnyArray:
    kernel: AnyArray = rng.standard_normal(size)
    kernel -= kernel.mean((-2, -1), keepdims=True)
    return kernel


def spot(rng: Generator, size: tuple[int, ...]) -> AnyArray:
    rows, columns = np.indices(size[-2:])
    distance = (rows - size[-2] / 2) ** 2 + (columns - size[-1] / 2) ** 2
    return np.broadcast_to((1 - distance / 4) * np.exp(-distance / 4), size)


def disc(rng: Generator, size: tuple[int, ...]) -> AnyArray:
    rows, columns = np.indices(size[-2:])
    inside = np.hypot(rows / size[-2] - 0.5, columns / size[-1] - 0.5) < 0.4
    return np.broadcast_to(inside, size) * 1.0


KERNELS: dict[str, Callable[[Generator, tuple[int, ...]], AnyArray]] = {
    "noise": lambda rng, size: rng.standard_normal(size),
    "rank one": rank_one,
    "rank two": lambda rng, size: rank_one(rng, size) + rank_one(rng, size),
    "faint rows": faint_rows,
    "zero sum": zero_sum,
    "spot": spot,
    "disc": disc,
    "infinite": lambda rng, size: np.where(rng.random(size) < 0.05, np.inf, 1.0),
}
# Height and width of pictures and kernels, channels, outputs, groups, and other options.
SHAPES: list[tuple[tuple[int, int], tuple[int, int], int, int, int, dict[str, Any]]] = [
    ((12, 11), (3, 3), 1, 1, 1, {"padding": 1}),
    ((70, 64), (15, 15), 1, 1, 1, {"padding": 7}),
    ((90, 61), (25, 22), 1, 2, 1, {"padding": "same"}),
    ((40, 47), (5, 4), 2, 3, 1, {"padding": (3, 0, 2, 5), "stride": (1, 2)}),
    ((66, 60), (4, 3), 2, 2, 2, {"padding": 6, "dilation": (4, 9)}),
    ((64, 64), (21, 21), 2, 1, 1, {"padding": "same"}),
    ((9, 310), (2, 140), 1, 1, 1, {"padding": (0, 1, 60, 70)}),
]


# One shape each is quick, and all shapes are met by some picture and some kernel.
QUICK = [
    (p, k, (p * len(KERNELS) + k) % len(SHAPES)) for p, k in np.ndindex(len(PICTURES), len(KERNELS))
]
FULL = [case for case in np.ndindex(len(PICTURES), len(KERNELS), len(SHAPES)) if case not in QUICK]


@pytest.mark.parametrize("picture", range(len(PICTURES)), ids=list(PICTURES))
@pytest.mark.parametrize("cases", [QUICK, pytest.param(FULL, marks=pytest.mark.slow)])
def test_there_is_one_answer(picture: int, cases: list[tuple[int, int, int]]) -> None:
    for case in cases:
        if case[0] == picture:
            tried = list(ways_found_right(*draw_case(*case)))
            assert {Algorithm.AUTO, Algorithm.GEMM} <= {*tried}, case


def draw_case(
    picture: int, kernel: int, shape: int
) -> tuple[AnyArray, AnyArray, AnyArray | None, dict[str, Any]]:
    """Return the arguments of ``conv2d``."""
    rng = np.random.default_rng((picture, kernel, shape))
    size, cells, channels, outputs, groups, options = SHAPES[shape]
    x = list(PICTURES.values())[picture](rng, (channels, *size)).astype(np.float32)
    weight = list(KERNELS.values())[kernel](rng, (outputs, channels // groups, *cells))
    bias = rng.standard_normal(outputs).astype(np.float32) if rng.random() < 0.5 else None
    more = {"border": str(rng.choice(BORDERS)), "value": float(rng.choice([0.5, -1e6, 3e38]))}
    return x, weight.astype(np.float32), bias, options | more | {"groups": groups}


def ways_found_right(
    x: AnyArray, weight: AnyArray, bias: AnyArray | None, more: dict[str, Any]
) -> Iterator[Algorithm]:
    """Run a case in every way that takes it; give those that did."""
    options: dict[str, Any] = {"stride": 1, "dilation": 1, "flip": False} | more
    with np.errstate(all="ignore"):
        exact, _ = conv2d_and_scale(x, weight, bias, **options)
        sizes = np.abs(x), np.abs(weight), None if bias is None else np.abs(bias)
        options["value"], value = abs(options["value"]), options["value"]
        magnitudes, _ = conv2d_and_scale(*sizes, **options)
        expected = exact.astype(np.float32)
    options["value"] = value
    is_finite = np.isfinite(expected)
    allowed = ALLOWED * magnitudes + TINY * weight[0].size
    for way in Algorithm:
        if way is Algorithm.REFERENCE and exact.size * weight[0].size > MOST_REFERENCE_PRODUCTS:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # of what became infinite
                found = convlab.conv2d(x, weight, bias, algorithm=way, **options)
        except ValueError as error:
            if way in TAKE_ALL or f"algorithm {way} does not fit" not in str(error):
                raise
            continue
        told = f"{way}, {x.shape}, {weight.shape}, {options}"
        np.testing.assert_array_equal(np.isfinite(found), is_finite, told)
        np.testing.assert_array_equal(found[~is_finite], expected[~is_finite], told)
        off = np.abs(found[is_finite] - exact[is_finite]) - allowed[is_finite]
        assert off.max(initial=-1.0) <= 0.0, f"{told}: {off.max()} too much"
        yield way


LARGE = (190, 200)  # more pixels than are all looked at


@pytest.mark.parametrize("bad", [np.nan, np.inf, -3e38])
@pytest.mark.parametrize("place", [(0, 0), (0, 7), (9, 199), (100, 90), (101, 91), (189, 1)])
@pytest.mark.parametrize(
    "name", ["Sobel horizontal", "Line rising", "Roberts falling", "Shift up", "Gaussian 3×3"]
)
def test_one_bad_pixel_is_seen_wherever_it_is(bad: float, place: Any, name: str) -> None:
    x = np.random.default_rng(0).standard_normal(LARGE, dtype=np.float32)
    x[place] = bad
    weight = convlab.kernels.preset(name) * np.float32(3)
    for options in ({}, {"padding": 1}, {"padding": 1, "border": "circular", "stride": 2}):
        more: Any = options
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            slow = convlab.conv2d(x, weight, **more, algorithm="gemm")
            found = convlab.conv2d(x, weight, **more)
        np.testing.assert_allclose(found, slow, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("padding", [0, 1, (2, 0)])
@pytest.mark.parametrize("row", [0, 1, 2, 60, 61, 62, 187, 188, 189])
def test_an_infinity_in_any_row_is_seen_without_looking_at_all_pixels(
    row: int, padding: Any
) -> None:
    rng = np.random.default_rng(row)
    x = rng.standard_normal((3, *LARGE), dtype=np.float32)
    weight = rng.uniform(0.5, 1.0, (3, 1, 3, 3)).astype(np.float32)
    for channel, column in enumerate((0, 77, 199)):
        bad = x.copy()
        bad[channel, row, column], bad[channel, row, 198 - column] = np.inf, -np.inf
        with np.errstate(all="ignore"):
            slow, found = (
                convlab.conv2d(bad, weight, padding=padding, groups=3, algorithm=name)
                for name in ("gemm", "auto")
            )
            with pytest.raises(ValueError, match="choose auto or gemm"):
                convlab.conv2d(bad, weight, padding=padding, groups=3, algorithm="opencv")
        np.testing.assert_allclose(found, slow, rtol=1e-5, atol=1e-5)
