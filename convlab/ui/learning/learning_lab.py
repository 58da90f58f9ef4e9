"""The learning lab: one kernel that learns, a network that is trained, a neuron by hand."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from convlab.document.document import Document, Lab
from convlab.document.edits import draw_digit
from convlab.document.file_name import shown_name
from convlab.document.learning.job import LearningShown
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.model import LearningPage, LearningViewing
from convlab.document.learning.network_view import NetworkShown
from convlab.document.source import PROJECT_SUFFIX
from convlab.io.project import Project, load_project, write_project
from convlab.paths import digits_stack
from convlab.ui.choices.preset_choices import preset_pictures
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.file_desk import ask_where
from convlab.ui.learning import network_words
from convlab.ui.learning.kernel_page import KernelPage
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.network_page import NetworkPage
from convlab.ui.learning.neuron_page import NeuronPage
from convlab.ui.widgets.forms import describe, filled, flatten_tabs, push_button
from convlab.ui.widgets.status_line import LabStatus

TITLES = {
    LearningPage.KERNEL: "One kernel",
    LearningPage.NETWORK: "A network",
    LearningPage.NEURON: "A neuron",
}


DIGITS = "stack file"
"""Owner of a message."""


class LearningLab(DockedLab):
    """Holds the pages, one on the screen, and hands each its results."""

    def __init__(self, services: LabServices) -> None:
        session = services.session
        super().__init__(session, Lab.LEARNING)
        self._desk = services.desk
        self.kernel = KernelPage(session)
        pictures = preset_pictures(services.thumbnails, session)
        self.kernel.target.preset.list.set_thumbnails(services.thumbnails, pictures)
        self.network = NetworkPage(session, services.learning, services.desk)
        self.neuron = NeuronPage(session)
        self._pages: dict[LearningPage, Page] = {
            LearningPage.KERNEL: self.kernel,
            LearningPage.NETWORK: self.network,
            LearningPage.NEURON: self.neuron,
        }
        self.tabs = describe(
            QTabWidget(), "learning_tabs", "What learns", "From one kernel to a whole network."
        )
        flatten_tabs(self.tabs, "What learns")
        for name, page in self._pages.items():
            self.tabs.addTab(page, TITLES[name])
            page.painted.connect(self.painted)
        self.tabs.setCornerWidget(self._digit_button())
        self.setCentralWidget(self.tabs)
        self.keep_bare_layout()
        self.tabs.currentChanged.connect(self._on_page_chosen)
        self.network.progressed.connect(self._on_network_progressed)
        self.network.opened.connect(self._on_network_opened)
        self.network.save_wanted.connect(self._on_save_wanted)
        session.watch("viewing.learning", self._on_viewing_changed, Lab.LEARNING)
        self._on_viewing_changed()

    @property
    def _viewing(self) -> LearningViewing:
        return self._session.viewing.learning

    @property
    def _page(self) -> Page:
        return self._pages[self._viewing.page]

    def _digit_button(self) -> QWidget:
        """The button, with room around it in the corner of the tabs."""
        button = push_button(
            "draw_digit_button",
            "Draw a digit",
            "Takes the bundled network, trained on handwritten digits, to the stack lab, and a "
            "canvas to draw on: see a digit go through every layer to its class. Undo brings back "
            "what was there.",
        )
        button.clicked.connect(self._on_digit_wanted)
        corner = QWidget()
        filled(QHBoxLayout(corner), button, margins=(0, 2, 10, 2))
        return corner

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.unpin()  # nobody sees it in another lab

    def _on_page_chosen(self, index: int) -> None:
        page = list(self._pages)[index]
        self._look(page=page)

    def _on_network_progressed(self) -> None:
        """Say on the tabs how far it is: it goes on while other pages and labs are looked at."""
        progress = self.network.progress_text
        title = f"{TITLES[LearningPage.NETWORK]} {progress}".rstrip()
        self.tabs.setTabText(self.tabs.indexOf(self.network), title)
        self.progressed.emit(self.name, progress)

    def _on_network_opened(self) -> None:
        self.lab_wanted.emit(Lab.STACK)

    def _on_digit_wanted(self) -> None:
        """Read the network that knows digits; then it has a canvas to draw on."""
        self._desk.do(DIGITS, lambda: load_project(digits_stack()), self._draw_digit)

    def _draw_digit(self, digits: Document) -> None:
        try:
            after = draw_digit(self._session.document, digits.stack)
        except ValueError as error:
            self._desk.message.show_message(str(error), DIGITS)
            return
        self._session.edit(after, "draw a digit")
        self.lab_wanted.emit(Lab.STACK)

    def _on_save_wanted(self) -> None:
        """Save the network as a stack file: the project is another."""
        learned = self.network.learned()
        if learned is None:
            return
        start = Path(f"{learned.title}{PROJECT_SUFFIX}")
        path = ask_where(self, "Save the network as a stack file", start)
        if path is not None:
            write = partial(write_project, Project(Document(stack=learned)), path)
            name = shown_name(path)
            self._desk.do("saving a stack", write, lambda _: self.network.show_saved(name))

    def _on_viewing_changed(self) -> None:
        self.tabs.setCurrentWidget(self._page)

    def play_or_pause(self) -> bool:
        """Play or pause what is on the page; False if that is the source."""
        return self._page.play_or_pause()

    def unpin(self) -> None:
        """Let go of what is pinned, and pause what plays."""
        self._page.unpin()

    def stop(self) -> None:
        """End what runs beside the window."""
        for page in self._pages.values():
            page.stop()

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new, on the page that it concerns."""
        self._page.show_error(error)

    def status(self, shown: LearningShown) -> LabStatus:
        """Return what the status bar says of a result."""
        tip = "What the steps of learning took, with all that is painted of them."
        status = super().status(shown)._replace(tip=tip)
        if isinstance(shown.page, NetworkShown):
            size = network_words.data_text(shown.page)
            return status._replace(size=size, is_of_source=False)
        return status

    def show_result(self, shown: LearningShown) -> None:
        """Paint a result on the page that it is for."""
        if isinstance(shown.page, KernelTrainingShown):
            self.kernel.show_result(shown.page)
        elif isinstance(shown.page, NetworkShown):
            self.network.show_result(shown.page)
        else:
            self.neuron.show_result(shown.page)
