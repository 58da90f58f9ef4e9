"""What is behind one pixel: the terms of its sum, and the profile through it."""

from __future__ import annotations

import numpy as np

from convlab.document.kernel.job import KernelJob, Profile, SumDetail
from convlab.document.kernel.model import Axis
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.border import pad


def sum_detail(job: KernelJob, planes: FloatArray, output: FloatArray) -> SumDetail:
    """Return the terms of the sum behind the job's probe."""
    assert job.probe is not None
    row, column = job.probe
    geometry, (kh, kw) = job.geometry, job.weights.shape
    corner = (
        row * geometry.stride - job.padding.top,
        column * geometry.stride - job.padding.left,
    )
    rows = corner[0] + geometry.dilation * np.arange(kh)
    columns = corner[1] + geometry.dilation * np.arange(kw)
    height, width = job.input_size
    inside = ((rows >= 0) & (rows < height))[:, None] & ((columns >= 0) & (columns < width))
    patch = _patch(job, planes, rows, columns)
    kernel = frozen(job.weights[::-1, ::-1].copy()) if geometry.flip else job.weights
    return SumDetail(
        cell=(row, column),
        corner=corner,
        step=geometry.dilation,
        patch=frozen(patch),
        padded=frozen(~inside),
        kernel=kernel,
        flipped=geometry.flip,
        products=frozen(patch * kernel),
        names=job.names,
        results=tuple(float(value) for value in output[:, row, column]),
        combine=job.channels.combine,
    )


def take_profile(job: KernelJob, planes: FloatArray, output: FloatArray) -> Profile:
    """Return the output's line through the probe and the input line under the kernel's anchor."""
    assert job.probe is not None
    geometry, (height, width) = job.geometry, job.input_size
    axis = 0 if job.profile is Axis.ROW else 1
    line = job.probe[axis]
    under = [
        at * geometry.stride - before + geometry.dilation * ((side - 1) // 2)
        for at, before, side in (
            (line, (job.padding.top, job.padding.left)[axis], job.weights.shape[axis]),
            (0, (job.padding.left, job.padding.top)[axis], job.weights.shape[1 - axis]),
        )
    ]
    input_line = min(max(under[0], 0), (height, width)[axis] - 1)
    values = np.take(planes, input_line, axis=axis + 1)
    results = np.take(output, line, axis=axis + 1)
    at = under[1] + geometry.stride * np.arange(results.shape[1])
    return Profile(job.profile, input_line, line, frozen(values), frozen(results), frozen(at))


def _patch(job: KernelJob, planes: FloatArray, rows: np.ndarray, columns: np.ndarray) -> FloatArray:
    """Cut the cells out of the padded planes, by the pipeline's own padding."""
    padded = pad(planes, job.padding, job.geometry.border, job.geometry.value)
    return padded[:, (rows + job.padding.top)[:, None], columns + job.padding.left]
