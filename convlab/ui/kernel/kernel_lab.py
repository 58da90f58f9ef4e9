"""The kernel lab: input left, kernel in the middle, output right, the sum below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from convlab.document.document import Lab
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Axis, Display, KernelState, KernelViewing
from convlab.document.kernel.resolve import output_over
from convlab.document.source import SourceKind
from convlab.document.stack.arithmetic import Products
from convlab.layers.editing import padding_in_pixels
from convlab.layers.parameters import parameter
from convlab.sources.pattern import PATTERNS
from convlab.ui.choices.preset_choices import preset_pictures
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.kernel.channel_strip import ChannelStrip
from convlab.ui.kernel.geometry_form import GeometryForm
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.kernel.kernel_panel import KernelPanel
from convlab.ui.kernel.picture_panel import PicturePanel
from convlab.ui.kernel.profile_panel import ProfilePanel
from convlab.ui.kernel.size_formula import SizeFormula
from convlab.ui.kernel.sum_panel import SumPanel
from convlab.ui.kernel.timing_words import plan_text, time_text
from convlab.ui.widgets.forms import (
    as_panel,
    decimal_box,
    describe,
    filled,
    flatten_tabs,
    padded,
    scrolled,
)
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.number_box import NumberBox
from convlab.ui.widgets.param_fields import ParamField, field_of, show_values
from convlab.ui.widgets.status_line import LabStatus


class KernelLab(DockedLab):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    def __init__(self, services: LabServices) -> None:
        session = services.session
        super().__init__(session, Lab.KERNEL)
        self.drawing = DrawingDock(self, session, Lab.KERNEL)
        self._shown: KernelShown | None = None
        self._has_color = True
        self._hovered: tuple[int, int] | None = None  # cell of the kernel under the mouse
        self._framed: tuple[list[QRectF], list[QRectF]] = ([], [])  # on input and output
        self.channels = ChannelStrip()
        self.angle = _angle_spin()
        self.display = field_of(parameter(Display, "mode"), "display")
        self.limit = field_of(parameter(Display, "limit"), "range")
        self.limit.setFixedWidth(66)
        self.full = field_of(parameter(Display, "is_full"), "full_range")
        self.curve = field_of(parameter(Display, "curve"), "curve")
        self.input = PicturePanel("input", [self.channels, self.angle])
        self.display.setFixedWidth(78)
        self.curve.setFixedWidth(70)
        self.output = PicturePanel("output", [self.display, self.curve, self.limit, self.full])
        self.kernel = KernelPanel()
        self.geometry_form = GeometryForm()
        self.formula = SizeFormula()
        self.message = MessageBar("output_message")
        self.sum = SumPanel()
        self.profile = ProfilePanel()
        self._arrange()
        self._edits = KernelEdits(session, self.kernel.message, self.message)
        pictures = preset_pictures(services.thumbnails, session)
        self.kernel.presets.list.set_thumbnails(services.thumbnails, pictures)
        self._connect_edits()
        self._connect_viewing()
        self._watch()

    # ---- where things stand ----

    def _arrange(self) -> None:
        self.setDockNestingEnabled(True)
        area = Qt.DockWidgetArea.TopDockWidgetArea
        pictures = self.dock("input_dock", "Input", self.input)
        kernel = self.dock("kernel_dock", "Kernel", self.kernel)
        self.message.lie_over(self.output, within=self.output)
        output = self.dock("output_dock", "Output", self.output)
        pixel = self.dock("pixel_dock", "The pixel", self._pixel_panel())
        steps = self.dock(
            "geometry_dock", "Size and steps", scrolled(self._geometry_panel(), "Size and steps")
        )
        self.addDockWidget(area, pictures)
        self.splitDockWidget(pictures, pixel, Qt.Orientation.Vertical)
        self.splitDockWidget(pictures, kernel, Qt.Orientation.Horizontal)
        self.splitDockWidget(kernel, output, Qt.Orientation.Horizontal)
        self.splitDockWidget(pixel, steps, Qt.Orientation.Horizontal)
        self.tabifyDockWidget(pictures, self.drawing)
        self.input.titled.connect(pictures.setWindowTitle)
        self.output.titled.connect(output.setWindowTitle)
        self._upper, self._lower = [pictures, kernel, output], [pixel, steps]
        self.keep_bare_layout()
        self.output.view.painted.connect(self.painted)

    def proportion(self) -> None:
        """Give the pictures most of the room; sizes are known only once the lab is shown."""
        width, height = self.width(), self.height()
        middle, corner = max(width // 5, 270), max(width // 4, 300)
        sides = (width - middle) // 2
        lower = max(height // 4, 244)
        self.resizeDocks(self._upper, [sides, middle, sides], Qt.Orientation.Horizontal)
        self.resizeDocks(self._lower, [width - corner, corner], Qt.Orientation.Horizontal)
        columns = [self._upper[0], self._lower[0]]
        self.resizeDocks(columns, [height - lower, lower], Qt.Orientation.Vertical)

    def _pixel_panel(self) -> QWidget:
        """The sum and the profile of the pixel pointed at, one at a time."""
        self.pixel_tabs = describe(
            QTabWidget(), "pixel_tabs", "The pixel", "What is behind the pixel pointed at."
        )
        flatten_tabs(self.pixel_tabs, "What is behind the pixel")
        self.pixel_tabs.addTab(padded(self.sum), "The sum")
        self.pixel_tabs.addTab(self.profile, "Profile")
        self.pixel_tabs.currentChanged.connect(self._show_pixel)
        return self.pixel_tabs

    def _geometry_panel(self) -> QWidget:
        panel = QWidget()
        as_panel(panel)
        layout = filled(QVBoxLayout(panel), margins=(0, 0, 0, 0), spacing=4)
        self.formula.setContentsMargins(10, 0, 10, 6)
        filled(layout, self.geometry_form, self.formula).addStretch(1)
        return panel

    # ---- intents become edits ----

    def _connect_edits(self) -> None:
        wanted, grid, form = self._edits, self.kernel.grid, self.geometry_form
        grid.cell_edited.connect(wanted.change_cell)
        grid.gesture_ended.connect(self._session.end_gesture)
        grid.text_pasted.connect(wanted.paste_kernel)
        self.kernel.preset_chosen.connect(wanted.load_preset)
        self.kernel.size_chosen.connect(wanted.resize_kernel)
        self.kernel.turn_chosen.connect(wanted.turn_kernel)
        form.parameter_chosen.connect(wanted.set_parameter)
        self.channels.parameter_chosen.connect(wanted.set_parameter)
        for field in self._display_fields:
            field.chosen.connect(wanted.set_parameter)
        self.channels.mute_toggled.connect(wanted.toggle_mute)
        self.channels.mute_toggled.connect(self._show_channels)  # undo the chip if rejected
        self.channels.solo_toggled.connect(wanted.toggle_solo)
        self.angle.valueChanged.connect(wanted.turn_pattern)
        self.input.view.dragged.connect(self._on_object_dragged)
        self.input.view.drag_ended.connect(self._session.end_gesture)

    def _on_object_dragged(self, row: float, column: float) -> None:
        if self._shown is not None:
            rows, columns = self._shown.job.input_size
            self._edits.move_object(row / rows, column / columns)

    # ---- what is looked at ----

    def _connect_viewing(self) -> None:
        for panel in (self.input, self.output):
            panel.view.left.connect(self._on_view_left)
            panel.view.nudged.connect(self._on_view_nudged)
        self.output.view.pointed.connect(self._on_output_pointed)
        self.output.view.clicked.connect(self._on_output_clicked)
        self.drawing.panel.view.pointed.connect(self._on_input_pointed)
        self.drawing.panel.view.left.connect(self._on_view_left)
        self.input.view.pointed.connect(self._on_input_pointed)
        self.input.view.clicked.connect(self._on_input_clicked)
        self.profile.axis_chosen.connect(self._on_axis_chosen)
        self.kernel.grid.hovered.connect(self._on_kernel_hovered)

    @property
    def _viewing(self) -> KernelViewing:
        return self._session.viewing.kernel

    def _point(self, cell: tuple[int, int]) -> None:
        if not self._viewing.pinned:
            self._look(probe=cell)

    def _pin(self, cell: tuple[int, int]) -> None:
        """Pin a pixel; clicking the pinned one lets it go."""
        viewing = self._viewing
        self._look(probe=cell, pinned=not (viewing.pinned and viewing.probe == cell))

    def _on_output_pointed(self, row: int, column: int) -> None:
        self._point((row, column))

    def _on_output_clicked(self, row: int, column: int) -> None:
        self._pin((row, column))

    def _on_input_pointed(self, row: int, column: int) -> None:
        if self._shown is not None:
            self._point(output_over(self._shown.job, (row, column)))

    def _on_input_clicked(self, row: int, column: int) -> None:
        if self._shown is not None:
            self._pin(output_over(self._shown.job, (row, column)))

    def _on_view_left(self) -> None:
        if not self._viewing.pinned:
            self._look(probe=None)

    def _on_view_nudged(self, rows: int, columns: int) -> None:
        if self._shown is None:
            return
        height, width = self._shown.job.output_size
        row, column = self._viewing.probe or (height // 2, width // 2)
        cell = (min(max(row + rows, 0), height - 1), min(max(column + columns, 0), width - 1))
        self._look(probe=cell, pinned=True)

    def unpin(self) -> None:
        """Let go of the pinned pixel."""
        self._look(probe=None, pinned=False)

    def _on_kernel_hovered(self, row: int, column: int) -> None:
        """Frame the input pixel that the kernel's cell meets, next to the patch."""
        self._hovered = (row, column) if row >= 0 else None
        if self._shown is not None:
            self._show_frames(self._shown)

    def _on_axis_chosen(self, name: str) -> None:
        self._look(profile=Axis(name))

    # ---- the document and the results are shown ----

    def _watch(self) -> None:
        """Show each part of the document now, and whenever it has become another."""
        kernel = "document.kernel"
        for parts, show in (
            (f"{kernel}.weights", self._show_kernel),
            (f"{kernel}.geometry {kernel}.rows {kernel}.columns", self._show_geometry),
            (f"{kernel}.channels", self._show_channels),
            (f"{kernel}.display", self._show_display),
            ("document.source document.pattern", self._show_pattern),
        ):
            self._session.watch(parts, show, Lab.KERNEL)
            show()

    @property
    def _state(self) -> KernelState:
        return self._session.document.kernel

    def _show_kernel(self) -> None:
        self.kernel.show_kernel(self._state)

    def _show_geometry(self) -> None:
        state = self._state
        self.kernel.show_size(state.rows, state.columns)
        self.geometry_form.show_geometry(state.geometry, padding_in_pixels(state.layer()))

    def _show_channels(self) -> None:
        self.channels.set_channels(self._state.channels, self._has_color)

    def _show_display(self) -> None:
        show_values(self._display_fields, self._state.display)

    @property
    def _display_fields(self) -> tuple[ParamField, ...]:
        return self.display, self.curve, self.limit, self.full

    def _show_pattern(self) -> None:
        document = self._session.document
        is_pattern = document.source.kind is SourceKind.PATTERN
        pattern = PATTERNS.get(document.source.name) if is_pattern else None
        self.angle.setVisible(pattern is not None and pattern.uses_angle)
        self.angle.show_number(document.pattern.angle)
        self.input.view.drag_moves_object = pattern is not None and pattern.uses_position

    def status(self, shown: KernelShown) -> LabStatus:
        """Return what the status bar says of a result."""
        return (
            super()
            .status(shown)
            ._replace(time=time_text(shown.timing), tip=plan_text(shown.timing.plan))
        )

    def show_result(self, shown: KernelShown) -> None:
        """Paint a result."""
        had_color, self._has_color = self._has_color, shown.job.frame.pixels.ndim == 3
        self._shown = shown
        self.input.show_panel(shown.input)
        self.output.show_panel(shown.output)
        self._show_frames(shown)
        self._show_pixel()
        self.formula.show_job(shown.job)
        if had_color != self._has_color:
            self._show_channels()

    def _show_frames(self, shown: KernelShown) -> None:
        frames = [frame for each in shown.sums[:1] for frame in patch_frames(each, self._hovered)]
        pixel = cell_frames(shown.job.viewing.probe)
        if (frames, pixel) != self._framed:
            self._framed = frames, pixel
            self.input.view.set_frames(frames)
            self.drawing.panel.view.set_frames(frames)
            self.output.view.set_frames(pixel)

    def _show_pixel(self) -> None:
        """Show what is behind the pixel pointed at, in the tab that can be seen."""
        if self._shown is None:
            return
        if self.pixel_tabs.currentWidget() is self.profile:
            self.profile.show_profile(self._shown)
        else:
            self.sum.set_result(self._shown, self._viewing.pinned)


