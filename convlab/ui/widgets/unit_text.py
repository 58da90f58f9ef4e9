"""The arithmetic of one unit in words: formulas with the live numbers put in."""

from __future__ import annotations

import numpy as np

from convlab.document.stack.arithmetic import (
    Choice,
    Copy,
    Curve,
    Detail,
    Mixture,
    Pooling,
    Probabilities,
    Products,
    Step,
    Steps,
    TransposedProducts,
    WeightedSum,
    total,
)
from convlab.engine.arrays import AnyArray
from convlab.layers import Dropout
from convlab.ui.numbers import show_number
from convlab.ui.widgets.number_grid import (
    LONGEST_WINDOW,
    factor,
    terms_text,
    thinning,
)

MOST_TERMS = 12


def formula_text(detail: Detail, most: int = MOST_TERMS) -> str:
    """Return how the value came about, in one line with at most so many terms."""
    match detail:
        case Products() | TransposedProducts():
            return _sum_text(detail, most)
        case WeightedSum():
            sum_ = f"Σ of {len(detail.products)} products: {show_number(total(detail.products))}"
            return f"{sum_}{_bias(detail.bias)} = {show_number(detail.result)}"
        case Choice():
            return _choice_text(detail, most)
        case Curve(layer, x, result):
            return layer.equation(x, result, show_number)
        case Probabilities():
            return _probability_text(detail)
        case Steps():
            return step_text(detail.formula)
        case Mixture():
            return _mixture_text(detail)
        case Copy():
            return f"{show_number(detail.x)} stays as it is: {show_number(detail.result)}"


def spoken_text(detail: Detail, title: str) -> str:
    """Return everything as one text, for reading aloud and for copying."""
    parts = [title, subtitle(detail), formula_text(detail)]
    if isinstance(detail, Choice):
        parts.append(choices_text(detail))
    return "; ".join(part for part in parts if part)


def subtitle(detail: Detail) -> str:
    """Return what the numbers painted are, and where they come from."""
    match detail:
        case Products():
            kernel = "kernel flipped by 180°" if detail.flipped else "kernel"
            return f"patch at {place_text(*detail.corner)}{_step(detail.step)} × {kernel}"
        case TransposedProducts():
            return "input pixels that reach this place × kernel cells"
        case WeightedSum():
            return "input × weight, the largest products first"
        case Choice():
            part = _part(window_thinning(detail))
            return f"window at {place_text(*detail.corner)}{_step(detail.step)}{part}"
        case Curve():
            return detail.layer.effect
        case Probabilities():
            return "exp(score − largest score), normalised to a sum of 1"
        case Steps():
            return detail.purpose
        case Mixture():
            at = place_text(int(detail.rows[0]), int(detail.columns[0]))
            count = detail.weights.size
            return (
                f"a copy of pixel {at}" if count == 1 else f"a mixture of {count} pixels from {at}"
            )
        case Copy():
            return _copy_text(detail)


def short_subtitle(detail: Detail) -> str:
    """Return what the numbers are where there is no room to say where they come from."""
    is_product = isinstance(detail, Products | TransposedProducts)
    return "patch × kernel" if is_product else ""


def choices_text(detail: Choice) -> str:
    """Return what each way to shrink the map gives, and which one this layer takes.

    Like ``largest 0.9 ← this layer · mean 0.4 · stride alone 0.2``.
    """
    return " · ".join(
        f"{name} {value}{' ← this layer' if used else ''}" for name, value, used in choices(detail)
    )


def choices(detail: Choice) -> list[tuple[str, str, bool]]:
    """Return name and value of each way to shrink the map, and whether it is this layer's."""
    strided = "beyond the map" if detail.strided is None else show_number(detail.strided)
    is_largest = detail.pooling is Pooling.LARGEST
    return [
        ("largest", show_number(detail.largest), is_largest),
        ("mean", show_number(detail.mean), not is_largest),
        ("stride alone", strided, False),
    ]


def window_thinning(detail: Choice) -> tuple[int, int]:
    """Return which rows and columns of a large window are painted: as many each way."""
    longest = max(detail.values.shape)
    return thinning((longest, longest), LONGEST_WINDOW)


