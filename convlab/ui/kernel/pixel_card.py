"""The card below the pictures: what is behind the pixel pointed at, one page at a time."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QTabWidget, QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import PixelPage
from convlab.runtime.timers import single_shot
from convlab.ui.fitting_texts import SteadyLabel, widest_number
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.count_page import CountPage
from convlab.ui.kernel.displays_page import DisplaysPage
from convlab.ui.kernel.formula_page import FormulaPage
from convlab.ui.kernel.live_tuning_page import LiveTuningPage
from convlab.ui.kernel.mix_page import MixPage
from convlab.ui.kernel.profile_panel import ProfilePanel
from convlab.ui.kernel.slide_page import SlidePage
from convlab.ui.kernel.sum_page import SumPage
from convlab.ui.kernel.usage_page import UsagePage
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, filled, flatten_tabs

LINGER = 700  # [ms]
HEAD = 48  # height of the tabs, and of the room around a page [px]


class PixelCard(QFrame):
    """Shows what is behind a pixel: the sum, the profile through it, and what other pages say.

    Signals:
        resized: It needs another height.
        page_chosen: A PixelPage.
    """

    resized = Signal()
    page_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pixel_card")
        self._sum = SumPage()
        self.sum = self._sum.panel
        self.profile = ProfilePanel()
        self.slide = SlidePage()
        self.formula = FormulaPage()
        self.count = CountPage()
        self.displays = DisplaysPage()
        first = self._sum, self.profile, self.slide, self.formula, MixPage()
        others = self.displays, UsagePage(), LiveTuningPage(), self.count
        self._pages: tuple[CardPage, ...] = (*first, *others)
        self._title = SteadyLabel("pixel_title", "title")
        self._title.setContentsMargins(12, 0, 6, 0)
        self._title.setAccessibleName("Row and column of the pixel")
        self.tabs = describe(
            QTabWidget(), "pixel_tabs", "The pixel", "What is behind the pixel pointed at."
        )
        flatten_tabs(self.tabs, "What is behind the pixel")
        self.tabs.setProperty("is_listed", False)  # their actions are
        for page in self._pages:
            self.tabs.addTab(page, page.tab)
        self.tabs.setCornerWidget(self._title, Qt.Corner.TopLeftCorner)
        filled(QVBoxLayout(self), self.tabs, margins=(1, 1, 1, 4), spacing=0)
        self.actions_of_pages = [self._action_of(page) for page in self._pages]
        self._shown: KernelShown | None = None
        self._has_bar = False
        self._is_empty = True
        self._is_pinned = False
        self._asked = (0, 0)
        self._lingering = single_shot(self, LINGER, self._on_lingered)
        self._show_tabs()
        self.tabs.currentChanged.connect(self._on_page_changed)
        self.hide()

    def _action_of(self, page: CardPage) -> QAction:
        """Return what opens a page from the menu."""
        action = QAction(page.tab, self)
        action.setObjectName(f"{page.page}_page_action")
        action.setData(page.page)
        action.triggered.connect(self._on_action_triggered)
        return action

    def _on_action_triggered(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.page_chosen.emit(PixelPage(sender.data()))

    def heights(self, width: int) -> tuple[int, int]:
        """Return the heights that the card needs, and is easily read with [px]."""
        if self._is_empty:
            return 0, 0
        needed, wanted = self._current.heights(width)
        return needed + px(HEAD), wanted + px(HEAD)

    @property
    def _head(self) -> int:
        """Height of what stands beside the tabs [px]."""
        return self.tabs.tabBar().sizeHint().height() - 2

    @property
    def _current(self) -> CardPage:
        return self._pages[self.tabs.currentIndex()]

    def show_page(self, page: PixelPage) -> None:
        """Bring a page to the front, without telling anyone."""
        index = [each.page for each in self._pages].index(page)
        with QSignalBlocker(self.tabs):
            self.tabs.setTabVisible(index, True)
            self.tabs.setCurrentIndex(index)
        self._show_tabs()
        self._show_again()

    def offer_tuning(self, has_bar: bool) -> None:
        """Offer to measure a tuning curve where the picture has a bar: else its tab has no room."""
        self._has_bar = has_bar
        self._show_tabs()

    def _show_tabs(self) -> None:
        for index, (page, action) in enumerate(
            zip(self._pages, self.actions_of_pages, strict=True)
        ):
            has_room = page.page is not PixelPage.TUNING or self._has_bar
            action.setVisible(has_room)
            self.tabs.setTabVisible(index, has_room or page is self._current)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show what is behind the pixel, on the page that can be seen.

        What was only pointed at stays a moment: the mouse may be on its way to the other picture.
        """
        self._shown = shown
        is_leaving = not (shown.sums or self._is_empty or self._is_pinned)
        if not is_leaving:
            self._lingering.stop()
            self._show(shown, is_pinned)
        elif not self._lingering.isActive():
            self._lingering.start()

    def _on_lingered(self) -> None:
        if self._shown is not None:
            self._show(self._shown, False)

    def _show(self, shown: KernelShown, is_pinned: bool) -> None:
        self._is_empty, self._is_pinned = not shown.sums, is_pinned
        self._current.show_pixel(shown, is_pinned)
        self._write_title(shown)
        heights = self.heights(self.width())
        if heights != self._asked:
            self._asked = heights
            self.resized.emit()

    def _write_title(self, shown: KernelShown) -> None:
        """Name the pixel in as many words as the tabs leave room for."""
        probe = shown.job.viewing.probe
        if probe is not None:
            rows, columns = map(widest_number, shown.job.output_size)
            room = self.tabs.width() - self.tabs.tabBar().sizeHint().width()
            write = _title if self._title.width_of(_title(rows, columns)) <= room else _short_title
            self._title.show_text(write(*probe), write(rows, columns), self._head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown is not None:
            self._write_title(self._shown)

    def _on_page_changed(self) -> None:
        self._show_again()
        self.page_chosen.emit(self._current.page)

    def _show_again(self) -> None:
        if self._shown is not None:
            self._show(self._shown, self._is_pinned)


def _title(row: int, column: int) -> str:
    """Return what stands beside the tabs, whichever page is shown: they never move."""
    return f"Row {row}, column {column}"


def _short_title(row: int, column: int) -> str:
    """Return the same where the tabs leave no room for it."""
    return f"({row}, {column})"
