"""The page that counts: what a convolution and fully connected layers cost, at any size."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from convlab.document.kernel.counting import EXAMPLES, Counting, lines_of, remark_of
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.theme import px
from convlab.ui.true_bars import Bar, TrueBars
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    combo_box,
    filled,
    scrolled,
    show_choice,
    wrapped_label,
)
from convlab.ui.widgets.param_form import ParamForm

NEEDED, WANTED = 146, 190  # height that it needs, and is easily read with [px]
CHOSEN = 340  # width of the numbers that are chosen [px]
OWN = "Own numbers"
NO_EXAMPLE = -1
TIP = (
    "Whole numbers of any size are counted, and nothing is allocated. Filters share their weights "
    "among all places; a fully connected layer has one for every pair of values."
)


class CountPage(CardPage):
    """Shows a Counting, its sums, and its numbers as true lengths.

    Signals:
        parameter_chosen: Name of a parameter of the Counting, and its new value.
        example_chosen: A Counting.
    """

    page, tab = PixelPage.COUNT, "Count"
    parameter_chosen = Signal(str, object)
    example_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._counting: Counting | None = None
        self._example = combo_box("count_example_combo", "Example", "Numbers of the textbooks.")
        self._example.addItem(OWN, NO_EXAMPLE)
        for number, example in enumerate(EXAMPLES):
            self._example.addItem(example.title, number)
        self._form = ParamForm("count", columns=2, aliases={"size": "picture"})
        self._form.setObjectName("count_form")
        self._remark = wrapped_label("count_remark")
        self._bars = TrueBars("count_bars", "Weights and multiply-adds", TIP)
        for label in (self._remark, *self._bars.findChildren(QLabel)):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        chosen, told = QWidget(), QWidget()
        for panel in (self, told):
            as_panel(panel)
        chosen.setMaximumWidth(px(CHOSEN))
        filled(QVBoxLayout(told), self._bars, self._remark, STRETCH, margins=(0, 0, 8, 0))
        parts = self._example, self._form, STRETCH
        filled(QVBoxLayout(chosen), *parts, margins=(0, 0, 0, 0), spacing=6)
        counts = scrolled(told, "The counts")
        row = filled(QHBoxLayout(self), margins=(12, 4, 12, 4), spacing=16)
        filled(row, (chosen, 1), (counts, 2))
        self._form.parameter_chosen.connect(self.parameter_chosen)
        self._example.activated.connect(self._on_example_activated)

    def heights(self, width: int) -> tuple[int, int]:
        return px(NEEDED), px(WANTED)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show what is counted; it is no matter of a pixel."""
        counting = shown.job.state.counting
        if counting == self._counting:
            return
        self._counting = counting
        self._form.show_record(counting)
        numbers = [number for number, each in enumerate(EXAMPLES) if each.counting == counting]
        show_choice(self._example, numbers[0] if numbers else NO_EXAMPLE)
        self._bars.show_bars(bars_of(counting))
        self._remark.setText(remark_of(counting))

    def _on_example_activated(self, index: int) -> None:
        number = self._example.itemData(index)
        self._counting = None  # what was chosen is shown, whatever comes of it
        if number != NO_EXAMPLE:
            self.example_chosen.emit(EXAMPLES[number].counting)


def bars_of(counting: Counting) -> list[Bar]:
    """Return what is counted as bars, each with its sum."""
    return [
        Bar(f"{line.name}  {line.sum}", line.number, line.is_convolution)
        for line in lines_of(counting)
    ]
