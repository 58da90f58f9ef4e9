"""How the value of the unit came about, channel by channel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.engine.display import DisplayMode
from convlab.layers.base import WeightedLayer
from convlab.layers.filters import inputs_of
from convlab.layers.graph import INPUT
from convlab.ui.formula_bar import CopyButtons, FormulaLine, Written, formula_row
from convlab.ui.stack.stack_words import place_title
from convlab.ui.stack.unit_panel import UnitPanel
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    filled,
    quiet_label,
    spin_box,
    tool_button,
)
from convlab.ui.widgets.unit_text import formula_text


class SumPage(QWidget):
    """The arithmetic of the unit, and which of its channels is shown.

    Signals:
        channel_chosen: The number of a channel.
    """

    channel_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.panel = UnitPanel()
        self._place = (0, 0)
        self._input = spin_box(
            "filter_input_spin",
            "Channel",
            "Which channel that goes in: a filter has one kernel for each, and adds them up.",
            0,
            0,
        )
        self._of = quiet_label(name="sum_channels")
        self._back = tool_button("sum_back_button", "Back", "The channels before.", "chevron-left")
        self._next = tool_button("sum_next_button", "Next", "The channels after.", "chevron-right")
        self._pager = QWidget()
        parts = quiet_label("Channel"), self._input, self._of, STRETCH, self._back, self._next
        filled(QHBoxLayout(self._pager), *parts, margins=(0, 0, 0, 0), spacing=6)
        self.line = FormulaLine("unit_formula")
        self._buttons = CopyButtons("unit", self._written, is_brief=True)
        body = self._pager, (self.panel, 1), formula_row(self.line, self._buttons)
        filled(QVBoxLayout(self), *body, margins=(10, 4, 10, 4), spacing=2)
        self._input.valueChanged.connect(self.channel_chosen)
        self._back.clicked.connect(self._on_back_clicked)
        self._next.clicked.connect(self._on_next_clicked)

    def show_channels(self, layer: WeightedLayer | None, output: int, channel: int) -> None:
        """Show which channel of the input of a map is chosen; None: it has no channels."""
        allowed = range(1)
        if layer is not None:
            allowed = inputs_of(layer, output)
        present = self._input.minimum(), self._input.maximum(), self._input.value()
        if present == (allowed.start, allowed.stop - 1, channel):
            return
        with QSignalBlocker(self._input):
            self._input.setRange(allowed.start, allowed.stop - 1)
        self._input.show_number(channel)
        self._show_pager()

    def show_result(self, shown: StackShown, channel: int) -> None:
        """Show the arithmetic of the unit of a result, a channel that is chosen in sight."""
        look = shown.look
        detail = None if look is None else look.detail
        for part in (self.line, self._buttons):
            part.setVisible(detail is not None)
        if look is None or detail is None:
            self.panel.set_detail(None)
        else:
            before = look.sources[0]
            column = shown.column(before)
            mode = DisplayMode.CLIPPED if before == INPUT else DisplayMode.SIGNED
            scales = () if column is None else column.scales
            pinned = shown.job.viewing.pinned
            self.panel.set_detail(detail, place_title(look), scales, mode, pinned, channel)
            self.line.show_text(partial(formula_text, detail))
            self._place = look.unit.row, look.unit.column
        self._show_pager()

    def _written(self) -> list[Written]:
        detail = self.panel.detail
        return [] if detail is None else [Written(detail, self._place)]

    def _show_pager(self) -> None:
        shown = self.panel.channels
        first, last = self._input.minimum(), self._input.maximum()
        self._pager.setVisible(len(shown) > 0 and last > first)
        self._of.setText(f"of {first}–{last}")
        self._back.setEnabled(shown.start > 0)
        self._next.setEnabled(shown.stop <= last - first)

    def _on_back_clicked(self) -> None:
        self._input.setValue(self._input.minimum() + self.panel.channels.start - 1)

    def _on_next_clicked(self) -> None:
        self._input.setValue(self._input.minimum() + self.panel.channels.stop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_pager()
