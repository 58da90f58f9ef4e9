"""The left of the detail: what comes into the map, and the controls of its kernels."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.layers import Layer, Linear
from convlab.layers.base import WeightedLayer
from convlab.layers.catalog import entry_of
from convlab.layers.filters import dense_maps, kernels_of
from convlab.layers.graph import INPUT
from convlab.ui.stack import stack_words
from convlab.ui.stack.detail_layout import LEAST_ROW, Beside
from convlab.ui.stack.fill_button import FillButton
from convlab.ui.stack.incoming_view import IncomingView
from convlab.ui.stack.norm_form import NormForm
from convlab.ui.stack.stack_selection import Filter
from convlab.ui.theme import px
from convlab.ui.widgets.forms import (
    STRETCH,
    decimal_box,
    filled,
    push_button,
    quiet_label,
    tool_button,
    wrapped_label,
)
from convlab.ui.widgets.map_words import shape_text
from convlab.ui.widgets.message_bar import MessageBar

MESSAGE_LINE = 36  # kept free for a message [px]
LOW = 300  # lower panels leave out what can be done without [px]
ONE_LINE_FROM = 320  # from here on all controls have room in one line [px]
WITH_PARTS, ALONE = 430, 300  # wanted with kernels and without [px]


class IncomingPanel(QWidget):
    """Shows the maps below the selected one with their kernels and what they add.

    Signals:
        bias_chosen: The new bias of the map.
        number_chosen: (name, the new number) of those that a normalisation has for each channel.
    """

    bias_chosen = Signal(float)
    number_chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.view = IncomingView()
        self.fill = FillButton()
        self.message = MessageBar("filter_message")
        self.bias = decimal_box(
            "filter_bias_spin", "Bias", "Added to every sum of this map.", -1e6, 1e6, 3
        )
        self.bias.setSingleStep(0.05)
        self.numbers = NormForm()
        self._title = quiet_label(role="title", name="below_title")
        self._shape = quiet_label(name="below_shape")
        self._summary = wrapped_label("detail_summary")
        self._pages = quiet_label(name="incoming_pages")
        self._back = tool_button("incoming_back_button", "Back", "The maps before.", "chevron-left")
        self._next = tool_button(
            "incoming_next_button", "Next", "The maps after (wheel, PageDown).", "chevron-right"
        )
        self._sort = push_button(
            "incoming_sort_button",
            "Largest first",
            "The maps that add most to the selected unit first, as they are now; else in order.",
        )
        self._sort.setCheckable(True)
        self._layer: Layer | None = None
        self._uid: int | None = None  # of the layer whose maps are shown
        self._kernel: Filter | None = None
        self._arrange()
        self._connect()

    @property
    def beside(self) -> Beside:
        """What this shows beside the map."""
        if self._layer is None:
            return Beside.NOTHING
        return Beside.KERNELS if self.has_kernels else Beside.MAPS

    @property
    def has_kernels(self) -> bool:
        """The maps are multiplied with kernels."""
        return isinstance(self._layer, WeightedLayer)

    def wanted_width(self, height: int) -> int:
        """Return how wide this is at best [px at scale 1]."""
        return {Beside.KERNELS: WITH_PARTS, Beside.MAPS: ALONE, Beside.NOTHING: 0}[self.beside]

    def _arrange(self) -> None:
        self._pager, self._controls, fills = QWidget(), QWidget(), QWidget()
        pager = self._back, self._pages, self._next, STRETCH
        filled(QHBoxLayout(self._pager), *pager, margins=(0, 0, 0, 0), spacing=2)
        buttons = self._sort, self.fill, STRETCH
        filled(QHBoxLayout(fills), *buttons, margins=(0, 0, 0, 0), spacing=4)
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._controls)
        filled(self._flow, self._pager, (fills, 1), margins=(0, 6, 0, 4), spacing=4)
        self._line = line = QWidget()
        line.setFixedHeight(MESSAGE_LINE)
        self._box = filled(
            QVBoxLayout(self),
            self._title,
            self._shape,
            self._controls,
            (self.view, 1),
            self.numbers,
            self._summary,
            line,
            margins=(0, 0, 0, 0),
            spacing=3,
        )
        self.view.hold_bias(self.bias)
        self.message.lie_over(line, within=self)

    def _connect(self) -> None:
        self.bias.valueChanged.connect(self.bias_chosen)
        self.numbers.number_chosen.connect(self.number_chosen)
        self.view.page_changed.connect(self._show_pages)
        self.view.rejected.connect(self.message.show_message)
        self._back.clicked.connect(self._on_back_clicked)
        self._next.clicked.connect(self._on_next_clicked)
        self._sort.clicked.connect(self.view.sort)

    def show_kernels(self, kernel: Filter | None) -> None:
        """Show the kernels as the document has them, once the maps of their layer are shown."""
        self._kernel = kernel
        self._show_kernels()

    def _show_kernels(self) -> None:
        kernel = self._kernel
        if kernel is None or kernel.uid != self._uid:
            self.view.show_kernels(None, 0)
            self.bias.hide()
            return
        if isinstance(kernel.layer, Linear):
            size = self.view.kernel_size or (1, 1)
            fits = kernel.layer.in_features % (size[0] * size[1]) == 0
            kernels = dense_maps(kernel.layer, kernel.output, size) if fits else None
        else:
            kernels = kernels_of(kernel.layer, kernel.output)
        self.view.show_kernels(kernels, kernel.input)
        offsets = kernel.layer.offsets
        self.bias.setVisible(offsets is not None)
        self.bias.show_number(0.0 if offsets is None else float(offsets[kernel.output]))

    def show_pictures(self, shown: StackShown) -> None:
        """Show the maps of a result."""
        look = shown.look
        if look is None:
            return
        slot = shown.job.state.slot(look.unit.uid)
        layer = None if slot is None else slot.layer
        self._layer = layer
        word = "" if layer is None else entry_of(layer).short
        self.view.show_incoming(look.incoming, look.detail, word)
        if look.unit.uid != self._uid:
            self._uid = look.unit.uid
            self.message.clear()
            self._show_kernels()
        has_channels = layer is not None and not self.has_kernels
        self.numbers.show_channel(layer if has_channels else None, look.unit.channel)
        self._show_words(shown, look.sources or (INPUT,))

    def _show_words(self, shown: StackShown, sources: tuple[int, ...]) -> None:
        column = shown.column(sources[0])
        assert column is not None
        names = (stack_words.layer_name(shown.job.state, uid) for uid in sources)
        self._title.setText(" and ".join(names))
        self._shape.setText(shape_text(column.shape))
        summary = "" if self._layer is None or self.has_kernels else type(self._layer).summary
        self._summary.setText(summary)
        self._show_summary()
        self._show_pages()

    def _show_summary(self) -> None:
        """Say what the layer does and show what comes in, where its numbers leave room for that."""
        numbers = 0 if self.numbers.isHidden() else self.numbers.sizeHint().height()
        room = self.height() - self._title.sizeHint().height() - numbers
        fits = not numbers or self._summary.heightForWidth(self.width()) <= room
        self._summary.setVisible(bool(self._summary.text()) and fits)
        self.view.setVisible(not numbers or room >= px(LEAST_ROW))

    def _show_pages(self) -> None:
        pages = self.view.pages
        text = pages.text
        self._pages.setText(text.replace(" of ", "/") if self.height() < px(LOW) else text)
        self._back.setEnabled(not pages.is_first)
        self._next.setEnabled(not pages.is_last)
        self._pager.setVisible(bool(text))
        self._sort.setVisible(self.has_kernels and self.height() >= px(LOW))
        self._sort.setChecked(self.view.is_sorted)
        self.fill.setVisible(self.has_kernels)
        self._controls.setVisible(bool(text) or self.has_kernels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_low = self.height() < px(LOW)
        in_line = is_low or self.width() >= px(ONE_LINE_FROM)
        self._flow.setDirection(directions.LeftToRight if in_line else directions.TopToBottom)
        self._line.setFixedHeight(0 if is_low else px(MESSAGE_LINE))
        self._shape.setVisible(not is_low)
        self._show_summary()
        self._show_pages()

    def _on_back_clicked(self) -> None:
        self.view.turn(-1)

    def _on_next_clicked(self) -> None:
        self.view.turn(1)

    def point_to(self, place: QPoint) -> None:
        """Let the sum stand at the height of a place of the parent [px]."""
        within = self.mapFromParent(place)
        self._box.activate()
        self.view.point_to(self.view.mapFrom(self, within).y())
