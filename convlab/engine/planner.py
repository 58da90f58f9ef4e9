"""Which algorithm is fastest for a convolution, what it will cost, and why.

Every algorithm's time is estimated from how often it does what: pixels filtered, numbers copied,
products summed. What each of these costs is one small table, ``Costs``, measured once on a machine
(``convlab.engine.calibration``) or taken as it stands here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from numpy.typing import ArrayLike

from convlab.engine.algorithms import fft, gemm, onnxruntime
from convlab.engine.algorithms.full_plane import FILTER_BORDERS, count_pieces
from convlab.engine.algorithms.low_rank import factor
from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import fit_sizes, to_numbers
from convlab.engine.parallel import cores
from convlab.engine.shapes import PaddingSpec

# Where channels are summed, more kernels than these are not looked at for separable ones: the
# matrix product has them.
_MOST_SUMMED_KERNELS = 16
_MOST_KERNELS = 256


@dataclass(frozen=True, slots=True)
class Costs:
    """What the steps of the algorithms take on a machine [ns]; the defaults are two shared cores.

    Attributes:
        call: One call of OpenCV.
        filter_pixel: ``filter2D``, for each pixel whatever the kernel.
        filter_cell: ``filter2D``, for each pixel and weight that is not zero.
        add: Adding a plane to another, for each pixel.
        transform: A Fourier transform of a tile, for each pixel.
        multiply: The product of two spectra, for each pixel.
        copy: Laying out patches as columns, for each number, on one core.
        product: A product and its addition in a matrix product, on one core.
        fill: Making a new plane, for each pixel.
        runtime: A product and its addition in ONNX Runtime.
        runtime_copy: Laying out patches there, for each number.
        runtime_fill: Making its result, for each number.
        runtime_call: One call of it.
    """

    call: float = 2_000.0
    filter_pixel: float = 0.13
    filter_cell: float = 0.027
    add: float = 0.12
    transform: float = 0.95
    multiply: float = 0.45
    copy: float = 0.12
    product: float = 0.018
    fill: float = 0.14
    runtime: float = 0.0045
    runtime_copy: float = 0.09
    runtime_fill: float = 0.8
    runtime_call: float = 60_000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The algorithm that "auto" stands for.

    Attributes:
        algorithm: Its name.
        cost: What it is expected to take [ms].
        reason: Why it is the fastest, in one sentence.
        others: Every algorithm that fits, with its expected cost [ms], the fastest first.
    """

    algorithm: Algorithm
    cost: float
    reason: str
    others: tuple[tuple[Algorithm, float], ...]


def plan(
    x_shape: Sequence[int],
    weight_shape: Sequence[int],
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
    weight: ArrayLike | None = None,
    costs: Costs | None = None,
) -> Plan:
    """Return what ``conv2d`` with algorithm "auto" picks, why, and what it expects it to cost.

    >>> plan((720, 1280), (15, 15), padding="same", weight=np.ones((15, 15))).reason
    'rank 1: two passes of 15 instead of one of 225'

    Args:
        x_shape: Shape of the picture, as in ``conv2d``.
        weight_shape: Shape of the kernels.
        stride: As in ``conv2d``.
        padding: As in ``conv2d``.
        dilation: As in ``conv2d``.
        groups: As in ``conv2d``.
        border: As in ``conv2d``.
        value: As in ``conv2d``; it changes nothing.
        flip: As in ``conv2d``; it changes nothing.
        weight: The kernels themselves: some algorithms are only for some of them. Without, they
            are taken to have nothing special.
        costs: What a machine takes for each step; the present machine's if left out.

    Raises:
        ValueError: If the shapes do not fit each other.
    """
    kernels = None
    if weight is not None:
        kernels = to_numbers(weight, "weight")
        if kernels.shape != tuple(weight_shape):
            raise ValueError(
                f"weight has shape {kernels.shape}, not {tuple(weight_shape)}: give weight.shape"
            )
        kernels = kernels.reshape(-1, *kernels.shape[-2:])
    sizes = fit_sizes(x_shape, weight_shape, stride, padding, dilation, groups, border)
    terms = _count_terms(sizes, kernels)
    return _plan(sizes, terms, costs or _present.costs, onnxruntime.is_installed())


