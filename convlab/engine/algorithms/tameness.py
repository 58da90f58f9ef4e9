"""Was all computed right? Seen from the result, in less time than a look at all pixels takes."""

from __future__ import annotations

import numpy as np

from convlab.engine.algorithms.problem import Problem, UntamedError, norm
from convlab.engine.arrays import AnyArray

_FEWEST_ROWS = 3  # between two rows of the result that are looked at: else there is little to gain
_FEW_PIXELS = 1 << 15  # a pass over them costs less than looking for a shorter way


def need_tame(problem: Problem, whole: AnyArray) -> None:
    """Reject a result that may be wrong because of a NaN, an infinity or an overflow.

    A pixel that is not at an edge is met by all weights. So a NaN is seen in every row to which a
    weight that is not zero leads, and so is what overflows: looking at some rows is enough.

    Args:
        problem: What was computed.
        whole: Its result for every position, contiguous ``(N, O, H, W)``.

    Raises:
        UntamedError: If the problem is not tame and this is seen, or may have been lost.
    """
    if not (_seems_tame(problem, whole) or problem.is_tame):
        raise UntamedError


def _seems_tame(problem: Problem, whole: AnyArray) -> bool:
    if problem.largest is not None or problem.x.size < _FEW_PIXELS:
        return False  # is known, or as soon looked at
    step = _rows_met(problem) - 1
    if step < _FEWEST_ROWS:
        return False
    rows = whole.reshape(-1, whole.shape[-1])[::step]
    return problem.is_tame_with(norm(rows), *map(norm, _edges(problem)))


def _rows_met(problem: Problem) -> int:
    """Return in how many neighbouring rows every kernel has weights that are not zero.

    0 where the kernel has gaps, or is nearly as large as the picture.
    """
    sizes = problem.sizes
    if sizes.dilation != (1, 1) or 4 * max(sizes.kernel) > min(sizes.picture):
        return 0
    met = (problem.weight != 0.0).any(axis=3).all(axis=(0, 1))
    longest = run = 0
    for is_met in met.tolist():
        run = run + 1 if is_met else 0
        longest = max(longest, run)
    return longest


def _edges(problem: Problem) -> list[AnyArray]:
    """Return the pixels that not all weights meet."""
    rows, columns = (size - 1 for size in problem.sizes.kernel)
    x = problem.x
    flat = x.reshape(-1, x.shape[-1])
    strips = []
    if rows:
        strips += [np.ascontiguousarray(x[:, :, side]) for side in _sides(rows)]
    if columns:  # transposed: row by row a narrow strip takes as long as half the picture
        strips += [np.ascontiguousarray(flat[:, side].T) for side in _sides(columns)]
    return strips


def _sides(count: int) -> tuple[slice, slice]:
    """Return the first and the last of a row."""
    return slice(count), slice(-count, None)
