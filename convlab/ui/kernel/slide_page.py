"""The page of the sliding window: how it is moved, and the grid of numbers that it slides over."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout

from convlab.document.kernel.job import KernelShown
from convlab.document.kernel.model import KernelViewing, PixelPage
from convlab.document.kernel.slide import number_of
from convlab.ui.fitting_texts import SteadyLabel, widest_number
from convlab.ui.kernel.card_page import CardPage
from convlab.ui.kernel.slide_grid import SlideGrid
from convlab.ui.theme import px, set_icon
from convlab.ui.widgets.forms import (
    as_panel,
    combo_box,
    describe,
    filled,
    show_choice,
    tool_button,
)

SPEEDS = (1.0, 2.0, 4.0, 10.0, 30.0, 60.0, 600.0, 6000.0, 60_000.0)  # [pixels of the output/s]
CONTROLS = 34  # height of the row of controls [px]


class SlidePage(CardPage):
    """Shows how far the window has come, and says where it is wanted.

    Signals:
        play_toggled: Play or pause.
        stepped: By so many places.
        place_chosen: The number of a place, counted row by row.
        speed_chosen: Places per second.
        plane_chosen: Number of a plane, of those used.
        left: The page cannot be seen any more.
    """

    page, tab = PixelPage.SLIDE, "Slide"
    play_toggled = Signal()
    stepped = Signal(int)
    place_chosen = Signal(int)
    speed_chosen = Signal(float)
    plane_chosen = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        as_panel(self)
        self.grid = SlideGrid()
        self._is_playing = False
        self._back = tool_button("slide_back_button", "Step back", "One place back (←).", "back")
        self._play = tool_button(
            "slide_play_button", "Play", "The window slides by itself (space).", "play"
        )
        self._forward = tool_button("slide_step_button", "Step", "One place on (→).", "step")
        self._slider = describe(
            QSlider(Qt.Orientation.Horizontal),
            "slide_position_slider",
            "Place of the window",
            "How far the window has come, row by row: the output is filled up to there.",
        )
        self._count = SteadyLabel("slide_place")
        self._speed = combo_box(
            "slide_speed_combo", "Speed", "Places of the window per second while it plays."
        )
        self._plane = combo_box(
            "slide_plane_combo", "Channel", "Whose numbers the window slides over."
        )
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:,.0f} / s", speed)
        parts = self._back, self._play, self._forward, (self._slider, 1), self._count, self._speed
        controls = filled(QHBoxLayout(), *parts, self._plane, spacing=6)
        filled(QVBoxLayout(self), controls, (self.grid, 1), margins=(12, 2, 12, 4), spacing=2)
        self._play.clicked.connect(self.play_toggled)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self._slider.valueChanged.connect(self.place_chosen)
        self._speed.activated.connect(self._on_speed_activated)
        self._plane.activated.connect(self.plane_chosen)

    def heights(self, width: int) -> tuple[int, int]:
        needed, wanted = self.grid.heights()
        return needed + px(CONTROLS), wanted + px(CONTROLS)

    def show_pixel(self, shown: KernelShown, is_pinned: bool) -> None:
        self.grid.show_slide(shown)
        self._show_planes(shown)
        size, probe = shown.job.output_size, shown.job.viewing.probe
        if probe is None:
            return
        number, count = number_of(probe, size), size[0] * size[1]
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, count - 1)
            self._slider.setPageStep(size[1])
            self._slider.setValue(number)
        text, widest = (f"place {at:,} of {count:,}" for at in (number + 1, widest_number(count)))
        self._count.show_text(text, widest)

    def _show_planes(self, shown: KernelShown) -> None:
        """Offer the planes, where there are several."""
        names, chosen = shown.job.names, shown.job.viewing.slide_plane
        if [self._plane.itemText(at) for at in range(self._plane.count())] != list(names):
            self._plane.clear()
            self._plane.addItems(names)
        self._plane.setVisible(len(names) > 1)
        self._plane.setCurrentIndex(min(chosen, len(names) - 1))

    def show_viewing(self, viewing: KernelViewing) -> None:
        """Show whether the window moves, and how fast, without telling anyone."""
        if viewing.is_playing != self._is_playing:
            self._is_playing = viewing.is_playing
            set_icon(self._play, "pause" if viewing.is_playing else "play")
            self._play.setAccessibleName("Pause" if viewing.is_playing else "Play")
        show_choice(self._speed, viewing.speed)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    def _on_back_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_forward_clicked(self) -> None:
        self.stepped.emit(1)

    def _on_speed_activated(self, index: int) -> None:
        self.speed_chosen.emit(self._speed.itemData(index))
