"""The likeliest classes as bars, live."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from convlab.document.stack.answer import Verdict
from convlab.ui.numbers import show_fixed
from convlab.ui.widgets.forms import as_panel, filled, wrapped_label
from convlab.ui.widgets.score_bars import ScoreBars

NOTHING = "The last layer gives maps, not one value for each class."
NAMELESS = "The classes have no names: see “Input and classes”."
SCORES = "Scores, not probabilities: a softmax behind them would make them add up to 1."
BLANK = "No digit in the picture yet."


class ClassesPanel(QWidget):
    """Shows what the last layer says: the likeliest class first."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._bars = ScoreBars("class_bars", is_stacked=True)
        self._words = wrapped_label("class_bars_words", NOTHING)
        filled(QVBoxLayout(self), (self._bars, 1), self._words, margins=(10, 8, 10, 8), spacing=6)

    def show_answer(self, answer: Verdict | None) -> None:
        """Show the ranking of a verdict; None: there is none."""
        if answer is None or answer.is_blank:
            self._bars.show_bars((), (), ())
            self._say(NOTHING if answer is None else BLANK)
            return
        names = [each.name for each in answer.ranking]
        values = [each.value for each in answer.ranking]
        if answer.is_probability:
            self._bars.show_bars(names, values, [f"{100 * value:.1f} %" for value in values])
        else:
            largest = max(max(map(abs, values)), 1e-30)
            lengths = [max(value, 0.0) / largest for value in values]
            self._bars.show_bars(names, lengths, [show_fixed(value) for value in values])
        notes = "" if answer.is_probability else SCORES, "" if answer.is_named else NAMELESS
        self._say("\n".join(filter(None, notes)))

    def _say(self, words: str) -> None:
        if words != self._words.text():
            self._words.setText(words)
            self._words.setVisible(bool(words))
