"""How a value came about, to be taken along: its terms as symbols, as LaTeX and as Python.

The numbers are exact: each has every digit that tells its float32 from the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

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
    Steps,
    TransposedProducts,
    WeightedSum,
)
from convlab.engine.arrays import AnyArray
from convlab.engine.window import Window

Sum: TypeAlias = Products | TransposedProducts
PYTHON_SIGNS = {"−": "-", "×": "*", "√": "sqrt", "·": "*", "^": "**"}
LATEX_SIGNS = {
    "−": "-",
    "×": r"\cdot",
    "·": r"\cdot",
    "…": r"\dots",
    "max": r"\max",
    "exp": r"\exp",
    "tanh": r"\tanh",
    " stays ": " = ",
}


class Term(NamedTuple):
    """One product of a sum.

    Attributes:
        channel: What its input map is called; empty where there is but one.
        pixel: (row, column) of what is met, in the input; negative in the padding.
        cell: (row, column) of the kernel as it is written.
        value: What is met.
        weight: What that is multiplied with.
    """

    channel: str
    pixel: tuple[int, int]
    cell: tuple[int, int]
    value: float
    weight: float


def terms(sum_: Sum, names: Sequence[str] = ()) -> list[Term]:
    """Return the products of a sum in the order of the kernel's cells, channel by channel.

    Args:
        sum_: What is added up.
        names: Of the input maps; none: their numbers.
    """
    values, weights = sum_.operands
    found = []
    for place, number in enumerate(sum_.channels):
        name = names[number] if number < len(names) else str(number)
        for at in np.ndindex(values.shape[1:]):
            pixel, cell = _met_at(sum_, at)
            pair = float(values[place][at]), float(weights[place][at])
            found.append(Term(name if len(sum_.channels) > 1 else "", pixel, cell, *pair))
    if isinstance(sum_, Products) and sum_.flipped:
        count = values[0].size
        found = [
            term for start in range(0, len(found), count) for term in _reversed(found, start, count)
        ]
    return found


def _reversed(found: list[Term], start: int, count: int) -> list[Term]:
    return found[start : start + count][::-1]


def _met_at(sum_: Sum, at: tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the pixel and the cell, as it is written, of a product."""
    row, column = at
    if isinstance(sum_, TransposedProducts):
        pixel = int(sum_.rows[row]), int(sum_.columns[column])
        return pixel, (int(sum_.cell_rows[row]), int(sum_.cell_columns[column]))
    (top, left), (down, across) = sum_.corner, sum_.step
    rows, columns = sum_.padded.shape
    cell = (rows - 1 - row, columns - 1 - column) if sum_.flipped else (row, column)
    return (top + down * row, left + across * column), cell


def general(axes: tuple[Window, Window], is_flipped: bool, channels: int, has_bias: bool) -> str:
    """Return a convolution for any place, with its own padding, stride and dilation put in.

    >>> general((Window(3, 1, 1, 1), Window(3, 1, 1, 1)), False, 1, False)
    'S(i, j) = Σ I(i + m − 1, j + n − 1) K(m, n)'
    >>> general((Window(3, 1, 2, 2), Window(3, 1, 2, 2)), True, 1, False)
    'S(i, j) = Σ I(i − m, j − n) K(m, n)'

    Args:
        axes: The windows along rows and columns.
        is_flipped: The kernel is flipped by 180 degrees.
        channels: How many are added up.
        has_bias: Something is added at last.
    """
    letters = zip(axes, "ij", "mn", strict=True)
    place = ", ".join(_index(axis, out, cell, is_flipped) for axis, out, cell in letters)
    of = "(c, " if channels > 1 else "("
    return f"S(i, j) = Σ I{of}{place}) K{of}m, n){' + b' if has_bias else ''}"


def _index(axis: Window, out: str, cell: str, is_flipped: bool) -> str:
    """Return which pixel an output meets by a cell."""
    shift = (axis.kernel - 1) * axis.dilation * is_flipped - axis.before
    sign, times = "−" if is_flipped else "+", f"{axis.dilation}" if axis.dilation > 1 else ""
    first = f"{axis.stride}{out}" if axis.stride > 1 else out
    last = f" {'+' if shift > 0 else '−'} {abs(shift)}" if shift else ""
    return f"{first} {sign} {times}{cell}{last}"


# ---- LaTeX ----


def latex(detail: Detail, place: tuple[int, int] | None = None, names: Sequence[str] = ()) -> str:
    """Return how a value came about as LaTeX, for a display of amsmath.

    Args:
        detail: The arithmetic.
        place: (row, column) of the value, if it has one.
        names: Of the input maps; none: their numbers.
    """
    if not isinstance(detail, Sum):
        text, result = plain(detail, _tex)
        return f"{_as_latex(text)} = {_tex(result)}"
    found = terms(detail, names)
    at = "S" if place is None else f"S({place[0]}, {place[1]})"
    letters = [_tex_symbols(term) for term in found]
    numbers = [rf"{_tex_factor(term.value)} \cdot {_tex_factor(term.weight)}" for term in found]
    if detail.bias is not None:
        letters.append("b")
        numbers.append(_tex_factor(detail.bias))
    lines = (
        f"{at} &= {' + '.join(letters) or '0'}",
        f"&= {' + '.join(numbers) or '0'}",
        f"&= {_tex(detail.result)}",
    )
    body = " \\\\\n".join(lines)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _tex_symbols(term: Term) -> str:
    of = rf"_{{\mathrm{{{term.channel}}}}}" if term.channel else ""
    return f"I{of}({term.pixel[0]}, {term.pixel[1]}) K{of}({term.cell[0]}, {term.cell[1]})"


