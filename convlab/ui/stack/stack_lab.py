"""The stack lab: layers on the left, all their maps in the middle, the selected unit below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRect, Qt

from convlab.document.document import Lab
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import INPUT, StackState, StackViewing, Unit
from convlab.io.ready_stacks import read_ready_stack
from convlab.layers.fitting import check
from convlab.runtime.thumbnails import Thumbnailer
from convlab.runtime.timers import single_shot
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.stack import stack_words
from convlab.ui.stack.detail_view import DetailView
from convlab.ui.stack.fill_button import fill_pictures
from convlab.ui.stack.layer_panel import LayerPanel
from convlab.ui.stack.map_panel import MapPanel
from convlab.ui.stack.stack_chooser import stack_pictures
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.stack.stack_selection import select
from convlab.ui.stack.weights_files import WeightsFiles
from convlab.ui.widgets import map_words
from convlab.ui.widgets.map_layout import Opening
from convlab.ui.widgets.map_node import Node
from convlab.ui.widgets.status_line import LabStatus

DETAILS_EVERY = 80  # [ms]
STACK_FILE = "stack file"
"""Owner of a message."""


class StackLab(DockedLab):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, services: LabServices) -> None:
        session = services.session
        super().__init__(session, Lab.STACK)
        self._desk = services.desk
        self.drawing = DrawingDock(self, session, Lab.STACK)
        self._shown: StackShown | None = None
        self._nodes: dict[int, Node] = {}  # of the last good maps
        self._listed: object = None  # what the list of layers shows
        self._drawn: object = None  # what the selection on the map grid was drawn for
        self._details_due = single_shot(self, DETAILS_EVERY, self._show_details)
        self.layers = LayerPanel()
        self.maps = MapPanel()
        self.message = self.maps.message
        self.detail = DetailView(self.maps.grid.viewport())
        self.detail.hide()
        self.details = self.detail.details
        message = self.detail.message
        self.edits = StackEdits(session, self.layers.message, message)
        self._weights = WeightsFiles(self, session, services.desk, self.edits, message)
        self._show_pictures(services.thumbnails)
        self._arrange()
        self._connect_builder()
        self._connect_filter()
        self._connect_viewing()
        for parts, show in (
            ("document.stack.input document.stack.title", self._show_head),
            ("document.stack.colors", self._show_colors),
            ("document.stack.slots viewing.stack.chosen", self._show_layers),
            ("document.stack.slots viewing.stack", self._show_filter),
            ("viewing.stack.shift", self._show_shift),
        ):
            session.watch(parts, show, Lab.STACK)
            show()

    def _show_pictures(self, thumbnailer: Thumbnailer) -> None:
        """Let lists show what is chosen in them on the present frame."""
        session = self._session
        stacks, fill = self.layers.stacks.list, self.detail.incoming.fill.list
        stacks.set_thumbnails(thumbnailer, stack_pictures(thumbnailer, session))
        fill.set_thumbnails(thumbnailer, fill_pictures(thumbnailer, session))

    # ---- where things stand ----

    def _arrange(self) -> None:
        self.setDockNestingEnabled(True)
        self.setCentralWidget(self.maps)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        layers = self.dock("layers_dock", "Layers", self.layers)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, layers)
        self.tabifyDockWidget(layers, self.drawing)
        self._layers_dock = layers
        self.keep_bare_layout()
        self.maps.grid.painted.connect(self.painted)

    def proportion(self) -> None:
        """Give the maps most of the room; sizes are known only once the lab is shown."""
        side = max(self.width() // 5, 250)
        self.resizeDocks([self._layers_dock], [side], Qt.Orientation.Horizontal)

    # ---- intents become edits ----

    @property
    def _state(self) -> StackState:
        return self._session.document.stack

    @property
    def _viewing(self) -> StackViewing:
        return self._session.viewing.stack

    def _connect_builder(self) -> None:
        panel, wanted = self.layers, self.edits
        panel.list.layer_chosen.connect(self._on_layer_chosen)
        panel.list.layer_moved.connect(wanted.move)
        panel.list.layer_toggled.connect(wanted.toggle)
        panel.list.layer_removed.connect(self._on_layer_removed)
        panel.list.layer_duplicated.connect(self._on_layer_duplicated)
        panel.list.remedy_chosen.connect(self._on_remedy_chosen)
        panel.layer_added.connect(self._on_layer_added)
        panel.form.parameter_chosen.connect(wanted.set_parameter)
        wanted.set_by(panel.input_chosen, "stack.input")
        panel.stack_chosen.connect(self._on_stack_chosen)
        panel.title_chosen.connect(wanted.set_title)
        wanted.set_by(self.maps.form.parameter_chosen, "stack.colors")
        self.maps.gradient_wanted.connect(self._on_gradient_wanted)

    def _on_stack_chosen(self, key: str) -> None:
        """Read a ready stack; it takes the place of the one there is when it has been read."""
        self._desk.do(STACK_FILE, partial(read_ready_stack, key), self.edits.take)

    def _on_layer_added(self, kind: str) -> None:
        """Put a layer behind the chosen one, or at the end, and choose it."""
        chosen = self._viewing.chosen
        place = len(self._state.slots)
        if chosen is not None and self._state.slot(chosen) is not None:
            place = self._state.index(chosen) + 1
        if self._shown is None:
            return
        uid = self._state.next_uid
        before = [slot.layer for slot in self._state.slots[:place] if slot.is_on]
        shapes, _ = check(before, self._shown.picture.shape)
        self.edits.add(kind, shapes[-1] if shapes else self._shown.picture.shape, place)
        if self._state.slot(uid) is not None:
            self._look(chosen=uid)

    def _on_layer_removed(self, uid: int) -> None:
        """Remove a layer, and choose its neighbour, so that one can go on."""
        place = self._state.index(uid)
        self.edits.remove(uid)
        slots = self._state.slots
        chosen = slots[min(place, len(slots) - 1)].uid if slots else None
        self._look(chosen=chosen, unit=None, pinned=False)

    def _on_layer_duplicated(self, uid: int) -> None:
        """Put a copy behind a layer, and choose it."""
        copy = self._state.next_uid
        self.edits.duplicate(uid)
        if self._state.slot(copy) is not None:
            self._look(chosen=copy)

    def _on_remedy_chosen(self, uid: int, number: int) -> None:
        error = None if self._shown is None else self._shown.error
        if error is not None and error.uid == uid and number < len(error.remedies):
            self.edits.fix(uid, error.remedies[number])

    def _connect_filter(self) -> None:
        detail, wanted = self.detail, self.edits
        panel, view = detail.incoming, detail.incoming.view
        detail.closed.connect(self.unpin)
        detail.map_chosen.connect(self._on_map_chosen)
        detail.details.sum.channel_chosen.connect(self._on_channel_chosen)
        view.channel_chosen.connect(self._on_channel_chosen)
        view.channels_wanted.connect(self._on_channels_wanted)
        view.weight_edited.connect(self._on_weight_edited)
        view.weights_pasted.connect(self._on_weights_pasted)
        view.gesture_ended.connect(self._session.end_gesture)
        panel.fill.preset_chosen.connect(self._on_preset_chosen)
        panel.fill.bank_chosen.connect(wanted.fill)
        panel.fill.file_wanted.connect(self._on_weights_wanted)
        panel.bias_chosen.connect(wanted.set_bias)
        panel.number_chosen.connect(wanted.set_number)

    def _on_weight_edited(self, channel: int, row: int, column: int, value: float) -> None:
        self.edits.set_weight(channel, (row, column), value, self.detail.kernel_size)

    def _on_weights_pasted(self, channel: int, text: str) -> None:
        self.edits.paste_kernel(channel, text, self.detail.kernel_size)

    def _on_preset_chosen(self, name: str) -> None:
        self.edits.load_preset(name, self.detail.kernel_size)

    @property
    def filter_uid(self) -> int | None:
        """Uid of the layer whose kernels are in the grid."""
        kernel = self.edits.filter
        return None if kernel is None else kernel.uid

    def _on_weights_wanted(self) -> None:
        if self.filter_uid is not None:
            self._weights.ask(self.filter_uid)

    # ---- what is looked at ----

    def _connect_viewing(self) -> None:
        grid = self.maps.grid
        grid.pointed.connect(self._on_pointed)
        grid.left.connect(self._on_left)
        grid.clicked.connect(self._on_clicked)
        grid.nudged.connect(self._on_nudged)
        grid.map_stepped.connect(self._on_map_stepped)
        grid.layer_chosen.connect(self._on_layer_chosen)
        grid.sight_changed.connect(self._on_sight_changed)
        grid.picture_dragged.connect(self._on_picture_dragged)
        grid.gap_changed.connect(self._on_gap_changed)
        details = self.details
        details.currentChanged.connect(self._on_tab_chosen)
        self.detail.map.clicked.connect(self._on_cell_chosen)
        self.detail.map.nudged.connect(self._on_nudged)
        details.shift.shift_chosen.connect(self._on_shift_chosen)
        details.table.row_chosen.connect(self._on_row_chosen)

    def _on_pointed(self, unit: Unit) -> None:
        if not self._viewing.pinned:
            self._look(unit=unit)

    def _on_left(self) -> None:
        if not self._viewing.pinned:
            self._look(unit=None)

    def _on_clicked(self, unit: Unit) -> None:
        """Pin a unit; clicking its map again lets it go: others are chosen in the map at large."""
        pinned = self._viewing.unit if self._viewing.pinned else None
        if pinned is not None and (pinned.uid, pinned.channel) == (unit.uid, unit.channel):
            self.unpin()
        else:
            self.look_at_unit(unit)

    def look_at_unit(self, unit: Unit) -> None:
        """Pin a unit: its map is selected."""
        chosen = None if unit.uid == INPUT else unit.uid
        channel = self._viewing.kernel[1] if self._viewing.chosen == chosen else 0
        kernel = (unit.channel, channel)
        wanted = self._wanted_by_page(is_open=True)
        self._look(unit=unit, pinned=True, chosen=chosen, kernel=kernel, **wanted)

    def unpin(self) -> None:
        """Let go of the pinned unit."""
        self._look(unit=None, pinned=False, **self._wanted_by_page(is_open=False))

    def _on_nudged(self, rows: int, columns: int) -> None:
        """Pin the unit beside, or the middle of a map of the chosen or the last layer."""
        unit, shown = self._present_unit(), self._shown
        if shown is None:
            return
        chosen = self._viewing.chosen
        last = shown.columns[-1].uid if chosen is None else chosen
        column = shown.column(last if unit is None else unit.uid)
        if column is not None:
            self.look_at_unit(
                column.middle() if unit is None else column.moved(unit, rows, columns)
            )

    def _present_unit(self) -> Unit | None:
        """Return the unit that a step begins at: the wanted one, even if it is not shown yet."""
        look = None if self._shown is None else self._shown.look
        wanted = self._viewing.unit
        if look is None or wanted is None or wanted.uid != look.unit.uid:
            return None if look is None else look.unit
        return wanted

    def _on_map_stepped(self, maps: int) -> None:
        """Pin the same place in another map of the layer."""
        unit = self._present_unit()
        if unit is None or self._shown is None:
            return
        column = self._shown.column(unit.uid)
        if column is not None and len(column.shape) == 3:
            channel = min(max(unit.channel + maps, 0), column.shape[0] - 1)
            self.look_at_unit(replace(unit, channel=channel))

    def _on_cell_chosen(self, row: int, column: int) -> None:
        """Pin another unit of the selected map."""
        look = None if self._shown is None else self._shown.look
        maps = None if look is None or self._shown is None else self._shown.column(look.unit.uid)
        if look is not None and maps is not None:
            self.look_at_unit(maps.unit_at(maps.place_of(look.unit)[0] + maps.lead, row, column))

    def _on_layer_chosen(self, uid: int) -> None:
        chosen = None if uid == INPUT else uid
        if chosen != self._viewing.chosen:
            self._look(chosen=chosen, kernel=(0, 0), unit=None, pinned=False)

    def _on_row_chosen(self, index: int) -> None:
        active = self._state.active
        if -1 <= index < len(active):
            self._on_layer_chosen(INPUT if index < 0 else active[index].uid)

    def _on_channel_chosen(self, channel: int) -> None:
        self._look(kernel=(self._viewing.kernel[0], channel))

    def _on_channels_wanted(self, channels: tuple[int, ...]) -> None:
        self._look(channels=channels)

    def _on_map_chosen(self, channel: int) -> None:
        unit = self._present_unit()
        if unit is not None:
            self.look_at_unit(replace(unit, channel=channel))

    def _on_sight_changed(self) -> None:
        grid = self.maps.grid
        self._look(in_sight=grid.in_sight, cell_width=grid.cell_width)

    def _on_tab_chosen(self) -> None:
        self.maps.show_gradient(self.details.is_gradient_shown)
        self._look(**self._wanted_by_page(self._viewing.pinned))
        self._show_details()

    def _wanted_by_page(self, is_open: bool) -> dict[str, object]:
        """Return what the page of the card that is looked at needs; a closed one needs nothing."""
        wants_shift = is_open and self.details.is_shift_shown
        self.maps.grid.drags_picture = wants_shift
        return {
            "wants_shift": wants_shift,
            "wants_gradient": is_open and self.details.is_gradient_shown,
            "shift": self._viewing.shift if wants_shift else (0, 0),
        }

    def _on_shift_chosen(self, rows: int, columns: int) -> None:
        self._look(shift=(rows, columns))

    def _on_picture_dragged(self, rows: int, columns: int) -> None:
        down, right = self._viewing.shift
        self._look(shift=(down + rows, right + columns))

    def _on_gradient_wanted(self, wanted: bool) -> None:
        self.details.setCurrentWidget(self.details.gradient if wanted else self.details.sum)

    # ---- the document and the results are shown ----

    def _show_head(self) -> None:
        self.layers.show_head(self._state.title, self._state.input)

    def _show_colors(self) -> None:
        self.maps.form.show_record(self._state.colors)

    def _show_shift(self) -> None:
        self.details.shift.show_shift(*self._viewing.shift)

    def _show_layers(self) -> None:
        state, chosen, shown = self._state, self._viewing.chosen, self._shown
        found = None if shown is None else (shown.job.state, shown.summaries, shown.error)
        if (state, chosen, found) == self._listed:
            return
        self._listed = state, chosen, found
        self.layers.list.show_layers(stack_words.entries(state, shown), chosen)
        if shown is not None and shown.job.state is state:
            self.layers.show_totals(stack_words.totals(shown))
        slot = None if chosen is None else state.slot(chosen)
        self.layers.show_chosen(None if slot is None else slot.layer)

    def _show_filter(self) -> None:
        self.detail.show_kernels(self.edits.filter)

    def receive(self) -> None:
        """Let a person draw at once who was sent here for that."""
        if self.drawing.is_wanted:
            self.drawing.panel.view.setFocus()

    def status(self, shown: StackShown) -> LabStatus:
        """Return what the status bar says of a result."""
        return stack_words.status(shown)

    def show_result(self, shown: StackShown) -> None:
        """Paint a result."""
        self._shown = shown
        state = shown.job.state
        nodes = map_words.nodes(state, shown, self._nodes)
        self._nodes = {node.uid: node for node in nodes}
        grid = self.maps.grid
        grid.set_layers(nodes, map_words.cards(state, shown))
        fresh = {INPUT, *(slot.uid for slot, _ in zip(state.active, shown.summaries, strict=False))}
        grid.show_columns(shown.columns, frozenset(self._nodes) - fresh)
        self.maps.show_answer(stack_words.answer_text(shown.answer))
        self._draw_selection(shown)
        self._show_layers()
        self._open_detail(shown)
        if not self._details_due.isActive():
            self._details_due.start()

    def _draw_selection(self, shown: StackShown) -> None:
        """Draw what belongs to the pinned unit, when that is another than before."""
        viewing = shown.job.viewing
        look = shown.look if viewing.pinned else None
        unit = None if look is None else look.unit
        wanted = (unit, viewing.chosen, shown.job.state, self._nodes)
        if wanted != self._drawn:
            self._drawn = wanted
            selection = None if look is None else select(shown)
            self.maps.grid.show_selection(selection, viewing.chosen)

    def _open_detail(self, shown: StackShown) -> None:
        """Open the gap for the detail of a pinned unit, or close it."""
        look = shown.look if shown.job.viewing.pinned else None
        opening = None
        if look is not None:
            self.detail.show_pictures(shown)
            height = self.maps.grid.viewport().height()
            opening = Opening(look.unit.uid, float(self.detail.wanted_width(height)))
        self.maps.grid.open_gap(opening)

    def _on_gap_changed(self, gap: QRect | None) -> None:
        if gap is not None:
            self.detail.setGeometry(gap)
        elif self.detail.isAncestorOf(self.focusWidget()):
            self.maps.grid.setFocus()
        self.detail.setVisible(gap is not None)

    def _show_details(self) -> None:
        """Show the numbers, which nobody can read faster than a few times a second."""
        if self._shown is not None:
            self.detail.show_result(self._shown)
