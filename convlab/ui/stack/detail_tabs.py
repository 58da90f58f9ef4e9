"""What is behind the selected unit and its stack, one view at a time."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from convlab.document.stack.job import StackShown
from convlab.document.stack.look import UnitLook
from convlab.document.stack.model import INPUT
from convlab.document.stack.path import Box
from convlab.engine.border import Border
from convlab.engine.display import DisplayMode
from convlab.layers import Conv2d
from convlab.layers.catalog import entry_of
from convlab.layers.editing import filter_of, nearest_kernel
from convlab.ui.numbers import show_number
from convlab.ui.stack.parts_view import PartsView
from convlab.ui.stack.shift_panel import ShiftPanel
from convlab.ui.stack.stack_table import StackTable
from convlab.ui.stack.unit_panel import UnitPanel
from convlab.ui.stack.weight_matrix_view import WeightMatrixView
from convlab.ui.widgets.forms import as_panel, describe, filled, flatten_tabs, padded, quiet_label
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.map_words import titles


class DetailTabs(QTabWidget):
    """The sum, the map taken apart and in full, the table, the shift test, the matrix."""

    def __init__(self) -> None:
        super().__init__()
        describe(self, "detail_tabs", "The unit", "What is behind the unit pointed at.")
        flatten_tabs(self, "What is behind the unit")
        self.unit = UnitPanel()
        self.parts = PartsView()
        self.pictures = UnitPictures()
        self.table = StackTable()
        self.shift = ShiftPanel()
        self.matrix = WeightMatrixView()
        for widget, title in (
            (padded(self.unit), "The sum"),
            (padded(self.parts), "Channel by channel"),
            (self.pictures, "The map"),
            (padded(self.table), "Table"),
            (padded(self.shift), "Shift test"),
            (padded(self.matrix), "Weights as a matrix"),
        ):
            self.addTab(widget, title)

    @property
    def is_shift_shown(self) -> bool:
        """Whether the shift test is looked at."""
        return self.shift.isVisibleTo(self)

    @property
    def is_parts_shown(self) -> bool:
        """Whether the map is looked at channel by channel."""
        return self.parts.isVisibleTo(self)

    def show_result(self, shown: StackShown) -> None:
        """Show what belongs to the tab that is looked at."""
        (
            self._show_unit,
            self._show_parts,
            self._show_pictures,
            self._show_table,
            self._show_shifts,
            self._show_matrix,
        )[self.currentIndex()](shown)

    def _show_unit(self, shown: StackShown) -> None:
        look = shown.look
        if look is None or look.detail is None:
            self.unit.set_detail(None)
        else:
            before = list(look.boxes)[-2]
            column = shown.column(before)
            mode = DisplayMode.CLIPPED if before == INPUT else DisplayMode.SIGNED
            scales = () if column is None else column.scales
            pinned, title = shown.job.viewing.pinned, unit_title(look, titles(shown.job.state))
            self.unit.set_detail(look.detail, title, scales, mode, pinned)

    def _show_parts(self, shown: StackShown) -> None:
        self.parts.show_parts(None if shown.look is None else shown.look.parts)

    def _show_pictures(self, shown: StackShown) -> None:
        self.pictures.show_look(shown.look, titles(shown.job.state))

    def _show_table(self, shown: StackShown) -> None:
        state = shown.job.state
        layers = [slot.layer for slot in state.active]
        names = [entry_of(slot.layer).title for slot in state.active]
        self.table.show_stack(shown.picture.shape, names, layers, list(shown.summaries))
        chosen = shown.job.viewing.chosen
        active = [slot.uid for slot in state.active]
        self.table.select_row(active.index(chosen) if chosen in active else -1)

    def _show_shifts(self, shown: StackShown) -> None:
        named, active = titles(shown.job.state), shown.job.state.active
        names = [named[slot.uid] for slot in active]
        reports = shown.shifts or ()
        self.shift.show_reports(names[: len(reports)], list(reports))

    def _show_matrix(self, shown: StackShown) -> None:
        viewing = shown.job.viewing
        convolutions = [slot for slot in shown.job.state.slots if isinstance(slot.layer, Conv2d)]
        chosen = [slot for slot in convolutions if slot.uid == viewing.chosen]
        if not (chosen or convolutions):
            self.matrix.show_message("There is no convolution in this stack: add one.")
            return
        slot = (chosen or convolutions)[0]
        layer = slot.layer
        assert isinstance(layer, Conv2d)
        output, channel = nearest_kernel(layer, *(viewing.kernel if chosen else (0, 0)))
        kernel = filter_of(layer, output, channel)
        beyond = "" if layer.border == Border.ZEROS else ", zeros beyond the edge here"
        self.matrix.set_kernel(
            kernel[::-1, ::-1] if layer.flip else kernel,
            layer.stride,
            layer.padding,
            layer.dilation,
            f"{titles(shown.job.state)[slot.uid]}, map {output}, channel {channel}{beyond}",
        )


class UnitPictures(QWidget):
    """The picture with the receptive field, the unit's map, and its gradient, in full."""

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.input = ImageView("unit_input_view", "The picture, and the unit's receptive field")
        self.map = ImageView("unit_map_view", "The selected map")
        self.gradient = ImageView("unit_gradient_view", "Gradient of the unit")
        self._captions = [quiet_label() for _ in range(3)]
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 6)
        self._columns: list[QWidget] = []
        for caption, view in zip(
            self._captions, (self.input, self.map, self.gradient), strict=True
        ):
            column = QWidget()
            filled(QVBoxLayout(column), caption, (view, 1), margins=(0, 0, 0, 0), spacing=2)
            row.addWidget(column, 1)
            self._columns.append(column)
        self._hint = quiet_label(
            "Click a map to see it in full, and the receptive field of a unit."
        )
        row.addWidget(self._hint)
        self.show_look(None, {})

    def show_look(self, look: UnitLook | None, named: dict[int, str]) -> None:
        """Show a pinned unit, or a hint."""
        pictures = (None,) * 3 if look is None else (look.input, look.map, look.gradient)
        self._hint.setVisible(pictures[1] is None)
        for column, view, picture in zip(
            self._columns, (self.input, self.map, self.gradient), pictures, strict=True
        ):
            column.setVisible(picture is not None)
            if picture is not None:
                view.show_painted(picture)
        if look is not None:
            self._show_frames(look, named)

    def _show_frames(self, look: UnitLook, named: dict[int, str]) -> None:
        box = look.boxes.get(INPUT)
        seen = [] if box is None else [_rect(box)]
        self.input.set_frames(seen)
        unit = look.unit
        self.map.set_frames([QRectF(unit.column, unit.row, 1, 1)])
        size = "padding only" if box is None else f"{box.rows.length} × {box.columns.length} px"
        self._captions[0].setText(f"Receptive field: {size}")
        self._captions[1].setText(unit_title(look, named))
        self._captions[2].setText("Gradient: red raises the unit, blue lowers it")


def unit_title(look: UnitLook, named: dict[int, str]) -> str:
    """Return what a unit is called."""
    unit = look.unit
    is_map = look.map_size != (1, 1)
    place = f"map {unit.channel} ({unit.row}, {unit.column})" if is_map else f"value {unit.channel}"
    if look.name:
        place += f" (class “{look.name}”)"
    return f"{named.get(unit.uid, '')}, {place} = {show_number(look.value)}"


def _rect(box: Box) -> QRectF:
    return QRectF(box.columns.first, box.rows.first, box.columns.length, box.rows.length)
