"""Whether each channel has a kernel of its own, and which of them is edited."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QPushButton, QWidget

from convlab.document.kernel.model import KernelState
from convlab.document.kernel.per_channel import MOST_CHANNELS
from convlab.ui.fitting_texts import FittingLabel
from convlab.ui.theme import px
from convlab.ui.widgets.forms import STRETCH, describe, filled

BESIDE, BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
CHIP = 27  # width of a channel's button [px]


class KernelChips(QWidget):
    """A button for each channel that has a kernel; the one whose kernel is edited is lit.

    Signals:
        channel_chosen: Its number.
    """

    channel_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._chips = [self._make_chip(number) for number in range(MOST_CHANNELS)]
        filled(QHBoxLayout(self), *self._chips, margins=(0, 0, 0, 0), spacing=3)
        self.hide()

    def _make_chip(self, number: int) -> QPushButton:
        chip = describe(QPushButton(), f"kernel_channel_{number}", "Channel", "Edit its kernel.")
        chip.setCheckable(True)
        chip.setFixedWidth(px(CHIP))
        chip.clicked.connect(self._on_clicked)
        return chip

    def show_state(self, state: KernelState) -> None:
        """Show the channels and the chosen one, or nothing where all have one kernel."""
        self.setVisible(state.has_several)
        for number, chip in enumerate(self._chips[: len(state.channels.space.channels)]):
            name = state.channels.space.channels[number]
            chip.setText(name)
            chip.setAccessibleName(f"Kernel of channel {name}")
            chip.setChecked(number == state.per_channel.chosen)

    def _on_clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            chip.setChecked(True)  # it stays lit, where nothing changes
            self.channel_chosen.emit(self._chips.index(chip))


class ChannelKernels(QWidget):
    """The choice between one kernel for all channels and one for each.

    Signals:
        toggled: Each channel is to have a kernel of its own, or not.
        others_cleared: The kernels of the channels that are not edited are to become 0.
    """

    toggled = Signal(bool)
    others_cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("channel_kernels")
        tip = (
            "Each channel gets a kernel of its own. With <i>sum</i> above the input they are one "
            "filter of a network; with <i>each</i> they are a depthwise convolution."
        )
        self._several = describe(
            QCheckBox("kernel per channel"), "several_kernels_check", "A kernel per channel", tip
        )
        tip = "Let the edited channel alone count: the kernels of the others become 0."
        self._only = describe(QPushButton("only"), "only_channel_button", "Only this channel", tip)
        row = filled(QHBoxLayout(), self._several, STRETCH, self._only)
        self._words = FittingLabel("groups_words")
        self._box = QBoxLayout(BESIDE, self)
        filled(self._box, row, (self._words, 1), margins=(0, 0, 0, 0))
        self._several.toggled.connect(self.toggled)
        self._only.clicked.connect(self.others_cleared)
        self.hide()

    def show_state(self, state: KernelState, has_color: bool) -> None:
        """Show the choice; a picture of one channel has none."""
        names = state.channels.space.channels
        self.setVisible(has_color and len(names) > 1)
        with QSignalBlocker(self._several):
            self._several.setChecked(state.per_channel.is_on)
        self._words.show_texts(*groups_texts(state))
        self._box.setDirection(BELOW if state.has_several else BESIDE)
        self._box.setSpacing(2 if state.has_several else 8)
        self._only.setVisible(state.has_several)
        if state.has_several:
            self._only.setText(f"only {names[state.per_channel.chosen]}")


def groups_texts(state: KernelState) -> tuple[str, ...]:
    """Return how many groups and weights the kernels are as a layer of a network.

    It is said in fewer and fewer words.
    """
    bank = state.bank()
    groups, planes, rows, columns = bank.shape
    weights = bank.size if state.has_several else rows * columns
    if groups > 1:
        kind = "depthwise" if state.has_several else "the same in all"
        said = [
            f"{groups} groups, {kind}: {weights} weights",
            f"{groups} groups, {weights} weights",
        ]
    else:
        said = [f"1 group, one {rows}×{columns}×{planes} filter: {weights} weights"]
    return (*said, f"{weights} weights", "")