def patch_frames(sum_: Products, hovered: tuple[int, int] | None) -> list[QRectF]:
    """Return what to frame on the input.

    Args:
        sum_: The patch is framed, or its single cells if it is dilated.
        hovered: A cell of the edited kernel: the pixel that it meets is framed, too.
    """
    (top, left), (down, across) = sum_.corner, sum_.step
    rows, columns = sum_.padded.shape

    def frame(row: int, column: int) -> QRectF:
        return QRectF(left + across * column, top + down * row, 1, 1)

    if sum_.step == (1, 1):
        frames = [QRectF(left, top, columns, rows)]
    else:
        frames = [frame(*at) for at in np.ndindex(rows, columns)]
    if hovered is not None:
        row, column = min(hovered[0], rows - 1), min(hovered[1], columns - 1)
        if sum_.flipped:
            row, column = rows - 1 - row, columns - 1 - column
        frames.append(frame(row, column))
    return frames


def cell_frames(probe: tuple[int, int] | None) -> list[QRectF]:
    """Return what to frame on the output: the pixel whose sum is shown."""
    return [] if probe is None else [QRectF(probe[1], probe[0], 1, 1)]


def _angle_spin() -> NumberBox:
    spin = decimal_box(
        "angle_spin",
        "Angle",
        "Direction of the bar or grating, counter-clockwise from horizontal [degrees].",
        0.0,
        359.0,
        digits=0,
    )
    spin.setWrapping(True)
    spin.setSingleStep(5.0)
    spin.setSuffix("°")
    spin.hide()
    return spin
