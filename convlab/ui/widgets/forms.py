"""Small helpers for rows of controls: every one has a name, a tooltip and an accessible name."""

from __future__ import annotations

from enum import StrEnum
from html import escape
from typing import TypeAlias, TypeVar

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convlab.ui.theme import set_icon
from convlab.ui.widgets.number_box import NumberBox, WholeBox

Choice = TypeVar("Choice", bound=StrEnum)
Control = TypeVar("Control", bound=QWidget)
Box = TypeVar("Box", bound=QBoxLayout)
Part: TypeAlias = QWidget | QLayout
STRETCH = None
"""Room that takes what is left over."""


def describe(control: Control, name: str, label: str, tip: str) -> Control:
    """Give a control its object name, the name a screen reader says, and its tooltip."""
    control.setObjectName(name)
    control.setAccessibleName(label)
    control.setToolTip(f"<b>{label}</b><br>{tip}")
    return control


def plain_tip(text: str) -> str:
    """Return a tooltip that shows a text as it is: Qt would obey what looks like HTML."""
    return f"<span>{escape(text)}</span>" if text else ""


def as_panel(widget: QWidget) -> None:
    """Paint a widget's background as that of a panel."""
    widget.setProperty("role", "panel")
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def filled(
    layout: Box,
    *parts: Part | tuple[Part, int] | int | None,
    margins: tuple[int, int, int, int] | None = None,
    spacing: int | None = None,
) -> Box:
    """Put widgets and layouts into a layout, one after another; a number beside one stretches it.

    Args:
        layout: Is returned.
        parts: What it holds; a number by itself is a gap [px], STRETCH is room.
        margins: Left, above, right and below [px]; None for those of the style.
        spacing: Between the parts [px]; None for that of the style.
    """
    if margins is not None:
        layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for each in parts:
        part, stretch = each if isinstance(each, tuple) else (each, 0)
        if isinstance(part, QWidget):
            layout.addWidget(part, stretch)
        elif isinstance(part, QLayout):
            layout.addLayout(part, stretch)
        elif part is None:
            layout.addStretch(1)
        else:
            layout.addSpacing(part)
    return layout


def padded(widget: QWidget) -> QWidget:
    """Return a panel that holds a widget with room around it, as a tab."""
    panel = QWidget()
    as_panel(panel)
    filled(QVBoxLayout(panel), widget, margins=(12, 2, 12, 6))
    return panel


class ElidedLabel(QLabel):
    """A label that ends in an ellipsis where its text has no room."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setMinimumWidth(20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.contentsRect().width()
        elided = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(elided)
        self.setToolTip(self._whole if elided != self._whole else "")

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(width, super().sizeHint().height())


class _ScrolledDown(QScrollArea):
    """Scrolls up and down only, for it is as wide as what it holds needs, whatever that becomes."""

    def minimumSizeHint(self) -> QSize:
        held, own = self.widget(), super().minimumSizeHint()
        inner = 0 if held is None else max(held.minimumSizeHint().width(), held.minimumWidth())
        return QSize(inner + self.verticalScrollBar().sizeHint().width(), own.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def scrolled(widget: QWidget, label: str) -> QScrollArea:
    """Return a widget in an area that scrolls up and down, and is never narrower than it."""
    area = _ScrolledDown()
    area.setAccessibleName(label)
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def flatten_tabs(tabs: QTabWidget, label: str) -> None:
    """Let tabs lie in their panel without a frame around them."""
    tabs.setDocumentMode(True)
    tabs.tabBar().setDrawBase(False)
    tabs.tabBar().setAccessibleName(label)


def quiet_label(text: str = "", role: str = "quiet", name: str = "") -> QLabel:
    """Return a label in a role of the style sheet: quiet, warning or title."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setProperty("role", role)
    return label


def wrapped_label(name: str, text: str = "", role: str = "quiet") -> QLabel:
    """Return a label in a role whose text takes as many lines as it needs."""
    label = quiet_label(text, role, name)
    label.setWordWrap(True)
    return label


def progress_bar(name: str, tip: str, most: int) -> QProgressBar:
    """Return a low bar without a text that goes from 0 to a number."""
    bar = describe(QProgressBar(), name, "Progress", tip)
    bar.setRange(0, most)
    bar.setFixedHeight(18)
    bar.setTextVisible(False)
    return bar


def push_button(name: str, label: str, tip: str, text: str = "") -> QPushButton:
    """Return a button with a text; its label where that is not another."""
    return describe(QPushButton(text or label), name, label, tip)


