"""The one plane that the design pages work on, and how they paint planes."""

from __future__ import annotations

import numpy as np

from convlab.document.kernel.job import KernelJob
from convlab.document.painted import Painted, paint
from convlab.engine.arrays import FloatArray
from convlab.engine.color_maps import Palette
from convlab.engine.conv2d import conv2d
from convlab.engine.display import DisplayMode, Scale

MOST_ROWS, MOST_COLUMNS = 960, 1280
"""Of a larger picture the middle is taken [px]: what it teaches is the same."""
WHITE = Scale(0.0, 1.0)
CURVED = 1.1  # a plane that stays so near to 0 to 1 is painted as a picture
USUAL = 0.995  # share of the values that the signed colours tell apart
MOST_SAMPLES = 20_000


def plane_of(planes: FloatArray) -> FloatArray:
    """Return the mean of planes ``(C, H, W)``, of a large picture its middle.

    Raises:
        ValueError: It has NaN or infinite values.
    """
    height, width = planes.shape[1:]
    top, left = max(height - MOST_ROWS, 0) // 2, max(width - MOST_COLUMNS, 0) // 2
    middle = planes[:, top : top + MOST_ROWS, left : left + MOST_COLUMNS]
    plane = middle[0] if len(middle) == 1 else middle.mean(axis=0, dtype=np.float32)
    if not np.isfinite(plane).all():
        raise ValueError("The picture has NaN or infinite values: choose another one.")
    return np.ascontiguousarray(plane, np.float32)


def correlating(job: KernelJob) -> FloatArray:
    """Return the lab's kernel as it is laid on the picture, gaps and all."""
    weights = job.state.scaling.scaled(job.state.array())
    if job.state.geometry.flip:
        weights = weights[::-1, ::-1]
    gap = job.state.geometry.dilation
    spread = np.zeros([gap * (side - 1) + 1 for side in weights.shape], np.float32)
    spread[::gap, ::gap] = weights
    return spread


def filtered(job: KernelJob, plane: FloatArray, kernel: FloatArray) -> FloatArray:
    """Return the plane through a kernel, of the same size, over the lab's border."""
    geometry = job.state.geometry
    return conv2d(plane, kernel, padding="same", border=geometry.border, value=geometry.value)


def painted(plane: FloatArray, palette: Palette) -> Painted:
    """Paint a plane: as a picture where it is one, else signed."""
    if plane.min() > 1 - CURVED and plane.max() < CURVED:
        return paint(np.ascontiguousarray(plane[np.newaxis]), DisplayMode.CLIPPED, WHITE)
    return signed(plane, palette)


def signed(plane: FloatArray, palette: Palette, largest: float = 0.0) -> Painted:
    """Paint a plane in signed colours, up to a magnitude; 0: nearly the largest there is."""
    few = np.abs(plane.ravel()[:: max(plane.size // MOST_SAMPLES, 1)])
    most = largest or float(np.quantile(few, USUAL)) or float(np.abs(plane).max()) or 1.0
    planes = np.ascontiguousarray(plane[np.newaxis])
    return paint(planes, DisplayMode.SIGNED, Scale(-most, most), palette)
