"""The grids of which the sums behind a pixel are painted, with their captions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convlab.document.kernel.displays import as_shown
from convlab.document.kernel.job import KernelShown, Panel
from convlab.document.stack.arithmetic import Products
from convlab.engine.display import DisplayMode
from convlab.ui.numbers import show_number
from convlab.ui.sum_lens import Part
from convlab.ui.widgets.number_grid import ColorOf, Grid, factor, signed_colors
from convlab.ui.widgets.sum_tiles import InputColors
from convlab.ui.widgets.unit_text import place_text

SHORTER = (" to ", " from ", " at ", ",")
"""Where a caption ends that has no room for the rest."""


def plane_grids(shown: KernelShown) -> list[Grid]:
    """Return patch, kernel and products of the only plane."""
    sum_ = shown.sums[0]
    patch, kernel, products = sum_.patch[0], sum_.kernel[0], sum_.products[0]
    laid = ("flipped 180°" if sum_.flipped else "as written") + _divided(shown)
    return [
        Grid(
            f"input at {place_text(*sum_.corner)}",
            patch,
            colors_of(shown.input, 0),
            "×",
            sum_.padded,
        ),
        Grid(f"kernel, {laid}", kernel, signed_colors(kernel), "="),
        Grid("products", products, signed_colors(products)),
    ]


def pair_of_grids(shown: KernelShown, place: int) -> list[Grid]:
    """Return patch and products of a plane."""
    sum_, number = _sum_of(shown, place)
    is_one = len(shown.sums) == 1
    partial = f"Σ = {show_number(float(sum_.partials[number]))}"
    if not is_one:
        partial = total_text(sum_) + shown_text(shown, place, " → {}")
    name, products = shown.job.names[place], sum_.products[number]
    return [
        Grid(
            f"{name}    {partial}",
            sum_.patch[number],
            colors_of(shown.input, place),
            "→",
            sum_.padded,
        ),
        Grid("", products, signed_colors(products)),
    ]


def products_grid(shown: KernelShown, place: int) -> Grid:
    """Return the products of a plane."""
    sum_, number = _sum_of(shown, place)
    products = sum_.products[number]
    return Grid(shown.job.names[place], products, signed_colors(products))


def lens_grids(shown: KernelShown, place: int, part: Part) -> list[Grid]:
    """Return a part of patch, kernel and products of a plane."""
    sum_, number = _sum_of(shown, place)
    at = part.slices
    patch, kernel, products = (array[number] for array in (sum_.patch, sum_.kernel, sum_.products))
    name = f"{shown.job.names[place]}, " if len(shown.job.names) > 1 else ""
    last = part.row + part.rows - 1, part.column + part.columns - 1
    where = f"{name}cells {place_text(part.row, part.column)} to {place_text(*last)}"
    return [
        Grid(where, patch[at], colors_of(shown.input, place), "×", sum_.padded[at]),
        Grid("", kernel[at], signed_colors(kernel), "="),
        Grid(f"of Σ = {show_number(sum_.result)}", products[at], signed_colors(products)),
    ]


def _sum_of(shown: KernelShown, place: int) -> tuple[Products, int]:
    """Return the sum that a plane is added up in, and its number there."""
    return (shown.sums[0], place) if len(shown.sums) == 1 else (shown.sums[place], 0)


def colors_of(panel: Panel, plane: int) -> ColorOf:
    """Return the colours in which a plane of a picture is painted."""
    source = panel.parts[plane] if panel.parts else panel
    mode = DisplayMode.RAW if len(source.planes) > 1 else source.mode
    return InputColors(mode, (source.scale,)).of(0, source.planes)


def output_colors(panel: Panel, plane: int) -> ColorOf:
    """Return the colours of an output's plane, of values as they are shown."""
    source = panel.parts[plane] if panel.parts else panel
    color_of = colors_of(panel, plane)
    if source.raw is None or source.mode is not DisplayMode.OFFSET:
        return color_of
    return lambda value: color_of(value + source.scale.low)


def total_text(sum_: Products) -> str:
    """Return what the products add up to, with the offset and what comes of it."""
    offset = "" if sum_.bias is None else f" + {factor(show_number(sum_.bias))}"
    return f"Σ{offset} = {show_number(sum_.result)}"


def shown_text(shown: KernelShown, place: int, template: str) -> str:
    """Return what a sum is shown as, put into a text; an empty one if it is shown as it is.

    Args:
        shown: A result.
        place: Number of the sum.
        template: Has a place for the number.
    """
    raw = np.full(len(shown.sums), shown.sums[place].result, np.float32)
    seen = show_number(float(as_shown(shown.output, raw)[place]))
    return "" if seen == show_number(float(raw[place])) else template.format(seen)


def _divided(shown: KernelShown) -> str:
    """Return what the kernel as it is laid was divided by, or an empty text."""
    state = shown.job.state
    divisor = float(state.scaling.divisors(state.bank())[0])
    return "" if divisor == 1.0 else f", ÷ {show_number(divisor)}"


def shortened(caption: str, fits: Callable[[str], bool]) -> str:
    """Return as much of a caption as fits, its place last; nothing if nothing does.

    >>> shortened("input at (3, 4)", lambda text: len(text) < 10)
    'input'
    """
    texts = (caption, *(caption.partition(sign)[0] for sign in SHORTER), "")
    return next(text for text in texts if not text or fits(text))
