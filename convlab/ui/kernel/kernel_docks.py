"""The panels of the kernel lab that are closed at first; each is made when it is opened."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.analysis import AnalysisPage
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.pages import KernelPages
from convlab.runtime.session import Session
from convlab.ui.kernel.analysis_panel import AnalysisPanel
from convlab.ui.kernel.design_page import PAGES, PageSpec
from convlab.ui.kernel.design_panel import DesignPanel
from convlab.ui.kernel.generator_panel import GeneratorPanel
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.lazy_dock import LazyDock
from convlab.ui.theme import px
from convlab.ui.widgets.forms import scrolled

ANALYSIS_WIDTH = 320  # [px]


class KernelDocks(QObject):
    """Makes the panels and connects their intents.

    Args:
        lab: In which they stand.
        session: Has what they show.
        edits: Take what is wanted in them.
    """

    def __init__(self, lab: QMainWindow, session: Session, edits: KernelEdits) -> None:
        super().__init__(lab)
        self._lab, self._session, self._edits = lab, session, edits
        self.generator = LazyDock(
            lab, "generator_dock", "Kernel generator", "Generator", self._make_generator
        )
        self.design = LazyDock(lab, "design_dock", "Design a filter", "Design", self._make_design)
        self.analysis = LazyDock(
            lab, "analysis_dock", "Kernel analysis", "Analysis", self._make_analysis
        )
        self.analysis.visibilityChanged.connect(self._on_analysis_seen)
        self._design: DesignPanel | None = None
        self._analysis: AnalysisPanel | None = None
        self.actions = [self._action_of(spec) for spec in PAGES]
        session.watch("viewing.kernel.design", self._open_design, Lab.KERNEL)

    def _action_of(self, spec: PageSpec) -> QAction:
        """Return what opens a design page from the menu."""
        action = QAction(spec.title, self)
        action.setObjectName(f"{spec.part}_page_action")
        action.setData(spec.page)
        action.triggered.connect(self._on_action_triggered)
        return action

    def _on_action_triggered(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        viewing = self._session.viewing
        kernel = replace(viewing.kernel, design=DesignPage(sender.data()))
        self._session.look(viewing.with_part(Lab.KERNEL, kernel))

    def _open_design(self) -> None:
        """Open the panel where one of its pages is to be seen."""
        if self._session.viewing.kernel.design is not DesignPage.CLOSED:
            self.design.open()

    def show_pages(self, pages: KernelPages) -> None:
        """Show what was computed in what is open."""
        if self._design is not None:
            self._design.show_pages(pages)
        if self._analysis is not None and pages.analysed is not None:
            self._analysis.show_analysed(pages.analysed)

    def _make_design(self) -> QWidget:
        self._design = DesignPanel(self._session, self._edits)
        return self._design

    def _make_generator(self) -> QWidget:
        panel, wanted = GeneratorPanel(self._session), self._edits
        panel.chosen.connect(wanted.set_dial)
        panel.dragged.connect(wanted.drag_dial)
        panel.released.connect(self._session.end_gesture)
        panel.wanted.connect(wanted.generate)
        return scrolled(panel, "The dials of the kernel")

    def _make_analysis(self) -> QWidget:
        panel = self._analysis = AnalysisPanel(self._session)
        panel.page_chosen.connect(self._on_analysis_page)
        panel.tuning.angle_chosen.connect(self._on_turned)
        self._edits.set_by(panel.tuning.parameter_chosen, "kernel.analysis")
        self._look(analysis=panel.page)  # the panel was said to be seen before it was there
        self._lab.resizeDocks([self.analysis], [px(ANALYSIS_WIDTH)], Qt.Orientation.Horizontal)
        return panel

    def _on_analysis_seen(self, is_seen: bool) -> None:
        """Let nothing be computed while the panel is closed, or behind another."""
        page = AnalysisPage.CLOSED
        if is_seen and self._analysis is not None:
            page = self._analysis.page
        self._look(analysis=page)

    def _on_analysis_page(self, page: AnalysisPage) -> None:
        self._look(analysis=page)

    def _on_turned(self, angle: float) -> None:
        self._look(analysis_angle=angle)

    def _look(self, **changes: object) -> None:
        viewing = self._session.viewing
        kernel = replace(viewing.kernel, **changes)  # type: ignore[arg-type]
        self._session.look(viewing.with_part(Lab.KERNEL, kernel))
