"""The kernels of a selected map, one per input channel, in the kernel grid; and its bias."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from convlab.engine.arrays import ByteArray, FloatArray
from convlab.layers.base import WeightedLayer
from convlab.layers.editing import inputs_of, kernels_of, outputs_of
from convlab.ui.stack.fill_button import FillButton
from convlab.ui.theme import theme
from convlab.ui.widgets.forms import (
    STRETCH,
    as_panel,
    decimal_box,
    describe,
    filled,
    quiet_label,
    spin_box,
    wrapped_label,
)
from convlab.ui.widgets.kernel_grid import TIP, KernelGrid
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.pixels import image_of, signed_pixels

HINT = (
    "Click a map, or choose a layer with weights: its kernels stand here, "
    "one for each channel that goes in."
)
CONTROLS = 138  # width of what stands beside the grid [px]
THUMB = 26  # [px]
LEAST_THUMB = 14  # smaller ones cannot be told apart [px]
MORE = 14  # width of the marks that there are more kernels [px]


class FilterPanel(QWidget):
    """Shows one kernel of a layer and reports what a person wants changed.

    Signals:
        channel_chosen: (output, input) whose kernel is to be shown.
        preset_chosen: Name of a preset for this kernel.
        bank_chosen: Name of a bank for the whole layer.
        file_wanted: Weights for the whole layer from a file.
        bias_chosen: The new bias.
    """

    channel_chosen = Signal(int, int)
    preset_chosen = Signal(str)
    bank_chosen = Signal(str)
    file_wanted = Signal()
    bias_chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self._output = spin_box(
            "filter_output_spin", "Map", "Which map of the layer: each has its own filter.", 0, 0
        )
        self._input = spin_box(
            "filter_input_spin",
            "Channel",
            "Which channel that goes in: a filter has one kernel for each, and adds them up.",
            0,
            0,
        )
        self._bias = decimal_box(
            "filter_bias_spin", "Bias", "Added to every sum of this map.", -1e6, 1e6, 3
        )
        self._bias.setSingleStep(0.05)
        self._hint = wrapped_label("filter_hint", HINT)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.grid = KernelGrid("filter")
        describe(self.grid, "filter_grid", "Kernel of the filter", TIP)
        self.grid.setMinimumSize(110, 90)
        self.strip = KernelStrip()
        self.message = MessageBar("filter_message")
        self.fill = FillButton()
        self._layer: WeightedLayer | None = None
        self._arrange()
        self._connect()
        self.show_filter(None, 0, 0)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(5)
        for title, spin in (("Map", self._output), ("Channel", self._input), ("Bias", self._bias)):
            form.addRow(quiet_label(title), spin)
        beside = QWidget()
        beside.setFixedWidth(CONTROLS)
        filled(QVBoxLayout(beside), form, 4, self.fill, STRETCH, margins=(0, 0, 0, 0))
        kernels = filled(QVBoxLayout(), self.strip, (self.grid, 1), spacing=4)
        page = QWidget()
        filled(QHBoxLayout(page), beside, (kernels, 1), margins=(0, 0, 0, 0), spacing=10)
        self._pages = QStackedWidget()  # one as large as the other: the panel does not jump
        self._pages.addWidget(self._hint)
        self._pages.addWidget(page)
        filled(QVBoxLayout(self), (self._pages, 1), margins=(10, 2, 10, 6))
        self.message.lie_over(beside, within=self)

    def _connect(self) -> None:
        self._output.valueChanged.connect(self._on_channel_changed)
        self._input.valueChanged.connect(self._on_channel_changed)
        self._bias.valueChanged.connect(self.bias_chosen)
        self.fill.preset_chosen.connect(self.preset_chosen)
        self.fill.bank_chosen.connect(self.bank_chosen)
        self.fill.file_wanted.connect(self.file_wanted)
        self.strip.chosen.connect(self._on_kernel_chosen)
        self.grid.rejected.connect(self.message.show_message)

    def show_filter(self, layer: WeightedLayer | None, output: int, channel: int) -> None:
        """Show the kernel of a map for one of the channels that go in; None shows a hint."""
        if layer is None or self._layer is None or layer.kind != self._layer.kind:
            self.message.clear()
        self._layer = layer
        self._pages.setCurrentIndex(layer is not None)
        if layer is None:
            return
        kernels, inputs = kernels_of(layer, output), inputs_of(layer, output)
        for spin, value, allowed in (
            (self._output, output, range(outputs_of(layer))),
            (self._input, channel, inputs),
        ):
            with QSignalBlocker(spin):
                spin.setRange(allowed.start, allowed.stop - 1)
            spin.show_number(value)
        self._bias.setEnabled(layer.offsets is not None)
        self._bias.show_number(0.0 if layer.offsets is None else float(layer.offsets[output]))
        self.strip.show_kernels(kernels, channel - inputs.start)
        kernel = kernels[channel - inputs.start]
        self.grid.set_weights(tuple(map(tuple, kernel.tolist())))

    def _on_channel_changed(self) -> None:
        self.channel_chosen.emit(self._output.value(), self._input.value())

    def _on_kernel_chosen(self, number: int) -> None:
        self._input.setValue(self._input.minimum() + number)


class KernelStrip(QWidget):
    """Small pictures of a filter's kernels, as many as have room around the chosen one.

    Signals:
        chosen: Number of the kernel.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filter_strip")
        self.setAccessibleName("Kernels of the filter, one for each channel")
        self.setToolTip(
            "<b>Kernels of the filter</b><br>One for each channel; click to edit it. Where there "
            "are more, « and » go on."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pixels: dict[int, ByteArray] = {}  # of those that were shown
        self._kernels = np.zeros((0, 1, 1), np.float32)
        self._selected = 0

    def sizeHint(self) -> QSize:
        return QSize(160, THUMB + 4)

    def show_kernels(self, kernels: FloatArray, selected: int) -> None:
        """Show kernels ``(C, kh, kw)`` in the colours of the largest of all."""
        self._selected = selected
        if not np.array_equal(self._kernels, kernels):
            self._kernels = kernels.copy()
            self._pixels.clear()
        self.setFixedHeight(THUMB + 4 if len(kernels) > 1 else 0)
        self.update()

    @property
    def shown(self) -> range:
        """Numbers of the kernels that are painted."""
        count = len(self._kernels)
        if count * LEAST_THUMB <= self.width() - 2:
            return range(count)
        fitting = max(1, int(self.width() - 2 - 2 * MORE) // LEAST_THUMB)
        first = max(0, min(self._selected - fitting // 2, count - fitting))
        return range(first, min(first + fitting, count))

    def rect_of(self, number: int) -> QRectF:
        """Where a kernel is painted, if it is among those shown."""
        shown = self.shown
        margin = 1 if len(shown) == len(self._kernels) else 1 + MORE
        side = min(float(THUMB), (self.width() - 2 * margin) / max(len(shown), 1))
        return QRectF(margin + (number - shown.start) * side, 2, side, side)

    def _more(self) -> dict[int, tuple[str, QRectF]]:
        """Mark and place of the way to kernels on either side, by the first of them."""
        shown, height = self.shown, float(self.height())
        places: dict[int, tuple[str, QRectF]] = {}
        if shown.start > 0:
            places[shown.start - 1] = "«", QRectF(0, 0, MORE, height)
        if shown.stop < len(self._kernels):
            right = self.rect_of(shown.stop - 1).right()
            places[shown.stop] = "»", QRectF(right, 0, MORE, height)
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number in self.shown:
            rect = self.rect_of(number).adjusted(1, 1, -1, -1)
            painter.drawImage(rect, image_of(self._pixels_of(number)))
            is_selected = number == self._selected
            painter.setPen(QPen(QColor(theme().mark if is_selected else theme().line), 1.6))
            painter.drawRect(rect)
        painter.setPen(QColor(theme().text))
        for mark, rect in self._more().values():
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, mark)
        painter.end()

    def _pixels_of(self, number: int) -> ByteArray:
        if number not in self._pixels:
            largest = float(np.abs(self._kernels).max())
            self._pixels[number] = signed_pixels(self._kernels[number], largest)
        return self._pixels[number]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        places = {number: self.rect_of(number) for number in self.shown}
        places |= {number: rect for number, (_, rect) in self._more().items()}
        for number, rect in places.items():
            if rect.contains(event.position()):
                self.chosen.emit(number)
                return
