"""The panels of the stack lab that are closed at first; each is made when it is opened."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.stack.job import StackShown
from convlab.document.stack.survey import Survey, SurveyResult, to_csv
from convlab.io.class_names import imagenet_names, read_class_names
from convlab.io.safe_write import write_bytes
from convlab.layers.graph import INPUT
from convlab.runtime.session import Session
from convlab.runtime.surveying import Surveyor
from convlab.ui.file_desk import FileDesk
from convlab.ui.lazy_dock import LazyDock
from convlab.ui.stack.classes_panel import ClassesPanel
from convlab.ui.stack.figures_page import FiguresPage
from convlab.ui.stack.input_panel import InputPanel
from convlab.ui.stack.stack_edits import StackEdits
from convlab.ui.stack.survey_page import SurveyPage
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, filled, flatten_tabs, scrolled
from convlab.ui.widgets.map_words import titles

CLASS_NAMES, TABLE = "names of classes", "table"
"""Owners of messages."""
WIDTH = 250  # [px]
AIR = 24  # beside a table, both sides together [px]


class StackDocks(QObject):
    """Makes the panels and connects their intents.

    Args:
        lab: In which they stand.
        session: Has what they show.
        edits: Take what is wanted in them.
        desk: Has their files read and written.
    """

    def __init__(
        self, lab: QMainWindow, session: Session, edits: StackEdits, desk: FileDesk
    ) -> None:
        super().__init__(lab)
        self._lab, self._session, self._edits, self._desk = lab, session, edits, desk
        make = partial(LazyDock, lab)
        self.input = make("stack_input_dock", "Input and classes", "Input", self._make_input)
        self.classes = make("classes_dock", "Likeliest classes", "Classes", self._make_classes)
        kind = "Statistics of the maps", "Statistics"
        self.statistics = make("statistics_dock", *kind, self._make_statistics)
        self._input: InputPanel | None = None
        self._classes: ClassesPanel | None = None
        self._figures: FiguresPage | None = None
        self._survey: SurveyPage | None = None
        self._surveyor = Surveyor(self)
        self._surveyor.changed.connect(self._on_surveyed)
        self._shown: StackShown | None = None
        self.classes.visibilityChanged.connect(self._show_classes)
        session.watch("document.stack", self._show_input, Lab.STACK)

    def show(self, shown: StackShown) -> None:
        """Show a result in what is open."""
        self._shown = shown
        self._show_classes()
        self._show_figures()

    def stop(self) -> None:
        """End what goes on beside the window."""
        self._surveyor.stop()

    # ---- input and classes ----

    def _make_input(self) -> QWidget:
        panel = self._input = InputPanel()
        self._edits.set_by(panel.chosen, "stack.input")
        self._edits.set_by(panel.marks_chosen, "stack.marks")
        panel.rejected.connect(self._edits.report)
        panel.file_wanted.connect(self._on_names_wanted)
        panel.imagenet_wanted.connect(self._on_imagenet_wanted)
        panel.none_wanted.connect(partial(self._edits.set_classes, ()))
        self._show_input()
        self._widen(self.input, px(WIDTH))
        return scrolled(panel, "Input and classes")

    def _show_input(self) -> None:
        if self._input is not None:
            self._input.show_state(self._session.document.stack)

    def _on_names_wanted(self, path: str) -> None:
        self._desk.open(path, partial(read_class_names, path), self._edits.set_classes)

    def _on_imagenet_wanted(self) -> None:
        self._desk.do(CLASS_NAMES, imagenet_names, self._edits.set_classes)

    # ---- the likeliest classes ----

    def _make_classes(self) -> QWidget:
        self._classes = ClassesPanel()
        self._widen(self.classes, px(WIDTH))
        return self._classes

    def _show_classes(self) -> None:
        if self._classes is not None and self._shown is not None and self._classes.isVisible():
            self._classes.show_answer(self._shown.answer)

    # ---- statistics ----

    def _make_statistics(self) -> QWidget:
        self._figures, survey = FiguresPage(), SurveyPage()
        self._survey = survey
        tabs = QTabWidget()
        tabs.setObjectName("statistics_tabs")
        tabs.addTab(self._figures, "This picture")
        tabs.addTab(survey, "A folder")
        flatten_tabs(tabs, "Of what")
        tabs.currentChanged.connect(self._on_figures_seen)
        self._tabs = tabs
        self.statistics.visibilityChanged.connect(self._on_figures_seen)
        survey.folder_chosen.connect(self._on_folder_chosen)
        survey.cancelled.connect(self._surveyor.cancel)
        survey.save_wanted.connect(self._on_save_wanted)
        panel = QWidget()
        as_panel(panel)
        filled(QVBoxLayout(panel), tabs, margins=(0, 0, 0, 0))
        self._look_for_figures(True)  # the panel was said to be seen before it was there
        wanted = max(page.table.wanted_width for page in (self._figures, survey)) + px(AIR)
        self._widen(self.statistics, min(wanted, self._lab.width() // 2))
        return panel

    def _on_figures_seen(self) -> None:
        """Let nothing be measured while nobody sees it."""
        seen = not self.statistics.visibleRegion().isEmpty() or self.statistics.isVisible()
        self._look_for_figures(seen and self._tabs.currentWidget() is self._figures)

    def _look_for_figures(self, wanted: bool) -> None:
        viewing = self._session.viewing
        if viewing.stack.wants_figures != wanted:
            stack = replace(viewing.stack, wants_figures=wanted)
            self._session.look(viewing.with_part(Lab.STACK, stack))

    def _show_figures(self) -> None:
        shown = self._shown
        if self._figures is None or shown is None or not self._figures.isVisible():
            return
        found = shown.figures
        title = "" if found is None else self._titles().get(found.uid, "Layer")
        self._figures.show_figures(found, title)

    def _titles(self) -> dict[int, str]:
        """Return what the layers are called, and the picture."""
        return {INPUT: "Input"} | titles(self._session.document.stack)

    def _on_folder_chosen(self, folder: str) -> None:
        state, names = self._session.document.stack, self._titles()
        make = partial(
            Survey, state.graph, state.input, state.classes, names, whole=state.runs_whole
        )
        self._surveyor.start(folder, make)

    def _on_surveyed(self) -> None:
        news = self._surveyor.news.take()
        if news is not None and self._survey is not None:
            self._survey.show_news(news)

    def _on_save_wanted(self, path: str, result: SurveyResult) -> None:
        def write() -> None:
            write_bytes(Path(path), to_csv(result).encode())

        self._desk.do(TABLE, write, lambda _: None)

    def _widen(self, dock: LazyDock, width: int) -> None:
        self._lab.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
