"""Undo the present kernel: blurred with noise, and back."""

from __future__ import annotations

import math

import numpy as np

from convlab.document.cache import StageCache
from convlab.document.kernel.design.model import Undoing
from convlab.document.kernel.design.plane import correlating, filtered, painted, plane_of, signed
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.job import KernelJob
from convlab.document.painted import Painted, paint
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.border import Border
from convlab.engine.color_maps import Palette
from convlab.engine.deconvolution import deconvolve
from convlab.engine.display import DisplayMode, Scale
from convlab.engine.errors import as_message
from convlab.engine.spectrum import spectrum

SIDE = 128
FAINT = 0.02
"""Waves of which the kernel leaves less than this share are called lost."""
STRIDE = "Stride {} throws pixels away, which nothing brings back; it is undone at stride 1."


def show_undoing(
    job: KernelJob, planes: FloatArray, undoing: Undoing, cached: StageCache
) -> DesignShown:
    """Return the picture through the kernel with noise, and what is undone of it."""
    plane, kernel = plane_of(planes), correlating(job)
    key = (plane.shape, undoing.added)
    noise = cached("noise", key, lambda: _noise(plane.shape, undoing.added))
    blurred = filtered(job, plane, kernel) + noise
    pictures = [(f"After the kernel, noise {undoing.added:g}", painted(blurred, job.palette))]
    try:
        undone = deconvolve(
            blurred,
            kernel,
            undoing.noise,
            undoing.method,
            circular=job.state.geometry.border is Border.CIRCULAR,
        )
    except ValueError as error:
        return DesignShown(tuple(pictures), as_message(error), is_warning=True)
    side = max(SIDE, *kernel.shape)
    strength = np.abs(spectrum(kernel, (side, side)))
    share = strength / strength.max()
    pictures += [
        ("Undone", _as_the_input(undone, plane, job.palette)),
        ("Waves that the kernel leaves", _faded(share, job.palette)),
    ]
    lost = float((share < FAINT).mean())
    before, after = _level(blurred / (kernel.sum() or 1.0), plane), _level(undone, plane)
    stride = job.state.geometry.stride
    return DesignShown(
        tuple(pictures),
        (STRIDE.format(stride) + " " if stride > 1 else "") + words(lost, float(kernel.sum())),
        f"after the kernel {before:.1f} dB\nundone {after:.1f} dB ({after - before:+.1f})\n"
        f"lost {lost:.1%} of the waves",
        is_warning=after < before - 0.5 or stride > 1,
    )


def _noise(shape: tuple[int, ...], level: float) -> FloatArray:
    return frozen(level * np.random.default_rng(0).standard_normal(shape, np.float32))


def _as_the_input(undone: FloatArray, plane: FloatArray, palette: Palette) -> Painted:
    """Paint what is undone over the range of the picture that it should be."""
    low, high = float(plane.min()), float(plane.max())
    if low < 0:
        return signed(undone, palette, max(-low, high))
    return paint(undone[np.newaxis], DisplayMode.CLIPPED, Scale(0.0, max(high, 1e-6)))


def _faded(share: FloatArray, palette: Palette) -> Painted:
    """Paint what is left of each wave; those that are lost in the colour below zero."""
    shown = np.where(share < FAINT, -1.0, share).astype(np.float32)
    return paint(shown[np.newaxis], DisplayMode.SIGNED, Scale(-1.0, 1.0), palette)


def _level(picture: FloatArray, original: FloatArray) -> float:
    """Return how near a picture is to another of the range 0 to 1 [dB]."""
    error = float(np.square(picture - original).mean())
    return -10 * math.log10(max(error, 1e-10))


def words(lost: float, total: float) -> str:
    """Say what cannot come back."""
    if total == 0:
        return (
            "The kernel sums to 0: the brightness of flat areas is lost for ever, and nothing of "
            "it comes back."
        )
    if lost > 0:
        return (
            "Where the kernel's spectrum is zero, in the colour of negative values below, nothing "
            "of the picture is left: it is lost for ever, whatever the method. Elsewhere noise is "
            "amplified with what was weakened."
        )
    return "No wave is lost: without noise all of the picture comes back."