def step_text(step: Step) -> str:
    """Return a line of arithmetic with its numbers; a negative one behind a sign has brackets."""
    first, *others = (_n(number) for number in step.numbers)
    return f"{step.template.format(first, *map(factor, others))} = {_n(step.result)}"


def _sum_text(detail: Products | TransposedProducts, most: int) -> str:
    result = show_number(detail.result)
    if detail.products.size == 0:
        left = "the result is" if detail.bias is None else "only the bias is left:"
        return f"no input pixel reaches this place, {left} {result}"
    if len(detail.partials) == 1:
        return all_terms_text(detail, most)
    if len(detail.partials) <= most:
        partials = _added(detail.partials.tolist())
        return f"{partials}{_bias(detail.bias)} = {result}"
    first = _added(detail.partials[:most].tolist())
    rest = f" + … ({len(detail.partials)} channels)"
    return f"{first}{rest}{_bias(detail.bias)} = {result}"


def all_terms_text(detail: Products | TransposedProducts, most: int = MOST_TERMS) -> str:
    """Return a sum with the terms of all channels in one row, at most so many."""
    return f"{_terms(*detail.operands, most)}{_bias(detail.bias)} = {show_number(detail.result)}"


def _terms(values: AnyArray, weights: AnyArray, most: int) -> str:
    pairs = list(zip(values.ravel().tolist(), weights.ravel().tolist(), strict=True))
    return terms_text(pairs, most)


def _choice_text(detail: Choice, most: int) -> str:
    result = show_number(detail.result)
    if detail.pooling is Pooling.LARGEST:
        inside = detail.values[detail.inside]
        more = f", … {inside.size} values" if inside.size > most else ""
        return f"max({', '.join(_rounded_all(inside[:most].tolist()))}{more}) = {result}"
    counted = detail.values[detail.counted]
    more = f" + … {counted.size} values" if counted.size > most else ""
    return f"({_added(counted[:most].tolist())}{more}) / {counted.size} = {result}"


def _added(numbers: list[float]) -> str:
    """Return numbers with plus signs between them; a negative one behind a sign has brackets."""
    first, *others = _rounded_all(numbers)
    return " + ".join([first, *(factor(text) for text in others)])


def _rounded_all(numbers: list[float]) -> list[str]:
    return [show_number(number) for number in numbers]


def _probability_text(detail: Probabilities) -> str:
    score, power = (float(numbers[detail.asked]) for numbers in (detail.scores, detail.powers))
    return (
        f"exp({_n(score)} − {_f(detail.largest)}) / {_n(detail.total)}"
        f" = {_n(power)} / {_n(detail.total)} = {_n(detail.result)}"
    )


def _mixture_text(detail: Mixture) -> str:
    if detail.weights.size == 1:
        at = place_text(int(detail.rows[0]), int(detail.columns[0]))
        return f"pixel {at} is copied: {_n(detail.result)}"
    return f"{_terms(detail.values, detail.weights, MOST_TERMS)} = {_n(detail.result)}"


def _copy_text(detail: Copy) -> str:
    if isinstance(detail.layer, Dropout):
        return "dropout acts only while a network learns"
    names = ("map", "row", "column")
    source = ", ".join(f"{name} {at}" for name, at in zip(names, detail.source, strict=False))
    if not source:
        return "a zero of the padding"
    if len(detail.target) == 1:
        return f"{source} becomes place {detail.target[0]} of the vector"
    return f"{source} of the input is moved here"


def _bias(bias: float | None) -> str:
    return "" if bias is None else f" + bias {_f(bias)}"


def _step(step: tuple[int, int]) -> str:
    if step == (1, 1):
        return ""
    down, across = step
    return f", steps of {down}" if down == across else f", steps of {down} and {across}"


def _part(step: tuple[int, int]) -> str:
    rows, columns = step
    return "" if rows * columns == 1 else f"; one cell in {rows * columns} is painted"


def place_text(row: int, column: int) -> str:
    """Return where a pixel lies, like ``(3, −1)``."""
    return f"({show_number(row)}, {show_number(column)})"


def _n(value: float) -> str:
    return show_number(float(np.float32(value)))


def _f(value: float) -> str:
    return factor(_n(value))
