"""The page of the sum as a formula: its symbols, and under them the live numbers."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.document.stack.formulas import Term, general, terms
from convlab.ui.formula_bar import CopyButtons, Written
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.pace import Pace
from convlab.ui.kernel.sum_grids import shown_text
from convlab.ui.numbers import MINUS, show_number, show_weight
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label
from convlab.ui.widgets.number_grid import factor

MOST_SHOWN = 200  # terms that are read; copies have all
NEEDED, WANTED = 96, 170  # height that the page needs, and is easily read with [px]


class _Span(NamedTuple):
    """Where a term stands in the text, and the cell of the kernel as it is laid."""

    start: int
    end: int
    laid: tuple[int, int]


class FormulaPage(CardPage):
    """Shows S = Σ I K with its terms, to be selected and copied.

    Signals:
        hovered: (row, column) of the kernel's cell, as it is laid, of the term under the mouse,
            or (-1, -1).
    """

    page, tab = PixelPage.FORMULA, "Formula"
    hovered = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._shown: KernelShown | None = None
        self._spans: list[_Span] = []
        self._general = quiet_label(name="formula_general")
        self.text = describe(
            QPlainTextEdit(),
            "formula_text",
            "The sum as a formula",
            "I(row, column) is the input, K(row, column) the kernel as it is written. A negative "
            "index, or one beyond the last, is padding.",
        )
        self.text.setReadOnly(True)
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.viewport().setMouseTracking(True)
        self.text.viewport().installEventFilter(self)
        buttons = CopyButtons("formula", self._written)
        head = filled(QHBoxLayout(), (self._general, 1), buttons)
        filled(QVBoxLayout(self), head, (self.text, 1), margins=(12, 2, 12, 6), spacing=2)
        self._pace = Pace(self._write, self)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        self._shown = shown
        self._pace.request()

    def _written(self) -> list[Written]:
        return [] if self._shown is None else written_sums(self._shown)

    def _write(self) -> None:
        """Write it, unless somebody has selected a part of it."""
        shown = self._shown
        if shown is None or not shown.sums or self.text.textCursor().hasSelection():
            return
        sum_ = shown.sums[0]
        of = general(shown.job.axes, sum_.flipped, len(sum_.patch), sum_.bias is not None)
        self._general.setText(of)
        lines: list[str] = []
        self._spans = []
        for number in range(len(shown.sums)):
            self._write_sum(shown, number, lines)
        text = "\n".join(lines)
        if text != self.text.toPlainText():
            place = self.text.verticalScrollBar().value()
            self.text.setPlainText(text)
            self.text.verticalScrollBar().setValue(place)

    def _write_sum(self, shown: KernelShown, number: int, lines: list[str]) -> None:
        """Add the lines of one sum, and note where its terms stand."""
        sum_, probe = shown.sums[number], shown.job.viewing.probe or (0, 0)
        plane = shown.job.names[number] if len(shown.sums) > 1 else ""
        found = terms(sum_, shown.job.names)
        written = found[:MOST_SHOWN]
        more = f" + … ({len(found)} terms)" if len(found) > MOST_SHOWN else ""
        bias = None if sum_.bias is None else factor(show_number(sum_.bias))
        head = f"S{'_' if plane else ''}{plane}{_index(probe)} = "
        rows, columns = sum_.padded.shape
        for begin, texts, end in (
            (head, [_symbols(term) for term in written], "" if bias is None else " + b"),
            ("= ", [_numbers(term) for term in written], "" if bias is None else f" + {bias}"),
        ):
            start = sum(len(line) + 1 for line in lines) + len(begin)
            for term, text in zip(written, texts, strict=True):
                row, column = term.cell
                laid = (rows - 1 - row, columns - 1 - column) if sum_.flipped else term.cell
                self._spans.append(_Span(start, start + len(text), laid))
                start += len(text) + len(" + ")
            lines.append(f"{begin}{' + '.join(texts)}{more}{end}")
        seen = shown_text(shown, number, ", shown as {}")
        lines.append(f"= {show_number(sum_.result)}{seen}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.hovered.emit(*self._cell_at(event.position()))
        elif event.type() == QEvent.Type.Leave:
            self.hovered.emit(-1, -1)
        return False

    def _cell_at(self, position: QPointF) -> tuple[int, int]:
        cursor: QTextCursor = self.text.cursorForPosition(position.toPoint())
        at = cursor.position()
        found = (span.laid for span in self._spans if span.start <= at < span.end)
        return next(found, (-1, -1))


def written_sums(shown: KernelShown) -> list[Written]:
    """Return what is copied of a result's sums."""
    probe, names = shown.job.viewing.probe, shown.job.names
    return [Written(sum_, probe, names) for sum_ in shown.sums]


def _symbols(term: Term) -> str:
    """Return ``I(0, −1)K(0, 1)``."""
    of = f"_{term.channel}" if term.channel else ""
    return f"I{of}{_index(term.pixel)}K{of}{_index(term.cell)}"


def _index(place: tuple[int, int]) -> str:
    return f"({place[0]},{place[1]})".replace("-", MINUS)


def _numbers(term: Term) -> str:
    return f"{factor(show_number(term.value))}×{factor(show_weight(term.weight))}"
