"""What comes into the selected map: each map below × its kernel = its part, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convlab.document.stack.arithmetic import (
    Choice,
    Detail,
    Products,
    TransposedProducts,
    WeightedSum,
)
from convlab.document.stack.incoming import Incoming
from convlab.engine.arrays import ByteArray, FloatArray
from convlab.ui.numbers import show_number
from convlab.ui.stack.detail_layout import RowPlaces, lay_rows, rows_at_once
from convlab.ui.taken import Taken
from convlab.ui.theme import px, scale, text_on, theme
from convlab.ui.widgets.kernel_grid import KernelGrid
from convlab.ui.widgets.number_box import NumberBox
from convlab.ui.widgets.pixels import image_of

CAPTION = 20  # height of what is written over the columns [px]
ROUND = 15.0  # radius of Σ [px]
BIAS_CAPTION, BIAS_HEIGHT = 20, 28  # [px]
LEAST_FRAME = 7.0  # a patch is framed at least so large [px]
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
        self._page = 0
        self._order: tuple[int, ...] = ()  # of the channels, if another than their own
        self._wanted: tuple[int, ...] = ()
        self._grids: list[KernelGrid] = []
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
            self._order, self._page = (), 0
        self._arrange()
        self._update_tiles()

    def show_kernels(self, kernels: FloatArray | None, chosen: int) -> None:
        """Show the kernels of the map in the document, ``(C, kh, kw)``, and the chosen channel.

        They may be ahead of the maps that are shown.
        """
        self._kernels = kernels
        if chosen != self._chosen:
            self._chosen = chosen
            self._turn_to(chosen)
            self.update()
        self._arrange()  # the page may have other rows since: at another scale of the interface

    @property
    def shape(self) -> tuple[int, int, int] | None:
        """``(C, H, W)`` of all that comes in; None: nothing does."""
        return None if self._incoming is None else self._incoming.shape

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
            self._place_bias()
            self.update()

    # ---- pages ----

    @property
    def channels(self) -> tuple[int, ...]:
        """Numbers of the maps on this page."""
        first = self._page * self._page_size
        return self.all_channels[first : first + self._page_size]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-len(self.all_channels) // self._page_size)

    @property
    def page_text(self) -> str:
        """Which rows are shown, like ``1–8 of 64`` or ``3 of 64``; empty where all are."""
        if self.pages < 2:
            return ""
        first = self._page * self._page_size + 1
        last = first + len(self.channels) - 1
        rows = f"{first}–{last}" if last > first else f"{first}"
        return f"{rows} of {len(self.all_channels)}"

    @property
    def is_sorted(self) -> bool:
        """The channels are sorted by what they add."""
        return bool(self._order)

    def turn(self, pages: int) -> None:
        """Show another page."""
        page = min(max(self._page + pages, 0), max(self.pages - 1, 0))
        if page != self._page:
            self._page = page
            self._arrange()
            self.update()

    def sort(self, largest_first: bool) -> None:
        """Show the channels that add most to the unit first, or all in their own order."""
        self._order = ()
        if largest_first and self._incoming is not None:
            sums = _partials(self._detail, self._incoming)
            order = np.argsort(-np.abs(sums), kind="stable")
            self._order = tuple(self._incoming.every[number] for number in order)
        self._page = 0
        self._arrange()
        self.update()

    @property
    def all_channels(self) -> tuple[int, ...]:
        """Numbers of all maps that come in, in the order of the pages."""
        return self._order or (() if self._incoming is None else self._incoming.every)

    @property
    def _page_size(self) -> int:
        height = self._room.height() / scale()
        return rows_at_once(max(len(self.all_channels), 1), self.kernel_size, height)

    @property
    def kernel_size(self) -> tuple[int, int] | None:
        """(rows, columns) of each kernel; None: there are none."""
        kernels = None if self._incoming is None else self._incoming.kernels
        return None if kernels is None else (kernels.shape[1], kernels.shape[2])

    def _turn_to(self, channel: int) -> None:
        if channel in self.all_channels and channel not in self.channels:
            self._page = self.all_channels.index(channel) // self._page_size

    # ---- where things are ----

    @property
    def _room(self) -> QRectF:
        return QRectF(0, px(CAPTION), self.width(), max(self.height() - px(CAPTION), 1))

    def _arrange(self) -> None:
        """Lay out the page, place the grids, and ask for what is not there yet."""
        incoming = self._incoming
        self._page = min(self._page, max(self.pages - 1, 0))
        channels = self.channels
        places = None
        if incoming is not None and channels:
            height, width = incoming.shape[1:]
            adds = incoming.parts is not None
            shape = self.kernel_size
            unit, room = scale(), self._room
            middle = (self._target or room.center().y()) / unit
            room = QRectF(room.topLeft() / unit, room.size() / unit)
            places = lay_rows(len(channels), shape, height / width, room, middle, adds).scaled(unit)
        if places != self._places:
            self._places = places
            self._tiles = QRegion()
            for rect in () if places is None else (*places.inputs, *places.parts):
                self._tiles += rect.toAlignedRect()
            self._place_bias()
            self.update()
        self._place_grids(channels)
        if channels != self._wanted:
            self._wanted = channels
            self.channels_wanted.emit(channels)
            self.page_changed.emit()

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

    def _update_tiles(self) -> None:
        """Paint the maps again, and nothing that stands still."""
        self.update(self._tiles)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        places, incoming = self._places, self._incoming
        if places is not None and incoming is not None:
            is_whole = not event.region().subtracted(self._tiles).isEmpty()
            if is_whole:
                self._paint_lines(painter, places)
                self._paint_sum(painter, places.sum)
                self._paint_captions(painter, places)
            for number, channel in enumerate(self.channels):
                self._paint_maps(painter, places, number, channel)
        painter.end()

    def _paint_captions(self, painter: QPainter, places: RowPlaces) -> None:
        painter.setPen(QColor(theme().quiet))
        columns = ((places.kernels, "× kernel"), (places.parts, "= its part"))
        firsts = [rects[0].top() for rects in (places.kernels, places.parts) if rects]
        top = min(firsts, default=0.0) - px(CAPTION)
        for rects, text in columns:
            if rects:
                room = QRectF(rects[0].left(), top, px(90), px(CAPTION) - 2)
                painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_lines(self, painter: QPainter, places: RowPlaces) -> None:
        for number, channel in enumerate(self.channels):
            row = [each[number] for each in (places.inputs, places.kernels, places.parts) if each]
            is_chosen = channel == self._chosen and len(row) > 1
            self._paint_line(painter, row, places.sum, is_chosen)

    def _paint_maps(self, painter: QPainter, places: RowPlaces, number: int, channel: int) -> None:
        incoming = self._incoming
        assert incoming is not None
        if channel not in incoming.channels:
            for rect in (places.inputs[number], *places.parts[number : number + 1]):
                painter.fillRect(rect, QColor(theme().line))  # on its way
            return
        at = incoming.channels.index(channel)
        self._paint_tile(painter, places.inputs[number], incoming.inputs[at], incoming.maps[at])
        if incoming.shape[1:] != (1, 1):
            self._paint_patch(painter, places.inputs[number], incoming.shape[1:])
        if places.parts and incoming.parts is not None and incoming.values is not None:
            part, values = incoming.parts[at], incoming.values[at]
            self._paint_tile(painter, places.parts[number], part, values)

    def _paint_line(
        self, painter: QPainter, row: list[QRectF], sum_: QRectF, is_chosen: bool
    ) -> None:
        painter.setPen(QPen(QColor(theme().mark), 2.6 if is_chosen else 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for one, other in pairwise(row):
            start, end = QPointF(one.right(), one.center().y()), other.center()
            painter.drawLine(start, QPointF(other.left(), end.y()))
        start = QPointF(row[-1].right(), row[-1].center().y())
        end = QPointF(sum_.center().x() - px(ROUND), self._height_of_sum())
        bend = (end.x() - start.x()) * 0.55
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        painter.drawPath(path)

    def _paint_tile(
        self, painter: QPainter, rect: QRectF, pixels: ByteArray, values: FloatArray
    ) -> None:
        is_larger = rect.width() * self.devicePixelRatioF() >= pixels.shape[1]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_larger)
        painter.drawImage(rect, image_of(pixels))
        if values.size == 1:
            blue, green, red = (int(part) for part in pixels[0, 0, :3])
            painter.setPen(text_on(QColor(red, green, blue)))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, show_number(float(values[0, 0])))

    def _paint_patch(self, painter: QPainter, rect: QRectF, size: tuple[int, int]) -> None:
        """Frame what the unit is made from."""
        patch = _patch(self._detail)
        if patch is None:
            return
        across, down = rect.width() / size[1], rect.height() / size[0]
        frame = QRectF(
            rect.left() + patch.left() * across,
            rect.top() + patch.top() * down,
            patch.width() * across,
            patch.height() * down,
        )
        more = max(px(LEAST_FRAME) - min(frame.width(), frame.height()), 0.0) / 2
        frame = frame.adjusted(-more, -more, more, more) & rect.adjusted(1, 1, -1, -1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(theme().mark), 1.6)):
            painter.setPen(QPen(color, width))
            painter.drawRect(frame)

    def _height_of_sum(self) -> float:
        lowest = self.height() - px(ROUND) - px(BIAS_CAPTION) - px(BIAS_HEIGHT)
        return max(min(self._target, lowest), px(CAPTION) + px(ROUND))

    def _paint_sum(self, painter: QPainter, room: QRectF) -> None:
        """Σ, or what else is done to the maps, and the line that leads on to the result."""
        middle = QPointF(room.center().x(), self._height_of_sum())
        painter.setPen(QPen(QColor(theme().mark), 2.6))
        painter.drawLine(middle, QPointF(self.width(), middle.y()))
        painter.setPen(QPen(QColor(theme().mark), 1.6))
        painter.setBrush(QColor(theme().panel))
        box = QRectF(0, 0, 2 * px(ROUND), 2 * px(ROUND))
        if self.kernel_size is None:
            box = QRectF(0, 0, room.width() - 4, 2.4 * px(ROUND))
        box.moveCenter(middle)
        painter.drawRoundedRect(box, px(ROUND), px(ROUND))
        painter.setPen(QColor(theme().text))
        font = painter.font()
        font.setBold(True)
        if self.kernel_size is not None:
            font.setPixelSize(px(17))
        painter.setFont(font)
        text = self._operation if self.kernel_size is None else "Σ"
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box, int(flags), text)
        if self._bias is not None and not self._bias.isHidden():
            painter.setFont(self.font())
            painter.setPen(QColor(theme().quiet))
            caption = QRectF(room.left(), box.bottom() + 2, room.width(), px(BIAS_CAPTION))
            painter.drawText(caption, int(Qt.AlignmentFlag.AlignCenter), "+ bias")

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
        if self.pages > 1 and notches:
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
        self._turn_to(self._chosen)


def _partials(detail: Detail | None, incoming: Incoming) -> FloatArray:
    """Return what each of the maps adds to the unit."""
    match detail:
        case Products() | TransposedProducts():
            return detail.partials
        case WeightedSum():
            sums: FloatArray = detail.products.reshape(incoming.shape[0], -1).sum(axis=1)
            return sums
    return np.zeros(len(incoming.every), np.float32)


def _patch(detail: Detail | None) -> QRectF | None:
    """Return what of each map the unit is made from [px of the map]."""
    match detail:
        case Products() | Choice():
            rows, columns = (detail.padded if isinstance(detail, Products) else detail.inside).shape
            row, column = detail.corner
            down, across = detail.step
            return QRectF(column, row, (columns - 1) * across + 1, (rows - 1) * down + 1)
        case TransposedProducts() if detail.products.size:
            rows, columns = detail.rows, detail.columns
            size = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
            return QRectF(float(columns[0]), float(rows[0]), float(size[0]), float(size[1]))
    return None
