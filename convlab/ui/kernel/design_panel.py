"""The design panel: a kernel by example, by spectrum, an operation tested, a kernel undone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QStackedWidget, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.design import edits
from convlab.document.kernel.design.model import DesignPage
from convlab.document.kernel.pages import KernelPages
from convlab.document.strokes import Brush
from convlab.engine.arrays import FloatArray
from convlab.runtime.session import Session
from convlab.ui.kernel.design_page import PAGES, DesignPageView
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.theme import px
from convlab.ui.widgets.forms import as_panel, combo_box, filled, scrolled, show_choice

WIDTH = 218  # at least [px]


class DesignPanel(QWidget):
    """Shows the page that is looked at, and has only that one computed.

    Args:
        session: Has the document.
        wanted: Takes what is wanted.
    """

    def __init__(self, session: Session, wanted: KernelEdits) -> None:
        super().__init__()
        self.setObjectName("design_panel")
        as_panel(self)
        self.setMinimumWidth(px(WIDTH))
        self._session, self._edits = session, wanted
        tip = "What is designed: only what is seen is computed."
        self._choice = combo_box("design_page_combo", "Page", tip)
        self._stack = QStackedWidget()
        self.pages = [DesignPageView(spec) for spec in PAGES]
        for page in self.pages:
            self._choice.addItem(page.spec.title, page.spec.page)
            area = scrolled(page, page.spec.title)
            if page.spec.brushes:  # a bar that comes with the answer would move what is painted on
                area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
                area.verticalScrollBar().setEnabled(False)
                area.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
            self._stack.addWidget(area)
            self._connect(page)
        head = filled(QHBoxLayout(), self._choice, margins=(8, 6, 8, 2))
        filled(QVBoxLayout(self), head, (self._stack, 1), margins=(0, 0, 0, 0), spacing=0)
        session.watch("document.kernel.design", self._show_settings, Lab.KERNEL)
        session.watch("viewing.kernel.design_brush", self._show_settings, Lab.KERNEL)
        session.watch("viewing.kernel.design", self._show_page, Lab.KERNEL)
        self._show_page()
        self._show_settings()
        self._choice.activated.connect(self._on_page_chosen)

    def _connect(self, page: DesignPageView) -> None:
        part = f"kernel.design.{page.spec.part}"
        self._edits.set_by(page.parameter_chosen, part)
        page.stroke_begun.connect(partial(self._on_stroke_begun, part))
        page.stroke_extended.connect(partial(self._on_stroke_extended, part))
        page.stroke_ended.connect(self._session.end_gesture)
        page.brush_chosen.connect(self._on_brush_chosen)
        page.clear_asked.connect(partial(self._on_clear_asked, part))
        page.kernel_wanted.connect(self._on_kernel_wanted)

    # ---- intents ----

    def _on_stroke_begun(self, part: str, brush: Brush, row: float, column: float) -> None:
        self._session.end_gesture()  # another stroke is another step
        self._edits.change(
            part, lambda canvas: edits.begin_stroke(canvas, brush, (row, column)), "paint", "paint"
        )

    def _on_stroke_extended(self, part: str, row: float, column: float) -> None:
        self._edits.change(
            part, lambda canvas: edits.extend_stroke(canvas, (row, column)), "paint", "paint"
        )

    def _on_clear_asked(self, part: str) -> None:
        self._edits.change(part, edits.clear_strokes, "clear the painting")

    def _on_brush_chosen(self, brush: Brush) -> None:
        self._look(design_brush=brush)

    def _on_kernel_wanted(self, weights: FloatArray) -> None:
        self._edits.use_kernel(weights)

    def _look(self, **changes: object) -> None:
        viewing = self._session.viewing
        kernel = replace(viewing.kernel, **changes)  # type: ignore[arg-type]
        self._session.look(viewing.with_part(Lab.KERNEL, kernel))

    def _on_range_changed(self, low: int, high: int) -> None:
        """Show nothing where the bar has its room, but nothing to scroll."""
        bar = self.sender()
        assert isinstance(bar, QScrollBar)
        bar.setEnabled(high > low)

    # ---- what is looked at ----

    @property
    def _current(self) -> DesignPageView:
        return self.pages[self._stack.currentIndex()]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._session.viewing.kernel.design is DesignPage.CLOSED:
            self._look(design=self._current.spec.page)
        self._show_page()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look(design=DesignPage.CLOSED)

    def _on_page_chosen(self, number: int) -> None:
        self._look(design=PAGES[number].page)

    def _show_page(self) -> None:
        page = self._session.viewing.kernel.design
        if page is not DesignPage.CLOSED:
            self._stack.setCurrentIndex([spec.page for spec in PAGES].index(page))
            show_choice(self._choice, page)

    def _show_settings(self) -> None:
        design = self._session.document.kernel.design
        brush = self._session.viewing.kernel.design_brush
        for page in self.pages:
            page.show_settings(getattr(design, page.spec.part), brush)

    def show_pages(self, pages: KernelPages) -> None:
        """Show what came of the page that is looked at."""
        if pages.design is not None and pages.job.viewing.design is self._current.spec.page:
            self._current.show_design(pages.design)
