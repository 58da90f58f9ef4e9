"""What comes into the selected map: each map below × its kernel = its part, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.document.stack.arithmetic import Detail
from convlab.document.stack.incoming import Incoming, largest_first, patch_of
from convlab.engine.arrays import FloatArray
from convlab.ui.stack.channel_pages import ChannelPages
from convlab.ui.stack.detail_layout import RowPlaces, lay_rows, rows_at_once
from convlab.ui.stack.incoming_paint import (
    BIAS_CAPTION,
    CAPTION,
    ROUND,
    paint_bias_caption,
    paint_captions,
    paint_line,
    paint_patch,
    paint_sum,
    paint_tile,
)
from convlab.ui.taken import Taken
from convlab.ui.theme import px, scale, theme
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.number_box import NumberBox

BIAS_HEIGHT = 28  # [px]
NAME = "filter_grid"
"""Of the grid of the chosen channel; the others have the number of their row behind it."""


class IncomingView(QWidget):
    """Paints a page of rows and holds a kernel grid for each; reports what a person wants.

    Signals:
        channels_wanted: Numbers of the maps that are to be shown.
        page_changed: Another page is shown, or there are more or fewer.
        channel_chosen: A row was clicked.
        weight_edited: (channel, row, column, value).
        weights_pasted: (channel, text): more than one number was pasted.
        gesture_ended: A drag is over: its edits are one step of undo.
        rejected: One message why an input was not taken; empty when it is fine again.
    """

    channels_wanted = Signal(object)
    page_changed = Signal()
    channel_chosen = Signal(int)
    weight_edited = Signal(int, int, int, float)
    weights_pasted = Signal(int, str)
    gesture_ended = Signal()
    rejected = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("incoming_view")
        self.setAccessibleName("What comes into the map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._incoming: Incoming | None = None
        self._detail: Detail | None = None
        self._operation = ""
        self._kernels: FloatArray | None = None  # (C, kh, kw), those of the document
        self._chosen = 0
        self._order: tuple[int, ...] = ()  # of the channels, if another than their own
        self.pages = ChannelPages()
        self._wanted: tuple[int, ...] = ()
        self._grids: list[KernelGrid] = []
        self._laid_out: object = None  # the rows and the scale
        self._places: RowPlaces | None = None
        self._tiles = QRegion()  # what is painted again for each frame
        self._target = 0.0
        self._bias: NumberBox | None = None

    def taken_at(self, position: QPoint) -> Taken | None:
        """Return the kernels of the map."""
        return Taken("kernels", self._kernels)

    def sizeHint(self) -> QSize:
        return QSize(430, 600)

    # ---- what is shown ----

    def show_incoming(
        self, incoming: Incoming | None, detail: Detail | None, operation: str
    ) -> None:
        """Show what comes into a map; the unit's patch is framed on it.

        Args:
            incoming: Of the map; None: nothing comes in, it is the picture.
            detail: Arithmetic of the unit.
            operation: What is done to the maps, where they are not added up: one or two words.
        """
        before = self._incoming
        self._incoming, self._detail, self._operation = incoming, detail, operation
        if incoming is None or before is None or incoming.every != before.every:
            self._order, self.pages = (), ChannelPages()
        self._arrange()
        self.update(self._tiles)  # what stands still is not painted again

    def show_kernels(self, kernels: FloatArray | None, chosen: int) -> None:
        """Show the kernels of the map in the document, ``(C, kh, kw)``, and the chosen channel.

        They may be ahead of the maps that are shown.
        """
        self._kernels = kernels
        if chosen != self._chosen:
            self._chosen = chosen
            self.pages = self.pages.turned_to(chosen)
            self.update()
        self._arrange()  # the page may have other rows since: at another scale of the interface

    def hold_bias(self, box: NumberBox) -> None:
        """Let the box of the bias stand below Σ."""
        self._bias = box
        box.setParent(self)
        box.hide()

    def tile_of(self, channel: int) -> QRectF:
        """Where a map on this page is painted.

        Raises:
            ValueError: It is not on this page.
        """
        if self._places is None or channel not in self.channels:
            raise ValueError(f"Channel {channel} is not shown.")
        return self._places.inputs[self.channels.index(channel)]

    def point_to(self, height: float) -> None:
        """Let Σ stand at a height: that of the middle of the map [px]."""
        if height != self._target:
            self._target = height
            self._arrange()

    # ---- pages ----

    @property
    def channels(self) -> tuple[int, ...]:
        """Numbers of the maps on this page."""
        return self.pages.channels

    @property
    def is_sorted(self) -> bool:
        """The channels are sorted by what they add."""
        return bool(self._order)

    def turn(self, pages: int) -> None:
        """Show another page."""
        self._show_page(self.pages.turned(pages))

    def sort(self, by_size: bool) -> None:
        """Show the channels that add most to the unit first, or all in their own order."""
        self._order = ()
        if by_size and self._incoming is not None:
            self._order = largest_first(self._detail, self._incoming)
        self.pages = replace(self.pages, number=0)
        self._arrange()
        self.update()

    def _show_page(self, pages: ChannelPages) -> None:
        if pages != self.pages:
            self.pages = pages
            self._arrange()
            self.update()

    @property
    def kernel_size(self) -> tuple[int, int] | None:
        """(rows, columns) of each kernel; None: there are none."""
        kernels = None if self._incoming is None else self._incoming.kernels
        return None if kernels is None else (kernels.shape[1], kernels.shape[2])

    # ---- where things are ----

    def _arrange(self) -> None:
        """Lay out the page, place the grids, and ask for what is not there yet."""
        incoming, kernel, unit = self._incoming, self.kernel_size, scale()
        # At scale 1.
        room = QRectF(0, px(CAPTION), self.width(), max(self.height() - px(CAPTION), 1))
        middle = (self._target or room.center().y()) / unit
        room = QRectF(room.topLeft() / unit, room.size() / unit)
        every = self._order or (() if incoming is None else incoming.every)
        size = rows_at_once(max(len(every), 1), kernel, room.height())
        self.pages = replace(self.pages, every=every, size=size).turned(0)
        channels = self.channels
        rows = None
        if incoming is not None and channels:
            height, width = incoming.shape[1:]
            adds = incoming.parts is not None
            rows = len(channels), kernel, height / width, room, middle, adds
        if (rows, unit) != self._laid_out:
            self._laid_out = rows, unit
            self._places = None if rows is None else lay_rows(*rows).scaled(unit)
            self._on_rows_moved()
        self._place_grids(channels)
        if channels != self._wanted:
            self._wanted = channels
            self.channels_wanted.emit(channels)
            self.page_changed.emit()

    def _on_rows_moved(self) -> None:
        places = self._places
        self._tiles = QRegion()
        for rect in () if places is None else (*places.inputs, *places.parts):
            self._tiles += rect.toAlignedRect()
        self._place_bias()
        self.update()

    def _place_bias(self) -> None:
        if self._places is None or self._bias is None:
            return
        room = self._places.sum
        top = self._height_of_sum() + px(ROUND) + px(BIAS_CAPTION)
        top = min(top, self.height() - px(BIAS_HEIGHT))
        self._bias.setGeometry(round(room.left()), round(top), round(room.width()), px(BIAS_HEIGHT))

    def _place_grids(self, channels: Sequence[int]) -> None:
        rects = () if self._places is None else self._places.kernels
        kernels, incoming = self._kernels, self._incoming
        while len(self._grids) < len(rects):
            self._grids.append(self._make_grid(len(self._grids)))
        first = 0 if incoming is None or not incoming.every else incoming.every[0]
        for number, grid in enumerate(self._grids):
            at = channels[number] - first if number < len(rects) else -1
            is_shown = kernels is not None and 0 <= at < len(kernels)
            if is_shown:
                assert kernels is not None
                grid.setGeometry(rects[number].toAlignedRect())
                grid.set_weights(tuple(map(tuple, kernels[at].tolist())))
                is_chosen = channels[number] == self._chosen
                grid.setObjectName(NAME if is_chosen else f"{NAME}_{number}")
                grid.setAccessibleName(f"Kernel of channel {channels[number]}")
            grid.setVisible(is_shown)

    def _make_grid(self, number: int) -> KernelGrid:
        grid = KernelGrid("filter")
        grid.setMinimumSize(1, 1)
        grid.setParent(self)
        grid.selection_changed.connect(partial(self._on_cell_selected, number))
        grid.cell_edited.connect(partial(self._on_cell_edited, number))
        grid.text_pasted.connect(partial(self._on_text_pasted, number))
        grid.gesture_ended.connect(self.gesture_ended)
        grid.rejected.connect(self.rejected)
        return grid

    def _on_cell_selected(self, number: int) -> None:
        if self._grids[number].hasFocus():
            self._choose(number)

    def _on_cell_edited(self, number: int, row: int, column: int, value: float) -> None:
        self._choose(number)
        self.weight_edited.emit(self.channels[number], row, column, value)

    def _on_text_pasted(self, number: int, text: str) -> None:
        self._choose(number)
        self.weights_pasted.emit(self.channels[number], text)

    def _choose(self, number: int) -> None:
        channel = self.channels[number]
        if channel != self._chosen:
            self.channel_chosen.emit(channel)

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        places, incoming = self._places, self._incoming
        if places is not None and incoming is not None:
            if not event.region().subtracted(self._tiles).isEmpty():
                self._paint_around(painter, places)
            self._paint_maps(painter, places, incoming)
        painter.end()

    def _paint_around(self, painter: QPainter, places: RowPlaces) -> None:
        """Paint what stands still while a video goes on."""
        room, has_kernels = places.sum, self.kernel_size is not None
        middle = QPointF(room.center().x(), self._height_of_sum())
        for number, channel in enumerate(self.channels):
            row = [each[number] for each in (places.inputs, places.kernels, places.parts) if each]
            paint_line(painter, row, middle, channel == self._chosen and len(row) > 1)
        word = "" if has_kernels else self._operation
        box = paint_sum(painter, middle, self.width(), word, room.width())
        if self._bias is not None and not self._bias.isHidden():
            paint_bias_caption(painter, room, box.bottom())
        paint_captions(painter, places)

    def _paint_maps(self, painter: QPainter, places: RowPlaces, incoming: Incoming) -> None:
        size, patch = incoming.shape[1:], patch_of(self._detail)
        framed = None if patch is None or size == (1, 1) else QRectF(*patch)
        ratio = self.devicePixelRatioF()
        for number, channel in enumerate(self.channels):
            rect, parts = places.inputs[number], places.parts[number : number + 1]
            if channel not in incoming.channels:
                for each in (rect, *parts):
                    painter.fillRect(each, QColor(theme().line))  # on its way
                continue
            at = incoming.channels.index(channel)
            paint_tile(painter, rect, incoming.inputs[at], incoming.maps[at], ratio)
            if framed is not None:
                paint_patch(painter, rect, size, framed)
            if parts and incoming.parts is not None and incoming.values is not None:
                paint_tile(painter, parts[0], incoming.parts[at], incoming.values[at], ratio)

    def _height_of_sum(self) -> float:
        lowest = self.height() - px(ROUND) - px(BIAS_CAPTION) - px(BIAS_HEIGHT)
        return max(min(self._target, lowest), px(CAPTION) + px(ROUND))

    # ---- mouse and keys ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._places is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        for number in range(len(self.channels)):
            rects = (self._places.inputs[number], *self._places.parts[number : number + 1])
            if any(rect.contains(event.position()) for rect in rects):
                self._choose(number)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y()
        if self.pages.count > 1 and notches:
            self.turn(-1 if notches > 0 else 1)
        event.accept()  # the maps behind must not zoom

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(1 if event.key() == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self._chosen not in self.channels:
            self._show_page(self.pages.turned_to(self._chosen))
