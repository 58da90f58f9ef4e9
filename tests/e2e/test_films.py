"""Films, animations and pages by mouse and keyboard, from opening to a saved project."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QToolButton, QWidget

from convlab.document.camera import CameraOptions
from convlab.document.document import Lab
from convlab.document.frame import Moment
from convlab.document.playback import Speed
from tests.e2e.conftest import OpenWindow
from tests.e2e.driver import LEFT, NO_KEYS, Driver
from tests.e2e.text_room import faults, recording
from tests.films import brightness, in_order, write_film


class Viewer:
    """A person before a film."""

    def __init__(self, user: Driver) -> None:
        self.user = user
        self.line = user.find(QSlider, "film_time_line")
        self.strip = user.find(QWidget, "source_strip")

    @property
    def moment(self) -> Moment:
        moment = self.user.shown.job.frame.moment
        assert moment is not None
        return moment

    @property
    def is_playing(self) -> bool:
        return self.user.window.session.viewing.playing

    @property
    def place(self) -> str:
        return self.user.find(QLabel, "film_place").text()

    def until_at(self, number: int) -> None:
        """Wait until a frame is seen, and its place said by the line and in words."""
        self.user.until(lambda: self.moment.number == number)
        self.user.until(lambda: f" {number + 1} of " in self.place and self.line.value() == number)

    def click_line(self, share: float) -> None:
        place = QPoint(round(share * (self.line.width() - 1)), self.line.height() // 2)
        QTest.mouseClick(self.line, LEFT, NO_KEYS, place)


@pytest.mark.display
def test_a_film_from_the_first_to_the_last_frame(open_window: OpenWindow, tmp_path: Path) -> None:
    path = write_film(tmp_path / "street.wmv", frames=60)
    wanted = in_order(path)
    user = open_window("--source", "pattern:step")
    film = Viewer(user)
    assert not film.strip.isVisible()
    user.drop_file(path)
    user.until(lambda: film.strip.isVisible() and film.moment.number > 2)
    assert user.window.settings.recent_files() == [str(path)]

    # Space and the buttons hold and step it; of a burst of keys none is lost.
    user.key(Qt.Key.Key_Space)
    assert not film.is_playing
    film.click_line(0.5)
    user.until(lambda: 25 <= film.moment.number <= 35)
    start = film.moment.number
    film.until_at(start)
    for _ in range(4):
        user.key(Qt.Key.Key_Comma)
    film.until_at(start - 4)
    for _ in range(3):
        user.key(Qt.Key.Key_Period)
    film.until_at(start - 1)
    user.press("film_back_button")
    film.until_at(start - 2)
    user.press("film_step_button")
    film.until_at(start - 1)
    assert brightness(user.shown.job.frame.pixels) == pytest.approx(wanted[start - 1], abs=0.01)

    # The line is gone along with the keyboard, and dragged.
    film.line.setFocus()
    user.key(Qt.Key.Key_End)
    film.until_at(59)
    assert film.place == "0:02.3 of 0:02.4, frame 60 of 60"
    user.key(Qt.Key.Key_Home)
    film.until_at(0)
    user.key(Qt.Key.Key_Right)
    film.until_at(1)
    middle = QPoint(film.line.width() // 2, film.line.height() // 2)
    QTest.mousePress(film.line, LEFT, NO_KEYS, middle)
    for moved in range(0, 60, 6):
        QTest.mouseMove(film.line, middle + QPoint(moved, 0))
    QTest.mouseRelease(film.line, LEFT, NO_KEYS, middle + QPoint(60, 0))
    film.until_at(film.line.value())
    assert film.moment.number > 30

    # It plays on, as fast as is wanted, and stops at its end without the loop.
    user.choose("film_speed_combo", "every frame")
    assert user.document.playback.speed is Speed.EVERY
    with recording() as recorder:
        for size in ((800, 600), (1440, 900)):
            user.window.resize(*size)
            QApplication.processEvents()
            assert faults(user.window, recorder) == []
    user.tick("film_loop_check")
    dropped = user.window.pump.frames_dropped
    user.press("film_play_button")
    user.until(lambda: not film.is_playing)
    film.until_at(59)
    assert user.window.pump.frames_dropped == dropped, "every frame was painted"
    user.undo()
    user.undo()
    assert (user.document.playback.loop, user.document.playback.speed) == (True, Speed.NORMAL)
    user.redo()
    user.redo()
    user.key(Qt.Key.Key_Space)
    user.until(lambda: film.is_playing)
    user.until(lambda: 0 < film.moment.number < 58)
    user.key(Qt.Key.Key_Space)

    # Its process dies: that is said, and the next place that is gone to brings it back.
    child = next(each for each in multiprocessing.active_children() if each.name == "capture")
    child.kill()
    film.click_line(0.9)
    user.until(lambda: "stopped answering" in user.message)
    film.click_line(0.6)
    user.until(lambda: user.message == "" and 30 < film.moment.number < 40)

    # Where it stands, how it plays: a project keeps it. In labs without a picture no strip is seen.
    film.click_line(0.25)
    user.until(lambda: film.moment.number < 20)
    place = film.moment.number
    user.window.projects.save_to(tmp_path / "mine.convlab")
    user.until(lambda: user.window.projects.path is not None)
    user.window.go_to(Lab.SIGNAL)
    assert not film.strip.isVisible()
    user.window.go_to(Lab.KERNEL)
    user.choose("source_combo", "Step, 6×6")
    user.until(lambda: user.shape == (6, 6) and not film.strip.isVisible())
    user.drop_file(tmp_path / "mine.convlab")
    user.until(lambda: film.strip.isVisible())
    user.until(lambda: film.moment.number >= place)
    assert film.moment.number < 40, "it did not begin at the beginning and play up to here"
    assert user.document.playback.loop is False


@pytest.mark.display
def test_pages_are_turned_and_an_animation_plays(open_window: OpenWindow, tmp_path: Path) -> None:
    stack, turn = tmp_path / "stack.tif", tmp_path / "turn.gif"
    first, *others = (Image.new("L", (64, 48), 10 * number) for number in range(24))
    first.save(stack, save_all=True, append_images=others)
    first.save(turn, save_all=True, append_images=others, duration=20)
    user = open_window("--source", "pattern:torch")
    pages = Viewer(user)
    user.drop_file(stack)
    user.until(lambda: pages.strip.isVisible())
    user.until(lambda: not pages.is_playing)
    pages.until_at(0)
    assert pages.place == "page 1 of 24"
    back = user.find(QToolButton, "film_back_button")
    assert back.accessibleName() == "Previous page"
    user.key(Qt.Key.Key_Period)
    user.key(Qt.Key.Key_Period)
    pages.until_at(2)
    user.press("film_back_button")
    pages.until_at(1)
    user.key(Qt.Key.Key_Comma)
    user.key(Qt.Key.Key_Comma)
    pages.until_at(23)  # the loop leads round
    user.key(Qt.Key.Key_Comma)
    pages.until_at(22)
    assert user.shown.job.frame.pixels.flat[0] == 220

    user.window.projects.save_to(tmp_path / "page.convlab")
    user.until(lambda: user.window.projects.path is not None)
    stack.unlink()
    user.undo()  # what was paused for pages alone goes on
    user.until(lambda: pages.is_playing and not pages.strip.isVisible())
    user.drop_file(tmp_path / "page.convlab")
    user.until(lambda: pages.strip.isVisible())
    pages.until_at(22)
    assert not pages.is_playing
    assert not user.window.projects.is_unsaved

    user.drop_file(turn)
    user.until(lambda: pages.is_playing and pages.moment.noun == "frame")
    before = user.window.pump.frames_shown
    user.until(lambda: user.window.pump.frames_shown > before + 24)
    user.key(Qt.Key.Key_Space)
    assert not pages.is_playing
    assert pages.place.endswith(" of 24")
    assert user.find(QSlider, "film_time_line").accessibleName() == "Time line"


def test_a_cameras_picture_is_mirrored_and_undone(open_window: OpenWindow, tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    write_film(path)
    user = open_window("--source", f"camera:{path}")
    strip = user.find(QWidget, "source_strip")
    user.until(lambda: strip.isVisible() and user.shape == (48, 64, 3))
    assert not user.find(QWidget, "camera_size_combo").isVisible(), "a file has its own size"
    assert not user.find(QWidget, "film_time_line").isVisible()
    user.tick("camera_mirror_check")
    assert user.document.camera == CameraOptions(mirror=True)
    user.undo()
    assert user.document.camera == CameraOptions()
