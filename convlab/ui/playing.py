"""Playing, pausing, stepping and seeking: of whatever the source is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from convlab.document.frame import Moment
from convlab.document.source import SourceKind
from convlab.runtime.pipeline import Pipeline
from convlab.runtime.pump import Pump
from convlab.ui.choices.source_picker import is_live
from convlab.ui.docked_lab import DockedLab
from convlab.ui.lab_edits import LabEdits
from convlab.ui.source_strip import SourceStrip
from convlab.ui.theme import set_icon
from convlab.ui.widgets.message_bar import MessageBar


class Playing(QObject):
    """Turns what a person wants of the source's time into what is looked at, and shows it.

    A frame that is gone to is named by its number, so that no key of a burst is lost: the next
    step is taken from the frame that is wanted, not from the one that is seen.

    Args:
        pipeline: Plays the source.
        pump: Knows what is on the screen.
        strip: Shows the time line.
        actions: The window's, by name.
        lab: Returns the lab on the screen.
        message: Where to say what is rejected.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        pump: Pump,
        strip: SourceStrip,
        actions: dict[str, QAction],
        lab: Callable[[], DockedLab],
        message: MessageBar,
    ) -> None:
        super().__init__(pipeline)
        self._pipeline, self._session, self._pump = pipeline, pipeline.session, pump
        self._strip, self._actions, self._lab = strip, actions, lab
        self._edits = LabEdits(self._session, message)
        self._wanted: int | None = None  # a frame that is not on the screen yet
        actions["play"].triggered.connect(self._on_play)
        actions["step"].triggered.connect(self._on_forward)
        actions["back"].triggered.connect(self._on_back)
        actions["first_frame"].triggered.connect(self._on_first)
        actions["last_frame"].triggered.connect(self._on_last)
        actions["freeze"].toggled.connect(self._on_freeze_toggled)
        strip.film.play_toggled.connect(self._on_play_clicked)
        strip.film.stepped.connect(self.step)
        strip.film.frame_chosen.connect(self._go_to)
        self._edits.set_by(strip.film.form.parameter_chosen, "playback")
        self._edits.set_by(strip.device.parameter_chosen, "camera")
        self._edits.set_by(strip.mirror.parameter_chosen, "camera")
        self._session.watch("viewing.playing", self._on_playing_changed)
        self._session.watch("document.source viewing.lab", self._on_source_changed)
        self._session.watch("document.playback document.camera", self._show_options)
        pump.result_changed.connect(self._on_result_changed)
        self._show_options()
        self._on_source_changed()
        self._on_playing_changed()

    # ---- what a person wants ----

    def step(self, frames: int) -> None:
        """Pause, and go on or back by so many frames."""
        moment = self._moment
        self._session.look(replace(self._session.viewing, playing=False))
        if moment is None:
            self._pipeline.step()
            return
        place = (moment.number if self._wanted is None else self._wanted) + frames
        if moment.count is not None and self._session.document.playback.loop:
            place %= moment.count
        self._go_to(place)

    def _go_to(self, number: int) -> None:
        moment = self._moment
        if moment is None:
            return
        last = number if moment.count is None else moment.count - 1
        self._wanted = max(0, min(number, last))
        self._pipeline.go_to(self._wanted)
        self._strip.film.show_moment(moment, self._wanted)

    def _on_play(self) -> None:
        if not self._lab().play_or_pause():
            self._actions["freeze"].trigger()

    def _on_play_clicked(self) -> None:
        self._actions["freeze"].trigger()

    def _on_forward(self) -> None:
        self.step(1)

    def _on_back(self) -> None:
        self.step(-1)

    def _on_first(self) -> None:
        self._go_to(0)

    def _on_last(self) -> None:
        moment = self._moment
        if moment is not None and moment.count is not None:
            self._go_to(moment.count - 1)

    def _on_freeze_toggled(self, frozen: bool) -> None:
        if not frozen and self._is_at_end:
            self._go_to(0)
        self._session.look(replace(self._session.viewing, playing=not frozen))

    # ---- where things stand ----

    @property
    def _moment(self) -> Moment | None:
        """Where the picture on the screen stands in its film; None: its source has no time."""
        frame = self._pump.present_frame()
        is_seen = self._session.viewing.shown_part.shows_source
        return frame.moment if frame is not None and is_seen else None

    @property
    def _is_at_end(self) -> bool:
        moment = self._moment
        is_last = moment is not None and moment.is_last and self._wanted is None
        return is_last and not self._session.document.playback.loop

    def _on_result_changed(self) -> None:
        moment = self._moment
        if moment is None:
            self._wanted = None
        elif self._wanted is not None:
            is_gone = moment.count is not None and self._wanted >= moment.count
            if is_gone or moment.number == self._wanted:
                self._wanted = None
        self._show_moment()
        viewing = self._session.viewing
        if viewing.playing and self._is_at_end:
            self._session.look(replace(viewing, playing=False))

    def _show_moment(self) -> None:
        moment = self._moment
        if moment is not None:
            wanted = moment.number if self._wanted is None else self._wanted
            self._strip.film.show_moment(moment, wanted)
        if (moment is not None) is not self._strip.film.isVisibleTo(self._strip):
            self._on_source_changed()

    def _on_source_changed(self) -> None:
        source, viewing = self._session.document.source, self._session.viewing
        has_time = self._moment is not None
        is_camera = source.kind is SourceKind.CAMERA and viewing.shown_part.shows_source
        self._strip.show_rows(has_time, is_camera, source.name.isdigit())
        for name in ("freeze", "step"):
            self._actions[name].setEnabled(is_live(source) or has_time)
        for name in ("back", "first_frame", "last_frame"):
            self._actions[name].setEnabled(has_time)

    def _show_options(self) -> None:
        document = self._session.document
        self._strip.show_options(document.playback, document.camera)

    def _on_playing_changed(self) -> None:
        playing = self._session.viewing.playing
        freeze = self._actions["freeze"]
        freeze.setChecked(not playing)
        set_icon(freeze, "pause" if playing else "play")
        freeze.setText("Freeze" if playing else "Play")
        self._strip.film.show_playing(playing)
