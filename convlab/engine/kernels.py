"""Kernels: ready-made, from a formula, from text; and what their numbers say about them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from convlab.engine.arrays import FloatArray
from convlab.engine.deconvolution import deconvolve
from convlab.engine.kernel_fit import KernelFit, from_example
from convlab.engine.kernel_makers import (
    box,
    derivative_of_gaussian,
    disk,
    dog,
    gabor,
    gaussian,
    laplacian_of_gaussian,
    motion,
    motion_blur,
    oriented_edge,
)
from convlab.engine.kernel_masks import binomial, compass, laws, scharr, sobel
from convlab.engine.kernel_number import parse_number
from convlab.engine.kernel_text import TextStyle, parse, read_text, to_text
from convlab.engine.linearity import ConvolutionVerdict, is_convolution
from convlab.engine.presets import PRESETS, RENAMED, SIGN_CONVENTION, Preset
from convlab.engine.spectrum import from_spectrum, spectrum

__all__ = [
    "PRESETS",
    "SIGN_CONVENTION",
    "Analysis",
    "ConvolutionVerdict",
    "KernelFit",
    "Preset",
    "TextStyle",
    "analyse",
    "binomial",
    "box",
    "compass",
    "current_name",
    "deconvolve",
    "derivative_of_gaussian",
    "disk",
    "dog",
    "from_example",
    "from_spectrum",
    "gabor",
    "gaussian",
    "is_convolution",
    "laplacian_of_gaussian",
    "laws",
    "motion",
    "motion_blur",
    "name_of",
    "names",
    "oriented_edge",
    "parse",
    "parse_number",
    "preset",
    "read_text",
    "resized",
    "scharr",
    "sobel",
    "spectrum",
    "to_text",
]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the numbers of a kernel say.

    Attributes:
        sum: Sum of the weights: the answer to a flat picture of ones.
        gain: Sum of their magnitudes: the largest answer to values between -1 and 1.
        rank: 1 if the kernel is one column times one row (separable), else how many such products
            it takes; 0 if all weights are zero.
    """

    sum: float
    gain: float
    rank: int


def analyse(weights: ArrayLike) -> Analysis:
    """Return sum, gain and rank of a kernel ``(kh, kw)``.

    The rank counts singular values above max(kh, kw) · 2⁻²³ of the largest: what is below is the
    rounding of float32.

    Raises:
        ValueError: If it is not two-dimensional or has NaN or infinite weights.
    """
    kernel = np.asarray(weights, np.float64)
    if kernel.ndim != 2 or kernel.size == 0 or not np.isfinite(kernel).all():
        raise ValueError(
            f"a kernel of shape {kernel.shape} cannot be analysed: "
            "give two dimensions of finite numbers"
        )
    singular = np.linalg.svd(kernel, compute_uv=False)
    tolerance = singular[0] * max(kernel.shape) * np.finfo(np.float32).eps
    rank = int((singular > tolerance).sum())
    return Analysis(float(kernel.sum()), float(np.abs(kernel).sum()), rank)


def names() -> list[str]:
    """Return the names of all presets, in the order of the menu."""
    return list(PRESETS)


def preset(name: str) -> FloatArray:
    """Return a preset's weights, as a copy.

    Args:
        name: As in ``names()``; capitals do not matter, and x and - will do for × and −.

    Raises:
        ValueError: If there is none; the message has the nearest name.
    """
    found = _BY_PLAIN_NAME.get(_plain(current_name(name)))
    if found is None:
        near = difflib.get_close_matches(_plain(name)[:80], _BY_PLAIN_NAME, n=1, cutoff=0.5)
        hint = f"did you mean {_BY_PLAIN_NAME[near[0]].name!r}?" if near else "see kernels.names()"
        raise ValueError(f"no preset is called {name!r}: {hint}")
    return found.weights.copy()


def current_name(name: str) -> str:
    """Return what the preset is called now that older projects have by this name."""
    return RENAMED.get(name, name)


def name_of(weights: ArrayLike) -> str | None:
    """Return the first preset with exactly these weights, or None."""
    kernel = np.asarray(weights)
    for candidate in PRESETS.values():
        if np.array_equal(candidate.weights, kernel):
            return candidate.name
    return None


def _plain(name: str) -> str:
    """Return a name as a keyboard types it."""
    typed = str(name).replace("×", "x").replace("−", "-").replace("°", "")
    return " ".join(typed.casefold().split())


_BY_PLAIN_NAME = {_plain(entry.name): entry for entry in PRESETS.values()}


def resized(weights: FloatArray, rows: int, columns: int) -> FloatArray:
    """Return kernels of another size: grown with zeros, or cut.

    The anchor, cell (k - 1) // 2 of each axis, keeps its value, and so do the cells around it.

    Args:
        weights: ``(..., kh, kw)``.
        rows: The new kh.
        columns: The new kw.
    """
    return _resized(_resized(weights, rows, -2), columns, -1)


def _resized(weights: FloatArray, size: int, axis: int) -> FloatArray:
    old = weights.shape[axis]
    shift = (size - 1) // 2 - (old - 1) // 2
    first, stop = max(0, -shift), min(old, size - shift)
    around = [(0, 0)] * weights.ndim
    around[axis] = (first + shift, size - stop - shift)
    return np.pad(np.take(weights, range(first, stop), axis), around)
