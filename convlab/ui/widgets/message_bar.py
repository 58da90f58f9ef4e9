"""What went wrong or is offered, said where it arose; it never stops anybody.

Each message has an owner, the cause it speaks of: it stays until its owner clears or replaces it,
or until the person closes it. The newest is shown; an older one of another owner comes back when
the newer goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from convlab.engine.errors import as_message
from convlab.ui.widgets.forms import describe, filled, quiet_label, wrapped_label

AIR = 4  # above and below several lines, together [px]


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A button in the line of a message.

    Attributes:
        text: What stands on the button.
        callback: Called when it is pressed; its message is gone by then.
    """

    text: str
    callback: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Message:
    owner: str
    text: str
    actions: tuple[MessageAction, ...] = ()
    on_close: Callable[[], None] | None = None
    is_warning: bool = True


class MessageBar(QFrame):
    """Shows the newest of the messages that still hold, and how many more there are."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("message_bar")
        self.setAccessibleName("Message")
        self._messages: list[_Message] = []  # oldest first
        self._closed: dict[str, str] = {}  # what a person closed, by its owner
        self._name = name
        self._host: QWidget | None = None
        self._label = wrapped_label(name, role="")
        self._label.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <h1>
        self._more = quiet_label(name=f"{name}_more")
        self._buttons: list[QPushButton] = []
        close = describe(QToolButton(), f"{name}_close", "Close", "Hide this message.")
        close.setText("×")
        close.clicked.connect(self._on_close_clicked)
        # A line with buttons is as high as the status bar.
        parts = (self._label, 1), self._more, close
        self._layout = filled(QHBoxLayout(self), *parts, margins=(10, 0, 4, 0))
        self.hide()

    def lie_over(self, host: QWidget, within: QWidget) -> None:
        """Lie over the lower edge of a widget, growing upwards: nothing moves for a message.

        Args:
            host: As wide as this.
            within: Becomes the parent; the host itself, or what the host stands in.
        """
        self._host = host
        self.setParent(within)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._follow(False)

    def _follow(self, is_seen: bool) -> None:
        """Follow what it lies over while it is seen: each event of that passes through here."""
        for each in filter(None, (self._host, self.parentWidget() if self._host else None)):
            if is_seen:
                each.installEventFilter(self)
            else:
                each.removeEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._place()
        return False

    def _place(self) -> None:
        host, within = self._host, self.parentWidget()
        if host is None or within is None or self.isHidden():
            return
        width = host.width()
        height = self._layout.heightForWidth(width)
        if height >= 2 * self.fontMetrics().lineSpacing():  # the frame takes of several lines only
            height = self._layout.totalHeightForWidth(width) + AIR
        corner = host.mapTo(within, host.rect().bottomLeft())
        self.setGeometry(corner.x(), corner.y() + 1 - height, width, height)
        self.raise_()

    @property
    def text(self) -> str:
        """The message shown; empty when hidden."""
        return self._messages[-1].text if self._messages else ""

    def show_message(
        self,
        text: str,
        owner: str = "",
        actions: Sequence[MessageAction] = (),
        on_close: Callable[[], None] | None = None,
        is_warning: bool = True,
    ) -> None:
        """Show a message in place of its owner's last one; an empty text clears that.

        Args:
            text: Plain text; the capital and the full stop are put here.
            owner: What the message is about: "source", "project file".
            actions: What is offered, as buttons in the line.
            on_close: Called when a person closes the message without taking an offer.
            is_warning: Something went wrong; else it is only offered, and in quieter colours.
        """
        message = _Message(owner, as_message(text), tuple(actions), on_close, is_warning)
        self._closed.pop(owner, None)
        others = [other for other in self._messages if other.owner != owner]
        messages = [*others, message] if text else others
        if messages != self._messages:
            self._messages = messages
            self._show_newest()

    def report(self, text: str, owner: str) -> None:
        """Show what is reported again and again while it holds; closed, it stays closed."""
        if not (text or self._messages or self._closed):
            return
        told = {message.owner: message.text for message in self._messages} | self._closed
        if told.get(owner) != (as_message(text) if text else None):
            self.show_message(text, owner)

    def clear(self, owner: str = "") -> None:
        """Take back an owner's message: its cause is gone."""
        self._closed.pop(owner, None)
        if self._messages:
            self.show_message("", owner)

    def _show_newest(self) -> None:
        text = self.text
        more = len(self._messages) - 1
        self._label.setText(text)
        self.setAccessibleDescription(text)
        self._more.setVisible(more > 0)
        self._more.setText(f"{more} more")
        self._show_actions(self._messages[-1].actions if self._messages else ())
        self._paint_as_warning(not self._messages or self._messages[-1].is_warning)
        self.setVisible(bool(text))
        self._place()

    def _paint_as_warning(self, is_warning: bool) -> None:
        role = "warning" if is_warning else "offer"
        if role != self.property("role"):
            for widget in (self, self._label):
                widget.setProperty("role", role)
                self.style().polish(widget)

    def _show_actions(self, actions: Sequence[MessageAction]) -> None:
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(place, action) for place, action in enumerate(actions)]

    def _button(self, place: int, action: MessageAction) -> QPushButton:
        button = QPushButton(action.text.replace("&", "&&"))
        button.setObjectName(f"{self._name}_action_{place}")
        button.setAccessibleName(action.text)
        button.setProperty("place", place)
        button.clicked.connect(self._on_action_clicked)
        self._layout.insertWidget(1 + place, button)
        return button

    def _on_action_clicked(self) -> None:
        sender = self.sender()
        if sender is not None and self._messages:
            message = self._messages.pop()
            self._show_newest()
            message.actions[sender.property("place")].callback()

    def _on_close_clicked(self) -> None:
        message = self._messages.pop()
        self._closed[message.owner] = message.text
        self._show_newest()
        if message.on_close is not None:
            message.on_close()
