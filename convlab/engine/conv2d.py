"""Two-dimensional convolution: one entry to all the algorithms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from numpy.typing import ArrayLike, DTypeLike

from convlab.engine import reference
from convlab.engine.algorithms import depthwise, fft, gemm, onnxruntime, opencv, separable
from convlab.engine.algorithms.problem import Algorithm, Problem, UntamedError
from convlab.engine.arrays import AnyArray
from convlab.engine.conv_arguments import build_problem
from convlab.engine.errors import warn_of_overflow
from convlab.engine.naming import also_called, parse_name
from convlab.engine.planner import Plan, plan_problem
from convlab.engine.shapes import PaddingSpec


@also_called(padding_mode="border")
def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: int | Sequence[int] = 1,
    padding: PaddingSpec = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    border: str = "zeros",
    value: float = 0.0,
    flip: bool = False,
    algorithm: str = "auto",
    dtype: DTypeLike | None = None,
) -> AnyArray:
    """Slide kernels over a picture and sum the products.

    Names, order and meaning are PyTorch's. As there, it correlates unless ``flip`` is set: the
    kernel lies on the picture as it is written.

    >>> conv2d([[10, 10, 0, 0]] * 3, [[1, 0, -1]] * 3).tolist()
    [[30.0, 30.0]]

    Args:
        x: A plane ``(H, W)``, a picture ``(C, H, W)`` or a batch ``(N, C, H, W)``. uint8 is divided
            by 255 and uint16 by 65535; other whole numbers, booleans and floats keep their values,
            to the 24 bits of float32. A NaN or an infinity reaches the sums whose window holds it,
            under a weight of 0 too.
        weight: ``(kh, kw)`` for a plane, else ``(O, C / groups, kh, kw)``; values as they are.
        bias: One number per output channel, added to the sums; a plain number for a plane.
        stride: Step between positions, one number or (rows, columns) [px].
        padding: Cells added around the picture [px]: one number, (rows, columns),
            (top, bottom, left, right), "valid", "same" or "full". "same" puts the odd cell of an
            even kernel behind.
        dilation: Distance between neighbouring cells of the kernel, as ``stride`` [px].
        groups: Split the channels into groups that do not see each other; C of them is depthwise.
        border: What the added cells hold: "zeros", "constant", "replicate", "reflect" (the edge is
            not repeated) or "circular".
        value: What they hold under "constant".
        flip: Turn the kernel by 180 degrees first: true convolution.
        algorithm: "auto" (see ``plan``), "reference", "gemm", "opencv", "separable" (kernels that
            are a sum of few columns times rows), "depthwise" (as many groups as channels, two or
            more), "fft" or "onnxruntime" (where it is installed).
            All give the same numbers: within 2e-5 of the sum of the magnitudes of the products that
            make up each, wherever there is nothing but zeros exactly zero. Those that do not with
            certain numbers raise; "auto", "gemm" and "reference" take all.
        dtype: "float32", which None stands for, or "float64": inputs, sums and result keep 53 bits.
            It takes algorithm "auto", "gemm" or "reference", and more time.

    Returns:
        float32, or ``dtype``, of the same rank as ``x``: ``(H', W')``, ``(O, H', W')`` or
        ``(N, O, H', W')``. It may be a view of a larger array. Inputs are not changed.

    Warns:
        OverflowWarning: If finite numbers, or their sums, are too large for float32 and become
            infinite.

    Raises:
        ValueError: If shapes, sizes or names do not fit, or the algorithm does not; the message
            has the numbers and a remedy.
    """
    is_auto = algorithm == Algorithm.AUTO  # found in less time than by its name
    way = Algorithm.AUTO if is_auto else parse_name(Algorithm, algorithm, "algorithm")
    problem, rank = build_problem(
        x, weight, bias, stride, padding, dilation, groups, border, value, flip, dtype=dtype
    )
    out = compute(problem, rank, way)
    is_asked = problem.turned_out_untamed or way is Algorithm.REFERENCE
    if is_asked and not (problem.is_wide or problem.is_tame):
        remedy = "scale x or weight down, or give dtype='float64'"
        given = problem.x, problem.weight, problem.bias
        warn_of_overflow(out, *given, remedy=remedy, level=4)
    return out


def compute(problem: Problem, rank: int, algorithm: Algorithm = Algorithm.AUTO) -> AnyArray:
    """Return what ``conv2d`` does, in as many dimensions, without a warning of what overflows.

    For layers: whoever runs a stack looks at its values, and says which layer it is.
    """
    out = run(problem, algorithm)
    one = (0,) * (4 - rank)  # axes of length 1 go
    return out[one] if one else out


def run(problem: Problem, algorithm: Algorithm) -> AnyArray:
    """Return ``(N, O, H', W')`` of the pictures' type by the given algorithm.

    Raises:
        ValueError: If the algorithm does not fit the problem.
    """
    if algorithm is Algorithm.AUTO:
        return run_planned(problem, plan_problem(problem))
    reason = _REJECTIONS[algorithm](problem) if algorithm in _REJECTIONS else None
    if problem.is_wide and algorithm not in (Algorithm.GEMM, Algorithm.REFERENCE):
        reason = "it computes in float32: choose auto, gemm or reference for float64"
    if reason is not None:
        raise _unfit(algorithm, reason)
    try:
        return _ALGORITHMS[algorithm](problem)
    except UntamedError as error:
        raise _unfit(algorithm, str(error)) from None


def _unfit(algorithm: Algorithm, reason: str) -> ValueError:
    return ValueError(f"algorithm {algorithm.value} does not fit: {reason}")


def run_planned(problem: Problem, plan: Plan) -> AnyArray:
    """Return the same by what ``plan_problem`` picked for it: that fits, and is not asked again.

    But for numbers that turn out to be untame on the way: they are given to the matrix product.
    """
    try:
        return _ALGORITHMS[plan.algorithm](problem)
    except UntamedError:
        return gemm.run(problem)


def _reference(problem: Problem) -> AnyArray:
    sizes = problem.sizes
    options = sizes.stride, sizes.padding, sizes.dilation, sizes.groups, sizes.border
    return reference.conv2d_reference(  # a Problem's kernels are flipped already
        problem.x, problem.weight, problem.bias, *options, problem.value, flip=False
    )


_ALGORITHMS: dict[Algorithm, Callable[[Problem], AnyArray]] = {
    Algorithm.REFERENCE: _reference,
    Algorithm.GEMM: gemm.run,
    Algorithm.OPENCV: opencv.run,
    Algorithm.SEPARABLE: separable.run,
    Algorithm.DEPTHWISE: depthwise.run,
    Algorithm.FFT: fft.run,
    Algorithm.ONNXRUNTIME: onnxruntime.run,
}
# Why not, of those that are not for every problem.
_REJECTIONS: dict[Algorithm, Callable[[Problem], str | None]] = {
    Algorithm.SEPARABLE: separable.rejection,
    Algorithm.DEPTHWISE: depthwise.rejection,
    Algorithm.FFT: fft.rejection,
    Algorithm.ONNXRUNTIME: onnxruntime.rejection,
}
