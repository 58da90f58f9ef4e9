"""Which planes of the picture are used: colour space, and a chip per channel to mute or solo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from convlab.document.document import Channels, Combine
from convlab.engine.color import ColorSpace
from convlab.ui.widgets.forms import choice_box, describe, show_choice

SPACES = {
    ColorSpace.GREY: "Grey",
    ColorSpace.RGB: "RGB",
    ColorSpace.HSV: "HSV",
    ColorSpace.LAB: "Lab",
}
COMBINATIONS = {Combine.EACH: "each", Combine.SUM: "sum"}
MOST_CHANNELS = 3


class ChannelStrip(QWidget):
    """Reports what a person wants of the channels.

    Signals:
        space_chosen: Name of a ColorSpace.
        mute_toggled: Number of a channel.
        solo_toggled: Number of a channel (double click, or click with Ctrl).
        combine_chosen: Name of a Combine.
    """

    space_chosen = Signal(str)
    mute_toggled = Signal(int)
    solo_toggled = Signal(int)
    combine_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("channel_strip")
        self.setAccessibleName("Channels of the input")
        self._space = choice_box(
            "color_space_combo",
            "Channels",
            "Which planes of the picture the kernel runs over. Several planes are painted as red, "
            "green and blue.",
            SPACES,
        )
        self._combine = choice_box(
            "combine_combo",
            "Combination",
            "<i>each</i>: every channel gets its own result.<br><i>sum</i>: the results "
            "are added to one map, as a layer of a network does.",
            COMBINATIONS,
        )
        self._combine.hide()
        self._chips = [self._make_chip(number) for number in range(MOST_CHANNELS)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self._space, *self._chips, self._combine):
            layout.addWidget(widget)
        self._space.activated.connect(self._on_space_activated)
        self._combine.activated.connect(self._on_combine_activated)

    def _make_chip(self, number: int) -> QPushButton:
        tip = "Click to mute, double-click (or Ctrl+click) to hear it alone: solo."
        chip = describe(QPushButton(), f"channel_chip_{number}", "Channel", tip)
        chip.setCheckable(True)
        chip.setFixedWidth(27)
        chip.hide()
        chip.installEventFilter(self)
        chip.clicked.connect(self._on_chip_clicked)
        return chip

    def set_channels(self, channels: Channels, has_color: bool) -> None:
        """Show the choice; a grey picture has nothing to choose."""
        show_choice(self._space, channels.space.value)
        names = channels.space.channels
        self._space.setEnabled(has_color)
        several = len(names) > 1 and has_color
        self._combine.setVisible(several)
        show_choice(self._combine, channels.combine.value)
        for number, chip in enumerate(self._chips):
            chip.setVisible(several)
            if several:
                chip.setText(names[number])
                chip.setAccessibleName(f"Channel {names[number]}")
                chip.setChecked(number not in channels.muted)

    def _on_space_activated(self, index: int) -> None:
        self.space_chosen.emit(self._space.itemData(index))

    def _on_combine_activated(self, index: int) -> None:
        self.combine_chosen.emit(self._combine.itemData(index))

    def _on_chip_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.mute_toggled.emit(self._chips.index(chip))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QPushButton) and isinstance(event, QMouseEvent):
            doubled = event.type() == QEvent.Type.MouseButtonDblClick
            with_control = (
                event.type() == QEvent.Type.MouseButtonPress
                and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            )
            if doubled or with_control:
                self.solo_toggled.emit(self._chips.index(watched))
                return True
        return False
