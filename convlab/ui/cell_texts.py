"""Numbers as they are written into the cells of a grid: in as many digits as have room."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtGui import QFont, QFontMetricsF

from convlab.document.kernel.model import Weights
from convlab.ui.numbers import LONG, MINUS, show_fixed, show_weight
from convlab.ui.theme import FONT_FAMILY, px

MORE_DIGITS = 2  # are written where that spares powers of ten
GOOD_FONT = 10  # fewer digits are written rather than smaller ones [px] …
LEAST_FONT = 7  # … still smaller ones cannot be read: cells show only their colour [px]


def rounded(value: float, digits: int) -> str:
    """Round to so many decimals; what is smaller than the last of them is written as zero."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else f"{MINUS}∞"
    text = show_fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_text(value: float, digits: int) -> str:
    """Round to so many decimals; only zero is "0", what is smaller has a power of ten."""
    text = rounded(value, digits)
    if text != "0" or value == 0.0:
        return text
    mantissa, exponent = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS)


def cell_texts(values: Sequence[float], digits: int, fits: Callable[[str], bool]) -> list[str]:
    """Round all values of a grid alike: more decimals rather than powers of ten, if they fit.

    If not, what is small beside the others is 0.00; only zero is 0.

    Args:
        values: Of the grid's cells.
        digits: Decimals that are enough where nothing is smaller.
        fits: Tells whether a text has room in a cell.
    """
    best = [cell_text(value, digits) for value in values]
    for more in range(digits + 1, digits + 1 + MORE_DIGITS):
        if not _powers(best):
            break
        texts = [cell_text(value, more) for value in values]
        if _powers(texts) < _powers(best) and all(map(fits, texts)):
            best = texts
    largest = max(map(abs, values), default=0.0)
    if LONG > largest >= 2.0 * 10.0**-digits:
        nothing = show_fixed(0.0, digits)
        best = [nothing if "e" in text else text for text in best]
    return best


def _powers(texts: Sequence[str]) -> int:
    return len([text for text in texts if "e" in text])


def _exactly(values: Sequence[float]) -> list[str]:
    return [show_weight(value) for value in values]


def _with_two_decimals(values: Sequence[float]) -> list[str]:
    return cell_texts(values, 2, lambda text: False)


def _with_one_decimal(values: Sequence[float]) -> list[str]:
    return cell_texts(values, 1, lambda text: False)


_WRITERS: tuple[Callable[[Sequence[float]], list[str]], ...] = (
    _exactly,
    _with_two_decimals,
    _with_one_decimal,
)
"""The first whose texts have room is taken."""


class WrittenCells(NamedTuple):
    """What is written into cells, and how."""

    texts: tuple[tuple[str, ...], ...]
    font: QFont


def written_cells(weights: Weights, side: float) -> WrittenCells | None:
    """Return the numbers of cells with as many digits as can be read there; None: none can.

    Args:
        weights: Of the cells.
        side: Of a cell [px].
    """
    font = QFont(FONT_FAMILY)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setPixelSize(100)
    advance = QFontMetricsF(font).horizontalAdvance
    values = [value for row in weights for value in row]

    def fitted(write: Callable[[Sequence[float]], list[str]]) -> tuple[list[str], float]:
        """Return the texts of a writer, and the size of font in which the widest fits [px]."""
        texts = write(values)
        widest = max(map(advance, texts))
        return texts, min(side * 0.42, 100 * (side - 2) / max(widest, 1), side * 0.3 + 4)

    tries = [fitted(write) for write in _WRITERS]
    ways = [(least, *each) for least in (px(GOOD_FONT), GOOD_FONT, LEAST_FONT) for each in tries]
    if drag_unit(weights) >= 0.1:
        ways.append((LEAST_FONT, *fitted(_with_nothing_small)))
    for least, texts, size in ways:
        if size >= least:
            font.setPixelSize(int(size))
            columns, every = len(weights[0]), range(len(weights))
            rows = tuple(tuple(texts[row * columns : (row + 1) * columns]) for row in every)
            return WrittenCells(rows, font)
    return None


def _with_nothing_small(values: Sequence[float]) -> list[str]:
    """Write no power of ten: what is small beside the others is 0.0, and only zero is 0."""
    return ["0" if value == 0.0 else show_fixed(value, 1) for value in values]


def drag_unit(weights: Weights) -> float:
    """Return how large a kernel's weights are, as 1 or 5 times a power of ten.

    >>> drag_unit(((1.0, -2.0),)), drag_unit(((0.06,),)), drag_unit(((0.0,),))
    (1.0, 0.05, 1.0)
    """
    largest = max(max(map(abs, row)) for row in weights)
    if largest == 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return float(f"{(5 if largest >= 5 * power else 1) * power:.1g}")
