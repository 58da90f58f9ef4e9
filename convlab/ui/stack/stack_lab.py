"""The stack lab: the maps of all layers, and the selected unit's detail in the gap among them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.stack.job import StackShown
from convlab.document.stack.model import StackState, StackViewing, Unit
from convlab.io.ready_stacks import read_ready_stack
from convlab.layers.fitting import check
from convlab.layers.graph import INPUT, Graph
from convlab.runtime.thumbnails import Thumbnailer
from convlab.runtime.timers import single_shot
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.stack import stack_words
from convlab.ui.stack.fill_button import fill_pictures
from convlab.ui.stack.layer_rail import LayerRail
from convlab.ui.stack.overview import Overview
from convlab.ui.stack.stack_chooser import stack_pictures
from convlab.ui.stack.stack_comparing import StackComparing
from convlab.ui.stack.stack_docks import StackDocks
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.stack.stack_head import StackHead
from convlab.ui.stack.stack_selection import select
from convlab.ui.stack.unit_choice import UnitChoice
from convlab.ui.stack.weights_files import WeightsFiles
from convlab.ui.widgets.forms import filled
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
        self._listed: object = None  # what the rail shows
        self._drawn: object = None  # what the selection on the map grid was drawn for
        self._opened: tuple[int, int] | None = None  # uid and number of the map in the detail
        self._said = ""  # of the value under the mouse
        self._details_due = single_shot(self, DETAILS_EVERY, self._show_details)
        self.choice = UnitChoice(session, self._wanted_by_page)
        self.head, self.rail, self.maps = StackHead(), LayerRail(), Overview()
        self.message = self.maps.message
        self.detail = self.maps.detail
        self.details = self.detail.details
        message = self.detail.message
        self.edits = StackEdits(session, self.head.message, message)
        self.comparing = StackComparing(session, self.edits, self.maps)
        self.head.add_button(self.comparing.button)
        self._weights = WeightsFiles(self, session, services.desk, self.edits, message)
        self._weights.file_answered.connect(self.file_answered)
        self._show_pictures(services.thumbnails)
        self.panels = StackDocks(self, session, self.edits, services.desk)
        self._arrange()
        self._connect_head()
        self._connect_layers()
        self._connect_filter()
        self._connect_viewing()
        for parts, show in (
            ("document.stack.input document.stack.title document.stack.colors", self._show_head),
            ("document.stack.slots viewing.stack.chosen", self._show_layers),
            ("document.stack.slots viewing.stack", self._show_filter),
            ("viewing.stack.shift", self._show_shift),
        ):
            session.watch(parts, show, Lab.STACK)
            show()

    def _show_pictures(self, thumbnailer: Thumbnailer) -> None:
        """Let lists show what is chosen in them on the present frame."""
        session = self._session
        stacks, fill = self.head.stacks.list, self.detail.incoming.fill.list
        stacks.set_thumbnails(thumbnailer, stack_pictures(thumbnailer, session))
        fill.set_thumbnails(thumbnailer, fill_pictures(thumbnailer, session))

    # ---- where things stand ----

    def _arrange(self) -> None:
        whole = QWidget()
        row = filled(QHBoxLayout(), self.rail, (self.maps, 1), margins=(0, 0, 0, 0), spacing=0)
        filled(
            QVBoxLayout(whole),
            self.head,
            (row, 1),
            self.comparing.bar,
            margins=(0, 0, 0, 0),
            spacing=1,
        )
        self.setCentralWidget(whole)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.drawing)
        self.head.message.lie_over(self.maps.grid, within=self.maps)
        self.maps.add.clicked.connect(self.rail.add.click)
        self.keep_bare_layout()
        self.maps.grid.painted.connect(self.painted)

    # ---- intents become edits ----

    @property
    def _state(self) -> StackState:
        return self._session.document.stack

    @property
    def _viewing(self) -> StackViewing:
        return self._session.viewing.stack

    @property
    def _shown(self) -> StackShown | None:
        return self.choice.shown

    def _connect_head(self) -> None:
        head, wanted = self.head, self.edits
        head.stack_chosen.connect(self._on_stack_chosen)
        head.title_chosen.connect(wanted.set_title)
        wanted.set_by(head.input_chosen, "stack.input")
        wanted.set_by(head.color_chosen, "stack.colors")
        head.links_wanted.connect(self.maps.grid.show_links)
        head.gradient_wanted.connect(self._on_gradient_wanted)
        head.fit_wanted.connect(self.maps.grid.fit)

    def _on_stack_chosen(self, key: str) -> None:
        """Read a ready stack; it takes the place of the one there is when it has been read."""
        self.maps.grid.setFocus()  # nobody typed a name: the next key is not for the box
        self._desk.do(STACK_FILE, partial(read_ready_stack, key), self.edits.take)

    def _connect_layers(self) -> None:
        cards, form, wanted = self.rail.list, self.maps.form, self.edits
        cards.layer_chosen.connect(self.choice.choose_layer)
        cards.layer_moved.connect(wanted.move)
        cards.layer_toggled.connect(wanted.toggle)
        cards.layer_removed.connect(self._on_layer_removed)
        cards.layer_duplicated.connect(self._on_layer_duplicated)
        cards.card_clicked.connect(self._on_card_clicked)
        cards.form_wanted.connect(self._on_form_wanted)
        self.rail.layer_added.connect(self._on_layer_added)
        self.rail.finder.chosen.connect(self.choice.find)
        QShortcut(QKeySequence.StandardKey.Find, self, self.rail.finder.open_list)
        form.form.parameter_chosen.connect(wanted.set_parameter)
        form.closed.connect(self._on_form_closed)
        form.toggled.connect(partial(self._on_chosen, wanted.toggle))
        form.moved.connect(self._on_layer_moved)
        form.duplicated.connect(partial(self._on_chosen, self._on_layer_duplicated))
        form.removed.connect(partial(self._on_chosen, self._on_layer_removed))
        self.maps.error.remedy_chosen.connect(self._on_remedy_chosen)

    def _on_chosen(self, edit: object, *_: object) -> None:
        """Do an edit of the chosen layer."""
        if self._viewing.chosen is not None:
            edit(self._viewing.chosen)  # type: ignore[operator]

    def _on_layer_moved(self, places: int) -> None:
        uid = self._viewing.chosen
        if uid is not None:
            place = self._state.index(uid) + places
            if 0 <= place < len(self._state.slots):
                self.edits.move(uid, place)

    def _on_card_clicked(self, uid: int, was_chosen: bool) -> None:
        """Open what can be changed of a layer; a click on its card again closes it."""
        self.choice.choose_layer(uid)
        self._show_form(not was_chosen or self.maps.form.isHidden())

    def _on_form_wanted(self) -> None:
        self._show_form(True)
        self.maps.form.form.setFocus()
        self.maps.form.focusNextChild()

    def _on_form_closed(self) -> None:
        self._show_form(False)
        self.rail.list.setFocus()

    def _show_form(self, is_open: bool) -> None:
        self.maps.show_form(is_open and self._viewing.chosen is not None)

    def _on_layer_added(self, kind: str) -> None:
        """Put a layer behind the chosen one, or at the end, and choose it."""
        chosen = self._viewing.chosen
        place = len(self._state.slots)
        if chosen is not None and self._state.slot(chosen) is not None:
            place = self._state.index(chosen) + 1
        if self._shown is None:
            return
        uid = self._state.next_uid
        below = Graph(self._state.slots[:place])
        shapes, _ = check(below, self._shown.picture.shape)
        self.edits.add(kind, shapes.get(below.last, [*shapes.values()][-1]), place)
        if self._state.slot(uid) is not None:
            self.choice.look(chosen=uid, unit=None, pinned=False)
            self._show_form(True)

    def _on_layer_removed(self, uid: int) -> None:
        """Remove a layer, and choose its neighbour, so that one can go on."""
        place = self._state.index(uid)
        self.edits.remove(uid)
        slots = self._state.slots
        chosen = slots[min(place, len(slots) - 1)].uid if slots else None
        self.choice.look(chosen=chosen, unit=None, pinned=False)

    def _on_layer_duplicated(self, uid: int) -> None:
        """Put a copy behind a layer, and choose it."""
        copy = self._state.next_uid
        self.edits.duplicate(uid)
        if self._state.slot(copy) is not None:
            self.choice.look(chosen=copy)

    def _on_remedy_chosen(self, uid: int, number: int) -> None:
        error = None if self._shown is None else self._shown.error
        if error is not None and error.uid == uid and number < len(error.remedies):
            self.edits.fix(uid, error.remedies[number])

    def _connect_filter(self) -> None:
        detail, wanted, choice = self.detail, self.edits, self.choice
        panel, view = detail.incoming, detail.incoming.view
        detail.closed.connect(choice.unpin)
        detail.map_chosen.connect(choice.choose_map)
        detail.details.sum.channel_chosen.connect(choice.choose_channel)
        view.channel_chosen.connect(choice.choose_channel)
        view.channels_wanted.connect(self._on_channels_wanted)
        view.weight_edited.connect(self._on_weight_edited)
        view.weights_pasted.connect(self._on_weights_pasted)
        view.gesture_ended.connect(self._session.end_gesture)
        panel.fill.preset_chosen.connect(self._on_preset_chosen)
        panel.fill.bank_chosen.connect(wanted.fill)
        panel.fill.file_wanted.connect(self._on_weights_wanted)
        panel.bias_chosen.connect(wanted.set_bias)
        panel.number_chosen.connect(wanted.set_number)

    def _on_channels_wanted(self, channels: tuple[int, ...]) -> None:
        self._look(channels=channels)

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

    def read_file(self, path: str) -> None:
        """Read weights for the stack, or for a new one."""
        self._weights.read(Path(path))

    # ---- what is looked at ----

    def _connect_viewing(self) -> None:
        grid, choice = self.maps.grid, self.choice
        grid.pointed.connect(choice.point)
        grid.left.connect(choice.leave)
        grid.clicked.connect(choice.click)
        grid.nudged.connect(choice.nudge)
        grid.map_stepped.connect(choice.step_map)
        grid.layer_chosen.connect(choice.choose_layer)
        grid.fold_wanted.connect(choice.fold)
        grid.fold_turned.connect(choice.turn_fold)
        grid.sight_changed.connect(self._on_sight_changed)
        grid.picture_dragged.connect(self._on_picture_dragged)
        details = self.details
        details.currentChanged.connect(self._on_tab_chosen)
        self.detail.map.clicked.connect(choice.choose_cell)
        self.detail.map.nudged.connect(choice.nudge)
        self.detail.value_pointed.connect(self.value_pointed)
        details.shift.shift_chosen.connect(self._on_shift_chosen)
        details.table.row_chosen.connect(self._on_row_chosen)

    def hold(self) -> None:
        self.comparing.hold()

    def look_at_unit(self, unit: Unit) -> None:
        """Pin a unit."""
        self.choice.pin(unit)

    def unpin(self) -> None:
        """Close what is open: the form, if a person is in it or no unit is pinned; or the unit."""
        if self.comparing.close_inside():
            return
        form, focus = self.maps.form, self.focusWidget()
        is_inside = focus is not None and form.isAncestorOf(focus)
        if not form.isHidden() and (is_inside or not self._viewing.pinned):
            self._on_form_closed()
        else:
            self.choice.unpin()

    def _on_row_chosen(self, index: int) -> None:
        active = self._state.active
        if -1 <= index < len(active):
            self.choice.choose_layer(INPUT if index < 0 else active[index].uid)

    def _on_sight_changed(self) -> None:
        grid = self.maps.grid
        self._look(in_sight=grid.in_sight, cell_width=grid.cell_width, cells=grid.cells_in_sight)

    def _on_tab_chosen(self) -> None:
        self.head.show_gradient(self.details.is_gradient_shown)
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
        self.head.show_stack(self._state)

    def _show_shift(self) -> None:
        self.details.shift.show_shift(*self._viewing.shift)

    def _show_layers(self) -> None:
        state, chosen, shown = self._state, self._viewing.chosen, self._shown
        self.rail.finder.show_layers(shown)
        found = None if shown is None else (shown.job.state, shown.summaries, shown.error)
        if (state, chosen, found) == self._listed:
            return
        self._listed = state, chosen, found
        entries = stack_words.entries(state, shown)
        self.rail.list.show_layers(entries, chosen)
        failing = next((entry for entry in entries if entry.error), None)
        self.maps.error.show_entry(failing)
        if failing is not None:
            self.maps.place_error(self.rail.top_of(failing.number - 1))
        self.maps.show_empty(not entries)
        if shown is not None and shown.job.state is state:
            self.head.show_totals(stack_words.totals(shown))
        slot = None if chosen is None else state.slot(chosen)
        if slot is None:
            self._show_form(False)
            return
        entry = entries[state.index(slot.uid)]
        self.maps.form.show_layer(entry.title, entry.shape, slot.layer, slot.is_on)

    def _show_filter(self) -> None:
        self.detail.show_kernels(self.edits.filter)

    def receive(self) -> None:
        """Let a person draw at once who was sent here for that."""
        if self.drawing.is_wanted:
            self.drawing.panel.view.setFocus()

    def stop(self) -> None:
        self.panels.stop()

    def status(self, shown: StackShown) -> LabStatus:
        """Return what the status bar says of a result."""
        return stack_words.status(shown)

    def show_result(self, shown: StackShown) -> None:
        """Paint a result."""
        self.choice.shown = shown
        self.comparing.show(shown)
        self.panels.show(shown)
        self.head.show_answer(stack_words.answer_text(shown.answer))
        self._draw_selection(shown)
        self._open_detail(shown)
        self._say_value(shown)
        self._show_layers()
        if not self._details_due.isActive():
            self._details_due.start()

    def _draw_selection(self, shown: StackShown) -> None:
        """Draw what belongs to the unit, when that is another than before."""
        viewing, look = shown.job.viewing, shown.look
        unit = None if look is None else look.unit
        wanted = (unit, viewing.pinned, viewing.chosen, shown.job.state, self.maps.nodes)
        if wanted != self._drawn:
            self._drawn = wanted
            self.maps.grid.show_selection(select(shown), shown.folded.shown(viewing.chosen))

    def _open_detail(self, shown: StackShown) -> None:
        """Open the detail of a pinned unit, or close it."""
        look = shown.look if shown.job.viewing.pinned else None
        if look is not None:
            self.detail.show_pictures(shown)
        opened = None if look is None else (look.unit.uid, look.unit.channel)
        if opened != self._opened:  # the words and numbers are of another map
            self._opened = opened
            if look is not None:
                self.detail.show_result(shown)
        self.maps.open_detail(None if look is None else look.unit.uid)

    def _say_value(self, shown: StackShown) -> None:
        """Say what is under the mouse; a pinned unit has its detail."""
        text = "" if shown.job.viewing.pinned else stack_words.pointed_text(shown)
        if text != self._said:
            self._said = text
            self.value_pointed.emit(text)

    def _show_details(self) -> None:
        """Show the numbers, which nobody can read faster than a few times a second."""
        if self._shown is not None and not self.detail.isHidden():
            self.detail.show_result(self._shown)
