"""The sum behind one value of a convolution, term by term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent

from convlab.document.signal.window import Terms, largest_terms
from convlab.ui.numbers import show_exact, show_number
from convlab.ui.signals.signal_colors import product_color
from convlab.ui.signals.signal_words import value_name
from convlab.ui.theme import px, theme
from convlab.ui.widgets.neuron_style import line_color
from convlab.ui.widgets.number_grid import Canvas, NumberPanel, factor, fitting_text
from convlab.ui.widgets.unit_bars import ROW, Bar, fit_blocks, paint_bars

MOST_WRITTEN = 12  # terms in the line that writes them out


class TermsView(NumberPanel):
    """Writes out f(a) g(b) for all a and b that meet, with their numbers and what they sum to.

    Signals:
        pair_pointed: The sample a of f whose term lies under the mouse, or None.
    """

    pair_pointed = Signal(object)

    hint = "Move g over f: the products that make the value of the result are listed here."

    def __init__(self) -> None:
        super().__init__("terms_view", "The terms of the sum")
        self.setMouseTracking(True)
        self._terms: Terms | None = None
        self._pair: int | None = None
        self._lines: list[tuple[QRectF, int]] = []  # where each term stands, and its a

    @property
    def is_empty(self) -> bool:
        return self._terms is None

    def show_terms(self, terms: Terms) -> None:
        """Show the sum behind one value; a hint where nothing meets."""
        self._terms = terms if len(terms.a) else None
        text = self.hint if self._terms is None else f"{formula_text(terms)} = {total_text(terms)}"
        self.setAccessibleDescription(text)
        self.update()

    def show_pair(self, a: int | None) -> None:
        """Let the term of a sample of f stand out."""
        if a != self._pair:
            self._pair = a
            self.update()

    def line_of(self, a: int) -> QRectF | None:
        """Return where the term of a sample of f stands."""
        return next((line for line, each in self._lines if each == a), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        found = (a for line, a in self._lines if line.adjusted(-4, 0, 4, 0).contains(at))
        self.pair_pointed.emit(next(found, None))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pair_pointed.emit(None)

    def paint_numbers(self, canvas: Canvas) -> None:
        assert self._terms is not None
        terms = self._terms
        width = float(self.width()) - 16
        bold = canvas.sized(px(15), bold=True)
        metrics = QFontMetrics(bold)
        formula = f"{formula_text(terms)} = {total_text(terms)}"
        canvas.text(QRectF(8, px(2), width, px(22)), formula, theme().text, font=bold)
        canvas.tip(
            QRectF(8, px(2), metrics.horizontalAdvance(formula), px(22)), show_exact(terms.total)
        )
        written = fitting_text(
            lambda most: written_text(terms, most),
            MOST_WRITTEN,
            lambda text: canvas.width_of(text) <= width,
        )
        canvas.text(QRectF(8, px(24), width, px(20)), written, theme().quiet)
        room = QRectF(QPointF(8, px(48)), QPointF(8 + width, float(self.height()) - 2))
        self._lines = []
        if len(terms.a) and room.height() >= 2 * px(ROW):
            self._paint_terms(canvas, room, terms)

    def _paint_terms(self, canvas: Canvas, room: QRectF, terms: Terms) -> None:
        heads = ("term", "numbers", "product")
        counting = np.arange(len(terms.a))
        if 2 * np.count_nonzero(terms.products) < len(terms.a):  # most of them are no news
            counting = np.flatnonzero(terms.products)
        count = len(counting)
        names = {place: name_text(terms, place) for place in counting.tolist()}
        written = [_words(terms, place, name) for place, name in names.items()]
        words = tuple(
            max(canvas.width_of(text) for text in (head, *column)) + 2
            for head, *column in zip(heads, *written, strict=True)
        )
        wanted = count + bool(terms.left_out)
        blocks = fit_blocks(words, wanted, room.width(), room.height())
        is_cut = wanted > blocks.places or terms.left_out > 0
        products = terms.products
        shown = counting[largest_terms(products[counting], max(blocks.places - is_cut, 1))]
        largest = float(np.nanmax(np.abs(products))) or 1.0
        bars = [
            _bar(terms, place, names[place], largest, int(terms.a[place]) == self._pair)
            for place in shown.tolist()
        ]
        if is_cut:
            rest = terms.total - float(products[shown].sum())
            bars.append(_rest_bar(count - len(shown) + terms.left_out, rest))
        lines = paint_bars(canvas, room, bars, heads, blocks)
        self._lines = list(zip(lines, terms.a[shown].tolist(), strict=False))


def _rest_bar(count: int, rest: float) -> Bar:
    text = f"… and {count} more, together {show_number(rest)}"
    return Bar((text, "", ""), None, line_color(0.0), show_exact(rest))


def _bar(terms: Terms, place: int, name: str, largest: float, is_marked: bool) -> Bar:
    f, g, product = (float(each[place]) for each in (terms.f, terms.g, terms.products))
    share = product / largest if np.isfinite(product / largest) else 0.0
    tip = f"{name} = {show_exact(f)} × {show_exact(g)}, product {show_exact(product)}"
    return Bar(_words(terms, place, name), share, QColor(product_color()), tip, is_marked)


def _words(terms: Terms, place: int, name: str) -> tuple[str, str, str]:
    """Return what stands in a row: the term, its numbers, the product."""
    f, g, product = (show_number(float(each[place])) for each in (terms.f, terms.g, terms.products))
    return name, f"{f}×{factor(g)}", product


def formula_text(terms: Terms) -> str:
    """``(f ∗ g)(3) = Σ f(a) g(3 − a)``; of curves an area, of a correlation g is not flipped."""
    sign = "−" if terms.at >= 0 else "+"
    inner = f"g({terms.at} − a)" if terms.is_flipped else f"g(a {sign} {abs(terms.at)})"
    step = "" if terms.step == 1.0 else f" · {show_number(terms.step)}"
    return f"{value_name(terms.is_flipped, terms.at)} = Σ f(a) {inner}{step}"


def total_text(terms: Terms) -> str:
    """Return the number that comes of it."""
    return show_number(terms.total)


def name_text(terms: Terms, place: int) -> str:
    """``f(2)g(1)``."""
    a, b = (show_number(float(each[place])) for each in (terms.a, terms.b))
    return f"f({a})g({b})"


def written_text(terms: Terms, most: int) -> str:
    """``f(2)g(1) + f(3)g(0) = 0.5×1 + 1×0.25``; of more terms than wanted the largest."""
    count = len(terms.a)
    if count == 0:
        return "f and g do not meet here: the sum has no terms."
    places: Sequence[int] = range(count)
    is_cut = count > most or terms.left_out
    if is_cut:
        places = largest_terms(terms.products, most).tolist() or [0]
    more = f" + … ({count + terms.left_out} terms)" if is_cut else ""
    names = " + ".join(name_text(terms, place) for place in places)
    numbers = " + ".join(
        f"{factor(show_number(float(terms.f[place])))}×{factor(show_number(float(terms.g[place])))}"
        for place in places
    )
    return f"{names}{more} = {numbers}{' + …' if is_cut else ''}"