def check_box(name: str, label: str, tip: str, text: str) -> QCheckBox:
    """Return a box to tick with a text beside it."""
    return describe(QCheckBox(text), name, label, tip)


def tool_button(name: str, label: str, tip: str, icon_name: str) -> QToolButton:
    """Return a flat button with an icon."""
    button = describe(QToolButton(), name, label, tip)
    set_icon(button, icon_name)
    return button


def spin_box(name: str, label: str, tip: str, low: int, high: int) -> WholeBox:
    """Return a box for whole numbers."""
    spin = describe(WholeBox(), name, label, tip)
    spin.setRange(low, high)
    finish_before_telling(spin)
    leave_wheel_to_form(spin)
    return spin


def decimal_box(
    name: str, label: str, tip: str, low: float, high: float, digits: int = 6
) -> NumberBox:
    """Return a box for decimal numbers, with at most so many digits behind the point."""
    spin = describe(NumberBox(), name, label, tip)
    spin.setDecimals(digits)
    spin.setRange(low, high)
    finish_before_telling(spin)
    leave_wheel_to_form(spin)
    return spin


def finish_before_telling(spin: NumberBox | WholeBox) -> None:
    """Tell of a typed number when it is finished, and leave undo to the window from then on."""
    spin.setKeyboardTracking(False)
    spin.installEventFilter(_SpinUndo(spin))


def let_type(combo: QComboBox) -> QLineEdit:
    """Let people type into a combo box what is none of its entries; return its line.

    It stands as it was typed, and undo is left to the window while nothing is unfinished.
    """
    line = _NameLine(combo)
    combo.setLineEdit(line)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    combo.setCompleter(None)  # type: ignore[arg-type]  # what was typed may begin like an entry
    combo.installEventFilter(_LineUndo(combo, line))  # it has the focus, not its line
    return line


class _NameLine(QLineEdit):
    """Ends a text without room in an ellipsis, unless it is typed into; its box has the focus."""

    def paintEvent(self, event: QPaintEvent) -> None:
        room, combo = self.rect().adjusted(0, 0, -2, 0), self.parentWidget()
        is_whole = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        if is_whole or combo is None or combo.hasFocus():
            super().paintEvent(event)
            return
        elided = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), elided, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class _WindowUndo(QObject):
    """Leaves undo and redo to the window while nothing unfinished stands in a control.

    So it does with the space bar, unless a text is typed: numbers have none.
    """

    takes_space = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        keys = QKeySequence.StandardKey
        is_undo = event.matches(keys.Undo) or event.matches(keys.Redo)
        is_space = event.key() == Qt.Key.Key_Space and not self.takes_space
        return is_space or (is_undo and self._is_finished())

    def _is_finished(self) -> bool:
        raise NotImplementedError


class _LineUndo(_WindowUndo):
    """Of a combo box with a line: unfinished from the first key on until it is shown again."""

    takes_space = True

    def __init__(self, combo: QComboBox, line: QLineEdit) -> None:
        super().__init__(combo)
        self._line = line

    def _is_finished(self) -> bool:
        return not self._line.isModified()


class _SpinUndo(_WindowUndo):
    """Of a spin box."""

    def __init__(self, spin: NumberBox | WholeBox) -> None:
        super().__init__(spin)
        self._spin = spin

    def _is_finished(self) -> bool:
        return self._spin.text() == self._finished_text()

    def _finished_text(self) -> str:
        spin = self._spin
        if spin.specialValueText() and spin.value() == spin.minimum():
            return spin.specialValueText()
        number = spin.textFromValue(spin.value())  # type: ignore[arg-type]
        return f"{spin.prefix()}{number}{spin.suffix()}"


def leave_wheel_to_form(control: QWidget) -> None:
    """Let the wheel change a control only while it has the focus, which the wheel does not give."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_FormWheel(control))


class _FormWheel(QObject):
    """Hands the wheel on to the form that scrolls under a control without the focus."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or self._control.hasFocus():
            return False
        event.ignore()
        return True


def combo_box(name: str, label: str, tip: str) -> QComboBox:
    """Return an empty combo box."""
    combo = describe(QComboBox(), name, label, tip)
    leave_wheel_to_form(combo)
    return combo


def choice_box(name: str, label: str, tip: str, choices: dict[Choice, str]) -> QComboBox:
    """Return a combo box of an enum's members with their titles."""
    combo = combo_box(name, label, tip)
    for choice, title in choices.items():
        combo.addItem(title, choice.value)
    return combo


def show_choice(combo: QComboBox, value: object) -> None:
    """Select an item by its data without telling anyone."""
    with QSignalBlocker(combo):
        combo.setCurrentIndex(combo.findData(value))
