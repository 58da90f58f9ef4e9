"""What stands in the card's place while no pixel is looked at: its pages, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.kernel.sum_panel import HINT
from convlab.ui.theme import px
from convlab.ui.widgets.forms import filled, wrapped_label

SHORT_HINT = "Point at a pixel, or click to pin it."
HEIGHT = 32  # of the buttons [px]
SPACING, GAP = 2, 12  # between the buttons, and behind them [px]
LEAST_HINT = 24  # height that the hint needs [px]


class PageStrip(QWidget):
    """Offers the pages of the pixel's card; each finds a pixel by itself.

    Args:
        actions: Open the pages.
    """

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.setObjectName("page_strip")
        self.setAccessibleName("What is behind a pixel")
        row = filled(QHBoxLayout(), spacing=SPACING)
        self._buttons: list[QToolButton] = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(action.objectName().replace("_action", "_button"))
            button.setAccessibleName(action.text())
            button.setProperty("role", "link")
            button.setProperty("is_listed", False)  # the pages are
            row.addWidget(button)
            self._buttons.append(button)
            action.visibleChanged.connect(self._show_buttons)
        self._show_buttons()
        self._beside = FittingLabel("")
        filled(row, GAP, (self._beside, 1))
        self.hint = wrapped_label("pixel_hint", HINT)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        filled(QVBoxLayout(self), row, (self.hint, 1), margins=(0, 0, 0, 0), spacing=0)

    def _show_buttons(self) -> None:
        """Give no room to a page that the picture has nothing for."""
        for button in self._buttons:
            button.setVisible(button.defaultAction().isVisible())
        self._fit()

    @property
    def least(self) -> int:
        """Height without the hint [px]."""
        return px(HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the buttons stand closer together where their texts would be cut."""
        seen = [button for button in self._buttons if not button.isHidden()]
        for role in ("link", "tight link"):
            self._set_role(role)
            needed = sum(button.sizeHint().width() + SPACING for button in seen)
            if needed + GAP <= self.width():
                break

    def _set_role(self, role: str) -> None:
        """Let the buttons stand apart as their role says."""
        for button in self._buttons:
            if button.property("role") != role:
                button.setProperty("role", role)
                button.style().polish(button)
                button.updateGeometry()

    def set_room(self, height: int) -> None:
        """Let the hint stand below the pages, or beside them where there is no room for it [px]."""
        is_below = height >= self.least + px(LEAST_HINT)
        self.hint.setVisible(is_below)
        self._beside.show_texts(*(("",) if is_below else (HINT, SHORT_HINT, "")))
