"""What a screen reader is told beyond what widgets say by themselves, made when it first asks.

Qt asks a factory for each widget that a screen reader meets, and for none while there is no screen
reader. PySide has no ``QAccessibleTableInterface``, and an interface made in Python crashes with
its widget, so the factory makes none: it names the parts that Qt made for a widget, and gives what
paints numbers a table of Qt's own.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QComboBox,
    QMainWindow,
    QSizeGrip,
    QSplitterHandle,
    QTabBar,
    QToolButton,
    QWidget,
)

from convlab.ui.cell_table import read_cells

# What Qt makes for a tool bar without room.
EXTENSION = "qt_toolbar_ext_button"


@cache
def install() -> None:
    """Complete every widget from now on, once for the process."""
    QAccessible.installFactory(_complete)


def _complete(_class_name: str, asked: QObject | None) -> None:
    """Complete a widget; returns no interface, so that Qt goes on to make its own."""
    if isinstance(asked, QWidget):
        complete(asked)


def complete(widget: QWidget) -> None:
    """Name the parts of a widget as the widget, and let painted numbers be read as a table."""
    read_cells(widget)
    match widget:
        case QComboBox():
            _name(widget.view(), widget.accessibleName())
            line = widget.lineEdit()
            if line is not None:
                _name(line, widget.accessibleName())
        case QAbstractScrollArea():
            _name(widget.viewport(), widget.accessibleName())
        case QTabBar() if isinstance(widget.parent(), QMainWindow):
            _name(widget, "Panels")
        case QSplitterHandle() | QSizeGrip():
            _name(widget, "Divider")
        case QToolButton() if widget.objectName() == EXTENSION:
            _name(widget, "More tools")


def _name(part: QWidget, name: str) -> None:
    if not part.accessibleName():
        part.setAccessibleName(name)
