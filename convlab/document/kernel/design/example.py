"""Filter by example: the kernel that turns the picture into what was painted on it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from convlab.document.kernel.design.model import Example, Goal
from convlab.document.kernel.design.plane import correlating, filtered, painted, plane_of, signed
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.kernel.job import KernelJob
from convlab.document.painted import Painted
from convlab.document.strokes import painted as painted_strokes
from convlab.engine.arrays import FloatArray, frozen
from convlab.engine.cv import cv2
from convlab.engine.errors import as_message
from convlab.engine.kernel_fit import WEAK, KernelFit, from_example

# BGR of what is to light up, and to be dark.
PAINT = {np.greater: (90, 200, 255), np.less: (255, 140, 70)}
COVER = 0.6  # of the paint over the picture
HELP = (
    "A picture with detail in all directions helps: an impulse, noise, a photo in focus; so does a "
    "smaller kernel."
)


def show_example(job: KernelJob, planes: FloatArray, example: Example) -> DesignShown:
    """Return the fit to a target on a picture ``(C, H, W)``."""
    plane = plane_of(planes)
    if example.goal is Goal.PAINTED:
        target = painted_strokes(example.strokes, (plane.shape[0], plane.shape[1]))
        what = ("Picture: paint on it", over(painted(plane, job.palette), target))
    else:
        target = filtered(job, plane, correlating(job))
        what = ("Target: the present output", signed(target, job.palette))
    if not target.any():
        text = (
            "Paint on the picture what should light up."
            if example.goal is Goal.PAINTED
            else "The present output is zero everywhere: choose another kernel or picture."
        )
        return DesignShown((what,), text)
    try:
        fit = from_example(plane, target, example.size)
    except ValueError as error:
        return DesignShown((what,), as_message(error), is_warning=True)
    # What is drawn is as the lab draws kernels: flipped where it convolves.
    kernel = fit.kernel[::-1, ::-1] if job.state.geometry.flip else fit.kernel
    given = filtered(job, plane, fit.kernel)
    pictures = (what, ("What the kernel gives", signed(given, job.palette)))
    weights = signed(kernel, job.palette, float(np.abs(kernel).max()))
    return DesignShown(
        (*pictures, ("Kernel", weights)),
        words(fit, target),
        figures(fit, target),
        not fit.is_determined or fit.condition > WEAK,
        frozen(np.ascontiguousarray(kernel)),
    )


def over(picture: Painted, target: FloatArray) -> Painted:
    """Lay paint over a picture."""
    colors = picture.bgra.copy()
    for beyond, color in PAINT.items():
        marked = beyond(target, 0.0)
        left, top, width, height = cv2.boundingRect(marked.view(np.uint8))
        part = np.s_[top : top + height, left : left + width]
        there = marked[part]
        mixed = colors[part][there, :3] * (1 - COVER) + np.array(color) * COVER
        colors[part][there, :3] = mixed.astype(np.uint8)
    return replace(picture, bgra=frozen(colors))


def figures(fit: KernelFit, target: FloatArray) -> str:
    """Return residual, rank and condition."""
    rms = _rms(target, fit)
    condition = f"{fit.condition:,.3g}" if math.isfinite(fit.condition) else "infinite"
    return (
        f"residual {fit.residual:.3g} ({fit.residual / rms:.1%} of the target)\n"
        f"rank {fit.rank} of {fit.kernel.size} cells\n"
        f"condition {condition}"
    )


def words(fit: KernelFit, target: FloatArray) -> str:
    """Say how well the picture determines the kernel."""
    cells = fit.kernel.size
    if not fit.is_determined:
        return (
            f"Undetermined: the picture holds {fit.rank} independent patterns for {cells} cells. "
            f"Of all kernels that do as well this is the smallest. {HELP}"
        )
    if fit.condition > WEAK:
        return (
            f"Weakly determined: an error of 0.1 % in the target can change the kernel wholly. "
            f"{HELP}"
        )
    if fit.residual < 1e-3 * _rms(target, fit):
        return "Determined, and exact: this kernel makes the target of the picture."
    return (
        f"Determined: no kernel of {fit.kernel.shape[0]} × {fit.kernel.shape[1]} comes nearer. "
        "What is left no weighted sum of the neighbours can give."
    )


def _rms(target: FloatArray, fit: KernelFit) -> float:
    """Return the root mean square of the target where the fit looked at it."""
    top, left = ((side - 1) // 2 for side in fit.kernel.shape)
    rows, columns = (
        side - cells + 1 for side, cells in zip(target.shape, fit.kernel.shape, strict=True)
    )
    seen = target[top : top + rows, left : left + columns]
    return math.sqrt(float(np.square(seen).mean())) or 1.0
