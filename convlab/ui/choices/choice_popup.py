"""The open list: a search field above groups of entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QCursor, QHelpEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QToolTip, QVBoxLayout, QWidget

from convlab.runtime.thumbnails import Thumbnailer, Thumbnails
from convlab.ui.choices.choice import Choice
from convlab.ui.choices.choice_delegate import ChoiceDelegate, picture_room
from convlab.ui.choices.choice_model import ChoiceModel
from convlab.ui.theme import px
from convlab.ui.widgets.forms import describe, filled, plain_tip, quiet_label, wrapped_label

WIDTH = 440  # where entries have lines [px]
NARROW = 240  # where they have names alone [px]
WIDEST = 520  # as wide as what opens it, up to that [px]
HEIGHT = 480  # at most [px]
LEAST = 220  # rather above what opens it than lower than that [px]
_EDGE = 4  # to the end of the screen [px]
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}

MakeThumbnails: TypeAlias = Callable[[tuple[int, int]], Thumbnails]
"""Makes the pictures of a list, of at most (rows, columns) [px]."""


class Pictures(NamedTuple):
    """Where the pictures of a list come from: who runs it, and what it runs."""

    thumbnailer: Thumbnailer
    make: MakeThumbnails


class ChoicePopup(QFrame):
    """Opens beside a control, and tells what was chosen in it.

    Typing searches at once; arrows move, Enter chooses, Escape closes.

    Args:
        control: Its object name begins those of the parts, and its label theirs.
        pictures: Of the entries; None: there are none.
        note: What holds for all of them; stands below the list.

    Signals:
        chosen: Key of the entry that was chosen; the list has closed.
    """

    chosen = Signal(str)

    def __init__(self, control: QWidget, pictures: Pictures | None, note: str = "") -> None:
        # Style sheets leave frames in a combo box alone: its parent is theirs.
        super().__init__(control.parentWidget() or control, Qt.WindowType.Popup)
        name, label = control.objectName(), control.accessibleName()
        self.setObjectName(f"{name}_popup")
        self.setProperty("role", "choices")
        self.setAccessibleName(label)
        # A click beside it closes it, and does nothing else: on the control it would open again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self._control = control
        self._mouse = QPoint()
        self._pictures = pictures
        self._model = ChoiceModel()
        self.search = describe(
            QLineEdit(), f"{name}_search", f"Search: {label}", "Parts of words, in any order."
        )
        self.search.setPlaceholderText("Search")
        self.search.setClearButtonEnabled(True)
        self.view = self._make_view(f"{name}_list", label)
        self._nothing = quiet_label("Nothing has all these words.", name=f"{name}_nothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note = wrapped_label(f"{name}_note", note)
        self._note.setContentsMargins(9, 5, 9, 6)
        layout = filled(QVBoxLayout(self), margins=(1, 1, 1, 1), spacing=0)
        head = filled(QVBoxLayout(), self.search, margins=(7, 7, 7, 7))
        filled(layout, head, (self.view, 1), (self._nothing, 1), self._note)
        self._note.setVisible(bool(note))
        self.search.textChanged.connect(self._on_text_changed)
        self.search.installEventFilter(self)

    def _make_view(self, name: str, label: str) -> QListView:
        view = QListView()
        view.setObjectName(name)
        view.setAccessibleName(label)
        view.setModel(self._model)
        self._delegate = ChoiceDelegate(self._model, self._pictures is not None, view)
        view.setItemDelegate(self._delegate)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys are for the search field
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setMouseTracking(True)
        view.entered.connect(self._on_entered)
        view.clicked.connect(self._on_clicked)
        view.viewport().installEventFilter(self)
        return view

    # ---- opening and closing ----

    def open(self, choices: Sequence[Choice], present: str, typed: str = "") -> None:
        """Show entries, with the present one in sight; typed words are searched."""
        self._model.set_choices(choices)
        self._delegate.present = present
        self._search("")
        self.setGeometry(self._place())
        self.search.setText(typed)
        self.show()
        self.view.scrollTo(self.view.currentIndex(), QListView.ScrollHint.PositionAtCenter)
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._make_pictures()

    def _make_pictures(self) -> None:
        if self._pictures is not None:
            ratio = self.devicePixelRatioF()
            room = picture_room()
            size = round(room.height() * ratio), round(room.width() * ratio)
            thumbnailer, make = self._pictures
            thumbnailer.make(make(size), self._model.show_thumbnail)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._pictures is not None:
            self._pictures.thumbnailer.cancel()

    def _place(self) -> QRect:
        """Return where it opens: below the control, or above if there is more room; on screen."""
        opener = self._control
        screen = opener.screen().availableGeometry().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        control = QRect(opener.mapToGlobal(QPoint(0, 0)), opener.size())
        least = px(WIDTH if self._model.has_lines else NARROW)
        width = max(least, min(control.width(), px(WIDEST)))
        below, above = screen.bottom() - control.bottom(), control.top() - screen.top()
        goes_up = below < min(px(LEAST), above)
        height = min(self._wanted_height(), px(HEIGHT), above if goes_up else below)
        place = QRect(control.left(), 0, min(width, screen.width()), height)
        place.moveTop(control.top() - height if goes_up else control.bottom() + 1)
        place.moveRight(min(place.right(), screen.right()))
        place.moveLeft(max(place.left(), screen.left()))
        return place

    def _wanted_height(self) -> int:
        rows = sum(self.view.sizeHintForRow(row) for row in range(self._model.rowCount()))
        note = self._note.heightForWidth(px(WIDTH)) if self._note.text() else 0
        return rows + self.search.sizeHint().height() + note + px(20)

    # ---- searching and moving ----

    def _on_text_changed(self, typed: str) -> None:
        self._search(typed)

    def _search(self, typed: str) -> None:
        self._mouse = QCursor.pos()
        self._model.search(typed)
        is_empty = not self._model.rowCount()
        self.view.setHidden(is_empty)
        self._nothing.setVisible(is_empty)
        row = -1 if typed else self._model.row_of(self._delegate.present)
        self._go_to(row if row >= 0 else self._model.first_choice)

    def _go_to(self, row: int) -> None:
        index = self._model.index(row) if row >= 0 else QModelIndex()
        self.view.setCurrentIndex(index)
        choice = self._model.choice(index)
        # The field keeps the focus, so it is the field that says what Enter would choose.
        self.search.setAccessibleDescription(f"{choice.name}. {choice.line}" if choice else "")
        if choice is not None:
            # With the first entry its heading comes into sight.
            is_first = row == self._model.first_choice
            self.view.scrollTo(self._model.index(0) if is_first else index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._take_key(event)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_whole(event)
            return True
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        row = self.view.currentIndex().row()
        page = max(self.view.viewport().height() // max(self.view.sizeHintForRow(row), 1) - 1, 1)
        steps = _STEPS | {Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        if key in steps:
            self._go_to(self._model.next_choice(row, steps[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.view.currentIndex())
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _show_whole(self, event: QHelpEvent) -> None:
        """Show all of an entry whose words may have no room."""
        choice = self._model.choice(self.view.indexAt(event.pos()))
        text = "" if choice is None else f"{choice.name}\n{choice.line}".strip()
        QToolTip.showText(event.globalPos(), plain_tip(text).replace("\n", "<br>"), self.view)

    # ---- choosing ----

    def _on_entered(self, index: QModelIndex) -> None:
        """Follow the mouse; one that rests where the list opens chooses nothing."""
        if self._model.choice(index) is not None and QCursor.pos() != self._mouse:
            self.view.setCurrentIndex(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        choice = self._model.choice(index)
        if choice is not None:
            self.hide()
            self.chosen.emit(choice.key)
