"""Transposed convolution, a scatter-add: every pixel adds the kernel, scaled by its value.

The copies overlap, and where they do they are summed. With a stride of s the pixels of the result
fall into s × s phases. All pixels of one phase meet the same cells of the kernel, so each phase is
an ordinary correlation with some of the cells, and no multiplication is spent on the zeros between
copies (the sub-pixel view of Shi et al., "Is the deconvolution layer the same as a convolutional
layer?", 2016). Phases that see the same pixels, all of them if the kernel's size is a multiple of
the stride, are computed together, as if they were more output channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.algorithms.problem import Algorithm, Problem, Sizes
from convlab.engine.arrays import FloatArray
from convlab.engine.border import Border
from convlab.engine.conv2d import run
from convlab.engine.conv_arguments import (
    check_channels_first,
    check_ranks,
    to_bias,
    to_numbers,
    to_picture,
)
from convlab.engine.cv import cv2
from convlab.engine.errors import warn_of_overflow
from convlab.engine.planner import Plan, plan_problem
from convlab.engine.shapes import Padding, Pair, check_whole, pair, transposed_size

LARGE = 1 << 12  # values of a map that are worth a call each
MOST_MERGED = 512  # pictures that OpenCV merges at most


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> FloatArray:
    """Add a copy of the kernel at every pixel, scaled by its value (scatter-add).

    Names, order and meaning are PyTorch's. It makes from the result's size of ``conv2d`` the size
    it was made from, and is its gradient with respect to the picture.

    >>> conv_transpose2d([[1, 2]], [[1, 10]], stride=2).tolist()
    [[1.0, 10.0, 2.0, 20.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values.
        weight: ``(kh, kw)`` for a plane, else ``(C, O / groups, kh, kw)``; values as they are.
        bias: One number per output channel, added to the sums; a plain number for a plane.
        stride: Distance of the copies, one number or (rows, columns) [px].
        padding: Pixels cut off at each end of the result, one number or (rows, columns) [px].
        output_padding: Pixels added at the bottom and on the right, as ``stride`` [px]. Smaller
            than the stride or the dilation.
        dilation: Distance between neighbouring cells of the kernel, as ``stride`` [px].
        groups: Split the channels into groups that do not see each other.

    Returns:
        float32 of the same rank as ``x``: ``(H', W')``, ``(O, H', W')`` or ``(N, O, H', W')`` with
        H' = (H - 1)s - 2p + d(k - 1) + output_padding + 1. Inputs are not changed.

    Warns:
        OverflowWarning: If sums are too large for float32 and become infinite.

    Raises:
        ValueError: If shapes or sizes do not fit; the message has the numbers and a remedy.
    """
    problem, rank = build_transposed(
        x, weight, bias, stride, padding, output_padding, dilation, groups
    )
    out = compute(problem, rank)
    warn_of_overflow(out, problem.x, problem.weight, problem.bias)
    return out


def compute(problem: TransposedProblem, rank: int) -> FloatArray:
    """Return what ``conv_transpose2d`` does, in as many dimensions, without a warning.

    For layers: whoever runs a stack looks at its values, and says which layer it is.
    """
    out = scatter_add(problem)
    return out.reshape(out.shape[4 - rank :])  # only axes of length 1 go


@dataclass(frozen=True, slots=True, eq=False)
class TransposedProblem:
    """A transposed convolution whose arguments fit each other.

    Attributes:
        x: Pictures ``(N, C, H, W)``, float32, contiguous.
        weight: Kernels ``(C, O / groups, kh, kw)``, float32.
        bias: ``(O,)`` float32, or None.
        stride: Rows, columns [px].
        cut: Pixels cut off at the top and on the left [px].
        dilation: Rows, columns [px].
        groups: Number of groups.
        out_size: Height and width of the result [px]; what no copy reaches holds the bias.
        algorithm: How the correlations it is made of are computed.
    """

    x: FloatArray
    weight: FloatArray
    bias: FloatArray | None
    stride: Pair
    cut: Pair
    dilation: Pair
    groups: int
    out_size: Pair
    algorithm: Algorithm = Algorithm.AUTO


def build_transposed(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: int | Sequence[int],
    padding: int | Sequence[int],
    output_padding: int | Sequence[int],
    dilation: int | Sequence[int],
    groups: int,
) -> tuple[TransposedProblem, int]:
    """Return the checked arguments and the rank of the caller's picture (2, 3 or 4).

    Raises:
        ValueError: If the arguments do not fit each other.
    """
    pictures, kernels = to_picture(x), to_numbers(weight, "weight")
    rank = pictures.ndim
    check_ranks(pictures.shape, kernels.shape, "(C, O / groups, kh, kw)")
    pictures = pictures.reshape((1,) * (4 - rank) + pictures.shape)
    kernels = kernels.reshape((1,) * (4 - kernels.ndim) + kernels.shape)
    if pictures.shape[1] != len(kernels):
        check_channels_first(pictures.shape, len(kernels))
    groups = _check_groups(pictures.shape[1], kernels.shape, groups)
    steps, gaps = pair(stride, "stride"), pair(dilation, "dilation")
    cut, extra = pair(padding, "padding", 0), pair(output_padding, "output_padding", 0)
    height, width = (
        transposed_size(*numbers)
        for numbers in zip(
            pictures.shape[2:], kernels.shape[2:], cut, cut, steps, gaps, extra, strict=True
        )
    )
    offsets = None if bias is None else to_bias(bias, kernels.shape[1] * groups)
    size = height, width
    return TransposedProblem(pictures, kernels, offsets, steps, cut, gaps, groups, size), rank


def scatter_add(problem: TransposedProblem) -> FloatArray:
    """Return ``(N, O, H', W')`` float32, contiguous."""
    down, across = _families_of(problem)
    outputs = problem.weight.shape[1] * problem.groups
    out = np.empty((len(problem.x), outputs, *problem.out_size), np.float32)
    phases = [sum(len(family.phases) for family in families) for families in (down, across)]
    if phases != [min(limits) for limits in zip(problem.stride, problem.out_size, strict=True)]:
        # Some pixels are reached by no copy of the kernel; the others are written over.
        out[...] = 0 if problem.bias is None else problem.bias[:, None, None]
    for rows in down:
        _compute_rows(problem, rows, across, out)
    return out


def plan_transposed(problem: TransposedProblem) -> Plan:
    """Return how the correlations of all phases are computed: as the longest of them, and why."""
    plans = [
        plan_problem(_correlation(problem, rows, columns))
        for rows, columns in product(*_families_of(problem))
    ]
    if not plans:  # no copy of the kernel reaches the result
        return Plan(Algorithm.GEMM, 0.0, "nothing is summed", ())
    longest = max(plans, key=lambda plan: plan.cost)
    each = [dict(plan.others) for plan in plans]
    shared = set.intersection(*map(set, each))
    costs = {name: sum(found[name] for found in each) for name in shared}
    reason = f"no zeros are multiplied; for the cells that a phase meets: {longest.reason}"
    others = tuple(sorted(costs.items(), key=lambda item: item[1]))
    return Plan(longest.algorithm, sum(plan.cost for plan in plans), reason, others)


class _Phase(NamedTuple):
    """Every s-th pixel of the result, along one direction: they meet the same cells.

    Attributes:
        out: Where they are in the result.
        found: Where they are among the pixels of their family.
        cells: The cells they meet, in the flipped kernel.
    """

    out: slice
    found: slice
    cells: slice


class _Family(NamedTuple):
    """Phases, along one direction, that see the same pixels of the picture.

    Attributes:
        phases: One or more.
        length: How many cells each of them meets.
        dilation: Distance of these cells in the picture [px].
        first: The pixel under the first cell at the first place.
        last: The pixel under the last cell at the last place, plus one.
    """

    phases: list[_Phase]
    length: int
    dilation: int
    first: int
    last: int

    def beyond(self, size: int) -> Pair:
        """Return how far it sees beyond both ends of a picture [px]."""
        return max(-self.first, 0), max(self.last - size, 0)

    @property
    def places(self) -> int:
        """How many places it has."""
        return self.last - self.first - (self.length - 1) * self.dilation


def _families_of(problem: TransposedProblem) -> tuple[list[_Family], list[_Family]]:
    """Return the phases along rows and along columns."""
    down, across = (
        _families(*numbers)
        for numbers in zip(
            problem.x.shape[2:],
            problem.weight.shape[2:],
            problem.stride,
            problem.dilation,
            problem.cut,
            problem.out_size,
            strict=True,
        )
    )
    return down, across


def _families(
    size: int, kernel: int, stride: int, dilation: int, cut: int, out_size: int
) -> list[_Family]:
    """Return the phases along one direction by what they see; those that see nothing are left out.

    Pixel y of the result, counted before the cut, gets x[i] * w[a] for all i * s + a * d = y. With
    y = t * s + phase, and a stepping by s / gcd(s, d), i steps back from t by d / gcd(s, d).
    """
    step, gap = stride // gcd(stride, dilation), dilation // gcd(stride, dilation)
    earliest, latest = cut // stride, (cut + out_size - 1) // stride
    families: dict[tuple[int, int], _Family] = {}
    # The first cells meet one phase each; a phase that none of them meets sees nothing.
    for phase, cell in sorted((a * dilation % stride, a) for a in range(min(step, kernel))):
        start = (phase - cut) % stride
        if start >= out_size:
            continue
        count = -(-(kernel - cell) // step)
        last_cell = cell + (count - 1) * step
        # The pixel under the last cell, which comes first in the flipped kernel.
        lead = (last_cell * dilation - phase) // stride
        first, last = earliest - lead, latest - lead + (count - 1) * gap + 1
        if first >= size or last <= 0:
            continue
        skipped = (start + cut) // stride - earliest
        places = slice(skipped, skipped + (out_size - 1 - start) // stride + 1)
        cells = slice(kernel - 1 - last_cell, None, step)
        family = families.setdefault((lead, count), _Family([], count, gap, first, last))
        family.phases.append(_Phase(slice(start, None, stride), places, cells))
    return list(families.values())


def _compute_rows(
    problem: TransposedProblem, rows: _Family, across: list[_Family], out: FloatArray
) -> None:
    """Write the rows of a family: one correlation for all pairs of phases that see the same."""
    found = [run(_correlation(problem, rows, columns), problem.algorithm) for columns in across]
    each = out.shape[1] // problem.groups
    for group, (place, row) in product(range(problem.groups), enumerate(rows.phases)):
        parts = []
        for family, result in zip(across, found, strict=True):
            first = (group * len(rows.phases) + place) * len(family.phases)
            for number, column in enumerate(family.phases, first):
                part = result[:, number * each : (number + 1) * each, row.found, column.found]
                parts.append((column.out, part))
        outputs = slice(group * each, (group + 1) * each)
        _interleave(parts, out[:, outputs, row.out], problem.stride[1])


def _interleave(parts: list[tuple[slice, FloatArray]], out: FloatArray, stride: int) -> None:
    """Write every s-th column from each of some parts ``(N, O, h, w)``.

    Where no column is left out OpenCV does it in half the time of NumPy, if maps are not small.
    """
    whole, is_large = 0, out.shape[2] * out.shape[3] >= LARGE
    if is_large and 1 < len(parts) == stride <= MOST_MERGED:
        parts = sorted(parts, key=lambda part: part[0].start)
        whole = min(part.shape[3] for _, part in parts)
        rows = out.shape[2]
        for index in np.ndindex(out.shape[:2]) if whole else ():
            merged = out[index][:, : whole * stride].reshape(rows, whole, stride)
            cv2.merge([part[index][:, :whole] for _, part in parts], dst=merged)
    for columns, part in parts:
        rest = slice(columns.start + whole * stride, None, stride)
        out[..., rest] = part[..., whole:]


def _correlation(problem: TransposedProblem, rows: _Family, columns: _Family) -> Problem:
    """Return what gives all pairs of phases that see the same.

    Its result is ``(N, groups * pairs * O / groups, h, w)``.
    """
    flipped, pairs = _flipped(problem.weight, problem.groups), product(rows.phases, columns.phases)
    # (groups, pairs, O / groups, C / groups, kh, kw)
    kernels = np.stack([flipped[..., row.cells, column.cells] for row, column in pairs], axis=1)
    height, width = problem.x.shape[2:]
    seen = problem.x[:, :, max(rows.first, 0) : rows.last, max(columns.first, 0) : columns.last]
    bias = problem.bias
    if bias is not None:
        shape = kernels.shape[0], 1, kernels.shape[2]
        bias = np.broadcast_to(bias.reshape(shape), kernels.shape[:3]).ravel()
    weight = np.ascontiguousarray(kernels).reshape(-1, *kernels.shape[3:])
    inner = Sizes(
        len(seen),
        seen.shape[1],
        (seen.shape[2], seen.shape[3]),
        len(weight),
        (rows.length, columns.length),
        (1, 1),
        Padding(*rows.beyond(height), *columns.beyond(width)),
        (rows.dilation, columns.dilation),
        problem.groups,
        Border.ZEROS,
        (rows.places, columns.places),
    )
    return Problem(inner, np.ascontiguousarray(seen), weight, bias, 0.0)


def _flipped(weight: FloatArray, groups: int) -> FloatArray:
    """Return the kernels flipped by 180 degrees, ``(groups, O / groups, C / groups, kh, kw)``."""
    channels, outputs, rows, columns = weight.shape
    grouped = weight.reshape(groups, channels // groups, outputs, rows, columns)
    return grouped.swapaxes(1, 2)[..., ::-1, ::-1]


def _check_groups(channels: int, weight_shape: tuple[int, ...], groups: int) -> int:
    check_whole("groups", groups, 1)
    if channels != weight_shape[0]:
        raise ValueError(
            f"x has {channels} channels but weight of shape {weight_shape} takes "
            f"{weight_shape[0]}: make weight.shape[0] equal to the channels"
        )
    if channels % groups:
        raise ValueError(
            f"{channels} channels cannot be shared among {groups} groups: "
            "make the channels a multiple of groups"
        )
    return int(groups)
