"""The bar at the top: the labs, the source, the commands, and everything else in a menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabBar, QToolBar, QToolButton, QWidget

from convlab.ui.labs import LABS
from convlab.ui.theme import ThemeName
from convlab.ui.widgets.forms import describe
from convlab.ui.widgets.source_picker import SourcePicker

THEMES = {
    ThemeName.LIGHT: "Light",
    ThemeName.DARK: "Dark",
    ThemeName.CONTRAST: "High contrast",
}


class ToolBar(QToolBar):
    """Arranges the window's actions.

    Args:
        actions: By name.
        sources: Stands among them.
    """

    def __init__(self, actions: dict[str, QAction], sources: SourcePicker) -> None:
        super().__init__("Tools")
        self.setObjectName("tool_bar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions = actions
        self.lab_tabs = _lab_tabs()
        self._menu = QMenu(self)
        self.panels = QMenu("Panels", self)
        """Which panels are seen; the window lists them."""
        self.themes = self._theme_menu()
        """The palettes; the data of each action is the name of a theme."""
        self._fill_menu()
        self._arrange(sources)

    def _arrange(self, sources: SourcePicker) -> None:
        self.addWidget(self.lab_tabs)
        self.addWidget(_spring())
        self.addWidget(sources)
        for name in ("freeze", "step"):
            self._add_button(name)
        self.addSeparator()
        for name in ("open", "undo", "redo"):
            self._add_button(name)
        self.addWidget(self._menu_button())

    def _add_button(self, name: str) -> None:
        action = self._actions[name]
        self.addAction(action)
        button = self.widgetForAction(action)
        button.setObjectName(f"{name}_button")
        button.setAccessibleName(action.text())

    def _menu_button(self) -> QToolButton:
        button = describe(QToolButton(), "menu_button", "Menu", "Everything else.")
        button.setText("•••")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self._menu)
        return button

    def _fill_menu(self) -> None:
        menu = self._menu
        for name in ("open", "save", "save_as", "paste", "cameras", "forget_recent"):
            menu.addAction(self._actions[name])
        menu.addSeparator()
        menu.addMenu(self.panels)
        menu.addMenu(self.themes)
        for name in ("full_screen", "shortcuts", "log"):
            menu.addAction(self._actions[name])
        menu.addSeparator()
        menu.addAction(self._actions["quit"])

    def _theme_menu(self) -> QMenu:
        menu = QMenu("Colours", self)
        for name, title in THEMES.items():
            menu.addAction(title).setData(name.value)
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
