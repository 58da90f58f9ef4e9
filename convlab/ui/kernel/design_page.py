"""One page of the design panel: its settings, what is painted on, what comes of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from convlab.document.kernel.design.model import DesignPage, Example, Waves
from convlab.document.kernel.design.shown import DesignShown
from convlab.document.strokes import Brush
from convlab.engine.arrays import FloatArray
from convlab.ui.kernel.brush_row import BrushRow
from convlab.ui.theme import px
from convlab.ui.titled_picture import TitledPicture
from convlab.ui.widgets.forms import STRETCH, as_panel, filled, push_button, wrapped_label
from convlab.ui.widgets.param_form import ParamForm

PICTURE = 132  # least height of a picture [px]
MARGIN = 8  # beside everything [px]
LINES = 3  # of text for which there is always room


_TERM = re.compile(r"\w?\([^()\n]{1,16}\)(?: \+ \w\([^()\n]{1,16}\))?")


def unbroken(text: str) -> str:
    """Return a text whose formulas, such as f(x + y), no line is broken in."""
    return _TERM.sub(lambda term: term[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


class PageSpec(NamedTuple):
    """What a page is called, and what it has.

    Attributes:
        page: Which it is.
        part: Of the design: the object names begin with it.
        title: In menus and at its head.
        roles: Of its pictures, for a screen reader, from top to bottom.
        brushes: Value, title and name of each; () if nothing is painted.
    """

    page: DesignPage
    part: str
    title: str
    roles: tuple[str, ...]
    brushes: tuple[tuple[float, str, str], ...] = ()


PAGES = (
    PageSpec(
        DesignPage.EXAMPLE,
        "example",
        "Filter by example",
        ("Picture to paint on, or target", "What the fitted kernel gives", "Fitted kernel"),
        ((1.0, "Light", "light"), (-1.0, "Dark", "dark"), (0.0, "Erase", "wipe")),
    ),
    PageSpec(
        DesignPage.WAVES,
        "waves",
        "Paint the spectrum",
        ("Spectrum to paint on", "Response of the kernel", "Kernel", "What the kernel gives"),
        ((1.0, "Pass", "pass"), (0.0, "Stop", "stop")),
    ),
    PageSpec(
        DesignPage.TRIAL,
        "trial",
        "Is it a convolution?",
        ("Output of the operation", "Residual of superposition", "Residual of the shift"),
    ),
    PageSpec(
        DesignPage.UNDO,
        "undoing",
        "Undo the convolution",
        ("Picture after the kernel", "Picture undone", "Waves that the kernel leaves"),
    ),
)


class DesignPageView(QWidget):
    """Shows the settings and the answer of one page, and reports what is wanted.

    Signals:
        parameter_chosen: Name of a parameter and its new value.
        stroke_begun: A Brush, row and column as fractions of the picture.
        stroke_extended: The row and column that it goes on to.
        stroke_ended: The brush is lifted.
        brush_chosen: A Brush.
        clear_asked: What was painted is to be cleared.
        kernel_wanted: Weights that are to be the lab's kernel.
    """

    parameter_chosen = Signal(str, object)
    stroke_begun = Signal(object, float, float)
    stroke_extended = Signal(float, float)
    stroke_ended = Signal()
    brush_chosen = Signal(object)
    clear_asked = Signal()
    kernel_wanted = Signal(object)

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self.setObjectName(f"{spec.part}_page")
        as_panel(self)
        self.spec = spec
        self._kernel: FloatArray | None = None
        self._is_painting = False
        self._form = ParamForm(spec.part)
        self._brushes = BrushRow(spec.part, spec.brushes) if spec.brushes else None
        self._words = wrapped_label(f"{spec.part}_words")
        self._words.setMinimumHeight(LINES * self.fontMetrics().lineSpacing())
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._figures = wrapped_label(f"{spec.part}_figures", role="")
        for label in (self._words, self._figures):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._use = push_button(
            f"{spec.part}_use_button",
            "Use as kernel",
            "Put this kernel in the place of the lab's; undo brings that back.",
        )
        self._pictures = [
            TitledPicture(f"{spec.part}_{number}", "", role, wraps=True)
            for number, role in enumerate(spec.roles, 1)
        ]
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        column = filled(QVBoxLayout(self), margins=(MARGIN, 6, MARGIN, 8), spacing=6)
        filled(column, self._form)
        first, *others = self._pictures
        if self._brushes is not None:
            filled(column, self._brushes, first, self._words, self._figures, self._use)
        else:
            filled(column, self._words, self._figures, (first, 1))
            self._use.setParent(self)
            self._use.hide()
        for picture in self._pictures:
            picture.view.setMinimumHeight(px(PICTURE))
            picture.hide()
        filled(column, *((picture, 1) for picture in others), STRETCH)

    def _connect(self) -> None:
        self._form.parameter_chosen.connect(self.parameter_chosen)
        self._use.clicked.connect(self._on_use_clicked)
        if self._brushes is None:
            return
        self._brushes.brush_chosen.connect(self.brush_chosen)
        self._brushes.clear_asked.connect(self.clear_asked)
        canvas = self._pictures[0].view
        canvas.setProperty("role", "canvas")  # black in a dark panel, it had no edge
        canvas.drag_moves_object = True
        canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        canvas.dragged.connect(self._on_dragged)
        canvas.drag_ended.connect(self._on_drag_ended)

    def _on_use_clicked(self) -> None:
        if self._kernel is not None:
            self.kernel_wanted.emit(self._kernel)

    def _on_dragged(self, row: float, column: float) -> None:
        canvas = self._pictures[0].view.drawn_rect()
        at = row / canvas.height(), column / canvas.width()
        if self._is_painting:
            self.stroke_extended.emit(*at)
        elif canvas.contains(column, row) and self._brushes is not None:
            self._is_painting = True
            self.stroke_begun.emit(self._brushes.brush, *at)

    def _on_drag_ended(self) -> None:
        self._is_painting = False
        self.stroke_ended.emit()

    def show_settings(self, record: object, brush: Brush) -> None:
        """Show what is wanted, without telling anyone."""
        self._form.show_record(record)
        for combo in self._form.findChildren(QComboBox):
            combo.setMinimumWidth(1)  # it has what width there is
        if self._brushes is not None:
            assert isinstance(record, Example | Waves)
            self._brushes.show_brush(brush, bool(record.strokes))

    def show_design(self, shown: DesignShown) -> None:
        """Show what came of it."""
        self._kernel = shown.kernel
        self._use.setEnabled(shown.kernel is not None)
        self._say(shown.text, shown.is_warning)
        if self._figures.text() != shown.figures:
            self._figures.setText(shown.figures)
        self._show_pictures(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_canvas()

    def _fit_canvas(self) -> None:
        """Let the room to paint in hang on its width alone: nothing moves under the brush."""
        view = self._pictures[0].view
        rows, columns = view.drawn_rect().height(), view.drawn_rect().width()
        if self._brushes is not None and columns > 0:
            width = self.width() - 2 * MARGIN
            view.setFixedHeight(max(px(PICTURE), round(width * min(rows / columns, 1))))

    def _say(self, text: str, is_warning: bool) -> None:
        text = unbroken(text)
        role = "warning" if is_warning else "quiet"
        if (text, role) != (self._words.text(), self._words.property("role")):
            self._words.setText(text)
            self._words.setProperty("role", role)
            self._words.style().polish(self._words)

    def _show_pictures(self, shown: DesignShown) -> None:
        for number, picture in enumerate(self._pictures):
            is_there = number < len(shown.pictures)
            picture.setVisible(is_there)
            if is_there:
                role, painted = shown.pictures[number]
                picture.show_titled(role, painted)
        self._fit_canvas()
