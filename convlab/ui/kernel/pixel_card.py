"""The card below the pictures: what is behind the pixel pointed at, one page at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QTabWidget, QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.runtime.timers import single_shot
from convlab.ui.kernel.profile_panel import ProfilePanel
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, filled, flatten_tabs, padded, quiet_label

LINGER = 700  # [ms]
HEAD = 48  # height of the tabs, and of the room around a page [px]
PROFILE = (170, 230)  # height that the profile needs, and is easily read with [px]


class PixelCard(QFrame):
    """Shows the sum behind a pixel, or the profile through it.

    Signals:
        resized: It needs another height.
    """

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pixel_card")
        self.sum = SumPanel()
        self.profile = ProfilePanel()
        self._title = quiet_label(role="title", name="pixel_title")
        self._title.setContentsMargins(12, 0, 16, 0)
        self.tabs = describe(
            QTabWidget(), "pixel_tabs", "The pixel", "What is behind the pixel pointed at."
        )
        flatten_tabs(self.tabs, "What is behind the pixel")
        self.tabs.addTab(padded(self.sum), "Sum")
        self.tabs.addTab(self.profile, "Profile")
        self.tabs.setCornerWidget(self._title, Qt.Corner.TopLeftCorner)
        self._title.setMinimumHeight(self.tabs.tabBar().sizeHint().height() - 2)
        filled(QVBoxLayout(self), self.tabs, margins=(1, 1, 1, 4), spacing=0)
        self._shown: KernelShown | None = None
        self._asked = (0, 0)
        self._lingering = single_shot(self, LINGER, self._on_lingered)
        self.tabs.currentChanged.connect(self._on_page_changed)
        self.hide()

    def heights(self, width: int) -> tuple[int, int]:
        """Return the heights that the card needs, and is easily read with [px]."""
        if self.sum.is_empty:
            return 0, 0
        if self._is_profile:
            return px(PROFILE[0]), px(PROFILE[1])
        needed, wanted = self.sum.heights(width - px(28))
        return needed + px(HEAD), wanted + px(HEAD)

    @property
    def _is_profile(self) -> bool:
        return self.tabs.currentWidget() is self.profile

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        """Show what is behind the pixel, on the page that can be seen.

        What was only pointed at stays a moment: the mouse may be on its way to the other picture.
        """
        self._shown = shown
        is_leaving = not (shown.sums or self.sum.is_empty or self.sum.is_pinned)
        if not is_leaving:
            self._lingering.stop()
            self._show(shown, is_pinned)
        elif not self._lingering.isActive():
            self._lingering.start()

    def _on_lingered(self) -> None:
        if self._shown is not None:
            self._show(self._shown, False)

    def _show(self, shown: KernelShown, is_pinned: bool) -> None:
        self.sum.set_result(shown, is_pinned)
        if self._is_profile:
            self.profile.show_profile(shown)
        probe = shown.job.viewing.probe
        if probe is not None:
            row, column = probe
            what = "The profile through" if self._is_profile else "The sum behind"
            self._title.setText(f"{what} row {row}, column {column}")
        heights = self.heights(self.width())
        if heights != self._asked:
            self._asked = heights
            self.resized.emit()

    def _on_page_changed(self) -> None:
        if self._shown is not None:
            self._show(self._shown, self.sum.is_pinned)