def _tex(value: float) -> str:
    text = _exact(value)
    mantissa, _, exponent = text.partition("e")
    if exponent and exponent.lstrip("+-").isdigit():
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return {"nan": r"\mathrm{NaN}", "inf": r"\infty", "-inf": r"-\infty"}.get(text, text)


def _tex_factor(value: float) -> str:
    text = _tex(value)
    return f"({text})" if text.startswith("-") else text


def _as_latex(text: str) -> str:
    """Return a line of arithmetic in LaTeX's signs."""
    text = re.sub(r"√\(([^()]*)\)", r"\\sqrt{\1}", text)
    text = re.sub(r"\^(\([^()]*\)|[\w.+-]+)", r"^{\1}", text)
    for sign, command in LATEX_SIGNS.items():
        text = text.replace(sign, command)
    return text


# ---- Python ----


def python(detail: Detail) -> str:
    """Return a program on NumPy alone that prints the value as it came about."""
    match detail:
        case Products() | TransposedProducts():
            return _python_sum(detail.operands, ("values", "weights"), detail.bias)
        case WeightedSum():
            return _python_sum((detail.inputs, detail.weights), ("inputs", "weights"), detail.bias)
        case Mixture():
            return _python_sum((detail.values, detail.weights), ("pixels", "weights"), None)
        case Probabilities():
            scores = f"scores = {_array(detail.scores)}\n"
            powers = "powers = np.exp(scores - scores.max())\n"
            return f"{_IMPORT}{scores}{powers}print(powers[{detail.asked}] / powers.sum())\n"
    text, _ = plain(detail, _literal)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    for sign, operator in PYTHON_SIGNS.items():
        text = text.replace(sign, operator)
    names = [name for name in ("exp", "sqrt", "tanh") if f"{name}(" in text]
    needs = f"from numpy import {', '.join(names)}\n\n" if names else ""
    return f"{needs}print({text})\n"


_IMPORT = "import numpy as np\n\n"


def _python_sum(
    operands: tuple[AnyArray, AnyArray], names: tuple[str, str], bias: float | None
) -> str:
    arrays = "".join(
        f"{name} = {_array(array)}\n" for name, array in zip(names, operands, strict=True)
    )
    added = "" if bias is None else f" + {_literal(bias)}"
    return f"{_IMPORT}{arrays}print(({names[0]} * {names[1]}).sum(){added})\n"


def _array(values: AnyArray) -> str:
    """Return an array as it is made in Python, line by line as it stands."""
    return f"np.array({_nested(values, 4)})"


def _nested(values: AnyArray, indent: int) -> str:
    if values.ndim == 0:
        return _literal(float(values))
    if values.ndim == 1:
        return f"[{', '.join(_literal(float(value)) for value in values)}]"
    lines = "".join(f"{' ' * indent}{_nested(part, indent + 4)},\n" for part in values)
    return f"[\n{lines}{' ' * (indent - 4)}]"


def _literal(value: float) -> str:
    text = _exact(value)
    return f'float("{text}")' if text in ("nan", "inf", "-inf") else text


# ---- what is no sum of a kernel ----


def plain(detail: Detail, write: Callable[[float], str]) -> tuple[str, float]:
    """Return a line of arithmetic without its result, and the result.

    Args:
        detail: The arithmetic; no sum of a kernel.
        write: Writes a number.
    """
    match detail:
        case Curve(layer, x, result):
            text, _, _ = layer.equation(x, result, write).partition(" = ")
            return text.partition(" stays ")[0], result
        case Steps():
            first, *others = detail.formula.numbers
            factors = [_bracketed(write(number)) for number in others]
            return detail.formula.template.format(write(first), *factors), detail.result
        case Choice():
            return _choice(detail, write), detail.result
        case Copy():
            return write(detail.x), detail.result
        case WeightedSum():
            return _pairs(detail.inputs, detail.weights, detail.bias, write), detail.result
        case Mixture():
            return _pairs(detail.values, detail.weights, None, write), detail.result
        case Probabilities():
            powers = " + ".join(map(write, detail.powers.tolist()))
            asked = float(detail.powers[detail.asked])
            return f"{write(asked)} / ({powers})", detail.result
        case Products() | TransposedProducts():
            raise ValueError("a sum of a kernel is written by its terms")


def _choice(detail: Choice, write: Callable[[float], str]) -> str:
    if detail.pooling is Pooling.LARGEST:
        inside = detail.values[detail.inside].tolist()
        return f"max({', '.join(map(write, inside))})" if len(inside) > 1 else write(detail.result)
    counted = detail.values[detail.counted].tolist()
    return f"({' + '.join(_bracketed(write(value)) for value in counted)}) / {len(counted)}"


def _pairs(
    values: AnyArray, weights: AnyArray, bias: float | None, write: Callable[[float], str]
) -> str:
    pairs = zip(values.ravel().tolist(), weights.ravel().tolist(), strict=True)
    products = [f"{_bracketed(write(x))} × {_bracketed(write(w))}" for x, w in pairs]
    return " + ".join([*products, *([] if bias is None else [_bracketed(write(bias))])])


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("-") else text


def _exact(value: float) -> str:
    """Return every digit that tells a float32 from its neighbours."""
    text = str(np.float32(value))
    return "0.0" if text == "-0.0" else text
