"""What opens a long list: a box that shows the present entry, or a button."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QToolTip,
    QWidget,
)

from convlab.runtime.thumbnails import Thumbnailer
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_popup import ChoicePopup, MakeThumbnails, Pictures
from convlab.ui.widgets.forms import describe, plain_tip

_LINE_ROLE = Qt.ItemDataRole.ToolTipRole
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_BOX = QStyle.ComplexControl.CC_ComboBox
_FIELD = QStyle.SubControl.SC_ComboBoxEditField
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChoiceList(QObject):
    """The entries of a control, and the list that opens for them; made when it is first wanted.

    Args:
        control: Opens it; its object name begins those of the list's parts.

    Signals:
        chosen: Key of the entry that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control
        self._pictures: Pictures | None = None
        self._popup: ChoicePopup | None = None
        self.choices: Sequence[Choice] = ()
        self.note = ""
        """What holds for all entries: stands below them."""

    def set_thumbnails(self, thumbnailer: Thumbnailer, make: MakeThumbnails) -> None:
        """Show pictures beside the entries, made whenever the list opens."""
        self._pictures = Pictures(thumbnailer, make)

    def open(self, present: str = "", typed: str = "") -> None:
        """Open the list with the present entry in sight; typed words are searched."""
        if self._popup is None:
            self._popup = ChoicePopup(self._control, self._pictures, self.note)
            self._popup.chosen.connect(self.chosen)
        offered = [choice for choice in self.choices if choice.is_offered]
        self._popup.open(offered, present, typed)

    def close(self) -> None:
        """Close the list without a choice."""
        if self._popup is not None:
            self._popup.hide()


class ChoiceBox(QComboBox):
    """A combo box whose list has groups, a search field and pictures.

    The data of an item is the key of its entry. ``activated`` tells of a choice, as of any combo
    box. A click leaves the keyboard's focus where it was, so that the next key is not for the box;
    the wheel belongs to what scrolls around it.

    Args:
        name: Its object name.
        label: What a screen reader calls it.
        tip: What it is for.

    Signals:
        about_to_open: The list will be seen.
    """

    about_to_open = Signal()

    def __init__(self, name: str, label: str, tip: str) -> None:
        super().__init__()
        describe(self, name, label, tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumContentsLength(9)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list = ChoiceList(self)
        self.list.chosen.connect(self._on_chosen)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """List entries; the present one stays if it is among them. Nobody is told."""
        present = self.currentData()
        with QSignalBlocker(self):
            self.clear()
            for choice in choices:
                self.addItem(choice.name, choice.key)
                self.setItemData(self.count() - 1, plain_tip(choice.line), _LINE_ROLE)
            self.list.choices = choices
            self.setCurrentIndex(self.findData(present))

    def open_list(self, typed: str = "") -> None:
        """Open the list at the present entry; typed words are searched."""
        self.about_to_open.emit()
        present = self._present()
        self.list.open("" if present is None else present.key, typed)

    def showPopup(self) -> None:
        self.open_list()

    def hidePopup(self) -> None:
        self.list.close()

    def _present(self) -> Choice | None:
        """Return the entry whose name is shown."""
        at = self.findText(self.currentText())
        return None if at < 0 else self.list.choices[at]

    def _on_chosen(self, key: str) -> None:
        index = self.findData(key)
        if self.isEditable():
            self.clearFocus()  # a click into the line gave it to the box
        self.setCurrentIndex(index)
        self.activated.emit(index)

    # ---- keys, wheel and tooltips ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        opens = event.key() in _ENTER
        if self.isEditable():
            opens = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
        typed = "" if event.modifiers() & _MODIFIERS else event.text().strip()
        if opens:
            self.open_list()
        elif typed.isprintable() and typed and not self.isEditable():
            self.open_list(typed)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_whole(event)
            return True
        return super().event(event)

    def _show_whole(self, event: QHelpEvent) -> None:
        QToolTip.showText(event.globalPos(), self.tip(), self)

    def tip(self) -> str:
        """Return the name of the present entry, which may be cut in the box, its line, and more."""
        present = self._present()
        words = [escape(self.currentText())]
        if present is not None and present.line:
            words.append(escape(present.line))
        return "<br>".join([*words, self.toolTip()])

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as any combo box, but end a name without room in an ellipsis."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(_BOX, option)
        if not self.isEditable():
            option.currentText = self.shown_text()
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def shown_text(self) -> str:
        """Return what has room of the name."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(_BOX, option, _FIELD, self).width() - 2
        elided = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.currentText(), elided, room)


class ChoiceButton(QToolButton):
    """A button that opens a list of what can be done.

    Args:
        name: Its object name.
        label: What a screen reader calls it.
        tip: What it is for.
        text: What stands on it.

    Signals:
        chosen: Key of an entry.
    """

    chosen = Signal(str)

    def __init__(self, name: str, label: str, tip: str, text: str) -> None:
        super().__init__()
        describe(self, name, label, tip)
        self.setText(text)
        self.setProperty("role", "button")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list = ChoiceList(self)
        self.list.chosen.connect(self.chosen)
        self.clicked.connect(self.open_list)

    def open_list(self) -> None:
        """Open the list."""
        self.list.open()
