"""What is behind one pixel: the sums, and the profile through it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convlab.document.kernel.job import KernelJob, Profile, Showing
from convlab.document.kernel.model import Axis, PixelPage
from convlab.document.kernel.resolve import first_anchor
from convlab.document.stack.arithmetic import Products
from convlab.document.stack.detail import products
from convlab.engine.arrays import FloatArray, frozen


def sums(job: KernelJob, planes: FloatArray, output: FloatArray) -> tuple[Products, ...]:
    """Return what is added up at the job's probe, for each plane of the output."""
    if job.viewing.probe is None:
        return ()
    row, column = job.viewing.probe
    places = ((plane, row, column) for plane in range(len(output)))
    found = (products(job.layer, planes, output, place) for place in places)
    return tuple(found) if job.spread == 1 else tuple(_with_gaps(job, each) for each in found)


def _with_gaps(job: KernelJob, sum_: Products) -> Products:
    """Return a sum that shows the zeros between spread pixels as padding: they are none."""
    at = [
        (corner + step * np.arange(count)) % job.spread != 0
        for corner, step, count in zip(sum_.corner, sum_.step, sum_.padded.shape, strict=True)
    ]
    return replace(sum_, padded=frozen(sum_.padded | np.logical_or.outer(*at)))


def take_profile(
    job: KernelJob, planes: FloatArray, output: FloatArray, as_shown: Showing
) -> Profile | None:
    """Return the output's line through the probe and the input line under the kernel's anchor.

    None where nobody looks at it.
    """
    if job.viewing.probe is None or job.viewing.page is not PixelPage.PROFILE:
        return None
    axis = 0 if job.viewing.profile is Axis.ROW else 1
    across, along = job.axes[axis], job.axes[1 - axis]
    line = job.viewing.probe[axis]
    under = line * across.stride + first_anchor(across)
    input_line = min(max(under, 0), job.input_size[axis] - 1)
    values = np.take(planes, input_line, axis=axis + 1)
    results = as_shown(np.take(output, line, axis=axis + 1))
    at = first_anchor(along) + along.stride * np.arange(results.shape[1])
    return Profile(
        job.viewing.profile, input_line, line, frozen(values), frozen(results), frozen(at)
    )
