"""Which algorithm is fastest for a convolution, what it will cost, and why.

Every algorithm's time is estimated from how often it does what (``convlab.engine.steps``): pixels
filtered, numbers copied, products summed. What each of these costs is a table, ``Costs``, fitted
to times: to many when the program was made, to a few on the machine where it runs
(``convlab.engine.calibration``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from convlab.engine.algorithms import onnxruntime
from convlab.engine.algorithms.low_rank import factor
from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes
from convlab.engine.arrays import FloatArray
from convlab.engine.conv_arguments import fit_sizes, parse_dtype, to_numbers
from convlab.engine.costs import Costs
from convlab.engine.default_costs import DEFAULT_COSTS
from convlab.engine.naming import also_called
from convlab.engine.shapes import PaddingSpec
from convlab.engine.steps import STEPS, runtime_steps, separable_steps, ways_for

# Where channels are summed, more kernels than these are not looked at for separable ones: the
# matrix product has them.
_MOST_SUMMED_KERNELS = 16
_MOST_KERNELS = 256


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


@also_called(padding_mode="border")
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
    dtype: DTypeLike | None = None,
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
        dtype: As in ``conv2d``.
        costs: What a machine takes for each step; the present machine's if left out.

    Raises:
        ValueError: If the shapes do not fit each other, or the type is none that it computes in.
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
    terms = None if kernels is None else _count_terms(sizes, kernels)
    machine = _present if costs is None else _Machine(costs)
    made = machine.plan(sizes, terms, onnxruntime.is_installed())
    return _by_gemm(made, _WIDE_REASON) if parse_dtype(dtype) == np.float64 else made


def plan_problem(problem: Problem) -> Plan:
    """Return the plan for a problem; kernels and pixels are looked at where it matters."""
    made = _present.plan(problem.sizes, None, onnxruntime.is_installed())
    if problem.is_wide:
        return _by_gemm(made, _WIDE_REASON)
    if _present.may_be_separable(problem.sizes, made.cost):
        terms = _count_terms(problem.sizes, problem.weight.reshape(-1, *problem.sizes.kernel))
        if terms is not None:
            made = _present.plan(problem.sizes, terms, onnxruntime.is_installed())
    if made.algorithm in _TAME_ONLY and not problem.is_tame:
        return _by_gemm(made, _UNTAMED_REASON)
    return made


def _by_gemm(made: Plan, reason: str) -> Plan:
    return Plan(Algorithm.GEMM, dict(made.others)[Algorithm.GEMM], reason, made.others)


# The others find it out on the way, which takes less time than to look at all pixels before.
_TAME_ONLY = (Algorithm.FFT, Algorithm.ONNXRUNTIME)
_WIDE_REASON = "float64, which only the matrix product computes in"
_UNTAMED_REASON = "a NaN, an infinity or a huge number: the matrix product keeps it in its place"


class _Machine:
    """Plans with the costs of a machine, and remembers them: a stack asks again for every frame."""

    def __init__(self, costs: Costs) -> None:
        self.costs = costs
        self.plan = lru_cache(maxsize=512)(partial(_plan, costs))
        self.may_be_separable = lru_cache(maxsize=512)(self._may_be_separable)

    def _may_be_separable(self, sizes: Sizes, cost: float) -> bool:
        """Tell whether kernels of rank one would be faster than that [ms]: else none is looked at.

        Looking takes a microsecond for each kernel.
        """
        if sizes.outputs * sizes.depth > _most_kernels(sizes) or min(sizes.kernel) == 1:
            return False
        return _separable(sizes, sizes.outputs * sizes.depth, self.costs) < 1e6 * cost


def use_costs(costs: Costs) -> None:
    """Plan with these from now on: the engine reads no files, whoever measured them says so."""
    global _present
    _present = _Machine(costs)


def _most_kernels(sizes: Sizes) -> int:
    return _MOST_KERNELS if sizes.depth == 1 else _MOST_SUMMED_KERNELS


def _count_terms(sizes: Sizes, kernels: FloatArray) -> int | None:
    """Return of how many separable kernels all the kernels are made; None if one is not."""
    if len(kernels) > _most_kernels(sizes) or min(sizes.kernel) == 1:
        return None
    count = 0
    for kernel in kernels:
        terms = factor(kernel)
        if terms is None:
            return None
        count += len(terms)
    return count


def _plan(costs: Costs, sizes: Sizes, terms: int | None, has_runtime: bool) -> Plan:
    estimates = {way: costs.of(way, STEPS[way](sizes)) for way in ways_for(sizes)}
    if terms is not None:
        estimates[Algorithm.SEPARABLE] = _separable(sizes, terms, costs)
    if has_runtime:
        estimates[Algorithm.ONNXRUNTIME] = costs.of(Algorithm.ONNXRUNTIME, runtime_steps(sizes))
    others = tuple(sorted(((name, ns / 1e6) for name, ns in estimates.items()), key=itemgetter(1)))
    best, cost = others[0]
    return Plan(best, cost, _reason(best, sizes, terms or 0), others)


def _separable(sizes: Sizes, terms: int, costs: Costs) -> float:
    return costs.of(Algorithm.SEPARABLE, separable_steps(sizes, terms))


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
        case Algorithm.DEPTHWISE:
            return f"{planes} and none sees another: each cell of the kernels meets all at once"
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


_present = _Machine(DEFAULT_COSTS)
