"""Is it a convolution? An operation tried out on the present picture, and its verdict."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.kernel.design.model import Operation, Trial
from convlab.document.kernel.design.plane import correlating, filtered, plane_of, signed
from convlab.document.kernel.design.shown import DesignShown, NamedPicture
from convlab.document.kernel.job import KernelJob
from convlab.document.stack.model import StackState, first_stack
from convlab.engine.arrays import AnyArray, FloatArray
from convlab.engine.cv import cv2
from convlab.engine.linearity import ConvolutionVerdict, is_convolution

SHIFT = (7, 11)  # rows and columns: odd, for what is the same at every second [px]
SMALL = 32  # side of the pictures that decide [px]
BIAS = 0.25
ROUNDING = 1e-4  # relative to the largest output
Function = Callable[[FloatArray], AnyArray]


def show_trial(job: KernelJob, planes: FloatArray, trial: Trial, cached: StageCache) -> DesignShown:
    """Return the verdict on an operation, and where it fails on a picture."""
    state = job.state
    key = (trial, state.weights, state.geometry, state.scaling, job.stack)
    verdict = cached("verdict", key, lambda: judged(job, trial))
    pictures = residuals(operation_of(job, trial), plane_of(planes), job)
    return DesignShown(pictures, verdict.text, figures(verdict), not verdict.is_convolution)


def judged(job: KernelJob, trial: Trial) -> ConvolutionVerdict:
    """Return the verdict from small test pictures."""
    reach = max(SMALL, 2 * max(correlating(job).shape) + 1)
    return is_convolution(operation_of(job, trial), (reach, reach))


def operation_of(job: KernelJob, trial: Trial) -> Function:
    """Return an operation on a plane ``(H, W)``."""
    size, kernel = 2 * trial.reach + 1, correlating(job)
    window = np.ones((size, size), np.uint8)
    operations: dict[Operation, Function] = {
        Operation.KERNEL: lambda x: filtered(job, x, kernel),
        Operation.MEDIAN: lambda x: cv2.medianBlur(x, size),
        Operation.EROSION: lambda x: cv2.erode(x, window),
        Operation.BILATERAL: lambda x: cv2.bilateralFilter(x, size, 0.1, trial.reach),
        Operation.RELU: lambda x: np.maximum(x, 0),
        Operation.ABSOLUTE: np.abs,
        Operation.GAMMA: lambda x: np.maximum(x, 0) ** np.float32(1 / 2.2),
        Operation.BIAS: lambda x: filtered(job, x, kernel) + np.float32(BIAS),
        Operation.MIRROR: lambda x: x[:, ::-1],
        Operation.ROWS: _every_second_row,
    }
    if trial.operation is Operation.STACK:
        return _through(job.stack or first_stack())
    return operations[trial.operation]


def _through(state: StackState) -> Function:
    """Return the stack, with a plane as each of its channels."""
    channels, graph = state.input.space.channels, state.graph
    return lambda x: graph.forward(np.repeat(x[np.newaxis], channels, axis=0))[graph.last]


def _every_second_row(x: FloatArray) -> FloatArray:
    out = x.copy()
    out[1::2] = 0
    return out


def residuals(operation: Function, plane: FloatArray, job: KernelJob) -> tuple[NamedPicture, ...]:
    """Return f of the picture, and what is left of both laws."""
    x = plane - np.float32(0.5)  # signed: some operations are linear for light alone
    y = np.ascontiguousarray(np.roll(x[::-1], 17, axis=1))
    of_x, of_y, of_both = (_map(operation(each)) for each in (x, y, x + y))
    moved = _map(operation(np.roll(x, SHIFT, (0, 1))))
    largest = float(np.abs(of_x).max()) or 1.0
    linear = of_both - of_x - of_y
    shift = np.zeros_like(of_x)
    rim = max(*correlating(job).shape, 5) // 2
    rows, columns = (
        slice(by + rim, side - rim) for by, side in zip(SHIFT, of_x.shape, strict=True)
    )
    if rows.start < rows.stop and columns.start < columns.stop:
        there = np.roll(of_x, SHIFT, (0, 1))[rows, columns]
        shift[rows, columns] = moved[rows, columns] - there
    return (
        ("f(x)", signed(of_x, job.palette, largest)),
        _residual("f(x + y) − f(x) − f(y)", linear, largest, job),
        _residual("f(shifted x) − shifted f(x)", shift, largest, job),
    )


def _residual(law: str, left: FloatArray, largest: float, job: KernelJob) -> NamedPicture:
    """Paint what is left of a law: over its own range, unless it is rounding."""
    most = float(np.abs(left).max())
    if most <= ROUNDING * largest:
        return f"{law} = 0", signed(left, job.palette, largest)
    return f"{law}: up to {most:.2g}", signed(left, job.palette)


def _map(out: AnyArray) -> FloatArray:
    """Return the first map of an output, as a plane."""
    plane = np.asarray(out, np.float32)
    if plane.ndim == 1:
        plane = plane[np.newaxis]
    while plane.ndim > 2:
        plane = plane[0]
    return np.ascontiguousarray(plane)


def figures(verdict: ConvolutionVerdict) -> str:
    """Return the largest residuals of the test pictures."""
    found = verdict.residuals
    return (
        f"superposition: {found['linear']:.2g} of the largest output apart\n"
        f"shift: {found['shift_equivariant']:.2g}\n"
        f"f(0): {found['offset']:.2g}"
    )
