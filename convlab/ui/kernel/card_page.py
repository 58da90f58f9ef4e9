"""What every page of the card below the pictures is: one look at what is behind a pixel."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage


class CardPage(QWidget):
    """A page of the card; while another is on the screen it is not called at all.

    Attributes:
        page: Which it is.
        tab: What stands on its tab.
    """

    page: ClassVar[PixelPage]
    tab: ClassVar[str]

    def heights(self, width: int) -> tuple[int, int]:
        """Return the heights that the page needs, and is easily read with [px]."""
        raise NotImplementedError

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show what is behind the pixel of a result."""
        raise NotImplementedError
