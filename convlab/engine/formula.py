"""The size formula in words of numbers: grown only as far as the case needs it."""

from __future__ import annotations

from convlab.engine.shapes import output_size


def size_formula(
    size: int, kernel: int, before: int, after: int, stride: int, dilation: int
) -> str:
    """Return the output size along one direction, with its numbers put in.

    The letters of the same case come from ``symbolic_formula``; arguments are those of
    ``shapes.output_size``.

    >>> size_formula(6, 3, 1, 1, 1, 1)
    '6 − 3 + 1 + 2×1 = 6'
    >>> size_formula(7, 3, 0, 0, 2, 1)
    'floor((7 − 3)/2) + 1 = 3'

    Raises:
        ValueError: If the kernel is larger than the padded picture.
    """
    result = output_size(size, kernel, before, after, stride, dilation)
    padding = f"2×{before}" if before == after else f"{before} + {after}"
    stretched = f"{dilation}×({kernel} − 1)" if dilation > 1 else ""
    return (
        _grow(str(size), str(kernel), padding if before or after else "", str(stride), stretched)
        + f" = {result}"
    )


def symbolic_formula(before: int, after: int, stride: int, dilation: int) -> str:
    """Return the formula in letters: N picture, F kernel, p padding, s stride, d dilation.

    >>> symbolic_formula(1, 1, 2, 2)
    'floor((N + 2p − d(F − 1) − 1)/s) + 1'
    """
    padding = "2p" if before == after else "p₁ + p₂"
    steps = "s" if stride > 1 else "1"
    return _grow(
        "N", "F", padding if before or after else "", steps, "d(F − 1)" if dilation > 1 else ""
    )


def _grow(size: str, kernel: str, padding: str, stride: str, stretched: str) -> str:
    """Put the terms together; an empty one is left out. ``stretched`` is d(F - 1)."""
    extra = f" + {padding}" if padding else ""
    if stride == "1":
        spanned = f"({stretched} + 1)" if stretched else kernel
        return f"{size} − {spanned} + 1{extra}"
    spanned = f"{stretched} − 1" if stretched else kernel
    return f"floor(({size}{extra} − {spanned})/{stride}) + 1"