def plan_problem(problem: Problem) -> Plan:
    """Return the plan for a problem; kernels and pixels are looked at where it matters."""
    kernels = problem.weight.reshape(-1, *problem.sizes.kernel)
    terms = None if problem.is_wide else _count_terms(problem.sizes, kernels)
    made = _plan(problem.sizes, terms, _present.costs, onnxruntime.is_installed())
    if problem.is_wide:
        return _by_gemm(made, "float64, which only the matrix product computes in")
    if made.algorithm in _TAME_ONLY and not problem.is_tame:
        return _by_gemm(made, _UNTAMED_REASON)
    return made


def _by_gemm(made: Plan, reason: str) -> Plan:
    return Plan(Algorithm.GEMM, dict(made.others)[Algorithm.GEMM], reason, made.others)


# The others find it out on the way, which takes less time than to look at all pixels before.
_TAME_ONLY = (Algorithm.FFT, Algorithm.ONNXRUNTIME)
_UNTAMED_REASON = "a NaN, an infinity or a huge number: the matrix product keeps it in its place"


class _Present:
    """The costs of the present machine."""

    costs = Costs()


_present = _Present()


def use_costs(costs: Costs) -> None:
    """Plan with these from now on: the engine reads no files, whoever measured them says so."""
    _present.costs = costs


def _count_terms(sizes: Sizes, kernels: FloatArray | None) -> int | None:
    """Return of how many separable kernels all the kernels are made; None if one is not."""
    most = _MOST_KERNELS if sizes.depth == 1 else _MOST_SUMMED_KERNELS
    if kernels is None or len(kernels) > most or min(sizes.kernel) == 1:
        return None
    counts = [len(factor(kernel) or ()) for kernel in kernels]
    return sum(counts) if all(counts) else None


@lru_cache(maxsize=512)  # the layers of a stack are planned again for every frame
def _plan(sizes: Sizes, terms: int | None, costs: Costs, has_runtime: bool) -> Plan:
    estimates = {
        Algorithm.OPENCV: _opencv(sizes, costs),
        Algorithm.GEMM: _gemm(sizes, costs),
        Algorithm.FFT: _fft(sizes, costs),
    }
    if terms is not None:
        estimates[Algorithm.SEPARABLE] = _separable(sizes, terms, costs)
    if has_runtime:
        estimates[Algorithm.ONNXRUNTIME] = _onnxruntime(sizes, costs)
    others = tuple(sorted(((name, ns / 1e6) for name, ns in estimates.items()), key=itemgetter(1)))
    best, cost = others[0]
    return Plan(best, cost, _reason(best, sizes, terms or 0), others)


# What each algorithm takes [ns].


def _planes(sizes: Sizes) -> tuple[int, int]:
    """Return how many pairs of planes are filtered, and the pixels of each."""
    own = sizes.border in FILTER_BORDERS
    pixels = math.prod(sizes.picture if own else sizes.padded)
    return sizes.pictures * sizes.outputs * sizes.depth, pixels


def _opencv(sizes: Sizes, costs: Costs) -> float:
    pairs, pixels = _planes(sizes)
    sums = sizes.pictures * sizes.outputs * (sizes.depth - 1)
    pieces, cells = count_pieces(sizes.span), math.prod(sizes.kernel)
    one = pieces * (costs.filter_pixel + costs.add) - costs.add + costs.filter_cell * cells
    work = pairs * (pieces * costs.call + pixels * one)
    return work + sums * (costs.call + pixels * costs.add)


