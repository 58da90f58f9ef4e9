"""Long lists of numbers behind a unit, as rows of words with a bar: as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from convlab.document.stack.arithmetic import Probabilities, WeightedSum, total
from convlab.ui.cell_texts import rounded
from convlab.ui.numbers import show_exact, show_number, show_weight
from convlab.ui.theme import px, theme
from convlab.ui.widgets.neuron_style import line_color
from convlab.ui.widgets.number_grid import RIGHT, Canvas, factor

ROW = 18  # [px]
SHORTEST_BAR = 40  # [px]
LONGEST_BAR = 220  # [px]
WORD_GAP = 10  # [px]
BLOCK_GAP = 20  # [px]
NARROWEST = "−0.000"  # what every column has room for, so that changing numbers stand still
NARROWEST_SCORE = "−00.000"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row.

    Attributes:
        words: What is written before the bar.
        share: Length of the bar, −1 to 1 of the longest there is; None: no bar.
        color: Of the bar.
        tip: What is said of it under the mouse.
        is_marked: It is the one asked for.
    """

    words: tuple[str, ...]
    share: float | None
    color: QColor
    tip: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Blocks:
    """Rows in blocks beside each other.

    Attributes:
        words: Width of each column of words [px].
        bar: Width of the bars [px].
        rows: In each block.
        count: Blocks.
    """

    words: tuple[int, ...]
    bar: float
    rows: int
    count: int

    @property
    def places(self) -> int:
        """How many rows there is room for."""
        return self.rows * self.count

    @property
    def width(self) -> float:
        """Of a block without the gap behind it [px]."""
        return sum(self.words) + px(WORD_GAP) * len(self.words) + self.bar


