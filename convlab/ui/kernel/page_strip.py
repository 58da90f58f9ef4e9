"""What stands in the card's place while no pixel is looked at: its pages, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

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
        self._row = row = filled(QHBoxLayout(), spacing=SPACING)
        self._buttons: list[QToolButton] = []
        self._panels: list[QToolButton] = []
        self._hint_is_below = False
        for action in actions:
            self._buttons.append(self._button(action, action.objectName()))
            action.visibleChanged.connect(self._show_buttons)
        self._show_buttons()
        self._beside = FittingLabel("")
        filled(row, GAP, (self._beside, 1))
        self.hint = wrapped_label("pixel_hint", HINT)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        filled(QVBoxLayout(self), row, (self.hint, 1), margins=(0, 0, 0, 0), spacing=0)

    def offer_panels(self, panels: Sequence[QDockWidget]) -> None:
        """Offer panels at the end of the row, too, where there is room."""
        for panel in panels:
            action = panel.toggleViewAction()
            self._panels.append(self._button(action, f"{panel.objectName()}_action"))

    def _button(self, action: QAction, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(name.replace("_action", "_button"))
        button.setAccessibleName(action.text())
        button.setProperty("role", "link")
        button.setProperty("is_listed", False)  # the pages and panels are
        self._row.addWidget(button)
        return button

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
        """Let the buttons stand closer together where their texts would be cut.

        The hint goes before the panels: they have other ways in.
        """
        seen = [button for button in self._buttons if not button.isHidden()]
        for role in ("link", "tight link"):
            self._set_role(role)
            needed = _width(seen)
            if needed + GAP <= self.width():
                break
        has_room = self._hint_is_below and needed + GAP + _width(self._panels) <= self.width()
        for button in self._panels:
            button.setVisible(has_room)

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
        self._hint_is_below = is_below
        self._fit()


def _width(buttons: Sequence[QToolButton]) -> int:
    return sum(button.sizeHint().width() + SPACING for button in buttons)
