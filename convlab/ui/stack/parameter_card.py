"""The arithmetic of a layer: its sums, and its parameters beside those of a fully connected one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from convlab.document.stack.sums import Comparison
from convlab.ui.true_bars import Bar, TrueBars
from convlab.ui.widgets.forms import STRETCH, describe, filled, quiet_label

_TIP = (
    "How many numbers the chosen layer learns, and how many a layer between the same maps would "
    "need in which every value has a weight for every value below; and how many products each adds "
    "up for one picture. All bars have one scale: they are as long as their numbers. The biases of "
    "the fully connected layer are not counted."
)


class ParameterCard(QWidget):
    """Title, sums, bars, and the ratio in words."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("parameter_card")
        self._title = quiet_label(role="title")
        self._sums = describe(
            QLabel(),
            "parameter_sum",
            "The layer's sums",
            "The formulas of the table's columns with the numbers of the chosen layer put in.",
        )
        self._sums.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bars = TrueBars("parameter_bars", "Parameters against fully connected", _TIP)
        self._words = describe(quiet_label(), "parameter_words", "The ratio in words", _TIP)
        self._lines: tuple[tuple[str, str], ...] = ()
        self._is_tall = False
        self._comparison: Comparison | None = None
        for label in (self._sums, self._words):
            label.setWordWrap(True)
        parts = self._title, self._sums, self._bars, self._words
        filled(QVBoxLayout(self), *parts, STRETCH, margins=(8, 4, 8, 6), spacing=3)
        self.set_tall(False)

    def set_tall(self, tall: bool) -> None:
        """Stand beside the table with every sum on a line of its own, or lie below it."""
        self._is_tall = tall
        self._title.setVisible(tall)
        self._write()

    def show_bars(self, shown: bool) -> None:
        """Show the bars, or leave them out where the table needs their room: the words remain."""
        self._bars.setVisible(shown)

    def show_layer(
        self,
        title: str,
        sums: tuple[tuple[str, str], ...],
        words: str,
        comparison: Comparison | None = None,
    ) -> None:
        """Show a layer's sums, the most important first, and its comparison if there is one.

        Args:
            title: Of the layer.
            sums: What each is, and the formula with its numbers put in.
            words: The ratio, or why there is none.
            comparison: With a fully connected layer.
        """
        self._title.setText(title)
        self._lines = sums
        self._comparison = comparison
        self._words.setText(words)
        self._write()

    def _write(self) -> None:
        bars = [] if self._comparison is None else bars_of(self._comparison)
        # Below the table there is less room.
        self._bars.show_bars(bars if self._is_tall else bars[:2])
        if self._is_tall:
            lines = (
                f"<tr><td>{name}&nbsp;&nbsp;</td><td>{text}</td></tr>" for name, text in self._lines
            )
            self._sums.setText(f"<table cellspacing='0'>{''.join(lines)}</table>")
        else:
            self._sums.setText("     ".join(f"{name}: {text}" for name, text in self._lines[:2]))


def bars_of(comparison: Comparison) -> list[Bar]:
    """Return what is learned and what is multiplied, each beside a fully connected layer's."""
    name, connected = comparison.name, comparison.connected
    return [
        Bar(f"{name}: parameters", comparison.parameters, True),
        Bar("fully connected: weights", connected, False),
        Bar(f"{name}: multiply-adds", comparison.multiply_adds, True),
        Bar("fully connected: multiply-adds", connected, False),
    ]
