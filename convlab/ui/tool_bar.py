"""The bar at the top: the labs, the source, the commands, and everything else in a menu."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStyle, QTabBar, QToolBar, QToolButton, QWidget

from convlab.runtime.timers import single_shot
from convlab.ui.actions import COLORS, MENU, PANELS, theme_command
from convlab.ui.choices.source_picker import SourcePicker
from convlab.ui.input_range import InputRangeButton
from convlab.ui.labs import LABS
from convlab.ui.theme import ThemeChoice
from convlab.ui.widgets.forms import describe

GIVES_WAY = ("step", "redo", "open", "undo", "freeze")
"""Buttons that go into the menu where there is no room for all, the first of them first."""


class ToolBar(QToolBar):
    """Arranges the window's actions.

    Args:
        actions: By name.
        sources: Stands among them.
        input_range: Stands beside them, where it is offered.
    """

    def __init__(
        self,
        actions: dict[str, QAction],
        sources: SourcePicker,
        input_range: InputRangeButton,
    ) -> None:
        super().__init__("Tools")
        self.setObjectName("tool_bar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions = actions
        self._places: dict[str, QAction] = {}  # of the buttons: hides one, and not its command
        self.lab_tabs = _lab_tabs()
        self._menu = QMenu(self)
        self._menu.setObjectName("main_menu")
        self.panels = QMenu("Panels", self)
        """Which panels are seen; the window lists them."""
        self._fill_menu()
        self._arrange(sources, input_range)
        # Another tab is bold, or says how far a training is.
        self._settling = single_shot(self, 0, self.make_room)
        self.lab_tabs.currentChanged.connect(self._settling.start)

    def _arrange(self, sources: SourcePicker, input_range: InputRangeButton) -> None:
        self.addWidget(self.lab_tabs)
        self.addWidget(_spring())
        self.addWidget(sources)
        self._range = self.addWidget(input_range)
        self._range.setVisible(False)
        input_range.offered.connect(self._offer_range)
        for name in ("freeze", "step"):
            self._add_button(name)
        self.addSeparator()
        for name in ("open", "undo", "redo"):
            self._add_button(name)
        self.addWidget(self._menu_button())

    def _add_button(self, name: str) -> None:
        action, button = self._actions[name], QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(self.iconSize())
        button.setObjectName(f"{name}_button")
        button.setAccessibleName(action.text())
        self._places[name] = self.addWidget(button)

    def _menu_button(self) -> QToolButton:
        button = describe(QToolButton(), "menu_button", "Menu", "Everything else.")
        button.setText("•••")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._menu)
        return button

    # ---- where there is little room ----

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Leave out buttons until the rest has room: the menu has all of them."""
        needed = {name: self._needed(place) for name, place in self._places.items()}
        fixed = self.sizeHint().width()
        fixed -= sum(needed[name] for name, place in self._places.items() if place.isVisible())
        room = self.width() - fixed - sum(needed.values())
        for name in GIVES_WAY:
            has_room = room >= 0
            room += 0 if has_room else needed[name]
            if self._places[name].isVisible() is not has_room:
                self._places[name].setVisible(has_room)

    def _offer_range(self, is_offered: bool) -> None:
        self._range.setVisible(is_offered)
        self._settling.start()

    def _needed(self, place: QAction) -> int:
        spacing = self.style().pixelMetric(QStyle.PixelMetric.PM_ToolBarItemSpacing, None, self)
        return self.widgetForAction(place).sizeHint().width() + spacing

    def _fill_menu(self) -> None:
        for group in MENU:
            for name in group:
                if name == PANELS:
                    self._menu.addMenu(self.panels)
                elif name == COLORS:
                    self._menu.addMenu(self._theme_menu())
                else:
                    self._menu.addAction(self._actions[name])
            self._menu.addSeparator()

    def _theme_menu(self) -> QMenu:
        menu = QMenu("Colours", self)
        menu.addActions([self._actions[theme_command(choice)] for choice in ThemeChoice])
        return menu


def _lab_tabs() -> QTabBar:
    tabs = describe(
        QTabBar(), "lab_tabs", "Labs", "Each lab looks at convolution from another side."
    )
    for spec in LABS:
        tabs.addTab(spec.title)
    tabs.setDrawBase(False)
    # The chosen one is bold, so that the room for all changes with the choice.
    tabs.setUsesScrollButtons(False)
    tabs.currentChanged.connect(tabs.updateGeometry)
    return tabs


def _spring() -> QWidget:
    """An empty widget that pushes what follows to the right."""
    spring = QWidget()
    spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spring
