"""The page of the sum behind the pixel."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.ui.formula_bar import CopyButtons, FormulaLine, Written, formula_row
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.formula_page import written_sums
from convlab.ui.kernel.sum_panel import SumPanel, sum_lines
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled

BESIDE = 28  # width of the room around the sum [px]
BUTTONS = 28  # height of the buttons that copy it [px]


class SumPage(CardPage):
    """Shows patch × kernel = products with the live numbers."""

    page, tab = PixelPage.SUM, "Sum"

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.panel = SumPanel()
        self._shown: KernelShown | None = None
        self.line = FormulaLine("sum_formula")
        row = formula_row(self.line, CopyButtons("sum", self._written))
        parts = (self.panel, 1), row
        filled(QVBoxLayout(self), *parts, margins=(12, 2, 12, 4), spacing=2)

    def heights(self, width: int) -> tuple[int, int]:
        needed, wanted = self.panel.heights(width - px(BESIDE))
        row = max(self.line.sizeHint().height(), px(BUTTONS)) + px(2)
        return needed + row, wanted + row

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        self._shown = shown
        self.panel.set_result(shown, is_pinned)
        if shown.sums:
            self.line.show_text(lambda most: "\n".join(sum_lines(shown, most)))

    def _written(self) -> list[Written]:
        return [] if self._shown is None else written_sums(self._shown)
