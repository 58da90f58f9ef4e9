"""The stack lab: layers on the left, all their maps in the middle, the selected unit below."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt

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
        self.detail = DetailView(self)
        self.detail.hide()  # until it is placed
        self.filter = self.detail.filter
        self.details = self.detail.details
        self.edits = StackEdits(session, self.layers.message, self.filter.message)
        self._weights = WeightsFiles(self, session, services.desk, self.edits, self.filter.message)
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
        stacks, fill = self.layers.stacks.list, self.filter.fill.list
        stacks.set_thumbnails(thumbnailer, stack_pictures(thumbnailer, session))
        fill.set_thumbnails(thumbnailer, fill_pictures(thumbnailer, session))

    # ---- where things stand ----

    def _arrange(self) -> None:
        self.setDockNestingEnabled(True)
        self.setCentralWidget(self.maps)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        layers = self.dock("layers_dock", "Layers", self.layers)
        kernel = self.dock("filter_dock", "Filter", self.filter)
        details = self.dock("details_dock", "The unit", self.details)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, layers)
        self.tabifyDockWidget(layers, self.drawing)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, kernel)
        self.splitDockWidget(kernel, details, Qt.Orientation.Horizontal)
        self._layers_dock, self._filter_dock, self._details_dock = layers, kernel, details
        self.keep_bare_layout()
        self.maps.grid.painted.connect(self.painted)

    def proportion(self) -> None:
        """Give the maps most of the room; sizes are known only once the lab is shown."""
        width, height = self.width(), self.height()
        side, lower = max(width // 5, 250), max(height * 3 // 10, 236)
        kernel = max((width - side) // 4, 250)
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.resizeDocks([self._layers_dock], [side], horizontal)
        self.resizeDocks([self._filter_dock], [lower], vertical)
        self.resizeDocks(
            [self._filter_dock, self._details_dock], [kernel, width - side - kernel], horizontal
        )

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
        panel.input_chosen.connect(wanted.set_input)
        panel.stack_chosen.connect(self._on_stack_chosen)
        panel.title_chosen.connect(wanted.set_title)
        self.maps.form.parameter_chosen.connect(wanted.set_colors)
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
        panel, wanted = self.filter, self.edits
        panel.channel_chosen.connect(self._on_channel_chosen)
        panel.grid.cell_edited.connect(wanted.set_cell)
        panel.grid.gesture_ended.connect(self._session.end_gesture)
        panel.grid.text_pasted.connect(wanted.paste_kernel)
        panel.preset_chosen.connect(wanted.load_preset)
        panel.bank_chosen.connect(wanted.fill)
        panel.bias_chosen.connect(wanted.set_bias)
        panel.file_wanted.connect(self._on_weights_wanted)

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
        details = self.details
        details.currentChanged.connect(self._on_tab_chosen)
        details.pictures.map.clicked.connect(self._on_cell_chosen)
        details.pictures.map.nudged.connect(self._on_nudged)
        details.shift.shift_chosen.connect(self._on_shift_chosen)
        details.table.row_chosen.connect(self._on_row_chosen)

    def _on_pointed(self, unit: Unit) -> None:
        if not self._viewing.pinned:
            self._look(unit=unit)

    def _on_left(self) -> None:
        if not self._viewing.pinned:
            self._look(unit=None)

    def _on_clicked(self, unit: Unit) -> None:
        """Pin a unit; clicking the pinned one lets it go."""
        viewing = self._viewing
        if viewing.pinned and viewing.unit == unit:
            self.unpin()
        else:
            self.look_at_unit(unit)

    def look_at_unit(self, unit: Unit) -> None:
        """Pin a unit: its map is selected."""
        chosen = None if unit.uid == INPUT else unit.uid
        channel = self._viewing.kernel[1] if self._viewing.chosen == chosen else 0
        self._look(unit=unit, pinned=True, chosen=chosen, kernel=(unit.channel, channel))

    def unpin(self) -> None:
        """Let go of the pinned unit."""
        self._look(unit=None, pinned=False)

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

    def _on_channel_chosen(self, output: int, channel: int) -> None:
        unit = self._viewing.unit
        if self._viewing.pinned and unit is not None and unit.channel != output:
            unit = replace(unit, channel=output)
        self._look(kernel=(output, channel), unit=unit)

    def _on_sight_changed(self) -> None:
        grid = self.maps.grid
        self._look(in_sight=grid.in_sight, cell_width=grid.cell_width)

    def _on_tab_chosen(self) -> None:
        wants_shift = self.details.is_shift_shown
        self.maps.grid.drags_picture = wants_shift
        self._look(
            wants_shift=wants_shift,
            wants_parts=self.details.is_parts_shown,
            shift=self._viewing.shift if wants_shift else (0, 0),
        )
        self._show_details()

    def _on_shift_chosen(self, rows: int, columns: int) -> None:
        self._look(shift=(rows, columns))

    def _on_picture_dragged(self, rows: int, columns: int) -> None:
        down, right = self._viewing.shift
        self._look(shift=(down + rows, right + columns))

    def _on_gradient_wanted(self, wanted: bool) -> None:
        self._look(wants_gradient=wanted)
        if wanted:
            self.details.setCurrentWidget(self.details.pictures)

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
        kernel = self.edits.filter
        if kernel is None:
            self.filter.show_filter(None, 0, 0)
            self._filter_dock.setWindowTitle("Filter")
        else:
            self.filter.show_filter(kernel.layer, kernel.output, kernel.input)
            title = map_words.layer_title(kernel.number, kernel.layer)
            self._filter_dock.setWindowTitle(f"Filter of {title}")

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

    def _show_details(self) -> None:
        """Show the numbers, which nobody can read faster than a few times a second."""
        if self._shown is not None:
            self.detail.show_result(self._shown)