def fit_blocks(words: tuple[int, ...], wanted: int, width: float, height: float) -> Blocks:
    """Return how rows are laid out in a room, below one line of headings.

    Args:
        words: Width of each column of words [px].
        wanted: How many rows there are.
        width: Of the room [px].
        height: Of the room [px].
    """
    text = sum(words) + px(WORD_GAP) * len(words)
    rows = max(int((height - px(ROW)) // px(ROW)), 1)
    most = max(int((width + px(BLOCK_GAP)) // (text + px(SHORTEST_BAR) + px(BLOCK_GAP))), 1)
    count = min(most, -(-wanted // rows))
    rows = min(rows, -(-wanted // count))
    room = (width + px(BLOCK_GAP)) / count - px(BLOCK_GAP) - text
    return Blocks(words, max(min(room, px(LONGEST_BAR)), 0.0), rows, count)


def paint_probabilities(canvas: Canvas, room: QRectF, detail: Probabilities) -> None:
    """Paint score, power and probability of every class, or of those around the one asked for."""
    heads = ("class", "score", "exp", "probability")
    count = len(detail.scores)
    longest = max((detail.name(number) for number in range(count)), key=canvas.width_of)
    words = (longest, NARROWEST_SCORE, NARROWEST, NARROWEST)
    blocks = _blocks(canvas, room, words, heads, count)
    shown = around(detail.asked, count, blocks.places)
    bars = [_probability_bar(detail, number) for number in shown]
    if len(shown) < count:
        rest = 1.0 - total(detail.probabilities[shown.start : shown.stop])
        bars.append(_rest_bar(count - len(shown), max(rest, 0.0), 4))
    paint_bars(canvas, room, bars, heads, blocks)


def around(asked: int, count: int, places: int) -> range:
    """Return which rows are shown: all, or those around one, with a place left for the rest."""
    if count <= places:
        return range(count)
    places = max(places - 1, 1)
    first = min(max(asked - places // 2, 0), count - places)
    return range(first, first + places)


def paint_weighted_sum(canvas: Canvas, room: QRectF, detail: WeightedSum) -> None:
    """Paint the largest products as bars from zero, and what all others come to."""
    heads = ("input", "value × weight", "product")
    count = len(detail.products)
    samples = (str(count - 1), f"{NARROWEST}×({NARROWEST})", NARROWEST)
    blocks = _blocks(canvas, room, samples, heads, count)
    shown = detail.largest(count if count <= blocks.places else max(blocks.places - 1, 1))
    largest = float(np.abs(detail.products).max())
    bars = [_product_bar(detail, int(number), largest) for number in shown]
    if len(shown) < count:
        bars.append(_rest_bar(count - len(shown), detail.rest(shown), 3))
    paint_bars(canvas, room, bars, heads, blocks)


def paint_bars(
    canvas: Canvas, room: QRectF, bars: Sequence[Bar], heads: Sequence[str], blocks: Blocks
) -> list[QRectF]:
    """Paint rows block by block, each block below its headings; return where they stand."""
    lines = []
    is_signed = any(bar.share is not None and bar.share < 0 for bar in bars)
    for place, bar in enumerate(bars):
        block, row = divmod(place, blocks.rows)
        left = room.left() + block * (blocks.width + px(BLOCK_GAP))
        if row == 0:
            head = QRectF(left, room.top(), blocks.width, px(ROW))
            _paint_words(canvas, head, heads, blocks, theme().quiet)
        line = QRectF(left, room.top() + px(ROW) * (row + 1), blocks.width, px(ROW))
        _paint_row(canvas, line, bar, blocks, is_signed)
        lines.append(line)
    return lines


def _paint_row(canvas: Canvas, line: QRectF, bar: Bar, blocks: Blocks, is_signed: bool) -> None:
    if bar.share is None:
        canvas.text(line, "  ".join(word for word in bar.words if word), theme().quiet)
        canvas.tip(line, bar.tip)
        return
    _paint_words(canvas, line, bar.words, blocks, theme().text)
    room = line.adjusted(line.width() - blocks.bar, 3, 0, -3)
    zero = room.center().x() if is_signed else room.left()
    length = bar.share * (room.width() / 2 if is_signed else room.width())
    canvas.painter.fillRect(QRectF(zero, room.top(), 1, room.height()), QColor(theme().line))
    rect = QRectF(zero + min(length, 0.0), room.top(), max(abs(length), 1.0), room.height())
    canvas.painter.fillRect(rect, bar.color)
    if bar.is_marked:
        canvas.frame(line.adjusted(-4, 0, 4, 0), theme().mark)
    canvas.tip(line, bar.tip)


def _paint_words(
    canvas: Canvas, line: QRectF, words: Sequence[str], blocks: Blocks, color: str
) -> None:
    left = line.left()
    for word, width in zip(words, blocks.words, strict=True):
        canvas.text(QRectF(left, line.top(), width, line.height()), word, color, RIGHT)
        left += width + px(WORD_GAP)


def _blocks(
    canvas: Canvas, room: QRectF, samples: Sequence[str], heads: Sequence[str], count: int
) -> Blocks:
    words = tuple(
        max(canvas.width_of(text) for text in pair) + 2 for pair in zip(samples, heads, strict=True)
    )
    room = room.adjusted(6, 0, -6, 0)
    return fit_blocks(words, count, room.width(), room.height())


def _probability_bar(detail: Probabilities, number: int) -> Bar:
    score, power, probability = (
        float(numbers[number]) for numbers in (detail.scores, detail.powers, detail.probabilities)
    )
    asked = number == detail.asked
    words = (detail.name(number), rounded(score, 3), rounded(power, 3), rounded(probability, 3))
    length = probability / float(detail.probabilities.max())
    color = QColor(theme().accent if asked else theme().quiet)
    tip = (
        f"score {show_exact(score)}, exp {show_exact(power)}, probability {show_exact(probability)}"
    )
    return Bar(words, length if np.isfinite(length) else 0.0, color, tip, asked)


def _product_bar(detail: WeightedSum, number: int, largest: float) -> Bar:
    value, weight, product = (
        float(numbers[number]) for numbers in (detail.inputs, detail.weights, detail.products)
    )
    share = product / largest if largest > 0 and np.isfinite(product / largest) else 0.0
    terms = f"{rounded(value, 3)}×{factor(show_weight(weight))}"
    tip = f"{show_exact(value)} × {show_exact(weight)} = {show_exact(product)}"
    return Bar((str(number), terms, rounded(product, 3)), share, line_color(share), tip)


def _rest_bar(count: int, rest: float, columns: int) -> Bar:
    words = (f"… and {count} more, together {show_number(rest)}", *[""] * (columns - 1))
    return Bar(words, None, QColor(), show_exact(rest))
