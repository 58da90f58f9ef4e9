"""Which planes of the picture are used: colour space, and a chip per channel to mute or solo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from convlab.document.kernel.model import Channels
from convlab.layers.parameters import parameter
from convlab.ui.widgets.forms import describe, filled
from convlab.ui.widgets.param_fields import field_of, show_values

MOST_CHANNELS = 3


class ChannelStrip(QWidget):
    """The chips; reports what a person wants of the channels.

    Signals:
        parameter_chosen: Name of a parameter of the Channels, and its new value.
        mute_toggled: Number of a channel.
        solo_toggled: Number of a channel (double click, or click with Ctrl).
    """

    parameter_chosen = Signal(str, object)
    mute_toggled = Signal(int)
    solo_toggled = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("channel_strip")
        self.setAccessibleName("Channels of the input")
        self._space = field_of(parameter(Channels, "space"), "color_space")
        self._combine = field_of(parameter(Channels, "combine"), "combine")
        self._combine.hide()
        self._chips = [self._make_chip(number) for number in range(MOST_CHANNELS)]
        filled(QHBoxLayout(self), *self._chips, margins=(0, 0, 0, 0), spacing=4)
        self.hide()
        for field in (self._space, self._combine):
            field.chosen.connect(self.parameter_chosen)

    def _make_chip(self, number: int) -> QPushButton:
        tip = "Click to mute, double-click (or Ctrl+click) to hear it alone: solo."
        chip = describe(QPushButton(), f"channel_chip_{number}", "Channel", tip)
        chip.setCheckable(True)
        chip.setFixedWidth(27)
        chip.hide()
        chip.installEventFilter(self)
        chip.clicked.connect(self._on_chip_clicked)
        return chip

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What is placed, the most important first: the space, the chips, their combination."""
        return self._space, self, self._combine

    def set_channels(self, channels: Channels, has_color: bool) -> None:
        """Show the choice; a grey picture has nothing to choose."""
        show_values((self._space, self._combine), channels)
        names = channels.space.channels
        self._space.setEnabled(has_color)
        several = len(names) > 1 and has_color
        self._combine.setVisible(several)
        self.setVisible(several)
        for number, chip in enumerate(self._chips):
            chip.setVisible(several)
            if several:
                chip.setText(names[number])
                chip.setAccessibleName(f"Channel {names[number]}")
                chip.setChecked(number not in channels.muted)

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
