"""Everything that can be done, as it stands in the window: no second list is kept of it.

Commands are the window's own actions; pages, buttons and choices are those of the labs' widgets,
by the names that a screen reader says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QComboBox, QTabBar, QTabWidget, QToolButton, QWidget

MOST_NAMED = 60  # letters of an entry's text


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done.

    Attributes:
        text: What stands in the list.
        run: Does it.
        keys: Its shortcut.
        why: Why it cannot be done now; None if it can.
        is_on: It is so already.
    """

    text: str
    run: Callable[[], object]
    keys: str = ""
    why: str | None = None
    is_on: bool = False


def of_actions(actions: list[QAction], group: str = "") -> Iterator[Entry]:
    """Return entries for actions."""
    for action in actions:
        text = action.text().replace("&&", "&").rstrip("…")
        if not text or action.isSeparator() or not action.isVisible():
            continue
        keys = action.shortcut().toString()
        why = None if action.isEnabled() else str(action.property("why") or "")
        is_on = action.isCheckable() and action.isChecked()
        yield Entry(f"{group}{text}", action.trigger, keys, why, is_on)


def of_choices(combo: QComboBox, group: str) -> Iterator[Entry]:
    """Return an entry for each choice of a combo box that can be chosen."""
    model = combo.model()
    name = combo.accessibleName()
    for place in range(combo.count()):
        text = combo.itemText(place).strip()
        usable = model.flags(model.index(place, 0)) & Qt.ItemFlag.ItemIsEnabled
        if text and usable:
            run, is_on = partial(_choose, combo, place), place == combo.currentIndex()
            yield Entry(f"{group}{name}: {text}", run, is_on=is_on)


def of_buttons(root: QWidget, group: str) -> Iterator[Entry]:
    """Return an entry for each named button that is seen somewhere in a widget."""
    for button in root.findChildren(QAbstractButton):
        name = button.accessibleName() or button.text()
        own = button.objectName()
        if not name or not own or own.startswith("qt_") or not button.isVisibleTo(root):
            continue
        if own.endswith(("_close", "_more")) or button.property("is_listed") is False:
            continue
        menu = button.menu() if isinstance(button, QToolButton) else None
        if menu is not None:
            yield from of_actions(menu.actions(), f"{group}{name}: ")
            continue
        why = None if button.isEnabled() else ""
        yield Entry(f"{group}{name[:MOST_NAMED]}", button.click, why=why, is_on=button.isChecked())


def of_controls(root: QWidget, group: str) -> Iterator[Entry]:
    """Return entries for the buttons and choices that are seen somewhere in a widget."""
    yield from of_buttons(root, group)
    for combo in root.findChildren(QComboBox):
        if combo.isVisibleTo(root) and combo.isEnabled() and combo.accessibleName():
            yield from of_choices(combo, group)


def of_pages(root: QWidget, group: str) -> Iterator[Entry]:
    """Return an entry for each page of the tabs in a widget."""
    for tabs in root.findChildren(QTabWidget):
        if tabs.property("is_listed") is not False:
            yield from of_tabs(tabs.tabBar(), group)


def of_tabs(bar: QTabBar, group: str) -> Iterator[Entry]:
    """Return an entry for each tab of a bar."""
    for place in range(bar.count()):
        if bar.isTabVisible(place) and bar.isTabEnabled(place):
            text = f"{group}{bar.tabText(place)}"
            yield Entry(f"{text} (page)", partial(bar.setCurrentIndex, place))


def of_lab(
    lab: QWidget, title: str, go: Callable[[], object], pages: list[QAction]
) -> Iterator[Entry]:
    """Return what can be done in a lab; each goes there first.

    Args:
        lab: Its widgets are looked through.
        title: Of the lab.
        go: Goes there.
        pages: Open what no tab is there for yet.
    """
    group = f"{title} › "

    def entries() -> Iterator[Entry]:
        for page in of_actions(pages, group):
            yield replace(page, text=f"{page.text} (page)")
        yield from of_pages(lab, group)
        yield from of_controls(lab, group)

    for entry in entries():
        yield replace(entry, run=partial(_go_and_do, go, entry.run))


def _go_and_do(go: Callable[[], object], run: Callable[[], object]) -> None:
    go()
    run()


def _choose(combo: QComboBox, place: int) -> None:
    """Choose an entry as a person does."""
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
