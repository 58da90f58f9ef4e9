"""The window as a screen reader walks through it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from convlab.ui import access

Role = QAccessible.Role
CONTAINERS = {
    Role.Client,
    Role.LayeredPane,
    Role.Pane,
    Role.Border,
    Role.Splitter,
    Role.ScrollBar,
    Role.Separator,
}
"""They only hold others: without the focus they need no name."""


def elements(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """Walk through a widget and all in it, what is hidden too."""
    access.install()
    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    yield from _below(root)


def _below(element: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield element
    for place in range(element.childCount()):
        child = element.child(place)
        if child is not None and child.isValid():
            yield from _below(child)


def name_of(element: QAccessibleInterface) -> str:
    return element.text(QAccessible.Text.Name)


def needs_name(element: QAccessibleInterface) -> bool:
    """Whether a person meets it: a label without a text and an empty line of a list are silent."""
    made = element.object()
    if isinstance(made, QWidget) and made.focusPolicy() is Qt.FocusPolicy.ClickFocus:
        return element.role() is not Role.StaticText  # only its text can be selected
    if element.state().focusable:
        return True
    return element.role() not in {*CONTAINERS, Role.StaticText, Role.ListItem}


def described(element: QAccessibleInterface) -> str:
    """Say which element it is, for the message of a test."""
    words = [str(element.role()).removeprefix("Role.")]
    at: QAccessibleInterface | None = element
    while at is not None and len(words) < 4:
        made = at.object()
        if made is not None:
            words.append(f"{type(made).__name__} {made.objectName()}".strip())
        at = at.parent()
    return " in ".join(words)
