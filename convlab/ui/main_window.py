"""The main window: toolbar, labs, status line, and the pump that feeds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.source import SourceSpec
from convlab.paths import sample_pictures
from convlab.runtime.garbage import GarbageCollector
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.pump import Pump
from convlab.runtime.settings import Settings
from convlab.runtime.source_thumbnails import SourceThumbnails
from convlab.runtime.thumbnails import Thumbnailer
from convlab.ui import palette_entries
from convlab.ui.actions import make_actions, theme_command
from convlab.ui.appearance import Appearance
from convlab.ui.busy_sign import BusySign
from convlab.ui.choices.source_picker import SourcePicker
from convlab.ui.command_palette import CommandPalette
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.draw_over import DrawOver
from convlab.ui.enter_key import EnterKey
from convlab.ui.file_desk import FileDesk
from convlab.ui.help_desk import HelpDesk
from convlab.ui.input_range import InputRangeButton
from convlab.ui.lab_pages import LabPages
from convlab.ui.labs import LABS, NETWORK_LAB
from convlab.ui.network_files import NetworkFiles
from convlab.ui.openings import Openings
from convlab.ui.playing import Playing
from convlab.ui.project_files import ProjectFiles
from convlab.ui.screen_fit import fit_to_screen
from convlab.ui.source_strip import SourceStrip
from convlab.ui.take_along import TakeAlong
from convlab.ui.theme import ThemeChoice, icon, map_palette
from convlab.ui.tool_bar import ToolBar
from convlab.ui.undo_steps import UndoSteps
from convlab.ui.widgets.forms import filled
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.status_line import LabStatus, StatusLine

if TYPE_CHECKING:
    from convlab.ui.kept_work import UnsavedWork

DEFAULT_SIZE = (1440, 900)


_closed: dict[int, MainWindow] = {}
"""Windows that were closed and not deleted yet."""


class MainWindow(QMainWindow):
    """Everything a person sees. It owns no state but what the session, pipeline and pump hold."""

    def __init__(self, pipeline: Pipeline, settings: Settings) -> None:
        super().__init__()
        self._garbage = GarbageCollector(self)
        self._enter_key = EnterKey(self)
        self.pipeline = pipeline
        self.session = pipeline.session
        # The window owns what it shows, and takes it along in its own thread: objects that were
        # left to the garbage collector would end in whatever thread that runs in, with timers on.
        self.session.setParent(self)
        self.pump = Pump(pipeline)
        self.settings = settings
        self._prefer_camera = False
        self._unsaved: UnsavedWork | None = None
        self.setObjectName("main_window")
        self.setWindowTitle("ConvLab")
        self.setWindowIcon(icon("convlab"))
        self.setAcceptDrops(True)
        self.resize(*DEFAULT_SIZE)
        self.actions_by_name = make_actions(self)
        self.sources = SourcePicker(sample_pictures())
        self.message = MessageBar("source_message")
        input_range = InputRangeButton(self.session, self.pump, self.message)
        self.tools = ToolBar(self.actions_by_name, self.sources, input_range)
        self.lab_tabs = self.tools.lab_tabs
        self.desk = FileDesk(self.message, self)
        self.thumbnails = Thumbnailer(self.pump.present_frame, self)
        self.sources.show_pictures(self.thumbnails, SourceThumbnails())
        services = LabServices(self.session, self.desk, pipeline.learning, self.thumbnails)
        self.labs = LabPages(services, settings, self.pump)
        self.labs.progressed.connect(self._on_lab_progressed)
        self.labs.lab_wanted.connect(self._on_lab_wanted)
        self.labs.completed.connect(self._garbage.settle)
        self.openings = Openings(pipeline, settings, self.sources, self.desk)
        self.projects = ProjectFiles(self.session, self.desk, self)
        self.projects.title_changed.connect(self.setWindowTitle)
        self.projects.source_wanted.connect(pipeline.open)
        self.projects.files_named.connect(self.labs.read_named)
        self.openings.lab_file_wanted.connect(self.labs.read_file)
        self.labs.file_answered.connect(self.openings.note_file)
        self.steps = UndoSteps(self.session, self.message, self)
        self.projects.begun.connect(self.steps.say_begun)
        self.steps.lab_wanted.connect(self.show_lab)
        self.draw_over = DrawOver(self.session, self.desk, self.pump)
        self.help = HelpDesk(self, self.desk, self._shown_lab)
        self.busy = BusySign(pipeline, self.pump, self.desk)
        self.networks = NetworkFiles(self.session, self.busy, self.message)
        self.openings.follow(self.projects, self.networks)
        self.networks.input_wanted.connect(self._on_input_wanted)
        self.take_along = TakeAlong(self, self.desk, settings, self.help.explain)
        self.strip = SourceStrip()
        self.playing = Playing(
            pipeline, self.pump, self.strip, self.actions_by_name, self._shown_lab, self.message
        )
        self.status = StatusLine(self.pump, self._status)
        self.setStatusBar(self.status)
        self.labs.value_pointed.connect(self.status.show_value)
        self._arrange()
        self.appearance = Appearance(self, settings)
        self.palette_list = CommandPalette(self, settings, self._entries)
        self._connect_actions()
        self._connect_runtime()
        self._restore()
        self.appearance.adopt()
        self._show_appearance()
        self._on_source_changed()
        self._on_lab_looked_at()

    def start(self, prefer_camera: bool) -> None:
        """Start the workers, and look for cameras.

        Args:
            prefer_camera: The first camera found is opened: nobody asked for another source.
        """
        self._prefer_camera = prefer_camera
        self.pipeline.start()
        self.pipeline.find_cameras()
        self.projects.check_folders()

    def keep_unsaved_work(self, unsaved: UnsavedWork) -> None:
        """Let this keep what is unsaved when the window closes; without it, that is lost."""
        self._unsaved = unsaved

    # ---- where things stand ----

    def _arrange(self) -> None:
        central = QWidget()
        filled(QVBoxLayout(central), self.strip, (self.labs, 1), margins=(0, 0, 0, 0), spacing=0)
        self.setCentralWidget(central)
        self.message.lie_over(self.status, within=self)
        self.addToolBar(self.tools)

    def _list_panels(self) -> None:
        """Offer the panels of the lab on the screen."""
        panels = self.tools.panels
        panels.clear()
        for group in (self._lab.panel_actions(), self._lab.page_actions()):
            panels.addActions(group)
            panels.addSeparator()
        panels.addAction(self.actions_by_name["reset_layout"])

    # ---- the labs ----

    @property
    def _lab(self) -> DockedLab:
        """The lab on the screen."""
        return self.labs.lab(self.session.viewing.lab)

    def _shown_lab(self) -> DockedLab:
        return self._lab

    # ---- what is connected ----

    def _connect_actions(self) -> None:
        slots = {
            "new": self.projects.new,
            "open": self._on_open,
            "save": self.projects.save,
            "save_as": self.projects.save_as,
            "paste": self._on_paste,
            "draw_over": self.draw_over.begin,
            "undo": self.steps.undo,
            "redo": self.steps.redo,
            "unpin": self._on_unpin,
            "hold": self._on_hold,
            "palette": self.palette_list.open,
            "larger": self._on_larger,
            "smaller": self._on_smaller,
            "usual_size": self.appearance.reset_scale,
            "cameras": self.pipeline.find_cameras,
            "forget_recent": self.openings.forget,
            "reset_layout": self._on_reset_layout,
            "log": self.help.show_log,
            "shortcuts": self.help.show_keys,
            "about": self.help.show_about,
            "guide": self.help.show_guide,
            "quit": self.close,
        }
        slots |= {spec.command: self._on_lab_action for spec in LABS}
        slots |= {theme_command(choice): self._on_theme_action for choice in ThemeChoice}
        for name, slot in slots.items():
            self.actions_by_name[name].triggered.connect(slot)
        self.actions_by_name["full_screen"].toggled.connect(self._on_full_screen_toggled)
        self.actions_by_name["lecture"].toggled.connect(self.appearance.set_lecture)
        self.steps.show_on(self.actions_by_name["undo"], self.actions_by_name["redo"])
        self.sources.open_wanted.connect(self._on_open)
        self.lab_tabs.currentChanged.connect(self._on_lab_changed)
        self.tools.panels.aboutToShow.connect(self._list_panels)
        self.appearance.changed.connect(self._show_appearance)
        self.appearance.scaled.connect(self._on_scaled)
        self.appearance.lecture_changed.connect(self._on_lecture_changed)

    def _entries(self) -> Iterator[palette_entries.Entry]:
        """Yield everything that can be done now, for the palette."""
        yield from palette_entries.of_actions(self.actions())
        yield from palette_entries.of_actions(self._lab.panel_actions(), "Panel: ")
        yield from palette_entries.of_choices(self.sources, "")
        if self.strip.isVisible():
            yield from palette_entries.of_controls(self.strip, "")
        for lab in self.labs.built:
            title = LABS[self._place_of(lab.name)].title
            go = partial(self.show_lab, lab.name)
            yield from palette_entries.of_lab(lab, title, go, lab.page_actions())

    def _connect_runtime(self) -> None:
        self.session.watch("document.source", self._on_source_changed)
        self.session.watch("viewing.lab", self._on_lab_looked_at)
        self.pipeline.worker_failed.connect(self.show_program_error)
        self.pipeline.cameras_changed.connect(self._on_cameras_changed)
        self.pump.result_changed.connect(self._on_result_changed)
        self.pump.result_changed.connect(self.labs.preload, Qt.ConnectionType.SingleShotConnection)

    # ---- results ----

    def _on_result_changed(self) -> None:
        self._lab.show_error(self.pump.error)
        shown, name = self.pump.shown, self.pump.lab
        if self.pump.error is not None or shown is None or name is None:
            return
        self.labs.lab(name).show_result(shown)
        self.status.wake()

    def _status(self) -> LabStatus | None:
        """Return what the lab on the screen says of the last result."""
        shown, name = self.pump.shown, self.pump.lab
        return None if shown is None or name is None else self.labs.lab(name).status(shown)

    def _on_lab_progressed(self, name: Lab, text: str) -> None:
        """Say on a lab's tab how far something is: it goes on behind other labs."""
        place = self._place_of(name)
        self.lab_tabs.setTabText(place, f"{LABS[place].title} {text}".rstrip())

    def _on_lab_wanted(self, name: Lab) -> None:
        self.go_to(name)
        self.labs.lab(name).receive()

    def _on_input_wanted(self) -> None:
        self.labs.lab(NETWORK_LAB.name).open_panel(NETWORK_LAB.network_panel)

    # ---- messages ----

    def show_program_error(self, text: str) -> None:
        """Say what nobody caught; it stays until it is closed."""
        self.message.show_message(text, "program")

    # ---- sources ----

    def _on_open(self) -> None:
        self.openings.ask(self)

    def _on_paste(self) -> None:
        self.openings.paste(QGuiApplication.clipboard().mimeData())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.take_along.open(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.openings.drop(event.mimeData()):
            event.acceptProposedAction()

    def _on_cameras_changed(self) -> None:
        self.sources.set_cameras(self.pipeline.cameras)
        if self._prefer_camera and self.pipeline.cameras:
            camera = f"camera:{self.pipeline.cameras[0].spec_name}"
            self.projects.expect(SourceSpec.parse(camera))
            self.openings.open_source(camera)
        self._prefer_camera = False

    # ---- what the session says ----

    def _on_hold(self) -> None:
        self._lab.hold()

    def _on_source_changed(self) -> None:
        self.sources.set_current(self.session.document.source)

    def _on_lab_looked_at(self) -> None:
        self.show_lab(self.session.viewing.lab)  # a lab may send what it has made to another

    # ---- the window itself ----

    @staticmethod
    def _place_of(name: Lab) -> int:
        return [spec.name for spec in LABS].index(name)

    def show_lab(self, name: Lab) -> None:
        """Bring a lab to the front."""
        self.lab_tabs.setCurrentIndex(self._place_of(name))

    def _on_lab_action(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.go_to(Lab(action.data()))

    def go_to(self, name: Lab) -> None:
        """Show a lab; the next key is for the window, not for a grid of numbers."""
        self.show_lab(name)
        self.lab_tabs.setFocus()

    def _on_lab_changed(self, index: int) -> None:
        name = LABS[index].name
        self.session.look(replace(self.session.viewing, lab=name))
        self.labs.show_lab(name)

    def _on_unpin(self) -> None:
        if self.appearance.in_lecture:
            self.actions_by_name["lecture"].setChecked(False)
        else:
            self._lab.unpin()

    def _on_reset_layout(self) -> None:
        self._lab.reset_layout()

    # ---- how it looks ----

    def _on_theme_action(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.appearance.choose_theme(ThemeChoice(action.data()))

    def _show_appearance(self) -> None:
        """Let maps be painted in the colours that belong to the theme, and mark it in the menu."""
        self.actions_by_name[theme_command(self.appearance.choice)].setChecked(True)
        self.session.look(replace(self.session.viewing, palette=map_palette()))

    def _on_larger(self) -> None:
        self.appearance.step_scale(1)

    def _on_smaller(self) -> None:
        self.appearance.step_scale(-1)

    def _on_scaled(self) -> None:
        self.tools.make_room()
        for lab in self.labs.built:
            lab.follow_scale()

    def _on_lecture_changed(self) -> None:
        for lab in self.labs.built:
            lab.show_lecture(self.appearance.in_lecture)

    def _on_full_screen_toggled(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _restore(self) -> None:
        """Come back as the window was left, but inside the screen that there is now."""
        geometry = self.settings.state("window")
        if geometry is not None:
            self.restoreGeometry(geometry)
        fit_to_screen(self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_to_screen(self)  # now its frame is known, and what it needs
        if self.focusWidget() is None:
            self.lab_tabs.setFocus()  # digits choose labs until a cell is chosen

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settings.set_state("window", self.saveGeometry())
        self.labs.keep_layouts()
        self.hide()  # a step of a large training may take seconds to end: nobody has to see that
        if self._unsaved is not None and not self._unsaved.may_close():
            self.show()
            event.ignore()
            return
        self.settings.flush()
        if self._unsaved is not None:
            self._unsaved.stop()
        self.appearance.stop()
        self.help.stop()
        self.labs.stop()
        self.thumbnails.stop()
        self.networks.stop()
        self.desk.worker.stop()
        self.pipeline.stop()
        self._garbage.stop()
        super().closeEvent(event)
        # Dropped by its last owner it would be left to the garbage collector, which may run in a
        # worker of the next window; widgets must end in their own thread, when Qt deletes them.
        _closed[id(self)] = self
        self.destroyed.connect(partial(_closed.pop, id(self), None))
