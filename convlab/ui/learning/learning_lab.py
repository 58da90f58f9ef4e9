"""The learning lab: one kernel that learns, a network that is trained, a neuron by hand."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QWidget

from convlab.document.document import Lab
from convlab.document.learning.job import LearningShown
from convlab.document.learning.kernel_training import KernelTrainingShown
from convlab.document.learning.model import LearningPage, LearningViewing
from convlab.document.learning.network_view import NetworkShown
from convlab.runtime.session import Session
from convlab.ui.docked_lab import DockedLab
from convlab.ui.learning.kernel_page import KernelPage
from convlab.ui.learning.learning_page import Page
from convlab.ui.learning.network_page import NetworkPage
from convlab.ui.learning.neuron_page import NeuronPage
from convlab.ui.widgets.forms import describe

TITLES = {
    LearningPage.KERNEL: "One kernel",
    LearningPage.NETWORK: "A network",
    LearningPage.NEURON: "A neuron",
}


class LearningLab(DockedLab):
    """Holds the pages, one on the screen, and hands each its results.

    Signals:
        painted: What the last result brought is on the screen.
        digit_wanted: A digit is to be drawn for the network that is bundled.
    """

    painted = Signal()
    digit_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__("learning_lab")
        self._session = session
        self.kernel = KernelPage(session)
        self.network = NetworkPage(session)
        self.neuron = NeuronPage(session)
        self._pages: dict[LearningPage, Page] = {
            LearningPage.KERNEL: self.kernel,
            LearningPage.NETWORK: self.network,
            LearningPage.NEURON: self.neuron,
        }
        self.tabs = describe(
            QTabWidget(), "learning_tabs", "What learns", "From one kernel to a whole network."
        )
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName("What learns")
        for name, page in self._pages.items():
            self.tabs.addTab(page, TITLES[name])
            page.painted.connect(self.painted)
        self.tabs.setCornerWidget(self._digit_button())
        self.setCentralWidget(self.tabs)
        self.keep_bare_layout()
        self.tabs.currentChanged.connect(self._on_page_chosen)
        self.network.progressed.connect(self._on_network_progressed)
        session.watch("viewing.learning", self._on_viewing_changed, Lab.LEARNING)
        self._on_viewing_changed()

    @property
    def _viewing(self) -> LearningViewing:
        return self._session.viewing.learning

    @property
    def _page(self) -> Page:
        return self._pages[self._viewing.page]

    @property
    def painter(self) -> LearningLab:
        """What says that a result is on the screen."""
        return self

    def _digit_button(self) -> QWidget:
        """The button, with room around it in the corner of the tabs."""
        button = describe(
            QPushButton("Draw a digit"),
            "draw_digit_button",
            "Draw a digit",
            "Takes the bundled network, trained on handwritten digits, to the stack lab, and a "
            "canvas to draw on: see a digit go through every layer to its class. Undo brings back "
            "what was there.",
        )
        button.clicked.connect(self.digit_wanted)
        corner = QWidget()
        layout = QHBoxLayout(corner)
        layout.setContentsMargins(0, 2, 10, 2)
        layout.addWidget(button)
        return corner

    def proportion(self) -> None:
        """Nothing is docked: pages share their room themselves."""

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.unpin()  # nobody sees it in another lab

    def _on_page_chosen(self, index: int) -> None:
        page = list(self._pages)[index]
        learning = replace(self._viewing, page=page)
        self._session.look(replace(self._session.viewing, learning=learning))

    def _on_network_progressed(self) -> None:
        """Say on the tab how far it is: it goes on while other pages are looked at."""
        text = f"{TITLES[LearningPage.NETWORK]} {self.network.progress_text}".rstrip()
        self.tabs.setTabText(self.tabs.indexOf(self.network), text)

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

    def show_result(self, shown: LearningShown) -> None:
        """Paint a result on the page that it is for."""
        if isinstance(shown.page, KernelTrainingShown):
            self.kernel.show_result(shown.page)
        elif isinstance(shown.page, NetworkShown):
            self.network.show_result(shown.page)
        else:
            self.neuron.show_result(shown.page)
