"""The overview: the maps, and over them what belongs to one layer, one unit, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convlab.document.stack.column import MapColumn
from convlab.document.stack.job import StackShown
from convlab.layers.graph import INPUT
from convlab.runtime.timers import single_shot
from convlab.ui.stack.detail_view import DetailView
from convlab.ui.stack.layer_error import LayerError
from convlab.ui.stack.layer_form import LayerForm
from convlab.ui.widgets import map_words
from convlab.ui.widgets.forms import STRETCH, filled, push_button, quiet_label, wrapped_label
from convlab.ui.widgets.map_grid import MapGrid
from convlab.ui.widgets.map_layout import Opening
from convlab.ui.widgets.map_node import Node
from convlab.ui.widgets.message_bar import MessageBar

CARDS_EVERY = 300  # [ms]
GAP = 8  # between the panels over the maps, and around them [px]
INVITATION = 340  # width of what an empty stack says [px]


class Overview(QWidget):
    """Holds the maps, and places what lies over them: nothing of it moves a map but the detail."""

    def __init__(self) -> None:
        super().__init__()
        self.grid = MapGrid()
        self.message = MessageBar("maps_message")
        self.form = LayerForm(self)
        self.form.hide()
        self.error = LayerError(self)
        self.detail = DetailView(self)
        self.detail.hide()
        self._invitation, self.add = self._empty()
        self._is_empty = False
        self.nodes: dict[int, Node] = {}
        """The layers of the last good maps, by their uid."""
        self._shown: StackShown | None = None
        self._written_for: object = None  # what the cards were written for
        self._written_at = 0.0  # and when [s]
        self._cards_due = single_shot(self, CARDS_EVERY, self._show_cards)
        self._card_top = 0  # of the layer that does not fit [px]
        self._row = filled(QHBoxLayout(), (self.grid, 1), spacing=0)
        self._column = filled(QVBoxLayout(self), (self._row, 1), margins=(0, 0, 0, 0), spacing=1)
        self.message.lie_over(self.grid, within=self)
        self.grid.gap_changed.connect(self._on_gap_changed)
        for panel in (self.form, self.error):
            panel.installEventFilter(self)

    def _empty(self) -> tuple[QWidget, QPushButton]:
        """Return what a stack without layers says, and its button."""
        invitation = QWidget(self)
        invitation.setObjectName("empty_stack")
        title = quiet_label("There are no layers yet", "answer")
        says = wrapped_label(
            "",
            "The picture is all there is. Add a convolution, and see what its kernels find; or "
            "choose a ready stack at the top.",
        )
        button = push_button(
            "empty_add_button", "Add a layer", "Choose the first layer.", "+ Add a layer"
        )
        button.setMinimumHeight(40)
        filled(QVBoxLayout(invitation), STRETCH, title, says, button, STRETCH, spacing=12)
        invitation.hide()
        return invitation, button

    def show_maps(self, shown: StackShown) -> None:
        """Show which layers there are, and their maps."""
        self._shown = shown
        state = shown.job.state
        written_for = state, shown.summaries, shown.error, shown.picture.shape, shown.folded
        if written_for != self._written_for:
            self._written_for = written_for
            self._show_cards()
        elif perf_counter() - self._written_at >= CARDS_EVERY / 1000:
            self._show_cards()  # with the maps: by itself it would have all of them painted again
        else:
            self._cards_due.start()
        self.show_columns(shown.columns if shown.compared is None else shown.compared.columns)

    def show_columns(self, columns: Sequence[MapColumn]) -> None:
        """Paint maps in the places of those that were shown."""
        shown = self._shown
        if shown is not None:
            pairs = zip(shown.job.state.active, shown.summaries, strict=False)
            fresh = {INPUT, *(slot.uid for slot, _ in pairs)}
            self.grid.show_columns(columns, frozenset(self.nodes) - fresh)

    def stand_beside(self, label: QWidget) -> None:
        """Place a label on the left of the maps."""
        self._row.insertWidget(0, label)

    def stack_above(self, other: QWidget) -> None:
        """Give another widget half of the room, above the maps."""
        self._column.insertWidget(0, other, 1)

    def _show_cards(self) -> None:
        """Write what is known of the layers; their times are news a few times a second."""
        shown, self._written_at = self._shown, perf_counter()
        self._cards_due.stop()
        if shown is not None:
            state = shown.job.state
            nodes = map_words.nodes(state, shown, self.nodes)
            self.nodes = {node.uid: node for node in nodes}
            self.grid.set_layers(nodes, map_words.cards(state, shown), map_words.bands(shown))

    def show_empty(self, is_empty: bool) -> None:
        """Say what to do with a stack without layers, beside the picture."""
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.open_detail(None)

    def show_form(self, is_open: bool) -> None:
        """Open what can be changed of the chosen layer, or close it."""
        self.form.setVisible(is_open)
        self._place()

    def place_error(self, top: int) -> None:
        """Show what does not fit at the height of a card [px]."""
        if top != self._card_top:
            self._card_top = top
            self._place()

    def open_detail(self, uid: int | None) -> None:
        """Open the detail before a layer, or behind the picture; None closes it."""
        if self._is_empty:
            self.grid.open_gap(Opening(INPUT, float(INVITATION)))
        elif uid is None:
            self.grid.open_gap(None)
        else:
            if self._shown is not None:
                uid = self._shown.folded.shown(uid) or INPUT
            width = self.detail.wanted_width(round(self.grid.room.height()))
            self.grid.open_gap(Opening(uid, float(width)))

    def _on_gap_changed(self, gap: QRect | None) -> None:
        panel = self._invitation if self._is_empty else self.detail
        for each in (self._invitation, self.detail):
            each.setVisible(gap is not None and each is panel)
        if gap is None:
            focus = self.focusWidget()
            if focus is not None and self.detail.isAncestorOf(focus):
                self.grid.setFocus()
        else:
            corner = self.grid.viewport().mapTo(self, gap.topLeft())
            panel.setGeometry(QRect(corner, gap.size()))
            for each in (panel, self.form, self.error):
                each.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return False

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()

    def _place(self) -> None:
        """Put the panels over the maps where they belong."""
        room, left = self.height() - 2 * GAP, GAP
        if not self.form.isHidden():
            height = min(self.form.wanted_height(), room)
            self.form.setGeometry(left, GAP, self.form.width(), height)
            self.form.raise_()
            left += self.form.width() + GAP
        if not self.error.isHidden():
            height = min(self.error.wanted_height(), room)
            top = max(min(self._card_top, room + GAP - height), GAP)
            self.error.setGeometry(left, top, self.error.width(), height)
            self.error.raise_()
