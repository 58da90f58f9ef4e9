"""Moves the window over the picture: by itself, by steps, to a place."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from convlab.document.document import Lab
from convlab.document.kernel.model import KernelViewing, PixelPage
from convlab.document.kernel.slide import number_of, place_of
from convlab.runtime.session import Session
from convlab.ui.kernel.slide_page import SlidePage

TICK = 16  # [ms]


class SlidePlayer(QObject):
    """Turns what a person wants of the sliding window into what is looked at.

    Args:
        session: Holds what is looked at.
        page: Says what is wanted, and shows it.
        look: Looks at something else in the lab, by the names of its viewing.
        output_size: Returns (rows, columns) of the last result.
        parent: Owns this.
    """

    def __init__(
        self,
        session: Session,
        page: SlidePage,
        look: Callable[..., None],
        output_size: Callable[[], tuple[int, int]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._page, self._look = session, page, look
        self._output_size = output_size
        self._exact = self._last = 0.0  # number of the place, between two, and when that was [s]
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(TICK)
        self._clock.timeout.connect(self._on_clock)
        page.play_toggled.connect(self.play_or_pause)
        page.stepped.connect(self._on_stepped)
        page.place_chosen.connect(self._on_place_chosen)
        page.speed_chosen.connect(self._on_speed_chosen)
        page.plane_chosen.connect(self._on_plane_chosen)
        page.left.connect(self.pause)
        page.grid.room_changed.connect(self._on_room_changed)
        parts = ("page", "pinned", "is_playing", "speed")
        watched = " ".join(f"viewing.kernel.{name}" for name in parts)
        session.watch(watched, self._on_viewing_changed, Lab.KERNEL)
        self._on_viewing_changed()

    @property
    def _viewing(self) -> KernelViewing:
        return self._session.viewing.kernel

    def open(self) -> None:
        """Let the window begin to slide: at the pinned pixel, or else the first."""
        viewing = self._viewing
        place = viewing.probe if viewing.pinned else (0, 0)
        self._look(page=PixelPage.SLIDE, probe=place, pinned=True)

    def play_or_pause(self) -> bool:
        """Play or pause while the window slides; at the end it starts again."""
        viewing = self._viewing
        if not viewing.is_sliding:
            return False
        is_playing = not viewing.is_playing
        at_end = self._number >= self._last_number
        self._look(is_playing=is_playing, probe=(0, 0) if is_playing and at_end else viewing.probe)
        return True

    def pause(self) -> None:
        """Pause."""
        if self._viewing.is_playing:
            self._look(is_playing=False)

    @property
    def _number(self) -> int:
        return number_of(self._viewing.probe or (0, 0), self._output_size())

    @property
    def _last_number(self) -> int:
        rows, columns = self._output_size()
        return rows * columns - 1

    def _on_stepped(self, places: int) -> None:
        self._on_place_chosen(self._number + places)

    def _on_place_chosen(self, number: int) -> None:
        self._look(probe=place_of(number, self._output_size()), pinned=True, is_playing=False)

    def _on_speed_chosen(self, speed: float) -> None:
        self._look(speed=speed)

    def _on_plane_chosen(self, plane: int) -> None:
        self._look(slide_plane=plane)

    def _on_room_changed(self, rows: int, columns: int) -> None:
        self._look(slide_room=(rows, columns))

    def _on_viewing_changed(self) -> None:
        viewing = self._viewing
        self._page.show_viewing(viewing)
        is_moving = viewing.is_sliding and viewing.is_playing
        if not is_moving:
            self._clock.stop()
            return
        self._exact, self._last = float(self._number), time.monotonic()
        self._clock.start()

    def _on_clock(self) -> None:
        """Go on as far as time has."""
        number = self._number
        if number != int(self._exact):  # an edit has moved it
            self._exact = float(number)
        now = time.monotonic()
        self._exact += (now - self._last) * self._viewing.speed
        self._last = now
        if self._exact >= self._last_number:
            self._look(probe=place_of(self._last_number, self._output_size()), is_playing=False)
        elif int(self._exact) != number:
            self._look(probe=place_of(int(self._exact), self._output_size()))
