"""The layers of a stack as cards: reorder by drag, switch on and off, choose one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from convlab.ui.theme import px, theme
from convlab.ui.widgets.forms import STRETCH, describe, filled, quiet_label

CARD = 48  # height [px]
DROP_LINE = 3  # thickness [px]
UNBOUNDED = 16_777_215  # [px]
DRAGGED = 28  # height of what is dragged along [px]


@dataclass(frozen=True, slots=True)
class LayerEntry:
    """One card of the rail.

    Attributes:
        uid: Of the slot.
        number: Counted from 1.
        title: Number and name.
        shape: Of the result, in words; empty if unknown.
        is_on: It is not switched off.
        error: Why it does not fit, or empty.
        remedies: What the buttons under the error say.
    """

    uid: int
    number: int
    title: str
    shape: str
    is_on: bool = True
    error: str = ""
    remedies: tuple[str, ...] = ()


class _Card(QWidget):
    """What stands on one card.

    Signals:
        toggled: A person switched the layer on or off.
    """

    toggled = Signal()

    def __init__(self, entry: LayerEntry) -> None:
        super().__init__()
        self._switch = QCheckBox()
        self._switch.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the space bar does it from the list
        self._switch.clicked.connect(self.toggled)
        self._number = quiet_label(role="warning" if entry.error else "title")
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        middle = filled(QHBoxLayout(), STRETCH, self._switch, STRETCH, spacing=0)
        filled(QVBoxLayout(self), self._number, middle, margins=(0, 4, 0, 5), spacing=1)
        self.show_entry(entry)

    def can_show(self, entry: LayerEntry) -> bool:
        """Tell whether it need not be made again for an entry: it has its colours."""
        return bool(entry.error) == bool(self.entry.error)

    def show_entry(self, entry: LayerEntry) -> None:
        """Say what a layer is."""
        self.entry = entry
        describe(
            self._switch,
            f"layer_{entry.uid}_switch",
            f"{entry.title} on or off",
            "A layer that is switched off hands its input on unchanged.",
        )
        self._switch.setChecked(entry.is_on)
        self._number.setText(f"{entry.number} !" if entry.error else str(entry.number))
        self._number.setEnabled(entry.is_on)
        told = filter(None, (entry.shape, "" if entry.is_on else "switched off", entry.error))
        self.setToolTip(f"<b>{escape(entry.title)}</b><br>{'<br>'.join(map(escape, told))}")


class LayerList(QListWidget):
    """Shows entries and reports what a person wants changed.

    Signals:
        layer_chosen: uid of the layer chosen.
        layer_moved: (uid, place) where it was dropped or moved by Alt and an arrow key.
        layer_toggled: uid; by its switch or the space bar.
        layer_removed: uid; by the delete key.
        layer_duplicated: uid; by Ctrl+D.
        card_clicked: (uid, whether it was the chosen one already).
        form_wanted: What can be changed of the chosen layer is wanted, by the right arrow key.
    """

    layer_chosen = Signal(int)
    layer_moved = Signal(int, int)
    layer_toggled = Signal(int)
    layer_removed = Signal(int)
    layer_duplicated = Signal(int)
    card_clicked = Signal(int, bool)
    form_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("layer_list")
        self.setAccessibleName("Layers")
        self.setToolTip(
            "<b>Layers</b><br>The picture goes in at the top. Click a card to see what can be "
            "changed of the layer (Right). Drag it to another place (Alt+arrows), switch it off "
            "(Return), duplicate it (Ctrl+D) or remove it (Delete)."
        )
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(self.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setDropIndicatorShown(False)  # the lines would cover it
        self.drop_line = QFrame(self.viewport())
        self.drop_line.setObjectName("layer_drop_line")
        self.drop_line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.drop_line.hide()
        self._entries: tuple[LayerEntry, ...] = ()
        self._pressed: int | None = None  # the layer chosen before the mouse was pressed
        self.verticalScrollBar().valueChanged.connect(self._make_cards)
        self.itemClicked.connect(self._on_item_clicked)
        self.currentItemChanged.connect(self._on_current_item_changed)

    def show_layers(self, entries: Sequence[LayerEntry], chosen: int | None) -> None:
        """Show these layers; emits nothing."""
        self.blockSignals(True)
        failed = {entry.uid for entry in self._entries if entry.error}
        if tuple(entries) != self._entries:
            self._fill(tuple(entries))
        row = next((i for i, entry in enumerate(entries) if entry.uid == chosen), -1)
        if row != self.currentRow():
            self.setCurrentRow(row)
            if row >= 0:
                self.scrollToItem(self.item(row))
        for row, entry in enumerate(entries):
            if entry.error and entry.uid not in failed:
                self.scrollToItem(self.item(row))
        self.blockSignals(False)

    def _fill(self, entries: tuple[LayerEntry, ...]) -> None:
        """Change only the lines that differ: the others keep their place under the mouse."""
        while self.count() > len(entries):
            self.takeItem(self.count() - 1)
        for row, entry in enumerate(entries):
            if row >= self.count():
                self.addItem(QListWidgetItem())
            if row >= len(self._entries) or entry != self._entries[row]:
                self._set_row(row, entry)
        self._entries = entries
        self.updateGeometry()
        self._make_cards()

    def _set_row(self, row: int, entry: LayerEntry) -> None:
        item = self.item(row)
        words = f"{entry.title}, {entry.shape}" + ("" if entry.is_on else ", off")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.error)
        item.setSizeHint(QSize(0, px(CARD)))

    def _make_cards(self) -> None:
        """Make the cards that are in sight, or write those there are: to make 144 takes 0.4 s."""
        top, card = self.verticalScrollBar().value(), px(CARD)
        last = (top + self.viewport().height()) // card + 1
        for row in range(top // card, min(last + 1, len(self._entries))):
            item, entry = self.item(row), self._entries[row]
            old = self.itemWidget(item)
            if isinstance(old, _Card) and old.can_show(entry):
                if old.entry != entry:
                    old.show_entry(entry)
                continue
            if old is not None:
                old.hide()  # Qt deletes it a little later
            made = _Card(entry)
            made.toggled.connect(self._on_card_toggled)
            self.setItemWidget(item, made)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_cards()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.count() * px(CARD) + DROP_LINE)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().boundedTo(QSize(UNBOUNDED, self.sizeHint().height()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for row in range(self.count()):
                self.item(row).setSizeHint(QSize(0, px(CARD)))
            self.updateGeometry()
            self._make_cards()

    @property
    def chosen(self) -> int | None:
        """Uid of the chosen layer."""
        row = self.currentRow()
        return self._entries[row].uid if 0 <= row < len(self._entries) else None

    def _on_current_item_changed(self) -> None:
        if self.chosen is not None:
            self.layer_chosen.emit(self.chosen)

    def _on_card_toggled(self) -> None:
        card = self.sender()
        if isinstance(card, _Card):
            self.layer_toggled.emit(card.entry.uid)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.chosen
        super().mousePressEvent(event)

    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        uid = self._entries[self.row(item)].uid
        self.card_clicked.emit(uid, uid == self._pressed)

    def startDrag(self, actions: Qt.DropAction) -> None:
        if self.currentRow() < 0:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([self.currentItem()]))
        drag.setPixmap(self.drag_image(self.currentRow()))
        drag.setHotSpot(QPoint(px(DRAGGED) // 2, px(DRAGGED) // 2))
        drag.exec(actions, Qt.DropAction.MoveAction)
        self.drop_line.hide()

    def drag_image(self, row: int) -> QPixmap:
        """Return what the mouse takes along of a line: its title."""
        ratio, title = self.devicePixelRatioF(), self._entries[row].title
        size = QSize(self.fontMetrics().horizontalAdvance(title) + px(DRAGGED), px(DRAGGED))
        image = QPixmap(size * ratio)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(theme().panel))
        painter = QPainter(image)
        painter.setFont(self.font())
        painter.setPen(QColor(theme().accent))
        painter.drawRect(0, 0, size.width() - 1, size.height() - 1)
        painter.setPen(QColor(theme().text))
        painter.drawText(
            0, 0, size.width(), size.height(), Qt.AlignmentFlag.AlignCenter.value, title
        )
        painter.end()
        return image

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        if event.source() is self:
            self._show_drop_line(self._place_at(event))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.drop_line.hide()

    def _show_drop_line(self, place: int) -> None:
        """Mark the gap before a line; behind the last one if there is none."""
        edge = self.visualItemRect(self.item(self.count() - 1)).bottom() + 1
        if place < self.count():
            edge = self.visualItemRect(self.item(place)).top()
        view = self.viewport()
        top = max(0, min(edge - DROP_LINE // 2, view.height() - DROP_LINE))
        self.drop_line.setGeometry(0, top, view.width(), DROP_LINE)
        self.drop_line.raise_()
        self.drop_line.show()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where a layer was dropped; the list follows when the document has changed."""
        self.drop_line.hide()
        uid = self.chosen
        if event.source() is self and uid is not None:
            place = self._place_at(event)
            here = self.currentRow()
            if place not in (here, here + 1):
                self.layer_moved.emit(uid, place - (place > here))
        event.setDropAction(Qt.DropAction.CopyAction)  # or Qt would take the line out
        event.accept()

    def _place_at(self, event: QDropEvent) -> int:
        """Return between which lines the mouse is: 0 is before the first."""
        position = event.position().toPoint()
        index = self.indexAt(position)
        if not index.isValid():
            return self.count()
        rect = self.visualRect(index)
        return index.row() + (position.y() > rect.center().y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        uid = self.chosen
        if uid is None or not self._command(uid, event):
            super().keyPressEvent(event)

    def _command(self, uid: int, event: QKeyEvent) -> bool:
        key, row = Qt.Key(event.key()), self.currentRow()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
            if step and 0 <= row + step < self.count():
                self.layer_moved.emit(uid, row + step)
            return bool(step)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.layer_toggled.emit(uid)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.layer_removed.emit(uid)
        elif key is Qt.Key.Key_Right:
            self.form_wanted.emit()
        elif key is Qt.Key.Key_D and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.layer_duplicated.emit(uid)
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent):
            is_ours = event.matches(QKeySequence.StandardKey.Delete)
            event.setAccepted(is_ours)  # the layer's, not the window's
            return is_ours or super().event(event)
        return super().event(event)
