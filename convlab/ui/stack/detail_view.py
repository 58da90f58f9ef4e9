"""The detail of the selected map, which opens in the gap beside its layer."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.document.stack.look import UnitLook
from convlab.engine.display import DisplayMode
from convlab.layers.graph import INPUT
from convlab.ui.numbers import show_number
from convlab.ui.stack import stack_words
from convlab.ui.stack.detail_layout import BARE_AXIS, GAP, Beside, DetailPlaces, lay_out
from convlab.ui.stack.detail_tabs import DetailTabs
from convlab.ui.stack.incoming_panel import IncomingPanel
from convlab.ui.stack.map_histogram import HEIGHT, MapHistogram
from convlab.ui.stack.stack_selection import Filter
from convlab.ui.theme import px, scale
from convlab.ui.widgets.color_bar import ColorBar
from convlab.ui.widgets.forms import (
    STRETCH,
    filled,
    quiet_label,
    spin_box,
    tool_button,
    wrapped_label,
)
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.map_words import titles

HEADING = 32  # height of the title and its controls [px]
UNIT_FRAME = 9.0  # the unit is framed at least so large [screen px]
WANTED_CARD = 470  # [px]
LEAST_SPIN = 84  # [px]
LEGIBLE_CARD = 170  # lower cards take the room of the map's figures [px]


class DetailView(QWidget):
    """Shows what comes into the selected map, what is done to it, the map, and a card of its unit.

    It is made for a gap of the full height; whoever places it asks for ``wanted_width``. The maps
    that come in, and the selected map, are in it.

    Signals:
        closed: The detail is to be closed.
        map_chosen: The number of another map of the layer.
        value_pointed: Value and place under the mouse on the map; empty when it left.
    """

    closed = Signal()
    map_chosen = Signal(int)
    value_pointed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stack_detail")
        self.setAccessibleName("Detail of the selected map")
        # Opaque: nothing of it is painted again because the maps behind it are.
        self.setAutoFillBackground(True)
        self.incoming = IncomingPanel()
        self.details = DetailTabs()
        self.map = ImageView("unit_map_view", "The selected map")
        self.message = self.incoming.message
        self._title = quiet_label(role="heading", name="detail_title")
        self._output = spin_box(
            "filter_output_spin", "Map", "Which map of the layer: each has its own filter.", 0, 0
        )
        self._output.setPrefix("map ")
        self._output.setMinimumWidth(px(LEAST_SPIN))  # it makes room for the title
        self._close = tool_button(
            "detail_close_button", "Close", "Close the detail (Esc).", "close"
        )
        self._figures = wrapped_label("detail_figures")
        self._histogram = MapHistogram()
        self._bar = ColorBar("unit_map")
        self._card = QFrame()
        self._card.setObjectName("detail_card")
        self._look: UnitLook | None = None
        self._beside = Beside.NOTHING
        self._arrange()
        self._output.valueChanged.connect(self.map_chosen)
        self._close.clicked.connect(self.closed)
        self.map.pointed.connect(self._on_map_pointed)
        self.map.left.connect(self._on_map_left)
        self.details.currentChanged.connect(self._place)

    def _arrange(self) -> None:
        heading = QWidget()
        parts = self._title, self._output, STRETCH, self._close
        filled(QHBoxLayout(heading), *parts, margins=(0, 0, 0, 0), spacing=6)
        self._heading = heading
        filled(QVBoxLayout(self._card), self.details, margins=(4, 2, 4, 4))
        for child in (
            self.incoming,
            heading,
            self._figures,
            self.map,
            self._histogram,
            self._bar,
            self._card,
        ):
            child.setParent(self)

    def wanted_width(self, height: int) -> int:
        """Return how wide the detail is at best in a gap of a height [px at scale 1]."""
        left = self.incoming.wanted_width(height)
        return left + max(WANTED_CARD, min(height // 2, 560))

    @property
    def kernel_size(self) -> tuple[int, int]:
        """(rows, columns) of what multiplies each map that comes in."""
        return self.incoming.view.kernel_size or (1, 1)

    # ---- what is shown ----

    def show_kernels(self, kernel: Filter | None) -> None:
        """Show the kernels of the document, which may be ahead of the maps."""
        self.incoming.show_kernels(kernel)
        if kernel is None:
            self.details.sum.show_channels(None, 0, 0)
        else:
            self.details.sum.show_channels(kernel.layer, kernel.output, kernel.input)

    def show_pictures(self, shown: StackShown) -> None:
        """Show the maps of a result; it may come at the rate of a video."""
        look = shown.look
        if look is None or look.map is None:
            return
        is_new = self._look is None or look.map.planes.shape != (
            None if self._look.map is None else self._look.map.planes.shape
        )
        self._look = look
        self.incoming.show_pictures(shown)
        self.map.show_painted(look.map)
        if is_new or self._beside is not self.incoming.beside:
            self._beside = self.incoming.beside
            self.incoming.setVisible(self._beside is not Beside.NOTHING)
            self._place()
        self._frame_unit(look)

    def show_result(self, shown: StackShown) -> None:
        """Show the words and numbers of a result, which nobody reads at the rate of a video."""
        self.details.show_result(shown)
        look = shown.look
        if look is None or look.map is None or look.statistics is None:
            return
        self.show_pictures(shown)
        self._show_words(shown, look)
        mode = DisplayMode.CLIPPED if look.unit.uid == INPUT else DisplayMode.SIGNED
        self._bar.set_scale(mode, look.map.scale, False)
        self._histogram.show_histogram(look.statistics.histogram)

    def _show_words(self, shown: StackShown, look: UnitLook) -> None:
        unit, state = look.unit, shown.job.state
        column = shown.column(unit.uid)
        assert column is not None
        is_vector = len(column.shape) == 1
        name = stack_words.layer_name(state, unit.uid)
        self._title.setText(name)
        self._output.setPrefix("value " if is_vector else "map ")
        with QSignalBlocker(self._output):
            self._output.setRange(0, column.shape[0] - 1)
        self._output.show_number(unit.channel)
        parameters = stack_words.parameters_of(shown, unit.uid)
        assert look.statistics is not None
        rounding = 0.0 if look.map is None else look.map.scale.rounding
        words = stack_words.figures(column.shape, parameters, column.milliseconds)
        text = f"{words}\n{stack_words.statistics_text(look.statistics, rounding)}"
        if text != self._figures.text():
            self._figures.setText(text)
            self._place()
        self.setAccessibleDescription(f"{titles(state)[unit.uid]}, {stack_words.place_title(look)}")

    def _frame_unit(self, look: UnitLook) -> None:
        """Frame the unit, so that it is seen where its pixel is small."""
        if look.map is None:
            return
        rows, columns = look.map.planes.shape[1:]
        row, column = look.unit.row, look.unit.column
        if look.map_size == (1, 1):
            row, column = divmod(look.unit.channel, columns) if columns > 1 else (0, 0)
        across = self.map.width() / columns
        more = max(px(UNIT_FRAME) / max(across, 0.1) - 1.0, 0.0) / 2 if rows * columns > 1 else 0.0
        frame = QRectF(column, row, 1, 1).adjusted(-more, -more, more, more)
        found = [QRectF(x, y, right - x, below - y) for x, y, right, below, _ in look.found]
        self.map.set_frames([frame], found)

    def _on_map_pointed(self, row: int, column: int) -> None:
        planes = None if self._look is None or self._look.map is None else self._look.map.planes
        if planes is not None and row < planes.shape[1] and column < planes.shape[2]:
            value = show_number(float(planes[0, row, column]))
            self.value_pointed.emit(f"row {row}, column {column} = {value}")

    def _on_map_left(self) -> None:
        self.value_pointed.emit("")

    # ---- where things are ----

    def _place(self) -> None:
        planes = None if self._look is None or self._look.map is None else self._look.map.planes
        rows, columns = (3, 4) if planes is None else planes.shape[1:]
        unit, heading = scale(), px(HEADING)
        width, height = round(self.width() / unit), round(self.height() / unit)
        wide = lay_out(width, height, 0, 1.0, self._beside).scaled(unit).head.width()
        words = max(self._figures.heightForWidth(wide), 0)

        def places_with(words: int, least_card: int) -> DetailPlaces:
            head = ceil((heading + words) / unit)
            is_point = rows * columns == 1
            given = width, height, head, rows / columns, self._beside, is_point, least_card
            return lay_out(*given)

        lying = places_with(words, self.details.least_height)
        if lying.card.height() < LEGIBLE_CARD:
            words = 0
            lying = places_with(words, LEGIBLE_CARD)
        places = lying.scaled(unit)
        self._figures.setVisible(words > 0)
        self.incoming.setGeometry(places.left)
        head, axis = places.head, places.axis
        self._heading.setGeometry(head.x(), head.y(), head.width(), heading - 2)
        self._figures.setGeometry(head.x(), head.y() + heading, head.width(), words)
        self.map.setGeometry(places.map)
        if self._look is not None:
            self._frame_unit(self._look)
        bare = px(BARE_AXIS)
        self._histogram.setVisible(axis.height() > bare + 1)
        self._histogram.setGeometry(axis.x(), axis.y(), axis.width(), px(HEIGHT))
        self._bar.setGeometry(axis.x(), axis.bottom() + 1 - bare, axis.width(), bare)
        self._card.setGeometry(places.card)
        self.incoming.point_to(places.map.center() - QPoint(px(GAP), 0))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.incoming.view.turn(1 if event.key() == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)
