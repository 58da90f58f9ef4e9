"""Any frame of a film by its number: held against the player's own decoding in order."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from convlab.engine.arrays import AnyArray
from convlab.engine.cv import cv2
from convlab.sources.film import Film, Shot
from convlab.sources.grabber import open_capture, open_packets
from convlab.sources.protocol import CaptureSpec
from tests.films import (
    FPS,
    FRAMES,
    KINDS,
    brightness,
    in_order,
    with_durations,
    with_stated_count,
    write_film,
)


@contextmanager
def film_of(path: Path, scanned: bool = True) -> Iterator[Film]:
    spec = CaptureSpec(str(path), live=False)
    film = Film(lambda: open_capture(spec), open_packets(spec) if scanned else None)
    film.scan(10.0)
    try:
        yield film
    finally:
        film.close()


def frame(film: Film, number: int) -> Shot:
    film.seek(number)
    shot = film.read()
    assert shot is not None
    return shot


def played(film: Film) -> list[Shot]:
    return list(iter(film.read, None))


@pytest.mark.parametrize("ending", KINDS)
def test_every_frame_of_every_kind_is_found_from_everywhere(ending: str, tmp_path: Path) -> None:
    path = write_film(tmp_path / f"film.{ending}")
    wanted = in_order(path)
    with film_of(path) as film:
        assert [(shot.number, brightness(shot.picture)) for shot in played(film)] == list(
            enumerate(wanted)
        )
        assert film.timeline.count == FRAMES
        assert film.timeline.duration == pytest.approx(FRAMES / FPS, abs=0.01)
        assert film.remark == ""
        numbers = [0, FRAMES - 1, *range(50, 38, -1), 3, 1, *random.Random(3).sample(range(60), 8)]
        for number in numbers:
            shot = frame(film, number)
            assert (shot.number, brightness(shot.picture)) == (number, wanted[number])
            assert shot.time == pytest.approx(number / FPS, abs=0.001)


def test_with_a_variable_rate_times_and_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = write_film(tmp_path / "phone.mp4")
    durations = [1 + (number * 7) % 5 for number in range(FRAMES)]
    with_durations(path, durations)
    starts = [0, *accumulate(durations)]
    wanted = in_order(path)
    with film_of(path) as film:
        assert film.timeline.count == FRAMES
        for number in (0, 5, 4, 38, 17, 59):
            shot = frame(film, number)
            assert (shot.number, brightness(shot.picture)) == (number, wanted[number])
            assert shot.time == pytest.approx(starts[number] / FPS, abs=0.001)


@pytest.mark.parametrize("stated", [0, 7, 5000])
def test_a_wrong_count_in_the_header_is_not_believed(stated: int, tmp_path: Path) -> None:
    path = write_film(tmp_path / "lying.avi")
    with_stated_count(path, stated)
    wanted = in_order(path)
    with film_of(path) as film:
        assert film.timeline.count == FRAMES
        shot = frame(film, FRAMES - 2)
        assert (shot.number, brightness(shot.picture)) == (FRAMES - 2, wanted[-2])
        assert frame(film, 10**6).number == FRAMES - 1


def test_a_film_whose_packets_are_not_looked_through_ends_where_it_ends(tmp_path: Path) -> None:
    path = write_film(tmp_path / "endless.mjpeg")
    with film_of(path, scanned=False) as film:
        assert film.timeline.count is None
        assert len(played(film)) == FRAMES
        assert film.timeline.count == FRAMES
        assert frame(film, 12).number == 12


def test_a_broken_tail_is_no_frame_and_is_said(tmp_path: Path) -> None:
    path = write_film(tmp_path / "torn.avi")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    wanted = in_order(path)
    assert 5 < len(wanted) < 40
    with film_of(path) as film:
        assert len(played(film)) == len(wanted)
        assert film.timeline.count == len(wanted)
        whole, there = FRAMES / FPS, len(wanted) / FPS
        assert film.remark == (
            f"ends after {there:.1f} s of {whole:.1f} s: the rest is missing or damaged."
        )


class Tape:
    """A stand-in for the player that meets no position: it lands late, or cannot seek at all."""

    opened = 0

    def __init__(self, misses_by: float | None) -> None:
        self._misses_by, self._at = misses_by, -1
        type(self).opened += 1

    def isOpened(self) -> bool:
        return True

    def grab(self) -> bool:
        self._at += 1
        return self._at < FRAMES

    def retrieve(self) -> tuple[bool, AnyArray]:
        return True, np.full((4, 4), self._at, np.uint8)

    def read(self) -> tuple[bool, AnyArray]:
        return (True, self.retrieve()[1]) if self.grab() else (False, np.empty(0, np.uint8))

    def get(self, name: int, /) -> float:
        values = {
            cv2.CAP_PROP_POS_MSEC: 1000.0 * self._at,
            cv2.CAP_PROP_FPS: 1.0,
            cv2.CAP_PROP_FRAME_COUNT: FRAMES,
        }
        return float(values.get(name, 4))

    def set(self, name: int, value: float, /) -> bool:
        assert name == cv2.CAP_PROP_POS_MSEC
        if self._misses_by is not None:
            self._at = max(-1, round(value / 1000.0 + self._misses_by) - 1)
        return self._misses_by is not None

    def release(self) -> None:
        pass


@pytest.mark.parametrize("misses_by", [0.0, 1.0, 3.0, 30.0, -5.0, None])
def test_a_position_that_is_missed_is_found_all_the_same(misses_by: float | None) -> None:
    make: Callable[[], Tape] = lambda: Tape(misses_by)  # noqa: E731
    film = Film(make, make())
    film.scan(10.0)
    for number in (59, 5, 58, 57, 56, 0, 30):
        shot = frame(film, number)
        assert (shot.number, int(shot.picture[0, 0]), shot.time) == (number, number, number)


def test_going_back_one_by_one_decodes_each_stretch_once() -> None:
    film = Film(lambda: Tape(None), Tape(None))
    film.scan(10.0)
    assert frame(film, 59).number == 59
    Tape.opened = 0
    for number in range(58, 39, -1):
        assert frame(film, number).number == number
    assert Tape.opened == 1, "the frames before one that was gone back to are kept"
