"""The signal lab: two signals, one sliding over the other, and the sum from several sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.signal import edits
from convlab.document.signal.job import SignalShown
from convlab.document.signal.model import Held, SignalKind, SignalState, SignalViewing
from convlab.document.signal.scenes import SCENES
from convlab.document.table_form import TableForm
from convlab.engine.arrays import AnyArray
from convlab.io.signal_files import SUFFIXES
from convlab.runtime.racing import Racer
from convlab.runtime.timers import single_shot
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.signals.file_note import FileNote
from convlab.ui.signals.listening import SLOWEST_SOUND, Listener
from convlab.ui.signals.signal_controls import MotionBar, fitting_speed
from convlab.ui.signals.signal_edits import SignalEdits
from convlab.ui.signals.signal_files import SignalFiles
from convlab.ui.signals.signal_player import SignalPlayer
from convlab.ui.signals.signal_view import SignalView
from convlab.ui.signals.story_card import StoryCard
from convlab.ui.signals.sum_side import SumSide
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled, scrolled
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.status_line import LabStatus

SIGNAL_FILTER = f"Sounds and tables ({' '.join(f'*{each}' for each in SUFFIXES)});;All files (*)"


LEAST_SHARE = 0.34  # of the width, below which the signals get room again
SUMS = 404  # width that the sums need for the names of their views [px]
WIDE_FROM = 1000  # a narrower lab has its sums below [px]


class SignalLab(DockedLab):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, services: LabServices) -> None:
        session = services.session
        super().__init__(session, Lab.SIGNAL)
        self._desk = services.desk
        self._shown: SignalShown | None = None
        self.motion = MotionBar()
        self.view = SignalView(self.motion)
        self.story = StoryCard()
        self.forms = self.story.forms
        self.sums = SumSide()
        self.tabs = self.sums.tabs
        self.message = MessageBar("signal_message")
        self.file_note = FileNote()
        self._pair: int | None = None
        self._is_wide = True  # the sums stand beside the signals
        self.racer = Racer(self)
        self.player = SignalPlayer(self)
        self._listener = Listener(services.desk)
        self.edits = SignalEdits(session, self.message)
        self.files = SignalFiles(services.desk, self.message, self)
        self._arrange()
        self._connect_edits()
        self._connect_viewing()
        session.watch("document.signal", self._on_document_changed, Lab.SIGNAL)
        # Told in other labs too: leaving this one stops its clock.
        session.watch("viewing.signal", self._on_viewing_changed)
        self._on_document_changed()
        self._on_viewing_changed()

    # ---- where things stand ----

    def _arrange(self) -> None:
        middle = QWidget()
        as_panel(middle)
        column = filled(QVBoxLayout(middle), margins=(10, 6, 10, 4), spacing=5)
        filled(column, self.file_note, (self.view, 1))
        self.message.lie_over(self.view, within=middle)
        self.setCentralWidget(middle)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        story = scrolled(self.story, "The story and its two signals")
        self._signals_dock = self.dock("signals_dock", "Signals", story)
        self._tabs_dock = self.dock("signal_tabs_dock", "What comes of it", self.sums)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self._signals_dock)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._tabs_dock)
        self.keep_bare_layout()
        self.view.painted.connect(self.painted)
        self._sharing = single_shot(self, 0, self.proportion)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._viewing.is_playing and not event.spontaneous():
            self.unpin()  # nobody sees it play in another lab

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_small = self.view.width() < LEAST_SHARE * self.width()
        if self._proportioned and (is_small or self._is_wide is not self._has_width()):
            self._sharing.start()

    def _has_width(self) -> bool:
        return self.width() >= px(WIDE_FROM)

    def proportion(self) -> None:
        """Give the signals most of the room; sizes are known only once the lab is shown."""
        side, self._is_wide = max(self.width() // 5, px(230)), self._has_width()
        areas, directions = Qt.DockWidgetArea, Qt.Orientation
        area = areas.RightDockWidgetArea if self._is_wide else areas.BottomDockWidgetArea
        self.sums.settle(not self._is_wide)
        if self.dockWidgetArea(self._tabs_dock) != area:
            self.addDockWidget(area, self._tabs_dock)
        self.resizeDocks([self._signals_dock], [min(side, px(320))], directions.Horizontal)
        if self._is_wide:
            wide = max(self.width() * 33 // 100, px(SUMS))
            self.resizeDocks([self._tabs_dock], [wide], directions.Horizontal)
        else:
            self.resizeDocks([self._tabs_dock], [self.height() * 2 // 5], directions.Vertical)

    def stop(self) -> None:
        """End what runs beside the window."""
        self.player.stop()
        self.racer.stop()

    # ---- intents become edits ----

    @property
    def _state(self) -> SignalState:
        return self._session.document.signal

    @property
    def _viewing(self) -> SignalViewing:
        return self._session.viewing.signal

    def _connect_edits(self) -> None:
        hands, story = self.view.hands, self.story
        hands.handle_dragged.connect(self.edits.drag_figure)
        hands.gesture_ended.connect(self._session.end_gesture)
        hands.drawn.connect(self._on_drawn)
        for form in self.forms.values():
            form.parameter_chosen.connect(self._on_signal_parameter_chosen)
            form.file_asked.connect(self._on_file_asked)
            form.table_asked.connect(self._on_table_asked)
            form.values_typed.connect(self._on_values_typed)
            form.file_dropped.connect(self._on_file_dropped)
        self.files.read.connect(self._on_file_read)
        self.files.answered.connect(self.file_answered)
        story.parameter_chosen.connect(self._on_parameter_chosen)
        story.swap_asked.connect(self._on_swap_asked)
        story.scene_chosen.connect(self._on_scene_chosen)
        story.listen_asked.connect(self._on_listen)
        self.tabs.neuron.parameter_chosen.connect(self._on_neuron_parameter_chosen)
        self.file_note.asked.connect(self._on_fit_asked)

    def _sending(self) -> str:
        """Which signal the form belongs to that sent what is being handled."""
        return "f" if self.sender() is self.forms["f"] else "g"

    def _on_signal_parameter_chosen(self, name: str, value: object) -> None:
        which = self._sending()
        if name != "kind":
            self.edits.set_parameter(which, name, value)
            return
        if value == SignalKind.SOUND:
            self._ask_file(which)
        else:
            self.edits.set_kind(which, str(value), self._present(which))
        self._on_document_changed()  # a form whose edit was rejected goes back

    def _on_parameter_chosen(self, name: str, value: object) -> None:
        is_flip = name == "is_flipped"
        text = ("use convolution" if value else "use correlation") if is_flip else ""
        self.edits.set("signal", name, value, text)
        if is_flip and value:
            self.animate_flip()

    def _on_neuron_parameter_chosen(self, name: str, value: object) -> None:
        self.edits.set("signal.neuron", name, value)

    def _on_values_typed(self, text: str) -> None:
        self.edits.type_values(self._sending(), text)
        self._on_document_changed()  # what was rejected goes back

    def _on_swap_asked(self) -> None:
        self.edits.change("signal", edits.swap, "swap f and g")

    def _on_file_asked(self) -> None:
        self._ask_file(self._sending())

    def _on_file_dropped(self, path: str) -> None:
        self.files.open(self._sending(), path)

    def _ask_file(self, which: str) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, f"A sound or a table for {which}", "", SIGNAL_FILTER
        )
        if path:
            self.files.open(which, path)

    def _on_table_asked(self) -> None:
        which = self._sending()
        self.files.ask(which, getattr(self._state, which))

    def read_file(self, path: str) -> None:
        """Take a sound or table as f."""
        self.files.open("f", path, self._desk.message)

    def read_named(self, paths: Mapping[str, str]) -> None:
        """Read the sounds and tables that a project names."""
        for which, path in paths.items():
            self.files.read_named(which, path, getattr(self._state, which).table)

    def _on_file_read(self, which: str, path: str, held: Held, table: TableForm) -> None:
        """Let f or g be what was read; where the document names it, that is no edit."""
        state = self._state
        spec = getattr(state, which)
        if spec.held is not None or spec.path != path:
            self.edits.set_file(which, path, held, table)
            self._look(speed=fitting_speed(len(self._state.own_places)))
        else:
            signal = edits.hold_file(state, which, held)
            self._session.complete(replace(self._session.document, signal=signal))

    def _present(self, which: str) -> AnyArray | None:
        """Return the samples of a file as they are shown, if they are those of the document."""
        state, shown = self._state, self._shown
        if not getattr(state, which).is_from_file:
            return None
        if shown is None or shown.job.state is not state:
            return None
        return shown.f if which == "f" else shown.g

    def _on_drawn(self, which: str, first: int, start: float, last: int, end: float) -> None:
        """Draw a line; the first stroke upon a file goes on from its samples."""
        self.edits.draw(which, (first, start), (last, end), self._present(which))

    def _on_fit_asked(self, length: int, rate: int) -> None:
        take = partial(edits.fit_file, length=length, rate=rate)
        self.edits.change("signal", take, "use all of the file")
        self._look(speed=fitting_speed(len(self._state.own_places)))

    def _on_scene_chosen(self, name: str) -> None:
        if not name:
            self.edits.change("signal", edits.leave_scene, "leave the scene")
            return
        scene = SCENES[name]
        self.edits.show_scene(name)
        self.tabs.show_tab(scene.tab)
        self.player.end_flip()
        self._on_pair_pointed(None)
        speed = fitting_speed(len(self._state.own_places))
        self._look(c=scene.c, tab=scene.tab, is_playing=False, speed=speed, flip=1.0)

    # ---- what is looked at ----

    def _connect_viewing(self) -> None:
        self.view.place_chosen.connect(self._on_place_chosen)
        self.view.stepped.connect(self._on_stepped)
        self.view.pair_pointed.connect(self._on_pair_pointed)
        self.sums.pair_pointed.connect(self._on_pair_pointed)
        self.motion.play_toggled.connect(self.play_or_pause)
        self.motion.stepped.connect(self._on_stepped)
        self.motion.place_chosen.connect(self._on_place_chosen)
        self.motion.speed_chosen.connect(self._on_speed_chosen)
        self.motion.flip_chosen.connect(self._on_flip_chosen)
        self.motion.flip_asked.connect(self.animate_flip)
        self.tabs.tab_chosen.connect(self._on_tab_chosen)
        self.tabs.table.place_chosen.connect(self._on_place_chosen)
        self.tabs.ball.cell_chosen.connect(self._on_cell_chosen)
        self.tabs.race.started.connect(self._on_race_started)
        self.tabs.race.cancelled.connect(self.racer.cancel)
        self.racer.progressed.connect(self._on_race_progressed)
        self.player.played.connect(self._on_played)
        self.player.flipped.connect(self._on_flip_moved)

    def _on_place_chosen(self, c: int) -> None:
        places = self._state.places
        self._look(c=min(max(c, places[0]), places[-1]), is_playing=False)

    def _on_stepped(self, samples: int) -> None:
        self._on_place_chosen(min(self._viewing.c, self._state.places[-1]) + samples)

    def _on_speed_chosen(self, speed: float) -> None:
        self._look(speed=speed)

    def _on_pair_pointed(self, a: int | None) -> None:
        """Let a pair stand out everywhere: its stems, its cell, its term, its share, its world."""
        if a != self._pair:
            self._pair = a
            self._show_pair()

    def _show_pair(self) -> None:
        self.view.show_pair(self._pair)
        self.sums.show_pair(self._pair)
        if self._shown is not None:
            self.story.show_result(self._shown, self._pair)

    def animate_flip(self) -> None:
        """Show in four seconds how g is flipped, and why."""
        self.player.end_flip()
        self._look(is_playing=False, flip=0.0)
        self.player.start_flip()

    def _on_flip_moved(self, share: float) -> None:
        self._look(flip=share)

    def _on_flip_chosen(self, share: float) -> None:
        self.player.end_flip()
        self._look(flip=share, is_playing=False)

    def play_or_pause(self) -> bool:
        """Play or pause; at the end it starts again."""
        is_playing = not self._viewing.is_playing
        places = self._state.own_places
        at_end = self._viewing.c >= places[-1]
        c = places[0] if is_playing and at_end else max(self._viewing.c, places[0])
        self.player.end_flip()
        self._look(is_playing=is_playing, c=c if is_playing else self._viewing.c, flip=1.0)
        return True

    def _on_played(self, c: int) -> None:
        """Move on while it plays, and stop at the end."""
        last = self._state.own_places[-1]
        if c >= last:
            self._look(c=last, is_playing=False)
        elif c != self._viewing.c:
            self._look(c=c)

    def _on_tab_chosen(self) -> None:
        self._look(tab=self.tabs.tab)

    def _on_cell_chosen(self, row: int, column: int) -> None:
        self._look(ball_cell=(row, column))

    def _on_race_started(self) -> None:
        self.racer.start()
        self.tabs.race.set_running(True)

    def _on_race_progressed(self) -> None:
        self.tabs.race.set_running(self.racer.is_running)
        self.tabs.race.set_progress(self.racer.progress)
        self.tabs.show_race(list(self.racer.measurements))

    # ---- the document and the results are shown ----

    def _on_document_changed(self) -> None:
        state = self._state
        self.motion.show_state(state)
        self.story.show_state(state, 1 / state.step >= SLOWEST_SOUND)
        self.view.show_specs(state.f, state.g)
        self.tabs.neuron.show_neuron(state.neuron)

    def _on_viewing_changed(self) -> None:
        viewing = self._viewing
        self.motion.show_viewing(viewing)
        self.view.show_flip(viewing.flip)
        self.tabs.show_tab(viewing.tab)
        if viewing.is_playing:
            self.player.play_from(viewing.c, viewing.speed)
        else:
            self.player.pause()

    def _on_listen(self) -> None:
        """Hand what is kept of the result to the system's player."""
        shown = self._shown
        if shown is not None:
            self._listener.play(shown.result[shown.kept], 1 / shown.job.state.step)

    def unpin(self) -> None:
        """Stop playing."""
        self._look(is_playing=False)

    def status(self, shown: SignalShown) -> LabStatus:
        """Return what the status bar says of a result."""
        signals, samples = shown.job.input_size
        timing = shown.timing
        return LabStatus(
            f"{signals} signals of {samples} samples",
            f"{timing.algorithm} {timing.convolution:.1f} ms of {timing.total:.1f} ms",
            "How the signals were convolved last and how long that took, of all the work with it. "
            "Only what changed is computed again.",
            is_of_source=False,
        )

    def show_result(self, shown: SignalShown) -> None:
        """Paint a result."""
        self._shown = shown
        self.view.show_result(shown)
        self.sums.show_result(shown)
        self.story.show_result(shown, self._pair)
        self.file_note.show_files(shown.job.state, shown.files)
