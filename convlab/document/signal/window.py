"""What stands at one place of the result: g laid over f, the products, their sum, term by term.

The convolution is c(n) = Σ f(a) g(n − a). The correlation leaves g as it is and slides it from
left to right, at first with its last sample on the first of f: c(n) = Σ f(a) g(a − k) with the lag
k = n − (count − 1). That is a convolution with g flipped beforehand, h(b) = g(count − 1 − b).
So both are c(n) = Σ f(a) h(n − a), and h, which is g or g flipped, is called the kernel here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convlab.document.signal.curves import Curve, curve
from convlab.engine.arrays import AnyArray, frozen
from convlab.engine.conv1d import Mode, Signal

MOST_TERMS = 64
"""More than there is room for."""

# A Gaussian never ends; for a mode it does, where it is below this share of its peak.
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Products f(a) g(b) of the sum, in order of a; all arrays are read-only.

    All of them, from the first to the last that is not zero; of more than 64 the largest.

    Attributes:
        at: The c of the value; of a correlation its lag.
        a: Samples of f, ``(K,)``.
        b: Samples of g, ``(K,)``.
        f: The values there.
        g: The values there.
        total: The value: all products summed, times the step.
        step: 1, or the time between two samples of curves.
        left_out: How many more terms there are.
        is_flipped: Convolution; False is correlation.
    """

    at: int
    a: AnyArray
    b: AnyArray
    f: Signal
    g: Signal
    total: float
    step: float = 1.0
    left_out: int = 0
    is_flipped: bool = True

    @property
    def products(self) -> Signal:
        """f(a) g(b) of each term, times the step, ``(K,)``."""
        return np.asarray(self.f * self.g * self.step)

    def place_of(self, a: int | None) -> int:
        """Return which term belongs to a sample of f; −1: none."""
        found = [] if a is None else np.flatnonzero(self.a == a).tolist()
        return found[0] if found else -1


@dataclass(frozen=True, slots=True, eq=False)
class SignalWindow:
    """What stands at one place; all arrays are read-only.

    Attributes:
        c: The place of the result.
        indices: The indices a of f that g meets, ``(k,)``, one after another.
        placed: The value of g on each of them.
        product: f times that.
        total: Their sum, times the step where the signals are continuous.
        slid: All of g where it lies now, also beyond f, to be painted.
        product_curve: ``product`` to be painted.
        terms: What is summed, term by term.
    """

    c: int
    indices: AnyArray
    placed: Signal
    product: Signal
    total: float
    slid: Curve
    product_curve: Curve
    terms: Terms


def look_at(
    c: int, f: Signal, g: Signal, step: float, is_continuous: bool, is_flipped: bool
) -> SignalWindow:
    """Return what stands at one place of the result; nothing meets beyond its ends.

    Args:
        c: The place, in samples: of a correlation the lag.
        f: ``(count,)``.
        g: ``(count,)``, as edited.
        step: Time between two samples.
        is_continuous: The total is an area.
        is_flipped: Convolution, else correlation.
    """
    count = len(f)
    laid = g[::-1] if is_flipped else g  # from left to right, as it lies over f
    left = c - count + 1 if is_flipped else c  # where its first sample lies
    first = max(left, 0)
    last = max(min(left + count - 1, count - 1), first - 1)
    indices = np.arange(first, last + 1)
    placed = np.ascontiguousarray(laid[first - left : last + 1 - left])
    product = f[first : last + 1] * placed
    shown = largest_terms(product)
    a = indices[shown]
    b = c - a if is_flipped else a - c
    left_out = _counting(product) - len(shown)
    scale = step if is_continuous else 1.0
    total = float(product.sum()) * scale
    of_both = frozen(a), frozen(b), frozen(f[a]), frozen(placed[shown])
    terms = Terms(c, *of_both, total, scale, left_out, is_flipped)
    return SignalWindow(
        c,
        frozen(indices),
        frozen(placed),
        frozen(product),
        total,
        curve(np.arange(left, left + count) * step, laid),
        curve(indices * step, product),
        terms,
    )


def largest_terms(product: AnyArray, most: int = MOST_TERMS) -> AnyArray:
    """Return the places of the terms that matter, in order: zeros before and after are none.

    >>> largest_terms(np.array([0, 3, -5, 0, 4, 0]), 2).tolist()
    [2, 4]

    Args:
        product: ``(K,)``.
        most: How many to return at most: the largest, whatever their sign.
    """
    counting = np.flatnonzero(product)
    if not len(counting):
        return counting
    first, last = int(counting[0]), int(counting[-1])
    if last - first < most:
        return np.arange(first, last + 1)
    sizes = np.abs(product[first : last + 1])
    return np.sort(np.argpartition(-sizes, most - 1)[:most]) + first


def _counting(product: AnyArray) -> int:
    """Return how many terms there are."""
    counting = np.flatnonzero(product)
    return int(counting[-1] - counting[0]) + 1 if len(counting) else 0


def extent(signal: Signal, negligible: float = 0.0) -> tuple[int, int]:
    """Return the index of the first and of the last sample that is not zero; (0, 0) if all are."""
    sizes = np.abs(signal)
    there = np.flatnonzero(sizes > negligible * sizes.max())
    return (int(there[0]), int(there[-1])) if len(there) else (0, 0)


def kernel_extent(mode: Mode, kernel: Signal) -> tuple[int, int]:
    """Return the first and the last sample of a kernel that a mode counts (see ``kept_part``)."""
    return extent(kernel, 0.0 if mode is Mode.FULL else _NEGLIGIBLE)


def kept_part(mode: Mode, kernel: Signal) -> slice:
    """Return the part of the full result that a mode keeps.

    The kernel counts from its first to its last sample that is not zero; zeros around it are not
    what a person means by its length. "same" keeps as many values as f has, each with the middle of
    the kernel on it; "valid" those where the kernel lies wholly within the samples of f.

    Args:
        mode: What is kept.
        kernel: ``(count,)``: g, or for a correlation g flipped.
    """
    count = len(kernel)
    first, last = kernel_extent(mode, kernel)
    match mode:
        case Mode.SAME:
            start = first + (last - first) // 2
            return slice(start, start + count)
        case Mode.VALID:
            return slice(last, count + first)
        case _:
            return slice(0, 2 * count - 1)