def _separable(sizes: Sizes, terms: int, costs: Costs) -> float:
    _, pixels = _planes(sizes)
    one = 2 * costs.filter_pixel + costs.filter_cell * sum(sizes.kernel)
    sums = terms - sizes.outputs
    work = terms * (2 * costs.call + pixels * one) + sums * (costs.call + pixels * costs.add)
    return sizes.pictures * (work + pixels * costs.fill)


def _fft(sizes: Sizes, costs: Costs) -> float:
    tiles, area = fft.tile_count(sizes), math.prod(fft.tile_size(sizes))
    transforms = tiles * (sizes.channels + sizes.outputs) + sizes.outputs * sizes.depth
    products = tiles * sizes.outputs * sizes.depth
    work = transforms * (2 * costs.call + area * (costs.transform + costs.fill / 2))
    work += products * (costs.call + area * (costs.multiply + costs.add))
    return sizes.pictures * work


def _gemm(sizes: Sizes, costs: Costs) -> float:
    positions = sizes.pictures * math.prod(
        math.ceil(size / step) for size, step in zip(sizes.padded, sizes.stride, strict=True)
    )
    rows, portion = sizes.depth * math.prod(sizes.kernel), sizes.outputs // sizes.groups
    # 4: reading what is laid out takes as long as so many products.
    work = rows * positions * (costs.copy + (portion + 4.0) * costs.product)
    work += math.ceil(positions / gemm.strip_length(rows, portion, positions)) * 15 * costs.call
    if gemm.is_shared(rows, portion, positions):
        work = work / cores() + 120 * costs.call  # threads have to be woken and waited for
    prepared = sizes.pictures * sizes.channels * math.prod(sizes.padded) * costs.fill
    if sizes.stride != (1, 1):
        prepared *= 5.0  # taken apart, pixel by pixel
    made = sizes.outputs * positions * costs.fill
    return sizes.groups * (25 * costs.call + work) + prepared + made


def _onnxruntime(sizes: Sizes, costs: Costs) -> float:
    results, cells = math.prod(sizes.out_shape), math.prod(sizes.kernel)
    work = results * (costs.runtime_fill + sizes.depth * cells * costs.runtime)
    if cells > 1:
        laid_out = results // sizes.outputs * sizes.channels * cells
        work += laid_out * costs.runtime_copy
    return costs.runtime_call + work


# Why an algorithm is the fastest.


def _reason(algorithm: Algorithm, sizes: Sizes, terms: int) -> str:
    rows, columns = sizes.kernel
    pairs = sizes.outputs * sizes.depth
    planes = "one plane" if pairs == 1 else f"{pairs} pairs of channels"
    match algorithm:
        case Algorithm.OPENCV:
            return f"a small kernel of {rows} × {columns}: sliding it over {planes} is fastest"
        case Algorithm.SEPARABLE:
            return _reason_separable(sizes, terms)
        case Algorithm.FFT:
            return (
                f"a large kernel of {rows} × {columns}: multiplying spectra takes the same time "
                "for every size"
            )
        case Algorithm.GEMM if sizes.stride != (1, 1) or sizes.dilation != (1, 1):
            return "a stride or gaps: one matrix product computes only what is asked for"
        case Algorithm.GEMM:
            return f"{planes}: one matrix product sums all of them at once"
        case _:
            return f"{planes}: ONNX Runtime, which is installed, sums so many fastest"


def _reason_separable(sizes: Sizes, terms: int) -> str:
    rows, columns = sizes.kernel
    lengths = f"{rows}" if rows == columns else f"{rows} and {columns}"
    kernels = sizes.outputs * sizes.depth
    if terms % kernels:
        return (
            f"{kernels} kernels of low rank: {2 * terms} passes of {lengths} instead of {kernels} "
            f"of {rows * columns}"
        )
    rank = terms // kernels
    passes = "two" if rank == 1 else f"{2 * rank}"
    return f"rank {rank}: {passes} passes of {lengths} instead of one of {rows * columns}"
