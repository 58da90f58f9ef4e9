"""The page of the sum behind the pixel."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled

BESIDE = 28  # width of the room around the sum [px]


class SumPage(CardPage):
    """Shows patch × kernel = products with the live numbers."""

    page, tab, says = PixelPage.SUM, "Sum", "The sum behind"

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.panel = SumPanel()
        filled(QVBoxLayout(self), self.panel, margins=(12, 2, 12, 6))

    def heights(self, width: int) -> tuple[int, int]:
        return self.panel.heights(width - px(BESIDE))

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        self.panel.set_result(shown, is_pinned)
