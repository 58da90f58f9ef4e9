"""The kernel lab: input left, kernel in the middle, output right, the sum below."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QHideEvent
from PySide6.QtWidgets import QDockWidget

from convlab.document.document import Lab
from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import Axis, Display, KernelState, KernelViewing, PixelPage
from convlab.document.kernel.pages import KernelPages
from convlab.document.kernel.transposed import shown_padding
from convlab.document.sight import Sampling, Sight
from convlab.document.source import SourceKind
from convlab.layers.parameters import parameter
from convlab.sources.pattern import PATTERNS
from convlab.ui.choices.preset_choices import preset_pictures
from convlab.ui.docked_lab import DockedLab, LabServices
from convlab.ui.drawing_dock import DrawingDock
from convlab.ui.kernel.channel_strip import ChannelStrip
from convlab.ui.kernel.flip_player import FlipPlayer
from convlab.ui.kernel.geometry_form import GeometryForm
from convlab.ui.kernel.kernel_comparing import KernelComparing
from convlab.ui.kernel.kernel_docks import KernelDocks
from convlab.ui.kernel.kernel_edits import KernelEdits
from convlab.ui.kernel.kernel_page import KernelPage
from convlab.ui.kernel.kernel_panel import KernelPanel
from convlab.ui.kernel.own_kernel_menu import OwnKernelMenu
from convlab.ui.kernel.own_kernels import KeptKernels
from convlab.ui.kernel.partners import (
    rect_inward,
    region_of,
    sampling,
)
from convlab.ui.kernel.pattern_dials import angle_spin, bar_width_field
from convlab.ui.kernel.picture_panel import PicturePanel
from convlab.ui.kernel.pixel_card import PixelCard
from convlab.ui.kernel.pointing import Pointing
from convlab.ui.kernel.size_formula import SizeFormula
from convlab.ui.kernel.slide_player import SlidePlayer
from convlab.ui.kernel.timing_words import plan_text, time_text
from convlab.ui.widgets.image_view import ImageView
from convlab.ui.widgets.message_bar import MessageBar
from convlab.ui.widgets.param_fields import ParamField, field_of, keep_room, show_values
from convlab.ui.widgets.status_line import LabStatus


class KernelLab(DockedLab):
    """Arranges the widgets, connects their intents, and shows documents and results."""

    layout_version = 1  # a layout of older versions would take the drawing out of its place

    def __init__(self, services: LabServices) -> None:
        session = services.session
        super().__init__(session, Lab.KERNEL)
        self.drawing = DrawingDock(self, session, Lab.KERNEL)
        self._shown: KernelShown | None = None
        self._has_color = True
        self._region: tuple[QRectF, Sampling] | None = None  # all that there is to be seen
        self._placed: object = None  # what it was taken from
        self.channels = ChannelStrip()
        self.angle = angle_spin()
        self.bar_width = bar_width_field()
        self.display = field_of(parameter(Display, "mode"), "display")
        self.limit = field_of(parameter(Display, "limit"), "range")
        self.limit.setFixedWidth(72)
        self.full = field_of(parameter(Display, "is_full"), "full_range")
        keep_room(self.full)
        self.curve = field_of(parameter(Display, "curve"), "curve")
        self.display.setFixedWidth(84)
        self.curve.setFixedWidth(76)
        self.torch = field_of(parameter(Display, "torch"), "torch")
        dials = *self.channels.parts, self.angle, self.bar_width, self.torch
        self.input = PicturePanel("input", dials)
        self.geometry_form = GeometryForm()
        self.formula = SizeFormula()
        self.kernel = KernelPanel(self.geometry_form, self.formula)
        self.message = MessageBar("output_message")
        self._edits = KernelEdits(session, self.kernel.message, self.message)
        self.comparing = KernelComparing(session, self._edits, self.message)
        display = self.display, self.limit, self.full, self.curve
        self.output = PicturePanel("output", [self.comparing.button, *display])
        self.comparing.paint_on(self.output)
        self.card = PixelCard()
        self.pictures = {"input": self.input, "output": self.output}
        parts = self.pictures, self.kernel, self.card, self.drawing, self.comparing.bar
        self.page = KernelPage(*parts)
        self.setCentralWidget(self.page)
        self.message.lie_over(self.output, within=self.output)
        self.player = SlidePlayer(session, self.card.slide, self._look, self._output_size, self)
        self.flip = FlipPlayer(session, self.kernel.grid, self._look)
        views = self.pictures, self.drawing.panel.view, self.kernel.grid, self.card
        self.pointing = Pointing(session, *views, self)
        self.tools = KernelDocks(self, session, self._edits)
        self.page.strip.offer_panels([self.tools.analysis, self.tools.design])
        self.keep_bare_layout()
        message, line = self.kernel.message, self.kernel.presets
        self.kept = KeptKernels(services.desk, message, self)
        self.own = OwnKernelMenu(line, self.kept, session, self._edits, message)
        self.kept.file_answered.connect(self.file_answered)
        pictures = preset_pictures(services.thumbnails, session, own=self.kept.ready)
        line.box.list.set_thumbnails(services.thumbnails, pictures)
        self._connect_edits()
        self._connect_viewing()
        self._watch()

    def docks(self) -> list[QDockWidget]:
        return [self.drawing, *super().docks()]

    def panel_actions(self) -> list[QAction]:
        return super().panel_actions() + self.tools.actions

    def page_actions(self) -> list[QAction]:
        return self.card.actions_of_pages

    def read_file(self, path: str) -> None:
        """Take the kernel of a file, and keep it among a person's own."""
        self.own.read(path)

    # ---- intents become edits ----

    def _connect_edits(self) -> None:
        wanted, grid, form = self._edits, self.kernel.grid, self.geometry_form
        grid.cell_edited.connect(wanted.change_cell)
        grid.gesture_ended.connect(self._session.end_gesture)
        grid.text_pasted.connect(wanted.paste_kernel)
        self.kernel.size_chosen.connect(wanted.resize_kernel)
        self.kernel.turn_chosen.connect(wanted.turn_kernel)
        for settings in (form, self.kernel.scaling):
            settings.parameter_chosen.connect(wanted.set_parameter)
        form.flip_asked.connect(self.flip.play)
        self.kernel.presets.dials_wanted.connect(self.tools.generator.toggle)
        self.channels.parameter_chosen.connect(wanted.set_parameter)
        for field in self._display_fields:
            field.chosen.connect(wanted.set_parameter)
        self.channels.mute_toggled.connect(wanted.toggle_mute)
        self.channels.mute_toggled.connect(self._show_channels)  # undo the chip if rejected
        self.channels.solo_toggled.connect(wanted.toggle_solo)
        self.angle.valueChanged.connect(wanted.turn_pattern)
        wanted.set_by(self.bar_width.chosen, "pattern")
        self.kernel.chips.channel_chosen.connect(wanted.choose_channel)
        self.kernel.channels.toggled.connect(wanted.give_each_channel_a_kernel)
        self.kernel.channels.others_cleared.connect(wanted.clear_other_channels)
        self.card.displays.parameter_chosen.connect(wanted.set_parameter)
        wanted.set_by(self.card.count.parameter_chosen, "kernel.counting")
        self.card.count.example_chosen.connect(wanted.count)
        self.input.view.dragged.connect(self._on_object_dragged)
        self.input.view.drag_ended.connect(self._session.end_gesture)

    def _on_object_dragged(self, row: float, column: float) -> None:
        if self._shown is not None:
            rows, columns = self._shown.job.input_size
            self._edits.move_object(row / rows, column / columns)

    # ---- what is looked at ----

    def _connect_viewing(self) -> None:
        for role, panel in self.pictures.items():
            view = panel.view
            view.sight_chosen.connect(getattr(self, f"_on_{role}_sight_chosen"))
            view.resized.connect(self._on_view_resized)
        self.output.view.painted.connect(self.painted)
        self.input.view.painted.connect(self._on_input_painted)
        self.card.profile.axis_chosen.connect(self._on_axis_chosen)
        for each in self.card.displays.views:
            each.planes.views[0].sight_chosen.connect(self._on_output_sight_chosen)
        self.card.page_chosen.connect(self._on_page_chosen)
        self.pointing.value_pointed.connect(self.value_pointed)
        self.pointing.settled.connect(self._make_room)

    @property
    def _viewing(self) -> KernelViewing:
        return self._session.viewing.kernel

    def _make_room(self) -> None:
        """Let the sum have its room, unless a click may still become a double click."""
        if self.pointing.is_settled:
            self.page.set_pinned(self._viewing.pinned)

    def _on_input_sight_chosen(self, sight: Sight | None) -> None:
        self._look(sight=sight)

    def _on_output_sight_chosen(self, sight: Sight | None) -> None:
        if sight is not None and self._shown is not None:
            sight = sampling(self._shown.job).sight_outward(sight)
        self._look(sight=sight)

    def hold(self) -> None:
        self.comparing.hold()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pointing.leave()

    def follow_scale(self) -> None:
        self.page.arrange()

    def show_lecture(self, is_on: bool) -> None:
        self.page.set_lecture(is_on)

    def unpin(self) -> None:
        """Close what the keyboard is in, bring back what is covered, or let the pixel go."""
        if self.comparing.close_inside():
            return
        if self._viewing.turn is not None:
            self.flip.close()
        elif self._viewing.filling:
            self._look(filling="")
        elif self.kernel.is_unfolded:
            self.kernel.fold()
        else:
            self.pointing.release()

    def _on_input_painted(self) -> None:
        """The output, painted last, is not seen beside a picture that fills the lab."""
        if self._viewing.filling == "input":
            self.painted.emit()

    def _on_view_resized(self) -> None:
        """Let no more be painted than there is room for."""
        views, density = [panel.view for panel in self.pictures.values()], self.devicePixelRatioF()
        rows, columns = (max(map(side, views)) for side in (ImageView.height, ImageView.width))
        self._look(room=(round(rows * density), round(columns * density)), density=density)

    def play_or_pause(self) -> bool:
        return self.player.play_or_pause()

    def _output_size(self) -> tuple[int, int]:
        return (1, 1) if self._shown is None else self._shown.job.output_size

    def _on_page_chosen(self, page: PixelPage) -> None:
        """Show a page, of the middle pixel where none is looked at.

        The window slides, and what is read at length stays, at a pinned pixel.
        """
        if page is PixelPage.SLIDE:
            self.player.open()
        else:
            viewing, (rows, columns) = self._viewing, self._output_size()
            probe = viewing.probe or (rows // 2, columns // 2)
            pinned = viewing.pinned or page.stays or viewing.probe is None
            self._look(page=page, is_playing=False, probe=probe, pinned=pinned)

    def _on_axis_chosen(self, name: str) -> None:
        self._look(profile=Axis(name))

    # ---- the document and the results are shown ----

    def _watch(self) -> None:
        """Show each part of the document now, and whenever it has become another."""
        kernel = "document.kernel"
        shown, size = f"{kernel}.weights {kernel}.per_channel", f"{kernel}.rows {kernel}.columns"
        for parts, show in (
            (f"{shown} {kernel}.scaling {kernel}.channels", self._show_kernel),
            (f"{kernel}.geometry {size}", self._show_geometry),
            (f"{kernel}.channels {kernel}.per_channel {size}", self._show_channels),
            (f"{kernel}.display", self._show_display),
            ("document.source document.pattern", self._show_pattern),
            ("viewing.kernel.pinned", self._make_room),
            ("viewing.kernel.page", self._show_page),
            ("viewing.kernel.sight", self._show_sight),
            ("viewing.kernel.filling", self._show_filling),
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
        self.geometry_form.show_geometry(state.geometry, shown_padding(state))

    def _show_channels(self) -> None:
        self.channels.set_channels(self._state.channels, self._has_color)
        self.kernel.channels.show_state(self._state, self._has_color)

    def _show_display(self) -> None:
        show_values(self._display_fields, self._state.display)

    @property
    def _display_fields(self) -> tuple[ParamField, ...]:
        return self.display, self.curve, self.limit, self.full, self.torch

    def _show_pattern(self) -> None:
        document = self._session.document
        is_pattern = document.source.kind is SourceKind.PATTERN
        pattern = PATTERNS.get(document.source.name) if is_pattern else None
        self.angle.setVisible(pattern is not None and pattern.uses_angle)
        self.angle.show_number(document.pattern.angle)
        has_bar = pattern is not None and pattern.bar_angle is not None
        self.bar_width.setVisible(has_bar)
        self.card.offer_tuning(has_bar)
        self.bar_width.show_parameter(document.pattern.width)
        self.input.planes.set_moves_object(pattern is not None and pattern.uses_position)

    def status(self, shown: KernelShown) -> LabStatus:
        """Return what the status bar says of a result."""
        rows, columns = shown.job.source_size
        time, tip = time_text(shown.timing), plan_text(shown.timing.plan)
        return LabStatus(f"{columns} × {rows}", time, tip)

    def show_result(self, shown: KernelShown) -> None:
        """Paint a result."""
        job = shown.job
        had_color, self._has_color = self._has_color, job.frame.pixels.ndim == 3
        self._shown = shown
        self.input.show_panel(shown.input)
        self.comparing.show_output(shown)
        self._show_region(shown)
        self.pointing.show_result(shown)
        self.card.show_pixel(shown, self._viewing.pinned)
        self.formula.show_job(job)
        if had_color != self._has_color:
            self._show_channels()

    def show_error(self, error: str | None) -> None:
        """Say why there is nothing new; the formula is that of the last output."""
        super().show_error(error)
        self.formula.setEnabled(error is None)

    def show_pages(self, pages: KernelPages) -> None:
        """Show what was made beside the picture."""
        self.card.displays.show_pages(pages)
        self.tools.show_pages(pages)

    def _show_region(self, shown: KernelShown) -> None:
        """Let both pictures show the same place: all of the input, and what the output adds."""
        job = shown.job
        placed = job.axes, [(p.origin, p.extent) for p in (shown.input, shown.output)]
        if placed != self._placed:
            self._placed, found = placed, sampling(job)
            region = region_of(shown, found)
            self._region = region, found
            self.page.set_aspect(region.height() / region.width())
            self._show_sight()

    def _show_sight(self) -> None:
        if self._region is None:
            return
        sight, (region, found) = self._viewing.sight, self._region
        self.input.show_sight(sight, region)
        inward = None if sight is None else found.sight_inward(sight)
        self.output.show_sight(inward, rect_inward(found, region))

    def _show_page(self) -> None:
        self.card.show_page(self._viewing.page)

    def _show_filling(self) -> None:
        self.page.set_alone(self._viewing.filling)
