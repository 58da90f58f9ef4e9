"""A sum written out in a line that can be selected, and what copies it as LaTeX and as Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from convlab.document.stack.arithmetic import Detail
from convlab.document.stack.formulas import latex, python
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, filled, quiet_label
from convlab.ui.widgets.number_grid import LINE, fitting_text
from convlab.ui.widgets.unit_text import MOST_TERMS

Write = Callable[[int], str]
SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class Written(NamedTuple):
    """What is copied: arithmetic, where its value stands, and the names of the input maps."""

    detail: Detail
    place: tuple[int, int] | None = None
    names: Sequence[str] = ()


class FormulaLine(QLabel):
    """Lines of arithmetic with as many terms as there is room for; what is selected stays."""

    def __init__(self, name: str) -> None:
        super().__init__()
        describe(self, name, "The sum written out", "Select it to copy it.")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(SELECTABLE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._write: Write = lambda most: ""
        self._lines = 1

    def sizeHint(self) -> QSize:
        return QSize(200, px(LINE) * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def show_text(self, write: Write) -> None:
        """Show a text that is written with at most so many terms.

        Args:
            write: Returns it; each time with the same number of lines.
        """
        self._write = write
        if not self.hasSelectedText():
            self._fit()

    def _fit(self) -> None:
        text = fitting_text(self._write, MOST_TERMS, self._fits)
        if not self._fits(text):
            text = "\n".join(map(_result_of, text.split("\n")))
        lines = text.count("\n") + 1
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
        if text != self.text():
            self.setText(text)

    def _fits(self, text: str) -> bool:
        metrics = self.fontMetrics()
        return max(map(metrics.horizontalAdvance, text.split("\n"))) <= self.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _result_of(line: str) -> str:
    """Return the end of a line that has no room: what comes of it."""
    return f"… = {line.rpartition(' = ')[2]}"


class CopyButtons(QWidget):
    """Copies the arithmetic shown, with every digit.

    Args:
        role: The object names begin with it.
        shown: Returns what is shown.
        is_brief: There is no room to say what they do.
    """

    def __init__(
        self, role: str, shown: Callable[[], Sequence[Written]], is_brief: bool = False
    ) -> None:
        super().__init__()
        self._shown = shown
        self._latex = _button(
            f"{role}_copy_latex_button", "LaTeX", "Copy as LaTeX: the symbols, then the numbers."
        )
        self._python = _button(
            f"{role}_copy_python_button", "Python", "Copy as Python that prints the same number."
        )
        self._latex.clicked.connect(self._on_latex_clicked)
        self._python.clicked.connect(self._on_python_clicked)
        words = [] if is_brief else [quiet_label("copy as")]
        parts = *words, self._latex, self._python
        filled(QHBoxLayout(self), *parts, margins=(0, 0, 0, 0), spacing=2)

    def _on_latex_clicked(self) -> None:
        _copy("\n\n".join(latex(*written) for written in self._shown()))

    def _on_python_clicked(self) -> None:
        _copy("\n".join(python(written.detail) for written in self._shown()))


def _button(name: str, text: str, tip: str) -> QToolButton:
    button = describe(QToolButton(), name, f"Copy the sum as {text}", tip)
    button.setText(text)
    return button


def _copy(text: str) -> None:
    if text:
        QGuiApplication.clipboard().setText(text)


def formula_row(line: FormulaLine, buttons: CopyButtons) -> QHBoxLayout:
    """Return a line with its buttons at the right."""
    return filled(QHBoxLayout(), (line, 1), buttons, spacing=8)
