"""What is behind the selected unit and its stack, one page at a time: the card of the detail."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.document.stack.look import UnitLook
from convlab.document.stack.path import Box
from convlab.engine.border import Border
from convlab.layers import Conv2d
from convlab.layers.catalog import entry_of
from convlab.layers.filters import filter_of, nearest_kernel
from convlab.layers.graph import INPUT
from convlab.ui.stack.detail_layout import LOWEST_CARD
from convlab.ui.stack.shift_panel import ShiftPanel
from convlab.ui.stack.stack_selection import filter_in
from convlab.ui.stack.stack_table import StackTable
from convlab.ui.stack.sum_page import SumPage
from convlab.ui.stack.weight_matrix_view import WeightMatrixView
from convlab.ui.widgets.forms import (
    as_panel,
    describe,
    filled,
    flatten_tabs,
    padded,
    scrolled,
    wrapped_label,
)
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.map_words import titles

TALL_PAGE = 340  # of tables and texts [px]
NO_GRADIENT = "The picture itself has no gradient: select a map of a layer."


class DetailTabs(QTabWidget):
    """The sum, the path, the gradient, the matrix, the shift test, the table."""

    def __init__(self) -> None:
        super().__init__()
        describe(self, "detail_tabs", "The unit", "What is behind the selected unit.")
        flatten_tabs(self, "What is behind the unit")
        self.sum = SumPage()
        self.path = PathPage()
        self.gradient = GradientPage()
        self.matrix = WeightMatrixView()
        self.shift = ShiftPanel()
        self.table = StackTable()
        for widget, title in (
            (self.sum, "Sum"),
            (self.path, "Path"),
            (self.gradient, "Gradient"),
            (padded(self.matrix), "Matrix"),
            (padded(self.shift), "Shift"),
            (padded(self.table), "Table"),
        ):
            self.addTab(widget, title)
        self._was_tall = False
        self.currentChanged.connect(self._on_page_changed)

    @property
    def least_height(self) -> int:
        """How high the card must be for the pages that were looked at [px].

        It stays so until the detail is closed: the tabs do not move away from under the mouse.
        """
        return TALL_PAGE if self._was_tall else LOWEST_CARD

    def _on_page_changed(self) -> None:
        self._was_tall |= self.currentWidget() is not self.sum

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._was_tall = self.currentWidget() is not self.sum

    @property
    def is_shift_shown(self) -> bool:
        """Whether the shift test is looked at."""
        return self.shift.isVisibleTo(self)

    @property
    def is_gradient_shown(self) -> bool:
        """Whether the gradient is looked at."""
        return self.currentWidget() is self.gradient

    def show_result(self, shown: StackShown) -> None:
        """Show what belongs to the page that is looked at."""
        (
            self._show_sum,
            self._show_path,
            self._show_gradient,
            self._show_matrix,
            self._show_shifts,
            self._show_table,
        )[self.currentIndex()](shown)

    def _show_sum(self, shown: StackShown) -> None:
        self.sum.show_result(shown, shown.job.viewing.kernel[1])

    def _show_path(self, shown: StackShown) -> None:
        self.path.show_look(shown.look, titles(shown.job.state), shown.job.state.colors.torch)

    def _show_gradient(self, shown: StackShown) -> None:
        self.gradient.show_look(shown.look)

    def _show_table(self, shown: StackShown) -> None:
        state = shown.job.state
        layers = [slot.layer for slot in state.active]
        names = [entry_of(slot.layer).title for slot in state.active]
        self.table.show_stack(shown.picture.shape, names, layers, list(shown.summaries))
        chosen = shown.job.viewing.chosen
        active = [slot.uid for slot in state.active]
        self.table.select_row(active.index(chosen) if chosen in active else -1)

    def _show_shifts(self, shown: StackShown) -> None:
        state = shown.job.state
        names = [
            f"{number} {entry_of(slot.layer).short}"
            for number, slot in enumerate(state.slots, 1)
            if slot.is_on
        ]
        reports = shown.shifts or ()
        self.shift.show_reports(names[: len(reports)], list(reports))

    def _show_matrix(self, shown: StackShown) -> None:
        found = filter_in(shown.job.state, shown.job.viewing)
        convolutions = [slot for slot in shown.job.state.slots if isinstance(slot.layer, Conv2d)]
        if found is not None and isinstance(found.layer, Conv2d):
            layer, uid, output, channel = found.layer, found.uid, found.output, found.input
        elif convolutions and isinstance(convolutions[0].layer, Conv2d):
            layer, uid = convolutions[0].layer, convolutions[0].uid
            output, channel = nearest_kernel(layer, 0, 0)
        else:
            self.matrix.show_message("There is no convolution in this stack: add one.")
            return
        kernel = filter_of(layer, output, channel)
        beyond = "" if layer.border == Border.ZEROS else ", zeros beyond the edge here"
        self.matrix.set_kernel(
            kernel[::-1, ::-1] if layer.flip else kernel,
            layer.stride,
            layer.padding,
            layer.dilation,
            f"{titles(shown.job.state)[uid]}, map {output}, channel {channel}{beyond}",
        )


class PathPage(QWidget):
    """The picture with the receptive field, and how large that is in every layer."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.input = ImageView("unit_input_view", "The picture, and the unit's receptive field")
        self._fields = wrapped_label("receptive_fields", role="panel")
        area = scrolled(self._fields, "Receptive fields")
        filled(QHBoxLayout(self), (self.input, 3), (area, 2), margins=(10, 4, 10, 6), spacing=8)

    def show_look(self, look: UnitLook | None, named: dict[int, str], has_torch: bool) -> None:
        """Show the path of a pinned unit; with a torch the picture is dark around its field."""
        if look is None or look.input is None:
            return
        self.input.show_painted(look.input)
        box = look.boxes.get(INPUT)
        field = [] if box is None else [_rect(box)]
        self.input.set_frames(field)
        self.input.set_lit(field if has_torch else None)
        lines = [f"{named.get(uid, '')}<br>{_field(each)}" for uid, each in look.boxes.items()]
        self._fields.setText("<p style='margin: 0 0 4px 0'>".join(["", *reversed(lines)]))


class GradientPage(QWidget):
    """How the unit would change with each pixel of the picture."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.view = ImageView("unit_gradient_view", "Gradient of the unit")
        self._caption = wrapped_label("gradient_caption")
        filled(QVBoxLayout(self), self._caption, (self.view, 1), margins=(10, 4, 10, 6), spacing=4)

    def show_look(self, look: UnitLook | None) -> None:
        """Show the gradient of a pinned unit, or why there is none."""
        gradient = None if look is None else look.gradient
        if look is not None and look.unit.uid == INPUT:
            self._caption.setText(NO_GRADIENT)
        else:
            self._caption.setText("Red: more light raises the unit; blue: it lowers the unit.")
        self.view.setVisible(gradient is not None)
        if gradient is not None:
            self.view.show_painted(gradient)


def _field(box: Box | None) -> str:
    """Say which part of a layer's maps the unit is made from."""
    if box is None:
        return "padding only"
    maps = box.channels
    which = f"map {maps.first}" if maps.length == 1 else f"maps {maps.first}–{maps.last}"
    return f"{box.rows.length} × {box.columns.length} of {which}"


def _rect(box: Box) -> QRectF:
    return QRectF(box.columns.first, box.rows.first, box.columns.length, box.rows.length)
