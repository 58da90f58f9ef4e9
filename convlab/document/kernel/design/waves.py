"""Paint the spectrum: a mask in frequency becomes a kernel."""

from __future__ import annotations

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.kernel.design.model import Band, Waves
from convlab.document.kernel.design.plane import WHITE, filtered, painted, plane_of, signed
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.job import KernelJob
from convlab.document.painted import paint
from convlab.document.strokes import painted_over
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.display import DisplayMode
from convlab.engine.errors import as_message
from convlab.engine.spectrum import SpectrumDesign, design

SIDE = 96
"""Rows and columns of the mask: three times the largest kernel, so that ripples are seen."""

NOTHING = "No wave passes, so the kernel would be 0 everywhere: paint on the spectrum what should."


def mask_of(waves: Waves) -> FloatArray:
    """Return the painted spectrum ``(SIDE, SIDE)``, the flat picture in the middle."""
    steps = (np.arange(SIDE) - SIDE // 2) / SIDE
    fast = np.hypot(steps[:, np.newaxis], steps)
    passes = {
        Band.LOW: fast <= waves.inner,
        Band.HIGH: fast > waves.inner,
        Band.BETWEEN: (fast > waves.inner) & (fast <= waves.outer),
        Band.NONE: np.zeros_like(fast, bool),
    }
    return painted_over(passes[waves.band].astype(np.float32), waves.strokes)


def show_waves(job: KernelJob, planes: FloatArray, waves: Waves, cached: StageCache) -> DesignShown:
    """Return the kernel of a painted spectrum, and what it does to the picture."""
    mask = cached("mask", waves, lambda: mask_of(waves))
    wanted = ("Spectrum: paint on it", paint(mask[np.newaxis], DisplayMode.CLIPPED, WHITE))
    if not mask.any():
        return DesignShown((wanted,), NOTHING, is_warning=True)
    try:
        # It is the same for every picture.
        made = cached("made", waves, lambda: design(mask, waves.size, window=waves.window))
    except ValueError as error:
        return DesignShown((wanted,), as_message(error), is_warning=True)
    response = paint(made.response[np.newaxis], DisplayMode.CLIPPED, WHITE)
    output = filtered(job, plane_of(planes), made.kernel)
    # What is drawn is as the lab draws kernels: flipped where it convolves.
    kernel = made.kernel[::-1, ::-1] if job.state.geometry.flip else made.kernel
    weights = signed(kernel, job.palette, float(np.abs(kernel).max()))
    return DesignShown(
        (
            wanted,
            ("What the kernel passes", response),
            ("Kernel", weights),
            ("What it gives", painted(output, job.palette)),
        ),
        words(made),
        f"cut away {made.lost:.1%} of the endless kernel\nripples {made.overshoot:.1%} beyond",
        kernel=frozen(np.ascontiguousarray(kernel)),
    )


def words(made: SpectrumDesign) -> str:
    """Say what cutting the kernel off has done."""
    if made.lost < 1e-3 and made.overshoot < 0.01:
        return "The kernel does what was painted."
    if made.overshoot < 0.02:
        return "Soft edges: hardly any ripples, but waves near the edge of the paint pass in part."
    return (
        "A sharp edge needs an endless kernel. Cutting it off makes its spectrum ring: a larger "
        "kernel rings more narrowly, one that fades out hardly at all."
    )
