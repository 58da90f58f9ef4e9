"""The slim line under the tool bar: what a film, a file of several pictures or a camera offers."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QVBoxLayout,
    QWidget,
)

from convlab.document.camera import CameraOptions
from convlab.document.frame import Moment
from convlab.document.playback import Playback
from convlab.ui.fitting_texts import SteadyLabel, widest_number
from convlab.ui.theme import px, set_icon
from convlab.ui.widgets.forms import STRETCH, describe, filled, tool_button
from convlab.ui.widgets.param_form import ParamForm

SHORTEST_LINE = 110  # of the time line, before words are left out [px]
_SECOND = 25  # frames that a page key passes, in a long film


class TimeLine(QSlider):
    """A slider whose handle goes to the mouse, wherever that is pressed, and follows it."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _value_at(self, event: QMouseEvent) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
        handle = self.style().subControlRect(control, option, part, self).width()
        room = max(self.width() - handle, 1)
        place = round(event.position().x() - handle / 2)
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room)


class FilmRow(QWidget):
    """Plays, steps and shows where a source with a time line stands.

    Signals:
        play_toggled: Play or pause.
        stepped: By so many frames.
        frame_chosen: The number of a frame, from 0.
    """

    play_toggled = Signal()
    stepped = Signal(int)
    frame_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._back = tool_button("film_back_button", "Previous frame", "One back (,).", "back")
        self._play = tool_button("film_play_button", "Play", "Play or pause (space).", "play")
        self._forward = tool_button("film_step_button", "Next frame", "One on (.).", "step")
        self.line = describe(
            TimeLine(),
            "film_time_line",
            "Time line",
            "Click or drag to where the film is to stand. With the arrows one frame on or back, "
            "with Home and End to the first and the last.",
        )
        self.line.setMinimumWidth(1)
        self._place = SteadyLabel("film_place")
        self.form = ParamForm("film", only=("loop", "speed"), columns=2, bare=("loop", "speed"))
        self._moment: Moment | None = None
        buttons = self._back, self._play, self._forward
        parts = *buttons, (self.line, 1), 4, self._place, 6, self.form
        filled(QHBoxLayout(self), *parts, margins=(10, 2, 10, 2), spacing=6)
        self._play.clicked.connect(self.play_toggled)
        self._back.clicked.connect(self._on_back_clicked)
        self._forward.clicked.connect(self._on_forward_clicked)
        self.line.valueChanged.connect(self.frame_chosen)

    def show_playing(self, is_playing: bool) -> None:
        """Show whether it plays."""
        set_icon(self._play, "pause" if is_playing else "play")
        self._play.setAccessibleName("Pause" if is_playing else "Play")

    def show_moment(self, moment: Moment, wanted: int) -> None:
        """Show where it stands.

        Args:
            moment: Of the frame on the screen.
            wanted: The number of the frame that is gone to.
        """
        is_other = self._moment is None or _kind(moment) != _kind(self._moment)
        self._moment = moment
        count = moment.count
        if is_other:
            self._name_parts(moment)
            with QSignalBlocker(self.line):
                self.line.setRange(0, 0 if count is None else count - 1)
                self.line.setPageStep(max(1, min(_SECOND, (count or 1) // 10)))
            self.line.setEnabled(count is not None)
        if not self.line.isSliderDown():
            with QSignalBlocker(self.line):
                self.line.setValue(wanted)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _name_parts(self, moment: Moment) -> None:
        """Call a page a page."""
        noun = moment.noun
        for button, which in ((self._back, "Previous"), (self._forward, "Next")):
            button.setAccessibleName(f"{which} {noun}")
        self.line.setAccessibleName("Time line" if moment.time is not None else f"{noun.title()}s")

    def _fit(self) -> None:
        """Leave out words until the time line has room."""
        if self._moment is None:
            return
        fixed = sum(each.sizeHint().width() + 6 for each in (self._back, self._play, self._forward))
        room = self.width() - 20 - fixed - px(SHORTEST_LINE)
        form = self.form.sizeHint().width() + 12
        said = [(words(moment), words(widest(moment))) for moment in _shorter(self._moment)]
        needed = [self._place.width_of(most) for _, most in said]
        fits = (at for at, width in enumerate(needed) if width + form <= room)
        chosen = next(fits, len(said) - 1)
        self.form.setVisible(needed[chosen] + form <= room)
        self._place.show_text(*said[chosen])
        self._place.setVisible(needed[chosen] <= room)
        self.line.setAccessibleDescription(said[0][0])

    def _on_back_clicked(self) -> None:
        self.stepped.emit(-1)

    def _on_forward_clicked(self) -> None:
        self.stepped.emit(1)


class SourceStrip(QFrame):
    """Is there only while the source has a time line, or is a camera."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("source_strip")
        self.film = FilmRow()
        self.device = ParamForm("camera", only=("size", "rate"), columns=2)
        self.mirror = ParamForm("camera", only=("mirror",), bare=("mirror",))
        self._camera_row = QWidget()
        parts = self.device, self.mirror, STRETCH
        row = filled(QHBoxLayout(self._camera_row), *parts, margins=(10, 2, 10, 2), spacing=14)
        for form in (self.device, self.mirror):
            row.setAlignment(form, Qt.AlignmentFlag.AlignVCenter)
        layout = filled(QVBoxLayout(self), self.film, self._camera_row, margins=(0, 0, 0, 0))
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setHidden(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())  # words are left out before a window grows

    def show_rows(self, has_film: bool, has_camera: bool, is_device: bool) -> None:
        """Show what belongs to the source.

        Args:
            has_film: It has a time line.
            has_camera: It is a camera,
            is_device: and no file in its place, which has its own size and rate.
        """
        self.film.setVisible(has_film)
        self._camera_row.setVisible(has_camera)
        self.device.setVisible(is_device)
        self.setVisible(has_film or has_camera)

    def show_options(self, playback: Playback, camera: CameraOptions) -> None:
        """Show what is chosen."""
        self.film.form.show_record(playback)
        self.device.show_record(camera)
        self.mirror.show_record(camera)


def clock(seconds: float) -> str:
    """Write a time.

    >>> clock(3.24), clock(75.0), clock(3725.5)
    ('0:03.2', '1:15.0', '1:02:05.5')
    """
    tenths = int(10.0 * max(seconds, 0.0) + 1e-6)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    before = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{before}:{rest // 10:02d}.{rest % 10}"


def words(moment: Moment) -> str:
    """Say where a frame stands.

    >>> words(Moment(96, 360, 3.2, 12.0)), words(Moment(2, 24, noun="page"))
    ('0:03.2 of 0:12.0, frame 97 of 360', 'page 3 of 24')
    """
    number = f"{moment.noun} {moment.number + 1:,}".strip()
    number += "" if moment.count is None else f" of {moment.count:,}"
    if moment.time is None:
        return number
    whole = "" if moment.duration is None else f" of {clock(moment.duration)}"
    return f"{clock(moment.time)}{whole}, {number}"


def widest(moment: Moment) -> Moment:
    """Return the moment of the same film whose words take most room."""
    number = widest_number(moment.count or 10 * (moment.number + 1)) - 1
    time = None if moment.time is None else moment.duration or moment.time
    return Moment(number, moment.count, time, moment.duration, moment.noun)


def _shorter(moment: Moment) -> tuple[Moment, ...]:
    """Return what is said of a moment in fewer and fewer words."""
    number = Moment(moment.number, moment.count, noun=moment.noun)
    return moment, number, Moment(moment.number, moment.count, noun="")


def _kind(moment: Moment) -> tuple[object, ...]:
    return moment.count, moment.noun, moment.time is None
